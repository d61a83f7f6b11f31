"""One RTP stream as it arrives: its numbers, what is kept of it, and who takes it. State of the packet engine."""

from collections import deque
from typing import Any, NamedTuple

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import LineKind
from media.engine.outgoing import Outgoing
from media.engine.peers import EnginePeer
from media.loss import LossTracker
from media.rtcp import SenderReport
from media.rtp import CLOCK_RATES, CodecName, one_byte_extensions

HISTORY_PACKETS = 1024
"""How many packets are kept for repairs: 3 s at 2.5 Mb/s, never less than 1.5 s. A power of two."""


class StreamSpec(NamedTuple):
    """What was negotiated for the streams of one line."""

    codec: CodecName
    payload_type: int
    repair_payload_type: int | None
    repairable: bool
    """Whether lost packets may be asked for, and so are kept for viewers too."""
    level_id: int | None = None
    wide_id: int | None = None


class TapLabel(NamedTuple):
    """Whose packets these are, for the recorder."""

    source: ParticipantId
    kind: LineKind
    codec: CodecName


class Tapped(NamedTuple):
    """One packet on its way to the recorder."""

    label: TapLabel
    packet: bytes
    arrived_ns: int


class Tap(NamedTuple):
    """A ring that somebody else reads, and the label under which packets go into it."""

    ring: deque[Any]
    label: TapLabel


class Incoming:
    """The stream of one SSRC. Made by the engine when its owner has said what the SSRC is."""

    __slots__ = (
        "aspirants",
        "clock",
        "codec",
        "ear",
        "extension_words",
        "history",
        "is_asking",
        "key_frame_due",
        "last_timestamp",
        "level_at",
        "level_loudest",
        "level_packets",
        "level_tag",
        "level_total",
        "loss",
        "next_tap",
        "octets",
        "packets",
        "payload_type",
        "peer",
        "report",
        "report_ns",
        "routes",
        "spec",
        "ssrc",
        "tap",
        "wide_at",
        "wide_tag",
    )

    def __init__(self, peer: EnginePeer, ssrc: int, spec: StreamSpec, first_seq: int) -> None:
        self.peer, self.ssrc, self.spec = peer, ssrc, spec
        self.codec, self.payload_type = spec.codec, spec.payload_type
        self.routes: tuple[Outgoing, ...] = ()
        """Viewers that take it now."""
        self.aspirants: tuple[Outgoing, ...] = ()
        """Viewers that will, from the next key frame on."""
        self.tap: Tap | None = None
        self.ear: Tap | None = None
        """A second tap, for whoever mixes live sound: nothing of the record hangs on it."""
        self.next_tap: tuple[Tap, Incoming] | None = None
        """A tap that waits for a key frame here, and the layer it takes until then."""
        self.key_frame_due = False
        """Whether one was asked for and has not come yet."""
        self.is_asking = False
        """Whether somebody takes care of what is missing."""
        self.packets = 0
        self.octets = 0
        self.level_total = 0
        self.level_loudest = 127
        self.level_packets = 0
        self.wide_at = 0
        self.level_at = self.level_tag = 0
        self.wide_tag = 0
        self.begin(first_seq)

    def begin(self, seq: int) -> None:
        """The numbers begin, or begin anew: another clock, and nothing kept of what was."""
        self.clock = object()
        self.loss = LossTracker(seq, CLOCK_RATES[self.codec])
        self.history: list[tuple[int, bytes, int] | None] | None = (
            [None] * HISTORY_PACKETS if self.spec.repairable else None
        )
        self.report: SenderReport | None = None
        self.report_ns = 0
        self.last_timestamp = -1
        self.extension_words = -1

    def learn_extensions(self, packet: bytes | memoryview, offset: int, words: int) -> None:
        """Note where the negotiated header extensions stand, so that later packets are read at a glance."""
        found = one_byte_extensions(packet, offset)
        wide, level = self.spec.wide_id, self.spec.level_id
        self.wide_at = found[wide][0] if wide in found and found[wide][1] == 2 else 0
        self.level_at = found[level][0] if level in found and found[level][1] == 1 else 0
        self.wide_tag = packet[self.wide_at - 1] if self.wide_at else 0
        self.level_tag = packet[self.level_at - 1] if self.level_at else 0
        self.extension_words = words

    def kept(self, seq: int) -> tuple[bytes, int] | None:
        """The packet with that endless number and its payload's offset, if it is still here."""
        if self.history is None or (kept := self.history[seq % HISTORY_PACKETS]) is None or kept[0] != seq:
            return None
        return kept[1], kept[2]

    def take_levels(self) -> tuple[int, int, int]:
        """Average and loudest level (-dBov, 127 is silence) and number of packets since the last call."""
        packets = self.level_packets
        average = self.level_total // packets if packets else 127
        loudest = self.level_loudest
        self.level_total, self.level_loudest, self.level_packets = 0, 127, 0
        return average, loudest, packets
