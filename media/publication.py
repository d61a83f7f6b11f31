"""One person's sound or picture as it arrives: order, loss, repair, key frames, and who takes it."""

import asyncio
import time
from typing import Protocol

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import MediaKind
from media import rtcp
from media.guard import IngressCounts
from media.link import Link
from media.loss import LossTracker
from media.rtp import (
    CLOCK_RATES,
    SEQ_TIME_SSRC,
    CodecName,
    payload_offset,
    starts_key_frame,
    unwrap_repair,
)
from media.sdp import Codec

HISTORY_PACKETS = 1024
"""How many video packets are kept for repairs: 3 s at 2.5 Mb/s. A power of two."""
KEY_FRAME_EVERY_NS = 500_000_000
"""One picture-loss indication per source in this time, however many viewers ask."""
_REPAIR_TURN_S = 0.02


class Subscriber(Protocol):
    """Whoever takes a publication's packets. `seq` is endless, `timestamp` the source's."""

    waiting: bool
    """Whether it needs a key frame to begin."""

    def forward(self, packet: bytes, offset: int, seq: int, timestamp: int, now_ns: int) -> None: ...

    def report(self) -> None:
        """The source sent a sender report."""
        ...

    def restart(self) -> None:
        """The source began a new stream: other numbers, another clock."""
        ...


class Tap(Protocol):
    """The recorder, as seen from here. Neither call blocks nor raises."""

    def take(
        self, source: ParticipantId, kind: MediaKind, codec: CodecName, packet: bytes, arrived_ns: int
    ) -> None: ...

    def sender_report(
        self, source: ParticipantId, kind: MediaKind, ntp: int, rtp_timestamp: int, arrived_ns: int
    ) -> None: ...


