"""`/api/hearings/{hearing_id}/gallery`: the public watches an open hearing, some time behind it (OLR 27).

Everything here is asked anew of the hearing's state of now: a cut, a recess, sealed evidence or the end take effect
with the next request, and what is not for the public is not found.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Literal

from aiohttp import web

from cloudcourt.api import caller
from cloudcourt.api.access import ANYONE, PACED, Access, bearer_token
from cloudcourt.api.answers import Nothing
from cloudcourt.api.house import HOUSE
from cloudcourt.api.program import CHUNKS_AT_ONCE, ProgramPart, found, hearing_of, number_of, part, since_of
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.api.visitors import Visitors
from cloudcourt.api.withholding import open_chunks, withheld_spans
from cloudcourt.domain.errors import NotFound, NotSignedIn
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.program import ProgramChunk, ProgramIndex
from cloudcourt.domain.value import Value

VISITORS = web.AppKey("visitors", Visitors)

routes = RouteTable()


class GalleryState(Value):
    """What a visitor is told: `closed` by the judge, `paused` while the court doesn't sit, or `on_air`."""

    case_number: str
    cause: str
    state: Literal["closed", "paused", "on_air"]
    delay_s: float
    seats: int
    taken: int


class GallerySeat(Value):
    """A seat: the ticket that opens the program, and the mark that the page shows over it."""

    ticket: str
    mark: str
    delay_s: float


class Seated(Access[None]):
    """A visitor with a seat, which is kept by asking."""

    schemes = ("visitor",)

    async def admit(self, request: web.Request) -> None:
        hearing_id, ticket = HearingId(request.match_info["hearing_id"]), bearer_token(request)
        now = request.app[HOUSE].clock.now()
        if ticket is None or not request.app[VISITORS].renew(hearing_id, ticket, now):
            raise NotSignedIn


SEATED = Seated()


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/gallery",
    body=Nothing,
    returns=GalleryState,
    access=ANYONE,
    summary="Whether the public can watch a hearing.",
)
async def read_gallery(call: Call[Nothing, None]) -> GalleryState:
    """Raises NotFound for a hearing that isn't under way or isn't public, without saying which."""
    hearing, gallery = _hearing(call), _hearing(call).gallery
    visitors = call.request.app[VISITORS]
    return GalleryState(
        case_number=hearing.case_number,
        cause=hearing.cause,
        state="on_air" if gallery.is_on_air else "paused" if gallery.is_open else "closed",
        delay_s=call.house.gallery_delay_s,
        seats=visitors.seats,
        taken=visitors.count(hearing.id, call.house.clock.now()),
    )


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/gallery/seat",
    body=Nothing,
    returns=GallerySeat,
    access=PACED,
    status=201,
    summary="Take a seat in the public gallery.",
)
async def take_gallery_seat(call: Call[Nothing, None]) -> GallerySeat:
    """Raises NotFound, GalleryFull, TooFast."""
    hearing = _hearing(call)
    visitor = call.request.app[VISITORS].admit(hearing.id, caller.address(call.request), call.house.clock.now())
    return GallerySeat(ticket=visitor.ticket, mark=visitor.mark, delay_s=call.house.gallery_delay_s)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/gallery/program",
    body=Nothing,
    returns=ProgramPart,
    access=SEATED,
    summary="What the public may see by now, in pieces; those after number `since`.",
    query=("since",),
)
async def read_gallery_program(call: Call[Nothing, None]) -> ProgramPart:
    """Nothing while the gallery is closed. Raises NotFound, InvalidInput."""
    index, shown = await _shown(call, _hearing(call))
    return part(index, shown, since_of(call.request), call.house.clock.now())


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/gallery/program/init.mp4",
    body=Nothing,
    returns=web.StreamResponse,
    access=SEATED,
    summary="What a player needs before any piece.",
    media_types=("video/mp4",),
)
async def read_gallery_init(call: Call[Nothing, None]) -> web.StreamResponse:
    """Raises NotFound, also while there is nothing to be seen."""
    _, shown = await _shown(call, _hearing(call))
    return found(call.house.program.init(hearing_of(call)) if shown else None)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/gallery/program/{file}",
    body=Nothing,
    returns=web.StreamResponse,
    access=SEATED,
    summary="One piece: `chunk-NNNNNN.m4s`.",
    media_types=("video/mp4",),
)
async def read_gallery_chunk(call: Call[Nothing, None]) -> web.StreamResponse:
    """Raises NotFound for anything but the last two minutes that the public may see now."""
    number = number_of(call.named("file"))
    _, shown = await _shown(call, _hearing(call))
    may_see = any(chunk.number == number for chunk in shown)
    return found(call.house.program.chunk(hearing_of(call), number) if may_see else None)


async def _shown(call: Call[Nothing, None], hearing: Hearing) -> tuple[ProgramIndex | None, tuple[ProgramChunk, ...]]:
    """The program, and of it the newest chunks that may be seen now."""
    index = await asyncio.to_thread(call.house.program.index, hearing.id)
    if index is None or not hearing.gallery.is_open:
        return index, ()
    open_index = index.model_copy(update={"chunks": open_chunks(index.chunks, await withheld_spans(call))})
    newest = tuple(islice(_public(call, hearing, open_index), CHUNKS_AT_ONCE))
    return index, newest[::-1]


def _public(call: Call[Nothing, None], hearing: Hearing, index: ProgramIndex) -> Iterator[ProgramChunk]:
    """What may be seen now, newest first."""
    now, delay = call.house.clock.now(), timedelta(seconds=call.house.gallery_delay_s)
    for chunk in reversed(index.chunks):
        if hearing.gallery.may_show(chunk.began_at, chunk.ended_at, now, delay):
            yield chunk


def _hearing(call: Call[Nothing, None]) -> Hearing:
    hearing = call.house.court.sitting(hearing_of(call))
    if hearing is None or not hearing.is_public or hearing.is_over:
        raise NotFound
    return hearing
