"""Who listens to a record and who takes a copy of it away, why, and how much they were given (REC 10, 11)."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, StringConstraints, model_validator

from cloudcourt.domain.case import printable
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.value import Value

Line = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), AfterValidator(printable)]
RecipientName = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True), AfterValidator(printable)]
FileName = Annotated[str, StringConstraints(max_length=130)]

REDACTED_COPY = re.compile(r"redacted/([0-9]{4})\.zip")


class Subject(StrEnum):
    """What of a record is taken."""

    FILM = "film"
    TRACK = "track"
    BUNDLE = "bundle"  # everything, with its proofs, as one zip
    REDACTED = "redacted"  # a copy with something taken out, and its proof, as one zip


class Purpose(StrEnum):
    """What a copy is for."""

    CASE_FILE = "case_file"  # 归档
    JUDGMENT = "judgment"  # 撰写裁判文书
    TRANSCRIPT = "transcript"  # 核对笔录
    APPEAL = "appeal"  # 移送上诉、再审
    PARTY_REQUEST = "party_request"  # 当事人申请复制
    SUPERVISION = "supervision"  # 审判监督、检查
    OTHER = "other"


class CopyWish(Value):
    """What a person wants to take away; `is_marked` burns number and recipient into a film.

    `file` names a track, or a redacted copy by its number: `redacted/0001.zip`.
    """

    subject: Subject
    file: FileName = ""
    purpose: Purpose
    reason: Line = ""
    is_marked: bool = False
    recipient: RecipientName = ""

    @property
    def redaction(self) -> int:
        """The number of the redacted copy; 0 for anything else."""
        named = REDACTED_COPY.fullmatch(self.file)
        return int(named[1]) if named else 0

    @model_validator(mode="after")
    def _fits(self) -> "CopyWish":
        if (self.subject in (Subject.TRACK, Subject.REDACTED)) != bool(self.file):
            raise ValueError("a track or a redacted copy, and nothing else, is named by its file")
        if (self.subject is Subject.REDACTED) != (REDACTED_COPY.fullmatch(self.file) is not None):
            raise ValueError("a redacted copy is named by its number")
        if self.purpose is Purpose.OTHER and not self.reason:
            raise ValueError("another purpose needs a reason in words")
        if self.is_marked and (self.subject is not Subject.FILM or not self.recipient):
            raise ValueError("a mark names its recipient, and only a film can be marked")
        return self


class Download(CopyWish):
    """A wish that was granted: the court's copy `number` of this hearing, for one person, until `expires_at`."""

    id: str
    hearing_id: HearingId
    number: int
    at: datetime
    expires_at: datetime
    who: str
    """`staff:NAME` or `participant:ID`."""
    name: str


class AccessEntry(Value):
    """One opening of a recording. `range_from` is the first byte asked for."""

    at: datetime
    hearing_id: HearingId
    who: str
    """`staff:NAME` or `participant:ID`."""
    name: str
    file: str
    range_from: int
    download_id: str | None = None
    """None where nothing was taken away: the record was played."""
    number: int | None = None
    purpose: Purpose | None = None
    reason: str = ""
    recipient: str = ""
    bytes: int = 0
    """Handed to the network since, over all that followed this opening."""
    is_complete: bool = False
    """True once the file's last byte went out."""


class AccessLog(Protocol):
    """Who opened which part of the record, and when. Append-only."""

    async def note(self, entry: AccessEntry) -> int:
        """The row's number. When this returns, the row survives a power cut."""
        ...

    async def note_served(self, row: int, *, at: datetime, bytes_sent: int, is_complete: bool) -> None:
        """Add to a row what went out because of it."""
        ...

    async def entries(self, hearing_id: HearingId) -> tuple[AccessEntry, ...]:
        """In the order they were noted, with what each copy was for."""
        ...

    async def grant(
        self, hearing_id: HearingId, wish: CopyWish, *, who: str, name: str, at: datetime, expires_at: datetime
    ) -> Download:
        """Number and keep a download. Nothing of it can be changed later."""
        ...

    async def download(self, download_id: str) -> Download:
        """Raises NotFound."""
        ...


class CopyState(Value):
    """How far a copy that has to be made is. `reason`: `disk_full`, `not_sealed`, `no_film`, `failed`."""

    state: Literal["making", "ready", "failed"]
    progress: float = 0.0
    bytes: int = 0
    reason: str = ""


class CopyRoom(Protocol):
    """Makes copies beside the record, never in it: marked films and zips of everything."""

    async def prepare(self, download: Download, mark: Sequence[str]) -> CopyState:
        """Begin to make it unless it is there or under way; `mark` is what a film is marked with. Idempotent."""
        ...

    def file(self, download: Download) -> PurePath | None:
        """Where it is, once it is ready."""
        ...
