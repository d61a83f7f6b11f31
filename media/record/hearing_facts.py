"""`hearing.json`: what the film and a later reader must know of the hearing beside its media files."""

from datetime import datetime
from typing import Final, Literal

from cloudcourt.domain.exhibits import ScreenShown
from cloudcourt.domain.hearing import Gap, Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.recording import Seat, Span
from cloudcourt.domain.value import Value
from media.record.shown import Shown, shown_pages

HEARING_FORMAT: Final = "cloudcourt-hearing/1"


class HearingFacts(Value):
    """One hearing's frame: who sat where, and which stretches are on the record."""

    format: Literal["cloudcourt-hearing/1"] = HEARING_FORMAT
    hearing_id: HearingId
    case_number: str
    cause: str
    opened_at: datetime | None
    ended_at: datetime | None
    seats: tuple[Seat, ...]
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    shown: tuple[Shown, ...] = ()
    """Pages that were before the court, in order of time."""
    screens: tuple[ScreenShown, ...] = ()
    """Whose screen was shared with it, and when, in order of time."""


def hearing_facts(hearing: Hearing) -> HearingFacts:
    """The frame of a hearing as it stands now."""
    return HearingFacts(
        hearing_id=hearing.id,
        case_number=hearing.case_number,
        cause=hearing.cause,
        opened_at=hearing.opened_at,
        ended_at=hearing.ended_at,
        seats=tuple(Seat(participant_id=p.id, role=p.role, name=p.name) for p in hearing.seating),
        spans=spans(hearing),
        gaps=hearing.gaps,
        shown=shown_pages(hearing.exhibits),
        screens=hearing.exhibits.screens,
    )


def spans(hearing: Hearing) -> tuple[Span, ...]:
    """The stretches on the record: from opening to end, without the gaps (opened..ended = spans + gaps)."""
    if hearing.opened_at is None:
        return ()
    found = []
    began_at = hearing.opened_at
    for gap in sorted(hearing.gaps, key=lambda gap: gap.began_at):
        if gap.began_at > began_at:
            found.append(Span(began_at=began_at, ended_at=gap.began_at))
        if gap.ended_at is None:
            return tuple(found)
        began_at = max(began_at, gap.ended_at)
    if hearing.ended_at is None or hearing.ended_at > began_at:
        found.append(Span(began_at=began_at, ended_at=hearing.ended_at))
    return tuple(found)
