"""The rules about log notes: who writes them, and when."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.errors import WrongState
from cloudcourt.domain.hearing import Hearing, SessionState
from cloudcourt.domain.log_note import AddNote, NoteAdded
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker
from cloudcourt.domain.value import Value


def add_note(hearing: Hearing, command: AddNote, asking: Asking) -> Events:
    if hearing.opened_at is None or hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    return (NoteAdded(participant_id=asker(hearing, asking).id, text=command.text),)


NEEDED: dict[type[Value], Permission] = {AddNote: Permission.WRITE_NOTES}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {AddNote: add_note}
