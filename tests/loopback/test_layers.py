"""Cameras that send layers: which one each viewer is sent, and the recorder, as links and people change."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from cloudcourt.domain.ids import ParticipantId
from media import rtcp
from media.record.sidecar import read_sidecars
from media.rtp import payload_offset, starts_vp8_key_frame
from tests.bed.live_person import FRAME_TICKS, LOUD, Layer, LivePerson, shown
from tests.bed.rtc_client import RtcClient, timestamp_of, until
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import (
    HEARING,
    KINDS,
    PEOPLE,
    Courtroom,
    are_numbered_on,
    everyone,
    is_without_holes,
)

pytestmark = [pytest.mark.loopback, pytest.mark.alone]

TURN_S, PACKETS_A_TURN = 0.1, 10
PATIENCE_S = 40.0
NARROW_BITS_PER_S, MOST_OF_RECEIVED = 5_000, 1.5
FALLS, GROWS = 0.95, 1.06
"""Of a browser's estimate, a turn."""


class LayeredCourt(Courtroom):
    """With people who are live."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._people: list[LivePerson] = []

    async def appears(self, person: ParticipantId, **kbps: int) -> tuple[RtcClient, LivePerson]:
        """Enter with a camera of these layers, lowest first, and be live."""
        number = PEOPLE.index(person)
        layers = [Layer(rid, 0x1000 * (number + 1) + n, kbps=rate) for n, (rid, rate) in enumerate(kbps.items())]
        return await self.appears_in(person, *layers)

    async def appears_in(self, person: ParticipantId, *layers: Layer) -> tuple[RtcClient, LivePerson]:
        rids = tuple(layer.rid for layer in layers)
        client = await self.enters(person, rids=rids if len(rids) > 1 else (), has_wide=True)
        live = LivePerson(client, *layers)
        self._people.append(live)
        return client, live

    def paused(self, viewer: ParticipantId, source: ParticipantId, reason: str = "weak_link") -> bool:
        paused = self.gallery.weather.paused
        return any((p.viewer, p.source, p.reason) == (viewer, source, reason) for p in paused)

    async def close(self) -> None:
        for person in self._people:
            await person.close()
        await super().close()


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[LayeredCourt]:
    room = LayeredCourt(tmp_path)
    await room.open()
    yield room
    await room.close()


class Estimate:
    """What a viewer's browser says of its link, turn after turn: what it carries, and which share it loses."""

    def __init__(self, viewer: RtcClient, *sources: ParticipantId) -> None:
        self._viewer = viewer
        self._ssrcs = [viewer.ssrc_of(source, "video") for source in sources]
        self._sound = viewer.ssrc_of(sources[0], "audio")
        self._expected = self._lost = 0
        self.loses = 0.0
        self._octets: deque[int] = deque(maxlen=11)
        """All that had come, at the last turns."""
        self.bits_per_s = 1_000_000.0

    async def until(self, condition: Callable[[], object], what: str, *, changes: float = 1.0) -> None:
        give_up_at = asyncio.get_running_loop().time() + PATIENCE_S
        while not condition():
            assert asyncio.get_running_loop().time() < give_up_at, f"waited in vain until {what}"
            self._change(changes)
            await self._viewer.send(rtcp.bandwidth_allowed(1, int(self.bits_per_s), self._ssrcs), self._report())
            await asyncio.sleep(TURN_S)

    def _change(self, changes: float) -> None:
        """As libwebrtc does it: the estimate never grows beyond half as much again as what comes."""
        self._octets.append(sum(map(len, self._viewer.dtls.rtp)))
        received = (self._octets[-1] - self._octets[0]) * 8 / (TURN_S * max(1, len(self._octets) - 1))
        most = max(self.bits_per_s, received * MOST_OF_RECEIVED)
        self.bits_per_s = max(NARROW_BITS_PER_S, min(self.bits_per_s * changes, most))

    def _report(self) -> bytes:
        self._expected += PACKETS_A_TURN
        self._lost += round(PACKETS_A_TURN * self.loses)
        return rtcp.receiver_report(1, [rtcp.ReceiverReport(self._sound, 0, self._lost, self._expected, 0, 0, 0)])


