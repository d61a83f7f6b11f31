"""What one viewer's downlink can carry, learnt from RTCP alone. Pure.

Three sources, in the manner of Google congestion control (draft-ietf-rmcat-gcc-02 sections 5 and 6):

- REMB, the browser's own delay-based estimate. libwebrtc starts it at what it receives, never lets it grow beyond
  1.5 times that, and lowers it only when delay grows. So it binds once it has fallen, or lain below what we send;
  before that it merely echoes us.
- Loss in receiver reports.
- Probes: where some extra bits for a moment neither made REMB fall nor loss rise, the link carries so much. Without
  them REMB would need half a minute for each tenfold increase.
"""

from collections import deque

from media.congestion.probing import Probing

START_BITS_PER_S = 1_000_000
MIN_BITS_PER_S = 60_000
MAX_BITS_PER_S = 20_000_000

CALM_BITS_PER_S = 240_000
"""REMB by itself limits to no less. Of a stream of a few packets a browser estimates next to nothing, above all in the
seconds after a change of networks; where so little really is too much, round trips grow or packets get lost."""
REMB_STALE_NS = 5_000_000_000
REMB_FELL = 0.97
REMB_BELOW_SENT = 0.9
REMB_BELOW_CARRIED = 0.8
"""A browser falls to 0.85 of what arrives: less than this of what we send means that not all of it arrives."""
PATIENCE_NS = 500_000_000
"""A queue that a probe or a large picture filled is gone so long after, and a round trip; a narrow link is not."""
MEDIA_SWINGS = 1.05
"""Encoders are not that even: what was carried in the last seconds doesn't have to be given up for it."""
REMB_GROWS = 1.01
REMB_STUCK_NS = 3_000_000_000
REMB_STUCK_AND_LATE_NS = 1_000_000_000
"""The same while round trips say so too."""

LOW_LOSS = 0.02
HIGH_LOSS = 0.10
RANDOM_LOSS = 0.15
"""So much loss, while no delay grows, is the link's nature and not a queue that overflows."""
MOST_LOST = 0.5
"""Beyond this, what still arrives is what the link carries."""
GROWTH_PER_S = 1.08
MAX_OF_SENT = 2.0
"""Without a probe nothing is known of what lies beyond this."""
FLOOR_OF_RECEIVED = 0.5
DECREASE_PAUSE_NS = 300_000_000
DELAY_GROWN_MS = 80.0
CALM_NS = 3_000_000_000
"""How long a fall of REMB is remembered as growing delay."""
_NS_PER_S = 1_000_000_000
_LOSS_SMOOTHING = 0.3


