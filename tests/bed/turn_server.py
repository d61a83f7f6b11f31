"""Debian's coturn with the court's advice for it: started on an address of its own, stopped by pid."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bed.rtc_client import until

STOPS_WITHIN_S = 10.0


@dataclass(frozen=True)
class TurnServer:
    """A running relay."""

    address: tuple[str, int]
    secret: str
    log_path: Path
    pid: int

    def url(self, transport: str = "udp") -> str:
        """For `turn_urls`; `transport` is udp or tcp, and means the way from the browser to the relay."""
        host, port = self.address
        return f"turn:{host}:{port}?transport={transport}"

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")


@asynccontextmanager
async def running_turn_server(
    directory: Path,
    *,
    address: tuple[str, int],
    media_host: str,
    secret: str = "the relay's and the court's",
    prefix: Sequence[str] = (),
) -> AsyncIterator[TurnServer]:
    """Start coturn on `address`, willing to relay to `media_host` only, and stop it. Its files go to `directory`.

    `prefix` is a command that runs its arguments elsewhere without staying between, such as `ip netns exec NAME`.
    Raises FileNotFoundError, naming the package, where coturn isn't installed.
    """
    program = shutil.which("turnserver")
    if program is None:
        raise FileNotFoundError("these tests need `turnserver`: on Debian or Ubuntu, `apt-get install coturn`")
    config, log_path = directory / "turnserver.conf", directory / "turnserver.log"
    config.write_text(_config(directory, address, media_host, secret))
    with log_path.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *prefix, program, "-c", str(config), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
    server = TurnServer(address, secret, log_path, process.pid)
    try:
        await until(lambda: process.returncode is not None or _listens(server.log()), "coturn listens", 30.0)
        if process.returncode is not None:
            raise RuntimeError(f"coturn ended at once:\n{server.log()}")
        yield server
    finally:
        await _stop(process)


def _listens(log: str) -> bool:
    return all(f"IPv4. {transport} listener opened on" in log for transport in ("UDP", "TCP"))


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOPS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _config(directory: Path, address: tuple[str, int], media_host: str, secret: str) -> str:
    """As docs/operations.md advises, but without TLS and with loopback allowed."""
    host, port = address
    return f"""\
listening-ip={host}
listening-port={port}
relay-ip={host}
min-port=49152
max-port=49999
realm=court.example
use-auth-secret
static-auth-secret={secret}
stale-nonce=600
user-quota=12
total-quota=600
no-tcp-relay
no-multicast-peers
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
allowed-peer-ip={media_host}
allow-loopback-peers
cli-password=not in use
no-cli
no-tls
no-dtls
fingerprint
verbose
simple-log
log-file=stdout
pidfile={directory / "turnserver.pid"}
userdb={directory / "turndb"}
"""
