"""The rules about faults of the record: who states them, and what the recorder itself has noted."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.commands import StateFault
from cloudcourt.domain.errors import WrongState
from cloudcourt.domain.events import FaultStated
from cloudcourt.domain.hearing import GapReason, Hearing, SessionState
from cloudcourt.domain.kept_pictures import NotePictures, PicturesGivenUp, PicturesKeptAgain
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events
from cloudcourt.domain.value import Value


def state_fault(hearing: Hearing, command: StateFault, asking: Asking) -> Events:
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    if not any(gap.reason is GapReason.FAULT for gap in hearing.gaps):  # there is nothing to explain
        return ()
    return (FaultStated(text=command.text),)


def note_pictures(hearing: Hearing, command: NotePictures, asking: Asking) -> Events:
    if hearing.is_over or command.are_kept is hearing.keeps_pictures:
        return ()
    return (PicturesKeptAgain(),) if command.are_kept else (PicturesGivenUp(),)


NEEDED: dict[type[Value], Permission] = {StateFault: Permission.CLOSE}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    StateFault: state_fault,
    NotePictures: note_pictures,
}
