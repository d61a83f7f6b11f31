"""What one viewer's browser can receive, seen as a link: its estimate, and which pictures it is sent."""

from collections.abc import Mapping

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import PausedPicture
from cloudcourt.domain.routing import LineKind
from media import rtcp
from media.congestion.allocation import Allocation, Layer, Picture, allocate
from media.congestion.estimate import LinkEstimate
from media.congestion.losses import LinkLosses
from media.congestion.patience import PausePatience
from media.engine.engine import PacketEngine
from media.subscription import Subscription

OPUS_BITS_PER_S = 48_000
"""Kept free for every sound that flows, header overhead included."""
HEIGHTS = ((360,), (180, 360), (180, 360, 720))
"""What the layers of one, two and three are, about: only their order matters to the allocation."""
SETTLES_NS = 1_500_000_000
"""After a move, reports still tell of the way that was left."""
TRIAL_BITS_PER_S = 300_000
FEW_LOSSES_PERCENT = 5.0
LEAST_LAYER_BITS_PER_S = 30_000
WIRE_OCTETS = 40
"""What every packet costs beside its payload: RTP, UDP, IP."""
PROBE_OCTETS = 255 + WIRE_OCTETS


class Downlink:
    """Of one connection. `loss_percent` and `kbps` are of the last second."""

    def __init__(
        self, engine: PacketEngine, subscriptions: Mapping[tuple[ParticipantId, LineKind], Subscription]
    ) -> None:
        self.estimate = LinkEstimate()
        self.rtt_ms: int | None = None
        self.loss_percent = 0.0
        self.kbps = 0
        self.paused: tuple[PausedPicture, ...] = ()
        self._engine, self._subscriptions = engine, subscriptions
        self._losses = LinkLosses()
        self._patience = PausePatience()
        self._settled_ns = 0
        self._octets = 0
        self._probe_octets = 0.0
        self._sound_bits_per_s = 0
        self._previous: dict[ParticipantId, int | None] = {}

    def path_moved(self, now_ns: int) -> None:
        """Another way, of which nothing is known yet; what the old one took with it is no fault of the new one."""
        self.estimate = LinkEstimate()
        self.rtt_ms = None
        self._settled_ns = now_ns + SETTLES_NS

    def receiver_report(self, subscription: Subscription, report: rtcp.ReceiverReport, now_ns: int) -> None:
        if now_ns < self._settled_ns:
            self._losses = LinkLosses()
        self._losses.note(report, subscription.route.holes)
        if (rtt_ms := subscription.round_trip_ms(report.last_report, report.delay, now_ns)) is not None:
            self.rtt_ms = rtt_ms if self.rtt_ms is None else (self.rtt_ms * 3 + rtt_ms) // 4
            self.estimate.rtt(rtt_ms)

    def browser_estimate(self, bits_per_s: int, now_ns: int) -> None:
        self.estimate.remb(bits_per_s, now_ns, sound_bits_per_s=self._sound_bits_per_s)

    def second_passed(self, now_ns: int, seconds: float) -> None:
        octets = sum(s.route.octets + WIRE_OCTETS * s.route.packets for s in self._subscriptions.values())
        self.kbps = int((octets - self._octets) * 8 / seconds / 1000)
        self._octets = octets
        self.estimate.sent(self.kbps * 1000, now_ns)
        if (fraction := self._losses.take_fraction_of_256()) is not None:
            self.loss_percent = fraction * 100 / 256
            self.estimate.loss(fraction, now_ns)
        for subscription in self._subscriptions.values():
            subscription.second_passed(now_ns)

    def allocate(self, viewer: ParticipantId, ranks: Mapping[ParticipantId, int], now_ns: int) -> None:
        """Choose a layer of every picture that flows to this viewer, or pause it."""
        flowing = [(key, s) for key, s in self._subscriptions.items() if s.publication is not None]
        sounds = sum(kind == "audio" for (_, kind), _ in flowing)
        pictures = [
            _picture(source, 0 if kind == "screen" else ranks.get(source, 1), subscription, now_ns)
            for (source, kind), subscription in flowing
            if kind != "audio"
        ]
        self._sound_bits_per_s = sounds * OPUS_BITS_PER_S
        found: Allocation = allocate(self.estimate.bits_per_s(now_ns), self._sound_bits_per_s, pictures, self._previous)
        self.estimate.wanted_bits_per_s = found.wanted_bits_per_s
        self._previous = dict(found.layers)
        for (source, kind), subscription in flowing:
            if kind != "audio" and subscription.publication is not None and any(subscription.publication.layers):
                subscription.choose(found.layers.get(source))
        self.paused = tuple(
            PausedPicture(
                viewer=viewer, source=p.source, reason="source_stalled" if p.is_stalled or not p.layers else "weak_link"
            )
            for p in pictures
            if p.is_stalled or not p.layers or found.layers.get(p.source) is None
        )
        self._try_again(pictures, now_ns)

    def _try_again(self, pictures: list[Picture], now_ns: int) -> None:
        """After a while with nothing but sound, and no more losses: begin anew, low, and see."""
        hidden = {paused.source for paused in self.paused if paused.reason == "weak_link"}
        self._patience.note(bool(pictures) and len(hidden) == len(pictures), now_ns)
        if self.loss_percent < FEW_LOSSES_PERCENT and self._patience.is_over(now_ns):
            self.estimate = LinkEstimate(TRIAL_BITS_PER_S)

    def probe(self, now_ns: int, seconds: float) -> None:
        """Find out whether the link carries more, with padding that nobody misses if it gets lost."""
        extra = self.estimate.probe_bits_per_s(now_ns)
        self._probe_octets = self._probe_octets + extra * seconds / 8 if extra else 0.0
        packets = int(self._probe_octets / PROBE_OCTETS)
        self._probe_octets -= packets * PROBE_OCTETS
        if packets and any(
            self._engine.pad(subscription.route, packets)
            for (_, kind), subscription in self._subscriptions.items()
            if kind != "audio" and subscription.publication is not None
        ):
            self.estimate.probed(packets * PROBE_OCTETS * 8)


def _picture(source: ParticipantId, rank: int, subscription: Subscription, now_ns: int) -> Picture:
    publication = subscription.publication
    there = [] if publication is None else [layer for layer in publication.layers if layer is not None]
    alive = [layer for layer in there if not layer.is_stalled(now_ns)]
    heights = HEIGHTS[max(0, len(there) - 1)] if there else ()
    # A layer that its source stopped sending costs nothing and can't be chosen: those above a living one are left out.
    top = there.index(alive[-1]) + 1 if alive else len(there)
    layers = tuple(
        Layer(max(LEAST_LAYER_BITS_PER_S, layer.bits_per_s), heights[number])
        for number, layer in enumerate(there[:top])
    )
    return Picture(source, rank, layers, is_stalled=bool(there) and not alive)
