"""The clerk talks with a party who waits outside, in real browsers, while the court goes on without hearing it."""

import asyncio
import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import rises, seat_ids

pytestmark = pytest.mark.e2e

HEARS = """
async (selector) => {
  const media = document.querySelector(selector)?.querySelector('video')?.srcObject;
  if (!media) return 0;
  const audio = new AudioContext();
  await audio.resume();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 8192;
  audio.createMediaStreamSource(media).connect(analyser);
  await new Promise((done) => setTimeout(done, 1000));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const best = bins.reduce((top, level, bin) => (level > bins[top] ? bin : top), 0);
  const hz = bins[best] > -70 ? best * audio.sampleRate / analyser.fftSize : 0;
  await audio.close();
  return hz;
}
"""


async def hears_in_talk(person: Person, other: str, tone_hz: int) -> None:
    async with asyncio.timeout(30):
        while abs(await person.page.evaluate(HEARS, f"[data-testid=talk-{other}]") - tone_hz) > 20:
            pass


async def keeps(person: Person, name: str) -> None:
    """A picture to look at, where somebody wants one."""
    if folder := os.environ.get("CLOUDCOURT_PICTURES"):
        await person.page.screenshot(path=Path(folder) / f"{name}.png")


async def test_the_clerk_helps_a_party_outside_by_word(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    ids = await seat_ids(demo["links"], server.url)
    judge, clerk = await enter("judge"), await enter("clerk")
    for person in (judge, clerk):
        await person.goes_in(demo["links"][person.role])
        await person.sees("courtroom")
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await expect(judge.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await rises(judge, "audio", 50)
    party = await enter("defendant", phone=True)
    await party.goes_in(demo["links"]["defendant"])
    await party.sees("waiting-room")

    await clerk.presses("btn-board")
    await keeps(clerk, "board")
    await clerk.presses(f"btn-talk-{ids['defendant']}")
    await expect(clerk.part(f"helped-{ids['defendant']}")).to_be_visible(timeout=PATIENCE_MS)
    await clerk.presses("btn-board-close")
    await party.sees("talk-sign")
    await clerk.sees("talk-sign")
    await asyncio.gather(
        hears_in_talk(party, ids["clerk"], LOOKS["clerk"].tone_hz),
        hears_in_talk(clerk, ids["defendant"], LOOKS["defendant"].tone_hz),
    )
    _, level = await judge.tone_from(ids["clerk"])
    assert level < -90, "the court hears nothing of it"
    await keeps(party, "talk-phone")
    await keeps(clerk, "talk-clerk")
    await party.presses("btn-end-talk")
    await clerk.does_not_see("talk-sign")
    await rises(judge, "audio", 50)
    assert not [c for person in (judge, clerk, party) for c in person.complaints]
