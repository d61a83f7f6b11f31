"""Witness isolation (OLR 26): calling, answering, dismissing, and what the court states of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.isolation import AnswerCall, CallWitness, DismissWitness, IsolationStated, StateIsolation
from cloudcourt.domain.linked_rules import place_of, placed
from cloudcourt.domain.people_changes import person_change
from cloudcourt.domain.roles import Permission, Role
from cloudcourt.domain.ruling import Asking, Events, asker, moved, seat_of
from cloudcourt.domain.value import Value

_P = ParticipantState


def call_witness(hearing: Hearing, command: CallWitness, asking: Asking) -> Events:
    if hearing.session is not SessionState.IN_SESSION:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    person = _witness(hearing, command.participant_id)
    if person.state in (_P.CALLED, _P.IN_COURT):
        return ()
    return (moved(person, _P.CALLED),)


def answer_call(hearing: Hearing, command: AnswerCall, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if person.state is not _P.CALLED:
        raise WrongParticipantState(person.id, person.state, _P.IN_COURT)
    if hearing.session is not SessionState.IN_SESSION:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    return (moved(person, _P.IN_COURT),)


def dismiss_witness(hearing: Hearing, command: DismissWitness, asking: Asking) -> Events:
    person = _witness(hearing, command.participant_id)
    if place_of(person) is _P.READY_IN_LOBBY:
        return ()
    if place_of(person) not in (_P.CALLED, _P.IN_COURT):
        raise WrongParticipantState(person.id, person.state, _P.READY_IN_LOBBY)
    return (placed(person, _P.READY_IN_LOBBY),)


def state_isolation(hearing: Hearing, command: StateIsolation, asking: Asking) -> Events:
    _witness(hearing, command.participant_id)
    return (IsolationStated(**command.model_dump(exclude={"kind"})),)


def _witness(hearing: Hearing, participant_id: ParticipantId) -> Participant:
    person = seat_of(hearing, participant_id)
    if person.role is not Role.WITNESS:
        raise NotAllowed
    return person


def _stated(hearing: Hearing, event: IsolationStated, at: datetime) -> dict[str, Any]:
    """The stretch that was stated is over; where the person is still kept out, the next one begins where it ended."""
    person = hearing.participants[event.participant_id]
    return person_change(
        hearing, person.id, isolated_since=event.ended_at if person.is_isolated and not hearing.is_over else None
    )


NEEDED: dict[type[Value], Permission] = {
    CallWitness: Permission.ADMIT,
    DismissWitness: Permission.ADMIT,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    CallWitness: call_witness,
    AnswerCall: answer_call,
    DismissWitness: dismiss_witness,
    StateIsolation: state_isolation,
}

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {IsolationStated: _stated}
