"""The files of a record against what the manifest and the log say of them."""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from media.verifier.bundle import Bundle
from media.verifier.findings import ALTERED, MISSING, OK, FileFinding, FileState

_FORMAT = "cloudcourt-recording/1"
_NAME = re.compile(r"composite\.mp4|tracks/[A-Za-z0-9][A-Za-z0-9_-]{0,119}\.(webm|mkv|ogg)")
# What belongs to a record by its name, and so must be listed.
_RECORD = re.compile(r"(tracks/)?[^/]*\.(webm|mkv|ogg|mp4)|journal/.*|record\.log\.torn-.*")
_PIECE_BYTES = 1 << 20
OnProgress = Callable[[float, str], None]


@dataclass(frozen=True)
class Listed:
    """What is said of one file. `chunks`: from_s, offset, length, sha256; without any, the file begins at `began_s`."""

    file: str
    size: int
    sha256: str
    chunks: tuple[tuple[float, int, int, str], ...] = ()
    began_s: float | None = None


class NoManifest(Exception):
    """The manifest can't be used; its text says why."""


def read_manifest(content: bytes | None) -> tuple[dict[str, Any], tuple[Listed, ...]]:
    """The manifest and the media files that it lists. Raises NoManifest."""
    if content is None:
        raise NoManifest("there is no manifest.json")
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        raise NoManifest("manifest.json can't be read") from None
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise NoManifest(f"manifest.json is not in the format {_FORMAT}")
    if manifest.get("sealed") is not True:
        raise NoManifest("the manifest is not sealed: the hearing is not over, or its record is not finished")
    try:
        films = [manifest["film"]] if manifest["film"]["file"] is not None else []
        return manifest, tuple(listed_entry(entry) for entry in [*manifest["tracks"], *films])
    except (KeyError, TypeError, ValueError):
        raise NoManifest("manifest.json is damaged") from None


def listed_entry(entry: dict[str, Any]) -> Listed:
    """What an entry says of a media file and its seconds. Raises KeyError, TypeError, ValueError."""
    chunks = tuple((float(c["from_s"]), int(c["offset"]), int(c["length"]), str(c["sha256"])) for c in entry["chunks"])
    check_chunks(chunks, entry["bytes"])
    if not _NAME.fullmatch(entry["file"]):
        raise ValueError("it is no file of a record")
    return Listed(entry["file"], entry["bytes"], str(entry["sha256"]), chunks)


def check_chunks(chunks: tuple[tuple[float, int, int, str], ...], size: int) -> None:
    """Raises ValueError for chunks that don't follow each other from a file's first byte to its last, TypeError."""
    end = 0
    for _, offset, length, _ in chunks:
        if offset != end or length <= 0:
            raise ValueError("chunks must follow each other")
        end += length
    if end != int(size):
        raise ValueError("chunks must cover the file")


def examine(bundle: Bundle, listed: list[Listed], known: set[str], tell: OnProgress | None) -> list[FileFinding]:
    """Compare files with what is said of them; a part of the record that nobody speaks of is no part of it."""
    total, done = max(1, sum(entry.size for entry in listed)), 0

    def read(count: int, file: str) -> None:
        nonlocal done
        done += count
        if tell is not None:
            tell(min(1.0, done / total), file)

    found = [_examined(bundle, entry, read) for entry in listed]
    known |= {entry.file for entry in listed}
    strangers = sorted(name for name in bundle.names - known if _RECORD.fullmatch(name))
    return found + [FileFinding(name, FileState.UNLISTED) for name in strangers]


def _examined(bundle: Bundle, entry: Listed, read: Callable[[int, str], None]) -> FileFinding:
    if entry.file not in bundle.names:
        read(entry.size, entry.file)
        return FileFinding(entry.file, MISSING)
    digest = hashlib.sha256()
    places: list[float | None] = [from_s for from_s, _, _, _ in entry.chunks] or [entry.began_s]
    try:
        with bundle.open(entry.file) as file:
            for from_s, _, length, sha256 in entry.chunks:
                part = hashlib.sha256()
                for piece in _pieces(file, length):
                    part.update(piece)
                    digest.update(piece)
                    read(len(piece), entry.file)
                if part.hexdigest() != sha256:
                    return FileFinding(entry.file, ALTERED, from_s)
            for piece in _pieces(file, 1 << 62):
                digest.update(piece)
                read(len(piece), entry.file)
    except (OSError, ValueError, zipfile.BadZipFile):
        return FileFinding(entry.file, ALTERED, places[0], detail="it can't be read to its end")
    is_good = digest.hexdigest() == entry.sha256
    # All chunks are good: what was added stands behind the last one.
    return FileFinding(entry.file, OK) if is_good else FileFinding(entry.file, ALTERED, places[-1])


def _pieces(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length and (piece := file.read(min(length, _PIECE_BYTES))):
        yield piece
        length -= len(piece)
