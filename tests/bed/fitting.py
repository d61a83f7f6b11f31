"""What doesn't fit on a page: wider than the screen, words cut off, buttons out of reach or too small for a thumb."""

from pathlib import Path

SMALL_SIZES = ((320, 568), (360, 640), (430, 932), (640, 360))
"""Phones from the smallest to a large one, and one that lies on its side; CSS pixels."""
WIDE_SIZES = ((1440, 900), (720, 450))
"""A desktop, and the same at a zoom of 200 %."""
ILL_FITTING = (Path(__file__).parent / "ill_fitting.js").read_text()
"""Of the page, or of the dialog over it: sentences, none when all is well."""
