"""`record.log`: one writer, lines only ever added, on the disk before an append returns."""

import fcntl
import hashlib
import json
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import structlog

from cloudcourt.domain.evidence import (
    NO_HASH,
    AttendanceEntry,
    CheckpointEntry,
    Entry,
    GapEntry,
    StatementEntry,
    TornEntry,
    canonical,
    entry_hash,
    entry_line,
    stored_line,
)
from cloudcourt.domain.ports import Clock
from media.record.folders import sync_folder

log = structlog.get_logger()

LOG: Final = "record.log"
TORN = re.compile(r"record\.log\.torn-([1-9][0-9]{0,5})")
_LINE = re.compile(rb'\["([0-9a-f]{64})",(\{.*\})\]', re.S)
_DERIVED = (AttendanceEntry, GapEntry, StatementEntry)
_DERIVED_KINDS = frozenset({"attendance", "gap", "statement"})


class LogFile:
    """An open log and what it holds so far. Calls may come from any thread; they wait for each other."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open or make the log of a hearing's folder.

        Raises OSError; of it BlockingIOError while another process writes the log.
        """
        self._folder, self._clock = folder, clock
        self._lock = threading.Lock()
        self.count = 0
        self.head = NO_HASH
        self.last_seq = 0
        """Number of the last stored event that the log holds."""
        self.opening: dict[str, Any] | None = None
        self.is_sealed = False
        self.ends_with_checkpoint = False
        self.files: dict[str, str] = {}
        """Name -> SHA-256 of every file, segment and torn rest that an entry speaks of."""
        self._loose: set[bytes] = set()
        """What was derived from an event that is not in the log itself yet."""
        path = folder / LOG
        is_new = not path.exists()
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_new:
                sync_folder(folder)
            self._length = self._read_all()
        except BaseException:
            os.close(self._handle)
            raise

    def close(self) -> None:
        """Let the log go. Idempotent."""
        with self._lock:
            if self._handle >= 0:
                os.close(self._handle)
                self._handle = -1

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries; all are on the disk when this returns, or none counts. Raises OSError, ValueError."""
        with self._lock:
            if self.is_sealed and not all(isinstance(entry, CheckpointEntry) for entry in entries):
                raise ValueError("the record is sealed")
            added = b""
            head, number = self.head, self.count
            lines: list[tuple[str, dict[str, Any]]] = []
            for entry in entries:
                if isinstance(entry, _DERIVED) and _without_number(entry) in self._loose:
                    continue  # written before the crash; its event was not
                number += 1
                line = entry_line(number, entry)
                head = entry_hash(head, line)
                added += stored_line(head, line)
                lines.append((head, entry.model_dump(mode="json")))
            self._write(added)
            for head, told in lines:
                self._note(head, told)

    def note_torn(self) -> None:
        """Say in the log which torn rests were set aside. Raises OSError."""
        entries = []
        for name in (f"{LOG}.torn-{number}" for number in self._torn_numbers()):
            if name in self.files:
                continue
            content = (self._folder / name).read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            entries.append(TornEntry(at=self._clock.now(), file=name, bytes=len(content), sha256=digest))
        if entries:
            self.append(entries)

    def _write(self, added: bytes) -> None:
        if self._handle < 0:
            raise OSError("the log is closed")
        try:
            done = 0
            while done < len(added):
                done += os.pwrite(self._handle, added[done:], self._length + done)
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, self._length)
            raise
        self._length += len(added)

    def _read_all(self) -> int:
        """Take in what is there and set a torn end aside; the length of the good part."""
        content = b""
        while piece := os.pread(self._handle, 1 << 20, len(content)):
            content += piece
        good = _good_length(content)
        if good < len(content):
            self._set_aside(content[good:], good)
        for number, line in enumerate(content[:good].splitlines(), start=1):
            match = _LINE.fullmatch(line)
            told = _told(match[2]) if match else None
            if match is None or told is None or entry_hash(self.head, match[2]) != match[1].decode():
                # Somebody changed it. The record goes on; the verifier will name the place.
                log.error("record log is damaged", folder=self._folder.name, entry=number)
            self._note(match[1].decode() if match else self.head, told or {})
        return good

    def _set_aside(self, rest: bytes, good: int) -> None:
        newest = max(self._torn_numbers(), default=0)
        is_kept = newest and (self._folder / f"{LOG}.torn-{newest}").read_bytes() == rest
        if not is_kept:  # else a crash came after this step
            path = self._folder / f"{LOG}.torn-{newest + 1}"
            with path.open("xb") as file:
                file.write(rest)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._folder)
        os.ftruncate(self._handle, good)
        os.fsync(self._handle)
        log.warning("record log had a torn end", folder=self._folder.name, bytes=len(rest))

    def _torn_numbers(self) -> list[int]:
        found = (TORN.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted(int(match[1]) for match in found if match)

    def _note(self, head: str, told: dict[str, Any]) -> None:
        self.count += 1
        self.head = head
        kind = told.get("kind")
        self.ends_with_checkpoint = kind == "checkpoint"
        match kind:
            case "opened_log":
                self.opening = told
            case "event":
                self.last_seq = told["seq"]
                self._loose.clear()
            case "seal":
                self.is_sealed = True
            case "file" | "torn":
                self.files[told["file"]] = told["sha256"]
            case "segment":
                self.files[told["segment"]["file"]] = told["segment"]["sha256"]
        if kind in _DERIVED_KINDS:
            self._loose.add(canonical({name: value for name, value in told.items() if name != "n"}))


def _good_length(content: bytes) -> int:
    """Up to the end of the last whole entry: what follows it was torn by a crash."""
    end = content.rfind(b"\n") + 1
    while end:
        begin = content.rfind(b"\n", 0, end - 1) + 1
        match = _LINE.fullmatch(content[begin : end - 1])
        if match and _told(match[2]) is not None:
            return end
        end = begin
    return 0


def _told(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _without_number(entry: Entry) -> bytes:
    return canonical(entry.model_dump(mode="json"))
