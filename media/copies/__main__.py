"""`python -m media.copies ORDER.json`: makes one copy; prints `{"progress": 0.0-1.0}` lines. Runs niced."""

import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from media.copies.marking import mark_film
from media.copies.order import CopyFacts, CopyOrder
from media.record.export import export
from media.record.folders import FILM, write_atomically

_LOOK_S = 0.5


def main() -> None:
    """A reader that went away ends the job."""
    os.nice(10)
    order = CopyOrder.model_validate_json(Path(sys.argv[1]).read_bytes())
    make = _mark if order.mark else _bundle
    make(order, tell)
    tell(1.0)


def tell(progress: float) -> None:
    sys.stdout.write(json.dumps({"progress": round(progress, 4)}) + "\n")
    sys.stdout.flush()


def _mark(order: CopyOrder, tell: Callable[[float], None]) -> None:
    source, temporary = order.record / FILM, order.out.with_name(f".{order.out.name}.tmp")
    try:
        mark_film(source, temporary, order.mark, tell)
        facts = CopyFacts(
            **order.model_dump(include={"hearing_id", "number", "recipient", "mark", "at"}),
            made_from=FILM,
            made_from_sha256=_sha256(source),
            bytes=temporary.stat().st_size,
            sha256=_sha256(temporary),
        )
        write_atomically(order.out.with_suffix(".json"), facts.model_dump_json(indent=1).encode())
        temporary.replace(order.out)
    finally:
        temporary.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bundle(order: CopyOrder, tell: Callable[[float], None]) -> None:
    """The zip as `cloudcourt export` writes it; how far it is, its size tells."""
    fresh = order.out.with_name(f".{order.number}-{order.out.name}")
    fresh.unlink(missing_ok=True)
    growing = fresh.with_name(f".{fresh.name}.tmp")
    whole = sum(path.stat().st_size for path in order.record.rglob("*") if path.is_file()) or 1
    is_done = threading.Event()

    def watch() -> None:
        while not is_done.wait(_LOOK_S):
            tell(min(0.99, (growing.stat().st_size if growing.exists() else 0) / whole))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        export(order.record, fresh)
        fresh.replace(order.out)
    finally:
        is_done.set()
        watcher.join()
        fresh.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
