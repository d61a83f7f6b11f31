"""The film's colours: a quiet dark courtroom, gold for the court, green for who speaks."""

from typing import Final

from media.film.canvas import Ink

GROUND: Final[Ink] = (17, 24, 39)
HEADER: Final[Ink] = (26, 37, 58)
LINE: Final[Ink] = (176, 141, 87)
PLATE: Final[Ink] = (36, 49, 74)
PLATE_LIT: Final[Ink] = (24, 74, 56)
PICTURE: Final[Ink] = (24, 32, 49)
"""Beside a picture that doesn't fill its place."""
EMPTY: Final[Ink] = (30, 40, 60)
FIGURE: Final[Ink] = (62, 76, 104)
BRIGHT: Final[Ink] = (245, 244, 240)
SOFT: Final[Ink] = (176, 186, 204)
GOLD: Final[Ink] = (222, 192, 140)
SPEAKING_RING: Final[Ink] = (72, 190, 122)
SPEAKING_TEXT: Final[Ink] = (142, 220, 172)
METER_ON: Final[Ink] = (122, 206, 150)
METER_OFF: Final[Ink] = (70, 84, 112)
