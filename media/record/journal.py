"""The journal's format: what reached the recorder, packet by packet, as evidence. Values, frames, and the reader.

A segment file is `MAGIC`, then frames, big-endian: mark (2 bytes), kind (1), payload length (2), arrival in ns of the
writer's monotonic clock (8), the payload, and the CRC-32 of all that (4). The first frame is the head and tells how to
turn arrivals into wall time, the last one is the end; a file without an end was torn. Every byte is checked.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import ValidationError

from cloudcourt.domain.ids import HearingId, ParticipantId, TrackId
from cloudcourt.domain.routing import LineKind, MediaKind
from cloudcourt.domain.value import Value

MAGIC: Final = b"CCJ\x01\r\n\x1a\n"
_MARK: Final = b"\xc7\x4a"
_FRAME: Final = struct.Struct(">2sBHQ")
_CRC_BYTES: Final = 4
_REPORT: Final = struct.Struct(">QI")
_LOSS: Final = struct.Struct(">HH")
_LARGEST_END: Final = 512
LONGEST_PAYLOAD: Final = 0xFFFF

Reason = Literal["time", "phase", "gap", "end", "recovered"]
"""Why a segment was closed: 10 s were full; the court's recording stopped; the stream broke off; its source left."""


class EntryKind(IntEnum):
    HEAD = 1
    PACKET = 2
    REPORT = 3
    LOSS = 4
    END = 5


class SegmentHead(Value):
    """Whose packets these are. Wall time in ns is an arrival plus `wall_anchor_ns`."""

    format: Literal["cloudcourt-journal/1"] = "cloudcourt-journal/1"
    hearing_id: HearingId
    track_id: TrackId
    participant_id: ParticipantId
    kind: MediaKind
    codec: Literal["opus", "vp8", "h264"]
    ssrc: int
    number: int
    continues: bool
    """True when the segment before this one ended only because its time was full."""
    wall_anchor_ns: int
    recovered: bool = False
    """True for the closed copy of a segment that a crash tore; the torn one lies beside it."""

    @property
    def line(self) -> LineKind:
        """On which of the person's lines it came: a screen is a picture with a name of its own."""
        return "screen" if self.track_id == f"{self.participant_id}-screen" else self.kind


class SegmentEnd(Value):
    """The last frame: `began_ns` and `ended_ns` are the first and the last arrival."""

    packets: int
    lost: int
    began_ns: int
    ended_ns: int
    reason: Reason


class Entry(NamedTuple):
    """One frame that is whole; `offset` is where it begins in the file."""

    kind: EntryKind
    arrived_ns: int
    payload: bytes
    offset: int


class Damage(NamedTuple):
    """Bytes that are no whole frame, and what that looks like."""

    offset: int
    length: int
    what: Literal["not_a_journal", "bad_record", "torn_tail", "after_end", "bad_head", "bad_end", "miscounted"]


@dataclass(frozen=True)
class Journal:
    """What one segment file holds: everything readable, and every place that is not."""

    head: SegmentHead | None
    entries: tuple[Entry, ...]
    """Packets, reports and losses, in order of the file."""
    end: SegmentEnd | None
    damage: tuple[Damage, ...]

    @property
    def is_whole(self) -> bool:
        return self.head is not None and self.end is not None and not self.damage


def frame(kind: EntryKind, arrived_ns: int, payload: bytes) -> bytes:
    """One frame as it stands in the file. Raises ValueError for a payload longer than 65 535 bytes."""
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"a journal entry of {len(payload)} bytes")
    content = _FRAME.pack(_MARK, kind, len(payload), arrived_ns) + payload
    return content + zlib.crc32(content).to_bytes(_CRC_BYTES, "big")


def report_payload(ntp: int, rtp_timestamp: int) -> bytes:
    """A sender report: 64-bit NTP time and RTP timestamp."""
    return _REPORT.pack(ntp, rtp_timestamp)


def read_report(payload: bytes) -> tuple[int, int]:
    """(ntp, rtp_timestamp). Raises ValueError."""
    return _unpacked(_REPORT, payload)


def loss_payload(first: int, count: int) -> bytes:
    """Packets that were awaited in vain: the first sequence number, and how many in a row."""
    return _LOSS.pack(first, count)


def read_loss(payload: bytes) -> tuple[int, int]:
    """(first sequence number, count). Raises ValueError."""
    return _unpacked(_LOSS, payload)


def _unpacked(form: struct.Struct, payload: bytes) -> tuple[int, int]:
    try:
        first, second = form.unpack(payload)
    except struct.error:
        raise ValueError("a journal entry of the wrong length") from None
    return int(first), int(second)


