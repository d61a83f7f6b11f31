"""`destroyed.jsonl` beside a record: which files the court destroyed under its rules, signed and chained."""

import json
from pathlib import Path

from media.record.signed_lines import whole_lines
from media.verifier.destroyed import DESTROYED_FILE


def destroyed_files(folder: Path) -> frozenset[str]:
    """Names that tombstones speak of, taken at their word: for what must not be made again. Raises OSError."""
    try:
        stones = [json.loads(line)["entry"]["files"] for line in whole_lines(folder / DESTROYED_FILE)]
        return frozenset(file["file"] for files in stones for file in files)
    except (ValueError, LookupError, TypeError):
        return frozenset()
