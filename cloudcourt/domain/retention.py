"""How long what is kept is kept: a class for each hearing, a term for each kind of thing, and a hold that stops all.

Nobody removes anything: what is due is removed by rule, and of a record it leaves a signed tombstone. The terms follow
those of case files (a recording is kept as long as its file), and are this table, which a court checks against its own.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, Protocol

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.value import Value

TOMBSTONE: Final = "cloudcourt-destroyed/1"


class RetentionClass(StrEnum):
    """What a hearing is scheduled under; it stands in event 1 of its signed log, and never changes."""

    PERMANENT = "permanent"
    LONG = "long"
    SHORT = "short"


class DataClass(StrEnum):
    """Kinds of things that are kept for different times."""

    RECORD = "record"
    """The evidence: tracks, journal, exhibits. The log, the seal and all that is signed are never removed."""
    FILM = "film"
    """Derived of the tracks; copies of either go with it."""
    DIAGNOSTICS = "diagnostics"
    """Heartbeats and samples of connections."""
    IDENTITY = "identity"
    """Snapshots of people with their documents."""
    LINKS = "links"
    """Join links and seat tokens, after they have ended."""
    ACCESS_LOG = "access_log"
    """Who opened a record: never removed; the database refuses it."""


RecordData = Literal[DataClass.RECORD, DataClass.FILM]

YEARS: Mapping[RetentionClass, Mapping[RecordData, int | None]] = MappingProxyType(
    {
        RetentionClass.PERMANENT: {DataClass.FILM: None, DataClass.RECORD: None},
        RetentionClass.LONG: {DataClass.FILM: 60, DataClass.RECORD: 60},
        RetentionClass.SHORT: {DataClass.FILM: 10, DataClass.RECORD: 30},
    }
)
"""Years after the hearing's end; None: for ever. What is first in a row is due first."""

LINK_DAYS: Final = 30
"""Days that an ended link is still known, so that its owner is told why it doesn't work."""


def due_at(ended_at: datetime, years: int) -> datetime:
    """So many years later; what began on 29 February ends on 1 March."""
    try:
        return ended_at.replace(year=ended_at.year + years)
    except ValueError:
        return ended_at.replace(year=ended_at.year + years, month=3, day=1)


class DestroyedFile(Value):
    """What is known of a file that is gone."""

    file: str
    bytes: int
    sha256: str


class Rule(Value):
    """Why a hearing's data of one kind are due."""

    retention: RetentionClass
    data: RecordData
    years: int
    ended_at: datetime
    """Of the hearing."""

    @property
    def due_at(self) -> datetime:
        return due_at(self.ended_at, self.years)


class Tombstone(Rule):
    """What was destroyed at once under one rule. `n` counts 1, 2, 3 ... within the hearing."""

    means: Literal["cloudcourt-destroyed/1"] = TOMBSTONE
    n: int
    previous: str
    hearing: HearingId
    at: datetime
    files: tuple[DestroyedFile, ...]


def rules_of(retention: RetentionClass, ended_at: datetime) -> tuple[Rule, ...]:
    """When which data of a hearing are due; nothing that is kept for ever."""
    return tuple(
        Rule(retention=retention, data=data, years=years, ended_at=ended_at)
        for data, years in YEARS[retention].items()
        if years is not None
    )


class Destruction(Value):
    """What became of a hearing's data that were due."""

    files: int = 0
    bytes: int = 0
    altered: tuple[str, ...] = ()
    """Files that aren't what the record says of them: they are left where they are, for somebody to look at."""


class Removal(Value):
    """One line of a report: `items` files, folders or rows of a kind, of one hearing or (links) of all."""

    hearing: HearingId | None = None
    data: DataClass
    items: int
    bytes: int = 0


class RetentionReport(Value):
    """What a run removed, or would have."""

    is_dry_run: bool
    removed: tuple[Removal, ...] = ()
    held: tuple[HearingId, ...] = ()
    """Under a legal hold, or whose orders can't be read: nothing of theirs was touched."""
    altered: tuple[str, ...] = ()
    failed: tuple[HearingId, ...] = ()


class RetentionBusy(Exception):
    """Another run is under way, in this process or another."""


class Destroyer(Protocol):
    """Removes what is due of hearings' records."""

    def alone(self) -> AbstractContextManager[None]:
        """One run at a time. Raises RetentionBusy."""
        ...

    async def destroy(
        self, hearing_id: HearingId, rule: Rule, is_held: Callable[[], bool], *, dry_run: bool
    ) -> Destruction:
        """Remove, tombstone first; what an interrupted run left is finished. Only of sealed records.

        `is_held` is asked before each file. Raises OSError, ValueError.
        """
        ...

    async def tombstones(self, hearing_id: HearingId) -> Sequence[Tombstone]:
        """Raises OSError, ValueError where they aren't as the court signed them."""
        ...


class AgingShelf(Protocol):
    """A shelf of things by hearing that are destroyed when nothing was added to them for some days."""

    async def destroy_older_than(
        self, oldest: datetime, spared: frozenset[HearingId], *, dry_run: bool
    ) -> Mapping[HearingId, int]:
        """How many items of which hearing were destroyed, or would be. Raises OSError."""
        ...
