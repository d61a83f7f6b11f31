"""A viewer behind a narrow link, in simulated time: a queue that overflows, and a browser that reports.

The browser's delay-based estimate is aiortc's own port of libwebrtc's; the sender is our estimate and allocation.
"""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiortc.rate import TIMESTAMP_TO_MS, BandwidthUsage, InterArrival, OveruseEstimator, RemoteBitrateEstimator

from cloudcourt.domain.ids import ParticipantId
from media.congestion.allocation import Layer, Picture, allocate
from media.congestion.estimate import LinkEstimate
from media.congestion.losses import LinkLosses
from media.rtcp import ReceiverReport

TICK_MS = 10
ONE_WAY_MS = 40
QUEUE_MS = 400
AUDIO_BITS_PER_S = 120_000
_AUDIO, _VIDEO = 1, 2
PICTURES = tuple(
    Picture(ParticipantId(name), rank, (Layer(150_000, 180), Layer(500_000, 360)))
    for rank, name in enumerate(("judge", "plaintiff", "defendant"))
)
ALL_BITS_PER_S = AUDIO_BITS_PER_S + 3 * 500_000


@dataclass
class Second:
    """What was true at the end of one second."""

    estimate: int
    sent: int
    audio_lost: int
    delay_ms: float
    shown: tuple[int | None, ...]


