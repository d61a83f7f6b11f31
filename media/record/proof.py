"""The proof that a folder can take the record: a real file, written and synced, and enough free space."""

import errno
import os
import shutil
from pathlib import Path

from cloudcourt.domain.recording import Readiness
from media.record.disk import set_aside
from media.record.folders import JOURNAL, SLATE, TRACKS, sync_folder, write_atomically

_SLATE_BYTES = 64 * 1024


def prove_writable(folder: Path, min_free_bytes: int, reserve_bytes: int) -> Readiness:
    """Make the hearing's folders, write and sync a slate, reserve room for the seal, and look at what is left.

    Never raises OSError.
    """
    try:
        (folder / TRACKS).mkdir(parents=True, exist_ok=True)
        (folder / JOURNAL).mkdir(exist_ok=True)
        write_atomically(folder / SLATE, os.urandom(_SLATE_BYTES))
        sync_folder(folder)
        if not all(os.access(folder / name, os.W_OK | os.X_OK) for name in (TRACKS, JOURNAL)):
            return Readiness(ready=False, reason="not_writable")
        set_aside(folder, reserve_bytes)
        if shutil.disk_usage(folder).free < min_free_bytes:
            return Readiness(ready=False, reason="disk_full")
    except OSError as failure:
        return Readiness(ready=False, reason=reason_of(failure))
    return Readiness(ready=True)


def reason_of(failure: BaseException) -> str:
    """A stable word for why the disk refused."""
    code = failure.errno if isinstance(failure, OSError) else None
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "disk_full"
    if code in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT):
        return "not_writable"
    return "disk_error" if isinstance(failure, OSError) else "writer_failed"
