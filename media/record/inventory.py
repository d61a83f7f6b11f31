"""Measures a hearing's media files: size, hash, duration, and a hash for every second of media.

`python -m media.record.inventory FOLDER [NAME ...]` does so in a process of its own, niced, and prints one JSON line.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import av

from cloudcourt.domain.recording import Chunk
from cloudcourt.domain.value import Value
from media.record.folders import FILM, TRACK_FILE, TRACKS

_PIECE_BYTES = 1 << 20


class FileFacts(Value):
    """What a media file holds, from its bytes alone."""

    bytes: int
    duration_s: float
    sha256: str
    chunks: tuple[Chunk, ...]


def media_duration_s(path: Path) -> float:
    """Seconds from the file's time zero to the end of its last packet; 0 when nothing in it can be read."""
    return _walk(path)[1]


def measure(path: Path) -> FileFacts:
    """Read the whole file. Raises OSError."""
    seconds, duration_s = _walk(path)
    whole = hashlib.sha256()
    chunks = []
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        bounds = [(offset, from_s) for offset, from_s in seconds if offset < size]
        bounds = [(0, bounds[0][1] if bounds else 0.0), *bounds[1:]] if size else []
        for number, (offset, from_s) in enumerate(bounds):
            end = bounds[number + 1][0] if number + 1 < len(bounds) else size
            part = hashlib.sha256()
            left = end - offset
            while left and (piece := file.read(min(left, _PIECE_BYTES))):
                part.update(piece)
                whole.update(piece)
                left -= len(piece)
            chunks.append(Chunk(from_s=from_s, offset=offset, length=end - offset, sha256=part.hexdigest()))
    return FileFacts(bytes=size, duration_s=duration_s, sha256=whole.hexdigest(), chunks=tuple(chunks))


def _walk(path: Path) -> tuple[list[tuple[int, float]], float]:
    """(offset, second) where each media second begins, and the duration; stops where the file is torn."""
    seconds: list[tuple[int, float]] = []
    duration_s = 0.0
    try:
        with av.open(path) as container:
            for packet in container.demux():
                if packet.pts is None or packet.pos is None or packet.time_base is None:
                    continue
                at_s = max(0.0, float(packet.pts * packet.time_base))
                duration_s = max(duration_s, at_s + float((packet.duration or 0) * packet.time_base))
                is_later = not seconds or (int(at_s) > seconds[-1][1] and packet.pos > seconds[-1][0])
                if is_later and packet.pos >= 0:
                    seconds.append((packet.pos, float(int(at_s))))
    except (OSError, av.FFmpegError, ValueError):
        pass  # a torn end; what was read so far counts
    return seconds, duration_s


def media_files(folder: Path) -> tuple[str, ...]:
    """Every media file below a hearing's folder, tracks first, as relative names."""
    tracks = sorted(f"{TRACKS}/{path.name}" for path in (folder / TRACKS).glob("*") if path.is_file())
    found = [name for name in tracks if TRACK_FILE.fullmatch(name)]
    if (folder / FILM).is_file():
        found.append(FILM)
    return tuple(found)


def main() -> None:
    """Print `{"files": {name: FileFacts}}` of all media files, or of those named."""
    os.nice(10)
    folder = Path(sys.argv[1])
    names = sys.argv[2:] or media_files(folder)
    found = {name: measure(folder / name).model_dump(mode="json") for name in names}
    sys.stdout.write(json.dumps({"files": found}) + "\n")


if __name__ == "__main__":
    main()
