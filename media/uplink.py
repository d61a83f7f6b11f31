"""What one browser sends us, seen as a link: feedback for its congestion control, reports, and figures."""

from media import rtcp
from media.congestion.feedback import FeedbackWriter
from media.engine.engine import PacketEngine
from media.engine.peers import EnginePeer
from media.publication import Publication


class Uplink:
    """Of one connection. `loss_percent` and `kbps` are of the last second."""

    def __init__(self, peer: EnginePeer, engine: PacketEngine, reporter: int, publications: list[Publication]) -> None:
        self.loss_percent = 0.0
        self.kbps = 0
        self.rtt_ms: int | None = None
        self._peer, self._engine, self._reporter = peer, engine, reporter
        self._publications = publications
        self._feedback = FeedbackWriter(reporter)
        self._octets = 0

    def give_feedback(self) -> None:
        """Tell the browser when its packets came: from this it estimates its own link (docs/rtp.md)."""
        arrivals = self._peer.arrivals
        if not arrivals:
            return
        self._peer.arrivals = []
        ssrc = next((layer.stream.ssrc for p in self._publications for layer in p.layers if layer is not None), 0)
        for packet in self._feedback.write(ssrc, arrivals):
            self._engine.send_rtcp(self._peer, packet)

    def second_passed(self, now_ns: int, seconds: float, allowed_bits_per_s: int) -> None:
        octets = self._peer.received_octets
        self.kbps = int((octets - self._octets) * 8 / seconds / 1000)
        self._octets = octets
        blocks = []
        for publication in self._publications:
            publication.rtt_ms = self.rtt_ms
            publication.second_passed(seconds)
            blocks += publication.report_blocks(now_ns)
        self.loss_percent = max((block.fraction_lost for block in blocks), default=0) * 100 / 256
        report = rtcp.receiver_report(self._reporter, blocks)
        # Browsers without transport-wide feedback are told a limit instead.
        told = [p for p in self._publications if not p.has_wide_feedback]
        if ssrcs := [layer.stream.ssrc for p in told for layer in p.layers if layer is not None]:
            report += rtcp.bandwidth_allowed(self._reporter, allowed_bits_per_s, ssrcs)
        self._engine.send_rtcp(self._peer, report)
