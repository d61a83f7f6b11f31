"""What stands in the film and when: recorded spans end to end, a title card at each gap, cut into chunks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cloudcourt.domain.hearing import Gap
from cloudcourt.domain.recording import Span
from media.record.hearing_facts import HearingFacts

FPS = 25
FRAME_NS = 1_000_000_000 // FPS
CARD_FRAMES = 2 * FPS
CHUNK_FRAMES = 4 * FPS


@dataclass(frozen=True)
class Take:
    """A stretch of the record: frame `n` shows the wall time `began_ns + n * FRAME_NS`."""

    began_ns: int
    frames: int

    @property
    def ended_ns(self) -> int:
        return self.began_ns + self.frames * FRAME_NS


@dataclass(frozen=True)
class Card:
    """A gap that is over, shown as a title card."""

    gap: Gap
    ended_at: datetime
    frames: int = CARD_FRAMES


Section = Take | Card


def chunks(facts: HearingFacts) -> Iterator[Section]:
    """The film's chunks in order: spans in pieces of 4 s from where they begin, the last one shorter, and cards.

    A span that lasts still has chunks without end; a gap that lasts still, and what will follow it, has none.
    """
    pieces: list[Span | Gap] = sorted((*facts.spans, *facts.gaps), key=lambda piece: piece.began_at)
    for piece in pieces:
        ended_at = piece.ended_at or facts.ended_at
        if isinstance(piece, Span):
            yield from _takes(as_ns(piece.began_at), as_ns(ended_at) if ended_at else None)
        elif ended_at is not None:
            yield Card(piece, ended_at)
        else:
            return


def _takes(began_ns: int, ended_ns: int | None) -> Iterator[Take]:
    left = None if ended_ns is None else round((ended_ns - began_ns) / FRAME_NS)
    while left is None or left > 0:
        frames = CHUNK_FRAMES if left is None else min(left, CHUNK_FRAMES)
        yield Take(began_ns, frames)
        began_ns += frames * FRAME_NS
        left = None if left is None else left - frames


def as_ns(at: datetime) -> int:
    """A datetime as nanoseconds since 1970 UTC."""
    return round(at.timestamp() * 1_000_000) * 1000
