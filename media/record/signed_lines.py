"""Files of lines that are only ever added, each on the disk before anybody is answered."""

import os
from pathlib import Path

from media.record.folders import sync_folder


def whole_lines(path: Path) -> list[bytes]:
    """Every line that is whole: what a crash left of one was never answered for. Raises OSError."""
    try:
        return path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []


def append_line(path: Path, line: bytes) -> None:
    """Add a line, on the disk when this returns; the torn rest of one before it goes. Raises OSError."""
    whole = sum(len(known) + 1 for known in whole_lines(path))
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(whole)
        file.seek(whole)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
