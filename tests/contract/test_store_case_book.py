"""Case files and the list of hearings."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from cloudcourt.domain.case import NewCase, PersonEntry
from cloudcourt.domain.errors import AlreadyExists, CourtError, NotFound
from cloudcourt.domain.events import HearingScheduled
from cloudcourt.domain.hearing import ParticipantState, SessionState
from cloudcourt.domain.ids import CaseId, HearingId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side
from cloudcourt.domain.ties import Ties
from cloudcourt.store.engine import open_engine
from cloudcourt.store.store import Store
from tests.bed.sittings import MORNING, PEOPLE, Sitting

pytestmark = pytest.mark.contract


def _new_case(case_number: str) -> NewCase:
    return NewCase(case_number=case_number, cause="买卖合同纠纷", people=PEOPLE)


async def test_a_case_file_reads_back_as_it_was_written(store: Store) -> None:
    first = await store.cases.add_case(_new_case("（2026）粤0192民初1号"), at=MORNING)
    second = await store.cases.add_case(_new_case("（2026）粤0192民初2号"), at=MORNING + timedelta(hours=1))

    assert await store.cases.case(first.id) == first
    assert first.people == PEOPLE
    assert first.created_at == MORNING
    assert await store.cases.cases() == (second, first)


async def test_a_case_number_is_given_once(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(store.cases.add_case(_new_case("one number"), at=MORNING) for _ in range(4)), return_exceptions=True
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, AlreadyExists)]
    assert len(refusals) == 3
    assert refusals[0].fields == {"what": "one number"}
    assert len(await store.cases.cases()) == 1


@pytest.mark.parametrize("no_id", ["c_nowhere", "", "c_\x00", "c_\ud800", "案", "'; DROP TABLE cases; --"])
async def test_what_is_not_in_the_book_is_not_found(store: Store, sitting: Sitting, no_id: str) -> None:
    with pytest.raises(NotFound):
        await store.cases.case(CaseId(no_id))
    with pytest.raises(NotFound):
        await store.cases.hearing(HearingId(no_id))
    assert len(await store.cases.cases()) == 1


async def test_a_hearing_seats_the_people_of_its_case(store: Store, sitting: Sitting) -> None:
    founded = sitting.founding.event
    assert isinstance(founded, HearingScheduled)
    assert [(person.role, person.name) for person in founded.people] == [(p.role, p.name) for p in PEOPLE]
    assert {person.state for person in founded.people} == {ParticipantState.INVITED}
    assert len({person.id for person in founded.people}) == len(PEOPLE)
    assert (founded.case_id, founded.case_number) == (sitting.case.id, sitting.case.case_number)
    assert (sitting.founding.seq, sitting.founding.actor) == (1, "staff:clerk")


async def test_identifiers_can_stand_in_a_path(store: Store, sitting: Sitting) -> None:
    ids = [sitting.case.id, sitting.hearing_id, *sitting.people.values()]
    assert [len(id_) for id_ in ids] == [18, 18, 10, 10, 10, 10]
    assert all(id_.replace("_", "").isalnum() and id_ == id_.lower() and id_.isascii() for id_ in ids)


async def test_the_list_shows_the_newest_schedule_first(store: Store, sitting: Sitting) -> None:
    schedule = [MORNING + timedelta(days=days) for days in (3, 1, 2)]
    for scheduled_at in schedule:
        await store.cases.add_hearing(sitting.case, scheduled_at, at=MORNING, actor="staff:clerk")

    listed = await store.cases.hearings()
    assert [summary.scheduled_at for summary in listed] == sorted([MORNING, *schedule], reverse=True)
    summary = await store.cases.hearing(sitting.hearing_id)
    assert summary == listed[-1]
    assert (summary.case_number, summary.cause) == (sitting.case.case_number, sitting.case.cause)
    assert summary.session is SessionState.SCHEDULED


async def test_a_hearing_needs_a_case_in_the_book(store: Store, sitting: Sitting) -> None:
    stranger = sitting.case.model_copy(update={"id": CaseId("c_stranger")})
    with pytest.raises(NotFound):
        await store.cases.add_hearing(stranger, MORNING, at=MORNING, actor="staff:clerk")
    assert len(await store.cases.hearings()) == 1


async def test_no_hearing_is_listed_without_its_first_event(store: Store, store_url: str, sitting: Sitting) -> None:
    engine = open_engine(store_url)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE events RENAME TO events_elsewhere"))
    await engine.dispose()
    with pytest.raises(Exception, match="events") as failure:
        await store.cases.add_hearing(sitting.case, MORNING, at=MORNING, actor="staff:clerk")
    assert not isinstance(failure.value, CourtError)
    assert len(await store.cases.hearings()) == 1


async def test_sides_links_and_screens_reach_the_seats(store: Store) -> None:
    people = (
        PersonEntry(role=Role.PLAINTIFF, name="李秀英", ties=Ties(screened_from=(3,))),
        PersonEntry(role=Role.REPRESENTATIVE, name="何律师", ties=Ties(side=Side.A)),
        PersonEntry(role=Role.INTERPRETER, name="阿依古丽", ties=Ties(linked_to=0)),
        PersonEntry(role=Role.DEFENDANT, name="王建国"),
    )
    new_case = NewCase(case_number="（2026）粤0192民初88号", cause="民间借贷纠纷", people=people)
    case = await store.cases.case((await store.cases.add_case(new_case, at=MORNING)).id)
    assert case.people == people
    (founding,) = await store.cases.add_hearing(case, MORNING, at=MORNING, actor="staff:clerk")
    assert isinstance(founding.event, HearingScheduled)
    plaintiff, lawyer, interpreter, defendant = founding.event.people
    assert (lawyer.side, interpreter.linked_to) == (Side.A, plaintiff.id)
    assert plaintiff.screened_from == (defendant.id,)
