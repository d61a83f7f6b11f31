"""What is known of a track beside its bytes: `tracks/{track_id}.json`."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from cloudcourt.domain.ids import ParticipantId, TrackId
from cloudcourt.domain.routing import LineKind, MediaKind
from cloudcourt.domain.value import Value
from media.record.folders import TRACKS, write_atomically

ContainerExt = Literal["webm", "mkv", "ogg"]


class Sidecar(Value):
    """One track's description. `closed` false means: still being written, or torn by a crash."""

    track_id: TrackId
    participant_id: ParticipantId
    kind: MediaKind
    codec: Literal["opus", "vp8", "h264"]
    file: str
    """Path below the hearing's folder."""
    started_at: datetime
    started_at_from: Literal["arrival", "sender_report"]
    width: int | None = None
    height: int | None = None
    closed: bool = False
    last_sync_at: datetime | None = None
    duration_s: float = 0.0
    alive_at: datetime
    """When the writer last held the file open: tells a track in progress from one that a crash tore."""
    journal_from: int | None = None
    """The segment of the journal that was being written when the file was begun."""
    shows: Literal["person", "screen"] = "person"
    """Of a picture: who sends it, or what they show of their screen."""
    recovered: bool = False
    """True for a file made from the journal in place of one that a crash tore."""
    recovered_as: TrackId | None = None
    """Of a torn file: the one made in its place."""

    @property
    def line(self) -> LineKind:
        """On which of the person's lines it came."""
        return "screen" if self.shows == "screen" else self.kind


def sidecar_path(folder: Path, track_id: TrackId) -> Path:
    """Where a track's description lies in the hearing's folder."""
    return folder / TRACKS / f"{track_id}.json"


def write_sidecar(folder: Path, sidecar: Sidecar, *, durable: bool) -> None:
    """Store the sidecar in the hearing's folder. Raises OSError."""
    write_atomically(
        sidecar_path(folder, sidecar.track_id), sidecar.model_dump_json(indent=1).encode(), durable=durable
    )


def read_sidecars(folder: Path) -> tuple[Sidecar, ...]:
    """Every readable sidecar of a hearing whose media file is there, in order of track id: what there is to play.

    A torn file is left out once there is a whole one in its place.
    """
    return tuple(sidecar for sidecar in read_all_sidecars(folder) if sidecar.recovered_as is None)


def read_all_sidecars(folder: Path) -> tuple[Sidecar, ...]:
    """The same, with torn files that were replaced: they are kept as they are."""
    found = []
    for path in sorted((folder / TRACKS).glob("*.json")):
        try:
            sidecar = Sidecar.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            continue
        if (folder / sidecar.file).is_file():
            found.append(sidecar)
    return tuple(found)
