"""More hearings than the machine carries: who is refused, who never is, and who makes room."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.bed.caller import PATIENCE_S, Caller
from tests.bed.http_court import HttpCourt, open_court, schedule

pytestmark = pytest.mark.contract

ONE_HEARING = {"media_workers": 1, "hearings_limit": 1, "reconnect_grace_s": 0.1}


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite, ONE_HEARING) as court:
        yield court


async def both(court: HttpCourt) -> list[Any]:
    """Two hearings, nobody in them."""
    desk = await court.desk()
    return [await schedule(desk, case_number=f"（2026）云0101民初{number}号") for number in (1, 2)]


def link(hearing: Any, role: str) -> str:
    return str(next(link["url"] for link in hearing["links"] if link["role"] == role))


class Visitor(Caller):
    """One who may be turned away at the door; `refusal` is the error then."""

    refusal: dict[str, Any]

    def _make_client(self) -> Any:
        client = super()._make_client()
        client.on("connect_error", self._on_refused)
        return client

    async def _on_refused(self, failure: dict[str, Any]) -> None:
        self.refusal = failure["data"]["error"]


async def refused(court: HttpCourt, hearing: Any) -> dict[str, Any]:
    """The error with which the hearing's judge is turned away."""
    judge = Visitor(court.url)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await judge.joins(link(hearing, "judge"))
    return judge.refusal


async def joins_once_there_is_room(caller: Caller, link: str) -> None:
    """Try again like a browser does."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await caller.joins(link)
            except socketio.exceptions.ConnectionError:
                await asyncio.sleep(0.1)


async def test_a_hearing_too_many_is_refused_until_another_needs_its_place_no_more(
    court: HttpCourt,
) -> None:
    first, second = await both(court)
    clerk = Caller(court.url)
    await clerk.joins(link(first, "clerk"))
    error = await refused(court, second)
    assert (error["code"], error["fields"]) == ("court_full", {"open_hearings": 1, "limit": 1})
    again = await refused(court, second)
    assert again["code"] == "court_full", "nothing half open was left behind"

    plaintiff = Caller(court.url)
    await plaintiff.joins(link(first, "plaintiff"))
    await clerk.leaves()
    assert (await refused(court, second))["code"] == "court_full", "somebody is still here"
    await plaintiff.leaves()
    watcher = Caller(court.url)
    await joins_once_there_is_room(watcher, link(second, "judge"))
    assert (await refused(court, first))["code"] == "court_full"
    await watcher.leaves()


async def test_hearings_under_way_come_back_however_full_it_is(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite, {**ONE_HEARING, "hearings_limit": 2}) as court:
        hearings = await both(court)
        for hearing in hearings:
            judge = Caller(court.url)
            await judge.joins(link(hearing, "judge"))
            await judge.asks("report_ready")
            await judge.asks("open_hearing", countdown_ms=0)
            await judge.until("in_session")
            await judge.leaves()
    async with open_court(tmp_path, migrated_sqlite, ONE_HEARING) as court:
        for hearing in hearings:
            judge = Caller(court.url)
            await judge.joins(link(hearing, "judge"))
            assert judge.view["session"] == "suspended"
            await judge.leaves()
