"""Where a hearing's record lies: `{data_dir}/hearings/{hearing_id}/` with `journal/` and `tracks/` below it."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from cloudcourt.domain.ids import HearingId

TRACKS = "tracks"
JOURNAL = "journal"
FILM = "composite.mp4"
PROGRAM = "film"
"""The film in pieces, while it is made."""
MANIFEST = "manifest.json"
HEARING = "hearing.json"
SLATE = "slate.bin"
RESERVE = "reserve.bin"

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
TRACK_FILE = re.compile(r"tracks/[A-Za-z0-9][A-Za-z0-9_-]{0,119}\.(webm|mkv|ogg)")
SEGMENT_FILE = re.compile(r"(\d{6,})_\d{8}T\d{6}Z(\.recovered)?\.cj")


def hearing_folder(data_dir: Path, hearing_id: HearingId) -> Path:
    """The folder of one hearing's record. Raises ValueError for an id that could leave `data_dir`."""
    if not SAFE_ID.fullmatch(hearing_id):
        raise ValueError("a hearing id is letters, digits, - and _")
    return data_dir / "hearings" / hearing_id


def last_written_at(folder: Path) -> datetime | None:
    """When the newest byte of any track of a hearing's folder reached the disk."""
    tracks = [path for path in (folder / TRACKS).glob("*") if TRACK_FILE.fullmatch(f"{TRACKS}/{path.name}")]
    found = [path.lstat() for path in (*tracks, *journal_segments(folder))]
    times_ns = [stat.st_mtime_ns for stat in found if S_ISREG(stat.st_mode) and stat.st_size]
    return datetime.fromtimestamp(max(times_ns) / 1e9, UTC) if times_ns else None


def journal_segments(folder: Path) -> list[Path]:
    """Every segment that a recorder wrote, in order of track and number; the recovered copies of torn ones are not."""
    found = (path for path in (folder / JOURNAL).glob("*/*.cj") if SEGMENT_FILE.fullmatch(path.name))
    return sorted(path for path in found if not path.name.endswith(".recovered.cj"))


def journal_numbers(track_folder: Path) -> list[int]:
    """The numbers of the segments in one track's folder."""
    names = (SEGMENT_FILE.fullmatch(path.name) for path in track_folder.iterdir())
    return [int(name[1]) for name in names if name is not None]


def write_atomically(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Replace `path` as a whole: readers see the old or the new content. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new and renamed names in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
