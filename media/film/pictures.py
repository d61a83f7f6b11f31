"""One person's picture at any time of the record, decoded from the tracks and fitted into a tile."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation

from media.film.canvas import Plane
from media.film.layout import Box, fitted
from media.film.reels import Reel
from media.record.sidecar import Sidecar

HOLD_NS = 1_500_000_000
Shown = tuple[Box, tuple[Plane, Plane, Plane]]


class PictureFeed:
    """Plays a person's video tracks along the wall clock, forwards only, as far as they are written."""

    def __init__(self, folder: Path, tile: Box, from_ns: int = 0) -> None:
        self._tile = tile
        self._reel: Reel[av.VideoFrame] = Reel(folder, from_ns)
        self._next: tuple[int, av.VideoFrame] | None = None
        self._current: tuple[int, av.VideoFrame] | None = None
        self._fitted: Shown | None = None

    def know(self, tracks: Sequence[Sidecar]) -> None:
        """All video tracks of the person that there are now."""
        self._reel.know(tracks)

    def move_to(self, tile: Box) -> None:
        """From now on the picture stands in another tile."""
        self._tile = tile
        self._fitted = self._fit(self._current[1]) if self._current is not None else None

    def at(self, wall_ns: int) -> tuple[Shown | None, bool]:
        """What is seen at that time (None: nothing), and whether it changed since the last answer."""
        was = self._current
        while (coming := self._next or self._reel.read()) is not None and coming[0] <= wall_ns:
            self._current, self._next = coming, None
        self._next = coming
        if self._current is not None and wall_ns - self._current[0] > HOLD_NS:
            self._current = None
        if self._current is was:
            return self._fitted, False
        self._fitted = self._fit(self._current[1]) if self._current is not None else None
        return self._fitted, True

    def close(self) -> None:
        """Let the file go."""
        self._reel.close()

    def _fit(self, frame: av.VideoFrame) -> Shown | None:
        box = fitted((frame.width, frame.height), self._tile)
        try:
            scaled = frame.reformat(box.width, box.height, "yuv420p", interpolation=Interpolation.BILINEAR)
        except (av.FFmpegError, ValueError):
            return None
        y, u, v = (_plane(plane) for plane in scaled.planes)
        return box, (y, u, v)


def _plane(plane: av.video.plane.VideoPlane) -> Plane:
    whole: Plane = np.frombuffer(memoryview(plane), np.uint8)
    return whole.reshape(plane.height, plane.line_size)[:, : plane.width]
