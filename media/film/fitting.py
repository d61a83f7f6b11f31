"""Brings pictures of any shape into their places: scaled by swscale, never stretched or cut.

They come upright with square pixels: without the header extension for orientation browsers turn the picture themselves.
"""

import av
from av.video.reformatter import Interpolation, VideoReformatter
from PIL import Image

from media.film.canvas import Planes, planes, planes_of
from media.film.layout import Box, fitted

Fitted = tuple[Box, Planes]


class Fitting:
    """One place in the picture and the scaler for it."""

    def __init__(self, place: Box) -> None:
        self._place = place
        self._scaler = VideoReformatter()

    def fit(self, frame: av.VideoFrame) -> Fitted | None:
        """The frame in its place; None for one that can't be converted."""
        box = fitted((frame.width, frame.height), self._place)
        try:
            scaled = self._scaler.reformat(
                frame, box.width, box.height, "yuv420p", interpolation=Interpolation.BILINEAR
            )
        except (av.FFmpegError, ValueError):
            return None
        return box, planes_of(scaled)

    def fit_image(self, image: Image.Image) -> Fitted:
        """A page as a whole, on white where it is transparent."""
        box = fitted(image.size, self._place)
        paper = Image.new("RGB", image.size, (255, 255, 255))
        paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
        return box, planes(paper.resize((box.width, box.height), Image.Resampling.LANCZOS))
