"""`/api/hearings/{hearing_id}/recording`: the manifest, the files, and who opened them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from cloudcourt.api.access import RECORD, RECORD_OPENINGS, Reader
from cloudcourt.api.answers import Nothing, Opening, OpeningList
from cloudcourt.api.file_label import FILM, FileLabel, label_of
from cloudcourt.api.metered_file import MeteredFile
from cloudcourt.api.openings import Openings
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.api.withholding import shown_file
from cloudcourt.domain.errors import NotFound
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
    found = await shown_file(call, file)
    label = await _label(call, file)
    is_download = call.request.query.get("download") == "1"
    answer = await asyncio.to_thread(MeteredFile, Path(found), call.request)
    answer.content_type = label.media_type
    answer.headers["Content-Disposition"] = label.disposition(is_download=is_download)
    if call.request.method != "GET":
        await answer.send(call.request)
        return answer
    return await send_noted(call, answer, await _row(call, file, answer.first, is_download=is_download))


async def send_noted(
    call: Call[Nothing, Reader], answer: MeteredFile, row: int, on_piece: Callable[[], None] | None = None
) -> MeteredFile:
    """Send what a row of the access log was written for, and add to it how much went out, however it ends."""
    try:
        await answer.send(call.request, on_piece)
    finally:
        await call.house.access.note_served(
            row, at=call.house.clock.now(), bytes_sent=answer.sent, is_complete=answer.is_complete
        )
    return answer


async def _row(call: Call[Nothing, Reader], file: str, range_from: int, *, is_download: bool) -> int:
    openings, hearing_id, now = call.request.app[OPENINGS], _hearing_id(call), call.house.clock.now()
    known = None if is_download else openings.row(call.who, hearing_id, file, range_from, now)
    if known is not None:
        return known
    row = await call.house.access.note(
        AccessEntry(
            at=now, hearing_id=hearing_id, who=call.who.who, name=call.who.name, file=file, range_from=range_from
        )
    )
    openings.noted(call.who, hearing_id, file, now, row)
    return row


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
