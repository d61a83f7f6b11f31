"""The recorder takes one layer of a picture at a time, whatever comes, stops and comes again in between."""

from collections import deque
from typing import Any

import pytest

from cloudcourt.domain.ids import ParticipantId
from media.engine.engine import Slow, Unknown
from media.engine.incoming import Tap
from media.engine.peers import EnginePeer
from media.engine.python_engine import PythonEngine
from media.publication import Publication
from media.sdp import RID_EXTENSION, Codec, OfferedLine
from media.seam import PublicDesk
from tests.golden.wire import Picture, Rtp, vp8

pytestmark = pytest.mark.unit

RIDS = ("l", "m", "h")
RID_ID = 5


class Ears:
    def sender_report(self, *_report: Any) -> None: ...


class Studio:
    """A camera of three layers on a packet engine without sockets, and the recorder's ring."""

    def __init__(self) -> None:
        self._engine = PythonEngine(PublicDesk(), self._sort)
        self._peer = EnginePeer(self)
        codec = Codec("vp8", 96, 97, (), frozenset(["nack"]))
        line = OfferedLine("video", "1", "sendonly", (codec,), {RID_EXTENSION: RID_ID}, RIDS, reduced_size_rtcp=True)
        self.publication = Publication(ParticipantId("p_judge"), "video", line, self._peer, self._engine, reporter=1)
        self.ring: deque[Any] = deque()
        self.publication.set_tap(Tap(self.ring, self.publication.label()), Ears())
        self._seqs: dict[int, int] = {}

    def _sort(self, batch: list[Slow]) -> None:
        for item in batch:
            if isinstance(item, Unknown) and self.publication.declares(item.packet):
                self._engine.admit(self._peer, item.packet, item.arrived_ns)

    def shows(self, rid: str, *, key: bool = False, life: int = 0) -> None:
        ssrc = 10 * life + RIDS.index(rid) + 1
        seq = self._seqs[ssrc] = self._seqs.get(ssrc, 0) + 1
        payload = vp8(rid.encode(), Picture(seq, 15), key=key)
        packet = Rtp(96, seq, seq * 3000, ssrc, payload, fields={RID_ID: rid.encode()})
        self._engine.admit(self._peer, packet.octets(), seq)

    def stops(self, rid: str) -> None:
        """Nothing has come of it for long."""
        layer = self.publication.layers[RIDS.index(rid)]
        assert layer is not None
        layer.moved_ns = -(10**12)
        self.publication.second_passed(1.0)

    def recorded(self) -> str:
        found = "".join(chr(one.packet[-1]) for one in self.ring)
        self.ring.clear()
        return found


@pytest.fixture
async def studio() -> Studio:
    return Studio()


async def test_each_better_layer_takes_over_at_its_key_frame(studio: Studio) -> None:
    for rid in RIDS:
        studio.shows(rid, key=True)
        for other in RIDS[: RIDS.index(rid) + 1]:
            studio.shows(other)
    assert studio.recorded() == "llmmhh"


async def test_a_layer_that_never_began_is_not_recorded_beside_a_better_one(studio: Studio) -> None:
    studio.shows("l", key=True)
    studio.shows("m")
    studio.shows("h")
    for rid in RIDS:
        studio.shows(rid)
    assert studio.recorded() == "ll"
    studio.shows("m", key=True)
    studio.shows("l")
    studio.shows("h", key=True)
    for rid in RIDS:
        studio.shows(rid)
    assert studio.recorded() == "lhh"


async def test_a_layer_that_came_and_went_before_its_key_frame_changes_nothing(studio: Studio) -> None:
    studio.shows("l", key=True)
    studio.shows("h")
    studio.stops("h")
    studio.shows("l")
    studio.shows("h", key=True)
    studio.shows("l")
    assert studio.recorded() == "lll"


async def test_a_waiting_layer_under_another_ssrc_is_waited_for_anew(studio: Studio) -> None:
    studio.shows("l", key=True)
    studio.shows("h")
    studio.shows("h", life=1)
    studio.shows("l")
    assert studio.recorded() == "ll"
    studio.shows("h", key=True, life=1)
    studio.shows("l")
    assert studio.recorded() == "h"


async def test_nothing_is_recorded_of_any_layer_after_the_tap_is_taken_off(studio: Studio) -> None:
    studio.shows("l", key=True)
    studio.shows("h")
    studio.publication.set_tap(None)
    for rid in ("l", "h"):
        studio.shows(rid, key=True)
    assert studio.recorded() == "l"
