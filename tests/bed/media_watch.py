"""Watches what reaches one page, from inside it: how long nothing came, and what the ear and the eye were spared."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

POLL_MS = 50

# Sums over all that is received. A new connection counts from zero: what the old one had is kept apart.
BEGIN = """
(pollMs) => {
  const names = ['audio', 'picture', 'samples', 'concealed', 'freezes', 'frozenS'];
  const fresh = () => Object.fromEntries(names.map((name) => [name, 0]));
  const watch = {peer: null, before: fresh(), now: fresh(), start: fresh(), since: {}, gap: {}};
  watch.total = (name) => watch.before[name] + watch.now[name] - watch.start[name];
  watch.reset = () => {
    for (const name of names) watch.start[name] = watch.before[name] + watch.now[name];
    for (const kind of ['audio', 'picture']) { watch.since[kind] = performance.now(); watch.gap[kind] = 0; }
  };
  watch.mark = (kind, hasCome) => {
    const idle = performance.now() - watch.since[kind];
    watch.gap[kind] = Math.max(watch.gap[kind], idle);
    if (hasCome) watch.since[kind] = performance.now();
  };
  const read = async (peer) => {
    const sums = fresh();
    for (const stat of (await peer.getStats()).values()) {
      if (stat.type !== 'inbound-rtp') continue;
      if (stat.kind === 'audio') {
        sums.audio += stat.packetsReceived || 0;
        sums.samples += stat.totalSamplesReceived || 0;
        sums.concealed += (stat.concealedSamples || 0) - (stat.silentConcealedSamples || 0);
      } else {
        sums.picture += stat.framesDecoded || 0;
        sums.freezes += stat.freezeCount || 0;
        sums.frozenS += stat.totalFreezesDuration || 0;
      }
    }
    return sums;
  };
  const poll = async () => {
    const peer = document.querySelector('[data-testid=courtroom]')?.courtPeer ?? null;
    const sums = peer ? await read(peer) : fresh();
    if (peer !== watch.peer) {
      for (const name of names) watch.before[name] += watch.now[name];
      watch.now = fresh();
      watch.peer = peer;
    }
    for (const kind of ['audio', 'picture']) watch.mark(kind, sums[kind] > watch.now[kind]);
    watch.now = sums;
    setTimeout(poll, pollMs);
  };
  watch.reset();
  window.courtWatch = watch;
  void poll();
}
"""
RESET = "() => window.courtWatch.reset()"
READ = """
() => {
  const watch = window.courtWatch;
  const names = ['audio', 'picture', 'samples', 'concealed', 'freezes', 'frozenS'];
  return {...Object.fromEntries(names.map((name) => [name, watch.total(name)])),
    audioGapMs: watch.gap.audio, pictureGapMs: watch.gap.picture};
}
"""


@dataclass(frozen=True)
class Received:
    """What has come since the watch was last reset, and the longest times without, to within a poll."""

    audio_packets: int
    pictures: int
    audio_gap_ms: float
    picture_gap_ms: float
    samples: int
    concealed: int
    """Samples the listener heard made-up sound for."""
    freezes: int
    frozen_s: float

    @property
    def concealed_share(self) -> float:
        return self.concealed / self.samples if self.samples else 0.0


class MediaWatch:
    """One page under watch; it must be in the courtroom and stay loaded."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def begin(self) -> None:
        await self._page.evaluate(BEGIN, POLL_MS)

    async def reset(self) -> None:
        """Count from now."""
        await self._page.evaluate(RESET)

    async def received(self) -> Received:
        found: dict[str, Any] = await self._page.evaluate(READ)
        return Received(
            audio_packets=found["audio"],
            pictures=found["picture"],
            audio_gap_ms=found["audioGapMs"],
            picture_gap_ms=found["pictureGapMs"],
            samples=found["samples"],
            concealed=found["concealed"],
            freezes=found["freezes"],
            frozen_s=found["frozenS"],
        )