class _Browser:
    """Receives, and now and then says how it went."""

    def __init__(self, says_remb: bool) -> None:
        self._estimator = RemoteBitrateEstimator()
        self._says_remb = says_remb
        self._last_ms = 0
        self._newest = 0
        self._said = (0, -1000)
        self.highest = {_AUDIO: 0, _VIDEO: 0}
        self.received = {_AUDIO: 0, _VIDEO: 0}

    def receive(self, at_ms: int, sent_ms: int, kind: int, seq: int, size: int) -> int | None:
        """A REMB that is due now."""
        self.highest[kind] = max(self.highest[kind], seq)
        self.received[kind] += 1
        if kind == _AUDIO:
            return None
        if at_ms - self._last_ms > 2000:
            self._estimator.inter_arrival = InterArrival((5 << 26) // 1000, TIMESTAMP_TO_MS)
            self._estimator.estimator = OveruseEstimator()
        self._last_ms = at_ms
        abs_send_time = (sent_ms << 18) // 1000 & 0xFFFFFF
        found = self._estimator.add(at_ms, abs_send_time, size, 5)
        if found is not None:
            self._newest = self._never_raised_while_overusing(found[0])
        return self.remb_due(at_ms, 200)

    def _never_raised_while_overusing(self, bits_per_s: int) -> int:
        """As in libwebrtc; aiortc's port leaves this out."""
        control = self._estimator.rate_control
        if self._newest and self._estimator.detector.state() is BandwidthUsage.OVERUSING:
            control.current_bitrate = min(bits_per_s, self._newest)
        return int(control.current_bitrate)

    def remb_due(self, at_ms: int, at_least_ms: int = 900) -> int | None:
        """At once when it fell; else not too often, and with every report."""
        bits_per_s, said_ms = self._said
        if not self._newest or not self._says_remb:
            return None
        if at_ms - said_ms < at_least_ms and self._newest >= bits_per_s * 0.97:
            return None
        self._said = (self._newest, at_ms)
        return self._newest

    def reports(self) -> list[ReceiverReport]:
        return [
            ReceiverReport(kind, 0, self.highest[kind] - self.received[kind], self.highest[kind], 0, 0, 0)
            for kind in (_AUDIO, _VIDEO)
        ]


@dataclass
class NarrowLink:
    """`capacity` gives bits/s at a second; `loss` is random and has nothing to do with the queue."""

    capacity: Callable[[float], int]
    loss: float = 0.0
    says_remb: bool = True
    can_probe: bool = True
    probes_every_ms: int = 10
    seed: int = 1
    pictures: Callable[[float], tuple[Picture, ...]] = lambda _at_s: PICTURES
    estimate: LinkEstimate = field(default_factory=LinkEstimate)
    seconds: list[Second] = field(default_factory=list)
    probed_bits: int = 0

    def __post_init__(self) -> None:
        self._now_ms = 0
        self._random = random.Random(self.seed)
        self._browser = _Browser(self.says_remb)
        self._losses = LinkLosses()
        self._free_at_ms = 0.0
        """When the queue will be empty."""
        self._in_flight: deque[tuple[float, int, int, int, int]] = deque()
        self._feedback: deque[tuple[float, Callable[[], None]]] = deque()
        self._seq = {_AUDIO: 0, _VIDEO: 0}
        self._layers: dict[ParticipantId, int | None] = {}
        self._sent_bits = 0
        self._probe_credit = 0.0

    @property
    def _now_ns(self) -> int:
        return (self._now_ms + 1000) * 1_000_000

    def run(self, seconds: int) -> list[Second]:
        for _ in range(seconds * 1000 // TICK_MS):
            self._tick()
        return self.seconds

    def _tick(self) -> None:
        self._arrive()
        if self._now_ms % 200 == 0:
            self._allocate()
        self._send()
        self._now_ms += TICK_MS
        if self._now_ms % 1000 == 0:
            self._second_passed()

    def _allocate(self) -> None:
        pictures = self.pictures(self._now_ms / 1000)
        found = allocate(self.estimate.bits_per_s(self._now_ns), AUDIO_BITS_PER_S, pictures, self._layers)
        self._layers = found.layers
        self.estimate.wanted_bits_per_s = found.wanted_bits_per_s

    def _send(self) -> None:
        if self._now_ms % 20 == 0:
            for _ in range(3):
                self._media(_AUDIO, AUDIO_BITS_PER_S // 3 // 50 // 8)
        pictures = self.pictures(self._now_ms / 1000)
        for number, picture in enumerate(pictures):
            layer = self._layers.get(picture.source)
            if layer is not None and self._now_ms % 40 == 10 * number:
                frame = int(picture.layers[layer].bits_per_s / 25 / 8 * self._random.uniform(0.8, 1.2))
                for at in range(0, frame, 1200):
                    self._media(_VIDEO, min(1200, frame - at))
        if self._now_ms % self.probes_every_ms == 0:
            self._probe()

    def _probe(self) -> None:
        extra = self.estimate.probe_bits_per_s(self._now_ns)
        self._probe_credit = (self._probe_credit + extra * self.probes_every_ms / 8000) if extra else 0.0
        while self._probe_credit >= 280 and self.can_probe:
            self._probe_credit -= 280
            self._packet(_VIDEO, 280)
            self.estimate.probed(280 * 8)
            self.probed_bits += 280 * 8

    def _media(self, kind: int, size: int) -> None:
        self._sent_bits += size * 8
        self._packet(kind, size)

    def _packet(self, kind: int, size: int) -> None:
        self._seq[kind] += 1
        wait_ms = max(0.0, self._free_at_ms - self._now_ms)
        if wait_ms > QUEUE_MS or self._random.random() < self.loss:
            return
        self._free_at_ms = self._now_ms + wait_ms + size * 8000 / self.capacity(self._now_ms / 1000)
        self._in_flight.append((self._free_at_ms + ONE_WAY_MS, self._now_ms, kind, self._seq[kind], size))

    def _arrive(self) -> None:
        while self._in_flight and self._in_flight[0][0] <= self._now_ms:
            at_ms, sent_ms, kind, seq, size = self._in_flight.popleft()
            remb = self._browser.receive(int(at_ms), sent_ms, kind, seq, size)
            self._tell_remb(remb)
        while self._feedback and self._feedback[0][0] <= self._now_ms:
            self._feedback.popleft()[1]()

    def _tell(self, what: Callable[[], None]) -> None:
        self._feedback.append((self._now_ms + ONE_WAY_MS, what))

    def _tell_remb(self, remb: int | None) -> None:
        if remb is not None:
            self._tell(lambda: self.estimate.remb(remb, self._now_ns, sound_bits_per_s=AUDIO_BITS_PER_S))

    def _second_passed(self) -> None:
        delay_ms = max(0.0, self._free_at_ms - self._now_ms)
        reports = self._browser.reports()
        self._tell(lambda: self._report(reports, 2 * ONE_WAY_MS + delay_ms))
        self._tell_remb(self._browser.remb_due(self._now_ms))
        self.estimate.sent(self._sent_bits, self._now_ns)
        self.seconds.append(
            Second(
                self.estimate.bits_per_s(self._now_ns),
                self._sent_bits,
                reports[0].lost,
                delay_ms,
                tuple(self._layers.get(picture.source) for picture in PICTURES),
            )
        )
        self._sent_bits = 0

    def _report(self, reports: list[ReceiverReport], rtt_ms: float) -> None:
        for report in reports:
            self._losses.note(report)
        self.estimate.rtt(rtt_ms)
        fraction = self._losses.take_fraction_of_256()
        if fraction is not None:
            self.estimate.loss(fraction, self._now_ns)
