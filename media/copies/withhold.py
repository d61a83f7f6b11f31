"""`python -m media.copies.withhold ORDER.json`: makes one copy with holes; prints `{"progress": 0.0-1.0}` lines."""

import os
import sys
from pathlib import Path

from media.copies.__main__ import tell
from media.copies.film_holes import cut_film
from media.copies.hole_order import HoleOrder
from media.copies.track_holes import cut_track


def main() -> None:
    """Runs niced; nothing stands at `out` before it is whole."""
    os.nice(10)
    order = HoleOrder.model_validate_json(Path(sys.argv[1]).read_bytes())
    temporary = order.out.with_name(f".{order.out.name}.tmp")
    try:
        if order.kind == "film":
            cut_film(order, temporary, tell)
        else:
            cut_track(order, temporary)
        temporary.replace(order.out)
    finally:
        temporary.unlink(missing_ok=True)
    tell(1.0)


if __name__ == "__main__":
    main()
