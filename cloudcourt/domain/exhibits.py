"""Exhibits (证据): what was handed in, each side's opinion of it, and what stands before the court. Values only."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

VERSIONS_LIMIT = 60
"""Files that one person may hand in at one hearing."""
TITLE_CHARS_LIMIT = 80

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ExhibitNumber = Annotated[int, Field(ge=1, le=10_000)]


class ExhibitKind(StrEnum):
    PDF = "pdf"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


PLAYED = frozenset({ExhibitKind.AUDIO, ExhibitKind.VIDEO})
"""Kinds that run in time; the others have pages."""


class ExhibitFile(Value):
    """A file as it was received. It is kept under its hash, so it can't be overwritten."""

    kind: ExhibitKind
    media_type: str
    suffix: str
    """Of its name in the record, without the dot."""
    bytes: int
    sha256: str
    pages: int
    """Page pictures there are of it; a film has one of its first picture, a sound none."""

    @property
    def name(self) -> str:
        """Path below the hearing's folder."""
        return f"exhibits/{self.sha256}.{self.suffix}"

    def page_name(self, page: int) -> str:
        """Path of a page's picture below the hearing's folder; pages count from 1."""
        return f"exhibits/{self.sha256}-{page:04d}.jpg"


class ExhibitVersion(Value):
    """One file of an exhibit. Versions are only ever added."""

    number: int
    file: ExhibitFile
    by: ParticipantId
    at: datetime
    is_original: bool = False
    """The original, shown to the court's camera in the session."""
    stated_sha256: str | None = None
    """What the person says that its SHA-256 is, as a deposit of evidence (存证) shows it."""


class Opinion(Value):
    """What one person says of an exhibit (质证意见): true is accepted, false is objected to."""

    participant_id: ParticipantId
    at: datetime
    authenticity: bool
    legality: bool
    relevance: bool
    demands_original: bool = False
    reason: str = ""


class Exhibit(Value):
    """A numbered exhibit. Its owner and title are fixed at receipt."""

    number: int
    owner: ParticipantId
    title: str
    versions: tuple[ExhibitVersion, ...]
    opinions: tuple[Opinion, ...] = ()
    """The latest of each person; earlier ones stand in the log."""
    original_required: bool = False
    """Somebody objected to the copy (OLR 12, 13), and the original has not been shown since."""

    def version(self, number: int) -> ExhibitVersion | None:
        return next((version for version in self.versions if version.number == number), None)


class Showing(Value):
    """What stands before the court now."""

    exhibit: int
    version: int
    page: int
    by: ParticipantId
    is_playing: bool = False
    position_ms: int = 0
    """Where a sound or a film stood at `moved_at`."""
    moved_at: datetime


class PageShown(Value):
    """A span in which one page stood before the court. `ended_at` is None while it lasts."""

    exhibit: int
    version: int
    page: int
    began_at: datetime
    ended_at: datetime | None = None


class ScreenShown(Value):
    """A span in which the court was shown this person's screen. `ended_at` is None while it lasts."""

    participant_id: ParticipantId
    began_at: datetime
    ended_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """True while it is shown."""
        return self.began_at <= at and (self.ended_at is None or at < self.ended_at)


class Exhibits(Value):
    """Everything of a hearing about exhibits."""

    all: tuple[Exhibit, ...] = ()
    presenters: tuple[ParticipantId, ...] = ()
    """Who may present although their role doesn't say so."""
    showing: Showing | None = None
    shown: tuple[PageShown, ...] = ()
    screens: tuple[ScreenShown, ...] = ()
    exchange_ends_at: datetime | None = None
    """Until then parties hand in; None while no end is set (OLR 14)."""

    @property
    def screen(self) -> ParticipantId | None:
        """Whose screen is shared with the court; a page that is shown goes first."""
        last = self.screens[-1] if self.screens else None
        return last.participant_id if last is not None and last.ended_at is None else None

    def get(self, number: int) -> Exhibit | None:
        return next((exhibit for exhibit in self.all if exhibit.number == number), None)

    @property
    def files(self) -> tuple[ExhibitFile, ...]:
        """Every file once, in the order of receipt."""
        return tuple({v.file.sha256: v.file for exhibit in self.all for v in exhibit.versions}.values())
