"""How long a copy with a hole takes: `python -m bench.withheld_film [MINUTES]` (60), one minute sealed in the middle.

Prints the seconds for the film as the court makes it, where only the pieces that the hole reaches into are coded anew,
and what coding all of it would take, measured on two minutes of the same film with a hole in each piece.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from media.copies.film_holes import cut_film
from media.copies.hole_order import Hole, HoleOrder
from tests.bed.own_film import CHUNK_S, write_own_film

SEALED_S = 60.0
SAMPLE_S = 120.0
DISTINCT = 5
BEGAN = datetime(2026, 11, 24, 2, tzinfo=UTC)


def hole(from_s: float, to_s: float) -> Hole:
    began, ended = BEGAN + timedelta(seconds=from_s), BEGAN + timedelta(seconds=to_s)
    return Hole(from_s=from_s, to_s=to_s, began_at=began, ended_at=ended)


def seconds(folder: Path, length_s: float, holes: Sequence[Hole]) -> float:
    """What it takes to cut them into a film of that length."""
    source, out = folder / "composite.mp4", folder / "copy.mp4"
    write_own_film(source, round(length_s / CHUNK_S), distinct=DISTINCT)
    order = HoleOrder(source=source, out=out, kind="film", case_number="（2026）云0101民初27号", holes=tuple(holes))
    began_s = time.perf_counter()
    cut_film(order, out, lambda _: None)
    return time.perf_counter() - began_s


def main() -> None:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    middle_s = minutes * 30.0
    with tempfile.TemporaryDirectory() as folder:
        needed_s = seconds(Path(folder), minutes * 60.0, [hole(middle_s - SEALED_S / 2, middle_s + SEALED_S / 2)])
        print(f"{minutes} min, pieces: {needed_s:.1f} s", flush=True)
        everywhere = [hole(number * CHUNK_S, number * CHUNK_S + 0.04) for number in range(round(SAMPLE_S / CHUNK_S))]
        whole_s = seconds(Path(folder), SAMPLE_S, everywhere) / SAMPLE_S * minutes * 60
        print(f"{minutes} min, all of it coded anew: {whole_s:.0f} s (from {SAMPLE_S:.0f} s of film)")


if __name__ == "__main__":
    main()
