"""Redacted copies, in `{data_dir}/redacted/{hearing_id}/NNNN/`: beside the records, never in them."""

import asyncio
import hashlib
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import structlog
from pydantic import ValidationError

from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.evidence import seal_message
from cloudcourt.domain.film_statement import FilmPart
from cloudcourt.domain.film_time import film_sections
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.record_errors import RecordNotSealed
from cloudcourt.domain.record_orders import SealedSpan
from cloudcourt.domain.redaction import (
    RedactedCopy,
    RedactedStatement,
    RedactionAsk,
    RedactionOrder,
    RedactionSource,
    SignedRedaction,
    redaction_message,
)
from cloudcourt.observability.tasks import Crew
from media.copies.copy_job import CopyFailed, make_copy
from media.copies.redact_order import RedactOrder, placed
from media.copies.redacted_bundle import write_bundle
from media.record.court_key import SigningKey
from media.record.film_file import read_film
from media.record.folders import FILM, HEARING, hearing_folder, write_atomically
from media.record.hearing_facts import HearingFacts
from media.record.inventory import FileFacts
from media.record.seal_file import read_seal
from media.verifier.redaction import REDACTED_FILM, REDACTION

log = structlog.get_logger()

ORDER, BUNDLE = "order.json", "redacted.zip"
REDACTED = "redacted"
_KEPT_FREE_BYTES = 512 << 20
"""Room that copies leave to the hearings."""
_COPIES_AT_ONCE = 1


