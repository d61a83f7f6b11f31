"""The bar on top: emblem, case number and cause, who speaks, and the clock that is burnt into every frame."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import SEAT_LABELS
from media.film.canvas import Planes, planes
from media.film.emblem import emblem
from media.film.layout import HEADER_PX, WIDTH, Box
from media.film.lettering import shortened, write
from media.film.palette import BRIGHT, HEADER, LINE, SOFT, SPEAKING_TEXT

_EMBLEM_PX = 52
_LEFT_PX = 14
_UPPER, _LOWER = 25, 54
_CASE_PX, _CAUSE_PX, _TIME_PX, _HUNDREDTHS_PX, _DATE_PX, _SPEAKING_PX, _NAMES_PX = 25, 18, 34, 24, 18, 16, 22
CLOCK = Box(WIDTH - 214, 2, 204, HEADER_PX - 6)
HUNDREDTHS = Box(CLOCK.left + CLOCK.width - 46, 8, 46, 34)
SPEAKING = Box(600, 2, CLOCK.left - 600 - 10, HEADER_PX - 6)


def header(case_number: str, cause: str, emblem_file: Path | None) -> Planes:
    """What of the bar doesn't move."""
    image = Image.new("RGB", (WIDTH, HEADER_PX), HEADER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HEADER_PX - 2, WIDTH, HEADER_PX - 1), fill=LINE)
    image.paste(emblem(_EMBLEM_PX, HEADER, emblem_file), (_LEFT_PX, (HEADER_PX - 2 - _EMBLEM_PX) // 2))
    left = _LEFT_PX + _EMBLEM_PX + 14
    room = SPEAKING.left - left - 16
    write(image, (left, _UPPER), shortened(case_number, _CASE_PX, room), _CASE_PX, BRIGHT)
    write(image, (left, _LOWER), shortened(cause, _CAUSE_PX, room), _CAUSE_PX, SOFT)
    return planes(image)


@lru_cache(maxsize=64)
def speaking_line(seats: tuple[Seat, ...]) -> Planes:
    """Now speaking: these seats, in both languages; nothing for nobody."""
    image = Image.new("RGB", (SPEAKING.width, SPEAKING.height), HEADER)
    if seats:
        upper, lower = _UPPER - SPEAKING.top, _LOWER - SPEAKING.top
        ImageDraw.Draw(image).ellipse((2, upper - 5, 11, upper + 4), fill=SPEAKING_TEXT)
        write(image, (20, upper), "正在发言  Now speaking", _SPEAKING_PX, SPEAKING_TEXT)
        names = "  ·  ".join(_called(seat, brief=len(seats) > 1) for seat in seats)
        write(image, (0, lower), shortened(names, _NAMES_PX, SPEAKING.width), _NAMES_PX, BRIGHT)
    return planes(image)


def _called(seat: Seat, *, brief: bool) -> str:
    chinese, english = SEAT_LABELS[seat.role]
    return f"{chinese} {english}" if brief else f"{chinese} {english}  {seat.name}"


@lru_cache(maxsize=4)
def clock_face(second: datetime) -> Planes:
    """Date, UTC offset, hours, minutes and seconds; room is left for the hundredths."""
    local = second.astimezone()
    image = Image.new("RGB", (CLOCK.width, CLOCK.height), HEADER)
    at = HUNDREDTHS.left - CLOCK.left
    write(image, (at, _UPPER - CLOCK.top), f"{local:%H:%M:%S}", _TIME_PX, BRIGHT, "rm")
    right = CLOCK.width - 2
    write(image, (right, _LOWER + 1 - CLOCK.top), f"{local:%Y-%m-%d}  {utc_offset(local)}", _DATE_PX, SOFT, "rm")
    return planes(image)


@lru_cache(maxsize=100)
def hundredths_face(hundredths: int) -> Planes:
    """The two digits behind the seconds, on the seconds' line."""
    image = Image.new("RGB", (HUNDREDTHS.width, HUNDREDTHS.height), HEADER)
    # Both stand on one baseline: a third of a letter's height below its middle.
    baseline = _UPPER - HUNDREDTHS.top + _TIME_PX * 0.36
    write(image, (2, baseline), f".{hundredths:02}", _HUNDREDTHS_PX, SOFT, "ls")
    return planes(image)


def utc_offset(local: datetime) -> str:
    """`UTC+8`, `UTC+5:30`, `UTC`."""
    minutes = round((local.utcoffset() or datetime.resolution).total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    if not minutes:
        return "UTC"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
