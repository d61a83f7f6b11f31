"""People of a hearing that is scheduled or runs: seated late, in another's place, over HTTP and at the door."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.bed.http_court import Browser, HttpCourt, open_court, person_of, schedule, token_of

pytestmark = pytest.mark.contract


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


LAWYER = {"role": "representative", "name": "吴律师", "side": "a"}


def people(hearing: Any) -> str:
    return f"/api/hearings/{hearing['id']}/people"


async def seat_header(court: HttpCourt, hearing: Any, role: str) -> dict[str, str]:
    _, seat = await court.guest(hearing, role)
    return {"Authorization": f"Bearer {seat['seat_token']}"}


@asynccontextmanager
async def at_the_door(court: HttpCourt, token: str) -> AsyncIterator[tuple[socketio.AsyncClient, asyncio.Queue[Any]]]:
    """A page's connection: it is told things, and why it ends."""
    client, told = socketio.AsyncClient(reconnection=False), asyncio.Queue[Any]()
    client.on("goodbye", told.put_nowait)
    auth = {"token": token, "protocol": 1}
    await client.connect(court.url, auth=auth, headers={"Origin": court.url}, transports=["websocket"])
    yield client, told
    await client.disconnect()


async def test_a_late_lawyer_gets_a_link_at_once_and_comes_in(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    clerk = await seat_header(court, hearing, "clerk")
    link = await (await court.browser()).post(people(hearing), LAWYER, **clerk)
    assert link.status == 201, link.content
    assert link.json["url"].startswith(f"{court.url}/join#")
    assert link.json["qr_svg"].startswith("data:image/svg+xml")
    _, seat = await court.guest({"links": [link.json]}, "representative")
    assert seat["name"] == "吴律师"
    async with at_the_door(court, seat["seat_token"]) as (page, _):
        view = (await page.call("resume", {"since": 0}))["view"]
        assert (view["you"]["role"], view["you"]["state"]) == ("representative", "checking_in")
        assert view["seat_count"] == 5
        assert await page.call("command", {"id": "a" * 32, "command": {"kind": "report_ready"}})
    board = await (await court.browser()).get(f"/api/hearings/{hearing['id']}/board", **clerk)
    assert seat["participant_id"] in {line["participant_id"] for line in board.json["people"]}


async def test_the_desk_seats_too_and_the_log_says_who_did(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    assert (await desk.post(people(hearing), LAWYER)).status == 201
    detail = (await desk.get(f"/api/hearings/{hearing['id']}")).json
    assert [person["name"] for person in detail["people"] if person["role"] == "representative"] == ["吴律师"]
    log = await court.store.record.since(hearing["id"], 1)
    assert [(stored.event.kind, getattr(stored.event, "by", "")) for stored in log] == [
        ("person_seated", "staff:zhaomin")
    ]


@pytest.mark.parametrize("role", ["plaintiff", "bench_member"])
async def test_nobody_else_seats_people(court: HttpCourt, role: str) -> None:
    hearing = await schedule(await court.desk())
    stranger = await court.browser()
    refused = await stranger.post(people(hearing), LAWYER, **await seat_header(court, hearing, role))
    assert (refused.status, refused.code) == (404, "not_found")
    assert (await stranger.post(people(hearing), LAWYER)).code == "not_signed_in"
    other = await schedule_other(court)
    refused = await stranger.post(people(hearing), LAWYER, **await seat_header(court, other, "clerk"))
    assert refused.code == "not_found"


async def schedule_other(court: HttpCourt) -> Any:
    desk = await court.browser()
    answer = await desk.post("/api/session", {"user_name": "zhaomin", "password": "correct horse battery"})
    assert answer.status == 200
    return await schedule(desk, case_number="（2026）云0101民初28号")


async def test_who_is_replaced_is_out_and_their_link_is_dead(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    _, seat = await court.guest(hearing, "judge")
    async with at_the_door(court, seat["seat_token"]) as (page, told):
        await page.call("resume", {"since": 0})
        new = {"role": "judge", "name": "何静", "replaces": person_of(hearing, "judge"), "reason": "回避"}
        link = await desk.post(people(hearing), new)
        assert link.status == 201, link.content
        async with asyncio.timeout(10):
            assert await told.get() == {"reason": "removed"}
    gone = await (await court.browser()).post("/api/join", {"link_token": token_of(hearing, "judge")})
    assert gone.code == "link_not_valid"
    _, seat = await court.guest({"links": [link.json]}, "judge")
    async with at_the_door(court, seat["seat_token"]) as (page, _):
        view = (await page.call("resume", {"since": 0}))["view"]
        assert view["order"]["presiding"] == seat["participant_id"]
        assert "start" in view["may"]


FAULTS: list[tuple[dict[str, object], str]] = [
    ({"role": "emperor"}, "role"),
    ({"name": "王\u202e国"}, "name"),
    ({"role": "plaintiff"}, "ties"),
    ({"side": None, "replaces": "p_nobody"}, ""),
    ({"side": "a", "replaces": "p_x"}, ""),
    ({"linked_to": "x" * 65}, "linked_to"),
    ({"id": "p_mine"}, "id"),
]


async def test_what_cannot_be_is_refused(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    for change, where in FAULTS:
        answer = await desk.post(people(hearing), {**LAWYER, **change})
        assert answer.status in (400, 404), change
        assert not where or answer.json["error"]["fields"]["where"] == where, answer.content
    assert (await desk.post("/api/hearings/h_none/people", LAWYER)).code == "not_found"


async def test_twelve_people_are_the_most(court: HttpCourt) -> None:
    desk: Browser = await court.desk()
    hearing = await schedule(desk)
    for number in range(8):
        assert (await desk.post(people(hearing), {"role": "observer", "name": f"旁听{number}"})).status == 201
    full = await desk.post(people(hearing), {"role": "observer", "name": "再来"}, Accept_Language="en")
    assert (full.status, full.code) == (409, "too_many_people")
