"""Reads the program stream of a running hearing from its `film/` folder, while the film maker writes it.

The files are described in `docs/architecture.md`. Whoever asks names a hearing and a number, never a path.
"""

import json
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final, NamedTuple

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.program import ProgramChunk, ProgramIndex
from media.record.folders import PROGRAM, SAFE_ID, hearing_folder

INIT: Final = "init.mp4"
INDEX: Final = "film.jsonl"
_FORMAT: Final = "cloudcourt-program/1"
_LARGEST_NUMBER: Final = 999_999
_HEARINGS_KEPT: Final = 64
_HEAD_FIELDS: Final = frozenset({"codecs", "width", "height"})
_CHUNK_FIELDS: Final = frozenset(ProgramChunk.model_fields)


class _Read(NamedTuple):
    """How far one index file was read."""

    inode: int
    offset: int
    found: ProgramIndex | None


_NOTHING_READ: Final = _Read(0, 0, None)


class FolderProgram:
    """The Program port on a plain folder. An index is read on from where it was left."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._kept: OrderedDict[HearingId, _Read] = OrderedDict()

    def index(self, hearing_id: HearingId) -> ProgramIndex | None:
        """What is finished so far; None where there is no program stream."""
        path = self._path(hearing_id, INDEX)
        if path is None:
            self._kept.pop(hearing_id, None)
            return None
        read = _read_on(path, self._kept.get(hearing_id, _NOTHING_READ))
        self._kept[hearing_id] = read
        self._kept.move_to_end(hearing_id)
        if len(self._kept) > _HEARINGS_KEPT:
            self._kept.popitem(last=False)
        return read.found

    def init(self, hearing_id: HearingId) -> Path | None:
        """What a player needs before any chunk."""
        return self._path(hearing_id, INIT)

    def chunk(self, hearing_id: HearingId, number: int) -> Path | None:
        """One chunk's file; None when there is no such chunk, or not any more."""
        return self._path(hearing_id, chunk_name(number)) if 1 <= number <= _LARGEST_NUMBER else None

    def _path(self, hearing_id: HearingId, name: str) -> Path | None:
        if not SAFE_ID.fullmatch(hearing_id):
            return None
        path = hearing_folder(self._data_dir, hearing_id) / PROGRAM / name
        try:
            is_ours = path.resolve(strict=True) == self._data_dir.resolve(strict=True).joinpath(
                "hearings", hearing_id, PROGRAM, name
            )
        except OSError:
            return None
        return path if is_ours and path.is_file() else None


def chunk_name(number: int) -> str:
    """The file name of a chunk."""
    return f"chunk-{number:06}.m4s"


def _read_on(path: Path, before: _Read) -> _Read:
    """Take what was added since; a new or a shorter file is read from its begin."""
    try:
        with path.open("rb") as file:
            stat = path.stat()
            if stat.st_ino != before.inode or stat.st_size < before.offset:
                before = _Read(stat.st_ino, 0, None)
            file.seek(before.offset)
            lines, _, rest = file.read().rpartition(b"\n")
            ends = file.tell() - len(rest)
    except OSError:
        return _NOTHING_READ
    if not lines:
        return before
    fresh = lines.split(b"\n")
    index = before.found if before.found is not None else _head(fresh.pop(0))
    if index is not None:
        chunks = [chunk for line in fresh if (chunk := _chunk(line)) is not None]
        index = index.model_copy(update={"chunks": (*index.chunks, *chunks)})
    return _Read(before.inode, ends, index)


def _head(line: bytes) -> ProgramIndex | None:
    """The index's first line; None for a format that isn't known here."""
    try:
        fields: dict[str, Any] = json.loads(line)
        return _index(fields) if fields["format"] == _FORMAT else None
    except (ValueError, KeyError, TypeError):
        return None


def _index(fields: dict[str, Any]) -> ProgramIndex:
    return ProgramIndex.model_validate({name: fields[name] for name in _HEAD_FIELDS})


def _chunk(line: bytes) -> ProgramChunk | None:
    """One chunk's line; None when it can't be read."""
    try:
        fields: dict[str, Any] = json.loads(line)
        return ProgramChunk.model_validate({name: fields[name] for name in _CHUNK_FIELDS})
    except (ValueError, KeyError, TypeError):
        return None
