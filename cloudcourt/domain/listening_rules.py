"""Who takes part by sound only: whoever chooses to, at any time and for themselves alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.listening import ListeningChanged, ListenOnly
from cloudcourt.domain.people_changes import person_change
from cloudcourt.domain.ruling import Asking, Events, asker
from cloudcourt.domain.value import Value


def listen_only(hearing: Hearing, command: ListenOnly, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if person.sound_only is command.sound_only:
        return ()
    return (ListeningChanged(participant_id=person.id, sound_only=command.sound_only),)


def _changed(hearing: Hearing, event: ListeningChanged, at: datetime) -> dict[str, Any]:
    return person_change(hearing, event.participant_id, sound_only=event.sound_only)


RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {ListenOnly: listen_only}

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {ListeningChanged: _changed}
