"""Files of lines that are only ever added, each on the disk before anybody is answered.

Where the court signs them, each is chained to the last by `previous`, the SHA-256 of the line before.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cloudcourt.domain.evidence import NO_HASH, canonical
from cloudcourt.domain.value import Value
from media.record.court_key import SigningKey
from media.record.folders import sync_folder
from media.verifier.ed25519 import is_signed


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


def tip(lines: Sequence[bytes]) -> str:
    """What the next line names as `previous`."""
    return hashlib.sha256(lines[-1]).hexdigest() if lines else NO_HASH


def append_signed(path: Path, entry: Value, court_key: SigningKey) -> None:
    """Add a line that the court signs. Raises OSError."""
    told = entry.model_dump(mode="json")
    append_line(path, canonical({"court_signature": court_key.sign(canonical(told)), "entry": told}))


def signed_entry(line: bytes, court_key: SigningKey) -> Any:
    """What such a line says. Raises ValueError where this court did not sign it."""
    try:
        told = json.loads(line)
        is_ours = is_signed(court_key.public, canonical(told["entry"]), told["court_signature"])
    except (LookupError, TypeError):
        is_ours = False
    if not is_ours:
        raise ValueError("this court did not sign it")
    return told["entry"]
