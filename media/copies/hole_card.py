"""The card that stands in a film for what was taken out of a copy: why, and from when to when."""

from collections.abc import Sequence
from typing import NamedTuple

import av
import numpy as np
from PIL import Image, ImageDraw

from media.copies.hole_order import Hole
from media.film.canvas import planes
from media.film.header import utc_offset
from media.film.layout import HEIGHT, WIDTH
from media.film.lettering import shortened, write
from media.film.palette import BRIGHT, GOLD, GROUND, LINE, SOFT

_TITLE_PX, _ENGLISH_PX, _TIMES_PX, _SMALL_PX = 64, 34, 34, 24


class CardWords(NamedTuple):
    """What a card says: what was done, in two languages, when, and what that means for the copy, in two languages."""

    title: str
    english: str
    times: str
    meaning: str
    english_meaning: str


def hole_card(hole: Hole, case_number: str, width: int, height: int) -> av.VideoFrame:
    """The whole picture, in a film of that size."""
    words = CardWords(
        "依令封存",
        "Sealed by order",
        hole_times(hole),
        "此时段的声音和画面已从本副本中隐去",
        "Sound and picture of this time are left out of this copy",
    )
    return told_card(words, case_number, width, height)


def told_card(words: CardWords, case_number: str, width: int, height: int) -> av.VideoFrame:
    """A whole picture with these words, in a film of that size."""
    image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    ImageDraw.Draw(image).rectangle((40, 40, WIDTH - 41, HEIGHT - 41), outline=LINE, width=2)
    middle = WIDTH / 2
    write(image, (middle, 238), words.title, _TITLE_PX, BRIGHT, "mm")
    write(image, (middle, 306), words.english, _ENGLISH_PX, GOLD, "mm")
    write(image, (middle, 404), words.times, _TIMES_PX, BRIGHT, "mm")
    write(image, (middle, 474), words.meaning, _SMALL_PX, BRIGHT, "mm")
    write(image, (middle, 510), words.english_meaning, _SMALL_PX, SOFT, "mm")
    write(image, (middle, HEIGHT - 78), shortened(case_number, _SMALL_PX, WIDTH - 160), _SMALL_PX, SOFT, "mm")
    buffer = np.concatenate([plane.reshape(-1) for plane in planes(image.resize((width, height)))])
    return av.VideoFrame.from_ndarray(buffer.reshape(height * 3 // 2, width), format="yuv420p")


def hole_times(hole: Hole) -> str:
    """`2026-11-24  10:02:11 – 10:05:40  UTC+8`."""
    began, ended = hole.began_at.astimezone(), hole.ended_at.astimezone()
    until = f"{ended:%H:%M:%S}" if ended.date() == began.date() else f"{ended:%Y-%m-%d %H:%M:%S}"
    return f"{began:%Y-%m-%d}  {began:%H:%M:%S} – {until}  {utc_offset(began)}"


def title_of(holes: Sequence[Hole]) -> str:
    """What a player shows of a file in which something is sealed."""
    return "依令封存 Sealed by order: " + "; ".join(map(hole_times, holes))
