"""What every rule shares: who asks, what is known, and the checks against the tables of lawful moves."""

from datetime import datetime

from cloudcourt.domain import events as happened
from cloudcourt.domain.errors import NoSuchPerson, NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.hearing import (
    COURT_SITS,
    PARTICIPANT_MOVES,
    SESSION_MOVES,
    Hearing,
    Participant,
    ParticipantState,
    SessionState,
)
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Readiness
from cloudcourt.domain.rooms import Stay
from cloudcourt.domain.value import Value


class Asking(Value):
    """Who asks, and what was found out for the command before it is decided."""

    actor: ParticipantId | None
    """None for the court's own machinery."""
    now: datetime
    recorder: Readiness = Readiness(ready=False, reason="not_asked")
    code_matches: bool = False
    """The code that the command brings is the one that the clerk was shown."""


Events = tuple[happened.Event, ...]


def seat_of(hearing: Hearing, participant_id: ParticipantId) -> Participant:
    person = hearing.participants.get(participant_id)
    if person is None:
        raise NoSuchPerson
    return person


def asker(hearing: Hearing, asking: Asking) -> Participant:
    if asking.actor is None:
        raise NotAllowed
    return seat_of(hearing, asking.actor)


def check_move(hearing: Hearing, wanted: SessionState) -> None:
    if wanted not in SESSION_MOVES[hearing.session]:
        raise WrongState(now=hearing.session, wanted=wanted)


def check_sitting(hearing: Hearing) -> None:
    if hearing.session not in COURT_SITS:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)


def moved(
    person: Participant,
    to: ParticipantState,
    held: ParticipantState | None = None,
    reason: str = "",
    stay: Stay | None = None,
) -> happened.ParticipantMoved:
    if to not in PARTICIPANT_MOVES[person.state]:
        raise WrongParticipantState(person.id, person.state, to)
    return happened.ParticipantMoved(participant_id=person.id, to=to, held=held, reason=reason, stay=stay)