def rids(packets: list[bytes]) -> list[str]:
    """The layers in the order in which they were shown."""
    found = [shown(packet).rid for packet in packets]
    return [rid for rid, before in zip(found, ["", *found], strict=False) if rid != before]


def flows(viewer: RtcClient, source: ParticipantId, rid: str) -> Callable[[], bool]:
    """Whether that layer is what the viewer sees now."""
    return lambda: bool(came := viewer.stream(source, "video")) and shown(came[-1]).rid == rid


def check_the_seams(packets: list[bytes]) -> None:
    """Whatever the layer: no hole, a key frame at each change, and one clock."""
    assert is_without_holes(packets)
    assert are_numbered_on(packets)
    for before, after in pairwise(packets):
        if shown(before).rid != shown(after).rid:
            assert starts_vp8_key_frame(after, payload_offset(after))
    clocks = {timestamp_of(packet) - shown(packet).frame * FRAME_TICKS & 0xFFFFFFFF for packet in packets}
    # A key frame of the moment that another layer has just shown comes one tick later.
    assert max(clocks) - min(clocks) < len(rids(packets)), "every frame is shown at the time of its capture"


@pytest.mark.parametrize("camera", [{"l": 60, "h": 250}, {"l": 60, "m": 150, "h": 400}])
async def test_a_viewer_begins_with_the_lowest_layer_and_rises(court: LayeredCourt, camera: dict[str, int]) -> None:
    viewer = await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    await court.appears(JUDGE, **camera)
    estimate = Estimate(viewer, JUDGE)
    await estimate.until(flows(viewer, JUDGE, "h"), "the best layer comes", changes=GROWS)
    seen = len(viewer.stream(JUDGE, "video"))
    await viewer.receives(JUDGE, "video", seen + 20)
    packets = viewer.stream(JUDGE, "video")
    assert rids(packets)[0] == "l"
    assert rids(packets)[-1] == "h"
    check_the_seams(packets)


async def test_a_weak_link_costs_layers_then_the_picture_never_the_sound(court: LayeredCourt) -> None:
    viewer = await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    await court.appears(JUDGE, l=80, h=300)
    estimate = Estimate(viewer, JUDGE)
    await estimate.until(flows(viewer, JUDGE, "h"), "the best layer comes")
    await estimate.until(flows(viewer, JUDGE, "l"), "the lower layer comes", changes=FALLS)
    assert not court.paused(PLAINTIFF, JUDGE)
    estimate.loses = 0.4  # what a browser says of so little counts only where something is wrong indeed
    await estimate.until(lambda: court.paused(PLAINTIFF, JUDGE), "the picture is paused", changes=FALLS)
    seen, heard = len(viewer.stream(JUDGE, "video")), len(viewer.stream(JUDGE, "audio"))
    await estimate.until(lambda: len(viewer.stream(JUDGE, "audio")) > heard + 50, "the sound goes on")
    assert len(viewer.stream(JUDGE, "video")) == seen
    assert court.paused(PLAINTIFF, JUDGE)
    estimate.loses = 0.0
    await estimate.until(flows_again(viewer, seen), "the picture comes back", changes=GROWS)
    await estimate.until(lambda: not court.paused(PLAINTIFF, JUDGE), "nothing is paused")
    await estimate.until(flows(viewer, JUDGE, "h"), "the best layer comes back", changes=GROWS)
    assert is_without_holes(viewer.stream(JUDGE, "audio"))
    check_the_seams(viewer.stream(JUDGE, "video"))


def flows_again(viewer: RtcClient, seen: int) -> Callable[[], bool]:
    return lambda: len(viewer.stream(JUDGE, "video")) > seen + 5


