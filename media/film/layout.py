"""Where everything stands in the picture: 1280 x 720, a header bar, bench on top, nothing over anything else."""

from dataclasses import dataclass
from math import ceil

WIDTH, HEIGHT = 1280, 720
HEADER_PX = 72
LABEL_PX = 40
SMALL_LABEL_PX = 46
MANY = 6
"""From so many seats on the judge and the speaker are large, the others small."""
MOST_SEATS = 12
RING_PX = 4
"""Of the frame around who speaks; it lies in the gutter, not over anybody's picture."""
NARROW_PX = 340
"""Labels narrower than this have two lines."""
_MARGIN_PX = 12
_GUTTER_PX = 10
_FREE_WIDTH = WIDTH - 2 * _MARGIN_PX
_FREE_HEIGHT = HEIGHT - HEADER_PX - 2 * _GUTTER_PX
_NARROWEST_PX = 184


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

    def grown(self, by: int) -> "Box":
        """The box with a margin around it."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True)
class Tile:
    """One seat's place: the picture, and the label plate under it. `seat` counts from 0 in seating order."""

    seat: int
    picture: Box
    label: Box

    @property
    def whole(self) -> Box:
        """Picture and label together."""
        return Box(self.picture.left, self.picture.top, self.picture.width, self.picture.height + self.label.height)


@dataclass(frozen=True)
class Plan:
    """The picture's division. `shown` is the large place of a screen or an exhibit, `caption` the plate under it."""

    tiles: tuple[Tile, ...]
    shown: Box | None = None
    caption: Box | None = None


def plan(seats: int, bench: int = 1, *, close_up: int = 0, shows: bool = False) -> Plan:
    """The division for that many seats of which the first `bench` are the bench's; more than twelve are left out.

    Up to five: the bench above, the others side by side below it. From six on the first of the bench and the seat
    `close_up` are large on the left, and everybody but the first has a small place that never moves. With something
    to show (`shows`) that is large, and the people stand at its side.
    """
    seats = max(1, min(seats, MOST_SEATS))
    if shows:
        return _beside_what_is_shown(seats)
    if seats >= MANY:
        return Plan(_large_and_small(seats, close_up if 0 < close_up < seats else min(max(1, bench), seats - 1)))
    if seats <= 2:
        return Plan(_rows([seats]))
    above = bench if 1 <= bench <= seats // 2 or (bench, seats) == (2, 3) else seats // 2
    return Plan(_rows([above, seats - above]))


