"""Exhibits over HTTP: handing one in, its file and the pictures of its pages. Lists come with the hearing's view."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

from aiohttp import web
from pydantic import Field, TypeAdapter, ValidationError

from cloudcourt.api.access import OWN_SEAT
from cloudcourt.api.answers import Nothing
from cloudcourt.api.metered_file import MeteredFile
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import InvalidInput, NotFound
from cloudcourt.domain.exhibit_commands import ExhibitArrived
from cloudcourt.domain.exhibit_rules import check_may_hand_in
from cloudcourt.domain.exhibit_view import readable_file
from cloudcourt.domain.exhibits import TITLE_CHARS_LIMIT, ExhibitFile, Sha256
from cloudcourt.domain.hearing import Participant

PIECE_WITHIN_S = 30.0
"""A phone on a bad link may pause so long."""
TITLE_HEADER = "X-Exhibit-Title"
"""Percent-encoded UTF-8. A header and not the address, because addresses get into logs."""
STATED: TypeAdapter[str] = TypeAdapter(Sha256)
EXHIBIT = TypeAdapter(Annotated[int, Field(ge=1, le=10_000)])

routes = RouteTable()


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/exhibits",
    body=Nothing,
    returns=ExhibitFile,
    access=OWN_SEAT,
    status=201,
    summary="Hand in an exhibit's file as the body: PDF, picture, sound or film. "
    "`exhibit` names the one it is a new version of; `original=1` says that it shows the original; "
    "`sha256` is what its hash is said to be, in hexadecimal digits.",
    query=("exhibit", "original", "sha256"),
)
async def hand_in(call: Call[Nothing, SeatTicket]) -> ExhibitFile:
    """Raises NotAllowed, WrongState, NoSuchExhibit, InvalidInput, TooLarge, UnknownFileKind, TooManyPages,
    ExchangeOver.
    """
    exhibit = _number(call.request.query.get("exhibit"))
    title = _title(call.request, is_needed=exhibit is None)
    hearing = await call.house.court.hearing(call.who.hearing_id)
    person = hearing.participants.get(call.who.participant_id)
    if person is None:
        raise NotFound
    stated = _stated(call.request.query.get("sha256"))
    is_original = call.request.query.get("original") == "1"
    check_may_hand_in(hearing, person, exhibit, call.house.clock.now(), is_original=is_original)
    file = await call.house.exhibits.receive(call.who.hearing_id, _pieces(call.request))
    arrived = ExhibitArrived(
        participant_id=person.id,
        title=title,
        exhibit=exhibit,
        is_original=is_original,
        stated_sha256=stated,
        file=file,
    )
    await call.house.court.exhibit_arrived(call.who.hearing_id, arrived)
    return file


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/exhibits/{sha256}",
    body=Nothing,
    returns=web.StreamResponse,
    access=OWN_SEAT,
    summary="An exhibit's file as it was received; range requests.",
    media_types=("application/octet-stream",),
)
async def read_exhibit(call: Call[Nothing, SeatTicket]) -> web.StreamResponse:
    """Raises NotFound, RangeNotSatisfiable."""
    file = await _readable(call)
    return await _send(call, file.name, file.media_type)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/exhibits/{sha256}/pages/{page}",
    body=Nothing,
    returns=web.StreamResponse,
    access=OWN_SEAT,
    summary="The picture of one page; pages count from 1.",
    media_types=("image/jpeg",),
)
async def read_page(call: Call[Nothing, SeatTicket]) -> web.StreamResponse:
    """Raises NotFound."""
    file = await _readable(call)
    page = call.named("page")
    if not page.isascii() or not page.isdigit() or len(page) > 4 or not 1 <= int(page) <= file.pages:
        raise NotFound
    return await _send(call, file.page_name(int(page)), "image/jpeg")


async def _readable(call: Call[Nothing, SeatTicket]) -> ExhibitFile:
    hearing = await call.house.court.hearing(call.who.hearing_id)
    person: Participant | None = hearing.participants.get(call.who.participant_id)
    file = None if person is None else readable_file(hearing, person, call.named("sha256"))
    if file is None:
        raise NotFound
    return file


async def _send(call: Call[Nothing, SeatTicket], name: str, media_type: str) -> web.StreamResponse:
    """Saved, never opened as a page of this site: a PDF may hold active content."""
    path = await asyncio.to_thread(call.house.exhibits.path, call.who.hearing_id, name)
    if path is None:
        raise NotFound
    answer = await asyncio.to_thread(MeteredFile, Path(path), call.request)
    answer.content_type = media_type
    answer.headers["Content-Disposition"] = "attachment"
    await answer.send(call.request)
    return answer


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    try:
        while True:
            async with asyncio.timeout(PIECE_WITHIN_S):
                piece = await request.content.readany()
            if not piece:
                return
            yield piece
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, ConnectionError):
        raise InvalidInput(where="body", why="it could not be read to its end") from None


def _title(request: web.Request, *, is_needed: bool) -> str:
    title = unquote(request.headers.get(TITLE_HEADER, ""), errors="replace").strip()
    if len(title) > TITLE_CHARS_LIMIT or not (title or not is_needed) or not title.isprintable():
        raise InvalidInput(where="title", why=f"one line of at most {TITLE_CHARS_LIMIT} characters is expected")
    return title


def _stated(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return STATED.validate_python(text.lower())
    except ValidationError:
        raise InvalidInput(where="sha256", why="64 hexadecimal digits are expected") from None


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return EXHIBIT.validate_strings(text)
    except ValidationError:
        raise InvalidInput(where="exhibit", why="an exhibit's number is expected") from None