async def test_the_judge_is_the_last_to_lose(court: LayeredCourt) -> None:
    viewer = await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    for person in (DEFENDANT, JUDGE):
        await court.appears(person, l=100)
    estimate = Estimate(viewer, JUDGE, DEFENDANT)
    await estimate.until(lambda: all(viewer.stream(p, "video") for p in (JUDGE, DEFENDANT)), "both are seen")
    await estimate.until(lambda: court.paused(PLAINTIFF, DEFENDANT), "a party is paused", changes=FALLS)
    assert not court.paused(PLAINTIFF, JUDGE)
    seen = len(viewer.stream(JUDGE, "video"))
    await estimate.until(flows_again(viewer, seen), "the judge is still seen")


async def test_who_speaks_is_the_last_to_lose(court: LayeredCourt) -> None:
    viewer = await court.enters(JUDGE)
    await court.route(everyone(*KINDS))
    await court.appears(PLAINTIFF, l=100)
    _, speaker = await court.appears(DEFENDANT, l=100)
    estimate = Estimate(viewer, PLAINTIFF, DEFENDANT)
    await estimate.until(lambda: all(viewer.stream(p, "video") for p in (PLAINTIFF, DEFENDANT)), "both are seen")
    words = asyncio.get_running_loop().time

    def speaks() -> bool:
        speaker.level = LOUD if int(words() * 2) % 2 else LOUD + 30
        return court.gallery.weather.speaker == DEFENDANT

    await estimate.until(speaks, "the defendant is the speaker")

    def loses() -> bool:
        speaks()
        return court.paused(JUDGE, PLAINTIFF) or court.paused(JUDGE, DEFENDANT)

    await estimate.until(loses, "somebody is paused", changes=FALLS)
    assert court.gallery.weather.speaker == DEFENDANT
    assert court.paused(JUDGE, PLAINTIFF)
    assert not court.paused(JUDGE, DEFENDANT)


async def test_a_layer_that_stops_gives_way_to_the_lower_one_until_it_is_back(court: LayeredCourt) -> None:
    viewer = await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    _, judge = await court.appears(JUDGE, l=60, h=250)
    await until(flows(viewer, JUDGE, "h"), "the best layer comes", PATIENCE_S)
    judge.layers["h"].is_on = False
    await until(flows(viewer, JUDGE, "l"), "the lower layer comes instead", PATIENCE_S)
    assert not court.paused(PLAINTIFF, JUDGE)
    judge.layers["h"].is_on = True
    await until(flows(viewer, JUDGE, "h"), "the best layer is back", PATIENCE_S)
    check_the_seams(viewer.stream(JUDGE, "video"))
    for layer in judge.layers.values():
        layer.is_on = False
    await until(lambda: court.paused(PLAINTIFF, JUDGE, "source_stalled"), "the viewer is told why", PATIENCE_S)


async def test_the_record_has_the_best_layer_there_is_from_a_key_frame_on(court: LayeredCourt) -> None:
    await court.plane.start_recording(HEARING)
    await court.route(everyone(*KINDS))
    small, large = Layer("l", 0x1000, size=(160, 120)), Layer("h", 0x1001, size=(320, 240))
    large.is_on = False
    _, judge = await court.appears_in(JUDGE, small, large)

    def tracks() -> list[tuple[int | None, bool]]:
        found = sorted(read_sidecars(court.folder), key=lambda track: track.started_at)
        return [(track.width, track.closed) for track in found if track.kind == "video"]

    await until(lambda: tracks() == [(160, False)], "the lower layer is recorded", PATIENCE_S)
    await until(lambda: court.plane.recorder_health(HEARING).bytes_written > 0, "it is on the disk", PATIENCE_S)
    large.is_on = True
    await until(lambda: tracks() == [(160, True), (320, False)], "the better layer is recorded", PATIENCE_S)
    large.is_on = False
    await until(lambda: tracks() == [(160, True), (320, True), (160, False)], "the lower one again", PATIENCE_S)
    await court.plane.stop_recording(HEARING)
    await judge.close()
    assert all(closed for _, closed in tracks())
