"""The rules of seating: who may add people to a hearing, or put one in another's place, and what ties they may have."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cloudcourt.domain.errors import InvalidInput, NotAllowed, WrongState
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.order_errors import ReasonNeeded
from cloudcourt.domain.panel import may_now, presides, presiding_id
from cloudcourt.domain.presiding import PresidingChanged
from cloudcourt.domain.roles import MAY_PRESIDE, Permission, Role
from cloudcourt.domain.room_errors import TooManyPeople
from cloudcourt.domain.ruling import Asking, Events, moved, seat_of
from cloudcourt.domain.seating import PEOPLE_LIMIT, SEATS_LIMIT, PersonSeated, SeatPerson
from cloudcourt.domain.ties import check_tied
from cloudcourt.domain.value import Value


def seat_person(hearing: Hearing, command: SeatPerson, asking: Asking) -> Events:
    """Seat them; whoever they replace is removed with the same stroke, and presiding goes over."""
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    new = command.person
    replaced = None if new.replaces is None else seat_of(hearing, new.replaces)
    _check_right(hearing, command, replaced)
    _check_room(hearing, replaced)
    person = _seated(hearing, command, replaced)
    seated = PersonSeated(
        participant_id=person.id, person=person, replaces=new.replaces, by=command.by, reason=new.reason
    )
    return (seated, *_presiding(hearing, person, replaced), *_replaced(replaced, new.reason))


def _check_right(hearing: Hearing, command: SeatPerson, replaced: Participant | None) -> None:
    if hearing.opened_at and replaced is not None and not command.person.reason:
        raise ReasonNeeded
    if command.by_seat is None:
        return
    by = seat_of(hearing, command.by_seat)
    if by.state is ParticipantState.REMOVED or not may_now(hearing, by, Permission.CHANGE_PEOPLE):
        raise NotAllowed
    if replaced is not None and (replaced.id == by.id or presides(hearing, replaced)):
        raise NotAllowed  # as with a removal: the desk alone changes who presides, over everyone's head


def _check_room(hearing: Hearing, replaced: Participant | None) -> None:
    here = [p for p in hearing.seating if p.state is not ParticipantState.REMOVED and p != replaced]
    if len(here) >= PEOPLE_LIMIT or len(hearing.participants) >= SEATS_LIMIT:
        raise TooManyPeople


def _seated(hearing: Hearing, command: SeatPerson, replaced: Participant | None) -> Participant:
    new, ties = command.person, replaced or command.person
    if command.participant_id in hearing.participants:
        raise InvalidInput(where="participant_id", why="taken")
    if replaced is not None and (replaced.role is not new.role or replaced.state is ParticipantState.REMOVED):
        raise InvalidInput(where="replaces", why="somebody of the same role who has not been removed")
    person = Participant(
        id=command.participant_id,
        role=new.role,
        name=new.name,
        side=ties.side,
        linked_to=ties.linked_to,
        screened_from=ties.screened_from if replaced is None else _kept_from(hearing.participants, replaced.id),
    )
    try:
        check_tied({**hearing.participants, person.id: person}, person)
    except ValueError as problem:
        raise InvalidInput(where="ties", why=str(problem)) from None
    return person


def _kept_from(people: Mapping[ParticipantId, Participant], replaced: ParticipantId) -> tuple[ParticipantId, ...]:
    """From whom the replaced person was kept apart, whichever of the two it stood with."""
    own = people[replaced].screened_from
    return tuple(p.id for p in people.values() if p.id in own or replaced in p.screened_from)


def _presiding(hearing: Hearing, person: Participant, replaced: Participant | None) -> Events:
    """A new judge beside the old one sits as a member of the panel until the hearing is handed over."""
    if replaced is not None and presides(hearing, replaced):
        return (PresidingChanged(participant_id=person.id),) if person.role in MAY_PRESIDE else ()
    presiding = presiding_id(hearing)
    if person.role is not Role.JUDGE or hearing.presiding == presiding:
        return ()
    return () if presiding is None else (PresidingChanged(participant_id=presiding),)


def _replaced(replaced: Participant | None, reason: str) -> Events:
    return () if replaced is None else (moved(replaced, ParticipantState.REMOVED, reason=reason),)


def _taken(hearing: Hearing, event: PersonSeated, at: datetime) -> dict[str, Any]:
    return {"participants": {**hearing.participants, event.person.id: event.person}}


NEEDED: dict[type[Value], Permission] = {}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {SeatPerson: seat_person}

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {PersonSeated: _taken}
