"""The emblem in the picture: the court's own file where there is one, else a neutral drawn mark."""

from functools import lru_cache
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw, UnidentifiedImageError

from media.film.canvas import Ink
from media.film.palette import GOLD, LINE

EMBLEM_FILES = ("emblem.png", "emblem.webp", "emblem.jpg")
"""Looked for in the hearing's folder, then in the data directory."""
_SMOOTH = 4
_MOST_BYTES = 8 * 1024 * 1024
_MOST_PIXELS = 16_000_000


def emblem_file(folder: Path) -> Path | None:
    """The court's emblem for the hearing in `data/hearings/ID`."""
    for place in (folder, folder.parent.parent):
        for name in EMBLEM_FILES:
            if (place / name).is_file():
                return place / name
    return None


@lru_cache(maxsize=8)
def emblem(size: int, behind: Ink, file: Path | None = None) -> Image.Image:
    """A square mark of that size on a ground; a file that can't be read is as if it weren't there."""
    if file is not None and (own := _from_file(file, size, behind)) is not None:
        return own
    return _balance(size, behind)


def opened_image(file: Path) -> Image.Image | None:
    """An image file as RGBA, or None if it is too large or can't be read."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            return None
        with Image.open(file) as image:
            if image.width * image.height > _MOST_PIXELS:
                return None
            return image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def _from_file(file: Path, size: int, behind: Ink) -> Image.Image | None:
    own = opened_image(file)
    if own is None:
        return None
    own.thumbnail((size, size), Image.Resampling.LANCZOS)
    image = Image.new("RGB", (size, size), behind)
    image.paste(own, ((size - own.width) // 2, (size - own.height) // 2), own)
    return image


def _balance(size: int, behind: Ink) -> Image.Image:
    """A balance in a ring. Not the national emblem, whose use the law guards."""
    full = size * _SMOOTH
    image = Image.new("RGB", (full, full), behind)
    draw = ImageDraw.Draw(image)
    stroke = max(2, full // 22)
    middle = full / 2
    draw.ellipse((stroke, stroke, full - stroke, full - stroke), outline=LINE, width=stroke)
    top, foot, arm = full * 0.25, full * 0.75, full * 0.25
    draw.line((middle, top, middle, foot), fill=GOLD, width=stroke)
    draw.line((middle - arm, top + stroke, middle + arm, top + stroke), fill=GOLD, width=stroke)
    draw.line((middle - full * 0.12, foot, middle + full * 0.12, foot), fill=GOLD, width=stroke)
    for side in (-1, 1):
        hook, pan, half = middle + side * arm, full * 0.54, full * 0.12
        draw.line((hook, top, hook - half, pan), fill=GOLD, width=stroke // 2)
        draw.line((hook, top, hook + half, pan), fill=GOLD, width=stroke // 2)
        bowl = [(hook + half * cos(pi * n / 16), pan + half * 0.7 * sin(pi * n / 16)) for n in range(17)]
        draw.polygon(bowl, fill=GOLD)
    return image.resize((size, size), Image.Resampling.LANCZOS)
