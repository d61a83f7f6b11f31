"""Who belongs to whom in a case file: what the clerk may enter, and what is refused."""

import pytest
from pydantic import ValidationError

from cloudcourt.domain.case import NewCase, PersonEntry
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side
from cloudcourt.domain.ties import Ties

pytestmark = pytest.mark.unit


def case(*people: tuple[Role, Ties]) -> NewCase:
    entries = tuple(PersonEntry(role=role, name=f"人{place}", ties=ties) for place, (role, ties) in enumerate(people))
    return NewCase(case_number="（2026）云0101民初1号", cause="民间借贷纠纷", people=entries)


NONE = Ties()


def test_sides_links_and_screens_are_kept() -> None:
    made = case(
        (Role.PLAINTIFF, Ties(screened_from=(3,))),
        (Role.REPRESENTATIVE, Ties(side=Side.A)),
        (Role.INTERPRETER, Ties(linked_to=0)),
        (Role.WITNESS, NONE),
    )
    assert made.people[2].ties.linked_to == 0


@pytest.mark.parametrize(
    ("people", "why"),
    [
        (((Role.PLAINTIFF, Ties(side=Side.B)),), "given a side"),
        (((Role.INTERPRETER, Ties(linked_to=1)),), "isn't in the list"),
        (((Role.INTERPRETER, Ties(linked_to=1)), (Role.JUDGE, NONE)), "linked to a party"),
        (((Role.CLERK, Ties(linked_to=1)), (Role.PLAINTIFF, NONE)), "linked to a party"),
        (((Role.PLAINTIFF, Ties(screened_from=(1,))), (Role.JUDGE, NONE)), "from the court"),
        (((Role.PLAINTIFF, Ties(screened_from=(0,))),), "isn't in the list"),
        (((Role.PLAINTIFF, Ties(screened_from=(1,))), (Role.INTERPRETER, Ties(linked_to=0))), "can't be screened"),
    ],
)
def test_ties_that_cant_be_kept_are_refused(people: tuple[tuple[Role, Ties], ...], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        case(*people)
