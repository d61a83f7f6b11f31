"""A person in real Firefox, with a made-up camera and microphone of Firefox's own."""

import asyncio
import base64
import io
import json
import math
import shutil
import signal
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.bed import namespace
from tests.bed.bidi import Bidi, BidiError
from tests.bed.browsers import DESKTOP, PATIENCE_MS, PHONE, RECEIVED

FIREFOX_NAMES = ("firefox-esr", "firefox")
STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 10.0
_NOWHERE = "data:,"
_DEAD_PORT = 9

PREFERENCES: dict[str, bool | int | str] = {
    # The made-up devices, without a question.
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.devices.insecure.enabled": True,
    "media.getusermedia.insecure.enabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    # Everything is on loopback or in a namespace.
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    # No request leaves the machine: whatever Firefox wants for itself ends at a closed port.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": _DEAD_PORT,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": _DEAD_PORT,
    "network.proxy.no_proxies_on": "localhost,127.0.0.1,10.0.0.0/8",
    "network.dns.disablePrefetch": True,
    "network.dns.native-is-localhost": True,
    "network.trr.mode": 5,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-provider.enabled": False,
    "services.settings.server": _NOWHERE,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "extensions.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.search.update": False,
    "browser.region.update.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.ml.enable": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": _NOWHERE,
    "dom.push.connection.enabled": False,
}

OF_THE_NETWORK = ("Firefox can’t establish a connection", "The connection to ws")
"""How Firefox words that a socket was lost or given up: no fault of the page's, which takes another one."""

CENTRE = """
(testid) => new Promise((done) => {
  const look = () => {
    const part = document.querySelector(`[data-testid="${testid}"]`);
    if (!part || part.disabled || !part.getClientRects().length) return setTimeout(look, 100);
    part.scrollIntoView({block: 'center', behavior: 'instant'});
    requestAnimationFrame(() => {
      const box = part.getBoundingClientRect();
      done([Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]);
    });
  };
  look();
})
"""
# Where there is no loudspeaker Firefox's AudioContext never starts; its MediaRecorder does.
ONE_SECOND_OF_SOUND = """
async (selector) => {
  const media = [...document.querySelector(selector).querySelectorAll('audio, video')].map((e) => e.srcObject)
    .find((s) => s && s.getAudioTracks().length);
  if (!media) return '';
  const recorder = new MediaRecorder(new MediaStream(media.getAudioTracks()));
  const taken = new Promise((done) => { recorder.ondataavailable = (event) => done(event.data); });
  recorder.start();
  await new Promise((done) => setTimeout(done, 1000));
  recorder.stop();
  const bytes = new Uint8Array(await (await taken).arrayBuffer());
  return btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(''));
}
"""
IS_SEEN = """
(testid) => [...document.querySelectorAll(`[data-testid="${testid}"]`)].some((part) => part.getClientRects().length)
"""


def firefox_path() -> str:
    """The system's Firefox; `make test` installs it."""
    found = next((path for name in FIREFOX_NAMES if (path := shutil.which(name))), None)
    assert found, "Firefox is missing: install Debian's package 'firefox-esr'"
    return found


