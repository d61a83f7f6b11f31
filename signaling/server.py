"""The Socket.IO door: handshake, dispatch, errors in one shape, and the end of a connection.

Handlers run one after the other for each connection (`async_handlers=False`), so order is kept.
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import socketio
import structlog
from aiohttp import web
from engineio import packet as transport_packet
from socketio import packet

from cloudcourt.court.registry import Registry
from cloudcourt.court.relays import TurnRelays
from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import (
    CourtError,
    InvalidInput,
    Language,
    NotAttached,
    TooFast,
)
from cloudcourt.domain.order_errors import SeatTaken
from cloudcourt.domain.pointing import Pointing
from cloudcourt.domain.ports import Clock, JoinLinks
from cloudcourt.domain.wire import error_body, internal_error_body
from cloudcourt.observability.tasks import Crew
from signaling.conditions import condition, connectivity, diagnosis, link_end
from signaling.heartbeat import Heartbeat
from signaling.limits import MESSAGE_BYTES_LIMIT, STRIKES_UNTIL_CUT
from signaling.outbox import Outbox
from signaling.packets import REFUSED, CourtPacket
from signaling.schema import (
    PROTOCOL,
    Beat,
    CommandMessage,
    Handshake,
    IceServersAsked,
    MediaOffer,
    Resume,
    parsed,
)
from signaling.session import Session
from signaling.switchboard import Switchboard

log = structlog.get_logger()

Answer = dict[str, object]
PING_EVERY_S = 5
PING_TIMEOUT_S = 5
GOODBYE_LINGER_S = 0.25
"""How long a cut connection may still read its goodbye."""

HANGS_UP_WITHIN_S = 2.0

BEATS_UNSENT_LIMIT = 3
"""Packets waiting for a slow transport beyond which a beat is dropped."""

NO_RELAYS = TurnRelays((), None, credential_s=3600)


class SignalingDoor:
    """Owns the Socket.IO server and every connection to it."""

    def __init__(
        self,
        links: JoinLinks,
        clock: Clock,
        switchboard: Switchboard,
        registry: Registry,
        allowed_origins: frozenset[str] = frozenset(),
        relays: TurnRelays = NO_RELAYS,
    ) -> None:
        self._links = links
        self._clock = clock
        self._switchboard = switchboard
        self._registry = registry
        self._allowed_origins = allowed_origins
        self._relays = relays
        self._heartbeat = Heartbeat(switchboard.attached, self._send_beats, self._lose)
        self._is_beating = False
        self._crew = Crew("signaling")
        self._senders: dict[str, asyncio.Task[Any]] = {}
        self._handlers: dict[str, Callable[[Session, object], Awaitable[Answer]]] = {
            "resume": self._resume,
            "command": self._command,
            "media_offer": self._media_offer,
            "ice_servers": self._ice_servers,
            "condition": condition,
            "diagnosis": diagnosis,
            "connectivity": connectivity,
        }
        switchboard.on_dismissal = self._dismiss
        self._sio = self._make_server()

    def attach_to(self, app: web.Application) -> None:
        """Serve `/socket.io` on this application."""
        self._sio.attach(app)

    async def close(self) -> None:
        """Cut every connection."""
        await asyncio.sleep(GOODBYE_LINGER_S)
        await self._crew.dismiss()
        await asyncio.gather(*(self._hang_up(transport) for transport in tuple(self._sio.eio.sockets)))
        await self._sio.shutdown()

    def _make_server(self) -> Any:
        sio = socketio.AsyncServer(
            async_mode="aiohttp",
            async_handlers=False,
            transports=["websocket"],
            serializer=CourtPacket,
            max_http_buffer_size=MESSAGE_BYTES_LIMIT,
            ping_interval=PING_EVERY_S,
            ping_timeout=PING_TIMEOUT_S,
            cors_allowed_origins=self._is_own_origin,
            http_compression=False,
            logger=False,
            engineio_logger=False,
        )
        sio.on("connect", self._on_connect)
        sio.on("disconnect", self._on_disconnect)
        sio.on(REFUSED, self._on_refused)
        sio.on("beat", self._on_beat)
        sio.on("point", self._on_point)
        for event in self._handlers:
            sio.on(event, self._dispatcher(event))
        return sio

    def _is_own_origin(self, origin: str | None, environ: dict[str, Any] | None = None) -> bool:
        """A browser's page must come from this very server, or from a listed origin."""
        if origin is None or environ is None:
            return False
        return origin in self._allowed_origins or urlsplit(origin).netloc == environ.get("HTTP_HOST")

    # --- a connection's beginning and end --------------------------------------------------------------

    async def _on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """The one handshake: the ticket made here is where every later role comes from."""
        if self._switchboard.session(sid) is not None:
            return
        language: Language = "zh-CN"
        try:
            handshake = parsed(Handshake, auth)
            language = handshake.language
            if handshake.protocol != PROTOCOL:
                raise InvalidInput(where="protocol", why=f"this server speaks {PROTOCOL}")
            ticket = await self._links.verify(handshake.token, now=self._clock.now())
            room = await self._registry.room(ticket.hearing_id)
        except Exception as failure:  # noqa: BLE001 - turned into a refusal in the one error shape
            self._crew.start(self._hang_up_soon(self._transport_of(sid)), name=f"hang up {sid}")
            raise socketio.exceptions.ConnectionRefusedError("refused", self._told(failure, language)) from None
        outbox = Outbox(self._sender(sid), lambda: self._cut(sid, "too_slow"))
        credential = hashlib.sha256(handshake.token.encode()).hexdigest()
        session = Session(sid, ticket, language, room, outbox, handshake.page, credential, handshake.device)
        self._switchboard.add(session)
        if not self._is_beating:
            self._is_beating = True
            self._crew.start(self._heartbeat.run(), name="heartbeat")
        self._senders[sid] = self._crew.start(session.outbox.run(), name=f"outbox {sid}")

    async def _on_disconnect(self, sid: str, reason: str = "") -> None:
        session = self._switchboard.drop(sid)
        sender = self._senders.pop(sid, None)
        if sender is not None:
            sender.cancel()
        if session is None:
            return
        if self._switchboard.gives_up_asking(session):
            session.room.takeover_withdrawn(session.ticket.participant_id)
        if session.is_attached and not session.is_superseded:
            session.room.connectivity.unlinked(session.ticket.participant_id, link_end(reason))
            session.room.link_lost(session.ticket.participant_id)
        await self._registry.leave_if_idle(session.ticket.hearing_id)

    def _dismiss(self, session: Session, reason: str) -> None:
        """Say goodbye, then cut; the room needn't wait for either."""
        session.outbox.put("goodbye", {"reason": reason})
        self._crew.start(self._cut_soon(session.sid), name=f"cut {session.sid}")

    def _cut(self, sid: str, reason: str) -> None:
        log.warning("connection cut", reason=reason)
        self._crew.start(self._say_and_cut(sid, reason), name=f"cut {sid}")

    async def _say_and_cut(self, sid: str, reason: str) -> None:
        await self._sio.emit("goodbye", {"reason": reason}, to=sid)
        await self._cut_soon(sid)

    async def _cut_soon(self, sid: str) -> None:
        await asyncio.sleep(GOODBYE_LINGER_S)
        transport = self._transport_of(sid)
        await self._sio.disconnect(sid)
        await self._hang_up_soon(transport)

    async def _hang_up_soon(self, transport: str | None) -> None:
        """Close the WebSocket itself: a client that ignores a goodbye or a refusal doesn't keep it."""
        await asyncio.sleep(GOODBYE_LINGER_S)
        if transport is not None:
            await self._hang_up(transport)

    async def _hang_up(self, transport: str) -> None:
        """python-engineio waits for what is still to be sent, forever if the peer left at this very moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HANGS_UP_WITHIN_S):
                await self._sio.eio.disconnect(transport)

    def _transport_of(self, sid: str) -> str | None:
        transport: str | None = self._sio.manager.eio_sid_from_sid(sid, "/")
        return transport

    def _sender(self, sid: str) -> Callable[[str, Answer, Callable[[], None] | None], Awaitable[None]]:
        async def send(event: str, payload: Answer, acknowledged: Callable[[], None] | None) -> None:
            def confirmed(*_: object) -> None:
                if acknowledged is not None:
                    acknowledged()
                session = self._switchboard.session(sid)
                if session is not None:
                    session.heard_at = time.monotonic()

            await self._sio.emit(event, payload, to=sid, callback=confirmed)

        return send

    # --- the pulse ---------------------------------------------------------------------------------------

    async def _send_beats(self, sessions: list[Session], number: int) -> None:
        """One encoded packet for all; a transport with a backlog is left alone."""
        encoded = packet.Packet(packet.EVENT, namespace="/", data=["beat", {"n": number}]).encode()
        beat = transport_packet.Packet(transport_packet.MESSAGE, encoded)
        for session in sessions:
            transport = self._transport_of(session.sid)
            socket = None if transport is None else self._sio.eio.sockets.get(transport)
            if socket is not None and socket.queue.qsize() < BEATS_UNSENT_LIMIT:
                await self._sio.eio.send_packet(transport, beat)

    def _lose(self, session: Session) -> None:
        """Nothing came for too long: the seat is held, whatever the transport still believes."""
        self._switchboard.detach(session)
        session.room.connectivity.unlinked(session.ticket.participant_id, "silent")
        session.room.link_lost(session.ticket.participant_id)

    async def _on_beat(self, sid: str, payload: object) -> None:
        session = self._switchboard.session(sid)
        if session is None:
            return
        try:
            if not session.beats.take():
                raise TooFast
            parsed(Beat, payload)
        except CourtError:
            session.bucket.strikes += 1
            self._count_strikes(session)
        else:
            session.heard_at = time.monotonic()

    async def _on_point(self, sid: str, payload: object) -> None:
        """Unanswered: what comes too fast is dropped, what has the wrong shape costs a strike."""
        session = self._switchboard.session(sid)
        if session is None or not session.points.take() or not session.is_attached:
            return
        try:
            session.room.points(session.ticket.participant_id, parsed(Pointing, payload))
        except CourtError:
            session.bucket.strikes += 1
            self._count_strikes(session)

    # --- dispatch --------------------------------------------------------------------------------------

    def _dispatcher(self, event: str) -> Callable[[str, object], Awaitable[Answer]]:
        async def handle(sid: str, payload: object) -> Answer:
            session = self._switchboard.session(sid)
            if session is None:
                return error_body(NotAttached(), "zh-CN")
            try:
                self._spend(session)
                session.heard_at = time.monotonic()
                if session.is_superseded or (event != "resume" and not session.is_attached):
                    raise NotAttached
                return await self._handlers[event](session, payload)
            except Exception as failure:  # noqa: BLE001 - the boundary: one shape for every failure
                return self._told(failure, session.language)

        return handle

    async def _on_refused(self, sid: str) -> Answer:
        """A packet the filter turned away: a reserved name, an unknown event, unreadable JSON."""
        session = self._switchboard.session(sid)
        if session is None:
            return error_body(NotAttached(), "zh-CN")
        session.bucket.strikes += 1
        self._count_strikes(session)
        return error_body(InvalidInput(where="event", why="not part of the protocol"), session.language)

    def _spend(self, session: Session) -> None:
        if not session.bucket.take():
            self._count_strikes(session)
            raise TooFast

    def _count_strikes(self, session: Session) -> None:
        if session.bucket.strikes == STRIKES_UNTIL_CUT:
            self._cut(session.sid, "too_fast")

    def _told(self, failure: Exception, language: Language) -> Answer:
        if isinstance(failure, CourtError):
            return error_body(failure, language)
        incident_id = secrets.token_hex(6)
        log.error("signaling failed", incident_id=incident_id, code=ErrorCode.INTERNAL, exc_info=failure)
        return internal_error_body(incident_id, language)

    # --- what a client may ask -------------------------------------------------------------------------

    async def _resume(self, session: Session, payload: object) -> Answer:
        since = parsed(Resume, payload).since
        if not session.room.hearing.is_over and self._switchboard.must_ask(session):
            self._switchboard.waits(session)
            await session.room.takeover_asked(session.ticket.participant_id)
            raise SeatTaken
        attendance = await session.room.attend(
            session.ticket.participant_id, since, attach=lambda: self._switchboard.attach(session)
        )
        if self._switchboard.session(session.sid) is None:  # the connection went while the room was busy
            self._lose(session)
            raise NotAttached
        session.room.connectivity.linked(session.ticket.participant_id)
        return {
            "view": attendance.view.model_dump(mode="json"),
            "events": [event.model_dump(mode="json") for event in attendance.events],
            "truncated": attendance.truncated,
            "now": attendance.now.isoformat(),
            "seat_held_s": attendance.seat_held_s,
        }

    async def _command(self, session: Session, payload: object) -> Answer:
        message = parsed(CommandMessage, payload)
        seq = await session.room.carry_out(session.ticket.participant_id, message.command, message.id)
        return {"seq": seq}

    async def _media_offer(self, session: Session, payload: object) -> Answer:
        offer = parsed(MediaOffer, payload)
        answer = await session.room.connect_media(session.ticket.participant_id, offer.sdp)
        return answer.model_dump(mode="json")

    async def _ice_servers(self, session: Session, payload: object) -> Answer:
        parsed(IceServersAsked, payload)
        servers = self._relays.ice_servers(session.ticket.participant_id, self._clock.now())
        return {"ice_servers": servers, "good_for_s": self._relays.good_for_s}
