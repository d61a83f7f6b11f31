"""An impaired network between namespaces: `python -m tests.bed.impairment`, a process of its own.

A kernel without `netem` can't delay or lose packets, so this process does: every node is a namespace with one or more
TUN links, and each IPv4 packet goes up the sender's link and down the receiver's, each way with its own conditions.
Commands come as JSON lines on standard input, answers go out the same way; when the input ends, so do the network and
its namespaces. `network_bed.py` drives it.
"""

import argparse
import asyncio
import dataclasses
import fcntl
import json
import os
import random
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.bed import namespace

SUBNETS = "10.77"
_UDP = 17
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_READ_AT_ONCE = 64
_FIRST_TABLE = 100


@dataclass(frozen=True)
class Conditions:
    """What one way of one link does to packets."""

    loss: float = 0.0
    """Probability that a packet is lost by itself."""
    burst_start: float = 0.0
    """Probability per packet that a burst of loss begins."""
    burst_length: float = 5.0
    """Packets lost per burst, on average (geometric)."""
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    """Standard deviation of what is added to the delay; packets keep their order."""
    rate_kbps: float = 0.0
    """0 is without limit."""
    queue_ms: float = 400.0
    """What waits longer than this for its turn is dropped."""
    blackhole: bool = False
    udp: bool = True
    """False drops every UDP packet, as closed networks do."""


PROFILES = {
    "clean": Conditions(),
    "wifi": Conditions(loss=0.002, delay_ms=6, jitter_ms=3, rate_kbps=25_000),
    "4g": Conditions(loss=0.003, delay_ms=30, jitter_ms=8, rate_kbps=8_000),
    "lossy5": Conditions(loss=0.05, delay_ms=25, jitter_ms=6),
    "lossy10": Conditions(loss=0.10, delay_ms=25, jitter_ms=6),
    "narrow": Conditions(delay_ms=40, rate_kbps=200, queue_ms=500),
    "bursty": Conditions(burst_start=0.01, burst_length=5, delay_ms=25, jitter_ms=6),
}


class Way:
    """One direction of one link: loses a packet, or hands it on when its time has come."""

    def __init__(self, onward: Callable[[bytes], None], dice: random.Random) -> None:
        self.conditions = Conditions()
        self.passed = self.lost = self.crowded_out = 0
        self.datagrams = 0
        """Of those that passed, UDP: where media goes."""
        self._onward = onward
        self._dice = dice
        self._loop = asyncio.get_running_loop()
        self._is_in_burst = False
        self._free_at = 0.0
        self._last_due = 0.0

    def carry(self, packet: bytes) -> None:
        """Take an IPv4 packet."""
        if self._is_lost(packet):
            self.lost += 1
            return
        now = self._loop.time()
        due = self._due(len(packet), now)
        if due is None:
            self.crowded_out += 1
            return
        self.passed += 1
        self.datagrams += packet[9] == _UDP
        if due <= now:
            self._onward(packet)
        else:
            self._loop.call_at(due, self._onward, packet)

    def _is_lost(self, packet: bytes) -> bool:
        like = self.conditions
        if like.blackhole or (not like.udp and packet[9] == _UDP):
            return True
        if self._is_in_burst:
            self._is_in_burst = self._dice.random() >= 1 / max(1.0, like.burst_length)
        elif like.burst_start:
            self._is_in_burst = self._dice.random() < like.burst_start
        return self._is_in_burst or self._dice.random() < like.loss

    def _due(self, size: int, now: float) -> float | None:
        """When the packet leaves, on the loop's clock; None when the queue is full."""
        like = self.conditions
        due = now
        if like.rate_kbps:
            starts = max(now, self._free_at)
            if starts - now > like.queue_ms / 1000:
                return None
            due = self._free_at = starts + size * 8 / (like.rate_kbps * 1000)
        if like.delay_ms or like.jitter_ms:
            due += max(0.0, self._dice.gauss(like.delay_ms, like.jitter_ms)) / 1000
        if due <= self._last_due:
            due = self._last_due + 1e-6  # the loop doesn't keep the order of equal times
        self._last_due = due
        return due


