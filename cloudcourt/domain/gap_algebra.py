"""The account of a hearing's time: from declared open to declared closed, it is recorded spans and lawful gaps."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from cloudcourt.domain.hearing import Gap
from cloudcourt.domain.recording import Span
from cloudcourt.domain.value import Value

EXACTLY = timedelta(0)


class Difference(Value):
    """Where the account does not balance.

    `hole`: neither recorded nor excused; `overlap`: counted twice; `outside`: before the opening or after the close;
    `backwards`: it ends before it begins; `open`: it never ended.
    """

    kind: Literal["hole", "overlap", "outside", "backwards", "open"]
    began_at: datetime
    ended_at: datetime


def differences(
    opened_at: datetime,
    closed_at: datetime,
    spans: Iterable[Span],
    gaps: Iterable[Gap],
    tolerance: timedelta = EXACTLY,
) -> tuple[Difference, ...]:
    """What keeps opened..closed from being spans + gaps, in order of time; empty when it balances.

    Differences no longer than `tolerance` are let pass.
    """
    found: list[Difference] = []
    pieces: list[tuple[datetime, datetime]] = []
    stretches: tuple[Span | Gap, ...] = (*spans, *gaps)
    for piece in stretches:
        if piece.ended_at is None:
            found.append(Difference(kind="open", began_at=piece.began_at, ended_at=closed_at))
        elif piece.ended_at < piece.began_at:
            found.append(Difference(kind="backwards", began_at=piece.began_at, ended_at=piece.ended_at))
        else:
            pieces.append((piece.began_at, piece.ended_at))
    reached = opened_at
    for began_at, ended_at in sorted(pieces):
        found += _outside(opened_at, closed_at, began_at, ended_at)
        began_at, ended_at = max(began_at, opened_at), min(ended_at, closed_at)
        if ended_at <= began_at:
            continue
        if began_at > reached:
            found.append(Difference(kind="hole", began_at=reached, ended_at=began_at))
        elif began_at < reached:
            found.append(Difference(kind="overlap", began_at=began_at, ended_at=min(reached, ended_at)))
        reached = max(reached, ended_at)
    if reached < closed_at:
        found.append(Difference(kind="hole", began_at=reached, ended_at=closed_at))
    return tuple(sorted((d for d in found if _matters(d, tolerance)), key=lambda d: (d.began_at, d.ended_at, d.kind)))


def gaps_ended(gaps: Iterable[Gap], at: datetime) -> tuple[Gap, ...]:
    """The same gaps, the one that lasts ended."""
    return tuple(gap if gap.ended_at else gap.model_copy(update={"ended_at": at}) for gap in gaps)


def _outside(opened_at: datetime, closed_at: datetime, began_at: datetime, ended_at: datetime) -> list[Difference]:
    parts = ((began_at, min(ended_at, opened_at)), (max(began_at, closed_at), ended_at))
    return [Difference(kind="outside", began_at=a, ended_at=b) for a, b in parts if a < b]


def _matters(difference: Difference, tolerance: timedelta) -> bool:
    is_length = difference.kind in ("hole", "overlap", "outside")
    return not is_length or difference.ended_at - difference.began_at > tolerance
