"""Exhibits for tests: real PDFs whose pages have a colour each, pictures, and a sound."""

import io
import wave

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
PAGE_COLOURS: tuple[Colour, ...] = ((214, 60, 48), (40, 150, 90), (50, 90, 210))


def pdf(colours: tuple[Colour, ...] = PAGE_COLOURS) -> bytes:
    """A4 pages, each of one colour with a white sheet's edge."""
    pages = []
    for colour in colours:
        page = Image.new("RGB", (620, 877), colour)
        ImageDraw.Draw(page).rectangle((0, 0, 619, 876), outline="white", width=6)
        pages.append(page)
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:])
    return file.getvalue()


def photograph(colour: Colour = (120, 90, 60)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(file, "JPEG")
    return file.getvalue()


def silence(seconds: float = 1.0) -> bytes:
    """A WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(int(seconds * 8000) * 2))
    return file.getvalue()
