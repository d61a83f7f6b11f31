"""Who belongs to whom among a case's people: whose side, who is bound to whom, and who must never meet."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Protocol

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side, Sided, group_of
from cloudcourt.domain.value import Value

Place = Annotated[int, Field(ge=0, le=63)]
"""A person's place in the case's list, from 0."""

_COMPANIONS = frozenset({Role.INTERPRETER, Role.OBSERVER})
_ACCOMPANIED = frozenset({Role.PLAINTIFF, Role.DEFENDANT, Role.REPRESENTATIVE, Role.WITNESS})
_COURTS_OWN = frozenset({Role.JUDGE, Role.BENCH_MEMBER, Role.CLERK})


class Ties(Value):
    """One person's, as the clerk enters them."""

    side: Side | None = None
    """Of a representative: whose."""
    linked_to: Place | None = None
    """Of an interpreter, or of an observer who supports somebody: for whom. The two move together."""
    screened_from: Annotated[tuple[Place, ...], Field(max_length=12)] = ()
    """Whom the person must never meet, hear or see; it holds both ways."""


class Tied(Protocol):
    @property
    def role(self) -> Role: ...
    @property
    def ties(self) -> Ties: ...


class Seated(Sided, Protocol):
    """What of a participant their ties are."""

    @property
    def screened_from(self) -> tuple[ParticipantId, ...]: ...


def check_ties(people: Sequence[Tied]) -> None:
    """Raises ValueError for ties that can't be kept."""
    for place, person in enumerate(people):
        ties = person.ties
        if ties.side is not None and person.role is not Role.REPRESENTATIVE:
            raise ValueError("only a representative is given a side")
        if ties.linked_to is not None:
            _check_link(people, place, ties.linked_to)
        for other in ties.screened_from:
            if other >= len(people) or other == place:
                raise ValueError("somebody is screened from a person who isn't in the list")
            if {person.role, people[other].role} & _COURTS_OWN:
                raise ValueError("nobody is screened from the court")
            if ties.linked_to == other or people[other].ties.linked_to == place:
                raise ValueError("linked people can't be screened from each other")


def _check_link(people: Sequence[Tied], place: int, to: int) -> None:
    if to >= len(people) or to == place:
        raise ValueError("somebody is linked to a person who isn't in the list")
    if people[place].role not in _COMPANIONS or people[to].role not in _ACCOMPANIED:
        raise ValueError("an interpreter or a supporter is linked to a party, a representative or a witness")


def check_tied(people: Mapping[ParticipantId, Seated], person: Seated) -> None:
    """The same for one person of a hearing, already among `people`. Raises ValueError."""
    if person.side is not None and person.role is not Role.REPRESENTATIVE:
        raise ValueError("only a representative is given a side")
    if person.linked_to is not None:
        linked = people.get(person.linked_to)
        if linked is None or linked.id == person.id:
            raise ValueError("somebody is linked to a person who isn't in the hearing")
        if person.role not in _COMPANIONS or linked.role not in _ACCOMPANIED:
            raise ValueError("an interpreter or a supporter is linked to a party, a representative or a witness")
    for other in person.screened_from:
        check_apart(people, person.id, other)


def check_apart(people: Mapping[ParticipantId, Seated], one: ParticipantId, other: ParticipantId) -> None:
    """Whether the court may keep these two apart at all. Raises ValueError."""
    if one not in people or other not in people or one == other:
        raise ValueError("somebody is screened from a person who isn't in the hearing")
    if {people[one].role, people[other].role} & _COURTS_OWN:
        raise ValueError("nobody is screened from the court")
    if other in group_of(people, one):
        raise ValueError("linked people can't be screened from each other")
