"""One segment of a journal being written: hashed as it goes, synced, and locked so that nobody takes it for torn."""

import fcntl
import hashlib
import os
from contextlib import suppress
from pathlib import Path

from media.record.folders import sync_folder
from media.record.journal import MAGIC, EntryKind, SegmentEnd, SegmentHead, frame


class SegmentFile:
    """A new file, which no other program may have made. Methods that write raise OSError when the disk refuses.

    After a refusal the file ends with its last whole frame, if the disk lets it; `close` may still succeed.
    """

    def __init__(self, path: Path, head: SegmentHead, began_ns: int) -> None:
        self.path = path
        self.packets = 0
        self.written = 0
        self.synced = 0
        self._buffer = bytearray(MAGIC)
        self._buffered_packets = 0
        self._hash = hashlib.sha256()
        # It gets its name once it is locked: no salvor ever finds it free.
        unnamed = path.with_name(f".{path.name}.new")
        self._handle = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.add(EntryKind.HEAD, began_ns, head.model_dump_json().encode())
            self.flush()
            unnamed.rename(path)
            sync_folder(path.parent)
        except BaseException:
            unnamed.unlink(missing_ok=True)
            self.let_go()
            raise

    def add(self, kind: EntryKind, arrived_ns: int, payload: bytes) -> None:
        """Take one entry; it reaches the operating system with the next `flush`."""
        self._buffer += frame(kind, arrived_ns, payload)
        self._buffered_packets += kind is EntryKind.PACKET

    def flush(self) -> None:
        """Hand what was added to the operating system: from then on a killed process doesn't lose it."""
        content, packets = bytes(self._buffer), self._buffered_packets
        self._buffer.clear()
        self._buffered_packets = 0
        view = memoryview(content)
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._handle, self.written)
                os.lseek(self._handle, self.written, os.SEEK_SET)
            raise
        self._hash.update(content)
        self.written += len(content)
        self.packets += packets

    def sync(self) -> int:
        """Bring everything to the disk; how many bytes that were new."""
        self.flush()
        fresh = self.written - self.synced
        if fresh:
            os.fdatasync(self._handle)
            self.synced += fresh
        return fresh

    def close(self, end: SegmentEnd) -> int:
        """Write the end, sync and close; how many bytes that brought to the disk. The file is let go of in any case."""
        try:
            self.add(EntryKind.END, end.ended_ns, end.model_dump_json().encode())
            return self.sync()
        finally:
            self.let_go()

    @property
    def sha256(self) -> str:
        """The hash of what is written so far."""
        return self._hash.hexdigest()

    def let_go(self) -> None:
        """Close the file as it is."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
