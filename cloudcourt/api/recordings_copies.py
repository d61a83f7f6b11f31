"""`.../recording/downloads`: a reason first, then a numbered copy to take away, resumable (REC 10, 11)."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Literal

from aiohttp import web

from cloudcourt.api.access import RECORD, Reader
from cloudcourt.api.answers import Nothing
from cloudcourt.api.file_label import BUNDLE, FILM, FileLabel, label_of
from cloudcourt.api.metered_file import MeteredFile
from cloudcourt.api.recordings import send_noted
from cloudcourt.api.recordings_redactions import redacted_file
from cloudcourt.api.routes import Body, Call, RouteTable
from cloudcourt.api.transfers import Transfers
from cloudcourt.api.withholding import shown_file, withheld_spans
from cloudcourt.domain.court_time import COURT_ZONE
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_access import AccessEntry, CopyState, CopyWish, Download, Subject
from cloudcourt.domain.record_errors import RecordWithheld, WholeWithheld
from cloudcourt.domain.recording import Manifest
from cloudcourt.domain.value import Value

TRANSFERS = web.AppKey("transfers", Transfers)
GOOD_FOR = timedelta(hours=12)
"""Long enough to resume over a bad line, for a working day."""

routes = RouteTable()


class DownloadTicket(Value):
    """A granted download: fetch `url` once `state` is `ready`; ranges and `If-Range` resume it."""

    id: str
    number: int
    """The court's copy number within the hearing."""
    url: str
    name: str
    """What the file is called when it is saved."""
    state: Literal["making", "ready", "failed"]
    progress: float
    """Of the making, from 0 to 1."""
    reason: str
    """Why it failed: `disk_full`, `not_sealed`, `no_film`, `failed`."""
    bytes: int
    bytes_sent: int
    """How far the fetching has come since the server started."""
    expires_at: datetime


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/recording/downloads",
    body=CopyWish,
    returns=DownloadTicket,
    access=RECORD,
    status=201,
    summary="State what a copy is for, and be given one.",
)
async def ask_for_download(call: Call[CopyWish, Reader]) -> DownloadTicket:
    """Raises NotFound where there is nothing of the kind (yet)."""
    house, now = call.house, call.house.clock.now()
    manifest = await _manifest(call)
    if not await _exists(call, manifest):
        raise NotFound
    download = await house.access.grant(
        manifest.hearing_id, call.body, who=call.who.who, name=call.who.name, at=now, expires_at=now + GOOD_FOR
    )
    return await _ticket(call, download, manifest)


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/downloads/{download_id}",
    body=Nothing,
    returns=DownloadTicket,
    access=RECORD,
    summary="How far a download is: in the making, and on its way.",
)
async def read_download(call: Call[Nothing, Reader]) -> DownloadTicket:
    """Raises NotFound, also for somebody else's and for one that has expired."""
    return await _ticket(call, await _own(call), await _manifest(call))


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/downloads/{download_id}/file",
    body=Nothing,
    returns=web.StreamResponse,
    access=RECORD,
    summary="The copy itself; range requests.",
    media_types=("video/mp4", "video/webm", "audio/webm", "application/zip"),
)
async def fetch_download(call: Call[Nothing, Reader]) -> web.StreamResponse:
    """The row in the access log is written before the first byte leaves. Raises NotFound, RangeNotSatisfiable."""
    download = await _own(call)
    found = await _file(call, download)
    if found is None:
        raise NotFound
    label = _label(await _manifest(call), download)
    answer = await asyncio.to_thread(MeteredFile, Path(found), call.request)
    answer.content_type = label.media_type
    answer.headers["Content-Disposition"] = label.disposition(is_download=True)
    if call.request.method != "GET":
        await answer.send(call.request)
        return answer
    who = call.who
    row = await call.house.access.note(
        AccessEntry(
            at=call.house.clock.now(),
            hearing_id=download.hearing_id,
            who=who.who,
            name=who.name,
            file=_source(download),
            range_from=answer.first,
            download_id=download.id,
        )
    )
    transfers = call.request.app[TRANSFERS]
    return await send_noted(call, answer, row, lambda: transfers.reached(download.id, answer.first + answer.sent))


