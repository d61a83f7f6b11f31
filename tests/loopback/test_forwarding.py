"""Real packets of real encoders through the media plane, over real sockets, to other people's connections."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cloudcourt.domain.errors import MediaRefused, MediaUnavailable
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import HearingMedia, MediaWeather
from cloudcourt.domain.recording import RecorderState, Seat, SegmentClosed
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import NO_ROUTING, Flow, MediaKind, Routing, Taken
from media import browser_link, rtcp
from media import peer as media_peer
from media.plane import InProcessMediaPlane
from media.record.sidecar import read_sidecars
from media.rtp import payload_offset, starts_vp8_key_frame, vp8_picture
from tests.bed.rtc_client import (
    H264,
    MID_ID,
    RTX,
    RtcClient,
    repair_of,
    seq_of,
    timestamp_of,
    until,
)
from tests.bed.rtp_source import RtpSource, Wire
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF

pytestmark = pytest.mark.loopback

UNKNOWN = 127
"""A payload type that nobody negotiated."""
HEARING = HearingId("h_forwarding")
PEOPLE = (JUDGE, PLAINTIFF, DEFENDANT)
KINDS: tuple[MediaKind, ...] = ("audio", "video")


def everyone(*kinds: MediaKind) -> Routing:
    """Open court, for these kinds."""
    return Routing(
        flows=frozenset(Flow(a, b, kind) for a in PEOPLE for b in PEOPLE for kind in kinds if a != b),
        recorded=frozenset(Taken(a, kind) for a in PEOPLE for kind in kinds),
    )


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class Gallery:
    """Listens to the plane."""

    def __init__(self) -> None:
        self.links: list[tuple[ParticipantId, bool]] = []
        self.weather = MediaWeather()

    def media_link_changed(self, hearing_id: HearingId, participant_id: ParticipantId, connected: bool) -> None:
        assert hearing_id == HEARING
        self.links.append((participant_id, connected))

    def media_weather(self, hearing_id: HearingId, weather: MediaWeather) -> None:
        self.weather = weather

    def media_lost(self, hearing_id: HearingId) -> None:
        raise AssertionError

    def recorder_stalled(self, hearing_id: HearingId, since: datetime, reason: str) -> None:
        raise AssertionError(reason)

    def recorder_recovered(self, hearing_id: HearingId) -> None:
        raise AssertionError

    def pictures_kept(self, hearing_id: HearingId, are_kept: bool) -> None:
        assert are_kept

    def segment_closed(self, hearing_id: HearingId, segment: SegmentClosed) -> None:
        assert segment.packets > 0


class Courtroom:
    """A plane with one open hearing of three."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "hearings" / HEARING
        self.plane = InProcessMediaPlane(data_dir=folder, clock=WallClock())
        self.gallery = Gallery()
        self._clients: list[RtcClient] = []
        self._strays = 0

    async def open(self) -> None:
        roles = (Role.JUDGE, Role.PLAINTIFF, Role.DEFENDANT)
        seats = tuple(
            Seat(participant_id=person, role=role, name="-") for person, role in zip(PEOPLE, roles, strict=True)
        )
        hearing = HearingMedia(hearing_id=HEARING, case_number="1", cause="-", seats=seats)
        await self.plane.open_hearing(hearing, self.gallery)

    def browser(self, **features: Any) -> RtcClient:
        """Somebody's browser, not connected yet."""
        client = RtcClient(pairs=2, **features)
        self._clients.append(client)
        return client

    async def enters(self, person: ParticipantId, **features: Any) -> RtcClient:
        client = self.browser(**features)
        before = self.gallery.links.count((person, True))
        await client.join(self.plane, HEARING, person)
        await until(lambda: self.gallery.links.count((person, True)) > before, f"{person} is connected")
        return client

    async def route(self, routing: Routing) -> None:
        await self.plane.set_routing(HEARING, routing)

    async def heard_out(self, client: RtcClient) -> None:
        """Return once the server has dealt with all that `client` sent: a stray packet comes last."""
        self._strays += 1
        await client.send(bytes([0x80, UNKNOWN]) + self._strays.to_bytes(2, "big") + bytes(8))
        await until(lambda: self.plane.ingress.rtp_malformed == self._strays, "the server caught up")

    async def close(self) -> None:
        await self.plane.close()
        for client in self._clients:
            await client.close()


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    yield room
    await room.close()


