"""A record to be checked: a hearing's folder, or the same as a zip file."""

import zipfile
from collections import Counter
from pathlib import Path
from typing import IO


class Bundle:
    """Files by name, with forward slashes. A zip may hold the folder itself; its name is left out."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, ValueError, zipfile.BadZipFile."""
        self._folder, self._zip, self._inside = path, zipfile.ZipFile(path) if path.is_file() else None, ""
        if self._zip is None:
            found = [file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()]
        else:
            found = [name for name in self._zip.namelist() if not name.endswith("/")]
            tops = {name.partition("/")[0] for name in found if "/" in name} | {
                "/" for name in found if "/" not in name
            }
            self._inside = f"{tops.pop()}/" if len(tops) == 1 and "/" not in tops else ""
            found = [name.removeprefix(self._inside) for name in found]
        # A name that stands twice in a zip means one thing to one reader and another to the next.
        self.names = {name for name, count in Counter(found).items() if count == 1}
        if not found:
            raise FileNotFoundError(path)

    def open(self, name: str) -> IO[bytes]:
        """Raises OSError, ValueError, zipfile.BadZipFile."""
        return (self._folder / name).open("rb") if self._zip is None else self._zip.open(self._inside + name)

    def read(self, name: str) -> bytes | None:
        """The whole file; None when it isn't there; empty when it can't be read."""
        if name not in self.names:
            return None
        try:
            with self.open(name) as file:
                return file.read()
        except (OSError, ValueError, zipfile.BadZipFile):
            return b""
