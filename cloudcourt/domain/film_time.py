"""Film time and wall-clock time: which second of the film shows which moment of the hearing.

The film is the recorded spans end to end, each cut to whole pictures, with a title card at each gap. This is the one
place where the two clocks are converted; `media.film.timeline` lays out the film by the same rule.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.recording import Span
from cloudcourt.domain.value import Value

PICTURE_S = 0.04
"""One picture of the film: 25 a second."""
_PICTURE = timedelta(milliseconds=40)
CARD_S = 2.0
"""How long the title card of a gap stands."""


class FilmSection(Value):
    """A stretch of the film: a span as it was, or the card of a gap (`reason`), however long the gap was."""

    from_s: float
    length_s: float
    began_at: datetime
    ended_at: datetime
    reason: GapReason | None = None


def film_sections(spans: Iterable[Span], gaps: Iterable[Gap], until: datetime) -> tuple[FilmSection, ...]:
    """The film's sections in order; what has no end yet lasts `until`."""
    pieces: list[Span | Gap] = sorted((*spans, *gaps), key=lambda piece: (piece.began_at, isinstance(piece, Gap)))
    sections: list[FilmSection] = []
    from_s = 0.0
    for piece in pieces:
        ended_at = piece.ended_at or max(piece.began_at, until)
        reason = piece.reason if isinstance(piece, Gap) else None
        length_s = CARD_S if reason else round((ended_at - piece.began_at) / _PICTURE) * PICTURE_S
        if length_s:
            began = {"from_s": round(from_s, 3), "length_s": round(length_s, 3), "began_at": piece.began_at}
            sections.append(FilmSection(**began, ended_at=ended_at, reason=reason))
        from_s += length_s
    return tuple(sections)


def film_second(sections: Sequence[FilmSection], at: datetime) -> float | None:
    """Where in the film a moment is: in a gap, its card; after the end, the last picture. None before the opening."""
    if not sections or at < sections[0].began_at:
        return None
    for section in sections:
        if at < section.ended_at:
            passed_s = max(0.0, (at - section.began_at).total_seconds())
            return section.from_s if section.reason else section.from_s + min(passed_s, section.length_s)
    last = sections[-1]
    return last.from_s + last.length_s


def wall_time(sections: Sequence[FilmSection], second: float) -> datetime | None:
    """What the clock on the wall showed at a second of the film; on a card, when the gap began. None without a film."""
    shown = next((section for section in reversed(sections) if section.from_s <= second), None)
    if shown is None or shown.reason:
        return shown.began_at if shown else None
    return shown.began_at + timedelta(seconds=min(second - shown.from_s, shown.length_s))
