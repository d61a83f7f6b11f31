"""`python -m media.copies.redact ORDER.json`: makes one redacted film; prints `{"progress": 0.0-1.0}` lines."""

import hashlib
import os
import sys
from pathlib import Path

from media.copies.__main__ import tell
from media.copies.redact_order import RedactOrder
from media.copies.redacted_film import redact_film
from media.record.folders import FILM, write_atomically
from media.record.inventory import measure


def main() -> None:
    """Runs niced; nothing stands at `out` before it is whole. An error where the film isn't the signed one."""
    os.nice(10)
    order = RedactOrder.model_validate_json(Path(sys.argv[1]).read_bytes())
    temporary = order.out.with_name(f".{order.out.name}.tmp")
    try:
        with (order.record / FILM).open("rb") as film:
            if hashlib.file_digest(film, "sha256").hexdigest() != order.source_sha256:
                raise ValueError("the film is not the one that the court signed for")
        redact_film(order.model_copy(update={"out": temporary}), tell)
        write_atomically(order.measured, measure(temporary).model_dump_json().encode())
        temporary.replace(order.out)
    finally:
        temporary.unlink(missing_ok=True)
    tell(1.0)


if __name__ == "__main__":
    main()
