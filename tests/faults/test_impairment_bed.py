"""The test network itself: what it is told to lose is lost, what it is told to delay is late, and it cleans up."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import AsyncIterator

import pytest

from tests.bed import namespace
from tests.bed.namespace import needs_namespaces
from tests.bed.network_bed import NetworkBed

pytestmark = [pytest.mark.faults, pytest.mark.alone, needs_namespaces]

PORT = 5000


@pytest.fixture
async def bed() -> AsyncIterator[NetworkBed]:
    async with NetworkBed(phone={"wifi0": "clean", "cell0": "clean"}) as bed:
        yield bed


class Ears:
    """A bound UDP socket that keeps what comes, with the time it came."""

    def __init__(self, place: str, host: str, port: int = 0) -> None:
        self.socket = namespace.udp_socket(place, host, port)
        self.heard: list[tuple[float, bytes]] = []
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket, self._read)

    def close(self) -> None:
        self._loop.remove_reader(self.socket)
        self.socket.close()

    def _read(self) -> None:
        self.heard.append((time.monotonic(), self.socket.recv(2000)))

    @property
    def numbers(self) -> list[int]:
        return [int.from_bytes(packet[:4], "big") for _, packet in self.heard]


async def sent(bed: NetworkBed, count: int, *, size: int = 100, link: str = "phone.wifi0") -> tuple[Ears, list[float]]:
    """Send numbered packets from the phone and wait for their fate; what the server heard, and when each left."""
    ears = Ears(bed.namespace("server"), bed.server_address, PORT)
    own = namespace.udp_socket(bed.namespace("phone"), bed.address(link))
    times = []
    for number in range(count):
        times.append(time.monotonic())
        own.sendto(number.to_bytes(4, "big").ljust(size, b"."), (bed.server_address, PORT))
        if number % 20 == 19:
            await asyncio.sleep(0.005)
    own.close()
    async with asyncio.timeout(20):
        while (await bed.counts())[link]["up"]["passed"] != len(ears.heard) or await fates(bed, link) < count:
            await asyncio.sleep(0.02)
    ears.close()
    return ears, times


async def fates(bed: NetworkBed, link: str) -> int:
    """Packets that something has become of on the link's way up."""
    counts = (await bed.counts())[link]["up"]
    return counts["passed"] + counts["lost"] + counts["crowded_out"]


async def test_a_clean_link_loses_nothing_and_keeps_the_order(bed: NetworkBed) -> None:
    ears, _ = await sent(bed, 1000)
    assert ears.numbers == list(range(1000))


async def test_loss_is_as_told_and_the_same_for_the_same_seed() -> None:
    losses = []
    for _ in range(2):
        async with NetworkBed(seed=7, phone={"wifi0": "lossy10"}) as bed:
            ears, _ = await sent(bed, 2000)
            losses.append(ears.numbers)
    assert 0.07 < 1 - len(losses[0]) / 2000 < 0.13
    assert losses[0] == losses[1]


async def test_lost_packets_come_in_bursts(bed: NetworkBed) -> None:
    await bed.change("phone.wifi0", burst_start=0.02, burst_length=5)
    ears, _ = await sent(bed, 2000)
    lost = sorted(set(range(2000)) - set(ears.numbers))
    bursts = sum(1 for number in lost if number - 1 not in lost)
    assert 0.03 < len(lost) / 2000 < 0.2
    assert 3 < len(lost) / bursts < 8


async def test_delay_holds_every_packet_and_jitter_keeps_the_order(bed: NetworkBed) -> None:
    await bed.change("phone.wifi0", "up", delay_ms=60, jitter_ms=15)
    ears, times = await sent(bed, 500)
    assert ears.numbers == sorted(ears.numbers)
    assert len(ears.heard) == 500
    waits = [at - times[number] for (at, _), number in zip(ears.heard, ears.numbers, strict=True)]
    assert min(waits) > 0.01
    assert sum(waits) / len(waits) > 0.055


async def test_a_narrow_link_takes_its_time_and_drops_what_queues_too_long(bed: NetworkBed) -> None:
    await bed.change("phone.wifi0", "up", rate_kbps=200, queue_ms=300)
    ears, times = await sent(bed, 60, size=972)  # 1000 bytes as IP packets, 40 ms each
    assert 8 <= len(ears.heard) < 30, "queued for 300 ms, and what left while sending went on"
    assert ears.heard[-1][0] - times[0] > (len(ears.heard) - 1) * 0.040
    assert (await bed.counts())["phone.wifi0"]["up"]["crowded_out"] == 60 - len(ears.heard)