def clip(source: RtpSource, kind: MediaKind, seconds: float = 0.4, from_s: float = 0.0) -> list[bytes]:
    """Packets of a stretch of that person's sound or picture; a picture begins with a key frame."""
    arrivals = source.arrivals(seconds, from_s=from_s, kinds=(kind,))
    return [arrival.packet for arrival in arrivals if arrival.packet]


def payloads(packets: list[bytes]) -> list[bytes]:
    return [packet[payload_offset(packet) :] for packet in packets]


def contents(packets: list[bytes], kind: MediaKind) -> list[bytes]:
    """Payloads; of a picture without its number, which goes on across a switch."""
    return payloads(packets) if kind == "audio" else [payload[4:] for payload in payloads(packets)]


def are_numbered_on(packets: list[bytes]) -> bool:
    """Whether picture ids of VP8 go on by one, whatever the source's were."""
    ids = [vp8_picture(packet, payload_offset(packet), len(packet)) for packet in packets]
    numbers = [found[0] for found in ids if found is not None]
    return len(numbers) == len(packets) and all((b - a) & 0x7FFF in (0, 1) for a, b in pairwise(numbers))


def is_without_holes(packets: list[bytes]) -> bool:
    seqs = [seq_of(packet) for packet in packets]
    return all((b - a) & 0xFFFF == 1 for a, b in pairwise(seqs))


def is_forward_in_time(packets: list[bytes]) -> bool:
    times = [timestamp_of(packet) for packet in packets]
    return all((b - a) & 0xFFFFFFFF < 0x80000000 for a, b in pairwise(times))


async def test_everyone_hears_and_sees_everyone(court: Courtroom) -> None:
    judge, plaintiff, defendant = [await court.enters(person) for person in PEOPLE]
    await court.route(everyone(*KINDS))
    face = RtpSource(JUDGE)
    sound, picture = clip(face, "audio"), clip(face, "video")
    await judge.send(*sound, *picture)
    for viewer in (plaintiff, defendant):
        for kind, sent in zip(KINDS, (sound, picture), strict=True):
            came = await viewer.receives(JUDGE, kind, len(sent))
            assert payloads(came) == payloads(sent)
            assert is_without_holes(came)
            assert is_forward_in_time(came)
    assert court.gallery.links == [(person, True) for person in PEOPLE]


