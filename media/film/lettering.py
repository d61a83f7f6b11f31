"""Chinese and Latin letters with Pillow: finds a font, and goes on without Chinese ones if there is none."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("/Library/Fonts"),
)
_SYSTEM_NAMES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSans-Regular.ttc",
)
_FACES_IN_A_COLLECTION = 10
VENDORED = Path(__file__).parent.parent / "fonts" / "noto-sans-sc-chinese-simplified-400-normal.woff2"
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Ink = tuple[int, int, int]


@lru_cache(maxsize=1)
def _font_file() -> tuple[Path, int] | None:
    for folder in _SYSTEM_FOLDERS:
        for name in _SYSTEM_NAMES:
            for path in sorted(folder.expanduser().glob(f"**/{name}")):
                if (face := _simplified_face(path)) is not None:
                    return path, face
    return (VENDORED, 0) if _opens(VENDORED, 0) is not None else None


def _simplified_face(path: Path) -> int | None:
    """The face for simplified Chinese in a font file; in collections it is not the first."""
    for face in range(_FACES_IN_A_COLLECTION):
        font = _opens(path, face)
        if font is None:
            break
        if "SC" in (font.getname()[0] or ""):
            return face
    return None


def _opens(path: Path, face: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(path, 20, index=face)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=16)
def font(size_px: int) -> Font:
    """The film's font in a size; Pillow's own, without Chinese, when no other can be opened."""
    if (found := _font_file()) is not None:
        return ImageFont.truetype(found[0], size_px, index=found[1])
    return ImageFont.load_default(size_px)


def text_width(text: str, size_px: int) -> int:
    """How wide a line of text will be, in pixels."""
    return round(font(size_px).getlength(text))


def shortened(text: str, size_px: int, width_px: int) -> str:
    """The text, cut with an ellipsis if it is wider than there is room."""
    if text_width(text, size_px) <= width_px:
        return text
    while text and text_width(f"{text}…", size_px) > width_px:
        text = text[:-1]
    return f"{text.rstrip()}…"


def write(image: Image.Image, at: tuple[float, float], text: str, size_px: int, ink: Ink, anchor: str = "lm") -> None:
    """Draw one line; `anchor` as in Pillow: `lm` is left, middle."""
    try:
        ImageDraw.Draw(image).text(at, text, fill=ink, font=font(size_px), anchor=anchor)
    except (OSError, ValueError, UnicodeError):
        return  # a film without one line is better than no film
