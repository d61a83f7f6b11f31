"""Order over real Socket.IO: the queue of hands, the word, locks, warnings, a second device, ejection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.bed.caller import Caller, Refused
from tests.bed.court_server import CourtServer

pytestmark = pytest.mark.loopback


@pytest.fixture
async def court(server: CourtServer, sitting: dict[str, Any]) -> AsyncIterator[dict[str, Caller]]:
    """A court in session with judge, clerk and both parties."""
    people = {role: Caller(server.url) for role in ("judge", "clerk", "plaintiff", "defendant")}
    async with AsyncExitStack() as doors:
        for role, person in people.items():
            await person.joins(sitting["links"][role])
            doors.push_async_callback(person.leaves)
            await person.asks("report_ready")
        await people["judge"].asks("open_hearing", countdown_ms=0)
        for person in people.values():
            await person.until("in_session")
        yield people


def hands(view: dict[str, Any]) -> list[str]:
    return [hand["participant_id"] for hand in view["order"]["floor"]["hands"]]


def steps(view: dict[str, Any]) -> list[str]:
    return [each["step"] for each in view["order"]["warnings"]]


async def refused(person: Caller, kind: str, **fields: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        await person.asks(kind, **fields)
    return refusal.value


async def test_the_queue_of_hands_survives_reconnects_and_is_there_for_whoever_comes(
    court: dict[str, Caller], server: CourtServer, sitting: dict[str, Any]
) -> None:
    plaintiff, defendant, clerk = court["plaintiff"], court["defendant"], court["clerk"]
    queue = [plaintiff.participant_id, defendant.participant_id]
    await plaintiff.asks("raise_hand")
    await defendant.asks("raise_hand")
    await plaintiff.leaves()
    await plaintiff.connects()
    assert hands(plaintiff.view) == queue
    await clerk.leaves()
    late = Caller(server.url)
    await late.joins(sitting["links"]["clerk"])
    assert hands(late.view) == queue
    await late.asks("call_next", seconds=60)
    await defendant.until_view(lambda view: hands(view) == queue[1:])
    floor = defendant.view["order"]["floor"]
    assert (floor["holder"], floor["ends_at"] is not None) == (queue[0], True)
    await late.asks("lower_all_hands")
    await defendant.until_view(lambda view: hands(view) == [])
    assert (await refused(late, "call_next")).code == "no_hand_raised"
    await late.leaves()


async def test_while_locked_nobody_unmutes_himself_but_who_has_the_word(court: dict[str, Caller]) -> None:
    judge, defendant = court["judge"], court["defendant"]
    await defendant.asks("set_devices", microphone_on=False, camera_on=True)
    await judge.asks("set_microphone_lock", is_on=True)
    no = await refused(defendant, "set_devices", microphone_on=True, camera_on=True)
    assert (no.code, no.body["fields"]) == ("microphones_locked", {"rule": "CCR 17"})
    assert "article 17" in no.body["message"]
    await judge.asks("give_floor", participant_id=defendant.participant_id)
    await defendant.asks("set_devices", microphone_on=True, camera_on=True)
    await judge.asks("take_floor")
    await defendant.until_view(lambda view: not view["you"]["microphone_on"])
    await judge.asks("set_microphone_lock", is_on=False)
    await defendant.asks("set_devices", microphone_on=True, camera_on=True)


async def test_the_ladder_is_climbed_and_leaving_all_the_same_is_put_before_the_judge(court: dict[str, Caller]) -> None:
    judge, plaintiff, defendant = court["judge"], court["plaintiff"], court["defendant"]
    for step in ("notice", "warning"):
        await judge.asks("warn", participant_id=defendant.participant_id, reason="打断他人发言")
        await defendant.until_view(
            lambda view, step=step: [w["step"] for w in view["order"]["warnings"]][-1:] == [step]
        )
        await defendant.asks("acknowledge_warning")
    assert plaintiff.view["order"]["warnings"] == [], "whom the court warned is nobody else's list"
    await defendant.asks("leave")
    await judge.until_view(lambda view: view["order"]["walk_outs"] != [])
    (draft,) = judge.view["order"]["walk_outs"]
    assert [each["step"] for each in draft["warnings"]] == ["notice", "warning"]
    assert all(each["seen_at"] for each in draft["warnings"])
    await judge.asks("rule_on_walk_out", number=draft["number"], finding="excused", note="身体不适")
    await judge.until_view(lambda view: view["order"]["walk_outs"][0]["finding"] == "excused")
    told = [event["event"]["kind"] for event in plaintiff.events if event["event"]]
    assert "walk_out_drafted" not in told and "person_warned" in told


async def test_whoever_closes_the_page_after_warnings_and_stays_away_is_put_before_the_judge(
    tmp_path: Path,
) -> None:
    server = CourtServer(tmp_path / "court", media_workers="0", reconnect_grace_s="0.5")
    await server.start()
    links = (await server.demo())["links"]
    judge, defendant = Caller(server.url), Caller(server.url)
    for person, role in ((judge, "judge"), (defendant, "defendant")):
        await person.joins(links[role])
        await person.asks("report_ready")
    await judge.asks("open_hearing", countdown_ms=0)
    await defendant.until("in_session")
    await judge.until("in_session")
    for _ in range(2):
        await judge.asks("warn", participant_id=defendant.participant_id, reason="打断他人发言")
    await defendant.leaves()
    await judge.until_view(lambda view: view["order"]["walk_outs"] != [])
    (draft,) = judge.view["order"]["walk_outs"]
    assert (draft["leaving"]["how"], draft["finding"]) == ("closed_page", None)
    assert draft["left_at"] == draft["leaving"]["at"]
    person = next(p for p in judge.view["people"] if p["id"] == defendant.participant_id)
    assert person["state"] in ("reconnecting", "disconnected"), "the seat is held all the same"
    await defendant.connects()
    await defendant.until_view(lambda view: view["you"]["state"] == "in_court")
    await judge.leaves()
    await defendant.leaves()
    await server.stop()
    assert "Traceback" not in server.log(), server.log()


async def test_a_phone_in_a_moving_car_is_a_hint_for_the_clerk_and_nothing_more(court: dict[str, Caller]) -> None:
    clerk, defendant = court["clerk"], court["defendant"]
    await defendant.calls("condition", {"hidden": False, "microphone": "live", "moving": True})

    def is_told() -> bool:
        findings = clerk.weather.get("findings", []) if clerk.weather else []
        return ("on_the_move", defendant.participant_id) in {(f["kind"], f["participant_id"]) for f in findings}

    async with asyncio.timeout(20):
        while not is_told():
            await asyncio.sleep(0.05)
    assert defendant.view["you"]["state"] == "in_court"
    assert court["plaintiff"].weather.get("findings") is None


async def test_a_second_device_waits_until_it_is_let_in(
    court: dict[str, Caller], server: CourtServer, sitting: dict[str, Any]
) -> None:
    first, clerk = court["defendant"], court["clerk"]
    second = Caller(server.url)
    with pytest.raises(Refused) as refusal:
        await second.joins(sitting["links"]["defendant"])
    assert (refusal.value.code, refusal.value.body["fields"]) == ("seat_taken", {"rule": "OLR 7"})
    await clerk.until_view(lambda view: view["order"]["takeovers"] != [])
    await first.until_view(lambda view: view["order"]["takeovers"] != [])
    assert court["plaintiff"].view["order"]["takeovers"] == []
    assert (
        await refused(court["plaintiff"], "answer_takeover", participant_id=first.participant_id, is_granted=True)
    ).code == "not_allowed"
    await first.asks("answer_takeover", participant_id=first.participant_id, is_granted=False)
    assert await second.until_goodbye() == "seat_refused"
    with pytest.raises(Refused):
        await second.joins(sitting["links"]["defendant"])
    await clerk.until_view(lambda view: view["order"]["takeovers"] != [])
    await clerk.asks("answer_takeover", participant_id=first.participant_id, is_granted=True)
    await second.until_told(lambda told: told.is_let_in)
    await second.resumes(since=0)
    assert await first.until_goodbye() == "superseded"
    assert second.view["you"]["state"] == "in_court"
    third = Caller(server.url)
    with pytest.raises(Refused):
        await third.joins(sitting["links"]["defendant"])
    await second.leaves()
    await third.until_told(lambda told: told.is_let_in)
    await third.resumes(since=0)
    assert third.view["you"]["state"] == "in_court", "a seat that is free needs nobody's leave"
    await third.leaves()


async def test_whoever_is_taken_out_of_the_case_is_out_of_the_courtroom(
    court: dict[str, Caller], server: CourtServer, sitting: dict[str, Any]
) -> None:
    defendant = court["defendant"]
    person = f"{server.url}/api/hearings/{sitting['hearing_id']}/people/{defendant.participant_id}"
    async with server.http() as http:
        async with http.delete(person) as answer:
            assert answer.status == 401
        signs_in = {"user_name": "clerk", "password": server.staff_password()}
        async with http.post(f"{server.url}/api/session", json=signs_in) as answer:
            assert answer.status == 200, await answer.text()
        async with http.delete(person, params={"reason": "变更诉讼代理人"}) as answer:
            assert answer.status == 204, await answer.text()
    assert await defendant.until_goodbye() == "removed"
    with pytest.raises(socketio.exceptions.ConnectionError):
        await defendant.connects()
    with pytest.raises(Refused) as refusal:
        await Caller(server.url).joins(sitting["links"]["defendant"])
    assert refusal.value.code == "link_not_valid"
    moved = [e["event"] for e in court["judge"].events if e["event"] and e["event"].get("to") == "removed"]
    assert [each["reason"] for each in moved] == ["变更诉讼代理人"]
