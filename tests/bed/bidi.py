"""A small client of WebDriver BiDi, the protocol by which Firefox is driven (w3.org/TR/webdriver-bidi)."""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from cloudcourt.observability.tasks import Crew
from tests.bed import namespace

ANSWERS_WITHIN_S = 60.0
_LARGEST_MESSAGE = 64 * 2**20


class BidiError(Exception):
    """The browser refused a command, or went away before it answered."""


class Bidi:
    """One session over one WebSocket; events go to `on_event` as (method, parameters)."""

    def __init__(self, on_event: Callable[[str, dict[str, Any]], None]) -> None:
        self._on_event = on_event
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._crew = Crew("bidi")
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def connect(self, url: str, place: str | None) -> None:
        """Connect from inside the namespace `place` (None is here) and begin a session. Raises BidiError."""
        self._http = namespace.http_session(place)
        self._socket = await self._http.ws_connect(url, max_msg_size=_LARGEST_MESSAGE)
        self._crew.start(self._read(self._socket), name="read")
        await self.ask("session.new", capabilities={})

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command; its result. Raises BidiError, TimeoutError."""
        assert self._socket is not None
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_str(json.dumps({"id": number, "method": method, "params": parameters}))
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                answer = await self._waiting[number]
        finally:
            del self._waiting[number]
        if answer["type"] == "error":
            raise BidiError(f"{method}: {answer['error']}: {answer.get('message', '')}")
        result: dict[str, Any] = answer["result"]
        return result

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
        await self._crew.dismiss()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            heard = json.loads(message.data)
            if heard["type"] == "event":
                self._on_event(heard["method"], heard["params"])
            elif (waiting := self._waiting.get(heard["id"])) and not waiting.done():
                waiting.set_result(heard)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(BidiError("the browser went away"))
