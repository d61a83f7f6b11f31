"""One picture of the film as YUV 4:2:0 planes, painted with numpy."""

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.film.layout import HEIGHT, WIDTH, Box, strips_around

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]
Ink = tuple[int, int, int]
"""Red, green, blue."""


class Canvas:
    """Planes `y`, `u`, `v` over one buffer in the layout that PyAV's `yuv420p` frames have (BT.601, video range)."""

    def __init__(self) -> None:
        self.buffer: Plane = np.zeros((HEIGHT * 3 // 2, WIDTH), np.uint8)
        quarter = HEIGHT // 4
        self.y = self.buffer[:HEIGHT]
        self.u = self.buffer[HEIGHT : HEIGHT + quarter].reshape(HEIGHT // 2, WIDTH // 2)
        self.v = self.buffer[HEIGHT + quarter :].reshape(HEIGHT // 2, WIDTH // 2)

    def paint(self, image: Image.Image, left: int = 0, top: int = 0) -> None:
        """Put an RGB image of even size at an even place."""
        self.lay(planes(image), left, top)

    def lay(self, painted: Planes, left: int, top: int) -> None:
        """Put planes at an even place."""
        for target, plane, half in zip((self.y, self.u, self.v), painted, (1, 2, 2), strict=True):
            height, width = plane.shape
            target[top // half : top // half + height, left // half : left // half + width] = plane

    def fill(self, box: Box, ink: Ink) -> None:
        """One colour over a box."""
        for target, value, half in zip((self.y, self.u, self.v), _yuv(ink), (1, 2, 2), strict=True):
            rows = slice(box.top // half, (box.top + box.height) // half)
            target[rows, box.left // half : (box.left + box.width) // half] = value

    def ring(self, inner: Box, width: int, ink: Ink) -> None:
        """A frame of one colour around a box."""
        for strip in strips_around(inner, inner.grown(width)):
            self.fill(strip, ink)

    def frame(self) -> av.VideoFrame:
        """A copy of the picture as it is now."""
        return av.VideoFrame.from_ndarray(self.buffer, format="yuv420p")


def planes(image: Image.Image) -> Planes:
    """An RGB image as BT.601 video-range planes, colour at half size."""
    rgb = np.asarray(image.convert("RGB"), np.float32)
    y, u, v = _matrix(rgb[..., 0], rgb[..., 1], rgb[..., 2])
    return _bytes(y), _bytes(_halved(u)), _bytes(_halved(v))


def planes_of(frame: av.VideoFrame) -> Planes:
    """The planes of a `yuv420p` frame, not copied."""
    y, u, v = (_plane(plane) for plane in frame.planes)
    return y, u, v


def _matrix(
    red: NDArray[np.float32], green: NDArray[np.float32], blue: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    y = 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255
    u = 128 + (-37.797 * red - 74.203 * green + 112.0 * blue) / 255
    v = 128 + (112.0 * red - 93.786 * green - 18.214 * blue) / 255
    return y, u, v


def _yuv(ink: Ink) -> tuple[int, int, int]:
    y, u, v = _matrix(*np.asarray(ink, np.float32).reshape(3, 1))
    return round(float(y[0])), round(float(u[0])), round(float(v[0]))


def _plane(plane: av.video.plane.VideoPlane) -> Plane:
    whole: Plane = np.frombuffer(memoryview(plane), np.uint8)
    return whole.reshape(plane.height, plane.line_size)[:, : plane.width]


def _halved(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = plane.shape
    halved: NDArray[np.float32] = plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return halved


def _bytes(plane: NDArray[np.float32]) -> Plane:
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8)
