"""Staff accounts and sessions, and the log of who opened the record."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from cloudcourt.domain.errors import (
    AlreadyExists,
    InvalidInput,
    NotSignedIn,
    TooFast,
    WrongCredentials,
)
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import StaffMember
from cloudcourt.domain.record_access import AccessEntry
from cloudcourt.store.engine import open_engine
from cloudcourt.store.store import Store
from tests.bed.sittings import MORNING, Sitting

pytestmark = pytest.mark.contract

PASSWORD = "correct horse 电池"


async def _hire(store: Store, user_name: str = "Clerk.Qian") -> StaffMember:
    return await store.staff.add(user_name, "钱书记", PASSWORD, at=MORNING)


async def _fail(store: Store, user_name: str, now: datetime = MORNING) -> None:
    with pytest.raises(WrongCredentials):
        await store.staff.sign_in(user_name, "wrong password", now=now)


async def test_a_member_signs_in_and_out(store: Store) -> None:
    member = await _hire(store)
    assert (member.user_name, member.display_name) == ("Clerk.Qian", "钱书记")
    token, who = await store.staff.sign_in("Clerk.Qian", PASSWORD, now=MORNING)
    other_token, _ = await store.staff.sign_in("Clerk.Qian", PASSWORD, now=MORNING)
    assert who == member
    assert await store.staff.verify(token, now=MORNING) == member

    await store.staff.sign_out(token)
    await store.staff.sign_out(token)
    with pytest.raises(NotSignedIn):
        await store.staff.verify(token, now=MORNING)
    assert await store.staff.verify(other_token, now=MORNING) == member


@pytest.mark.parametrize("spelling", ["clerk.qian", "CLERK.QIAN", " Clerk.Qian ", "Ｃｌｅｒｋ.Qian"])
async def test_spelling_makes_no_second_person(store: Store, spelling: str) -> None:
    member = await _hire(store)
    assert (await store.staff.sign_in(spelling, PASSWORD, now=MORNING))[1] == member
    with pytest.raises(AlreadyExists):
        await _hire(store, spelling)


async def test_a_session_ends_after_twelve_hours(store: Store) -> None:
    await _hire(store)
    token, _ = await store.staff.sign_in("clerk.qian", PASSWORD, now=MORNING)
    evening = MORNING + timedelta(hours=12)
    assert await store.staff.verify(token, now=evening - timedelta(microseconds=1))
    with pytest.raises(NotSignedIn):
        await store.staff.verify(token, now=evening)


@pytest.mark.parametrize("token", ["", "A" * 22, "\x00", "\ud800"])
async def test_a_made_up_session_is_none(store: Store, token: str) -> None:
    await _hire(store)
    with pytest.raises(NotSignedIn):
        await store.staff.verify(token, now=MORNING)
    await store.staff.sign_out(token)


@pytest.mark.parametrize(
    ("user_name", "display_name", "password", "where"),
    [
        ("a", "A", "nine char", "password"),
        ("", "A", PASSWORD, "user_name"),
        ("a\x00b", "A", PASSWORD, "user_name"),
        ("a" * 61, "A", PASSWORD, "user_name"),
        ("a", " ", PASSWORD, "display_name"),
    ],
)
async def test_an_account_needs_names_and_a_long_password(
    store: Store, user_name: str, display_name: str, password: str, where: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await store.staff.add(user_name, display_name, password, at=MORNING)
    assert refusal.value.fields["where"] == where


@pytest.mark.parametrize("user_name", ["nobody", "", "a\x00b", "\ud800", "n" * 100_000])
async def test_an_unknown_name_and_a_wrong_password_look_the_same(store: Store, user_name: str) -> None:
    await _hire(store)
    refusals = []
    for name in ("clerk.qian", user_name):
        for _ in range(5):
            with pytest.raises(WrongCredentials) as refusal:
                await store.staff.sign_in(name, "wrong password\ud800", now=MORNING)
            refusals.append(str(refusal.value))
        with pytest.raises(TooFast):
            await store.staff.sign_in(name, "wrong password", now=MORNING)
    assert len(set(refusals)) == 1


async def test_after_five_failures_even_the_right_password_waits(store: Store) -> None:
    member = await _hire(store)
    await _hire(store, "colleague")
    for minutes in range(5):
        await _fail(store, "clerk.qian", MORNING + timedelta(minutes=minutes))
    with pytest.raises(TooFast):
        await store.staff.sign_in("clerk.qian", PASSWORD, now=MORNING + timedelta(minutes=14))
    assert await store.staff.sign_in("colleague", PASSWORD, now=MORNING)
    later = MORNING + timedelta(minutes=15)
    assert (await store.staff.sign_in("clerk.qian", PASSWORD, now=later))[1] == member


async def test_guesses_in_parallel_count_as_well(store: Store) -> None:
    await _hire(store)
    guesses = [store.staff.sign_in("clerk.qian", f"guess number {n}", now=MORNING) for n in range(12)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(WrongCredentials) == 5
    assert [type(outcome) for outcome in outcomes].count(TooFast) == 7


async def test_neither_password_nor_token_stands_in_the_database(store: Store, store_url: str) -> None:
    await _hire(store)
    token, _ = await store.staff.sign_in("clerk.qian", PASSWORD, now=MORNING)
    engine = open_engine(store_url)
    async with engine.connect() as connection:
        (account,) = (await connection.execute(text("SELECT * FROM staff"))).mappings()
        sessions = (await connection.execute(text("SELECT * FROM staff_sessions"))).all()
    await engine.dispose()
    assert account["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(sessions) == 1
    assert token not in repr(sessions)


async def test_the_access_log_keeps_every_opening_in_order(store: Store, sitting: Sitting) -> None:
    def entry(minutes: int, who: str, file: str, range_from: int) -> AccessEntry:
        at = MORNING + timedelta(minutes=minutes)
        return AccessEntry(
            at=at, hearing_id=sitting.hearing_id, who=who, name="钱书记", file=file, range_from=range_from
        )

    noted = (
        entry(5, "staff:clerk", "composite.mp4", 0),
        entry(4, "participant:p_1", "tracks/t1.webm", 5_000_000_000),
        entry(4, "participant:p_1", "tracks/t1.webm", 5_000_000_000),
    )
    for one in noted:
        await store.access.note(one)
    assert await store.access.entries(sitting.hearing_id) == noted
    assert await store.access.entries(HearingId("h_other")) == ()


async def test_a_store_that_is_not_there_is_noticed_when_it_is_opened(store: Store) -> None:
    await store.ping()
    with pytest.raises(Exception, match=r"unable to open|connection"):
        await Store.open("sqlite:////nowhere/at/all/court.db")
    with pytest.raises(Exception, match=r"unable to open|connection"):
        await Store.open("postgresql://postgres@/court?host=/nowhere")
