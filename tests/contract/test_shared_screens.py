"""A shared screen in every media plane: it goes where the routing lets it, on a line of its own, and nowhere else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloudcourt.domain.errors import MediaRefused
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import MediaPlane
from cloudcourt.domain.routing import Flow, Routing, Taken
from media.options import MediaOptions
from media.plane import InProcessMediaPlane
from media.record.sidecar import Sidecar, read_sidecars
from media.rtp import payload_offset
from media.worker.pool import WorkerMediaPlane
from tests.bed.media_hearing import PEOPLE, MediaHearing, WallClock, everyone
from tests.bed.rtc_client import MID_ID, RtcClient, on_line, until
from tests.bed.rtp_source import RtpSource, Wire
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF

pytestmark = pytest.mark.contract

SCREEN_SSRC, DEFENDANTS_SSRC = 0x3333, 0x4444


@pytest.fixture(params=["in process", "in a worker"])
async def plane(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MediaPlane]:
    options = MediaOptions()
    plane: InProcessMediaPlane | WorkerMediaPlane
    if request.param == "in process":
        plane = InProcessMediaPlane(data_dir=tmp_path, clock=WallClock(), options=options)
    else:
        plane = WorkerMediaPlane(data_dir=tmp_path, clock=WallClock(), options=options, workers=1)
    await plane.start()
    yield plane
    await plane.close()


@pytest.fixture
async def hearing(plane: MediaPlane, tmp_path: Path) -> AsyncIterator[MediaHearing]:
    hearing = MediaHearing(plane, tmp_path)
    await hearing.open()
    yield hearing
    await hearing.leave()


def with_screen_of(person: ParticipantId) -> Routing:
    """Open court on the record, and one person's screen before it."""
    court = everyone("audio", "video")
    shown = frozenset(Flow(person, other, "screen") for other in PEOPLE if other != person)
    return Routing(flows=court.flows | shown, recorded=court.recorded | {Taken(person, "screen")})


def screen(client: RtcClient, person: ParticipantId, ssrc: int = SCREEN_SSRC, from_s: float = 0.0) -> list[bytes]:
    """Packets of a short stretch of a person's screen; they begin with a key frame."""
    source = RtpSource(person, colour=(250, 250, 250), size=(640, 360), video=Wire(ssrc, 96, 500, 9000))
    arrivals = source.arrivals(0.6, from_s=from_s, kinds=("video",))
    return client.on_own_screen([arrival.packet for arrival in arrivals if arrival.packet])


def camera(person: ParticipantId, from_s: float = 0.0) -> list[bytes]:
    arrivals = RtpSource(person).arrivals(0.4, from_s=from_s, kinds=("video",))
    return [on_line(arrival.packet, "1") for arrival in arrivals if arrival.packet]


def sound(person: ParticipantId, from_s: float = 0.0) -> list[bytes]:
    return [a.packet for a in RtpSource(person).arrivals(0.2, from_s=from_s, kinds=("audio",)) if a.packet]


def payloads(packets: list[bytes]) -> list[bytes]:
    return [packet[payload_offset(packet) :] for packet in packets]


def pictures_of(hearing: MediaHearing, person: ParticipantId) -> dict[str, Sidecar]:
    return {t.shows: t for t in read_sidecars(hearing.folder) if (t.participant_id, t.kind) == (person, "video")}


async def test_a_shared_screen_reaches_the_others_and_is_a_track_of_its_own(
    plane: MediaPlane, hearing: MediaHearing
) -> None:
    plaintiff = await hearing.enters(PLAINTIFF, screens=True)
    viewers = [await hearing.enters(person, screens=True) for person in (JUDGE, DEFENDANT)]
    await plane.set_routing(hearing.id, with_screen_of(PLAINTIFF))
    await plane.start_recording(hearing.id)
    face, shown = camera(PLAINTIFF), screen(plaintiff, PLAINTIFF)
    await plaintiff.send(*face, *shown)
    await until(lambda: min(len(viewer.courts_screen()) for viewer in viewers) >= len(shown), "the screen came")
    for viewer in viewers:
        assert payloads(viewer.courts_screen()) == payloads(shown)
        assert payloads(await viewer.receives(PLAINTIFF, "video", len(face))) == payloads(face)
    await plane.stop_recording(hearing.id)
    tracks = pictures_of(hearing, PLAINTIFF)
    assert {shows: (t.width, t.height, t.closed) for shows, t in tracks.items()} == {
        "person": (320, 240, True),
        "screen": (640, 360, True),
    }
    assert {part.track_id for part in hearing.court.segments} == {"p_plaintiff-video", "p_plaintiff-screen"}


