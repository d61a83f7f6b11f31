"""Brings pictures of any shape into their places: scaled by swscale, turned upright, never stretched or cut."""

import av
import numpy as np
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
        turns = round(frame.rotation / 90) % 4
        lies = turns % 2 == 1
        box = fitted((frame.height, frame.width) if lies else (frame.width, frame.height), self._place)
        width, height = (box.height, box.width) if lies else (box.width, box.height)
        try:
            scaled = self._scaler.reformat(frame, width, height, "yuv420p", interpolation=Interpolation.BILINEAR)
        except (av.FFmpegError, ValueError):
            return None
        y, u, v = planes_of(scaled)
        if turns:
            y, u, v = np.rot90(y, turns), np.rot90(u, turns), np.rot90(v, turns)
        return box, (y, u, v)

    def fit_image(self, image: Image.Image) -> Fitted:
        """A page as a whole, on white where it is transparent."""
        box = fitted(image.size, self._place)
        paper = Image.new("RGB", image.size, (255, 255, 255))
        paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
        return box, planes(paper.resize((box.width, box.height), Image.Resampling.LANCZOS))
