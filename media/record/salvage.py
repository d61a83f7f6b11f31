"""Closes segments that a crash tore: the torn file stays as it is, and a whole copy of what it holds lies beside it."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from cloudcourt.domain.recording import SegmentClosed
from media.record.folders import JOURNAL, journal_segments, write_atomically
from media.record.journal import MAGIC, Entry, EntryKind, SegmentEnd, frame, has_end, loss_payload, read_journal
from media.record.missing import Missing
from media.record.packets import parse_rtp
from media.record.track_journal import closed_segment

log = structlog.get_logger()


def close_torn_segments(folder: Path) -> tuple[SegmentClosed, ...]:
    """Copy every torn segment that no running writer holds to `….recovered.cj`, in order. What was copied before stays.

    A file that can't be read, or says not whose packets it holds, is left alone and named in the log.
    """
    found = []
    for path in journal_segments(folder):
        try:
            if not has_end(path) and not recovered_path(path).exists():
                with _held(path) as is_ours:
                    segment = _copy(folder, path) if is_ours else None
                if segment is not None:
                    found.append(segment)
        except OSError as failure:
            log.error("torn segment not recovered", file=path.name, exc_info=failure)
    return tuple(found)


def sweep_journal(folder: Path) -> None:
    """Remove what a crash left before it had its name; nothing of it is lacking elsewhere. Raises OSError."""
    for unnamed in (folder / JOURNAL).glob("*/.*"):
        with _held(unnamed) as is_ours:
            if is_ours:
                unnamed.unlink()


def recovered_path(torn: Path) -> Path:
    """Where the whole copy of a torn segment lies."""
    return torn.with_name(f"{torn.stem}.recovered.cj")


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold the file against other salvors; False when somebody still writes it."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        is_ours = False
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        yield is_ours
    finally:
        os.close(handle)


def _copy(folder: Path, torn: Path) -> SegmentClosed | None:
    journal = read_journal(torn)
    copy_path = recovered_path(torn)
    if journal.end is not None or copy_path.exists():  # closed, or copied, since it was looked at
        return None
    arrivals = [entry.arrived_ns for entry in journal.entries if entry.kind is EntryKind.PACKET]
    if journal.head is None or not arrivals:
        log.warning("torn segment holds no packets", file=torn.name, damage=len(journal.damage))
        return None
    head = journal.head.model_copy(update={"recovered": True})
    entries, lost = _with_losses(journal.entries)
    end = SegmentEnd(packets=len(arrivals), lost=lost, began_ns=arrivals[0], ended_ns=max(arrivals), reason="recovered")
    content = MAGIC + frame(EntryKind.HEAD, arrivals[0], head.model_dump_json().encode())
    content += b"".join(frame(entry.kind, entry.arrived_ns, entry.payload) for entry in entries)
    content += frame(EntryKind.END, end.ended_ns, end.model_dump_json().encode())
    write_atomically(copy_path, content)
    copy_path.chmod(0o600)
    name = copy_path.relative_to(folder).as_posix()
    return closed_segment(head, end, name, len(content), hashlib.sha256(content).hexdigest())


def _with_losses(entries: tuple[Entry, ...]) -> tuple[list[Entry], int]:
    """The entries with every packet named that is not there, and how many those are."""
    missing = Missing()
    found: list[Entry] = []
    lost = at_ns = 0
    for entry in entries:
        packet = parse_rtp(entry.payload) if entry.kind is EntryKind.PACKET else None
        if packet is not None:
            at_ns = entry.arrived_ns
            for first, count in (*missing.arrived(packet.sequence, at_ns), *missing.overdue(at_ns)):
                lost += count
                found.append(Entry(EntryKind.LOSS, at_ns, loss_payload(first, count), 0))
        if entry.kind is not EntryKind.LOSS:
            found.append(entry)
    for first, count in missing.give_up():
        lost += count
        found.append(Entry(EntryKind.LOSS, at_ns, loss_payload(first, count), 0))
    return found, lost