def _rows(counts: list[int]) -> tuple[Tile, ...]:
    """Rows of 16:9 tiles, each as large as its row and the height allow."""
    widest = [_even((_FREE_WIDTH - (count - 1) * _GUTTER_PX) // count) for count in counts]
    labels = [_label_height(width) for width in widest]
    free = _FREE_HEIGHT - (len(counts) - 1) * _GUTTER_PX - sum(labels)
    heights = _shared(free, [_even(width * 9 // 16) for width in widest])
    top = HEADER_PX + _GUTTER_PX + _even((free - sum(heights)) // 2)
    tiles: list[Tile] = []
    for count, height, label in zip(counts, heights, labels, strict=True):
        width = _even(height * 16 // 9)
        left = (WIDTH - count * width - (count - 1) * _GUTTER_PX) // 2
        for seat in range(len(tiles), len(tiles) + count):
            tiles.append(_tile(seat, left, top, width, height, label))
            left += width + _GUTTER_PX
        top += height + label + _GUTTER_PX
    return tuple(tiles)


def _shared(free: int, wanted: list[int]) -> list[int]:
    """Heights of one or two rows that fit together: what is short is short for the taller."""
    fair = _even(free // len(wanted))
    low = min(wanted)
    return [min(height, fair if low > fair else _even(free - low * (len(wanted) - 1))) for height in wanted]


def _large_and_small(seats: int, close_up: int) -> tuple[Tile, ...]:
    height = _even((_FREE_HEIGHT - _GUTTER_PX) // 2) - LABEL_PX
    width = _even(height * 16 // 9)
    below = HEADER_PX + 2 * _GUTTER_PX + height + LABEL_PX
    free = _FREE_WIDTH - width - _GUTTER_PX
    small = _grid(range(1, seats), free, max(1, ceil((seats - 1) / _columns(seats - 1, free))))
    used = width + _GUTTER_PX + max(tile.whole.left + tile.whole.width for tile in small)
    left = _even((WIDTH - used) // 2)
    large = (
        _tile(0, left, HEADER_PX + _GUTTER_PX, width, height),
        _tile(close_up, left, below, width, height),
    )
    return large + tuple(_moved(tile, left + width + _GUTTER_PX) for tile in small)


def _columns(count: int, free_width: int) -> int:
    """How many columns give small tiles the largest pictures."""
    return max(range(1, 5), key=lambda columns: _cell(count, columns, free_width)[1])


def _cell(count: int, columns: int, free_width: int) -> tuple[int, int, int]:
    """Width and height of the pictures and height of the labels of a grid as high as the picture."""
    rows = ceil(count / columns)
    widest = _even((free_width - (columns - 1) * _GUTTER_PX) // columns)
    cell = _even((_FREE_HEIGHT - (rows - 1) * _GUTTER_PX) // rows)
    for label in (LABEL_PX, SMALL_LABEL_PX):
        height = min(cell - label, _even(widest * 9 // 16))
        width = min(widest, max(_NARROWEST_PX, _even(height * 16 // 9)))
        if label == _label_height(width):
            break
    return width, height, label


def _grid(seats: range, free_width: int, rows: int) -> tuple[Tile, ...]:
    """Small tiles row by row at the left edge, in the middle of the height; for that many seats, at their best."""
    columns = ceil(len(seats) / rows)
    width, height, label = _cell(len(seats), columns, free_width)
    rows = ceil(len(seats) / columns)
    total = rows * (height + label) + (rows - 1) * _GUTTER_PX
    top = HEADER_PX + _GUTTER_PX + _even((_FREE_HEIGHT - total) // 2)
    tiles = []
    for number, seat in enumerate(seats):
        row, column = divmod(number, columns)
        at = (column * (width + _GUTTER_PX), top + row * (height + label + _GUTTER_PX))
        tiles.append(_tile(seat, *at, width, height, label))
    return tuple(tiles)


def _beside_what_is_shown(seats: int) -> Plan:
    columns, widest = (1, 252) if seats <= 4 else (2, _NARROWEST_PX)
    strip = _grid(range(seats), columns * (widest + _GUTTER_PX) - _GUTTER_PX, ceil(seats / columns))
    strip_width = max(tile.whole.left + tile.whole.width for tile in strip)
    width = _even(_FREE_WIDTH - strip_width - _GUTTER_PX)
    shown = Box(_MARGIN_PX, HEADER_PX + _GUTTER_PX, width, _even(_FREE_HEIGHT - LABEL_PX))
    return Plan(
        tuple(_moved(tile, _MARGIN_PX + width + _GUTTER_PX) for tile in strip),
        shown,
        Box(shown.left, shown.top + shown.height, width, LABEL_PX),
    )


def _label_height(width: int) -> int:
    return SMALL_LABEL_PX if width < NARROW_PX else LABEL_PX


def _tile(seat: int, left: int, top: int, width: int, height: int, label: int = LABEL_PX) -> Tile:
    left, top = _even(left), _even(top)
    return Tile(seat, Box(left, top, width, height), Box(left, top + height, width, label))


def _moved(tile: Tile, right: int) -> Tile:
    return _tile(
        tile.seat,
        tile.picture.left + right,
        tile.picture.top,
        tile.picture.width,
        tile.picture.height,
        tile.label.height,
    )


def fitted(source: tuple[float, float], into: Box) -> Box:
    """The box of a picture that is letterboxed, not stretched, in another."""
    scale = min(into.width / source[0], into.height / source[1])
    width = min(into.width, max(2, 2 * round(source[0] * scale / 2)))
    height = min(into.height, max(2, 2 * round(source[1] * scale / 2)))
    left = into.left + _even((into.width - width) // 2)
    return Box(left, into.top + _even((into.height - height) // 2), width, height)


def strips_around(inner: Box, outer: Box) -> tuple[Box, ...]:
    """What of the outer box the inner one leaves free."""
    bottom, right = inner.top + inner.height, inner.left + inner.width
    rows = [(outer.top, inner.top), (bottom, outer.top + outer.height)]
    sides = [(outer.left, inner.left), (right, outer.left + outer.width)]
    strips = [Box(outer.left, top, outer.width, end - top) for top, end in rows]
    strips += [Box(left, inner.top, end - left, inner.height) for left, end in sides]
    return tuple(box for box in strips if box.width > 0 and box.height > 0)


def _even(number: int) -> int:
    return number & ~1