class LinkEstimate:
    """One link. Rates in bits/s, all streams together; times in monotonic ns."""

    def __init__(self, start_bits_per_s: int = START_BITS_PER_S) -> None:
        self.wanted_bits_per_s = 0
        """What the allocator could use; probing aims no higher."""
        self._probing = Probing()
        self._by_loss = float(start_bits_per_s)
        self._limit: float | None = None
        """The newest REMB, since it binds."""
        self._proven = 0.0
        """What a probe proved since REMB last fell."""
        self._remb = 0.0
        self._remb_ns: int | None = None
        self._remb_fell_ns: int | None = None
        self._trouble_ns = 0
        """When it first fell, of the falls that belong together."""
        self._remb_grew = (0.0, 0)
        """The last REMB that was higher than those before, and when."""
        self._loss: float | None = None
        self._last_loss_ns = 0
        self._last_decrease_ns = 0
        self._media: deque[int] = deque(maxlen=5)
        """What we sent in the last seconds."""
        self._rtts_ms: deque[float] = deque(maxlen=30)

    def sent(self, bits_per_s: int, now_ns: int) -> None:
        """What media went out in the last second; probes don't count."""
        self._media.append(bits_per_s)

    def probed(self, bits: int) -> None:
        """So many bits of a probe have just been sent."""
        self._probing.probed(bits)

    def rtt(self, ms: float) -> None:
        """A round trip, from a receiver report."""
        self._rtts_ms.append(ms)

    def remb(self, bits_per_s: int, now_ns: int, *, sound_bits_per_s: int = 0) -> None:
        """The browser's estimate, and what sound we send: libwebrtc counts video alone."""
        self._forget_stale(now_ns)
        value = float(min(bits_per_s, MAX_BITS_PER_S))
        total = value + sound_bits_per_s
        narrows = value < self._remb * REMB_FELL if self._remb_ns is not None else self._starts_below(total)
        self._remb, self._remb_ns = value, now_ns
        self._probing.heard_remb(value, now_ns)
        if narrows or self._is_stuck(total, now_ns):
            self._bind(total, now_ns)
        elif self._limit is not None:
            self._limit = total

    def _starts_below(self, total: float) -> bool:
        """Whether the first value that comes says that less arrives than we send."""
        return len(self._media) > 1 and total < min(self._media[-1], self._media[-2]) * REMB_BELOW_SENT

    def _bind(self, total: float, now_ns: int) -> None:
        """From now on `total` is the limit; but at the first slight fall we keep what we send, and see."""
        was = min(self._by_loss, self._bound)
        if self._remb_fell_ns is None or now_ns - self._remb_fell_ns > CALM_NS:
            self._trouble_ns = now_ns
        self._remb_fell_ns = now_ns
        self._limit = total
        self._remb_grew = (total, now_ns)
        kept = self._proven if self._probing.is_felt(now_ns, self._rtt_ms) else 0.0
        self._probing.fail(now_ns)
        carried = max(self._media, default=0)
        is_new = now_ns - self._trouble_ns < PATIENCE_NS + int(self._rtt_ms * 1e6)
        if is_new and total > carried * REMB_BELOW_CARRIED:
            self._proven = max(kept, min(carried * MEDIA_SWINGS, was))
        else:
            self._proven = 0.0
            self._probing.forget_failures(now_ns)

    def _is_stuck(self, total: float, now_ns: int) -> bool:
        """Whether REMB doesn't follow, though we send more than it says: then its browser sees delay grow."""
        highest, grew_ns = self._remb_grew
        if total > highest * REMB_GROWS or not self._media or self._media[-1] <= total:
            self._remb_grew = (total, now_ns)
            return False
        patience_ns = REMB_STUCK_AND_LATE_NS if self._rtt_has_grown else REMB_STUCK_NS
        return self._bound > total and now_ns - grew_ns > patience_ns

    def loss(self, fraction_of_256: int, now_ns: int) -> None:
        """The share that got lost since the last report, of all streams together."""
        fraction = fraction_of_256 / 256
        self._probing.heard_loss(fraction, now_ns)
        before = fraction if self._loss is None else self._loss
        self._loss = before + (fraction - before) * _LOSS_SMOOTHING
        passed_s = min(now_ns - self._last_loss_ns, _NS_PER_S) / _NS_PER_S
        self._last_loss_ns = now_ns
        if fraction < LOW_LOSS:
            grown = self._by_loss * GROWTH_PER_S**passed_s
            known = min(MAX_OF_SENT * max(self._media, default=0), max(self.wanted_bits_per_s, START_BITS_PER_S))
            self._by_loss = max(self._by_loss, min(grown, known))
        elif fraction > HIGH_LOSS and (self._loss > RANDOM_LOSS or self._delay_grows(now_ns)):
            self._decrease(fraction, now_ns)

    def _decrease(self, fraction: float, now_ns: int) -> None:
        pause_ns = DECREASE_PAUSE_NS + int(self._rtt_ms * 1e6)
        if now_ns - self._last_decrease_ns < pause_ns or self._probing.is_felt(now_ns, self._rtt_ms):
            return
        self._last_decrease_ns = now_ns
        lowered = self.bits_per_s(now_ns) * (1 - 0.5 * fraction)
        received = max(self._media, default=0) * (1 - fraction)
        if self._loss is not None and self._loss <= RANDOM_LOSS:
            lowered = max(lowered, FLOOR_OF_RECEIVED * received)
        elif fraction > MOST_LOST:
            lowered = min(lowered, received)
        self._by_loss = max(lowered, MIN_BITS_PER_S)
        self._proven = 0.0 if self._rtt_has_grown else min(self._proven, self._by_loss)

    @property
    def _rtt_ms(self) -> float:
        return self._rtts_ms[-1] if self._rtts_ms else 0.0

    @property
    def _rtt_has_grown(self) -> bool:
        return bool(self._rtts_ms) and self._rtts_ms[-1] > min(self._rtts_ms) + DELAY_GROWN_MS

    def _delay_grows(self, now_ns: int) -> bool:
        if self._rtt_has_grown:
            return True
        return self._remb_fell_ns is not None and now_ns - self._remb_fell_ns < CALM_NS

    def _forget_stale(self, now_ns: int) -> None:
        if self._remb_ns is None or now_ns - self._remb_ns <= REMB_STALE_NS:
            return
        # What the browser said last was true then: go on from there, don't leap.
        self._by_loss = min(self._by_loss, self._bound)
        self._limit, self._proven, self._remb_ns = None, 0.0, None

    @property
    def _is_troubled(self) -> bool:
        return self._rtt_has_grown or (self._loss or 0.0) > HIGH_LOSS

    @property
    def _bound(self) -> float:
        if self._limit is None:
            return MAX_BITS_PER_S
        carried = max(self._media, default=0)
        bound = max(self._limit, self._proven, 0 if self._is_troubled else CALM_BITS_PER_S)
        return carried if carried / MEDIA_SWINGS < bound < carried else bound

    def bits_per_s(self, now_ns: int) -> int:
        """The estimate."""
        self._forget_stale(now_ns)
        return max(MIN_BITS_PER_S, int(min(self._by_loss, self._bound)))

    def probe_bits_per_s(self, now_ns: int) -> int:
        """How many extra bits/s of padding or repairs to send now; mostly 0. Ask every 50 ms or so."""
        if self._rtt_has_grown:
            self._probing.fail(now_ns)
        proven = self._probing.conclude(now_ns, self._rtt_ms)
        if proven is not None:
            self._proven = max(self._proven, min(proven, MAX_BITS_PER_S))
            self._by_loss = max(self._by_loss, self._proven)
        loss = self._loss or 0.0
        if self._media and loss <= RANDOM_LOSS and not self._delay_grows(now_ns):
            self._probing.begin(
                now_ns,
                estimate=self.bits_per_s(now_ns),
                wanted=self.wanted_bits_per_s,
                media=self._media[-1],
                loss=loss,
                remb=None if self._limit is None else self._remb,
            )
        return self._probing.extra_bits_per_s(now_ns)
