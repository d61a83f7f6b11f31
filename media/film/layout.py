"""Where everything stands in the picture: 1280 x 720, a header bar, one tile per seat, bench first."""

from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 1280, 720
HEADER_PX = 60
LABEL_PX = 36
_MARGIN_PX = 12
_GUTTER_PX = 10


@dataclass(frozen=True)
class Box:
    """A rectangle on even pixels, so that it is whole in the half-size colour planes too."""

    left: int
    top: int
    width: int
    height: int

    def overlaps(self, other: "Box") -> bool:
        """True when the two share a pixel."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


@dataclass(frozen=True)
class Tile:
    """One seat's place: the picture, and the label plate under it."""

    picture: Box
    label: Box


def layout(seats: int) -> tuple[Tile, ...]:
    """Tiles for that many seats in seating order; up to twelve keep a readable size."""
    if seats == 3:
        return _bench_and_two()
    columns = {1: 1, 2: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}.get(seats) or min(4, ceil(seats**0.5))
    return _grid(seats, columns)


def _grid(seats: int, columns: int) -> tuple[Tile, ...]:
    rows = ceil(seats / columns)
    cell_width = (WIDTH - 2 * _MARGIN_PX - (columns - 1) * _GUTTER_PX) // columns
    free_height = HEIGHT - HEADER_PX - 2 * _MARGIN_PX - (rows - 1) * _GUTTER_PX
    tile = _tile_size(cell_width, free_height // rows)
    total_height = rows * tile[1] + (rows - 1) * _GUTTER_PX
    top = HEADER_PX + (HEIGHT - HEADER_PX - total_height) // 2
    tiles = []
    for number in range(seats):
        row, column = divmod(number, columns)
        in_row = min(columns, seats - row * columns)
        row_width = in_row * tile[0] + (in_row - 1) * _GUTTER_PX
        left = (WIDTH - row_width) // 2 + column * (tile[0] + _GUTTER_PX)
        tiles.append(_tile(left, top + row * (tile[1] + _GUTTER_PX), *tile))
    return tuple(tiles)


def _bench_and_two() -> tuple[Tile, ...]:
    """The judge large on the left, the two parties on the right."""
    large = _tile_size(858, HEIGHT)  # as tall as the two others together
    small = _tile_size(WIDTH - 2 * _MARGIN_PX - _GUTTER_PX - large[0], HEIGHT)
    middle = HEADER_PX + (HEIGHT - HEADER_PX) // 2
    right = WIDTH - _MARGIN_PX - small[0]
    return (
        _tile(_MARGIN_PX, middle - large[1] // 2, *large),
        _tile(right, middle - small[1] - _GUTTER_PX // 2, *small),
        _tile(right, middle + _GUTTER_PX // 2, *small),
    )


def _tile_size(width: int, height: int) -> tuple[int, int]:
    """The largest 16:9 picture with a label under it that fits."""
    picture_width = min(width, (height - LABEL_PX) * 16 // 9)
    return _even(picture_width), _even(picture_width * 9 // 16) + LABEL_PX


def _tile(left: int, top: int, width: int, height: int) -> Tile:
    left, top = _even(left), _even(top)
    return Tile(
        picture=Box(left, top, width, height - LABEL_PX),
        label=Box(left, top + height - LABEL_PX, width, LABEL_PX),
    )


def fitted(source: tuple[int, int], into: Box) -> Box:
    """The box of a picture that is letterboxed, not stretched, in another."""
    scale = min(into.width / source[0], into.height / source[1])
    width = min(into.width, max(2, _even(round(source[0] * scale))))
    height = min(into.height, max(2, _even(round(source[1] * scale))))
    left = into.left + _even((into.width - width) // 2)
    return Box(left, into.top + _even((into.height - height) // 2), width, height)


def _even(number: int) -> int:
    return number & ~1
