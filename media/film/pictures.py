"""One person's picture at any time of the record, decoded from the tracks."""

from collections.abc import Sequence
from pathlib import Path

import av

from media.film.reels import Reel
from media.record.sidecar import Sidecar

HOLD_NS = 1_500_000_000
"""How long a camera's last picture stays."""
SCREEN_HOLD_NS = 6_000_000_000
"""And a shared screen's: one that stands still sends few pictures."""


class PictureFeed:
    """Plays a person's video tracks along the wall clock, forwards only, as far as they are written."""

    def __init__(self, folder: Path, from_ns: int = 0, hold_ns: int = HOLD_NS) -> None:
        self._hold_ns = hold_ns
        self._reel: Reel[av.VideoFrame] = Reel(folder, from_ns)
        self._next: tuple[int, av.VideoFrame] | None = None
        self._current: tuple[int, av.VideoFrame] | None = None

    def know(self, tracks: Sequence[Sidecar]) -> None:
        """All video tracks of the person that there are now."""
        self._reel.know(tracks)

    def at(self, wall_ns: int) -> av.VideoFrame | None:
        """What is seen at that time, the same object until the next picture; None: nothing."""
        while (coming := self._next or self._reel.read()) is not None and coming[0] <= wall_ns:
            self._current, self._next = coming, None
        self._next = coming
        if self._current is not None and wall_ns - self._current[0] > self._hold_ns:
            self._current = None
        return self._current[1] if self._current is not None else None

    def close(self) -> None:
        """Let the file go."""
        self._reel.close()
