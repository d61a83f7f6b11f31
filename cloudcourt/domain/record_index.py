"""The record room's index: which hearings left a record, and finding one again."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cloudcourt.domain.case import PersonEntry
from cloudcourt.domain.hearing import SessionState
from cloudcourt.domain.ids import CaseId, HearingId
from cloudcourt.domain.recording import FilmState
from cloudcourt.domain.value import Value

PAGE_LENGTH = 20


class RecordFilter(StrEnum):
    SEALED = "sealed"
    UNSEALED = "unsealed"
    FILM_READY = "film_ready"
    HAS_FAULTS = "has_faults"


class RecordSearch(Value):
    """What is looked for. `words` stand in the case number, the cause or a person's name; times are of the opening."""

    words: str = ""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    state: RecordFilter | None = None
    case_id: CaseId | None = None
    """Only hearings of this case."""
    page: int = 1


class RecordCard(Value):
    """One hearing's record in a list. Derived from the log and the files, which are the truth."""

    hearing_id: HearingId
    case_number: str
    cause: str
    people: tuple[PersonEntry, ...]
    session: SessionState
    opened_at: datetime
    ended_at: datetime | None
    faults: int
    """How often the record was interrupted."""
    film: FilmState
    is_sealed: bool


class RecordPage(Value):
    """One page of what was found, the latest opening first."""

    records: tuple[RecordCard, ...]
    total: int
    page: int
    pages: int


class RecordIndex(Protocol):
    """The list's copy of every record. What the log tells is indexed with the log, in the same transaction."""

    async def search(self, asked: RecordSearch) -> RecordPage: ...

    async def note_files(self, hearing_id: HearingId, *, film: FilmState, is_sealed: bool) -> None:
        """What the record room knows of it; nothing happens for a hearing that was never opened."""
        ...

    async def unsettled(self) -> tuple[HearingId, ...]:
        """Ended hearings of which it isn't known that they are sealed with a film."""
        ...
