"""A case and its people, as the clerk enters them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from cloudcourt.domain.hearing import SessionState
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.ties import Ties, check_ties
from cloudcourt.domain.value import Value

_UNSEEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def printable(text: str) -> str:
    """Refuse control and direction-changing characters: a name must look like what it is."""
    if any(ord(c) < 0x20 or ord(c) == 0x7F or c in _UNSEEN for c in text):
        raise ValueError("contains characters that can't be seen")
    return text


PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), AfterValidator(printable)
]
CaseNumber = Annotated[
    str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), AfterValidator(printable)
]
Cause = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), AfterValidator(printable)]


class PersonEntry(Value):
    """One line of the clerk's list of people."""

    role: Role
    name: PersonName
    ties: Ties = Ties()


class NewCase(Value):
    """What the clerk fills in to open a case file."""

    case_number: CaseNumber
    cause: Cause
    people: Annotated[tuple[PersonEntry, ...], Field(min_length=1, max_length=12)]
    is_public: bool = True
    """Cases are heard in public, but for state secrets, privacy and what else the law names (CPL 137)."""

    @model_validator(mode="after")
    def _has_sound_ties(self) -> Self:
        check_ties(self.people)
        return self


class Case(Value):
    """A case file. `people` are copied into each hearing when it is scheduled."""

    id: CaseId
    case_number: str
    cause: str
    people: tuple[PersonEntry, ...]
    is_public: bool
    created_at: datetime


class HearingSummary(Value):
    """One row of the clerk's list."""

    id: HearingId
    case_id: CaseId
    case_number: str
    cause: str
    scheduled_at: datetime
    session: SessionState


class SeatTicket(Value):
    """Who a verified token stands for. The only source of a role at any door."""

    hearing_id: HearingId
    participant_id: ParticipantId
    role: Role
    name: str
