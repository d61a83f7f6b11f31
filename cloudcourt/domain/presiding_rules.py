"""The rules about presiding: handed over within the panel, or taken up when the presiding judge is lost."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.order_errors import PresidingPresent
from cloudcourt.domain.panel import can_preside, presides, presiding_is_lost
from cloudcourt.domain.presiding import HandOverPresiding, PresidingChanged, TakePresiding
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker, seat_of
from cloudcourt.domain.value import Value


def hand_over(hearing: Hearing, command: HandOverPresiding, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if not can_preside(person):
        raise NotAllowed
    return _changed(hearing, person)


def take(hearing: Hearing, command: TakePresiding, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if not can_preside(person):
        raise NotAllowed
    if not presides(hearing, person) and not presiding_is_lost(hearing):
        raise PresidingPresent
    return _changed(hearing, person)


def _changed(hearing: Hearing, person: Participant) -> Events:
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    if presides(hearing, person):
        return ()
    if person.state is not ParticipantState.IN_COURT:
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    return (PresidingChanged(participant_id=person.id),)


NEEDED: dict[type[Value], Permission] = {HandOverPresiding: Permission.START}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    HandOverPresiding: hand_over,
    TakePresiding: take,
}
