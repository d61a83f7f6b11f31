"""A phone that takes part by sound only, in a real browser: it hears everyone in one stream, and is sent no picture."""

import asyncio
from typing import Any

import pytest

from tests.bed.browsers import Person
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import hears_again, rises, seat_ids

pytestmark = pytest.mark.e2e

OTHERS = ("judge", "plaintiff")
WITHIN_S = 40
IP_UDP_OCTETS = 28

# How loud each tone is in all sound that the page plays, in dB.
TONES = """
async (tones) => {
  const audio = new AudioContext();
  await audio.resume();
  const ear = audio.createAnalyser();
  ear.fftSize = 8192;
  ear.smoothingTimeConstant = 0;
  for (const {srcObject} of document.querySelectorAll('.tile:not(.own) video')) {
    if (srcObject?.getAudioTracks().length) audio.createMediaStreamSource(srcObject).connect(ear);
  }
  const bins = new Float32Array(ear.frequencyBinCount);
  const best = tones.map(() => -200);
  for (let i = 0; i < 10; i++) {
    await new Promise((done) => setTimeout(done, 100));
    ear.getFloatFrequencyData(bins);
    tones.forEach((hz, which) => {
      const bin = Math.round(hz * ear.fftSize / audio.sampleRate);
      best[which] = Math.max(best[which], ...bins.slice(bin - 2, bin + 3));
    });
  }
  await audio.close();
  return best;
}
"""

ARRIVED = """
async () => {
  const peer = document.querySelector('[data-testid=courtroom]').courtPeer;
  const sums = {octets: 0, packets: 0, lines: 0};
  for (const stat of (await peer.getStats()).values()) {
    if (stat.type === 'transport') { sums.octets += stat.bytesReceived; sums.packets += stat.packetsReceived; }
  }
  return sums;
}
"""


async def kbps(person: Person) -> float:
    """What comes to them on the wire, IP and UDP included."""
    before: dict[str, Any] = await person.page.evaluate(ARRIVED)
    began_s = asyncio.get_running_loop().time()
    await asyncio.sleep(5)
    after = await person.page.evaluate(ARRIVED)
    seconds = asyncio.get_running_loop().time() - began_s
    octets = after["octets"] - before["octets"] + IP_UDP_OCTETS * (after["packets"] - before["packets"])
    return float(octets * 8 / seconds / 1000)


async def hears_everyone(person: Person) -> None:
    """Wait until both others sound at about their level, and they themselves don't."""
    tones = [LOOKS[role].tone_hz for role in (*OTHERS, person.role)]
    async with asyncio.timeout(WITHIN_S):
        while True:
            one, other, own = await person.page.evaluate(TONES, tones)
            if min(one, other) > -60 and abs(one - other) < 12 and own < min(one, other) - 20:
                return


async def test_a_phone_takes_part_by_sound_only(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    judge, plaintiff = await enter("judge"), await enter("plaintiff", language="en")
    defendant = await enter("defendant", phone=True)
    ids = await seat_ids(demo["links"], server.url)
    await plaintiff.goes_in(demo["links"]["plaintiff"])
    await defendant.page.goto(demo["links"]["defendant"])
    await defendant.part("check-sound-only").check()
    await defendant.presses("join-enter")
    await defendant.sees("waiting-room")
    await judge.goes_in(demo["links"]["judge"])
    for party in ("plaintiff", "defendant"):
        await judge.presses(f"btn-admit-{ids[party]}")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")

    await defendant.sees("banner-sound-only")
    await rises(defendant, "audio", 50)
    await hears_everyone(defendant)
    assert 20 < await kbps(defendant) < 60
    assert (await defendant.received())["frames"] == 0
    await judge.sees(f"badge-sound-only-{ids['defendant']}")
    await hears_again(judge, ids["defendant"], LOOKS["defendant"].tone_hz)

    await judge.presses(f"btn-mute-{ids['plaintiff']}")
    async with asyncio.timeout(WITHIN_S):
        tones = [LOOKS[role].tone_hz for role in OTHERS]
        while True:
            of_judge, of_plaintiff = await defendant.page.evaluate(TONES, tones)
            if of_plaintiff < of_judge - 25 and of_judge > -60:
                break
    await judge.presses(f"btn-mute-{ids['plaintiff']}")
    await hears_everyone(defendant)

    await defendant.presses("btn-show-pictures")
    await defendant.does_not_see("banner-sound-only")
    await rises(defendant, "frames", 20)
    await hears_again(defendant, ids["plaintiff"], LOOKS["plaintiff"].tone_hz)
    assert not [c for person in (judge, plaintiff, defendant) for c in person.complaints]
