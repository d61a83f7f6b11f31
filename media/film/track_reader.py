"""Reads our own track files, WebM and Matroska, packet by packet: whole ones, torn ones, and those still being written.

Elements are those of RFC 9559; our files hold one track each.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_ENTERED: Final = frozenset({0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0})
"""Segment, Info, Tracks, TrackEntry, Cluster and BlockGroup: what they hold is read as if it stood outside."""
_EBML_HEAD: Final = 0x1A45DFA3
_CODEC_PRIVATE: Final = 0x63A2
_CODEC_DELAY: Final = 0x56AA
_CLUSTER_TIME: Final = 0xE7
_BLOCKS: Final = frozenset({0xA3, 0xA1})
_LARGEST_ELEMENT: Final = 32 * 1024 * 1024
_LONGEST_HEAD: Final = 12


class TrackPacket(NamedTuple):
    """One coded packet; `at_ms` counts from the file's time zero. `is_key` is false where the file leaves it open."""

    at_ms: int
    is_key: bool
    content: bytes


@dataclass(frozen=True)
class _Place:
    offset: int
    cluster_ms: int


class TrackReader:
    """Gives the packets in order of the file. What is torn or no track of ours ends it; it raises nothing."""

    def __init__(self, path: Path) -> None:
        self.codec_private = b""
        self._delay_ms = 0
        self._cluster_ms = 0
        self._is_ours = False
        self._file: BinaryIO | None = None
        self._is_bad = False
        with suppress(OSError):
            self._file = path.open("rb")

    def read(self) -> TrackPacket | None:
        """The next packet that is whole in the file; None when there is none (yet)."""
        while (element := self._element()) is not None:
            name, content = element
            if name in _BLOCKS and (packet := self._packet(content)) is not None:
                return packet
        return None

    def skip_to(self, at_ms: int) -> None:
        """Go on with the newest key packet at or before that time, or stay where there is none."""
        if self._file is None:
            return
        place = _Place(self._file.tell(), self._cluster_ms)
        here = place
        while (packet := self.read()) is not None and packet.at_ms <= at_ms:
            if packet.is_key:
                place = here
            here = _Place(self._file.tell(), self._cluster_ms)
        self._is_bad = False
        self._file.seek(place.offset)
        self._cluster_ms = place.cluster_ms

    def close(self) -> None:
        """Let the file go; nothing more is read."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def _element(self) -> tuple[int, bytes] | None:
        """The next element that is no container; None at the end of what is written."""
        while self._file is not None and not self._is_bad:
            began = self._file.tell()
            head = self._file.read(_LONGEST_HEAD)
            parsed = _element_head(head)
            if parsed is None:
                self._is_bad = len(head) == _LONGEST_HEAD
                self._file.seek(began)
                return None
            name, size, length = parsed
            if not self._is_ours and name != _EBML_HEAD:
                self._is_bad = True
                return None
            self._is_ours = True
            self._file.seek(began + length)
            if name in _ENTERED:
                continue
            if size > _LARGEST_ELEMENT:
                self._is_bad = True
                return None
            content = self._file.read(size)
            if len(content) < size:
                self._file.seek(began)
                return None
            self._note(name, content)
            return name, content
        return None

    def _note(self, name: int, content: bytes) -> None:
        if name == _CODEC_PRIVATE:
            self.codec_private = content
        elif name == _CODEC_DELAY:
            self._delay_ms = round(int.from_bytes(content, "big") / 1e6 + 1e-3)
        elif name == _CLUSTER_TIME:
            self._cluster_ms = int.from_bytes(content, "big")

    def _packet(self, block: bytes) -> TrackPacket | None:
        number = _number(block, 0)
        if number is None or len(block) < number[1] + 3:
            return None
        at = number[1]
        within_ms = int.from_bytes(block[at : at + 2], "big", signed=True)
        is_key = bool(block[at + 2] & 0x80)
        return TrackPacket(self._cluster_ms + within_ms - self._delay_ms, is_key, block[at + 3 :])


def _element_head(head: bytes) -> tuple[int, int, int] | None:
    """(name, content size, length of the head), or None where no whole head stands."""
    if not head or not head[0]:
        return None
    length = 9 - head[0].bit_length()
    size = _number(head, length)
    if length > 4 or size is None:
        return None
    return int.from_bytes(head[:length], "big"), size[0], length + size[1]


def _number(content: bytes, at: int) -> tuple[int, int] | None:
    """A variable-length number and how many bytes it takes (RFC 8794 section 4)."""
    if at >= len(content) or not content[at]:
        return None
    length = 9 - content[at].bit_length()
    if at + length > len(content):
        return None
    return int.from_bytes(content[at : at + length], "big") & ((1 << 7 * length) - 1), length
