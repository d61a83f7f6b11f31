"""`/api/hearings/{hearing_id}/recording`: the manifest, the files, and who opened them."""

import asyncio
import os
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest
from multidict import CIMultiDict

from cloudcourt.api.access import RECORD, RECORD_OPENINGS, Reader
from cloudcourt.api.answers import Nothing, Opening, OpeningList
from cloudcourt.api.file_label import FILM, FileLabel, label_of
from cloudcourt.api.openings import Openings
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.errors import NotFound, RangeNotSatisfiable
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_access import AccessEntry
from cloudcourt.domain.recording import Manifest

OPENINGS = web.AppKey("openings", Openings)
LABELS = web.AppKey("labels", dict[tuple[HearingId, str], FileLabel])
LABELS_LIMIT = 2_000

routes = RouteTable()


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording",
    body=Nothing,
    returns=Manifest,
    access=RECORD,
    summary="What is recorded of a hearing.",
)
async def read_manifest(call: Call[Nothing, Reader]) -> Manifest:
    """What is on the disk now. Raises NotFound."""
    return await _manifest(call)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/composite.mp4",
    body=Nothing,
    returns=web.StreamResponse,
    access=RECORD,
    summary="The film of a hearing; range requests.",
    media_types=("video/mp4",),
    query=("download",),
)
async def read_film(call: Call[Nothing, Reader]) -> web.StreamResponse:
    """Raises NotFound, RangeNotSatisfiable."""
    return await _send(call, FILM)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/tracks/{file}",
    body=Nothing,
    returns=web.StreamResponse,
    access=RECORD,
    summary="One person's sound or picture; range requests.",
    media_types=("video/webm", "audio/webm", "video/x-matroska", "audio/ogg"),
    query=("download",),
)
async def read_track(call: Call[Nothing, Reader]) -> web.StreamResponse:
    """Raises NotFound, RangeNotSatisfiable."""
    return await _send(call, f"tracks/{call.named('file')}")


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/access",
    body=Nothing,
    returns=OpeningList,
    access=RECORD_OPENINGS,
    summary="Who opened what of a hearing's record.",
)
async def read_openings(call: Call[Nothing, Reader]) -> OpeningList:
    """In order. Raises NotFound."""
    hearing_id = _hearing_id(call)
    await call.house.court.hearing(hearing_id)
    entries = await call.house.access.entries(hearing_id)
    return OpeningList(entries=tuple(Opening(**entry.model_dump(exclude={"hearing_id"})) for entry in entries))


async def _manifest(call: Call[Nothing, Reader]) -> Manifest:
    return await call.house.record_room.manifest(await call.house.court.hearing(_hearing_id(call)))


async def _send(call: Call[Nothing, Reader], file: str) -> web.StreamResponse:
    """The file or the part asked for; the row in the access log is written before the first byte leaves."""
    found = await asyncio.to_thread(call.house.record_room.file, _hearing_id(call), file)
    if found is None:
        raise NotFound
    label = await _label(call, file)
    path = Path(found)
    stat = await asyncio.to_thread(path.stat)
    is_whole = not _range_stands(call.request, stat)
    range_from = 0 if is_whole else _range_from(call.request, stat.st_size)
    is_download = call.request.query.get("download") == "1"
    if call.request.method == "GET":
        await _note(call, file, range_from, is_download=is_download)
    response = WholeFile(path) if is_whole else web.FileResponse(path)
    response.content_type = label.media_type
    response.headers["Content-Disposition"] = label.disposition(is_download=is_download)
    return response


class WholeFile(web.FileResponse):
    """A file that is sent whole whatever range is asked for."""

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        headers = CIMultiDict(request.headers)
        headers.popall("Range", None)
        return await super().prepare(request.clone(headers=headers))


def _range_stands(request: web.Request, stat: os.stat_result) -> bool:
    """False without a range, and where `If-Range` names another version of the file (RFC 9110 13.1.5).

    aiohttp itself looks at dates in `If-Range` only; the tag is the one that it gives to files.
    """
    condition = request.headers.get("If-Range", "")
    is_other_version = condition.startswith(('"', "W/")) and condition != f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    return "Range" in request.headers and not is_other_version


def _range_from(request: web.Request, size_bytes: int) -> int:
    """The first byte asked for. Raises RangeNotSatisfiable."""
    try:
        start = request.http_range.start or 0
    except ValueError:
        raise RangeNotSatisfiable(size_bytes=size_bytes) from None
    if start >= size_bytes:
        raise RangeNotSatisfiable(size_bytes=size_bytes)
    return int(start) if start >= 0 else max(0, size_bytes + int(start))


async def _note(call: Call[Nothing, Reader], file: str, range_from: int, *, is_download: bool) -> None:
    openings, hearing_id, now = call.request.app[OPENINGS], _hearing_id(call), call.house.clock.now()
    if not is_download and not openings.is_opening(call.who, hearing_id, file, range_from, now):
        return
    await call.house.access.note(
        AccessEntry(
            at=now, hearing_id=hearing_id, who=call.who.who, name=call.who.name, file=file, range_from=range_from
        )
    )
    openings.noted(call.who, hearing_id, file, now)


async def _label(call: Call[Nothing, Reader], file: str) -> FileLabel:
    """Kept, because a player asks for hundreds of ranges and a label never changes. Raises NotFound."""
    labels, key = call.request.app[LABELS], (_hearing_id(call), file)
    if key not in labels:
        label = label_of(await _manifest(call), file)
        if label is None:
            raise NotFound
        if len(labels) >= LABELS_LIMIT:
            del labels[next(iter(labels))]
        labels[key] = label
    return labels[key]


def _hearing_id(call: Call[Nothing, Reader]) -> HearingId:
    return HearingId(call.named("hearing_id"))
