"""A person at the signaling door without a browser: python-socketio's own client, speaking the protocol."""

import asyncio
import uuid
from typing import Any

import aiohttp
import socketio

PATIENCE_S = 15.0


class Refused(Exception):
    """The server answered with an error body."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["code"])
        self.code: str = body["code"]
        self.body = body


class Caller:
    """One connection for one seat; keeps every numbered event in the order it came."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url = url
        self.language = language
        self.seat: dict[str, Any] = {}
        self.view: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.weather: dict[str, Any] = {}
        self.goodbye: str | None = None
        self.page: str | None = None
        self.beats = 0
        self.media_lost = 0
        self.is_let_in = False
        self._sio = self._make_client()
        self._changed = asyncio.Condition()

    async def joins(self, link: str) -> None:
        """Trade the link for a seat token, connect, resume."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.url}/api/join", json={"link_token": link.split("#")[1]}) as answer,
        ):
            body = await answer.json()
            if "error" in body:
                raise Refused(body["error"])
            self.seat = body
        await self.connects()

    async def connects(self, since: int | None = None) -> None:
        """Connect with the seat token; `since` defaults to the last number seen."""
        self._sio = self._make_client()
        self.goodbye = None
        page = {} if self.page is None else {"page": self.page}
        await self._sio.connect(
            self.url,
            auth={"token": self.seat["seat_token"], "protocol": 1, "language": self.language, **page},
            transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )
        await self.resumes(since)

    async def resumes(self, since: int | None = None) -> None:
        """Attach on the connection of now, and take what was missed."""
        answer = await self.calls("resume", {"since": self.seq if since is None else since})
        async with self._changed:
            self.view = answer["view"]
            self.events += answer["events"]
            self._changed.notify_all()

    @property
    def seq(self) -> int:
        return self.events[-1]["seq"] if self.events else 0

    @property
    def participant_id(self) -> str:
        return str(self.seat["participant_id"])

    async def calls(self, event: str, payload: object) -> dict[str, Any]:
        answer: dict[str, Any] = await self._sio.call(event, payload, timeout=PATIENCE_S)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer

    async def asks(self, kind: str, *, command_id: str | None = None, **fields: object) -> int:
        """Send a command; the number of the last event it caused. Raises Refused."""
        message = {"id": command_id or str(uuid.uuid4()), "command": {"kind": kind, **fields}}
        return int((await self.calls("command", message))["seq"])

    async def until(self, session: str) -> None:
        """Wait until the view shows that session state."""
        await self.until_view(lambda view: view["session"] == session)

    async def until_view(self, holds: Any) -> None:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: holds(self.view))

    async def until_told(self, holds: Any) -> None:
        """Wait until what came (beats, weather, media_lost) fits."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: holds(self))

    async def until_goodbye(self) -> str:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: self.goodbye is not None)
        assert self.goodbye is not None
        return self.goodbye

    async def emits_raw(self, event: str, *arguments: object) -> None:
        """Send any event name at all, as an attacker would."""
        await self._sio.emit(event, arguments if len(arguments) > 1 else arguments[0])

    async def leaves(self) -> None:
        await self._sio.disconnect()

    def _make_client(self) -> Any:
        client = socketio.AsyncClient(reconnection=False)
        client.on("court", self._on_court)
        client.on("weather", self._on_weather)
        client.on("goodbye", self._on_goodbye)
        client.on("beat", self._on_beat)
        client.on("media_lost", self._on_media_lost)
        client.on("let_in", self._on_let_in)
        return client

    async def _on_court(self, message: dict[str, Any]) -> None:
        async with self._changed:
            self.view = message["view"]
            self.events.append({key: message[key] for key in ("seq", "at", "event")})
            self._changed.notify_all()

    async def _on_weather(self, message: dict[str, Any]) -> None:
        async with self._changed:
            self.weather = message
            self._changed.notify_all()

    async def _on_goodbye(self, message: dict[str, Any]) -> None:
        async with self._changed:
            self.goodbye = message["reason"]
            self._changed.notify_all()

    async def _on_beat(self, message: dict[str, Any]) -> None:
        async with self._changed:
            self.beats += 1
            self._changed.notify_all()
        await self._sio.emit("beat", message)

    async def _on_let_in(self, _: dict[str, Any]) -> None:
        async with self._changed:
            self.is_let_in = True
            self._changed.notify_all()

    async def _on_media_lost(self, _: dict[str, Any]) -> None:
        async with self._changed:
            self.media_lost += 1
            self._changed.notify_all()
