"""The signaling door of a real server process, driven by the protocol document."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio

from tests.bed.caller import Caller, Refused
from tests.bed.court_server import CourtServer

pytestmark = pytest.mark.loopback


@pytest.fixture
async def links(sitting: dict[str, Any]) -> dict[str, str]:
    links: dict[str, str] = sitting["links"]
    return links


@pytest.fixture
async def court(server: CourtServer, links: dict[str, str]) -> AsyncIterator[dict[str, Caller]]:
    """Judge, plaintiff and defendant connected; nobody has gone in yet."""
    people = {role: Caller(server.url) for role in ("judge", "plaintiff", "defendant")}
    async with AsyncExitStack() as doors:
        for role, person in people.items():
            await person.joins(links[role])
            doors.push_async_callback(person.leaves)
        yield people


async def opens(court: dict[str, Caller]) -> None:
    for person in court.values():
        await person.asks("report_ready")
    await court["judge"].asks("open_hearing", countdown_ms=0)
    for person in court.values():
        await person.until("in_session")


def assert_whole(person: Caller) -> None:
    """Every number once, in order, without a hole."""
    numbers = [event["seq"] for event in person.events]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_day_by_protocol(court: dict[str, Caller]) -> None:
    judge, defendant = court["judge"], court["defendant"]
    await defendant.asks("report_ready")
    await defendant.until_view(lambda view: view["you"]["state"] == "ready_in_lobby")
    assert [p["id"] for p in defendant.view["people"]] == [defendant.participant_id]
    assert all(e["event"] is None for e in defendant.events if (e["event"] or {}).get("kind") == "hearing_scheduled")
    await opens(court)
    assert len(defendant.view["people"]) >= 3
    await judge.asks("call_recess", note="十分钟")
    await defendant.until("recess")
    assert defendant.view["notice"] == "十分钟"
    assert defendant.view["gaps"] == []
    assert [gap["reason"] for gap in judge.view["gaps"]] == ["RECESS"]
    await judge.asks("resume_hearing", countdown_ms=0)
    await defendant.until("in_session")
    await judge.asks("close_hearing")
    for person in court.values():
        await person.until("closed")
        assert_whole(person)


async def test_refusals_say_why_in_the_persons_language(court: dict[str, Caller], links: dict[str, str]) -> None:
    defendant = court["defendant"]
    with pytest.raises(Refused) as refusal:
        await defendant.asks("open_hearing")
    assert refusal.value.body == {
        "code": "not_allowed",
        "message": "Your role in this hearing does not permit that. (Rule: the court's table of roles.)",
        "fields": {"rule": "ROLES"},
        "incident_id": None,
    }
    with pytest.raises(Refused) as refusal:
        await defendant.calls("media_offer", {"sdp": "v=0\r\n"})
    assert refusal.value.code == "wrong_participant_state", "no media before one is in court"
    with pytest.raises(Refused) as refusal:
        await defendant.asks("countdown_elapsed", ends_at="2026-11-24T00:00:00Z")
    assert refusal.value.code == "invalid_input"
    await court["plaintiff"].leaves()  # one device a seat
    chinese = Caller(defendant.url, language="zh-CN")
    await chinese.joins(links["plaintiff"])
    with pytest.raises(Refused) as refusal:
        await chinese.asks("close_hearing")
    assert refusal.value.body["message"] == "您的身份不能进行此操作。（依据：本庭权限表）"
    await chinese.leaves()


async def test_how_a_connection_did_is_told_to_who_keeps_order_and_to_nobody_else(court: dict[str, Caller]) -> None:
    judge, defendant = court["judge"], court["defendant"]
    await judge.asks("report_ready")
    await defendant.calls("condition", {"hidden": True, "microphone": "live"})
    found: dict[str, Any] = {
        "link": "live",
        "media": "none",
        "path": "none",
        "rtt_ms": None,
        "loss_percent": None,
        "microphone": "works",
        "camera": "denied",
        "browser": "Chrome 141",
        "screen": "360x640",
        "errors": [],
    }
    incident = (await defendant.calls("diagnosis", found))["incident"]
    told = await judge.calls("connectivity", {"participant_id": defendant.participant_id})
    assert told["finding"]["kind"] == "tab_hidden"
    assert [each["number"] for each in told["incidents"]] == [incident]
    for event, payload, code in (
        ("connectivity", {"participant_id": judge.participant_id}, "not_allowed"),
        ("condition", {"hidden": "perhaps", "microphone": "live"}, "invalid_input"),
        ("diagnosis", {**found, "name": "王建国"}, "invalid_input"),
    ):
        with pytest.raises(Refused) as refusal:
            await defendant.calls(event, payload)
        assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        for _ in range(4):
            await defendant.calls("diagnosis", found)
    assert refusal.value.code == "too_fast"


async def test_missed_events_come_back_exactly_once_and_in_order(court: dict[str, Caller]) -> None:
    defendant, judge = court["defendant"], court["judge"]
    await opens(court)
    await defendant.leaves()
    await judge.until_view(
        lambda view: any(p["id"] == defendant.participant_id and p["state"] == "reconnecting" for p in view["people"])
    )
    for phase in ("investigation", "evidence", "debate"):
        await judge.asks("set_phase", phase=phase)
    await defendant.connects()
    assert defendant.view["you"]["state"] == "in_court", "the seat was held"
    assert defendant.view["phase"] == "debate"
    await judge.asks("set_phase", phase="final_statement")
    await defendant.until_view(lambda view: view["phase"] == "final_statement")
    assert_whole(defendant)
    phases = [e["event"]["phase"] for e in defendant.events if e["event"] and e["event"]["kind"] == "phase_changed"]
    assert phases == ["investigation", "evidence", "debate", "final_statement"]


async def test_a_command_sent_twice_is_carried_out_once(court: dict[str, Caller]) -> None:
    await opens(court)
    command_id = str(uuid.uuid4())
    first = await court["judge"].asks("call_recess", command_id=command_id)
    await court["judge"].asks("resume_hearing", countdown_ms=0)
    await court["judge"].until("in_session")
    assert await court["judge"].asks("call_recess", command_id=command_id) == first
    assert court["judge"].view["session"] == "in_session"


async def test_a_second_device_takes_the_seat(court: dict[str, Caller]) -> None:
    first = court["defendant"]
    await opens(court)
    second = Caller(first.url)
    second.seat = first.seat
    await second.connects(since=0)
    assert await first.until_goodbye() == "superseded"
    assert second.view["you"]["state"] == "in_court"
    await court["judge"].asks("set_phase", phase="debate")
    await second.until_view(lambda view: view["phase"] == "debate")
    assert not [e for e in second.events if (e["event"] or {}).get("to") == "reconnecting"]
    await second.leaves()


async def test_forged_reserved_events_change_nothing_and_cost_the_connection(court: dict[str, Caller]) -> None:
    """reserved names reach no handler: the role stays, the seat stays, three strikes end it."""
    defendant, judge = court["defendant"], court["judge"]
    await opens(court)
    await defendant.emits_raw("connect", {"HTTP_COOKIE": "forged"}, {"token": "x" * 22, "role": "judge"})
    await defendant.emits_raw("disconnect", {})
    with pytest.raises(Refused) as refusal:
        await defendant.asks("close_hearing")
    assert refusal.value.code == "not_allowed"
    assert defendant.view["you"]["role"] == "defendant"
    assert judge.view["session"] == "in_session"
    await defendant.emits_raw("disconnect", {})
    assert await defendant.until_goodbye() == "too_fast"


async def test_a_flood_is_cut_and_others_go_on(court: dict[str, Caller]) -> None:
    plaintiff, judge = court["plaintiff"], court["judge"]
    await opens(court)
    for _ in range(200):
        await plaintiff.emits_raw("resume", {"since": 0})
    assert await plaintiff.until_goodbye() == "too_fast"
    await judge.asks("set_phase", phase="debate")
    await court["defendant"].until_view(lambda view: view["phase"] == "debate")


async def test_a_removed_person_is_out_at_once_and_stays_out(court: dict[str, Caller], links: dict[str, str]) -> None:
    defendant = court["defendant"]
    await opens(court)
    await court["judge"].asks("remove", participant_id=defendant.participant_id, reason="扰乱法庭秩序")
    assert await defendant.until_goodbye() == "removed"
    with pytest.raises(socketio.exceptions.ConnectionError):
        await defendant.connects()
    with pytest.raises(Refused) as refusal:
        await Caller(defendant.url).joins(links["defendant"])
    assert refusal.value.code == "link_not_valid"


@pytest.mark.parametrize(
    "auth",
    [
        None,
        {},
        {"token": "A" * 22, "protocol": 1},
        {"token": "A" * 22, "protocol": 1, "role": "judge"},
        {"token": 7, "protocol": 1},
        {"token": "A" * 70_000, "protocol": 1},
    ],
)
async def test_handshakes_without_a_good_token_are_refused(server: CourtServer, auth: Any) -> None:
    refusals: list[Any] = []
    async with aiohttp.ClientSession() as http:
        client = socketio.AsyncClient(reconnection=False, http_session=http)
        client.on("connect_error", refusals.append)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(server.url, auth=auth, transports=["websocket"], wait_timeout=10)
    codes = [refusal["data"]["error"]["code"] for refusal in refusals if isinstance(refusal, dict)]
    assert set(codes) <= {"invalid_input", "link_not_valid"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
async def test_pages_of_other_sites_can_not_connect(server: CourtServer, links: dict[str, str], origin: str) -> None:
    async with aiohttp.ClientSession() as http:
        client = socketio.AsyncClient(reconnection=False, http_session=http)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(server.url, headers={"Origin": origin}, transports=["websocket"], wait_timeout=5)


async def test_a_judge_who_is_lost_suspends_the_court(tmp_path: Path) -> None:
    server = CourtServer(tmp_path / "quick", judge_grace_s="0.5", media_workers="0")
    await server.start()
    try:
        links = (await server.demo())["links"]
        judge, plaintiff = Caller(server.url), Caller(server.url)
        for person, role in ((judge, "judge"), (plaintiff, "plaintiff")):
            await person.joins(links[role])
            await person.asks("report_ready")
        await judge.asks("open_hearing", countdown_ms=0)
        await plaintiff.until("in_session")
        await judge.leaves()
        await plaintiff.until("suspended")
        await judge.connects()
        await judge.asks("resume_hearing", countdown_ms=0)
        await plaintiff.until("in_session")
        assert [gap["reason"] for gap in judge.view["gaps"]] == ["FAULT"]
        await asyncio.gather(judge.leaves(), plaintiff.leaves())
    finally:
        await server.stop()


async def test_an_orderly_stop_suspends_on_the_record_and_says_so(tmp_path: Path) -> None:
    server = CourtServer(tmp_path / "stopped", media_workers="0")
    await server.start()
    links = (await server.demo())["links"]
    court = {role: Caller(server.url) for role in ("judge", "defendant")}
    for role, person in court.items():
        await person.joins(links[role])
    await opens(court)
    await server.stop()
    assert await court["defendant"].until_goodbye() == "shutting_down"
    assert court["defendant"].view["session"] == "suspended"
    await server.start()
    for person in court.values():
        await person.connects()
        assert_whole(person)
    assert court["judge"].view["session"] == "suspended"
    for person in court.values():
        await person.leaves()
    await server.stop()
    assert "Traceback" not in server.log(), server.log()
