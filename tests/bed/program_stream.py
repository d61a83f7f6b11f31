"""A program stream as the film maker leaves it: real H.264 and AAC in pieces, written without a hearing."""

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT, FPS, RATE_HZ = 320, 180, 25, 48_000
CHUNK_S = 4
CODECS = "avc1.42c00c,mp4a.40.2"


class ProgramStream:
    """Writes `film/` of a hearing's folder, a chunk a call."""

    def __init__(self, folder: Path, began_at: datetime, chunks: int = 12) -> None:
        self.folder = folder / "film"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._next_at = began_at
        self._film_ms = 0
        self.written = 0
        self._init, self._chunks = _encoded(chunks)

    def write(self, count: int = 1, *, skip: timedelta = timedelta(0)) -> None:
        """The next chunks; the first of them begins `skip` after the last one ended."""
        if not self.written:
            (self.folder / "init.mp4").write_bytes(self._init)
            head = {"format": "cloudcourt-program/1", "hearing": self.folder.parent.name, "codecs": CODECS}
            self._add({**head, "width": WIDTH, "height": HEIGHT, "init_sha256": _sha256(self._init)})
        self._next_at += skip
        for _ in range(count):
            content = self._chunks[self.written]
            self.written += 1
            (self.folder / f"chunk-{self.written:06}.m4s").write_bytes(content)
            began_at, self._next_at = self._next_at, self._next_at + timedelta(seconds=CHUNK_S)
            line = {"number": self.written, "kind": "take", "reason": None}
            line |= {"began_at": began_at.isoformat(), "ended_at": self._next_at.isoformat()}
            line |= {"film_ms": self._film_ms, "duration_ms": CHUNK_S * 1000}
            line |= {"bytes": len(content), "sha256": _sha256(content), "seats": [], "made_at": began_at.isoformat()}
            self._film_ms += CHUNK_S * 1000
            self._add(line)

    def _add(self, line: dict[str, object]) -> None:
        with (self.folder / "film.jsonl").open("a") as index:
            index.write(json.dumps(line) + "\n")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _encoded(chunks: int) -> tuple[bytes, list[bytes]]:
    """What a player needs first, and the chunks: a bar that wanders, and a tone."""
    out = io.BytesIO()
    flags = {"movflags": "empty_moov+default_base_moof+frag_keyframe"}
    with av.open(out, "w", format="mp4", options=flags) as container:
        options = {"preset": "ultrafast", "profile": "baseline", "x264-params": "scenecut=0:keyint=100:min-keyint=100"}
        picture = container.add_stream("libx264", rate=FPS, options=options)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = container.add_stream("aac", rate=RATE_HZ)
        sound.layout = "mono"
        for number in range(chunks * CHUNK_S * FPS):
            container.mux(picture.encode(_frame(number)))
            container.mux(sound.encode(_wave(number)))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    boxes = list(_boxes(out.getvalue()))
    init = b"".join(box for kind, box in boxes if kind in (b"ftyp", b"moov"))
    moofs = [box for kind, box in boxes if kind == b"moof"]
    mdats = [box for kind, box in boxes if kind == b"mdat"]
    return init, [moof + mdat for moof, mdat in zip(moofs, mdats, strict=True)]


def _frame(number: int) -> av.VideoFrame:
    image = np.full((HEIGHT, WIDTH, 3), (24, 44, 76), np.uint8)
    at = number * 2 % WIDTH
    image[:, at : at + 12] = (230, 230, 230)
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, FPS)
    return frame


def _wave(number: int) -> av.AudioFrame:
    samples = RATE_HZ // FPS
    times = (np.arange(samples) + number * samples) / RATE_HZ
    wave = (0.2 * np.sin(2 * np.pi * 330 * times)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, number * samples, Fraction(1, RATE_HZ)
    return frame


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        yield content[at + 4 : at + 8], content[at : at + size]
        at += size
