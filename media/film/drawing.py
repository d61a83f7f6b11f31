"""What the film draws itself: the bench's backdrop, label plates, empty seats, title cards, the clock."""

from datetime import datetime
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from cloudcourt.domain.hearing import GapReason
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import SEAT_LABELS
from media.film.layout import HEADER_PX, HEIGHT, WIDTH, Box, Tile
from media.film.lettering import Ink, shortened, text_width, write
from media.film.timeline import Card

_BACKDROP: Ink = (17, 24, 39)
_HEADER: Ink = (26, 37, 58)
_LINE: Ink = (176, 141, 87)
_PLATE: Ink = (36, 49, 74)
_PICTURE: Ink = (10, 14, 23)
_EMPTY: Ink = (30, 40, 60)
_BRIGHT: Ink = (245, 244, 240)
_SOFT: Ink = (170, 180, 198)
_GOLD: Ink = (214, 184, 132)
_METER_ON: Ink = (122, 196, 142)
_METER_OFF: Ink = (62, 76, 104)
_SMOOTH = 4
_EMBLEM_PX = 44
CLOCK = Box(WIDTH - 292, 8, 280, HEADER_PX - 16)
_LABEL_SIZES = ((20, 16), (17, 14), (15, 12))
METER_STEPS = 5
METER_SIZE = (38, 20)

GAP_TITLES: dict[GapReason, tuple[str, str]] = {
    GapReason.RECESS: ("休庭", "Recess"),
    GapReason.SEALED_EVIDENCE: ("不公开质证", "Sealed evidence"),
    GapReason.MEDIATION: ("调解", "Mediation"),
    GapReason.FAULT: ("技术故障，庭审中止", "Suspended for a technical fault"),
}


