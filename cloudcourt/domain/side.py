"""The sides of a case: whose people a person belongs to, and who is bound to whom. Values and arithmetic only."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role


class Side(StrEnum):
    A = "a"  # the plaintiff's
    B = "b"  # the defendant's


SIDE_OF_ROLE: dict[Role, Side] = {Role.PLAINTIFF: Side.A, Role.DEFENDANT: Side.B}
"""Where the case file says nothing else."""


class Sided(Protocol):
    """What of a participant says where they belong."""

    @property
    def id(self) -> ParticipantId: ...
    @property
    def role(self) -> Role: ...
    @property
    def side(self) -> Side | None: ...
    @property
    def linked_to(self) -> ParticipantId | None: ...


def group_of(people: Mapping[ParticipantId, Sided], participant_id: ParticipantId) -> frozenset[ParticipantId]:
    """A person and everyone linked to them, over any number of links."""
    found: set[ParticipantId] = set()
    new = {participant_id}
    while new:
        found |= new
        new = {p.id for p in people.values() if p.linked_to in found} | {
            link for known in found if (link := people[known].linked_to) is not None and link in people
        }
        new -= found
    return frozenset(found)


def side_of(people: Mapping[ParticipantId, Sided], participant_id: ParticipantId) -> Side | None:
    """A person's own side, or that of those they are linked to; None for the court's people and for witnesses."""
    for member in (participant_id, *sorted(group_of(people, participant_id) - {participant_id})):
        person = people[member]
        if (side := person.side or SIDE_OF_ROLE.get(person.role)) is not None:
            return side
    return None
