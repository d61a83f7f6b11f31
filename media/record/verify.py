"""Checks an exported record against its manifest, offline, with the standard library alone.

It finds what was changed after the manifest was sealed: every file is hashed, and of an altered one the first bad
second is named. Who sealed the manifest is another question, which a signature would answer.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

_FORMAT = "cloudcourt-recording/1"
_NAME = re.compile(r"composite\.mp4|tracks/[A-Za-z0-9][A-Za-z0-9_-]{0,119}\.(webm|mkv|ogg)")
_MEDIA_SUFFIXES = (".webm", ".mkv", ".ogg", ".mp4")
_PIECE_BYTES = 1 << 20
OnProgress = Callable[[float, str], None]


class FileState(StrEnum):
    OK = "ok"
    MISSING = "missing"
    ALTERED = "altered"
    UNLISTED = "unlisted"


@dataclass(frozen=True)
class FileFinding:
    """What became of one file. `first_bad_s` is the media second at which an altered file first differs."""

    file: str
    state: FileState
    first_bad_s: float | None = None


@dataclass(frozen=True)
class Findings:
    """The verdict on a record. `cannot_judge` says why nothing could be compared; empty otherwise."""

    files: tuple[FileFinding, ...] = ()
    cannot_judge: str = ""

    @property
    def exit_code(self) -> int:
        """0 intact, 1 tampered, 2 incomplete, 3 cannot judge."""
        states = {finding.state for finding in self.files}
        if self.cannot_judge:
            return 3
        if states & {FileState.ALTERED, FileState.UNLISTED}:
            return 1
        return 2 if FileState.MISSING in states else 0


@dataclass(frozen=True)
class _Listed:
    file: str
    size: int
    sha256: str
    chunks: tuple[tuple[float, int, int, str], ...]
    """from_s, offset, length, sha256"""


class _NoManifest(Exception):
    """The manifest can't be used; its text says why."""


def verify_folder(path: Path, on_progress: OnProgress | None = None) -> Findings:
    """Compare a hearing's folder with the `manifest.json` in it. Never raises for what the folder holds."""
    try:
        listed = _read_manifest(path / "manifest.json")
    except _NoManifest as why:
        return Findings(cannot_judge=str(why))
    progress = _Progress(sum(entry.size for entry in listed), on_progress)
    found = [_examine(path, entry, progress) for entry in listed]
    known = {entry.file for entry in listed}
    found += [FileFinding(name, FileState.UNLISTED) for name in _media_on_disk(path) if name not in known]
    return Findings(files=tuple(found))


def render(findings: Findings) -> str:
    """The findings as lines for a person: one per file, the verdict last."""
    if findings.cannot_judge:
        return f"cannot judge: {findings.cannot_judge}"
    lines = [_line(finding) for finding in findings.files]
    bad = sum(finding.state is not FileState.OK for finding in findings.files)
    verdict = {0: "intact", 1: "TAMPERED", 2: "INCOMPLETE"}[findings.exit_code]
    lines.append(f"{verdict}: {len(findings.files)} files, {bad} with findings")
    return "\n".join(lines)


def _line(finding: FileFinding) -> str:
    where = ""
    if finding.first_bad_s is not None:
        minutes, seconds = divmod(int(finding.first_bad_s), 60)
        where = f", first bad second {finding.first_bad_s:g} ({minutes // 60:02}:{minutes % 60:02}:{seconds:02})"
    return f"{finding.state:9} {finding.file}{where}"


class _Progress:
    def __init__(self, total: int, on_progress: OnProgress | None) -> None:
        self._total = max(1, total)
        self._done = 0
        self._tell = on_progress

    def add(self, count: int, file: str) -> None:
        self._done += count
        if self._tell is not None:
            self._tell(min(1.0, self._done / self._total), file)


def _read_manifest(path: Path) -> tuple[_Listed, ...]:
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise _NoManifest("there is no manifest.json") from None
    except (OSError, ValueError, RecursionError):
        raise _NoManifest("manifest.json can't be read") from None
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise _NoManifest(f"manifest.json is not in the format {_FORMAT}")
    if manifest.get("sealed") is not True:
        raise _NoManifest("the manifest is not sealed: the hearing is not over, or its record is not finished")
    try:
        entries = list(manifest["tracks"])
        if manifest["film"]["file"] is not None:
            entries.append(manifest["film"])
        return tuple(_listed(entry) for entry in entries)
    except (KeyError, TypeError, ValueError):
        raise _NoManifest("manifest.json is damaged") from None


def _listed(entry: dict[str, Any]) -> _Listed:
    chunks = tuple((float(c["from_s"]), int(c["offset"]), int(c["length"]), str(c["sha256"])) for c in entry["chunks"])
    listed = _Listed(str(entry["file"]), int(entry["bytes"]), str(entry["sha256"]), chunks)
    end = 0
    for _, offset, length, _ in chunks:
        if offset != end or length <= 0:
            raise ValueError("chunks must follow each other")
        end += length
    if end != listed.size or not _NAME.fullmatch(listed.file):
        raise ValueError("chunks must cover a file of the record")
    return listed


def _examine(folder: Path, entry: _Listed, progress: _Progress) -> FileFinding:
    path = folder / entry.file
    try:
        if not path.is_file():
            progress.add(entry.size, entry.file)
            return FileFinding(entry.file, FileState.MISSING)
        digest, first_bad_s = _compare(path, entry, progress)
    except OSError:
        return FileFinding(entry.file, FileState.ALTERED, 0.0)
    if first_bad_s is not None or digest != entry.sha256:
        return FileFinding(entry.file, FileState.ALTERED, first_bad_s)
    return FileFinding(entry.file, FileState.OK)


def _compare(path: Path, entry: _Listed, progress: _Progress) -> tuple[str, float | None]:
    whole = hashlib.sha256()
    first_bad_s: float | None = None
    last_s = 0.0
    with path.open("rb") as file:
        for from_s, _, length, sha256 in entry.chunks:
            part = hashlib.sha256()
            for piece in _pieces(file.read, length):
                part.update(piece)
                whole.update(piece)
                progress.add(len(piece), entry.file)
            if first_bad_s is None and part.hexdigest() != sha256:
                first_bad_s = from_s
            last_s = from_s
        if first_bad_s is None and file.read(1):
            first_bad_s = last_s  # something was added behind the end
    return whole.hexdigest(), first_bad_s


def _pieces(read: Callable[[int], bytes], length: int) -> Iterator[bytes]:
    while length and (piece := read(min(length, _PIECE_BYTES))):
        yield piece
        length -= len(piece)


def _media_on_disk(folder: Path) -> list[str]:
    found = [folder / "composite.mp4", *(folder / "tracks").glob("*")]
    names = [path.relative_to(folder).as_posix() for path in found if path.is_file()]
    return sorted(name for name in names if name.endswith(_MEDIA_SUFFIXES))
