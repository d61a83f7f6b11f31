"""Writes a sealed record as a folder or a zip that plays and verifies anywhere, without this program."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from media.record.film_file import FILM_FILE, read_film
from media.record.folders import FILM, MANIFEST
from media.record.log_file import LOG
from media.record.seal_file import SEAL, read_seal
from media.verifier.chain import listed_in, read_log
from media.verifier.countersignatures import COUNTERSIGNATURES
from media.verifier.destroyed import DESTROYED_FILE
from media.verifier.orders import ORDERS_FILE

_SIGNED_LATER = (COUNTERSIGNATURES, FILM_FILE, ORDERS_FILE, DESTROYED_FILE)
_FIRST = ("index.html", "verify.html", "verify.py", "FORMAT.md", MANIFEST, LOG, SEAL, *_SIGNED_LATER)
"""What a person looks for stands first in a zip."""
_TIME = (1980, 1, 1, 0, 0, 0)
"""The same record makes the same zip, whenever and wherever it is written."""


class NotSealed(Exception):
    """There is nothing whole to export."""


def export(folder: Path, out: Path) -> tuple[str, ...]:
    """Write every file of a hearing's record to `out`: a zip if it is named so, else a new folder.

    Returns the names written. Raises NotSealed, FileExistsError, OSError. A file that is gone is left out: the
    verifier will say so.
    """
    if read_seal(folder) is None:
        raise NotSealed(folder.name)
    names = tuple(_names(folder))
    if out.suffix.lower() == ".zip":
        _write_zip(folder, names, out)
    else:
        out.mkdir(parents=True)
        for name in names:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, out / name)
    return names


def _names(folder: Path) -> Iterator[str]:
    yield from (name for name in _FIRST if (folder / name).is_file())
    listed = listed_in(read_log((folder / LOG).read_bytes()))
    listed_files = {*listed, *([FILM] if read_film(folder) is not None else [])}
    yield from sorted(name for name in listed_files if name not in _FIRST and (folder / name).is_file())


def _write_zip(folder: Path, names: tuple[str, ...], out: Path) -> None:
    """Stored, not squeezed: media does not shrink, and a browser can read parts of it. Never half a zip at the end."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.exists():
        raise FileExistsError(out)
    temporary = out.with_name(f".{out.name}.tmp")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as bundle:
            for name in names:
                with (folder / name).open("rb") as source, bundle.open(entry_of(name), "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)


def entry_of(name: str) -> zipfile.ZipInfo:
    """A file's entry in a zip, the same whenever it is written."""
    entry = zipfile.ZipInfo(name, date_time=_TIME)
    entry.external_attr = 0o644 << 16
    return entry
