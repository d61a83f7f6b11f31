"""`python -m media.film FOLDER`: makes the film of one hearing; prints `{"progress": 0.0-1.0}` lines."""

import json
import os
import sys
from pathlib import Path

from media.film.maker import make_film


def main() -> None:
    """Run niced: live media on the same machine goes first. A reader that went away ends the job."""
    os.nice(10)
    make_film(Path(sys.argv[1]), _tell)


def _tell(progress: float) -> None:
    sys.stdout.write(json.dumps({"progress": progress}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
