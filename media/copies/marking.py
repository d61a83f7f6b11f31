"""Burns a visible mark into a copy of a film: the picture is encoded again, the sound is taken over as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from media.copies.picture_like import picture_like
from media.film.lettering import font, text_width

_SIZE_PX = 24
_MARGIN_PX = 8
_OPACITY = 0.6
_TOLD_EVERY_S = 2.0
_WHITE, _BLACK = 235, 16

Plane = NDArray[Any]


@dataclass(frozen=True)
class Stamp:
    """The mark as brightness over a part of the picture: `luma` is mixed in by `alpha`."""

    top: int
    left: int
    luma: Plane
    alpha: Plane

    def press(self, picture: Plane) -> None:
        """Mix it into the Y plane of a YUV picture."""
        height, width = self.luma.shape
        part = picture[self.top : self.top + height, self.left : self.left + width]
        part[:] = (part * (1 - self.alpha) + self.luma * self.alpha).astype(np.uint8)


def stamps(lines: Sequence[str], width: int, height: int) -> tuple[Stamp, ...]:
    """The mark three times, so that no cut of the picture is without it: below the head, amid, and at the foot."""
    luma, alpha = _drawn("  ·  ".join(line for line in lines if line), width - 4 * _MARGIN_PX)
    tall, wide = luma.shape
    middle = (width - wide) // 2
    places = (
        (round(height * 0.11), 2 * _MARGIN_PX),
        ((height - tall) // 2, middle),
        (round(height * 0.86), width - wide - 2 * _MARGIN_PX),
    )
    return tuple(Stamp(top, max(0, left), luma, alpha) for top, left in places)


def _drawn(text: str, room_px: int) -> tuple[Plane, Plane]:
    size = _SIZE_PX
    while size > 12 and text_width(text, size) > room_px:
        size -= 2
    wide = min(text_width(text, size), room_px) + 2 * _MARGIN_PX
    canvas = (wide, size + 2 * _MARGIN_PX)
    ink, edge = Image.new("L", canvas), Image.new("L", canvas)
    place = (_MARGIN_PX, canvas[1] / 2)
    ImageDraw.Draw(ink).text(place, text, fill=255, font=font(size), anchor="lm")
    ImageDraw.Draw(edge).text(place, text, fill=255, font=font(size), anchor="lm", stroke_width=2)
    inside = np.asarray(ink, dtype=np.float32) / 255
    alpha = np.maximum(inside, np.asarray(edge, dtype=np.float32) / 255) * _OPACITY
    return (_BLACK + (_WHITE - _BLACK) * inside).astype(np.float32), alpha.astype(np.float32)


def mark_film(source: Path, out: Path, lines: Sequence[str], on_progress: Callable[[float], None]) -> None:
    """Write a marked copy of an MP4. Raises OSError, av.FFmpegError."""
    with av.open(source) as film, av.open(out, "w", format="mp4", options={"movflags": "+faststart"}) as copy:
        seen = film.streams.video[0]
        picture = picture_like(seen, copy)
        sounds = {stream.index: copy.add_stream_from_template(stream) for stream in film.streams.audio}
        marks = stamps(lines, seen.width, seen.height)
        whole_s = float((film.duration or 0) / av.time_base) or 1.0
        done_s = told_s = 0.0
        for packet in film.demux(seen, *film.streams.audio):
            if packet.stream.index in sounds:
                if packet.dts is not None:
                    packet.stream = sounds[packet.stream.index]
                    copy.mux(packet)
                continue
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    copy.mux(picture.encode(_marked(frame, marks)))
                    done_s = frame.time or 0.0
            if done_s - told_s >= _TOLD_EVERY_S:
                told_s = done_s
                on_progress(min(0.99, done_s / whole_s))
        copy.mux(picture.encode(None))


def _marked(frame: av.VideoFrame, marks: Sequence[Stamp]) -> av.VideoFrame:
    planes = frame.to_ndarray(format="yuv420p")
    for mark in marks:
        mark.press(planes)
    made = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    made.pts, made.time_base = frame.pts, frame.time_base
    return made
