"""`countersignatures.jsonl` beside a seal: lines only ever added, each signed by the court and chained to the last."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cloudcourt.domain.countersignature import (
    AFTER_SEAL,
    AFTER_SEAL_ENTRY,
    AfterSeal,
    SealConfirmed,
    SealKept,
    SealSigned,
    SignatureAsk,
    SigningRefused,
    of_person,
)
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import Clock
from cloudcourt.domain.record_errors import AlreadySigned, RecordNotSealed, SignatureNotValid
from media.record.court_key import SigningKey
from media.record.folders import hearing_folder
from media.record.seal_file import read_seal
from media.record.signed_lines import append_signed, tip, whole_lines
from media.verifier.countersignatures import COUNTERSIGNATURES, party_signature_holds, seal_value

CLOCKS_DIFFER = timedelta(minutes=10)
"""A signature may name a time that differs so much from the court's."""

Written = Callable[[dict[str, Any], SealKept], AfterSeal | None]


class CountersignatureBook:
    """The SealDesk port on hearings' folders."""

    def __init__(self, data_dir: Path, clock: Clock, court_key: SigningKey) -> None:
        self._data_dir, self._clock, self._court_key = data_dir, clock, court_key
        self._turn = asyncio.Lock()

    async def seal(self, hearing_id: HearingId) -> SealKept | None:
        """Raises OSError, ValueError for a file that isn't ours."""
        kept = await asyncio.to_thread(self._read, hearing_id)
        return None if kept is None else kept[0]

    async def confirm(self, hearing_id: HearingId, by: ParticipantId) -> SealKept:
        def confirmed(common: dict[str, Any], kept: SealKept) -> AfterSeal | None:
            return None if of_person(kept.entries, by) else SealConfirmed(**common, participant=by)

        return await self._add(hearing_id, confirmed)

    async def sign(self, hearing_id: HearingId, by: ParticipantId, signed: SignatureAsk) -> SealKept:
        def by_them(common: dict[str, Any], kept: SealKept) -> AfterSeal:
            _refuse_second(kept, by)
            entry = SealSigned(**common, participant=by, **signed.model_dump())
            is_timely = abs(datetime.fromisoformat(signed.signed_at) - entry.at) <= CLOCKS_DIFFER
            if not is_timely or not party_signature_holds(entry.model_dump(mode="json")):
                raise SignatureNotValid
            return entry

        return await self._add(hearing_id, by_them)

    async def note_refusal(self, hearing_id: HearingId, of: ParticipantId, by: ParticipantId, reason: str) -> SealKept:
        def refused(common: dict[str, Any], kept: SealKept) -> AfterSeal:
            _refuse_second(kept, of)
            return SigningRefused(**common, participant=of, noted_by=by, reason=reason)

        return await self._add(hearing_id, refused)

    async def _add(self, hearing_id: HearingId, write: Written) -> SealKept:
        async with self._turn:
            return await asyncio.to_thread(self._added, hearing_id, write)

    def _added(self, hearing_id: HearingId, write: Written) -> SealKept:
        if (known := self._read(hearing_id)) is None:
            raise RecordNotSealed
        kept, previous = known
        common = {
            "means": AFTER_SEAL,
            "n": len(kept.entries) + 1,
            "previous": previous,
            "hearing": hearing_id,
            "seal": kept.check_value,
            "at": self._clock.now(),
        }
        if (entry := write(common, kept)) is None:
            return kept
        append_signed(hearing_folder(self._data_dir, hearing_id) / COUNTERSIGNATURES, entry, self._court_key)
        return kept.model_copy(update={"entries": (*kept.entries, entry)})

    def _read(self, hearing_id: HearingId) -> tuple[SealKept, str] | None:
        """The seal with its entries, and what the next one is chained to."""
        folder = hearing_folder(self._data_dir, hearing_id)
        if (seal := read_seal(folder)) is None:
            return None
        lines = whole_lines(folder / COUNTERSIGNATURES)
        kept = SealKept(
            check_value=seal_value(seal.statement.model_dump(mode="json")),
            sealed_at=seal.statement.sealed_at,
            entries=tuple(AFTER_SEAL_ENTRY.validate_python(json.loads(line)["entry"]) for line in lines),
        )
        return kept, tip(lines)


def _refuse_second(kept: SealKept, participant: ParticipantId) -> None:
    if isinstance(of_person(kept.entries, participant), SealSigned):
        raise AlreadySigned
