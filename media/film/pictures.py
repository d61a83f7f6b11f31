"""One person's picture at any time of the record, decoded from the tracks and fitted into a tile."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Interpolation

from media.film.canvas import Plane
from media.film.layout import Box, fitted
from media.film.timeline import as_ns
from media.record.sidecar import Sidecar

HOLD_NS = 1_500_000_000
_MOST_PIXELS = 4096 * 2304
Shown = tuple[Box, tuple[Plane, Plane, Plane]]


class PictureFeed:
    """Plays a person's video tracks along the wall clock, forwards only."""

    def __init__(self, folder: Path, tracks: list[Sidecar], tile: Box) -> None:
        self._tile = tile
        self._frames = self._decode(folder, sorted(tracks, key=lambda track: track.started_at))
        self._next: tuple[int, av.VideoFrame] | None = next(self._frames, None)
        self._current: tuple[int, av.VideoFrame] | None = None
        self._fitted: Shown | None = None

    def at(self, wall_ns: int) -> tuple[Shown | None, bool]:
        """What is seen at that time (None: nothing), and whether it changed since the last answer."""
        was = self._current
        while self._next is not None and self._next[0] <= wall_ns:
            self._current = self._next
            self._next = next(self._frames, None)
        if self._current is not None and wall_ns - self._current[0] > HOLD_NS:
            self._current = None
        if self._current is was:
            return self._fitted, False
        self._fitted = self._fit(self._current[1]) if self._current is not None else None
        return self._fitted, True

    def _fit(self, frame: av.VideoFrame) -> Shown | None:
        box = fitted((frame.width, frame.height), self._tile)
        try:
            scaled = frame.reformat(box.width, box.height, "yuv420p", interpolation=Interpolation.BILINEAR)
        except (av.FFmpegError, ValueError):
            return None
        y, u, v = (_plane(plane) for plane in scaled.planes)
        return box, (y, u, v)

    @staticmethod
    def _decode(folder: Path, tracks: list[Sidecar]) -> Iterator[tuple[int, av.VideoFrame]]:
        newest_ns = 0
        for track in tracks:
            if (track.width or 0) * (track.height or 0) > _MOST_PIXELS:
                continue
            for frame in decoded_pictures(folder / track.file):
                wall_ns = as_ns(track.started_at) + round(float(frame.time or 0) * 1e9)
                if wall_ns >= newest_ns:
                    newest_ns = wall_ns
                    yield wall_ns, frame


def decoded_pictures(path: Path) -> Iterator[av.VideoFrame]:
    """Every picture that can be decoded; what can't is left out, and a torn end ends it."""
    try:
        with av.open(path) as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except (av.FFmpegError, ValueError):
                    continue
                for frame in frames:
                    if isinstance(frame, av.VideoFrame) and frame.pts is not None:
                        yield frame
    except (OSError, av.FFmpegError, ValueError, IndexError):
        return


def _plane(plane: av.video.plane.VideoPlane) -> Plane:
    whole: Plane = np.frombuffer(memoryview(plane), np.uint8)
    return whole.reshape(plane.height, plane.line_size)[:, : plane.width]
