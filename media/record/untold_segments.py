"""Segments of the journal that no entry of the log speaks of yet: a crash, or a full queue, kept the news of them."""

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

from cloudcourt.domain.recording import SegmentClosed
from media.record.folders import JOURNAL
from media.record.journal import read_journal
from media.record.track_journal import closed_segment


def untold_segments(folder: Path, told: Collection[str]) -> Iterator[SegmentClosed]:
    """Every closed segment below `folder` that is not in `told`, recovered copies included. Raises OSError.

    What a crash tore has no end, and stands for nothing but a file.
    """
    for path in sorted((folder / JOURNAL).glob("*/*.cj")):
        name = path.relative_to(folder).as_posix()
        journal = None if name in told else read_journal(path)
        if journal is not None and journal.head is not None and journal.end is not None:
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            yield closed_segment(journal.head, journal.end, name, len(content), sha256)