class FirefoxPerson:
    """One person's Firefox and the page they hold the hearing in; does what `browsers.Person` does."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.complaints: list[str] = []
        self._bidi = Bidi(self._hear)
        self._process: asyncio.subprocess.Process | None = None
        self._tab = ""

    async def start(
        self, folder: Path, *, phone: bool = False, language: str = "zh-CN", place: str | None = None
    ) -> None:
        """Start with a fresh profile under `folder`, in the namespace `place` if one is named."""
        profile = folder / f"firefox-{self.role}"
        profile.mkdir()
        wishes = PREFERENCES | {"intl.accept_languages": language}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wishes.items()]
        (profile / "user.js").write_text("\n".join(lines))
        with (folder / f"firefox-{self.role}.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(*namespace.into(place), firefox_path(), "--headless", "--no-remote", "--profile", str(profile)),
                *("--remote-debugging-port", "0", "about:blank"),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        port = await self._port(profile / "WebDriverBiDiServer.json")
        await self._bidi.connect(f"ws://127.0.0.1:{port}/session", place)
        await self._bidi.ask("session.subscribe", events=["log.entryAdded"])
        tree = await self._bidi.ask("browsingContext.getTree")
        self._tab = tree["contexts"][0]["context"]
        await self.looks_through(PHONE if phone else DESKTOP)

    async def looks_through(self, device: dict[str, Any]) -> None:
        """Give the page the size of a device (of `browsers`)."""
        await self._bidi.ask(
            "browsingContext.setViewport",
            context=self._tab,
            viewport=device["viewport"],
            devicePixelRatio=device.get("device_scale_factor", 1),
        )

    async def goes_to(self, link: str) -> None:
        await self._bidi.ask("browsingContext.navigate", context=self._tab, url=link, wait="complete")

    async def goes_in(self, link: str) -> None:
        """Open the link, look at the devices, go on."""
        await self.goes_to(link)
        await self.presses("join-enter")

    async def evaluates(self, function: str, *arguments: str) -> Any:
        """Call a JavaScript function in the page; what it returns must be JSON. Raises BidiError."""
        answer = await self._bidi.ask(
            "script.callFunction",
            functionDeclaration=f"async (...given) => JSON.stringify(await ({function})(...given) ?? null)",
            arguments=[{"type": "string", "value": argument} for argument in arguments],
            target={"context": self._tab},
            awaitPromise=True,
        )
        if answer["type"] != "success":
            raise BidiError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    async def sees(self, testid: str) -> None:
        await self._until_seen(testid, True)

    async def does_not_see(self, testid: str) -> None:
        await self._until_seen(testid, False)

    async def presses(self, testid: str) -> None:
        """A real click in the middle of the part, once it is there."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            x, y = await self.evaluates(CENTRE, testid)
        finger = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "finger", "actions": finger}
        await self._bidi.ask("input.performActions", context=self._tab, actions=[pointer])

    async def received(self) -> dict[str, float]:
        """Packets, decoded frames and freezes over everything that comes in."""
        sums: dict[str, float] = await self.evaluates(RECEIVED)
        return sums

    async def tone_from(self, participant_id: str) -> tuple[float, float]:
        """Frequency (Hz) and level (dB) of what is loudest in one person's sound, over a second."""
        sound = base64.b64decode(await self.evaluates(ONE_SECOND_OF_SOUND, f'[data-testid="tile-{participant_id}"]'))
        return await asyncio.to_thread(loudest_tone, sound)

    async def screenshot(self) -> bytes:
        """What the page looks like now, as PNG."""
        taken = await self._bidi.ask("browsingContext.captureScreenshot", context=self._tab)
        return base64.b64decode(taken["data"])

    async def close(self) -> None:
        await self._bidi.close()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOPS_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _port(self, note: Path) -> int:
        """Firefox writes the port it chose into its profile."""
        assert self._process is not None
        async with asyncio.timeout(STARTS_WITHIN_S):
            while (port := _noted_port(note)) is None:
                assert self._process.returncode is None, "Firefox ended at once"
                await asyncio.sleep(0.1)
        return port

    async def _until_seen(self, testid: str, wanted: bool) -> None:
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while await self.evaluates(IS_SEEN, testid) is not wanted:
                await asyncio.sleep(0.1)

    def _hear(self, method: str, parameters: dict[str, Any]) -> None:
        if method == "log.entryAdded" and parameters["level"] == "error":
            text = str(parameters.get("text"))
            if not text.startswith(OF_THE_NETWORK):
                self.complaints.append(text)


def loudest_tone(sound: bytes) -> tuple[float, float]:
    """Frequency (Hz) and level (dB of full scale) of what is loudest in an audio file; (0, -200) of nothing."""
    if not sound:
        return 0.0, -200.0
    with av.open(io.BytesIO(sound), "r") as container:
        mono = av.AudioResampler(format="flt", layout="mono", rate=48_000)
        parts = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in mono.resample(frame)]
    samples = np.concatenate(parts) if parts else np.zeros(1)
    bins = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) / (len(samples) / 4)
    best = int(bins.argmax())
    return best * 48_000 / len(samples), 20 * math.log10(bins[best] + 1e-10)


def _noted_port(note: Path) -> int | None:
    try:
        port: int = json.loads(note.read_text())["ws_port"]
    except (FileNotFoundError, ValueError):
        return None
    return port
