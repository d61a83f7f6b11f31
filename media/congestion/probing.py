"""Probes: a little more than we have, for a moment, to learn whether the link would carry it. Pure."""

from typing import NamedTuple

PROBE_NS = 400_000_000
EARLY_VERDICT_NS = 500_000_000
"""After a probe, if the browser's estimate has grown by then: it tells of trouble at once."""
VERDICT_NS = 1_200_000_000
"""After a probe; something comes from every browser within a second."""
AFTER_SUCCESS_NS = 500_000_000
FIRST_PAUSE_NS = 5_000_000_000
MAX_PAUSE_NS = 30_000_000_000
MAX_PAUSE_IN_NEED_NS = 10_000_000_000
"""While not even half of what is wanted fits."""
FIRST_PROBE_NS = 1_000_000_000
MAX_STEP = 1.5
"""Of the estimate, with a probe. Where media nearly fill it, twice: what little they lack is not what floods a link."""
MIN_EXTRA_BITS_PER_S = 20_000
TRICKLE_BITS_PER_S = 20_000
"""Until the verdict: a browser revises its estimate only when something comes, and video may be paused."""
MIN_GAIN = 1.05
"""Nothing is asked of the link to gain less."""
WIDENED = 1.25
"""An estimate that outgrew by this the one at which a probe failed makes the failure history."""
MORE_LOSS = 0.05
MIN_SENT = 0.5
"""Of the bits that a probe should have had; with fewer it proves nothing."""
REMB_GROWS = 1.003
"""By less a browser's estimate grows only while it sees delay grow."""
AFTERMATH_NS = 500_000_000
"""A queue that a probe filled is still felt so long after, and a round trip."""


class _Probe(NamedTuple):
    began_ns: int
    estimate: float
    media_bits_per_s: float
    extra_bits_per_s: int
    loss: float
    remb: float | None
    """Where the browser's estimate stood, if it binds."""

    @property
    def ends_ns(self) -> int:
        return self.began_ns + PROBE_NS


class Probing:
    """When to probe and what came of it: more often after success, ever less often after failures."""

    def __init__(self) -> None:
        self._probe: _Probe | None = None
        self._probed_bits = 0
        self._worst_loss = 0.0
        self._remb = 0.0
        self._heard_ns = 0
        self._failed_ns: int | None = None
        self._next_ns: int | None = None
        self._pause_ns = FIRST_PAUSE_NS
        self._failed_at: float | None = None

    def probed(self, bits: int) -> None:
        self._probed_bits += bits

    def heard_loss(self, loss: float, now_ns: int) -> None:
        """A report came, with a loss of 0..1."""
        self._worst_loss = max(self._worst_loss, loss)
        if self._probe is None or self._probe.remb is None:
            self._heard_ns = now_ns

    def heard_remb(self, bits_per_s: float, now_ns: int) -> None:
        self._remb, self._heard_ns = bits_per_s, now_ns

    def fail(self, now_ns: int) -> None:
        """The link turned out to be too narrow for the probe, if there is one."""
        if self._probe is None:
            return
        self._failed_at = self._probe.estimate
        self._failed_ns = now_ns
        self._probe = None
        self._next_ns = now_ns + self._pause_ns
        self._pause_ns = min(2 * self._pause_ns, MAX_PAUSE_NS)

    def forget_failures(self, now_ns: int) -> None:
        """The link has become another one."""
        self._failed_at, self._pause_ns = None, FIRST_PAUSE_NS
        self._next_ns = now_ns + FIRST_PAUSE_NS

    def is_felt(self, now_ns: int, rtt_ms: float) -> bool:
        """Whether loss seen now may come of a probe and not of the media."""
        if self._probe is not None:
            return True
        return self._failed_ns is not None and now_ns - self._failed_ns < AFTERMATH_NS + int(rtt_ms * 1e6)

    def extra_bits_per_s(self, now_ns: int) -> int:
        """What the probe that runs now should add to the media."""
        if self._probe is None:
            return 0
        return self._probe.extra_bits_per_s if now_ns < self._probe.ends_ns else TRICKLE_BITS_PER_S

    def begin(
        self, now_ns: int, *, estimate: float, wanted: float, media: float, loss: float, remb: float | None
    ) -> None:
        """Begin a probe, if it is time and there is something to gain. Rates in bits/s; `media` is what we send."""
        if self._next_ns is None:
            self._next_ns = now_ns + FIRST_PROBE_NS
        if self._failed_at is not None and estimate > self._failed_at * WIDENED:
            self._failed_at, self._pause_ns, self._next_ns = None, FIRST_PAUSE_NS, now_ns
        if wanted > 2 * estimate and self._failed_ns is not None:
            self._next_ns = min(self._next_ns, self._failed_ns + MAX_PAUSE_IN_NEED_NS)
        if self._probe is not None or now_ns < self._next_ns or wanted < estimate * MIN_GAIN:
            return
        most = min(2 * estimate, max(media + estimate, MAX_STEP * estimate))
        extra = min(most, wanted) - media
        if extra >= MIN_EXTRA_BITS_PER_S and media + extra > estimate:
            self._probe = _Probe(now_ns, estimate, media, int(extra), loss, remb)
            self._probed_bits, self._worst_loss = 0, 0.0

    def conclude(self, now_ns: int, rtt_ms: float) -> float | None:
        """The rate in bits/s that a probe has just proved, or None."""
        probe = self._probe
        if probe is None:
            return None
        was_heard = self._heard_ns >= probe.ends_ns
        has_grown = probe.remb is not None and self._remb >= probe.remb * REMB_GROWS
        waits_ns = EARLY_VERDICT_NS if has_grown and was_heard else VERDICT_NS
        if now_ns < probe.ends_ns + waits_ns + int(rtt_ms * 1e6):
            return None
        asked_bits = probe.extra_bits_per_s * PROBE_NS / 1e9
        if (
            not was_heard
            or (probe.remb is not None and not has_grown)
            or self._worst_loss > probe.loss + MORE_LOSS
            or self._probed_bits < asked_bits * MIN_SENT
        ):
            self.fail(now_ns)
            return None
        self._probe = self._failed_at = None
        self._pause_ns = FIRST_PAUSE_NS
        self._next_ns = now_ns + AFTER_SUCCESS_NS
        return probe.media_bits_per_s + probe.extra_bits_per_s * min(1.0, self._probed_bits / asked_bits)
