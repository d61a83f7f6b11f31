"""Seating people while a hearing is scheduled or runs: someone new, or someone in another's place. Values only."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from cloudcourt.domain.case import PersonName
from cloudcourt.domain.hearing import Participant
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side
from cloudcourt.domain.value import Value

PEOPLE_LIMIT = 12
"""As many as a case file holds; whoever was removed doesn't count."""

SEATS_LIMIT = 24
"""All who ever had a seat: each is a pair of lines in everybody's media connection."""

PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]
Reason = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class NewPerson(Value):
    """What clerk or judge says of a person who joins a hearing that is already scheduled."""

    role: Role
    name: PersonName
    side: Side | None = None
    """Of a representative: whose."""
    linked_to: PersonRef | None = None
    """Of an interpreter or a supporter: for whom. The two move together."""
    screened_from: Annotated[tuple[PersonRef, ...], Field(max_length=12)] = ()
    replaces: PersonRef | None = None
    """Whose place they take: the same role and ties; that person is out of the hearing at once."""
    reason: Reason = ""

    @model_validator(mode="after")
    def _takes_ties_over(self) -> Self:
        if self.replaces is not None and (self.side, self.linked_to, self.screened_from) != (None, None, ()):
            raise ValueError("who takes another's place takes over their ties")
        return self


class SeatPerson(Value):
    """System: seat somebody new, by whom the door has let in as the court's own."""

    kind: Literal["seat_person"] = "seat_person"
    participant_id: PersonRef
    """The new seat's."""
    person: NewPerson
    by: Annotated[str, Field(max_length=80)]
    """`staff:NAME` or `participant:ID`."""
    by_seat: ParticipantId | None = None
    """Whose permissions count, where it is a person of the hearing."""


class PersonSeated(Value):
    """A person has a seat from here on, as if they had stood in the case file."""

    kind: Literal["person_seated"] = "person_seated"
    participant_id: ParticipantId
    person: Participant
    replaces: ParticipantId | None = None
    by: str
    reason: str = ""