class Publication:
    """Belongs to one connection of its source; a later connection brings another one."""

    def __init__(
        self,
        source: ParticipantId,
        kind: MediaKind,
        codec: Codec,
        link: Link,
        *,
        reporter: int,
        counts: IngressCounts,
    ) -> None:
        self.source, self.kind = source, kind
        self.codec: CodecName = codec.name
        self.ssrc: int | None = None
        self.clock = object()
        """Stands for the source's RTP clock: another object means another zero."""
        self.last_report: rtcp.SenderReport | None = None
        self._last_report_ns = 0
        self._payload_type = codec.payload_type
        self._repairable = "nack" in codec.feedback
        self._link, self._reporter, self._counts = link, reporter, counts
        self._subscribers: tuple[Subscriber, ...] = ()
        self._tap: Tap | None = None
        self._loss: LossTracker | None = None
        self._history: list[tuple[int, bytes, int] | None] = []
        self._key_frame_asked_ns = 0
        self._key_frame_on_its_way = False
        self._key_frame_timer: asyncio.TimerHandle | None = None
        self._repair_timer: asyncio.TimerHandle | None = None

    def add(self, subscriber: Subscriber) -> None:
        self._subscribers = (*self._subscribers, subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)

    def set_tap(self, tap: Tap | None) -> None:
        """From here on, `tap` gets a copy of every packet."""
        if tap is self._tap:
            return
        self._tap = tap
        if tap is None:
            return
        self.request_key_frame()
        if self.last_report is not None:
            _, ntp, timestamp = self.last_report
            tap.sender_report(self.source, self.kind, ntp, timestamp, self._last_report_ns)

    def arrived(self, packet: bytes, now_ns: int) -> None:
        """Take one packet of the stream itself."""
        offset = payload_offset(packet)
        if offset < 0:
            self._counts.rtp_malformed += 1
            return
        seq, timestamp, ssrc = SEQ_TIME_SSRC.unpack_from(packet, 2)
        loss = self._loss
        if loss is None or ssrc != self.ssrc:
            loss = self._begin(ssrc, seq)
        try:
            endless = loss.arrived(seq, now_ns)
        except OverflowError:
            loss = self._begin(ssrc, seq)
            endless = loss.arrived(seq, now_ns)
        if endless is None:
            return
        loss.note_transit(timestamp, now_ns)
        if self._repairable and loss.waits and self._repair_timer is None:
            self._repair_timer = asyncio.get_running_loop().call_later(_REPAIR_TURN_S, self._ask_for_lost)
        self._pass_on(packet, offset, endless, timestamp, now_ns)

    def repair_arrived(self, repair: bytes, now_ns: int) -> None:
        """Take one RTX packet: the original goes on its way as if it had come by itself."""
        offset = payload_offset(repair)
        if offset < 0:
            self._counts.rtp_malformed += 1
            return
        if self._loss is None or self.ssrc is None:
            return
        packet = unwrap_repair(repair, offset, self._payload_type, self.ssrc)
        if packet is None:
            return
        seq, timestamp, _ = SEQ_TIME_SSRC.unpack_from(packet, 2)
        try:
            endless = self._loss.arrived(seq, now_ns, repaired=True)
        except OverflowError:
            return
        if endless is not None:
            self._pass_on(packet, payload_offset(packet), endless, timestamp, now_ns)

    def _pass_on(self, packet: bytes, offset: int, seq: int, timestamp: int, now_ns: int) -> None:
        if self._history:
            self._history[seq % HISTORY_PACKETS] = (seq, packet, offset)
        if self._key_frame_on_its_way and starts_key_frame(self.codec, packet, offset):
            self._key_frame_on_its_way = False
        for subscriber in self._subscribers:
            subscriber.forward(packet, offset, seq, timestamp, now_ns)
        if self._tap is not None:
            self._tap.take(self.source, self.kind, self.codec, packet, now_ns)

    def _begin(self, ssrc: int, seq: int) -> LossTracker:
        """A stream begins, or begins anew."""
        self.ssrc = ssrc
        self.clock = object()
        self.last_report = None
        self._loss = LossTracker(seq, CLOCK_RATES[self.codec])
        self._history = [None] * HISTORY_PACKETS if self._repairable else []
        for subscriber in self._subscribers:
            subscriber.restart()
        return self._loss

    def kept(self, seq: int) -> tuple[bytes, int] | None:
        """The packet with that endless number and its payload's offset, if it is still here."""
        if not self._history or (kept := self._history[seq % HISTORY_PACKETS]) is None or kept[0] != seq:
            return None
        return kept[1], kept[2]

    def note_report(self, report: rtcp.SenderReport, now_ns: int) -> None:
        self.last_report, self._last_report_ns = report, now_ns
        for subscriber in self._subscribers:
            subscriber.report()
        if self._tap is not None:
            self._tap.sender_report(self.source, self.kind, report.ntp, report.timestamp, now_ns)

    def report_block(self, now_ns: int) -> rtcp.ReportBlock | None:
        """How the stream arrived since the last call; None before it began."""
        if self._loss is None or self.ssrc is None:
            return None
        last, delay = 0, 0
        if self.last_report is not None:
            last = self.last_report.ntp >> 16 & 0xFFFFFFFF
            delay = (now_ns - self._last_report_ns) * 65536 // 1_000_000_000
        return rtcp.ReportBlock(self.ssrc, *self._loss.report(), last, delay)

    def request_key_frame(self) -> None:
        """Ask for a key frame now, or once KEY_FRAME_EVERY_NS have passed since the last one was asked for.

        Whoever asks while one is on its way is served by that one.
        """
        if self.kind != "video" or self._key_frame_timer is not None:
            return
        wait_ns = self._key_frame_asked_ns + KEY_FRAME_EVERY_NS - time.monotonic_ns()
        if wait_ns <= 0:
            self._send_key_frame_request()
        elif not self._key_frame_on_its_way:
            loop = asyncio.get_running_loop()
            self._key_frame_timer = loop.call_later(wait_ns / 1e9, self._send_key_frame_request)

    def _send_key_frame_request(self) -> None:
        self._key_frame_timer = None
        if self.ssrc is None:
            return  # nothing came yet; the first picture of a stream is a key frame
        self._key_frame_asked_ns = time.monotonic_ns()
        self._key_frame_on_its_way = True
        self._link.send_rtcp(rtcp.picture_loss(self._reporter, self.ssrc))

    def remind(self) -> None:
        """About once a second: whoever still waits for a key frame, waits for a lost one."""
        if any(subscriber.waiting for subscriber in self._subscribers):
            self.request_key_frame()

    def _ask_for_lost(self) -> None:
        self._repair_timer = None
        if self._loss is None or self.ssrc is None:
            return
        if lost := self._loss.due(time.monotonic_ns()):
            self._link.send_rtcp(rtcp.nack(self._reporter, self.ssrc, lost))
        if self._loss.waits:
            self._repair_timer = asyncio.get_running_loop().call_later(_REPAIR_TURN_S, self._ask_for_lost)

    def close(self) -> None:
        """Stop the timers and let everybody go."""
        self._subscribers, self._tap = (), None
        for timer in (self._repair_timer, self._key_frame_timer):
            if timer is not None:
                timer.cancel()