class Link:
    """One node's way to everybody else: a TUN device with an address in a subnet of its own."""

    def __init__(self, node: str, name: str, number: int, arrive: Callable[[bytes], None], seed: int) -> None:
        self.node, self.name, self.number = node, name, number
        self.host = 1 if node.endswith("-server") else 2
        self.is_up = False
        self.up = Way(arrive, random.Random(f"{seed} {number} up"))
        self.down = Way(self._deliver, random.Random(f"{seed} {number} down"))
        self.tun = _open_tun(node, name)

    @property
    def address(self) -> str:
        return f"{SUBNETS}.{self.number}.{self.host}"

    def ways(self, which: str) -> list[Way]:
        """`up` (away from the node), `down`, or `both`."""
        return {"up": [self.up], "down": [self.down], "both": [self.up, self.down]}[which]

    async def prepare(self) -> None:
        """What stays whether the link is up or not: no IPv6 by itself, and a table for packets from this subnet."""
        table = _FIRST_TABLE + self.number
        await self._ip(
            f"link set dev {self.name} addrgenmode none txqueuelen 2000",
            f"rule add from {SUBNETS}.{self.number}.0/24 lookup {table}",
        )

    async def rise(self, host: int | None = None) -> None:
        """Up, with its last address or a new one (`host` is the last number of it)."""
        self.host = host or self.host
        table = _FIRST_TABLE + self.number
        await self._ip(
            f"addr flush dev {self.name}",
            f"link set dev {self.name} up",
            f"addr add {self.address}/24 dev {self.name}",
            f"route replace default dev {self.name} src {self.address} metric {table}",
            f"route replace default dev {self.name} src {self.address} table {table}",
        )
        self.is_up = True

    async def fall(self) -> None:
        """Down and without its address, as when a phone leaves a Wi-Fi."""
        self.is_up = False
        await self._ip(f"addr flush dev {self.name}", f"link set dev {self.name} down")

    def _deliver(self, packet: bytes) -> None:
        with suppress(OSError):  # it went down meanwhile
            os.write(self.tun, packet)

    async def _ip(self, *commands: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *("ip", "-n", self.node, "-batch", "-"), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        _, complaint = await process.communicate("\n".join(commands).encode())
        if process.returncode:
            raise RuntimeError(f"{self.node}.{self.name}: {complaint.decode().strip()}")


def _open_tun(node: str, name: str) -> int:
    with namespace.inside(node):
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return tun


class Network:
    """All links, by name (`phone.wifi0`); knows which one a packet goes down by its destination."""

    def __init__(self, prefix: str, seed: int) -> None:
        self._prefix = prefix
        self._seed = seed
        self._links: dict[str, Link] = {}

    async def build(self, nodes: list[str]) -> None:
        """Make namespaces and links, each `NODE:LINK[=PROFILE],…`; every link is up. Raises OSError, RuntimeError."""
        namespace.remove_leftovers(self._prefix)
        for description in nodes:
            node, _, links = description.partition(":")
            full = f"{self._prefix}-{node}"
            namespace.make(full)
            for wish in links.split(","):
                name, _, profile = wish.partition("=")
                link = Link(full, name, len(self._links), self._arrive, self._seed)
                self._links[f"{node}.{name}"] = link
                link.up.conditions = link.down.conditions = PROFILES[profile or "clean"]
                await link.prepare()
                await link.rise()
                asyncio.get_running_loop().add_reader(link.tun, self._leave, link)

    async def obey(self, command: dict[str, Any]) -> object:
        """One command: `what` and its fields; the answer. Raises KeyError, TypeError, RuntimeError."""
        what = command.pop("what")
        if what == "addresses":
            return {name: link.address for name, link in self._links.items()}
        if what == "counts":
            return {name: _counts(link) for name, link in self._links.items()}
        link = self._links[command.pop("link")]
        if what == "set":
            for way in link.ways(command.pop("way")):
                start = PROFILES[command["profile"]] if "profile" in command else way.conditions
                changes = {key: value for key, value in command.items() if key != "profile"}
                way.conditions = dataclasses.replace(start, **changes)
        elif what == "rise":
            await link.rise(command["host"])
        elif what == "fall":
            await link.fall()
        else:
            raise KeyError(what)
        return link.address

    def remove(self) -> None:
        for link in self._links.values():
            os.close(link.tun)
        for name in namespace.existing(f"{self._prefix}-"):
            namespace.remove(name)

    def _leave(self, link: Link) -> None:
        for _ in range(_READ_AT_ONCE):
            try:
                packet = os.read(link.tun, 65_535)
            except OSError:  # nothing more, or it is down
                return
            if packet[0] >> 4 == 4:
                link.up.carry(packet)

    def _arrive(self, packet: bytes) -> None:
        address = ".".join(map(str, packet[16:20]))
        for link in self._links.values():
            if link.is_up and link.address == address:
                link.down.carry(packet)


def _counts(link: Link) -> dict[str, dict[str, int]]:
    ways = {"up": link.up, "down": link.down}
    return {
        name: {"passed": way.passed, "datagrams": way.datagrams, "lost": way.lost, "crowded_out": way.crowded_out}
        for name, way in ways.items()
    }


async def run(prefix: str, seed: int, nodes: list[str]) -> None:
    """Carry packets and obey until the input ends or SIGTERM comes."""
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, commands.feed_eof)
    network = Network(prefix, seed)
    try:
        await network.build(nodes)
        _answer({"answer": await network.obey({"what": "addresses"})})
        while line := await commands.readline():
            try:
                _answer({"answer": await network.obey(json.loads(line))})
            except (KeyError, TypeError, ValueError, RuntimeError) as failure:
                _answer({"refused": f"{type(failure).__name__}: {failure}"})
    finally:
        network.remove()


def _answer(message: dict[str, object]) -> None:
    with suppress(BrokenPipeError):
        print(json.dumps(message), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="An impaired network between namespaces.")
    parser.add_argument("--prefix", required=True, help="first part of the namespaces' names")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("nodes", nargs="+", metavar="NODE:LINK[=PROFILE],…")
    options = parser.parse_args()
    asyncio.run(run(options.prefix, options.seed, options.nodes))


if __name__ == "__main__":
    main()
