"""Exhibits for tests: real PDFs whose pages have a colour each, pictures, and a sound."""

import io
import struct
import wave
import zlib

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


def scripted_pdf(side_pt: int) -> bytes:
    """One square page with a script that runs when a viewer opens it, where viewers do such things."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {side_pt} {side_pt}]>>".encode(),
    )
    file, places = io.BytesIO(), []
    file.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj%s endobj\n" % (number, body))
    table = file.tell()
    file.write(b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table)
    return file.getvalue()


def png_bomb(side_px: int) -> bytes:
    """A square picture of so many pixels in few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side_px // 8 + 1) * side_px), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


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
