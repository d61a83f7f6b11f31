"""Follows one track's journal as it is written, segment after segment."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from media.record.folders import SEGMENT_FILE
from media.record.journal import MAGIC, EntryKind, SegmentHead, whole_frames

_SEGMENTS_BACK = 7
"""Whoever begins to follow reads the last minute first."""


class Written(NamedTuple):
    """One entry of the journal; `wall_ns` is when it arrived, ns since 1970 UTC."""

    wall_ns: int
    kind: EntryKind
    payload: bytes


class JournalTail:
    """Hands out each entry once. `folder` is `journal/{track_id}` of a hearing's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number: int | None = None
        self._offset = 0
        self._anchor_ns = 0
        self._has_ended = False

    @property
    def is_open(self) -> bool:
        """True while the segment read last is not closed."""
        return self._number is not None and not self._has_ended

    def read(self) -> Iterator[Written]:
        """Everything that was written since. Raises OSError."""
        segments = self._segments()
        if self._number is None and segments:
            self._begin(sorted(segments)[-_SEGMENTS_BACK:][0])
        while self._number in segments:
            yield from self._read_on(segments[self._number])
            following = min((number for number in segments if number > self._number), default=None)
            if following is None:  # a torn segment ends where the next one begins
                return
            self._begin(following)

    def _begin(self, number: int) -> None:
        self._number, self._offset, self._has_ended = number, 0, False

    def _read_on(self, path: Path) -> Iterator[Written]:
        with path.open("rb") as file:
            file.seek(self._offset)
            content = file.read()
        entries, used = whole_frames(content, 0 if self._offset else len(MAGIC))
        if not entries:
            return
        self._offset += used
        for entry in entries:
            if entry.kind is EntryKind.HEAD:
                self._anchor_ns = SegmentHead.model_validate_json(entry.payload).wall_anchor_ns
            elif entry.kind is EntryKind.END:
                self._has_ended = True
            else:
                yield Written(self._anchor_ns + entry.arrived_ns, entry.kind, entry.payload)

    def _segments(self) -> dict[int, Path]:
        """By number; the recovered copies of torn ones are not read."""
        found = {}
        for path in self._folder.iterdir():
            name = SEGMENT_FILE.fullmatch(path.name)
            if name is not None and name[2] is None:
                found[int(name[1])] = path
        return found
