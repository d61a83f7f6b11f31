"""`/api/hearings/{hearing_id}/recording/program`: what was written of a running hearing, some seconds ago."""

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import Any

from aiohttp import web

from cloudcourt.api.access import RECORD_LISTENING, Reader
from cloudcourt.api.answers import Nothing
from cloudcourt.api.recordings import OPENINGS
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.api.withholding import open_chunks, withheld_spans
from cloudcourt.domain.errors import InvalidInput, NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.program import ProgramChunk, ProgramIndex
from cloudcourt.domain.record_access import AccessEntry
from cloudcourt.domain.record_orders import SealedSpan
from cloudcourt.domain.value import Value

CHUNKS_AT_ONCE = 30
"""Two minutes: more is of no use to a player that is live."""
OPENED_AS = "program"
"""What the access log calls it."""
_CHUNK_FILE = re.compile(r"chunk-([0-9]{6})\.m4s")
_NUMBER = re.compile(r"[0-9]{1,9}")

routes = RouteTable()


class ProgramPart(Value):
    """The newest chunks after the one that was asked for. `codecs` is null until there is a program.

    `last` is the newest chunk's number: where it is smaller than what a player has, numbers were given anew.
    """

    now: datetime
    codecs: str | None
    last: int
    chunks: tuple[ProgramChunk, ...]


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/program",
    body=Nothing,
    returns=ProgramPart,
    access=RECORD_LISTENING,
    summary="What was written of a running hearing, in pieces; those after number `since`.",
    query=("since",),
)
async def read_program(call: Call[Nothing, Reader]) -> ProgramPart:
    """Nothing before the court opens and after its film is whole. Raises InvalidInput."""
    index = await asyncio.to_thread(call.house.program.index, hearing_of(call))
    chunks = () if index is None else open_chunks(index.chunks, await withheld_spans(call))
    return part(index, chunks, since_of(call.request), call.house.clock.now())


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/program/init.mp4",
    body=Nothing,
    returns=web.StreamResponse,
    access=RECORD_LISTENING,
    summary="What a player needs before any piece.",
    media_types=("video/mp4",),
)
async def read_program_init(call: Call[Nothing, Reader]) -> web.StreamResponse:
    """Raises NotFound."""
    path = await asyncio.to_thread(call.house.program.init, hearing_of(call))
    return await _opened(call, path)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/program/{file}",
    body=Nothing,
    returns=web.StreamResponse,
    access=RECORD_LISTENING,
    summary="One piece: `chunk-NNNNNN.m4s`.",
    media_types=("video/mp4",),
)
async def read_program_chunk(call: Call[Nothing, Reader]) -> web.StreamResponse:
    """Raises NotFound."""
    number = number_of(call.named("file"))
    if (spans := await withheld_spans(call)) and not await _is_open(call, number, spans):
        raise NotFound
    return await _opened(call, await asyncio.to_thread(call.house.program.chunk, hearing_of(call), number))


async def _is_open(call: Call[Nothing, Reader], number: int, spans: tuple[SealedSpan, ...]) -> bool:
    index = await asyncio.to_thread(call.house.program.index, hearing_of(call))
    return index is not None and any(chunk.number == number for chunk in open_chunks(index.chunks, spans))


async def _opened(call: Call[Nothing, Reader], path: PurePath | None) -> web.StreamResponse:
    """The file; who listens to a record stands in the access log before the first byte leaves (REC 11)."""
    answer = found(path)
    openings, hearing_id, now = call.request.app[OPENINGS], hearing_of(call), call.house.clock.now()
    if openings.row(call.who, hearing_id, OPENED_AS, 1, now) is None:
        entry = AccessEntry(
            at=now, hearing_id=hearing_id, who=call.who.who, name=call.who.name, file=OPENED_AS, range_from=0
        )
        openings.noted(call.who, hearing_id, OPENED_AS, now, await call.house.access.note(entry))
    return answer


def part(
    index: ProgramIndex | None, chunks: Iterable[ProgramChunk], since: int, now: datetime, limit: int = CHUNKS_AT_ONCE
) -> ProgramPart:
    """The newest of `chunks` after number `since`."""
    known = tuple(chunks)
    fresh = tuple(chunk for chunk in known[-limit:] if chunk.number > since)
    return ProgramPart(
        now=now,
        codecs=None if index is None else index.codecs,
        last=known[-1].number if known else 0,
        chunks=fresh,
    )


def found(path: PurePath | None) -> web.StreamResponse:
    """A piece of the program. Raises NotFound."""
    if path is None:
        raise NotFound
    response = web.FileResponse(str(path))
    response.content_type = "video/mp4"
    return response


def since_of(request: web.Request) -> int:
    """The number after which chunks are wanted. Raises InvalidInput."""
    since = request.query.get("since", "0")
    if not _NUMBER.fullmatch(since):
        raise InvalidInput(where="since", why="a chunk's number is expected")
    return int(since)


def number_of(file: str) -> int:
    """The number in a chunk's name; 0, which no chunk has, for any other name."""
    name = _CHUNK_FILE.fullmatch(file)
    return 0 if name is None else int(name[1])


def hearing_of(call: Call[Any, Any]) -> HearingId:
    """The hearing in the path."""
    return HearingId(call.named("hearing_id"))
