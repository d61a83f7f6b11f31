"""Join links: who may take which seat, until when, and never once it is over."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from cloudcourt.domain.errors import LinkNotValid, NoSuchPerson
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.store.engine import open_engine
from cloudcourt.store.store import Store
from tests.bed.sittings import MORNING, Sitting, schedule

pytestmark = pytest.mark.contract

EVENING = MORNING + timedelta(hours=10)
INSTANT = timedelta(microseconds=1)


async def _link(store: Store, sitting: Sitting, role: Role) -> str:
    return await store.links.issue(sitting.hearing_id, sitting.people[role], expires_at=EVENING)


async def _is_valid(store: Store, token: str) -> bool:
    try:
        await store.links.verify(token, now=MORNING)
    except LinkNotValid:
        return False
    return True


async def test_a_link_becomes_a_seat(store: Store, sitting: Sitting) -> None:
    link = await _link(store, sitting, Role.WITNESS)
    seat, ticket = await store.links.exchange(link, now=MORNING)

    assert (ticket.hearing_id, ticket.participant_id) == (sitting.hearing_id, sitting.people[Role.WITNESS])
    assert (ticket.role, ticket.name) == (Role.WITNESS, "Wu Zheng")
    assert await store.links.verify(seat, now=MORNING) == ticket
    assert await store.links.verify(link, now=MORNING) == ticket
    assert seat != link
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in (seat, link))


async def test_a_link_serves_two_devices(store: Store, sitting: Sitting) -> None:
    link = await _link(store, sitting, Role.JUDGE)
    phone, _ = await store.links.exchange(link, now=MORNING)
    desk, _ = await store.links.exchange(link, now=MORNING)
    assert phone != desk
    assert await _is_valid(store, phone)
    assert await _is_valid(store, desk)


async def test_a_seat_token_is_not_a_link(store: Store, sitting: Sitting) -> None:
    seat, _ = await store.links.exchange(await _link(store, sitting, Role.JUDGE), now=MORNING)
    with pytest.raises(LinkNotValid):
        await store.links.exchange(seat, now=MORNING)


async def test_a_link_and_its_seat_end_with_the_minute(store: Store, sitting: Sitting) -> None:
    link = await _link(store, sitting, Role.CLERK)
    seat, _ = await store.links.exchange(link, now=EVENING - INSTANT)
    for token in (link, seat):
        assert await store.links.verify(token, now=EVENING - INSTANT)
        with pytest.raises(LinkNotValid):
            await store.links.verify(token, now=EVENING)
    with pytest.raises(LinkNotValid):
        await store.links.exchange(link, now=EVENING)


async def test_a_seat_token_lives_a_day_where_its_link_lives_longer(store: Store, sitting: Sitting) -> None:
    month_end = MORNING + timedelta(days=30)
    link = await store.links.issue(sitting.hearing_id, sitting.people[Role.CLERK], expires_at=month_end)
    seat, _ = await store.links.exchange(link, now=MORNING)
    next_day = MORNING + timedelta(hours=24)
    assert await store.links.verify(seat, now=next_day - INSTANT)
    with pytest.raises(LinkNotValid):
        await store.links.verify(seat, now=next_day)
    again, _ = await store.links.exchange(link, now=next_day)
    assert await store.links.verify(again, now=next_day)


async def test_a_new_link_ends_the_old_one_and_its_seats_but_nobody_elses(store: Store, sitting: Sitting) -> None:
    others = await _link(store, sitting, Role.JUDGE)
    old = await _link(store, sitting, Role.PLAINTIFF)
    old_seat, _ = await store.links.exchange(old, now=MORNING)
    new = await _link(store, sitting, Role.PLAINTIFF)

    assert [await _is_valid(store, token) for token in (others, old, old_seat, new)] == [True, False, False, True]
    with pytest.raises(LinkNotValid):
        await store.links.exchange(old, now=MORNING)


async def test_revoking_ends_a_person_in_that_hearing_only(store: Store, sitting: Sitting) -> None:
    elsewhere = await schedule(store, "another case")
    kept = await _link(store, elsewhere, Role.PLAINTIFF)
    link = await _link(store, sitting, Role.PLAINTIFF)
    seat, _ = await store.links.exchange(link, now=MORNING)
    await store.links.revoke(sitting.hearing_id, sitting.people[Role.PLAINTIFF])
    await store.links.revoke(sitting.hearing_id, sitting.people[Role.PLAINTIFF])

    assert [await _is_valid(store, token) for token in (kept, link, seat)] == [True, False, False]
    assert await _is_valid(store, await _link(store, sitting, Role.PLAINTIFF))


async def test_unknown_expired_and_revoked_look_the_same(store: Store, sitting: Sitting) -> None:
    revoked = await _link(store, sitting, Role.JUDGE)
    await store.links.revoke(sitting.hearing_id, sitting.people[Role.JUDGE])
    expired = await store.links.issue(sitting.hearing_id, sitting.people[Role.CLERK], expires_at=MORNING)
    answers = set()
    for token in (revoked, expired, "A" * 22, "", "\x00", "\ud800", "庭" * 10_000):
        for asked in (store.links.verify, store.links.exchange):
            with pytest.raises(LinkNotValid) as refusal:
                await asked(token, now=MORNING)
            answers.add((str(refusal.value), tuple(refusal.value.fields)))
    assert len(answers) == 1


@pytest.mark.parametrize("no_id", ["p_nobody", "", "p_\x00", "\ud800"])
async def test_nobody_has_no_link(store: Store, sitting: Sitting, no_id: str) -> None:
    judge = sitting.people[Role.JUDGE]
    for hearing_id, person in ((sitting.hearing_id, ParticipantId(no_id)), (HearingId(no_id), judge)):
        with pytest.raises(NoSuchPerson):
            await store.links.issue(hearing_id, person, expires_at=EVENING)
        with pytest.raises(NoSuchPerson):
            await store.links.revoke(hearing_id, person)


async def test_of_links_issued_at_once_one_lives(store: Store, sitting: Sitting) -> None:
    links = await asyncio.gather(*(_link(store, sitting, Role.JUDGE) for _ in range(8)))
    assert [await _is_valid(store, link) for link in links].count(True) == 1


async def test_a_revocation_misses_no_seat_that_is_just_being_taken(store: Store, sitting: Sitting) -> None:
    for _ in range(10):
        link = await _link(store, sitting, Role.JUDGE)
        *taken, _ = await asyncio.gather(
            *(store.links.exchange(link, now=MORNING) for _ in range(3)),
            store.links.revoke(sitting.hearing_id, sitting.people[Role.JUDGE]),
            return_exceptions=True,
        )
        for outcome in taken:
            if isinstance(outcome, tuple):
                assert not await _is_valid(store, outcome[0])
            else:
                assert isinstance(outcome, LinkNotValid)


async def test_no_token_stands_in_the_database(store: Store, store_url: str, sitting: Sitting) -> None:
    link = await _link(store, sitting, Role.JUDGE)
    seat, _ = await store.links.exchange(link, now=MORNING)
    engine = open_engine(store_url)
    async with engine.connect() as connection:
        links = (await connection.execute(text("SELECT * FROM join_links"))).all()
        seats = (await connection.execute(text("SELECT * FROM seat_tokens"))).all()
    await engine.dispose()
    assert (len(links), len(seats)) == (1, 1)
    kept = repr([*links, *seats])
    assert link not in kept
    assert seat not in kept


async def test_expired_seat_tokens_are_swept_out(store: Store, store_url: str, sitting: Sitting) -> None:
    month_end = MORNING + timedelta(days=30)
    link = await store.links.issue(sitting.hearing_id, sitting.people[Role.CLERK], expires_at=month_end)
    for days in range(5):
        await store.links.exchange(link, now=MORNING + timedelta(days=days))
    engine = open_engine(store_url)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM seat_tokens")) == 1
    await engine.dispose()
