"""Finds out what a file is, and draws its pages: `python -m cloudcourt.documents.exhibit_examiner FILE PREFIX LIMIT`.

A process of its own with little memory and time, because it opens what strangers hand in. It prints one JSON object:
`{"kind", "media_type", "suffix", "pages"}`, or `{"refused": "kind" | "pages"}`. Pages become `PREFIX-0001.jpg` and on.
"""

import json
import os
import resource
import sys
from pathlib import Path

import av
import pypdfium2
from PIL import Image, ImageOps

LONGEST_SIDE_PX = 2000
PIXELS_LIMIT = 80_000_000
QUALITY = 88
MEMORY_BYTES = 2 << 30
CPU_S = 240
PICTURE_BYTES = 64 << 20
"""The largest file that it may write."""

_PICTURES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
_CONTAINERS = {
    "matroska,webm": ("video/webm", "audio/webm", "webm"),
    "mov,mp4,m4a,3gp,3g2,mj2": ("video/mp4", "audio/mp4", "mp4"),
    "mp3": ("", "audio/mpeg", "mp3"),
    "wav": ("", "audio/wav", "wav"),
    "ogg": ("video/ogg", "audio/ogg", "ogg"),
}
"""What browsers play: as a film, as a sound, and the name's suffix."""
_OPENED = {"protocol_whitelist": "file", "format_whitelist": ",".join(_CONTAINERS)}
"""No other format is even tried: a playlist would open further files."""


class Refused(Exception):
    """`kind`: it can't be opened or isn't accepted; `pages`: too many."""


def examine(path: Path, prefix: Path, pages_limit: int) -> dict[str, object]:
    """What the file is by its content, never by its name. Raises Refused."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"%PDF-"):
        return _pdf(path, prefix, pages_limit)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4], head[8:12]) == (b"RIFF", b"WEBP"):
        return _picture(path, prefix)
    return _played(path, prefix)


def _pdf(path: Path, prefix: Path, pages_limit: int) -> dict[str, object]:
    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        if pages > pages_limit:
            raise Refused("pages")
        for number in range(pages):
            page = document[number]
            width, height = page.get_size()
            drawn = page.render(scale=LONGEST_SIDE_PX / max(width, height, 1.0), may_draw_forms=False)
            _keep(drawn.to_pil(), prefix, number + 1)
            page.close()
    except (pypdfium2.PdfiumError, ValueError, OSError):
        raise Refused("kind") from None
    if not pages:
        raise Refused("kind")
    return {"kind": "pdf", "media_type": "application/pdf", "suffix": "pdf", "pages": pages}


def _picture(path: Path, prefix: Path) -> dict[str, object]:
    try:
        with Image.open(path, formats=tuple(_PICTURES)) as image:
            media_type, suffix = _PICTURES[str(image.format)]
            if image.width * image.height > PIXELS_LIMIT:
                raise Refused("kind")
            _keep(ImageOps.exif_transpose(image), prefix, 1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refused("kind") from None
    return {"kind": "image", "media_type": media_type, "suffix": suffix, "pages": 1}


def _played(path: Path, prefix: Path) -> dict[str, object]:
    """A film's page is its first picture."""
    try:
        with av.open(path, options=_OPENED) as container:
            kinds = _CONTAINERS.get(container.format.name)
            is_film = bool(container.streams.video)
            if kinds is None or not container.streams or not (media_type := kinds[0 if is_film else 1]):
                raise Refused("kind")
            if is_film:
                _keep(Image.fromarray(next(container.decode(video=0)).to_ndarray(format="rgb24")), prefix, 1)
            else:
                next(container.decode(audio=0))
    except (OSError, av.FFmpegError, ValueError, StopIteration, IndexError):
        raise Refused("kind") from None
    return {
        "kind": "video" if is_film else "audio",
        "media_type": media_type,
        "suffix": kinds[2],
        "pages": 1 if is_film else 0,
    }


def _keep(image: Image.Image, prefix: Path, number: int) -> None:
    image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    path = prefix.with_name(f"{prefix.name}-{number:04d}.jpg")
    with path.open("wb") as file:
        image.convert("RGB").save(file, "JPEG", quality=QUALITY)
        file.flush()
        os.fsync(file.fileno())


def main() -> None:
    """Print what the file is."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (PICTURE_BYTES, PICTURE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    path, prefix, pages_limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    try:
        found = examine(path, prefix, pages_limit)
    except Refused as refusal:
        found = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
