"""Dead networks, second sockets and relays at the signaling door of a real server process."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from signaling.limits import BEAT_BURST
from tests.bed.caller import Caller, Refused
from tests.bed.court_server import CourtServer
from tests.bed.wire import Wire

pytestmark = pytest.mark.loopback


@pytest.fixture
async def wire(server: CourtServer) -> AsyncIterator[Wire]:
    async with Wire(server.port) as wire:
        yield wire


@pytest.fixture
async def judge(server: CourtServer, sitting: dict[str, Any]) -> AsyncIterator[Caller]:
    judge = Caller(server.url)
    await judge.joins(sitting["links"]["judge"])
    await judge.asks("report_ready")
    yield judge
    await judge.leaves()


@pytest.fixture
async def defendant(sitting: dict[str, Any], judge: Caller, wire: Wire) -> AsyncIterator[Caller]:
    """In a court that sits, over a wire that may die."""
    defendant = Caller(wire.url)
    defendant.page = "the-first-page"
    await defendant.joins(sitting["links"]["defendant"])
    await defendant.asks("report_ready")
    await judge.asks("open_hearing", countdown_ms=0)
    await defendant.until("in_session")
    yield defendant
    wire.revive()
    await defendant.leaves()


def state_of(view: dict[str, object], person: Caller) -> str:
    people: list[dict[str, str]] = view["people"]  # type: ignore[assignment]
    return next(p["state"] for p in people if p["id"] == person.participant_id)


def moves_of(judge: Caller, person: Caller) -> list[str]:
    """Where the judge saw that person go since the court sits."""
    began = next(i for i, e in enumerate(judge.events) if (e["event"] or {}).get("kind") == "hearing_opened")
    moves = [e["event"] for e in judge.events[began:] if (e["event"] or {}).get("kind") == "participant_moved"]
    return [move["to"] for move in moves if move["participant_id"] == person.participant_id]


async def test_a_dead_network_is_noticed_and_the_old_socket_may_attach_again(
    judge: Caller, defendant: Caller, wire: Wire
) -> None:
    await defendant.until_told(lambda person: person.beats > 2)
    wire.silence()
    await judge.until_view(lambda view: state_of(view, defendant) == "reconnecting")
    await judge.asks("set_phase", phase="debate")
    wire.revive()
    with pytest.raises(Refused) as refusal:
        await defendant.asks("set_devices", microphone_on=False, camera_on=True)
    assert refusal.value.code == "not_attached"
    await defendant.resumes()
    assert defendant.view["you"]["state"] == "in_court"
    assert defendant.view["phase"] == "debate"
    await judge.until_view(lambda view: state_of(view, defendant) == "in_court")
    assert moves_of(judge, defendant) == ["reconnecting", "in_court"]


async def test_a_second_socket_of_the_same_page_replaces_the_dead_one_without_a_word(
    judge: Caller, defendant: Caller, wire: Wire
) -> None:
    wire.silence()
    second = Caller(wire.url)
    second.seat, second.page, second.events = defendant.seat, defendant.page, list(defendant.events)
    await second.connects()
    await judge.asks("set_phase", phase="debate")
    await second.until_view(lambda view: view["phase"] == "debate")
    wire.revive()
    assert await defendant.until_goodbye() == "replaced"
    assert moves_of(judge, second) == [], "nobody saw them go"
    await second.leaves()


async def test_another_page_takes_the_seat_and_the_first_is_told(defendant: Caller) -> None:
    second = Caller(defendant.url)
    second.seat, second.page = defendant.seat, "another-page"
    await second.connects(since=0)
    assert await defendant.until_goodbye() == "superseded"
    await second.leaves()


async def test_answers_to_beats_cost_no_commands_but_are_bounded(judge: Caller, defendant: Caller) -> None:
    for number in range(int(BEAT_BURST) - 5):
        await defendant.emits_raw("beat", {"n": number})
    await defendant.asks("set_devices", microphone_on=False, camera_on=True)
    for number in range(100):
        await defendant.emits_raw("beat", {"n": number})
    assert await defendant.until_goodbye() == "too_fast"
    await judge.asks("set_phase", phase="debate")


async def test_beats_with_anything_else_in_them_are_strikes(defendant: Caller) -> None:
    for payload in ({"n": -1}, {"n": 1, "role": "judge"}, "x"):
        await defendant.emits_raw("beat", payload)
    assert await defendant.until_goodbye() == "too_fast"


async def test_everyone_in_court_gets_weather_and_only_those_who_keep_order_get_every_link(
    judge: Caller, defendant: Caller
) -> None:
    await defendant.until_told(lambda person: person.weather)
    await judge.until_told(lambda person: person.weather)
    common = {"recorder", "now", "suspends_at", "speaker", "paused", "link"}
    assert set(defendant.weather) - {"checkpoint"} == common
    assert "links" in judge.weather


async def test_relay_credentials_are_made_for_whoever_asks(tmp_path: Path) -> None:
    urls = ["turn:turn.court.example:3478?transport=tcp"]
    server = CourtServer(
        tmp_path / "relayed", turn_urls=json.dumps(urls), turn_secret="s3cret", turn_credential_s="120"
    )
    await server.start()
    try:
        person = Caller(server.url)
        await person.joins((await server.demo())["links"]["plaintiff"])
        answer = await person.calls("ice_servers", {})
        with pytest.raises(Refused) as refusal:
            await person.calls("ice_servers", {"participant_id": "p_other"})
        assert refusal.value.code == "invalid_input"
        await person.leaves()
    finally:
        await server.stop()
    assert answer["good_for_s"] == 120
    (relay,) = answer["ice_servers"]
    assert relay["urls"] == urls
    assert relay["username"].endswith(f":{person.participant_id}")
    signature = base64.b64encode(hmac.digest(b"s3cret", relay["username"].encode(), "sha1")).decode()
    assert relay["credential"] == signature


async def test_without_relays_the_list_is_empty(defendant: Caller) -> None:
    assert (await defendant.calls("ice_servers", {}))["ice_servers"] == []
