"""A network namespace: a machine of its own as far as the network goes. Making one needs root and iproute2."""

import ctypes
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

_FOLDER = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)
_OF_A_RUN = re.compile(r"court(\d+)\.")

needs_namespaces = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/dev/net/tun").exists() or shutil.which("ip") is None,
    reason="network namespaces need root, /dev/net/tun and iproute2",
)


def prefix_of_this_run(number: int) -> str:
    """A prefix that names the process which answers for the namespaces."""
    return f"court{os.getpid()}.{number}"


def into(namespace: str | None) -> list[str]:
    """What to put before a command line so that it runs there; None is the machine's own network."""
    return [] if namespace is None else ["ip", "netns", "exec", namespace]


@contextmanager
def inside(namespace: str | None) -> Iterator[None]:
    """Sockets and devices this thread makes meanwhile belong to that namespace for good. Raises OSError."""
    if namespace is None:
        yield
        return
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _enter(_FOLDER / namespace)
        try:
            yield
        finally:
            if _LIBC.setns(home, _CLONE_NEWNET):
                os.abort()  # everything this process did from now on would happen on the wrong network
    finally:
        os.close(home)


def _enter(path: Path) -> None:
    there = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if _LIBC.setns(there, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns", str(path))
    finally:
        os.close(there)


def udp_socket(namespace: str | None, host: str, port: int = 0) -> socket.socket:
    """A bound non-blocking UDP socket of this process in that namespace."""
    with inside(namespace):
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind((host, port))
    return made


def http_session(namespace: str | None, **wishes: Any) -> aiohttp.ClientSession:
    """An HTTP session of this process whose connections begin in that namespace."""

    def connecting_socket(address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, *_ = address
        with inside(namespace):
            return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(socket_factory=connecting_socket)
    return aiohttp.ClientSession(connector=connector, **wishes)


def existing(prefix: str = "") -> list[str]:
    """Names of the namespaces that begin so."""
    if not _FOLDER.is_dir():
        return []
    return sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.startswith(prefix))


def make(namespace: str) -> None:
    """A new namespace with its loopback up. Raises CalledProcessError."""
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    subprocess.run(["ip", "-n", namespace, "link", "set", "lo", "up"], check=True)


def remove(namespace: str) -> None:
    """End what still runs there, and the namespace. Nothing happens where it is gone already."""
    listed = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=False)
    for pid in map(int, listed.stdout.split()):
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
    subprocess.run(["ip", "netns", "del", namespace], stderr=subprocess.DEVNULL, check=False)


def remove_leftovers(prefix: str) -> None:
    """Remove what an earlier run with this prefix left, and what any run left whose process is dead."""
    for name in existing():
        run = _OF_A_RUN.match(name)
        if name.startswith(f"{prefix}-") or (run and not Path(f"/proc/{run[1]}").exists()):
            remove(name)
