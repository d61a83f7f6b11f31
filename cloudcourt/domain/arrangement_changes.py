"""What an arrangement changes: the record's mode, and the account of time that goes with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.arrangement import MEDIATING, SEALED, Arrangement, ArrangementChanged
from cloudcourt.domain.gap_algebra import gaps_ended
from cloudcourt.domain.hearing import Gap, GapReason, Hearing, RecordMode
from cloudcourt.domain.value import Value


def _changed(hearing: Hearing, event: ArrangementChanged, at: datetime) -> dict[str, Any]:
    """A sealed stretch is recorded, but a gap in what may be shown. Joint session and caucus share one gap."""
    mode, reason = _record_of(event.arrangement)
    changes: dict[str, Any] = {"arrangement": event.arrangement}
    if mode is hearing.record_mode and mode is not RecordMode.SEALED:
        return changes
    gaps = gaps_ended(hearing.gaps, at)
    if reason is not None:
        gaps = (*gaps, Gap(reason=reason, began_at=at))
    off_record = reason if mode is RecordMode.OFF_RECORD else None
    return {**changes, "record_mode": mode, "off_record_reason": off_record, "gaps": gaps}


def _record_of(arrangement: Arrangement) -> tuple[RecordMode, GapReason | None]:
    if arrangement in MEDIATING:
        return RecordMode.OFF_RECORD, GapReason.MEDIATION
    if arrangement in SEALED:
        return RecordMode.SEALED, GapReason.SEALED_EVIDENCE
    return RecordMode.ON_RECORD, None


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {ArrangementChanged: _changed}
