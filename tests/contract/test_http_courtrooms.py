"""One clerk, three courtrooms: seen at one glance and served from it, by the clerk's own permissions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.bed.http_court import CASE, Browser, HttpCourt, open_court, person_of, schedule

pytestmark = pytest.mark.contract

NUMBERS = ("（2026）云0101民初31号", "（2026）云0101民初32号", "（2026）云0101民初33号")


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


@asynccontextmanager
async def waits_outside(court: HttpCourt, hearing: Any, role: str) -> AsyncIterator[socketio.AsyncClient]:
    """A person who has come as far as the waiting room (the bench: into court)."""
    _, seat = await court.guest(hearing, role)
    client = socketio.AsyncClient(reconnection=False)
    auth = {"token": seat["seat_token"], "protocol": 1}
    await client.connect(court.url, auth=auth, headers={"Origin": court.url}, transports=["websocket"])
    await client.call("resume", {"since": 0})
    await client.call("command", {"id": f"ready-{role}-0000", "command": {"kind": "report_ready"}})
    yield client
    await client.disconnect()


async def three(desk: Browser) -> list[Any]:
    return [await schedule(desk, case_number=number) for number in NUMBERS]


async def rooms(desk: Browser) -> dict[str, Any]:
    answer = await desk.get("/api/courtrooms")
    assert answer.status == 200, answer.content
    return {each["case_number"]: each for each in answer.json["courtrooms"]}


async def acts(desk: Browser, hearing: Any, number: int, **command: object) -> Any:
    return await desk.post(f"/api/hearings/{hearing['id']}/acts", {"id": f"act-{number:08}", "command": command})


async def test_three_courtrooms_are_served_from_one_page(court: HttpCourt) -> None:
    desk = await court.desk()
    first, second, third = await three(desk)
    async with (
        waits_outside(court, first, "judge"),
        waits_outside(court, first, "plaintiff"),
        waits_outside(court, second, "plaintiff") as party,
    ):
        await party.call("command", {"id": "help-00000001", "command": {"kind": "ask_help", "problem": "sound"}})
        seen = await rooms(desk)
        assert list(seen) == list(NUMBERS)
        assert [room["judge_present"] for room in seen.values()] == [True, False, False]
        assert [len(room["help"]) for room in seen.values()] == [0, 1, 0]
        assert [room["recorder"] is None for room in seen.values()] == [False, False, True]
        states = {line["role"]: line["state"] for line in seen[NUMBERS[0]]["people"]}
        assert (states["plaintiff"], states["judge"]) == ("ready_in_lobby", "in_court")

        admitted = await acts(desk, first, 1, kind="admit", participant_id=person_of(first, "plaintiff"))
        assert admitted.status == 200, admitted.content
        task = seen[NUMBERS[1]]["help"][0]["id"]
        assert (await acts(desk, second, 2, kind="take_help", task=task)).status == 200
        assert (await acts(desk, second, 3, kind="close_help", task=task)).status == 200
        assert (await acts(desk, third, 4, kind="announce_delay", reason="前案未结束", minutes=15)).status == 200
        seen = await rooms(desk)
        states = {line["role"]: line["state"] for line in seen[NUMBERS[0]]["people"]}
        assert states["plaintiff"] == "in_court"
        assert seen[NUMBERS[1]]["help"] == []
        assert seen[NUMBERS[2]]["delay"]["reason"] == "前案未结束"
    log = await court.store.record.since(second["id"], 1)
    taken = [stored for stored in log if stored.event.kind == "help_taken"]
    assert [stored.actor for stored in taken] == [person_of(second, "clerk")]


async def test_an_act_is_carried_out_once_and_only_what_a_clerk_may(court: HttpCourt) -> None:
    desk = await court.desk()
    (hearing, *_) = await three(desk)
    said = {"kind": "send_message", "text": "请稍候", "to": None}
    assert (await acts(desk, hearing, 1, **said)).json == (await acts(desk, hearing, 1, **said)).json
    log = await court.store.record.since(hearing["id"], 1)
    assert [stored.event.kind for stored in log].count("message_sent") == 1
    for kind in ("open_hearing", "close_hearing", "call_recess", "begin_help_talk", "unseat", "nonsense"):
        refused = await acts(desk, hearing, 2, kind=kind)
        assert (refused.status, refused.code) == (400, "invalid_input"), kind
    muted = await acts(desk, hearing, 3, kind="set_court_mute", participant_id=person_of(hearing, "judge"), muted=True)
    assert (muted.status, muted.code) == (403, "not_allowed")


async def test_a_case_without_a_clerk_is_seen_and_not_served(court: HttpCourt) -> None:
    desk = await court.desk()
    people = [{"role": "judge", "name": "陈明远"}, {"role": "plaintiff", "name": "李秀英"}]
    hearing = await schedule(desk, people=people)
    assert (await rooms(desk))[str(CASE["case_number"])]["clerk"] is None
    assert (await acts(desk, hearing, 1, kind="open_lobby")).code == "not_allowed"


async def test_only_staff_looks_and_acts(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    clerk, seat = await court.guest(hearing, "clerk")
    for browser in (clerk, await court.browser()):
        for bearer in ({}, {"Authorization": f"Bearer {seat['seat_token']}"}):
            assert (await browser.get("/api/courtrooms", **bearer)).code == "not_signed_in"
            asked = {"id": "act-00000001", "command": {"kind": "open_lobby"}}
            refused = await browser.post(f"/api/hearings/{hearing['id']}/acts", asked, **bearer)
            assert refused.code == "not_signed_in"
