"""ICE over TCP on real sockets: framing in pieces, slow and silent clients, floods, and both IP versions."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from media.ice.lite import IceLite
from media.ice.tcp import TcpDoor, TcpLimits, TcpPath
from tests.bed.court_server import free_port
from tests.bed.ice_checks import binding_check, read_answer
from tests.bed.rtc_client import until

pytestmark = pytest.mark.loopback

LOCALHOST = ("127.0.0.1",)


class Porch:
    """A door on loopback and what came through it."""

    def __init__(self, hosts: tuple[str, ...] = LOCALHOST, port: int = 0, limits: TcpLimits | None = None) -> None:
        self.came: list[tuple[TcpPath, bytes]] = []
        self.closed: list[TcpPath] = []
        self.answer: Callable[[TcpPath, bytes], None] = lambda path, datagram: None
        self.door = TcpDoor(hosts, port, self._take, self.closed.append, limits)
        self._clients: list[asyncio.StreamWriter] = []

    async def enters(
        self, host: str = "127.0.0.1", source: str | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        local = None if source is None else (source, 0)
        reader, writer = await asyncio.open_connection(host, self.door.port, local_addr=local)
        self._clients.append(writer)
        return reader, writer

    async def authenticated(self) -> tuple[TcpPath, asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection that has said hello and been believed."""
        reader, writer = await self.enters()
        before = len(self.came)
        writer.write(frame(b"hello"))
        await until(lambda: len(self.came) > before)
        path = self.came[-1][0]
        path.authenticated = True
        return path, reader, writer

    async def leave(self) -> None:
        for writer in self._clients:
            writer.transport.abort()
        await self.door.close()

    def _take(self, path: TcpPath, datagram: bytes) -> None:
        self.came.append((path, datagram))
        self.answer(path, datagram)


@asynccontextmanager
async def porch(
    hosts: tuple[str, ...] = LOCALHOST, port: int = 0, limits: TcpLimits | None = None
) -> AsyncIterator[Porch]:
    opened = Porch(hosts, port, limits)
    await opened.door.open()
    yield opened
    await opened.leave()


def frame(datagram: bytes) -> bytes:
    return len(datagram).to_bytes(2) + datagram


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(2)))


async def ends(reader: asyncio.StreamReader) -> None:
    """The other side has closed, with whatever it hadn't sent yet lost."""
    try:
        async with asyncio.timeout(10):
            while await reader.read(65536):
                pass
    except ConnectionResetError:
        pass


async def test_a_browser_is_let_in_over_tcp() -> None:
    agent: IceLite[str, TcpPath] = IceLite()
    ufrag, password = agent.add("judge")
    agent.expect("judge", "Brow")

    def checked(path: TcpPath, datagram: bytes) -> None:
        outcome = agent.check(path, path.source, datagram, 0)
        path.authenticated = outcome.session is not None
        path.send(outcome.reply or b"")

    async with porch() as court:
        court.answer = checked
        reader, writer = await court.enters()
        writer.write(frame(binding_check(f"{ufrag}:Brow", password, nominates=True)))
        answer = read_answer(await read_frame(reader))
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == writer.get_extra_info("sockname")
        path = agent.selected("judge")
        assert path is court.came[0][0]
        assert path.authenticated
        assert path._transport is not None
        accepted = path._transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_frames_may_come_in_any_pieces_and_empty_ones_are_nothing() -> None:
    async with porch() as court:
        _, writer = await court.enters()
        sent = [b"a", b"", b"b" * 1500, b"", b"", b"c" * 300]
        stream = b"".join(map(frame, sent))
        for start in range(len(stream)):
            writer.write(stream[start : start + 1])
            if start % 100 < 3:  # also across the borders of frames
                await writer.drain()
                await asyncio.sleep(0)
        writer.write(stream)
        await until(lambda: len(court.came) == 6)
        assert [datagram for _, datagram in court.came] == [datagram for datagram in sent if datagram] * 2
        assert len({path for path, _ in court.came}) == 1


async def test_what_is_sent_is_framed_and_the_buffer_may_be_reused() -> None:
    async with porch() as court:
        path, reader, _ = await court.authenticated()
        buffer = bytearray(1500)
        for number in range(200):
            buffer[:] = bytes([number]) * 1500
            path.send(memoryview(buffer)[: 1 + number])
        for number in range(200):
            assert await read_frame(reader) == bytes([number]) * (1 + number)
        path.send(bytes(1501))
        assert court.door.counts.send_dropped == 1


async def test_a_frame_that_is_too_large_ends_the_connection_at_its_length() -> None:
    async with porch() as court:
        reader, writer = await court.enters()
        writer.write(frame(b"first") + (1501).to_bytes(2))
        await ends(reader)
        assert [datagram for _, datagram in court.came] == [b"first"]
        await until(lambda: court.closed == [court.came[0][0]])
        assert court.door.counts.oversize == 1
        assert len(court.door) == 0


