"""What every media plane must do, in one process or in many: one suite, over real connections."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cloudcourt.domain.errors import MediaRefused, MediaUnavailable, RecorderNotReady
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import MediaPlane
from cloudcourt.domain.recording import RecorderState, Seat
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import NO_ROUTING, Flow, MediaKind, Routing
from cloudcourt.observability.tasks import Crew
from media.options import MediaOptions
from media.plane import InProcessMediaPlane
from media.record.sidecar import read_sidecars
from media.rtp import payload_offset
from media.worker.pool import WorkerMediaPlane
from tests.bed.media_hearing import PEOPLE, MediaHearing, Speaker, WallClock, everyone
from tests.bed.rtc_client import until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF

pytestmark = pytest.mark.contract

NOWHERE = HearingId("h_nowhere")


@asynccontextmanager
async def in_process(data_dir: Path) -> AsyncIterator[MediaPlane]:
    plane = InProcessMediaPlane(data_dir=data_dir, clock=WallClock(), options=MediaOptions())
    await plane.start()
    yield plane
    await plane.close()


@asynccontextmanager
async def in_workers(data_dir: Path) -> AsyncIterator[MediaPlane]:
    plane = WorkerMediaPlane(data_dir=data_dir, clock=WallClock(), options=MediaOptions(), workers=1)
    await plane.start()
    yield plane
    await plane.close()


@pytest.fixture(params=[in_process, in_workers])
async def plane(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaPlane]:
    async with request.param(tmp_path) as plane:
        yield plane


@pytest.fixture
async def hearing(plane: MediaPlane, tmp_path: Path) -> AsyncIterator[MediaHearing]:
    hearing = MediaHearing(plane, tmp_path)
    await hearing.open()
    yield hearing
    await hearing.leave()


def clip(person: ParticipantId, kind: MediaKind, from_s: float = 0.0) -> list[bytes]:
    """Packets of a short stretch of that person; a picture begins with a key frame."""
    return [a.packet for a in RtpSource(person).arrivals(0.4, from_s=from_s, kinds=(kind,)) if a.packet]


def payloads(packets: list[bytes]) -> list[bytes]:
    return [packet[payload_offset(packet) :] for packet in packets]


async def test_people_hear_and_see_each_other(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge, plaintiff, defendant = [await hearing.enters(person) for person in PEOPLE]
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    sound, picture = clip(JUDGE, "audio"), clip(JUDGE, "video")
    await judge.send(*sound, *picture)
    for viewer in (plaintiff, defendant):
        assert payloads(await viewer.receives(JUDGE, "audio", len(sound))) == payloads(sound)
        assert payloads(await viewer.receives(JUDGE, "video", len(picture))) == payloads(picture)
    assert hearing.court.told == [("connected", person) for person in PEOPLE]


async def test_a_routing_is_obeyed_before_it_returns(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge, plaintiff = await hearing.enters(JUDGE), await hearing.enters(PLAINTIFF)
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    shown, hidden = clip(JUDGE, "video"), clip(JUDGE, "video", from_s=1.0)
    await judge.send(*shown)
    await plaintiff.receives(JUDGE, "video", len(shown))
    await plane.set_routing(hearing.id, everyone("audio"))
    # The sound is sent last and arrives: whatever became of the picture has happened by then.
    sound = clip(JUDGE, "audio")
    await judge.send(*hidden, *sound)
    await plaintiff.receives(JUDGE, "audio", len(sound))
    assert payloads(plaintiff.stream(JUDGE, "video")) == payloads(shown)


async def test_the_weather_tells_who_is_connected(hearing: MediaHearing) -> None:
    await hearing.enters(JUDGE)
    await until(lambda: JUDGE in {p.participant_id for p in hearing.court.weather.people if p.connected}, "weather")


async def test_nothing_flows_before_a_routing(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge, plaintiff = await hearing.enters(JUDGE), await hearing.enters(PLAINTIFF)
    await judge.send(*clip(JUDGE, "audio"))
    await plane.set_routing(hearing.id, everyone("video"))
    picture = clip(JUDGE, "video")
    await judge.send(*picture)
    await plaintiff.receives(JUDGE, "video", len(picture))
    assert not plaintiff.stream(JUDGE, "audio")


async def test_the_recording_is_written_and_closed(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge = await hearing.enters(JUDGE)
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    assert plane.recorder_health(hearing.id).state is RecorderState.OFF
    assert (await plane.preflight(hearing.id)).ready
    await plane.start_recording(hearing.id)
    assert plane.recorder_health(hearing.id).state is RecorderState.WRITING
    speaking = Crew("people")
    speaking.start(Speaker(judge, JUDGE).speak(), name="judge")
    await until(lambda: plane.recorder_health(hearing.id).bytes_last_5s > 0, "bytes are on the disk")
    await speaking.dismiss()
    await plane.stop_recording(hearing.id)
    assert plane.recorder_health(hearing.id).state is RecorderState.OFF
    tracks = read_sidecars(hearing.folder)
    assert {(track.participant_id, track.kind) for track in tracks} == {(JUDGE, "audio"), (JUDGE, "video")}
    assert all(track.closed for track in tracks)
    segments = hearing.court.segments
    assert {(part.participant_id, part.kind, part.reason) for part in segments} == {
        (JUDGE, "audio", "phase"),
        (JUDGE, "video", "phase"),
    }
    for part in segments:
        assert hashlib.sha256((hearing.folder / part.file).read_bytes()).hexdigest() == part.sha256
    assert sum(part.bytes for part in segments) == plane.recorder_health(hearing.id).bytes_written


async def test_a_refused_offer_says_why(plane: MediaPlane, hearing: MediaHearing) -> None:
    offer = await hearing.browser().offer()
    refused = {
        "no_media": "v=0\r\n",
        "too_large": "v=0\r\n" + "\x01" * 1_000_000,
        "too_many_lines": offer + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" * 200,
    }
    for reason, text in refused.items():
        with pytest.raises(MediaRefused) as refusal:
            await plane.connect(hearing.id, JUDGE, text)
        assert refusal.value.fields == {"reason": reason}
    with pytest.raises(MediaRefused) as refusal:
        await plane.connect(hearing.id, ParticipantId("p_nobody"), offer)
    assert refusal.value.fields == {"reason": "no_seat"}
    await hearing.enters(JUDGE)


async def test_a_person_is_disconnected(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge, _ = await hearing.enters(JUDGE), await hearing.enters(DEFENDANT)
    await plane.disconnect(hearing.id, JUDGE)
    await plane.disconnect(hearing.id, JUDGE)
    await hearing.court.hears("gone", JUDGE)
    await until(lambda: judge.dtls.state == "closed", "the browser heard goodbye")
    await hearing.enters(JUDGE)
    assert ("gone", DEFENDANT) not in hearing.court.told


async def test_a_hearing_is_opened_once_and_tells_whoever_opened_it_last(
    plane: MediaPlane, hearing: MediaHearing, tmp_path: Path
) -> None:
    await hearing.enters(JUDGE)
    again = MediaHearing(plane, tmp_path)
    await again.open()
    await again.enters(PLAINTIFF)
    assert hearing.court.told == [("connected", JUDGE)]
    assert again.court.told == [("connected", PLAINTIFF)]
    await again.leave()


async def test_a_closed_hearing_takes_nobody(plane: MediaPlane, hearing: MediaHearing) -> None:
    await hearing.enters(JUDGE)
    await plane.start_recording(hearing.id)
    await plane.close_hearing(hearing.id)
    await plane.close_hearing(hearing.id)
    assert plane.recorder_health(hearing.id).state is RecorderState.OFF
    for closed in (hearing.id, NOWHERE):
        with pytest.raises(MediaUnavailable):
            await plane.connect(closed, JUDGE, await hearing.browser().offer())
        with pytest.raises(RecorderNotReady) as refusal:
            await plane.start_recording(closed)
        assert refusal.value.fields == {"reason": "hearing_not_open"}
        assert (await plane.preflight(closed)).reason == "hearing_not_open"
        await plane.set_routing(closed, NO_ROUTING)
        await plane.stop_recording(closed)
        await plane.disconnect(closed, JUDGE)
    await hearing.open()
    await hearing.enters(JUDGE)


async def test_it_counts_what_each_listener_was_sent(plane: MediaPlane, hearing: MediaHearing) -> None:
    """The court states from this count what an isolated witness got: it must be exact, over reconnects too."""
    judge, plaintiff, _ = [await hearing.enters(person) for person in PEOPLE]
    assert not any((await plane.packets_sent(hearing.id)).by_listener.values())
    source = RtpSource(JUDGE)
    sound, more = [[a.packet for a in source.arrivals(0.4, from_s=at, kinds=("audio",)) if a.packet] for at in (0, 0.4)]
    only_plaintiff = {flow for flow in everyone("audio").flows if flow.listener == PLAINTIFF}
    await plane.set_routing(hearing.id, Routing(flows=frozenset(only_plaintiff)))
    await judge.send(*sound)
    await plaintiff.receives(JUDGE, "audio", len(sound))
    again = await hearing.enters(PLAINTIFF)
    sent = await plane.packets_sent(hearing.id)
    assert sent.by_listener.get(PLAINTIFF) == len(sound)
    assert not sent.by_listener.get(DEFENDANT)
    await judge.send(*more)
    await again.receives(JUDGE, "audio", len(more))
    later = await plane.packets_sent(hearing.id)
    assert later.by_listener.get(PLAINTIFF) == len(sound) + len(more)
    assert later.counted_since == sent.counted_since
    with pytest.raises(MediaUnavailable):
        await plane.packets_sent(NOWHERE)


async def test_somebody_is_seated_while_the_hearing_goes_on(plane: MediaPlane, hearing: MediaHearing) -> None:
    """Those who sit there go on hearing each other; whoever offers anew has lines for the new seat."""
    judge, plaintiff = await hearing.enters(JUDGE), await hearing.enters(PLAINTIFF)
    late, before = ParticipantId("p_late"), hearing.media()
    seated = (*before.seats, Seat(participant_id=late, role=Role.REPRESENTATIVE, name="-"))
    await plane.open_hearing(before.model_copy(update={"seats": seated}), hearing.court)
    flows = everyone("audio").flows | {Flow(late, PLAINTIFF, "audio"), Flow(late, JUDGE, "audio")}
    await plane.set_routing(hearing.id, Routing(flows=flows))
    source = RtpSource(JUDGE)
    sound, more = [[a.packet for a in source.arrivals(0.4, from_s=at, kinds=("audio",)) if a.packet] for at in (0, 0.4)]
    await judge.send(*sound)
    assert payloads(await plaintiff.receives(JUDGE, "audio", len(sound))) == payloads(sound)
    hearing.pairs += 1
    again, new = await hearing.enters(PLAINTIFF), await hearing.enters(late)
    said = clip(late, "audio")
    await new.send(*said)
    assert payloads(await again.receives(late, "audio", len(said))) == payloads(said)
    await judge.send(*more)
    assert payloads(await again.receives(JUDGE, "audio", len(more))) == payloads(more)