async def _manifest(call: Call[Body, Reader]) -> Manifest:
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    return await call.house.record_room.manifest(hearing)


async def _exists(call: Call[CopyWish, Reader], manifest: Manifest) -> bool:
    await _refuse_whole(call, call.body)
    if call.body.subject is Subject.BUNDLE:
        return manifest.sealed
    if call.body.subject is Subject.REDACTED:
        return bool(await redacted_file(call, call.body.redaction))
    return await asyncio.to_thread(call.house.record_room.file, manifest.hearing_id, _source(call.body)) is not None


async def _refuse_whole(call: Call[Body, Reader], wish: CopyWish) -> None:
    """Raises WholeWithheld for what is only made of the whole record, where a part of that is sealed to the reader."""
    if _has_to_be_made(wish) and await withheld_spans(call):
        raise WholeWithheld


async def _own(call: Call[Nothing, Reader]) -> Download:
    download = await call.house.access.download(call.named("download_id"))
    is_here = download.hearing_id == call.named("hearing_id") and download.who == call.who.who
    if not is_here or download.expires_at <= call.house.clock.now():
        raise NotFound
    return download


async def _ticket(call: Call[Body, Reader], download: Download, manifest: Manifest) -> DownloadTicket:
    state = await _state(call, download)
    path = f"/api/hearings/{download.hearing_id}/recording/downloads/{download.id}/file"
    return DownloadTicket(
        id=download.id,
        number=download.number,
        url=path,
        name=_label(manifest, download).name,
        bytes_sent=call.request.app[TRANSFERS].furthest(download.id),
        expires_at=download.expires_at,
        **state.model_dump(),
    )


async def _state(call: Call[Body, Reader], download: Download) -> CopyState:
    if _has_to_be_made(download):
        await _refuse_whole(call, download)
        return await call.house.copies.prepare(download, _mark(download))
    try:
        found = await _there(call, download)
    except RecordWithheld:
        return CopyState(state="making")
    stat = await asyncio.to_thread(Path(found).stat)
    return CopyState(state="ready", progress=1.0, bytes=stat.st_size)


async def _file(call: Call[Body, Reader], download: Download) -> PurePath | None:
    if _has_to_be_made(download):
        await _refuse_whole(call, download)
        return await asyncio.to_thread(call.house.copies.file, download)
    return await _there(call, download)


async def _there(call: Call[Body, Reader], download: Download) -> PurePath:
    """A file that need not be made for this download. Raises NotFound, RecordWithheld, WholeWithheld."""
    if download.subject is Subject.REDACTED:
        return await redacted_file(call, download.redaction)
    return await shown_file(call, _source(download))


def _has_to_be_made(download: CopyWish) -> bool:
    return download.is_marked or download.subject is Subject.BUNDLE


def _source(wish: CopyWish) -> str:
    """The file of the record that is taken."""
    return {Subject.FILM: FILM, Subject.BUNDLE: BUNDLE}.get(wish.subject, wish.file)


def _mark(download: Download) -> tuple[str, ...]:
    """What is burnt into a film; nothing for what isn't marked."""
    if not download.is_marked:
        return ()
    day = download.at.astimezone(COURT_ZONE)
    return (f"副本 {download.number} · Copy {download.number}", download.recipient, f"{day:%Y-%m-%d}")


def _label(manifest: Manifest, download: Download) -> FileLabel:
    """As the file is called, with the copy's number where it is marked with it."""
    label = label_of(manifest, _source(download))
    if label is None:
        raise NotFound
    if not download.is_marked:
        return label
    name, plain = PurePath(label.name), PurePath(label.plain_name)
    return replace(
        label,
        name=f"{name.stem}_副本{download.number}{name.suffix}",
        plain_name=f"{plain.stem}_copy{download.number}{plain.suffix}",
    )