async def test_of_a_screen_that_nobody_granted_not_one_packet_is_passed_on_or_recorded(
    plane: MediaPlane, hearing: MediaHearing
) -> None:
    judge, plaintiff = await hearing.enters(JUDGE, screens=True), await hearing.enters(PLAINTIFF, screens=True)
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    await plane.start_recording(hearing.id)
    # The sound is sent last and arrives: whatever became of the screen has happened by then.
    heard = sound(PLAINTIFF)
    await plaintiff.send(*screen(plaintiff, PLAINTIFF), *heard)
    await judge.receives(PLAINTIFF, "audio", len(heard))
    assert (judge.courts_screen(), judge.stream(PLAINTIFF, "video")) == ([], [])
    await plane.stop_recording(hearing.id)
    assert pictures_of(hearing, PLAINTIFF) == {}
    assert {part.track_id for part in hearing.court.segments} == {"p_plaintiff-audio"}


async def test_a_screen_ends_before_the_routing_returns_and_may_come_again(
    plane: MediaPlane, hearing: MediaHearing
) -> None:
    judge, plaintiff = await hearing.enters(JUDGE, screens=True), await hearing.enters(PLAINTIFF, screens=True)
    await plane.set_routing(hearing.id, with_screen_of(PLAINTIFF))
    first = screen(plaintiff, PLAINTIFF)
    await plaintiff.send(*first)
    await until(lambda: len(judge.courts_screen()) >= len(first), "the screen came")
    await plane.set_routing(hearing.id, everyone("audio", "video"))
    heard = sound(PLAINTIFF)
    await plaintiff.send(*screen(plaintiff, PLAINTIFF, from_s=1.0), *heard)
    await judge.receives(PLAINTIFF, "audio", len(heard))
    assert payloads(judge.courts_screen()) == payloads(first)


async def test_one_line_carries_one_screen_after_the_other(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge, plaintiff, defendant = [await hearing.enters(person, screens=True) for person in PEOPLE]
    await plane.set_routing(hearing.id, with_screen_of(PLAINTIFF))
    first = screen(plaintiff, PLAINTIFF)
    await plaintiff.send(*first)
    await until(lambda: len(judge.courts_screen()) >= len(first), "the plaintiff's screen came")
    await plane.set_routing(hearing.id, with_screen_of(DEFENDANT))
    second = screen(defendant, DEFENDANT, DEFENDANTS_SSRC)
    await defendant.send(*second)
    await until(lambda: len(judge.courts_screen()) >= len(first) + len(second), "the defendant's screen came")
    # The pictures are numbered on: what is behind the numbers is as it was sent.
    assert [p[4:] for p in payloads(judge.courts_screen())] == [p[4:] for p in payloads(first + second)]
    assert not defendant.courts_screen() or payloads(defendant.courts_screen()) == payloads(first)


async def test_a_picture_that_names_no_line_is_nobodys(plane: MediaPlane, hearing: MediaHearing) -> None:
    """Camera and screen have the same payload types: a nameless one could pass for the face."""
    judge, plaintiff = await hearing.enters(JUDGE, screens=True), await hearing.enters(PLAINTIFF, screens=True)
    await plane.set_routing(hearing.id, with_screen_of(PLAINTIFF))
    nameless = [packet[:18] + bytes(2) + packet[20:] for packet in screen(plaintiff, PLAINTIFF)]
    heard = sound(PLAINTIFF)
    await plaintiff.send(*nameless, *heard)
    await judge.receives(PLAINTIFF, "audio", len(heard))
    assert (judge.courts_screen(), judge.stream(PLAINTIFF, "video")) == ([], [])


async def test_who_offers_no_line_for_screens_takes_part_without(plane: MediaPlane, hearing: MediaHearing) -> None:
    judge, plaintiff = await hearing.enters(JUDGE), await hearing.enters(PLAINTIFF, screens=True)
    await plane.set_routing(hearing.id, with_screen_of(PLAINTIFF))
    assert judge.answer is not None and judge.answer.screen_mid is None
    face = camera(PLAINTIFF)
    await plaintiff.send(*screen(plaintiff, PLAINTIFF), *face)
    assert payloads(await judge.receives(PLAINTIFF, "video", len(face))) == payloads(face)


async def test_screens_without_names_for_lines_are_refused(plane: MediaPlane, hearing: MediaHearing) -> None:
    browser = hearing.browser(screens=True)
    offer = (await browser.offer()).replace(f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid\r\n", "")
    with pytest.raises(MediaRefused) as refused:
        await plane.connect(hearing.id, PLAINTIFF, offer)
    assert refused.value.fields["reason"] == "no_line_names"
