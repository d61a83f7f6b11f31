"""One person's sound or picture on its way to one viewer: an endless stream, whatever happens to its source."""

import time
from typing import Protocol

from media import rtcp
from media.answer import OutgoingStream
from media.engine.engine import PacketEngine
from media.engine.incoming import Incoming
from media.engine.outgoing import RouteSpec
from media.engine.peers import EnginePeer
from media.publication import Layer, Subscriber
from media.rtp import CLOCK_RATES, CodecName
from media.sdp import MID_EXTENSION, SEND_TIME_EXTENSION, OfferedLine

REPAIRS_PER_S = 400
"""Beyond this a viewer's link is so bad, or its client so rude, that repairs make it worse."""
REPORTS_REMEMBERED = 8
REPORT_AGAIN_NS = 800_000_000


class OneStream(Protocol):
    """Something that has a stream."""

    @property
    def stream(self) -> Incoming: ...


class Source(Protocol):
    """What a line can take: what somebody publishes, or a mix that was made for this viewer."""

    @property
    def codec(self) -> CodecName: ...

    @property
    def layers(self) -> list[Layer | None]: ...

    def add(self, subscriber: Subscriber) -> None: ...

    def remove(self, subscriber: Subscriber) -> None: ...

    def stream_at(self, layer: int) -> OneStream | None: ...

    def request_key_frame(self, stream: Incoming | None = None) -> None: ...


class Subscription:
    """One line of a viewer's connection. It exists as long as the connection, whether or not anything flows.

    `layer` is what the viewer's link may carry of it: a number from the lowest, or None while it is paused.
    """

    def __init__(self, line: OfferedLine, stream: OutgoingStream, viewer: EnginePeer, engine: PacketEngine) -> None:
        self.stream = stream
        self.publication: Source | None = None
        self.layer: int | None = 0
        self._engine, self._viewer = engine, viewer
        self._repairs_left = REPAIRS_PER_S
        self._reported_ns: dict[int, int] = {}
        self._last_report_ns = 0
        self._clock_rate = CLOCK_RATES["opus" if line.kind == "audio" else "vp8"]
        self.route = engine.add_route(
            viewer,
            RouteSpec(
                self._clock_rate,
                {codec.name: (codec.payload_type, codec.repair_payload_type) for codec in line.codecs},
                stream.ssrc,
                stream.repair_ssrc,
                line.mid,
                line.extensions.get(MID_EXTENSION),
                line.extensions.get(SEND_TIME_EXTENSION),
            ),
        )

    def attach(self, publication: Source | None) -> None:
        """Take `publication` from now on; None takes nothing. When this returns, the old flow has ended."""
        if publication is self.publication:
            return
        if self.publication is not None:
            self.publication.remove(self)
            self._engine.aim(self.route, None)
        self.publication = None
        if publication is None or not self.route.takes(publication.codec):
            return
        self.publication = publication
        publication.add(self)
        self.layers_changed()

    def choose(self, layer: int | None) -> None:
        """Take this layer from its next key frame on; None pauses at once."""
        if layer != self.layer:
            self.layer = layer
            self.layers_changed()

    def layers_changed(self) -> None:
        """Aim the route at the layer that is wanted, or at what there is instead."""
        layer = self._target()
        if layer is None:
            self._engine.aim(self.route, None)
            return
        is_new = layer.stream is not self.route.stream and layer.stream is not self.route.wanted
        self._engine.aim(self.route, layer.stream, cut=False)
        if is_new and self.publication is not None:
            self.publication.request_key_frame(layer.stream)

    def _target(self) -> OneStream | None:
        if self.publication is None or self.layer is None:
            return None
        return self.publication.stream_at(self.layer)

    def report(self) -> None:
        """Pass the source's latest sender report on, in this stream's own numbers."""
        stream = self.route.stream
        if stream is not None and stream.report is not None:
            self._send_report(stream.report.ntp, stream.report.timestamp, time.monotonic_ns())

    def _report_again(self, now_ns: int) -> None:
        """Between the source's own reports, what its two clocks must show by now: every report brings a round trip."""
        stream = self.route.stream
        if stream is None or stream.report is None or now_ns - self._last_report_ns < REPORT_AGAIN_NS:
            return
        passed_ns = now_ns - stream.report_ns
        ntp = stream.report.ntp + (passed_ns << 32) // 1_000_000_000
        self._send_report(ntp, stream.report.timestamp + passed_ns * self._clock_rate // 1_000_000_000, now_ns)

    def _send_report(self, ntp: int, timestamp: int, now_ns: int) -> None:
        self._last_report_ns = self._reported_ns[ntp >> 16 & 0xFFFFFFFF] = now_ns
        while len(self._reported_ns) > REPORTS_REMEMBERED:
            del self._reported_ns[next(iter(self._reported_ns))]
        route = self.route
        self._engine.send_rtcp(
            self._viewer,
            rtcp.sender_report(self.stream.ssrc, ntp, timestamp + route.time_shift, route.packets, route.octets)
            + rtcp.description(self.stream.ssrc, self.stream.cname),
        )

    def round_trip_ms(self, last_report: int, delay: int, now_ns: int) -> int | None:
        """From a receiver report's echo of one of our sender reports (RFC 3550 section 6.4.1)."""
        sent_ns = self._reported_ns.get(last_report)
        if sent_ns is None:
            return None
        return max(0, (now_ns - sent_ns - delay * 1_000_000_000 // 65536) // 1_000_000)

    def repair(self, seqs: tuple[int, ...]) -> None:
        """Send packets again that the viewer lost, as far as they are still kept and the flow still open."""
        if self.route.stream is None:
            return
        wanted = seqs[: self._repairs_left]
        self._repairs_left -= self._engine.resend(self.route, wanted)

    def key_frame_wanted(self) -> None:
        if self.publication is not None and self.route.stream is not None:
            self.publication.request_key_frame(self.route.stream)

    def second_passed(self, now_ns: int) -> None:
        self._repairs_left = REPAIRS_PER_S
        self._report_again(now_ns)
