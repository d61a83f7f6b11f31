"""One stream on its way to one viewer: an endless one, whatever happens to its source. State of the packet engine."""

import secrets
import struct
from typing import TYPE_CHECKING, NamedTuple

from media.engine.peers import EnginePeer
from media.rewrite import Continuity
from media.rtp import CLOCK_RATES, CodecName, vp8_picture

if TYPE_CHECKING:
    from media.engine.incoming import Incoming

_EXTENSION, _VERSION = 0x10, 0x80
_ONE_BYTE_PROFILE = 0xBEDE


class RouteSpec(NamedTuple):
    """What was negotiated for a viewer's line. `payload_types`: (own, repairs') number by codec."""

    clock_rate: int
    payload_types: dict[CodecName, tuple[int, int | None]]
    ssrc: int
    repair_ssrc: int
    mid: str
    mid_id: int | None
    send_time_id: int | None


class FirstNumbers(NamedTuple):
    """Where a route begins to count: its first sequence number, and what comes just before its other firsts."""

    seq: int
    timestamp: int
    repair_seq: int


def random_numbers() -> FirstNumbers:
    """Half of the range for sequence numbers: SRTP's roll-over count starts at zero (RFC 3711 section 3.3.1)."""
    return FirstNumbers(secrets.randbits(15), secrets.randbits(32), secrets.randbits(15))


class Run(NamedTuple):
    """The mapping of a stretch that has ended, kept for late repairs."""

    stream: "Incoming"
    first_seq: int
    last_seq: int
    seq_shift: int
    time_shift: int
    picture_shift: int
    tl0_shift: int


class Outgoing(Continuity):
    """A route. It exists as long as the viewer's connection, whether or not anything flows."""

    __slots__ = (
        "_born_seq",
        "_clock",
        "_last_picture",
        "_last_tl0",
        "extension",
        "extension_head",
        "first",
        "head_size",
        "octets",
        "packets",
        "payload_type",
        "picture_shift",
        "previous",
        "renumbers",
        "repair_payload_type",
        "repair_seq",
        "repairs_sent",
        "send_time_tag",
        "spec",
        "ssrc",
        "stream",
        "tl0_shift",
        "viewer",
        "wanted",
    )

    def __init__(self, viewer: EnginePeer, spec: RouteSpec, first: FirstNumbers) -> None:
        super().__init__(spec.clock_rate, seq=first.seq, timestamp=first.timestamp)
        self.viewer, self.spec, self.ssrc = viewer, spec, spec.ssrc
        self._born_seq = first.seq
        self.stream: Incoming | None = None
        self.wanted: Incoming | None = None
        self.payload_type = 0
        self.repair_payload_type: int | None = None
        self.repair_seq = first.repair_seq
        self.packets = self.octets = self.repairs_sent = 0
        self.picture_shift = self.tl0_shift = 0
        self.renumbers = False
        """Whether pictures get other numbers than their source's."""
        self.previous: Run | None = None
        self._clock: object = None
        self._last_picture: int | None = None
        self._last_tl0 = 0
        self._lay_out_header(spec)

    def _lay_out_header(self, spec: RouteSpec) -> None:
        """The part of every packet's header that never changes (RFC 8285 section 4.2).

        Layout: fixed header, extension header, send time (where negotiated), MID.
        """
        mid = b"" if spec.mid_id is None else bytes([spec.mid_id << 4 | len(spec.mid) - 1]) + spec.mid.encode("ascii")
        # What is sent twice under one number must be the same to the bit (RFC 7714): no send time then.
        has_repairs = all(repairs is not None for _, repairs in spec.payload_types.values())
        self.send_time_tag = 0 if spec.send_time_id is None or not has_repairs else (spec.send_time_id << 4 | 2) << 24
        size = len(mid) + (4 if self.send_time_tag else 0)
        mid += bytes(-len(mid) % 4)
        words = (size + 3) // 4
        self.first = _VERSION | (_EXTENSION if words else 0)
        self.extension_head = _ONE_BYTE_PROFILE << 16 | words
        if self.send_time_tag:
            self.extension = mid
            self.head_size = 20 + len(mid)
        else:
            self.extension = struct.pack("!I", self.extension_head) + mid if words else b""
            self.head_size = 12 + len(self.extension)

    @property
    def holes(self) -> int:
        """Numbers that were passed over when they were due: what its source's link lost, repaired later or not."""
        return self.next_seq - self._born_seq - (self.packets - self.late)

    def takes(self, codec: CodecName) -> bool:
        return codec in self.spec.payload_types

    def begin(self, stream: "Incoming", packet: bytes | memoryview, offset: int, seq: int, now_ns: int) -> None:
        """Take `stream` from this packet on; `seq` is its endless number."""
        self.leave()
        timestamp = int.from_bytes(packet[4:8], "big")
        if stream.clock is not self._clock:
            ticks = self._ticks_between(stream)
            self.forget_clock() if ticks is None else self.turn_clock(ticks)
        self._clock = stream.clock
        self.begin_run(seq, timestamp, now_ns)
        self.payload_type, self.repair_payload_type = self.spec.payload_types[stream.codec]
        self._go_on_with_pictures(stream, packet, offset)
        self.stream, self.wanted = stream, None

    def _ticks_between(self, stream: "Incoming") -> int | None:
        """How much less the new stream's clock shows than the last one's: both have the same capture clock behind.

        None when no sender reports tell.
        """
        before = self.previous.stream if self.previous is not None else None
        if before is None or before.peer is not stream.peer or before.report is None or stream.report is None:
            return None
        if before.clock is not self._clock:  # it has begun anew since we left it
            return None
        passed = (stream.report.ntp - before.report.ntp) * CLOCK_RATES[stream.codec] >> 32
        return before.report.timestamp + passed - stream.report.timestamp

    def _go_on_with_pictures(self, stream: "Incoming", packet: bytes | memoryview, offset: int) -> None:
        picture = vp8_picture(packet, offset, len(packet)) if stream.codec == "vp8" else None
        self.picture_shift = self.tl0_shift = 0
        if picture is not None and self._last_picture is not None:
            number, _, tl0 = picture
            self.picture_shift = self._last_picture + 1 - number
            self.tl0_shift = self._last_tl0 + 1 - tl0
        self.renumbers = bool(self.picture_shift or self.tl0_shift)

    def leave(self) -> None:
        """Take nothing any more; what is needed to go on later, and for late repairs, is remembered."""
        stream, self.stream = self.stream, None
        if stream is None:
            return
        self.previous = Run(
            stream, self.run_seq, self.last_seq, self.seq_shift, self.time_shift, self.picture_shift, self.tl0_shift
        )
        kept = stream.kept(self.last_seq - self.seq_shift)
        if kept is not None and stream.codec == "vp8" and (picture := vp8_picture(*kept, len(kept[0]))) is not None:
            self._last_picture = picture[0] + self.picture_shift
            self._last_tl0 = picture[2] + self.tl0_shift

    def run_of(self, seq: int) -> tuple[Run, int] | None:
        """The run in which 16-bit `seq` went out, and the source's endless number; None when too old."""
        if self.stream is not None and (source := self.source_of(seq)) is not None:
            run = Run(self.stream, 0, 0, 0, self.time_shift, self.picture_shift, self.tl0_shift)
            return run, source
        before = self.previous
        if before is None:
            return None
        out = before.last_seq - (before.last_seq - seq & 0xFFFF)
        return (before, out - before.seq_shift) if before.first_seq <= out else None
