"""The door of the courtroom: what a person still lacks before they may pass it."""

from collections.abc import Iterable

from cloudcourt.domain.check_in import (
    IDENTITY_CHECKED,
    NOT_CHECKED_IN,
    CheckIn,
    CheckInKind,
    IdentityState,
    Lack,
)
from cloudcourt.domain.errors import CheckInIncomplete
from cloudcourt.domain.events import Event, ParticipantMoved
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.roles import Permission, may


def check_in_of(hearing: Hearing, person: Participant) -> CheckIn:
    """What the person has done at the door so far."""
    return hearing.check_ins.get(person.id, NOT_CHECKED_IN)


def must_check_in(hearing: Hearing, person: Participant) -> bool:
    """Everyone goes through the full check-in where it is held, but for the court's own people."""
    return hearing.check_in is CheckInKind.FULL and not may(person.role, Permission.ENTER_COURT_UNCALLED)


def lacks(hearing: Hearing, person: Participant) -> tuple[Lack, ...]:
    """What keeps this person out of the courtroom; empty when nothing does (OLR 7, 24)."""
    if not must_check_in(hearing, person):
        return ()
    done = check_in_of(hearing, person)
    missing = {
        Lack.IDENTITY: person.role in IDENTITY_CHECKED and done.identity.state is not IdentityState.ACCEPTED,
        Lack.DECLARATION: done.declaration is None,
        Lack.PARKED: done.place is not None and done.place.driving,
    }
    return tuple(lack for lack, is_missing in missing.items() if is_missing)


def check_may_enter(hearing: Hearing, person: Participant) -> None:
    """Raises CheckInIncomplete for someone who may not come into court yet."""
    missing = lacks(hearing, person)
    if missing:
        raise CheckInIncomplete(person.id, missing[0])


_COURT = frozenset({ParticipantState.IN_COURT, ParticipantState.CALLED})


def check_entries(hearing: Hearing, events: Iterable[Event]) -> None:
    """Whatever was decided, whoever comes along with whom: nobody comes into court, or is called, who may not yet.

    A seat that was held in court is no entry. Raises CheckInIncomplete.
    """
    for event in events:
        if isinstance(event, ParticipantMoved) and {event.to, event.held} & _COURT:
            person = hearing.participants[event.participant_id]
            if not {person.state, person.held} & _COURT:
                check_may_enter(hearing, person)
