"""People in real Chromium: one browser process each, with a camera and a microphone of their own."""

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from playwright.async_api import Browser, BrowserContext, Page, Playwright, expect
from playwright.async_api import Error as PlaywrightError

from tests.bed import namespace
from tests.bed.fake_devices import LOOKS, USUAL, Lens, write_camera, write_microphone

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 30_000
PHONE = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
LAPTOP = {"viewport": {"width": 1024, "height": 640}}
"""Costs less than half of the drawing."""

# Chromium's noise suppression takes a steady tone for noise; a real voice isn't one.
PLAIN_MICROPHONE = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wish) => ask(!wish.audio ? wish : {...wish, audio: {
  ...(wish.audio === true ? {} : wish.audio),
  echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
"""

LOUDEST_TONE = """
async (selector) => {
  const stage = document.querySelector(selector);
  const media = [...stage.querySelectorAll('audio, video')].map((e) => e.srcObject)
    .find((s) => s && s.getAudioTracks().length);
  if (!media) return {hz: 0, level: 0};
  const audio = new AudioContext();
  await audio.resume();
  const analyser = audio.createAnalyser();
  analyser.fftSize = 8192;
  analyser.smoothingTimeConstant = 0;
  audio.createMediaStreamSource(media).connect(analyser);
  let best = {hz: 0, level: -200};
  const bins = new Float32Array(analyser.frequencyBinCount);
  for (let i = 0; i < 10; i++) {
    await new Promise((done) => setTimeout(done, 100));
    analyser.getFloatFrequencyData(bins);
    bins.forEach((level, bin) => {
      if (level > best.level) best = {hz: bin * audio.sampleRate / analyser.fftSize, level};
    });
  }
  await audio.close();
  return best;
}
"""

RECEIVED = """
async () => {
  const peer = document.querySelector('[data-testid=courtroom], [data-testid=private-room]')?.courtPeer;
  const sums = {packets: 0, frames: 0, audio: 0, freezes: 0};
  if (!peer) return sums;
  for (const stat of (await peer.getStats()).values()) {
    if (stat.type !== 'inbound-rtp') continue;
    sums.packets += stat.packetsReceived || 0;
    if (stat.kind === 'video') { sums.frames += stat.framesDecoded || 0; sums.freezes += stat.freezeCount || 0; }
    if (stat.kind === 'audio') sums.audio += stat.packetsReceived || 0;
  }
  return sums;
}
"""


def chromium_path() -> str:
    """The system's Chromium; `make test` installs it."""
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: install Debian's package 'chromium'"
    return found


class Listener(Protocol):
    """Whoever sits in a browser and can say what reaches them."""

    async def received(self) -> dict[str, float]: ...

    async def tone_from(self, participant_id: str) -> tuple[float, float]: ...


class Person:
    """One person's browser and the page they hold the hearing in."""

    def __init__(self, role: str, browser: Browser, context: BrowserContext, page: Page) -> None:
        self.role = role
        self.browser = browser
        self.context = context
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    def part(self, testid: str) -> Any:
        return self.page.get_by_test_id(testid)

    async def sees(self, testid: str) -> None:
        await expect(self.part(testid).first).to_be_visible(timeout=PATIENCE_MS)

    async def does_not_see(self, testid: str) -> None:
        await expect(self.part(testid)).to_have_count(0, timeout=PATIENCE_MS)

    async def presses(self, testid: str) -> None:
        await self.part(testid).first.click(timeout=PATIENCE_MS)

    async def goes_in(self, link: str) -> None:
        """Open the link, look at the devices, go on."""
        await self.page.goto(link)
        await self.presses("join-enter")

    async def checks_in(self, link: str) -> None:
        """Open the link of a hearing with a full check-in, and press on through every step into the waiting room."""
        await self.page.goto(link)
        await self.sees("check-in")
        async with asyncio.timeout(2 * PATIENCE_MS / 1000):
            while await self.part("waiting-room").count() == 0:
                with suppress(PlaywrightError):  # the step has just changed, or its button rests
                    await self.part("btn-next").click(timeout=1_000)

    async def closes_the_hearing(self) -> None:
        """As the judge. A slow machine's record may have broken off: its drafted statement is confirmed first."""
        await self.presses("btn-close")
        async with asyncio.timeout(2 * PATIENCE_MS / 1000):
            while await self.part("closed-page").count() == 0:
                with suppress(PlaywrightError):  # one question makes room for the next, or for the page that stays
                    await self.part("btn-confirm").last.click(timeout=1_000)

    async def allows_devices(self) -> None:
        """Say yes to camera and microphone after all."""
        await self.context.grant_permissions(["camera", "microphone"])

    async def received(self) -> dict[str, float]:
        """Packets, decoded frames and freezes over everything that comes in."""
        sums: dict[str, float] = await self.page.evaluate(RECEIVED)
        return sums

    async def tone_from(self, participant_id: str) -> tuple[float, float]:
        """Frequency (Hz) and level (dB) of what is loudest in one person's sound, over a second."""
        heard = await self.page.evaluate(LOUDEST_TONE, f'[data-testid="tile-{participant_id}"]')
        return float(heard["hz"]), float(heard["level"])

    async def close(self) -> None:
        await self.browser.close()


async def enters(
    playwright: Playwright,
    role: str,
    folder: Path,
    *,
    phone: bool = False,
    language: str = "zh-CN",
    place: str | None = None,
    origin: str | None = None,
    is_lively: bool = False,
    lens: Lens = USUAL,
    screen: dict[str, Any] = DESKTOP,
    allows_devices: bool = True,
    shares: str | None = None,
) -> Person:
    """Start a browser for one person; nothing is opened yet. Without `allows_devices`, it refuses both at first.

    It runs in the namespace `place` if one is named; `origin` may use camera and microphone although it has no TLS.
    A lively person's picture costs as many bits as a real one. `shares` is the title of the tab that they choose when
    they are asked what to share.
    """
    look = LOOKS[role]
    camera = write_camera(folder / f"{role}.y4m", look, lens=lens, is_lively=is_lively)
    microphone = write_microphone(folder / f"{role}.wav", look)
    browser = await playwright.chromium.launch(
        executable_path=chromium_path() if place is None else _door_into(place, folder / f"chromium-{role}"),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required",
            # The browser's own fake answer would share its fake camera.
            *(["--use-fake-ui-for-media-stream"] if allows_devices and shares is None else []),
            *([f"--auto-select-tab-capture-source-by-title={shares}"] if shares else []),
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
            f"--use-file-for-fake-audio-capture={microphone}",
            *(["--allow-loopback-in-peer-connection"] if place is None else []),
            *([f"--unsafely-treat-insecure-origin-as-secure={origin}"] if origin else []),
        ],
    )
    context = await browser.new_context(locale=language, **(PHONE if phone else screen))
    if allows_devices:
        await context.grant_permissions(["camera", "microphone"])
    await context.add_init_script(PLAIN_MICROPHONE)
    return Person(role, browser, context, await context.new_page())


def _door_into(place: str, script: Path) -> Path:
    """A program that is Chromium in that namespace; descriptors 3 and 4, by which it is driven, stay open."""
    script.write_text(f'#!/bin/sh\nexec {" ".join(namespace.into(place))} {chromium_path()} "$@"\n')
    script.chmod(0o755)
    return script