def backdrop(case_number: str, cause: str, seats: tuple[Seat, ...], tiles: tuple[Tile, ...]) -> Image.Image:
    """Everything that doesn't move: header bar, frames and label plates."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, HEADER_PX - 1), fill=_HEADER)
    draw.rectangle((0, HEADER_PX - 2, WIDTH, HEADER_PX - 1), fill=_LINE)
    image.paste(emblem(_EMBLEM_PX), (14, (HEADER_PX - 2 - _EMBLEM_PX) // 2))
    left = 14 + _EMBLEM_PX + 14
    room = CLOCK.left - left - 16
    number = shortened(case_number, 24, room)
    write(image, (left, HEADER_PX / 2 - 2), number, 24, _BRIGHT)
    left += text_width(number, 24) + 22
    if (room := CLOCK.left - left - 16) > 60:
        write(image, (left, HEADER_PX / 2 - 1), shortened(cause, 20, room), 20, _SOFT)
    for seat, tile in zip(seats, tiles, strict=True):
        _frame(draw, tile)
        _label(image, seat, tile.label)
    return image


def _frame(draw: ImageDraw.ImageDraw, tile: Tile) -> None:
    picture, label = tile.picture, tile.label
    draw.rectangle(_corners(picture), fill=_PICTURE)
    draw.rectangle(_corners(label), fill=_PLATE)


def _label(image: Image.Image, seat: Seat, box: Box) -> None:
    chinese, english = SEAT_LABELS[seat.role]
    middle = box.top + box.height / 2 - 1
    left = box.left + 12
    end = meter_place(box)[0] - 10
    for large, small in _LABEL_SIZES:
        words = ((chinese, large, _GOLD), (english, small, _SOFT), (seat.name, large, _BRIGHT))
        if left + sum(text_width(text, size) + 10 for text, size, _ in words) <= end:
            break
    for text, size, ink in words:
        text = shortened(text, size, max(0, end - left))
        write(image, (left, middle), text, size, ink)
        left += text_width(text, size) + 10


def meter_place(label: Box) -> tuple[int, int]:
    """Top left corner of the level mark on a label plate."""
    return label.left + label.width - METER_SIZE[0] - 10 & ~1, label.top + (label.height - METER_SIZE[1]) // 2 & ~1


@lru_cache(maxsize=METER_STEPS + 1)
def meter(step: int) -> Image.Image:
    """The level mark: so many of its bars are lit."""
    image = Image.new("RGB", METER_SIZE, _PLATE)
    draw = ImageDraw.Draw(image)
    for bar in range(METER_STEPS):
        height = 6 + bar * (METER_SIZE[1] - 8) // (METER_STEPS - 1)
        ink = _METER_ON if bar < step else _METER_OFF
        draw.rectangle((bar * 8, METER_SIZE[1] - height, bar * 8 + 4, METER_SIZE[1] - 1), fill=ink)
    return image


def empty_seat(seat: Seat, size: tuple[int, int]) -> Image.Image:
    """The calm plate of someone who isn't seen: a figure and the name."""
    width, height = size
    image = Image.new("RGB", (width * 2, height * 2), _EMPTY)
    draw = ImageDraw.Draw(image)
    middle, unit = width, height / 4
    draw.ellipse((middle - unit * 0.55, unit * 1.55, middle + unit * 0.55, unit * 2.65), fill=_METER_OFF)
    draw.pieslice((middle - unit, unit * 2.95, middle + unit, unit * 5.6), 180, 360, fill=_METER_OFF)
    image = image.resize(size, Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, round(height * 0.53), width, height), fill=_EMPTY)
    name = max(18, height // 12)
    write(image, (width / 2, height * 0.64), shortened(seat.name, name, width - 24), name, _BRIGHT, "mm")
    note = "未显示画面 · no picture"
    write(image, (width / 2, height * 0.64 + name * 1.5), shortened(note, 15, width - 16), 15, _SOFT, "mm")
    return image


def clock_face(at: datetime) -> Image.Image:
    """The wall clock with its UTC offset, as burnt into every second of the record."""
    local = at.astimezone()
    image = Image.new("RGB", (CLOCK.width, CLOCK.height), _HEADER)
    write(image, (CLOCK.width - 2, CLOCK.height / 2 - 1), f"{local:%Y-%m-%d}  {local:%H:%M:%S}", 20, _BRIGHT, "rm")
    left = CLOCK.width - 2 - text_width(f"{local:%Y-%m-%d}  {local:%H:%M:%S}", 20) - 8
    write(image, (left, CLOCK.height / 2), utc_offset(local), 13, _SOFT, "rm")
    return image


def utc_offset(local: datetime) -> str:
    """`UTC+8`, `UTC+5:30`, `UTC`."""
    minutes = round((local.utcoffset() or datetime.resolution).total_seconds()) // 60
    sign, minutes = ("-", -minutes) if minutes < 0 else ("+", minutes)
    if not minutes:
        return "UTC"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")


def title_card(card: Card, case_number: str) -> Image.Image:
    """A gap in the record: why, and from when to when."""
    chinese, english = GAP_TITLES[card.gap.reason]
    image = Image.new("RGB", (WIDTH, HEIGHT), _BACKDROP)
    draw = ImageDraw.Draw(image)
    image.paste(emblem(96, _BACKDROP), ((WIDTH - 96) // 2, 120))
    write(image, (WIDTH / 2, 292), chinese, 64, _BRIGHT, "mm")
    write(image, (WIDTH / 2, 366), english, 34, _GOLD, "mm")
    draw.rectangle((WIDTH // 2 - 90, 412, WIDTH // 2 + 90, 413), fill=_LINE)
    write(image, (WIDTH / 2, 464), gap_times(card), 32, _BRIGHT, "mm")
    write(image, (WIDTH / 2, 512), "此时段未录制 · not on the record", 22, _SOFT, "mm")
    write(image, (WIDTH / 2, HEIGHT - 60), shortened(case_number, 22, WIDTH - 80), 22, _SOFT, "mm")
    return image


def gap_times(card: Card) -> str:
    """`2026-11-24  10:03:20 – 10:15:02  UTC+8`."""
    began = card.gap.began_at.astimezone()
    times = f"{began:%Y-%m-%d}  {began:%H:%M:%S} –"
    if card.ended_at is not None:
        ended = card.ended_at.astimezone()
        times += f" {ended:%H:%M:%S}" if ended.date() == began.date() else f" {ended:%Y-%m-%d %H:%M:%S}"
    return f"{times}  {utc_offset(began)}"


def emblem(size: int, behind: Ink = _HEADER) -> Image.Image:
    """A neutral court emblem: a balance in a ring. Not the national emblem, whose use the law guards."""
    full = size * _SMOOTH
    image = Image.new("RGB", (full, full), behind)
    draw = ImageDraw.Draw(image)
    stroke = max(2, full // 22)
    middle = full / 2
    draw.ellipse((stroke, stroke, full - stroke, full - stroke), outline=_LINE, width=stroke)
    top, foot, arm = full * 0.25, full * 0.75, full * 0.25
    draw.line((middle, top, middle, foot), fill=_GOLD, width=stroke)
    draw.line((middle - arm, top + stroke, middle + arm, top + stroke), fill=_GOLD, width=stroke)
    draw.line((middle - full * 0.12, foot, middle + full * 0.12, foot), fill=_GOLD, width=stroke)
    for side in (-1, 1):
        hook, pan, half = middle + side * arm, full * 0.54, full * 0.12
        draw.line((hook, top, hook - half, pan), fill=_GOLD, width=stroke // 2)
        draw.line((hook, top, hook + half, pan), fill=_GOLD, width=stroke // 2)
        bowl = [(hook + half * cos(pi * n / 16), pan + half * 0.7 * sin(pi * n / 16)) for n in range(17)]
        draw.polygon(bowl, fill=_GOLD)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.left + box.width - 1, box.top + box.height - 1