def read_journal(path: Path) -> Journal:
    """Read a segment file, however damaged. Raises OSError only."""
    return parse_journal(path.read_bytes())


def parse_journal(content: bytes) -> Journal:
    """Read a segment's bytes: after a bad place, reading goes on at the next whole frame."""
    damage: list[Damage] = []
    at = len(MAGIC)
    if content[:at] != MAGIC:
        damage.append(Damage(0, min(at, len(content)), "not_a_journal"))
    frames: list[Entry] = []
    while at < len(content):
        entry = _frame_at(content, at)
        if entry is None:
            next_at = _next_frame(content, at + 1)
            what: Literal["bad_record", "torn_tail"] = "bad_record" if next_at < len(content) else "torn_tail"
            damage.append(Damage(at, next_at - at, what))
            at = next_at
        else:
            frames.append(entry)
            at += _FRAME.size + len(entry.payload) + _CRC_BYTES
    return _sorted_out(frames, damage, len(content))


def whole_frames(content: bytes, at: int) -> tuple[list[Entry], int]:
    """Every frame from `at` on that is whole by now, and where the next one begins: for a file that still grows."""
    found: list[Entry] = []
    while (entry := _frame_at(content, at)) is not None:
        found.append(entry)
        at += _length(entry)
    return found, at


def _frame_at(content: bytes, at: int) -> Entry | None:
    if at + _FRAME.size > len(content):
        return None
    mark, kind, length, arrived_ns = _FRAME.unpack_from(content, at)
    ends = at + _FRAME.size + length
    if mark != _MARK or not EntryKind.HEAD <= kind <= EntryKind.END or ends + _CRC_BYTES > len(content):
        return None
    if zlib.crc32(content[at:ends]) != int.from_bytes(content[ends : ends + _CRC_BYTES], "big"):
        return None
    return Entry(EntryKind(kind), arrived_ns, content[at + _FRAME.size : ends], at)


def _next_frame(content: bytes, at: int) -> int:
    while (at := content.find(_MARK, at)) >= 0:
        if _frame_at(content, at) is not None:
            return at
        at += 1
    return len(content)


def _sorted_out(frames: list[Entry], damage: list[Damage], size: int) -> Journal:
    """Head first, end last, and everything else between: what stands elsewhere is damage."""
    head: SegmentHead | None = None
    end: SegmentEnd | None = None
    entries: list[Entry] = []
    for number, entry in enumerate(frames):
        if end is not None:
            damage.append(Damage(entry.offset, size - entry.offset, "after_end"))
            break
        if entry.kind is EntryKind.HEAD:
            head = _read_head(entry) if number == 0 else None
            if head is None:
                damage.append(Damage(entry.offset, _length(entry), "bad_head"))
        elif entry.kind is EntryKind.END:
            end = _read_end(entry)
            if end is None or not _counts(end, entries):
                what: Literal["bad_end", "miscounted"] = "bad_end" if end is None else "miscounted"
                damage.append(Damage(entry.offset, _length(entry), what))
        else:
            entries.append(entry)
    return Journal(head, tuple(entries), end, tuple(sorted(damage)))


def _counts(end: SegmentEnd, entries: list[Entry]) -> bool:
    """Whether as many packets and losses stand in the file as its end says."""
    packets = sum(entry.kind is EntryKind.PACKET for entry in entries)
    try:
        lost = sum(read_loss(entry.payload)[1] for entry in entries if entry.kind is EntryKind.LOSS)
    except ValueError:
        return False
    return (end.packets, end.lost) == (packets, lost)


def _length(entry: Entry) -> int:
    return _FRAME.size + len(entry.payload) + _CRC_BYTES


def _read_head(entry: Entry) -> SegmentHead | None:
    try:
        return SegmentHead.model_validate_json(entry.payload)
    except ValidationError:
        return None


def _read_end(entry: Entry) -> SegmentEnd | None:
    try:
        return SegmentEnd.model_validate_json(entry.payload)
    except ValidationError:
        return None


def has_end(path: Path) -> bool:
    """True when the file's last bytes are an end: a quick look, not a proof. Raises OSError."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LARGEST_END))
        tail = file.read()
    at = tail.rfind(_MARK)
    while at >= 0:
        entry = _frame_at(tail, at)
        if entry is not None:
            return entry.kind is EntryKind.END and at + _length(entry) == len(tail)
        at = tail.rfind(_MARK, 0, at)
    return False
