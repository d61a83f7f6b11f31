"""The record's description: what was written, when, by whom, with which hashes. Values only."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from cloudcourt.domain.hearing import Gap
from cloudcourt.domain.ids import HearingId, ParticipantId, TrackId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import MediaKind
from cloudcourt.domain.value import Value


class Span(Value):
    """A stretch of the hearing that is on the record. `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None = None


class Seat(Value):
    """One person's place in the picture, in seating order."""

    participant_id: ParticipantId
    role: Role
    name: str


class Chunk(Value):
    """A run of a file's bytes with its hash; `from_s` is the media second at which it starts."""

    from_s: float
    offset: int
    length: int
    sha256: str


class TrackEntry(Value):
    """One contiguous file of one person's sound or picture.

    `started_at` is the wall-clock time of the first sample. `torn` marks a file that a crash ended; it plays
    up to its last flushed cluster.
    """

    track_id: TrackId
    participant_id: ParticipantId
    role: Role
    name: str
    kind: MediaKind
    codec: Literal["opus", "vp8", "h264"]
    file: str
    """Path below the hearing's folder, with forward slashes."""
    started_at: datetime
    duration_s: float
    bytes: int
    torn: bool = False
    recovered: bool = False
    """True for the whole file that was made from the journal in place of a torn one; the torn one is kept."""
    sha256: str | None = None
    """None while the track is still being written."""
    chunks: tuple[Chunk, ...] = ()


class SegmentClosed(Value):
    """One closed stretch of one track's journal: at most 10 s, on the disk, never written again.

    `packets` were written, `lost` were awaited and never came. A `recovered` segment was closed by the next start
    after a crash.
    """

    track_id: TrackId
    participant_id: ParticipantId
    kind: MediaKind
    codec: Literal["opus", "vp8", "h264"]
    number: int
    """Counts from 1 within the track."""
    file: str
    """Path below the hearing's folder, with forward slashes."""
    began_at: datetime
    ended_at: datetime
    bytes: int
    sha256: str
    packets: int
    lost: int
    reason: Literal["time", "phase", "gap", "end", "recovered"]


class FilmState(StrEnum):
    NONE = "none"
    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class Film(Value):
    """The composite MP4. `progress` runs from 0 to 1 while it is made."""

    state: FilmState = FilmState.NONE
    progress: float = 0.0
    file: str | None = None
    bytes: int = 0
    duration_s: float = 0.0
    sha256: str | None = None
    chunks: tuple[Chunk, ...] = ()


class Manifest(Value):
    """`GET /api/hearings/{id}/recording` and `manifest.json` in the hearing's folder."""

    format: Literal["cloudcourt-recording/1"] = "cloudcourt-recording/1"
    hearing_id: HearingId
    case_number: str
    cause: str
    sealed: bool
    """True once the hearing is over and every file below carries its hash."""
    log: Literal["record.log"] | None = None
    """The log that belongs to the record: without it something was taken away. None before there is one."""
    opened_at: datetime | None
    ended_at: datetime | None
    seats: tuple[Seat, ...]
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    tracks: tuple[TrackEntry, ...]
    film: Film


class RecorderState(StrEnum):
    OFF = "off"
    WRITING = "writing"
    STALLED = "stalled"


class DiskState(StrEnum):
    OK = "ok"
    LOW = "low"
    CRITICAL = "critical"


class DiskSpace(Value):
    """Room for the record: LOW below a tenth of the disk, CRITICAL below 3 % and where pictures are no longer kept."""

    free_bytes: int
    state: DiskState


class RecorderHealth(Value):
    """Truth about the recorder: bytes that are on the disk, never what somebody intended."""

    state: RecorderState
    bytes_written: int
    """Of the journal, synced to disk since the hearing opened."""
    bytes_last_5s: int
    reason: str = ""
    keeps_pictures: bool = True
    """False while the disk is so full that only sound is written."""
    disk: DiskSpace | None = None
    """None until the disk was looked at."""


class Readiness(Value):
    """Whether the recorder proved that it can write. `reason`: `disk_full`, `not_writable`, ..."""

    ready: bool
    reason: str = ""
