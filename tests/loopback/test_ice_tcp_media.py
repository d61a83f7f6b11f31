"""Media over TCP, for networks that let no UDP out; and the way back to UDP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloudcourt.domain.ids import ParticipantId
from media import rtcp
from tests.bed.rtc_client import RtcClient, seq_of, until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import HEARING, KINDS, Courtroom, clip, everyone, payloads
from tests.loopback.test_ice_restart import Talk

pytestmark = pytest.mark.loopback


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    await room.route(everyone(*KINDS))
    yield room
    await room.close()


def transport_of(court: Courtroom, person: ParticipantId) -> str | None:
    return next((p.transport for p in court.gallery.weather.people if p.participant_id == person), None)


async def both_hear(judge: RtcClient, plaintiff: RtcClient) -> tuple[Talk, Talk]:
    there, back = Talk(judge, plaintiff), Talk(plaintiff, judge, PLAINTIFF)
    await there.goes_on()
    await back.goes_on()
    return there, back


async def test_media_flow_both_ways_between_tcp_and_udp(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE, by_tcp=True), await court.enters(PLAINTIFF)
    await both_hear(judge, plaintiff)
    await until(lambda: transport_of(court, JUDGE) == "tcp", "the weather says so")
    assert transport_of(court, PLAINTIFF) == "udp"


async def test_media_flow_between_two_by_tcp(court: Courtroom) -> None:
    judge, plaintiff = [await court.enters(person, by_tcp=True) for person in (JUDGE, PLAINTIFF)]
    await both_hear(judge, plaintiff)


async def test_requests_and_repairs_go_by_tcp_too(court: Courtroom) -> None:
    judge, plaintiff = [await court.enters(person, by_tcp=True) for person in (JUDGE, PLAINTIFF)]
    sent = clip(RtpSource(JUDGE), "video", 1.2)
    await judge.send(*sent[:5], *sent[6:])
    await until(lambda: seq_of(sent[5]) in judge.nacked(), "the publisher is asked")
    came = await plaintiff.receives(JUDGE, "video", len(sent) - 1)
    await plaintiff.ask_again(JUDGE, seq_of(came[3]))
    await until(lambda: plaintiff.repairs(JUDGE), "the viewer is sent it again")
    assert payloads(plaintiff.repairs(JUDGE))[0][2:] == payloads(sent)[3]
    asked = judge.key_frame_requests()
    await plaintiff.ask_key_frame(JUDGE)
    await until(lambda: judge.key_frame_requests() > asked, "a key frame is asked for")
    await until(lambda: any(isinstance(n, rtcp.ReceiverReport) for n in judge.notices()), "reports come")


async def test_a_restart_leads_from_tcp_to_udp(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE, by_tcp=True), await court.enters(PLAINTIFF)
    there, back = await both_hear(judge, plaintiff)
    judge._by_tcp = False
    await judge.restart(court.plane, HEARING, JUDGE)
    await there.goes_on()
    await back.goes_on()
    await until(lambda: transport_of(court, JUDGE) == "udp", "the weather says so")
    assert court.gallery.links == [(JUDGE, True), (PLAINTIFF, True)]


async def test_a_connection_that_breaks_is_replaced_by_a_restart(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE, by_tcp=True), await court.enters(PLAINTIFF)
    there, back = await both_hear(judge, plaintiff)
    assert judge.roads.current is not None
    await judge.roads.current.close()
    door = court.plane._board._tcp
    assert door is not None
    await until(lambda: len(door) == 0, "the server has noticed")
    await judge.restart(court.plane, HEARING, JUDGE)
    await there.goes_on()
    await back.goes_on()
    assert court.gallery.links == [(JUDGE, True), (PLAINTIFF, True)]