class FolderRedactionRoom:
    """The RedactionRoom port on plain folders. Owns the processes that make copies, one at a time."""

    def __init__(self, data_dir: Path, clock: Clock, court_key: SigningKey) -> None:
        self._data_dir, self._clock, self._court_key = data_dir, clock, court_key
        self._crew = Crew("redaction room")
        self._turns, self._adding = asyncio.Semaphore(_COPIES_AT_ONCE), asyncio.Lock()
        self._progress: dict[Path, float] = {}
        self._failed: set[Path] = set()

    async def add(
        self, hearing_id: HearingId, ask: RedactionAsk, by: ParticipantId, sealed: Sequence[SealedSpan]
    ) -> RedactedCopy:
        """Raises RecordNotSealed, NotFound where there is no film, OSError."""
        async with self._adding:
            folder, order = await asyncio.to_thread(self._ordered, hearing_id, ask, by, sealed)
        self._begin(folder, order)
        return self._told(folder, order)

    async def copies(self, hearing_id: HearingId) -> tuple[RedactedCopy, ...]:
        """What a stop broke off is begun again. Raises OSError."""
        found = await asyncio.to_thread(self._orders, hearing_id)
        for folder, order in found:
            if not (folder / BUNDLE).is_file():
                self._begin(folder, order)
        return await asyncio.to_thread(lambda: tuple(self._told(*each) for each in found))

    def file(self, hearing_id: HearingId, number: int) -> Path | None:
        """The zip; None while there is none."""
        path = self._folder(hearing_id) / f"{number:04}" / BUNDLE
        return path if path.is_file() else None

    async def close(self) -> None:
        """Abandon copies in the making; they are begun again when somebody looks."""
        await self._crew.dismiss()

    def _folder(self, hearing_id: HearingId) -> Path:
        return self._data_dir / REDACTED / hearing_folder(self._data_dir, hearing_id).name

    def _ordered(
        self, hearing_id: HearingId, ask: RedactionAsk, by: ParticipantId, sealed: Sequence[SealedSpan]
    ) -> tuple[Path, RedactionOrder]:
        """Keep the order: it is on the disk before anybody is answered."""
        record = hearing_folder(self._data_dir, hearing_id)
        if read_seal(record) is None:
            raise RecordNotSealed
        if (film := read_film(record)) is None or film.sha256 is None or not (record / FILM).is_file():
            raise NotFound
        facts = HearingFacts.model_validate_json((record / HEARING).read_bytes())
        sections = film_sections(facts.spans, facts.gaps, facts.ended_at or self._clock.now())
        number = len(self._orders(hearing_id)) + 1
        order = RedactionOrder(
            hearing=hearing_id,
            number=number,
            purpose=ask.purpose,
            note=ask.note,
            ordered_by=by,
            ordered_at=self._clock.now(),
            redactions=placed(ask.redactions, sealed, sections),
        )
        folder = self._folder(hearing_id) / f"{number:04}"
        folder.mkdir(parents=True, mode=0o700)
        write_atomically(folder / ORDER, order.model_dump_json(indent=1).encode())
        return folder, order

    def _orders(self, hearing_id: HearingId) -> list[tuple[Path, RedactionOrder]]:
        paths = sorted(self._folder(hearing_id).glob(f"*/{ORDER}"))
        return [(path.parent, RedactionOrder.model_validate_json(path.read_bytes())) for path in paths]

    def _told(self, folder: Path, order: RedactionOrder) -> RedactedCopy:
        told = order.model_dump()
        if folder in self._progress:
            return RedactedCopy(**told, state="making", progress=self._progress[folder])
        try:
            signed = SignedRedaction.model_validate_json((folder / REDACTION).read_bytes()).statement
        except (OSError, ValidationError):
            return RedactedCopy(**told, state="failed" if folder in self._failed else "making", progress=0.0)
        return RedactedCopy(**told, state="ready", progress=1.0, bytes=signed.bytes, sha256=signed.sha256)

    def _begin(self, folder: Path, order: RedactionOrder) -> None:
        if folder not in self._progress and folder not in self._failed:
            self._progress[folder] = 0.0
            self._crew.start(self._make(folder, order), name=f"redact {order.hearing} {order.number}")

    async def _make(self, folder: Path, order: RedactionOrder) -> None:
        try:
            async with self._turns:
                job = await asyncio.to_thread(self._job, folder, order)
                await make_copy(job, lambda share: self._progress.update({folder: share}), "media.copies.redact")
                await asyncio.to_thread(self._finish, folder, order, job)
        except (CopyFailed, OSError, ValueError, zipfile.BadZipFile) as failure:
            log.error("redacted copy not made", hearing_id=order.hearing, number=order.number, reason=str(failure))
            self._failed.add(folder)
        finally:
            self._progress.pop(folder, None)

    def _job(self, folder: Path, order: RedactionOrder) -> RedactOrder:
        """Raises OSError where the disk is too full, ValueError where the film isn't signed for."""
        record = hearing_folder(self._data_dir, order.hearing)
        film = read_film(record)
        if film is None or film.sha256 is None:
            raise ValueError("no film is signed for")
        if shutil.disk_usage(folder).free - 3 * (record / FILM).stat().st_size < _KEPT_FREE_BYTES:
            raise OSError("disk_full")
        facts = HearingFacts.model_validate_json((record / HEARING).read_bytes())
        return RedactOrder(
            record=record,
            out=folder / REDACTED_FILM,
            case_number=facts.case_number,
            source_sha256=film.sha256,
            redactions=order.redactions,
        )

    def _finish(self, folder: Path, order: RedactionOrder, job: RedactOrder) -> None:
        """Sign for what was made, and put it into a zip with what a stranger needs."""
        statement = self._statement(order, job, FileFacts.model_validate_json(job.measured.read_bytes()))
        signature = self._court_key.sign(redaction_message(statement))
        signed = SignedRedaction(statement=statement, court_signature=signature)
        write_bundle(folder, signed, job.record, folder / BUNDLE)

    def _statement(self, order: RedactionOrder, job: RedactOrder, measured: FileFacts) -> RedactedStatement:
        seal = read_seal(job.record)
        if seal is None:
            raise ValueError("the record is not sealed")
        parts = (
            FilmPart(from_ms=round(part.from_s * 1000), offset=part.offset, length=part.length, sha256=part.sha256)
            for part in measured.chunks
        )
        check_value = hashlib.sha256(seal_message(seal.statement)).hexdigest()
        return RedactedStatement(
            **order.model_dump(),
            case_number=job.case_number,
            made_at=self._clock.now(),
            source=RedactionSource(seal=check_value, file=FILM, sha256=job.source_sha256),
            file=REDACTED_FILM,
            bytes=measured.bytes,
            duration_ms=round(measured.duration_s * 1000),
            sha256=measured.sha256,
            chunks=tuple(parts),
            court_key=self._court_key.public,
        )
