"""A real server process with its own data folder, on a free loopback port or in a namespace; ended by pid."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import aiohttp

from cloudcourt.cli.demo import prepare, told
from cloudcourt.settings import Settings
from tests.bed import namespace

READY_WITHIN_S = 120.0
STOPS_WITHIN_S = 60.0
OF_THE_DEMO = frozenset({"check_in", "retention", "public_url", "link_days"})
"""The settings that a demonstration depends on."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class CourtServer:
    """`cloudcourt serve`, started and ended as an operator would.

    With `place` it runs in that namespace and listens on `host`, an address there; `http()` reaches it from here.
    Media takes any free port unless `media_port` says otherwise.
    """

    def __init__(self, data_dir: Path, *, place: str | None = None, host: str | None = None, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://{host or 'localhost'}:{self.port}"
        self._place = place
        self._wishes = {"media_port": "0", **({"host": host, "public_url": self.url} if host else {}), **settings}
        self._process: asyncio.subprocess.Process | None = None
        self.log_path = data_dir.parent / f"{data_dir.name}-server.log"

    async def start(self) -> None:
        """Start and wait until `/healthz` says ready."""
        with self.log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command("serve", "--port", str(self.port)),
                stdout=log,
                stderr=log,
                env=self._environment(),
                start_new_session=True,
            )
        try:
            await self._ready()
        except BaseException:
            await self.kill()  # nobody else knows of it
            raise

    async def _ready(self) -> None:
        process = self._process
        assert process is not None
        async with asyncio.timeout(READY_WITHIN_S), self.http() as http:
            while not await self._is_ready(http):
                if process.returncode is not None:
                    raise RuntimeError(f"the server ended at once:\n{self.log()}")
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM, and wait for an orderly end."""
        await self._end(signal.SIGTERM)

    async def demo(self) -> dict[str, Any]:
        """What `cloudcourt demo --json` says of this server's data folder, without a process of its own."""
        wishes = {name: wish for name, wish in self._wishes.items() if name in OF_THE_DEMO}
        settings = Settings(data_dir=self.data_dir, port=self.port, **wishes)  # type: ignore[arg-type]
        return told(settings, await prepare(settings))

    async def sitting(self) -> dict[str, Any]:
        """The same, with a hearing that nobody has been in: links that don't open make the demonstration anew."""
        notes = self.data_dir / "demo.json"
        if notes.exists():
            notes.write_text(json.dumps({**json.loads(notes.read_text()), "links": {"judge": "gone"}}))
        return await self.demo()

    def staff_password(self) -> str:
        """The demo clerk's password, from the demo's own notes."""
        notes = json.loads((self.data_dir / "demo.json").read_text())
        return str(notes["staff_password"])

    def http(self, **wishes: Any) -> aiohttp.ClientSession:
        """A session that reaches this server, wherever it runs."""
        return namespace.http_session(self._place, **wishes)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    async def _end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(number)
        try:
            await asyncio.wait_for(process.wait(), STOPS_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise

    async def _is_ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _command(self, *arguments: str) -> list[str]:
        program = [sys.executable, "-m", "cloudcourt", *arguments, "--data-dir", str(self.data_dir)]
        return [*namespace.into(self._place), *program]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **{f"CLOUDCOURT_{name.upper()}": value for name, value in self._wishes.items()}}


def workers_of(server: CourtServer) -> list[int]:
    """The pids of the server's media workers."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status, command = (folder / "status").read_text(), (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"\nPPid:\t{server.pid}\n" in status and b"media.worker" in command:
            found.append(int(folder.name))
    return found
