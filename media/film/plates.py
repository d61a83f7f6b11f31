"""What stands under and in the tiles: name plates, level marks, and the plates of people who aren't seen."""

from enum import Enum
from functools import lru_cache

from PIL import Image, ImageDraw

from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import SEAT_LABELS
from media.film.canvas import Ink, Planes, planes
from media.film.layout import NARROW_PX, Box
from media.film.lettering import shortened, text_width, write
from media.film.palette import (
    BRIGHT,
    EMPTY,
    FIGURE,
    GOLD,
    METER_OFF,
    METER_ON,
    PLATE,
    PLATE_LIT,
    SOFT,
    SPEAKING_TEXT,
)

METER_STEPS = 5
METER_WIDTH, METER_HEIGHT = 38, 20
BAR_HEIGHT = 10
_PAD = 12
_WORDS_APART = 10
_ONE_LINE = ((22, 18), (20, 16), (18, 15))
"""Sizes of Chinese and names, and of English, from the best down."""
_TWO_LINES = ((18, 15), (16, 14))
_SMOOTH = 2
_SMALL_PX, _TINY_PX = 120, 80
"""Below these heights a place has no name, and no figure."""


class Absence(Enum):
    """Why nobody is seen, in both languages. Tracks don't tell a camera that is off from a link too weak for it."""

    SOUND_ONLY = ("仅有声音", "Sound only")
    NOT_CONNECTED = ("未连接", "Not connected")
    NOT_YET_HERE = ("尚未到庭", "Not yet here")


@lru_cache(maxsize=128)
def name_plate(seat: Seat, width: int, height: int, *, lit: bool) -> Planes:
    """Role in both languages and the name; green while they speak. Room is left for the level mark."""
    ground = PLATE_LIT if lit else PLATE
    image = Image.new("RGB", (width, height), ground)
    if lit:
        ImageDraw.Draw(image).rectangle((0, 0, 3, height), fill=SPEAKING_TEXT)
    chinese, english = SEAT_LABELS[seat.role]
    room = width - _PAD - METER_WIDTH - 2 * _WORDS_APART
    if width < NARROW_PX:
        upper = width - 2 * _PAD
        sizes = _first_that_fits(_TWO_LINES, (chinese, "", seat.name), upper)
        if text_width(english, sizes[1]) > room:
            sizes = sizes[0], _TWO_LINES[-1][1]
        _line(image, height * 0.3, upper, ((chinese, sizes[0], GOLD), (seat.name, sizes[0], BRIGHT)))
        _line(image, height * 0.74, room, ((english, sizes[1], SOFT),))
    else:
        sizes = _first_that_fits(_ONE_LINE, (chinese, english, seat.name), room)
        words = ((chinese, sizes[0], GOLD), (english, sizes[1], SOFT), (seat.name, sizes[0], BRIGHT))
        _line(image, height / 2 - 1, room, words)
    return planes(image)


def _first_that_fits(sizes: tuple[tuple[int, int], ...], words: tuple[str, str, str], room: int) -> tuple[int, int]:
    for large, small in sizes:
        widths = [text_width(word, size) for word, size in zip(words, (large, small, large), strict=True) if word]
        if sum(widths) + _WORDS_APART * (len(widths) - 1) <= room:
            return large, small
    return sizes[-1]


def _line(image: Image.Image, middle: float, room: int, words: tuple[tuple[str, int, Ink], ...]) -> None:
    left = _PAD
    for text, size, ink in words:
        text = shortened(text, size, max(0, _PAD + room - left))
        write(image, (left, middle), text, size, ink)
        left += text_width(text, size) + _WORDS_APART


def meter_place(label: Box) -> tuple[int, int]:
    """Top left corner of the level mark on a name plate; on narrow ones it stands beside the second line."""
    below = label.height - METER_HEIGHT
    top = label.top + (below - 2 if label.width < NARROW_PX else below // 2)
    return label.left + label.width - METER_WIDTH - 10 & ~1, top & ~1


@lru_cache(maxsize=2 * METER_STEPS + 2)
def meter(step: int, *, lit: bool) -> Planes:
    """The level mark: so many of its bars are lit."""
    image = Image.new("RGB", (METER_WIDTH, METER_HEIGHT), PLATE_LIT if lit else PLATE)
    draw = ImageDraw.Draw(image)
    for bar in range(METER_STEPS):
        height = 6 + bar * (METER_HEIGHT - 6) // (METER_STEPS - 1)
        ink = METER_ON if bar < step else METER_OFF
        draw.rectangle((bar * 8, METER_HEIGHT - height, bar * 8 + 4, METER_HEIGHT - 1), fill=ink)
    return planes(image)


@lru_cache(maxsize=64)
def empty_place(seat: Seat, width: int, height: int, absence: Absence) -> Planes:
    """The calm plate of someone who isn't seen: why, and where there is room a figure and the name."""
    image = Image.new("RGB", (width, height), EMPTY)
    if height >= _TINY_PX:
        image = _figure(width, height)
    if height >= _SMALL_PX:
        name = max(20, height // 12)
        write(image, (width / 2, height * 0.65), shortened(seat.name, name, width - 24), name, BRIGHT, "mm")
    middle = height * (0.79 if height >= _SMALL_PX else 0.7 if height >= _TINY_PX else 0.42)
    small = 14 if height < _SMALL_PX else max(15, height // 17)
    chinese, english = absence.value
    note = f"{chinese} · {english}"
    if text_width(note, small) > width - 8:
        note = chinese
    write(image, (width / 2, middle), shortened(note, small, width - 8), small, SOFT, "mm")
    return planes(image)


def _figure(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width * _SMOOTH, height * _SMOOTH), EMPTY)
    middle, unit = width * _SMOOTH / 2, height * _SMOOTH / 4
    draw = ImageDraw.Draw(image)
    draw.ellipse((middle - unit * 0.52, unit * 0.5, middle + unit * 0.52, unit * 1.54), fill=FIGURE)
    draw.pieslice((middle - unit, unit * 1.74, middle + unit, unit * 4.2), 180, 360, fill=FIGURE)
    image = image.resize((width, height), Image.Resampling.LANCZOS)
    ImageDraw.Draw(image).rectangle((0, round(height * 0.56), width, height), fill=EMPTY)
    return image


def bar_place(picture: Box) -> Box:
    """Where the level of someone who isn't seen is shown in their place."""
    width = min(240, picture.width // 2) & ~1
    top = picture.top + round(picture.height * 0.885) & ~1
    return Box(
        picture.left + (picture.width - width) // 2 & ~1, top, width, BAR_HEIGHT if picture.height >= _TINY_PX else 4
    )


@lru_cache(maxsize=64)
def level_bar(step: int, width: int, height: int) -> Planes:
    """The same level as a wide bar."""
    image = Image.new("RGB", (width, height), EMPTY)
    draw = ImageDraw.Draw(image)
    each = width / METER_STEPS
    for part in range(METER_STEPS):
        ink = METER_ON if part < step else METER_OFF
        draw.rectangle((round(part * each), 0, round((part + 1) * each) - 4, height - 1), fill=ink)
    return planes(image)


@lru_cache(maxsize=32)
def caption(chinese: str, english: str, title: str, width: int, height: int) -> Planes:
    """The plate under what is shown: what it is in both languages, and its title."""
    image = Image.new("RGB", (width, height), PLATE)
    room = width - 2 * _PAD
    _line(image, height / 2 - 1, room, ((chinese, 22, GOLD), (english, 18, SOFT), (title, 22, BRIGHT)))
    return planes(image)
