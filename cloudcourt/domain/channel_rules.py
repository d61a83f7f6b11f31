"""Who chooses an interpreter's channel, and who speaks into one; and what becomes of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.channel import ChannelChosen, ChooseChannel, Interpret, InterpretingChanged
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.people_changes import person_change
from cloudcourt.domain.roles import Permission, Role
from cloudcourt.domain.ruling import Asking, Events, asker, seat_of
from cloudcourt.domain.value import Value


def choose_channel(hearing: Hearing, command: ChooseChannel, asking: Asking) -> Events:
    person = asker(hearing, asking)
    chosen = command.interpreter_id
    if chosen is not None and (chosen == person.id or seat_of(hearing, chosen).role is not Role.INTERPRETER):
        raise NotAllowed
    if chosen == person.listens_to:
        return ()
    return (ChannelChosen(participant_id=person.id, interpreter_id=chosen),)


def interpret(hearing: Hearing, command: Interpret, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if person.role is not Role.INTERPRETER:
        raise NotAllowed
    if person.speaks_to_channel is command.to_channel:
        return ()
    return (InterpretingChanged(participant_id=person.id, to_channel=command.to_channel),)


def _chosen(hearing: Hearing, event: ChannelChosen, at: datetime) -> dict[str, Any]:
    return person_change(hearing, event.participant_id, listens_to=event.interpreter_id)


def _interpreting(hearing: Hearing, event: InterpretingChanged, at: datetime) -> dict[str, Any]:
    return person_change(hearing, event.participant_id, speaks_to_channel=event.to_channel)


NEEDED: dict[type[Value], Permission] = {Interpret: Permission.SPEAK}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    ChooseChannel: choose_channel,
    Interpret: interpret,
}

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {
    ChannelChosen: _chosen,
    InterpretingChanged: _interpreting,
}