async def test_nothing_comes_from_a_connection_that_was_closed_on_the_first_frame() -> None:
    async with porch() as court:
        court.answer = lambda path, datagram: path.close()
        reader, writer = await court.enters()
        writer.write(frame(b"first") + frame(b"second"))
        await ends(reader)
        assert [datagram for _, datagram in court.came] == [b"first"]
        court.came[0][0].send(b"too late")


async def test_a_client_that_does_not_read_costs_a_bounded_backlog() -> None:
    async with porch() as court:
        path, reader, _ = await court.authenticated()
        assert path._transport is not None
        datagram = bytes(1200)
        for _ in range(20_000):  # 24 MB; the kernel takes a few of them
            path.send(datagram)
        dropped = court.door.counts.send_dropped
        assert 0 < dropped < 20_000
        assert path._transport.get_write_buffer_size() <= 256 * 1024 + 1202
        for _ in range(20_000 - dropped):
            assert await read_frame(reader) == datagram
        path.send(b"again")
        assert await read_frame(reader) == b"again"


async def test_who_proves_nothing_in_time_must_go() -> None:
    async with porch(limits=TcpLimits(unauthenticated_s=1.0)) as court:
        path, believed, _ = await court.authenticated()
        reader, writer = await court.enters()
        writer.write(frame(b"chatter") + b"\x00")
        await ends(reader)
        assert court.door.counts.too_late == 1
        await until(lambda: court.closed == [court.came[1][0]])
        path.send(b"still here")
        assert await read_frame(believed) == b"still here"
        assert (path.authenticated, court.closed[0].authenticated) == (True, False)


async def test_strangers_are_few_a_source_and_few_in_all() -> None:
    async with porch(limits=TcpLimits(unauthenticated=7, unauthenticated_a_source=3)) as court:
        readers = [(await court.enters(source=f"127.0.0.{2 + n // 5}"))[0] for n in range(15)]
        await until(lambda: court.door.counts.accepted + court.door.counts.refused == 15)
        assert court.door.counts.accepted == 7
        for number in (3, 4, 8, 9, 11, 12, 13, 14):
            await ends(readers[number])
        assert court.closed == []


async def test_who_has_proved_himself_does_not_count_as_a_stranger() -> None:
    async with porch(limits=TcpLimits(unauthenticated=2, unauthenticated_a_source=2, connections=6)) as court:
        paths = [(await court.authenticated())[0] for _ in range(5)]
        for path in paths:
            path.authenticated = True  # again, as every check says it
        await court.enters()
        await until(lambda: len(court.door) == 6)
        reader, _ = await court.enters()
        await ends(reader)
        assert court.door.counts.refused == 1
        paths[0].close()
        await until(lambda: court.closed == [paths[0]])
        await court.enters()
        await until(lambda: court.door.counts.accepted == 7)


async def test_places_become_free_when_strangers_leave() -> None:
    async with porch(limits=TcpLimits(unauthenticated=1)) as court:
        for number in range(1, 4):
            _, writer = await court.enters()
            await until(lambda: court.door.counts.accepted == number)  # noqa: B023 - waited for before it changes
            writer.close()
            await until(lambda: len(court.closed) == number)  # noqa: B023
        assert court.door.counts.refused == 0


async def test_the_default_limits_hold() -> None:
    async with porch() as court:
        for number in range(70):
            await court.enters(source=f"127.0.0.{2 + number // 17}")
        await until(lambda: court.door.counts.accepted + court.door.counts.refused == 70)
        # 17 from each of four addresses, of which 16 fit, and so nothing is left for the fifth.
        assert (court.door.counts.accepted, court.door.counts.refused) == (64, 6)


async def test_both_ip_versions_on_a_given_port() -> None:
    port = free_port()
    async with porch(("127.0.0.1", "::1"), port) as court:
        assert court.door.port == port
        for host in ("127.0.0.1", "::1"):
            _, writer = await court.enters(host)
            writer.write(frame(host.encode()))
        await until(lambda: len(court.came) == 2)
        assert {(path.source[0].encode(), len(path.source)) for path, _ in court.came} == {
            (datagram, 2) for _, datagram in court.came
        }


async def test_any_port_is_the_same_on_both_ip_versions() -> None:
    async with porch(("127.0.0.1", "::1")) as court:
        for host in ("127.0.0.1", "::1"):
            await court.enters(host)
        await until(lambda: court.door.counts.accepted == 2)


async def test_a_port_that_is_taken_is_an_os_error_and_leaves_nothing_open() -> None:
    async with porch(("::1",)) as court:
        other = Porch(("127.0.0.1", "::1"), court.door.port)
        with pytest.raises(OSError):
            await other.door.open()
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", court.door.port)


async def test_closing_the_door_ends_everything() -> None:
    async with porch() as court:
        path, reader, _ = await court.authenticated()
        stranger, _ = await court.enters()
        await until(lambda: len(court.door) == 2)
        await court.door.close()
        assert len(court.door) == 0
        assert path in court.closed
        assert len(court.closed) == 2
        for end in (reader, stranger):
            await ends(end)
        with pytest.raises(OSError):
            await asyncio.open_connection("127.0.0.1", court.door.port)
        await court.door.close()
