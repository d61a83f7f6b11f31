"""What stands between a stranger and an account: tokens, hashes, the brake on guessing."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain.errors import TooFast
from cloudcourt.store.passwords import Passwords
from cloudcourt.store.short_ids import may_be_id, new_id
from cloudcourt.store.throttle import SignInThrottle
from cloudcourt.store.tokens import new_token, token_hash

pytestmark = pytest.mark.unit

MORNING = datetime(2026, 11, 24, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _is_admitted(throttle: SignInThrottle, name: str, now: datetime) -> bool:
    try:
        throttle.admit(name, now)
    except TooFast:
        return False
    return True


def test_tokens_hold_128_bits_and_differ() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in tokens)


def test_a_token_is_stored_as_its_sha_256() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1


@given(st.text(st.characters()))
def test_any_text_can_be_looked_up_as_a_token(text: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", token_hash(text))


def test_ids_are_short_lower_case_and_differ() -> None:
    ids = {new_id("h") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"h_[a-z2-7]{16}", id_) and may_be_id(id_) for id_ in ids)
    assert re.fullmatch(r"p_[a-z2-7]{8}", new_id("p", 5))


def test_five_failures_close_the_door_for_a_quarter_of_an_hour() -> None:
    throttle = SignInThrottle()
    admitted = [_is_admitted(throttle, "clerk", MORNING + n * MINUTE) for n in range(7)]
    assert admitted == [True] * 5 + [False] * 2
    assert _is_admitted(throttle, "judge", MORNING + 7 * MINUTE)
    # The first failure is forgotten now, the second one isn't; refusals were no failures.
    assert _is_admitted(throttle, "clerk", MORNING + 15 * MINUTE)
    assert not _is_admitted(throttle, "clerk", MORNING + 15 * MINUTE)


def test_the_right_password_forgives() -> None:
    throttle = SignInThrottle()
    for _ in range(3):
        admitted = [_is_admitted(throttle, "clerk", MORNING) for _ in range(4)]
        throttle.forgive("clerk")
        assert admitted == [True] * 4


def test_the_throttle_remembers_a_bounded_number_of_names() -> None:
    throttle = SignInThrottle(limit=1, capacity=3)
    for name in ("a", "b", "c", "d"):
        throttle.admit(name, MORNING)
    assert [_is_admitted(throttle, name, MORNING) for name in ("b", "c", "d")] == [False] * 3
    assert _is_admitted(throttle, "a", MORNING)


@pytest.mark.parametrize("password", ["correct horse", "电池电池电池电池", "half a pair \ud800", "\x00" * 10])
async def test_only_the_right_password_matches(password: str) -> None:
    passwords = await asyncio.to_thread(Passwords)
    stored = await passwords.hash(password)
    assert stored.startswith("$argon2id$")
    assert stored != await passwords.hash(password)
    assert await passwords.match(password, stored)
    assert not await passwords.match(password + " ", stored)
    assert not await passwords.match(password, None)


async def test_the_loop_turns_while_a_password_is_checked() -> None:
    passwords = await asyncio.to_thread(Passwords)
    checking = asyncio.gather(passwords.hash("some password"))
    turns = 0
    while not checking.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10


async def test_who_comes_beyond_the_queue_is_told_so_and_the_queue_drains() -> None:
    passwords = await asyncio.to_thread(Passwords, 3)
    outcomes = await asyncio.gather(*(passwords.hash("some password") for _ in range(8)), return_exceptions=True)
    assert [isinstance(outcome, str) for outcome in outcomes] == [True] * 5 + [False] * 3
    assert all(isinstance(outcome, TooFast) for outcome in outcomes[5:])
    assert await passwords.hash("some password")


async def test_someone_who_gives_up_leaves_the_queue() -> None:
    passwords = await asyncio.to_thread(Passwords, 0)
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await passwords.hash("some password")
    assert await passwords.hash("some password")
