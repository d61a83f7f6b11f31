"""The clerk's desk over HTTP: cases, hearings and join links."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import socketio

from tests.bed.http_court import CASE, HttpCourt, open_court, person_of, schedule, token_of

pytestmark = pytest.mark.contract


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


def link_path(hearing: Any, role: str) -> str:
    return f"/api/hearings/{hearing['id']}/people/{person_of(hearing, role)}/link"


async def test_a_case_is_opened_listed_and_read(court: HttpCourt) -> None:
    desk = await court.desk()
    opened = await desk.post("/api/cases", CASE)
    assert opened.status == 201
    assert opened.json | {**CASE, "people": opened.json["people"]} == opened.json
    assert [{"role": p["role"], "name": p["name"]} for p in opened.json["people"]] == CASE["people"]
    assert datetime.fromisoformat(opened.json["created_at"]).utcoffset() == timedelta(0)
    assert (await desk.get("/api/cases")).json == {"cases": [opened.json]}
    assert (await desk.get(f"/api/cases/{opened.json['id']}")).json == opened.json


async def test_a_case_number_is_taken_once(court: HttpCourt) -> None:
    desk = await court.desk()
    await desk.post("/api/cases", CASE)
    again = await desk.post("/api/cases", CASE, Accept_Language="en")
    assert (again.status, again.code) == (409, "already_exists")
    assert CASE["case_number"] in again.json["error"]["message"]


NO_CASES = ["c_none", "%2e%2e", "%00", "c'--", "%F0%9F%91%A9"]


async def test_there_is_no_such_case(court: HttpCourt) -> None:
    desk = await court.desk()
    for case_id in NO_CASES:
        answer = await desk.get(f"/api/cases/{case_id}")
        assert (answer.status, answer.code) == (404, "not_found"), case_id


async def test_scheduling_gives_one_working_link_per_person(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    assert hearing["session"] == "scheduled"
    assert [person["role"] for person in hearing["people"]] == ["judge", "bench_member", "clerk", "plaintiff"]
    assert {person["state"] for person in hearing["people"]} == {"invited"}
    for link, person in zip(hearing["links"], hearing["people"], strict=True):
        assert link["participant_id"] == person["participant_id"]
        assert link["url"].startswith(f"{court.url}/join#")
        assert link["qr_svg"].startswith("data:image/svg+xml")
        assert "<path" in unquote(link["qr_svg"])
        expires_in = datetime.fromisoformat(link["expires_at"]) - datetime.fromisoformat(hearing["scheduled_at"])
        assert timedelta(days=7) <= expires_in < timedelta(days=7, minutes=1)
        _, seat = await court.guest(hearing, link["role"])
        assert seat["participant_id"] == link["participant_id"]


async def test_links_are_in_no_later_answer(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    links = hearing.pop("links")
    detail = await desk.get(f"/api/hearings/{hearing['id']}")
    assert detail.json == hearing
    listed = await desk.get("/api/hearings")
    summary = {name: value for name, value in hearing.items() if name != "people"}
    assert listed.json == {"hearings": [summary]}
    for link in links:
        token = link["url"].partition("#")[2].encode()
        assert token not in detail.content + listed.content


async def test_links_name_the_public_address(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite, public_url="https://court.example/") as court:
        hearing = await schedule(await court.desk())
        assert hearing["links"][0]["url"].startswith("https://court.example/join#")


async def test_behind_a_proxy_links_are_what_the_browser_asked_for(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    proxied = {"Host": "court.example", "X_Forwarded_Proto": "https", "Origin": "https://court.example"}
    cookie = f"cc_staff={desk.cookies['cc_staff']}"
    answer = await (await court.browser()).post(link_path(hearing, "judge"), **proxied, Cookie=cookie)
    assert answer.json["url"].startswith("https://court.example/join#")


async def test_a_fresh_link_ends_the_old_one_and_the_seat(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    judge, seat = await court.guest(hearing, "judge")
    fresh = await desk.post(link_path(hearing, "judge"))
    assert fresh.status == 200
    assert fresh.json | {"participant_id": seat["participant_id"], "role": "judge", "name": "陈明远"} == fresh.json
    old = await (await court.browser()).post("/api/join", {"link_token": token_of(hearing, "judge")})
    assert old.code == "link_not_valid"
    assert (await judge.get(f"/api/hearings/{hearing['id']}/recording")).code == "not_signed_in"
    await court.guest({"links": [fresh.json]}, "judge")


async def test_a_revoked_link_is_gone_and_only_that_one(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    revoked = await desk.delete(link_path(hearing, "plaintiff"))
    assert (revoked.status, revoked.content) == (204, b"")
    gone = await (await court.browser()).post("/api/join", {"link_token": token_of(hearing, "plaintiff")})
    assert gone.code == "link_not_valid"
    await court.guest(hearing, "judge")


@pytest.mark.parametrize("act", ["POST", "DELETE"])
async def test_whoever_is_connected_by_an_ended_link_is_cut(court: HttpCourt, act: str) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    _, seat = await court.guest(hearing, "plaintiff")
    client, goodbyes = socketio.AsyncClient(reconnection=False), asyncio.Queue[Any]()
    client.on("goodbye", goodbyes.put_nowait)
    auth = {"token": seat["seat_token"], "protocol": 1}
    await client.connect(court.url, auth=auth, headers={"Origin": court.url}, transports=["websocket"])
    await client.call("resume", {"since": 0})
    await desk.ask(act, link_path(hearing, "plaintiff"))
    async with asyncio.timeout(10):
        assert await goodbyes.get() == {"reason": "link_revoked"}
        await client.wait()
    assert not client.connected


async def test_links_of_nobody(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    stranger = await desk.post(f"/api/hearings/{hearing['id']}/people/p_nobody/link")
    assert (stranger.status, stranger.code) == (404, "no_such_person")
    nowhere = await desk.delete(f"/api/hearings/h_none/people/{person_of(hearing, 'judge')}/link")
    assert (nowhere.status, nowhere.code) == (404, "not_found")


NO_TIMES: list[object] = [
    "2026-11-24T09:00:00",
    "yesterday",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    None,
    "",
    [],
    10**30,
]


async def test_a_time_must_be_one_with_its_zone_and_near(court: HttpCourt) -> None:
    desk = await court.desk()
    case_id = (await schedule(desk))["case_id"]
    for no_time in NO_TIMES:
        answer = await desk.post("/api/hearings", {"case_id": case_id, "scheduled_at": no_time})
        assert (answer.status, answer.code) == (400, "invalid_input"), no_time
        assert answer.json["error"]["fields"]["where"] == "scheduled_at", no_time


async def test_any_zone_will_do_and_utc_is_told(court: HttpCourt) -> None:
    desk = await court.desk()
    case_id = (await schedule(desk))["case_id"]
    at = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0)
    beijing = at.astimezone(datetime.strptime("+0800", "%z").tzinfo)
    answer = await desk.post("/api/hearings", {"case_id": case_id, "scheduled_at": beijing.isoformat()})
    assert answer.json["scheduled_at"] == at.isoformat().replace("+00:00", "Z")


FAULTS: list[tuple[dict[str, object], str]] = [
    ({"people": []}, "people"),
    ({"people": [{"role": "emperor", "name": "x"}]}, "people.0.role"),
    ({"people": [{"role": "judge", "name": "王\u202e国"}]}, "people.0.name"),
    ({"people": [{"role": "judge", "name": "x"}] * 13}, "people"),
    ({"cause": " "}, "cause"),
    ({"cause": 7}, "cause"),
    ({"case_number": "x" * 61}, "case_number"),
    ({"judge": "me"}, "judge"),
]


async def test_a_bad_case_file_names_its_first_fault(court: HttpCourt) -> None:
    desk = await court.desk()
    for change, where in FAULTS:
        answer = await desk.post("/api/cases", {**CASE, **change})
        assert (answer.status, answer.code) == (400, "invalid_input"), change
        assert answer.json["error"]["fields"]["where"] == where


async def test_a_seat_opens_nothing_at_the_desk(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    judge, seat = await court.guest(hearing, "judge")
    for path in ("/api/cases", "/api/hearings", f"/api/hearings/{hearing['id']}", "/api/session"):
        answer = await judge.get(path, Authorization=f"Bearer {seat['seat_token']}")
        assert (answer.status, answer.code) == (401, "not_signed_in")
