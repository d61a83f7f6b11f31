"""Room on the disk: how much a hearing needs, when to raise the alarm, and what is kept back for the seal."""

import errno
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from cloudcourt.domain.recording import DiskSpace, DiskState
from media.record.folders import RESERVE, sync_folder

_MIB = 1024 * 1024
BYTES_PER_PERSON_S = 230_000
"""What one person's record is expected to take: 40 kbit/s of sound and 800 kbit/s of picture (the upper layer of a
camera, averaged over talking heads), once in the journal and once in the playable tracks, and a tenth for the film."""
_LOW_SHARE, _CRITICAL_SHARE = 0.10, 0.03


class DiskFull(OSError):
    """There is room left, but none for the record."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, "kept free for the seal")


@dataclass(frozen=True)
class DiskLimits:
    """Free bytes below which pictures, then sound too, are not written any more; and what is set aside for the seal."""

    pictures_bytes: int = 256 * _MIB
    sound_bytes: int = 64 * _MIB
    reserve_bytes: int = 16 * _MIB


DEFAULT_LIMITS = DiskLimits()


def space(folder: Path, limits: DiskLimits) -> DiskSpace:
    """How much room there is now. Raises OSError."""
    usage = shutil.disk_usage(folder)
    state = DiskState.OK
    if usage.free < limits.pictures_bytes or usage.free < _CRITICAL_SHARE * usage.total:
        state = DiskState.CRITICAL
    elif usage.free < _LOW_SHARE * usage.total:
        state = DiskState.LOW
    return DiskSpace(free_bytes=usage.free, state=state)


def booked_bytes(people: int, minutes: int) -> int:
    """What a hearing of that length is expected to take."""
    return people * minutes * 60 * BYTES_PER_PERSON_S


def set_aside(folder: Path, count: int) -> None:
    """Reserve room for the seal, once per hearing. Raises OSError when there is none."""
    path = folder / RESERVE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if count and os.fstat(handle).st_size < count:
            os.posix_fallocate(handle, 0, count)
            os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(folder)


def release(folder: Path) -> None:
    """Give the reserve to the seal. Raises OSError."""
    (folder / RESERVE).unlink(missing_ok=True)