async def test_a_black_hole_swallows_one_way_only(bed: NetworkBed) -> None:
    await bed.change("phone.wifi0", "down", blackhole=True)
    server = Ears(bed.namespace("server"), bed.server_address, PORT)
    phone = Ears(bed.namespace("phone"), bed.address("phone.wifi0"), PORT)
    phone.socket.sendto(b"ping", (bed.server_address, PORT))
    async with asyncio.timeout(5):
        while not server.heard:
            await asyncio.sleep(0.01)
    server.socket.sendto(b"pong", (bed.address("phone.wifi0"), PORT))
    async with asyncio.timeout(5):
        while not (await bed.counts())["phone.wifi0"]["down"]["lost"]:
            await asyncio.sleep(0.01)
    assert not phone.heard
    server.close()
    phone.close()


async def test_without_udp_tcp_still_connects(bed: NetworkBed) -> None:
    await bed.change("phone.wifi0", udp=False)
    ears, _ = await sent(bed, 20)
    assert not ears.heard
    with namespace.inside(bed.namespace("server")):
        listener = socket.create_server((bed.server_address, PORT))
    with namespace.inside(bed.namespace("phone")):
        caller = socket.socket()
    caller.setblocking(False)
    await asyncio.wait_for(asyncio.get_running_loop().sock_connect(caller, (bed.server_address, PORT)), 5)
    caller.close()
    listener.close()


async def test_a_phone_leaves_the_wifi_takes_the_mobile_network_and_gets_a_new_address(bed: NetworkBed) -> None:
    server = Ears(bed.namespace("server"), bed.server_address, PORT)
    old = namespace.udp_socket(bed.namespace("phone"), bed.address("phone.wifi0"))
    await bed.fall("phone.cell0")
    await bed.fall("phone.wifi0")
    with pytest.raises(OSError, match=r"."):
        old.sendto(b"lost", (bed.server_address, PORT))
    await bed.rise("phone.cell0")
    before = bed.address("phone.cell0")
    new = namespace.udp_socket(bed.namespace("phone"), before)
    new.sendto(b"mobile", (bed.server_address, PORT))
    await bed.rise("phone.cell0", host=99)
    assert bed.address("phone.cell0") != before
    newest = namespace.udp_socket(bed.namespace("phone"), bed.address("phone.cell0"))
    newest.sendto(b"moved", (bed.server_address, PORT))
    async with asyncio.timeout(5):
        while len(server.heard) < 2:
            await asyncio.sleep(0.01)
    assert [packet for _, packet in server.heard] == [b"mobile", b"moved"]
    for each in (old, new, newest):
        each.close()
    server.close()


async def test_a_bad_command_is_refused_and_the_network_goes_on(bed: NetworkBed) -> None:
    with pytest.raises(ValueError, match="gravity"):
        await bed.change("phone.wifi0", gravity=9.81)
    with pytest.raises(ValueError, match=r"phone\.fibre0"):
        await bed.fall("phone.fibre0")
    ears, _ = await sent(bed, 10)
    assert len(ears.heard) == 10


async def test_namespaces_go_also_when_the_network_process_was_killed() -> None:
    async with NetworkBed(phone={"wifi0": "clean"}) as bed:
        os.kill(bed.pid, signal.SIGKILL)
        with pytest.raises((RuntimeError, BrokenPipeError, ConnectionResetError)):
            await bed.fall("phone.wifi0")
        assert len(namespace.existing(bed.prefix)) == 2
    assert not namespace.existing(bed.prefix)


async def test_the_same_prefix_takes_over_what_an_earlier_run_left() -> None:
    prefix = namespace.prefix_of_this_run(0)
    namespace.make(f"{prefix}-ghost")
    async with NetworkBed(prefix=prefix, phone={"wifi0": "clean"}) as bed:
        assert namespace.existing(f"{prefix}-") == [bed.namespace("phone"), bed.namespace("server")]
    assert not namespace.existing(f"{prefix}-")
