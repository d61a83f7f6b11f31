"""What stands in the film and when: recorded spans end to end, a title card at each gap."""

from dataclasses import dataclass
from datetime import datetime

from cloudcourt.domain.hearing import Gap
from media.record.hearing_facts import HearingFacts

FPS = 25
FRAME_NS = 1_000_000_000 // FPS
CARD_FRAMES = 2 * FPS


@dataclass(frozen=True)
class Take:
    """A stretch of the record: frame `n` shows the wall time `began_ns + n * FRAME_NS`."""

    began_ns: int
    frames: int


@dataclass(frozen=True)
class Card:
    """A gap, shown as a title card."""

    gap: Gap
    ended_at: datetime | None
    frames: int = CARD_FRAMES


Section = Take | Card


def timeline(facts: HearingFacts, record_ends_ns: int) -> tuple[Section, ...]:
    """The film's sections in order. `record_ends_ns` ends a span that nobody ended (a crash)."""
    parts: list[tuple[datetime, Section]] = []
    for span in facts.spans:
        began_ns = as_ns(span.began_at)
        last = span.ended_at or facts.ended_at
        ended_ns = as_ns(last) if last else max(began_ns, record_ends_ns)
        if frames := round((ended_ns - began_ns) / FRAME_NS):
            parts.append((span.began_at, Take(began_ns, frames)))
    parts += [(gap.began_at, Card(gap, gap.ended_at or facts.ended_at)) for gap in facts.gaps]
    return tuple(section for _, section in sorted(parts, key=lambda part: part[0]))


def as_ns(at: datetime) -> int:
    """A datetime as nanoseconds since 1970 UTC."""
    return round(at.timestamp() * 1_000_000) * 1000
