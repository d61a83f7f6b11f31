"""A wire between a client and a server that can die without a word, as a phone's network does."""

import asyncio
from types import TracebackType
from typing import Self

from cloudcourt.observability.tasks import Crew

CHUNK_BYTES = 65_536


class Wire:
    """Forwards TCP from a port of its own. Connections that are cut stay open and carry nothing any more.

    `silence()` cuts all connections of now: new ones still go through, as on the phone's next network.
    `unplug()` also refuses new ones, until `plug()`; `revive()` lets the cut ones speak again.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._crew = Crew("wire")
        self._strands: list[asyncio.Event] = []
        self._is_plugged = True
        self._server: asyncio.Server | None = None
        self.port = 0
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._crew.dismiss()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def silence(self) -> None:
        for strand in self._strands:
            strand.clear()

    def revive(self) -> None:
        for strand in self._strands:
            strand.set()

    def unplug(self) -> None:
        self._is_plugged = False
        self.silence()

    def plug(self) -> None:
        self._is_plugged = True

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_plugged:
            writer.transport.abort()
            return
        self.connections += 1
        self._crew.start(self._serve(reader, writer), name="strand")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carries = asyncio.Event()
        carries.set()
        self._strands.append(carries)
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        except asyncio.CancelledError:
            writer.close()
            raise
        both = Crew("strand")
        ways = (
            both.start(_carry(reader, there_writer, carries), name="up"),
            both.start(_carry(there_reader, writer, carries), name="down"),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            writer.close()
            there_writer.close()
            await both.dismiss()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, carries: asyncio.Event) -> None:
    """One direction. The end of a cut connection isn't told either."""
    try:
        while chunk := await reader.read(CHUNK_BYTES):
            await carries.wait()
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    await carries.wait()