async def test_a_packet_carries_the_viewers_own_mid_and_nothing_else_of_its_header(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    await judge.send(*clip(RtpSource(JUDGE), "video"))
    await until(lambda: plaintiff.stream(JUDGE, "video"))
    packet = plaintiff.stream(JUDGE, "video")[0]
    assert plaintiff.answer is not None
    mid = plaintiff.answer.seats[0].video_mid.encode()
    assert packet[0] == 0x90
    assert packet[12:18] == b"\xbe\xde\x00\x01" + bytes([MID_ID << 4]) + mid


async def test_nothing_flows_before_a_routing_and_nothing_old_flows_after_it(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    face = RtpSource(JUDGE)
    await judge.send(*clip(face, "audio"), *clip(face, "video"))
    await court.heard_out(judge)
    await court.route(everyone("audio"))
    later = clip(face, "audio", from_s=0.4)
    await judge.send(*clip(face, "video", from_s=0.4), *later)
    await plaintiff.receives(JUDGE, "audio", len(later))
    assert payloads(plaintiff.stream(JUDGE, "audio")) == payloads(later)
    assert plaintiff.stream(JUDGE, "video") == []


async def test_a_recess_cuts_and_the_resumed_stream_has_no_hole(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    face = RtpSource(JUDGE)
    await court.route(everyone(*KINDS))
    before = {kind: clip(face, kind) for kind in KINDS}
    await judge.send(*before["audio"], *before["video"])
    await court.heard_out(judge)
    await court.route(NO_ROUTING)
    in_recess = {kind: clip(face, kind, from_s=0.4) for kind in KINDS}
    await judge.send(*in_recess["audio"], *in_recess["video"])
    await court.heard_out(judge)
    await court.route(everyone(*KINDS))
    after = {kind: clip(face, kind, from_s=0.8) for kind in KINDS}
    await judge.send(*after["audio"], *after["video"])
    for kind in KINDS:
        wanted = contents(before[kind] + after[kind], kind)
        came = await plaintiff.receives(JUDGE, kind, len(wanted))
        assert contents(came, kind) == wanted
        assert kind == "audio" or are_numbered_on(came)
        assert is_without_holes(came)
        assert is_forward_in_time(came)


async def test_a_picture_begins_with_a_key_frame_that_was_asked_for(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    face = RtpSource(JUDGE)
    first = clip(face, "video", 1.0)
    middle = len(first) // 2
    await judge.send(*first[:middle])
    await court.heard_out(judge)
    await court.route(everyone(*KINDS))
    await until(judge.key_frame_requests, "the server asks for a key frame")
    await judge.send(*first[middle:])
    await court.heard_out(judge)
    assert plaintiff.stream(JUDGE, "video") == []
    await judge.send(*clip(face, "video", from_s=1.0))
    await until(lambda: plaintiff.stream(JUDGE, "video"))
    start = plaintiff.stream(JUDGE, "video")[0]
    assert starts_vp8_key_frame(start, payload_offset(start))


async def test_many_wishes_for_a_key_frame_make_one_request(court: Courtroom) -> None:
    judge, plaintiff, defendant = [await court.enters(person) for person in PEOPLE]
    await court.route(everyone(*KINDS))
    await judge.send(*clip(RtpSource(JUDGE), "video"))
    await until(lambda: plaintiff.stream(JUDGE, "video") and defendant.stream(JUDGE, "video"))
    for _ in range(20):
        await plaintiff.ask_key_frame(JUDGE)
        await defendant.ask_key_frame(JUDGE)
    await court.heard_out(plaintiff)
    await court.heard_out(defendant)
    await until(judge.key_frame_requests)
    assert judge.key_frame_requests() <= 2


async def test_what_the_publisher_lost_is_asked_for_and_comes_by_repair(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    sent = clip(RtpSource(JUDGE), "video", 1.2)
    lost = [packet for number, packet in enumerate(sent) if number % 7 == 5]
    await judge.send(*(packet for packet in sent if packet not in lost))
    await until(lambda: judge.nacked() >= {seq_of(packet) for packet in lost}, "all lost packets are asked for")
    await judge.send(*(repair_of(packet, seq=number) for number, packet in enumerate(lost)))
    await plaintiff.receives(JUDGE, "video", len(sent))
    came = sorted(plaintiff.stream(JUDGE, "video"), key=seq_of)
    assert is_without_holes(came)
    assert payloads(came) == payloads(sent)


async def test_a_lost_packet_is_asked_for_again_and_again_but_not_for_ever(court: Courtroom) -> None:
    judge, _ = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    sent = clip(RtpSource(JUDGE), "video", 1.2)
    await judge.send(*sent[:5], *sent[6:])

    def times_asked() -> int:
        asked = (n for n in judge.notices() if isinstance(n, rtcp.Nack))
        return sum(seq_of(sent[5]) in n.seqs for n in asked)

    await until(lambda: times_asked() >= 4, "it is asked for a fourth time")
    await judge.send(repair_of(sent[5], seq=1))
    await court.heard_out(judge)
    settled = times_asked()
    await judge.send(*clip(RtpSource(JUDGE, video=Wire(0x1111, 96, seq_of(sent[-1]) + 1, 0)), "video"))
    await court.heard_out(judge)
    assert times_asked() == settled


@pytest.mark.parametrize("repairs", [True, False])
async def test_what_a_viewer_lost_is_sent_again(court: Courtroom, repairs: bool) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF, repairs=repairs)
    await court.route(everyone(*KINDS))
    lost = plaintiff.lose_every(7, JUDGE)
    sent = clip(RtpSource(JUDGE), "video", 1.2)
    await judge.send(*sent)
    await until(lambda: len(plaintiff.stream(JUDGE, "video")) + len(lost) == len(sent))
    assert len(lost) >= 4
    await plaintiff.ask_again(JUDGE, *lost)
    missing = [packet for number, packet in enumerate(sent, 1) if number % 7 == 0]
    if repairs:
        await until(lambda: len(plaintiff.repairs(JUDGE)) == len(lost))
        came = plaintiff.repairs(JUDGE)
        assert is_without_holes(came)
        assert all(packet[1] & 0x7F == RTX for packet in came)
        assert [int.from_bytes(p[:2], "big") for p in payloads(came)] == lost
        assert [p[2:] for p in payloads(came)] == payloads(missing)
    else:
        await plaintiff.receives(JUDGE, "video", len(sent))
        came = plaintiff.stream(JUDGE, "video")[-len(lost) :]
        assert [seq_of(packet) for packet in came] == lost
        assert payloads(came) == payloads(missing)


async def test_a_closed_flow_is_not_repaired(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    sent = clip(RtpSource(JUDGE), "video")
    await judge.send(*sent)
    await plaintiff.receives(JUDGE, "video", len(sent))
    await court.route(everyone("audio"))
    await plaintiff.ask_again(JUDGE, *(seq_of(packet) for packet in plaintiff.stream(JUDGE, "video")))
    await court.heard_out(plaintiff)
    sound = clip(RtpSource(JUDGE), "audio")
    await judge.send(*sound)
    await plaintiff.receives(JUDGE, "audio", len(sound))
    assert plaintiff.repairs(JUDGE) == []


async def test_a_source_that_reconnects_goes_on_in_the_same_stream(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    first = {kind: clip(RtpSource(JUDGE), kind) for kind in KINDS}
    await judge.send(*first["audio"], *first["video"])
    await plaintiff.receives(JUDGE, "video", len(first["video"]))
    again = await court.enters(JUDGE)
    assert court.gallery.links[-2:] == [(JUDGE, False), (JUDGE, True)]
    elsewhere = RtpSource(JUDGE, video=Wire(0xABCD, 96, 17, 5), audio=Wire(0xDCBA, 111, 60_000, 99))
    second = {kind: clip(elsewhere, kind) for kind in KINDS}
    await again.send(*second["audio"], *second["video"])
    for kind in KINDS:
        wanted = contents(first[kind] + second[kind], kind)
        came = await plaintiff.receives(JUDGE, kind, len(wanted))
        assert contents(came, kind) == wanted
        assert kind == "audio" or are_numbered_on(came)
        assert is_without_holes(came)
        assert is_forward_in_time(came)
    before, after = plaintiff.stream(JUDGE, "video")[len(first["video"]) - 1 :][:2]
    assert timestamp_of(before) != timestamp_of(after)


async def test_sender_reports_keep_the_publishers_clock(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    face = RtpSource(JUDGE)
    picture = clip(face, "video")
    await judge.send(*picture)
    await plaintiff.receives(JUDGE, "video", len(picture))
    ntp, shown = 0xE0000000_12345678, timestamp_of(picture[-1])
    await judge.send(rtcp.sender_report(0x1111, ntp, shown, len(picture), 9999) + rtcp.description(0x1111, "x"))

    def reports() -> list[rtcp.SenderReport]:
        return [n for n in plaintiff.notices() if isinstance(n, rtcp.SenderReport)]

    await until(reports)
    report = reports()[0]
    assert report.ssrc == plaintiff.ssrc_of(JUDGE, "video")
    assert report.ntp == ntp
    assert report.timestamp == timestamp_of(plaintiff.stream(JUDGE, "video")[-1])


async def test_a_publisher_learns_of_its_loss_and_its_allowance(court: Courtroom) -> None:
    judge = await court.enters(JUDGE)
    await judge.send(*clip(RtpSource(JUDGE), "video"))

    def told() -> bytes | None:
        return next((c for c in judge.dtls.rtcp if b"REMB" in c), None)

    await until(told)
    compound = told()
    assert compound is not None
    assert compound[1] == 201
    assert int.from_bytes(compound[8:12], "big") == 0x1111


async def test_a_viewer_without_devices_is_served(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF, sends=False)
    await court.route(everyone(*KINDS))
    sound = clip(RtpSource(JUDGE), "audio")
    await judge.send(*sound)
    await plaintiff.receives(JUDGE, "audio", len(sound))
    assert plaintiff.answer is not None
    assert plaintiff.answer.sdp.count("a=inactive") == 2


async def test_h264_passes_when_a_publisher_has_nothing_else(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE, h264_only=True), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    picture = clip(RtpSource(JUDGE, codec="h264", video=Wire(0x1111, H264, 1, 1)), "video")
    await judge.send(*picture)
    await plaintiff.receives(JUDGE, "video", len(picture))
    assert payloads(plaintiff.stream(JUDGE, "video")) == payloads(picture)
    assert {packet[1] & 0x7F for packet in plaintiff.stream(JUDGE, "video")} == {H264}


async def test_what_is_on_the_record_reaches_the_recorder_repairs_and_reports_included(court: Courtroom) -> None:
    judge = await court.enters(JUDGE)
    assert (await court.plane.preflight(HEARING)).ready
    await court.plane.start_recording(HEARING)
    await court.route(everyone(*KINDS))
    face = RtpSource(JUDGE)
    picture = clip(face, "video", 1.0)
    lost = picture.pop(4)
    await judge.send(*clip(face, "audio", 1.0), *picture)
    await until(lambda: seq_of(lost) in judge.nacked())
    await judge.send(repair_of(lost, seq=1))
    await judge.send(rtcp.sender_report(0x1111, 1 << 60, timestamp_of(lost), 1, 1))
    await court.heard_out(judge)
    await until(lambda: court.plane.recorder_health(HEARING).bytes_written > 0, "bytes are on the disk")
    await court.plane.stop_recording(HEARING)
    assert court.plane.recorder_health(HEARING).state is RecorderState.OFF
    tracks = {track.kind: track for track in read_sidecars(court.folder)}
    assert set(tracks) == {"audio", "video"}
    assert tracks["video"].duration_s == pytest.approx(1.0, abs=0.1)


async def test_a_stranger_and_a_closed_hearing_are_refused(court: Courtroom) -> None:
    client = RtcClient(pairs=2)
    offer = await client.offer()
    with pytest.raises(MediaRefused):
        await court.plane.connect(HEARING, ParticipantId("p_nobody"), offer)
    with pytest.raises(MediaUnavailable):
        await court.plane.connect(HearingId("h_other"), JUDGE, offer)
    await court.plane.close_hearing(HEARING)
    await court.plane.close_hearing(HEARING)
    with pytest.raises(MediaUnavailable):
        await court.plane.connect(HEARING, JUDGE, offer)
    await client.close()


async def test_a_person_who_leaves_is_gone_at_once(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    await court.plane.disconnect(HEARING, JUDGE)
    await court.plane.disconnect(HEARING, JUDGE)
    assert court.gallery.links[-1] == (JUDGE, False)
    await until(lambda: judge.dtls.state == "closed", "the browser is told")
    await plaintiff.close()
    await until(lambda: court.gallery.links[-1] == (PLAINTIFF, False), "a closed browser is noticed")


async def test_a_browser_that_falls_silent_is_given_up(court: Courtroom, monkeypatch: pytest.MonkeyPatch) -> None:
    await court.enters(JUDGE)
    monkeypatch.setattr(media_peer, "SILENT_NS", 1)
    await until(lambda: court.gallery.links == [(JUDGE, True), (JUDGE, False)], "the silence is noticed")
    assert court.plane.snapshot()["people_connected"] == 0


async def test_a_browser_that_never_comes_is_given_up(court: Courtroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_link, "CONNECT_DEADLINE_S", 0.05)
    client, before = RtcClient(pairs=2), asyncio.all_tasks()
    await court.plane.connect(HEARING, JUDGE, await client.offer())
    assert asyncio.all_tasks() > before
    await until(lambda: asyncio.all_tasks() == before, "nothing of it is left")
    assert court.gallery.links == []
    await client.close()


async def test_a_link_that_ends_by_itself_ends_the_recorded_track(court: Courtroom) -> None:
    judge = await court.enters(JUDGE)
    await court.plane.start_recording(HEARING)
    await court.route(everyone(*KINDS))
    await judge.send(*clip(RtpSource(JUDGE), "audio", 1.0))
    await court.heard_out(judge)
    await judge.close()
    await until(lambda: court.gallery.links[-1] == (JUDGE, False))
    await until(lambda: [track.closed for track in read_sidecars(court.folder)] == [True], "the track is closed")
    await court.plane.stop_recording(HEARING)
