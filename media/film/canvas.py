"""One picture of the film as YUV 4:2:0 planes, painted with numpy."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.film.layout import HEIGHT, WIDTH, Box

Plane = NDArray[np.uint8]


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

    def lay(self, painted: tuple[Plane, Plane, Plane], left: int, top: int) -> None:
        """Put planes at an even place."""
        for target, plane, half in zip((self.y, self.u, self.v), painted, (1, 2, 2), strict=True):
            height, width = plane.shape
            target[top // half : top // half + height, left // half : left // half + width] = plane

    def copy_from(self, other: "Canvas", box: Box) -> None:
        """Take over one box of another canvas."""
        for mine, its, half in ((self.y, other.y, 1), (self.u, other.u, 2), (self.v, other.v, 2)):
            rows = slice(box.top // half, (box.top + box.height) // half)
            columns = slice(box.left // half, (box.left + box.width) // half)
            mine[rows, columns] = its[rows, columns]


def planes(image: Image.Image) -> tuple[Plane, Plane, Plane]:
    """An RGB image as BT.601 video-range planes, colour at half size."""
    rgb = np.asarray(image.convert("RGB"), np.float32)
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    y = 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255
    u = 128 + (-37.797 * red - 74.203 * green + 112.0 * blue) / 255
    v = 128 + (112.0 * red - 93.786 * green - 18.214 * blue) / 255
    return _bytes(y), _bytes(_halved(u)), _bytes(_halved(v))


def _halved(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = plane.shape
    halved: NDArray[np.float32] = plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return halved


def _bytes(plane: NDArray[np.float32]) -> Plane:
    return np.clip(np.rint(plane), 0, 255).astype(np.uint8)
