"""A film as the court makes its own: chunks coded one by one, joined without coding anew."""

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from media.film.coding import PICTURE_TICKS, SOUND_TICKS, SoundCoder, coded_pictures, film_head
from media.film.fragment import PICTURE_TRACK, SOUND_TRACK, Run, fragment
from media.film.layout import HEIGHT, WIDTH
from media.film.timeline import CHUNK_FRAMES

CHUNK_S = CHUNK_FRAMES / 25
RATE_HZ = 48_000


def grey(brightness: int) -> av.VideoFrame:
    """A picture of one brightness, with a pattern that costs an encoder something."""
    planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    planes[:HEIGHT] = brightness
    planes[:HEIGHT:16, ::3] = brightness - 8
    return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def write_own_film(
    path: Path, chunks: int, picture: Callable[[int], av.VideoFrame] = grey, *, distinct: int | None = None
) -> None:
    """`chunks` of 4 s with a tone; `picture` is given a brightness that moves. `distinct` are coded, and repeated."""
    coded = [
        coded_pictures([picture(180 + (number * 7 + frame) % 40) for frame in range(CHUNK_FRAMES)])
        for number in range(distinct or chunks)
    ]
    wave = (np.sin(np.arange(round(chunks * CHUNK_S * RATE_HZ)) * 0.06) * 0.5).astype(np.float32)
    coder = SoundCoder()
    sounds = [*coder.code(0, wave), *coder.end()]
    film, at = bytearray(film_head().content), 0
    for number in range(chunks):
        until = len(sounds) if number == chunks - 1 else round((number + 1) * CHUNK_S * RATE_HZ / SOUND_TICKS)
        pictures = Run(PICTURE_TRACK, number * CHUNK_FRAMES * PICTURE_TICKS, PICTURE_TICKS, coded[number % len(coded)])
        film += fragment(number + 1, pictures, Run(SOUND_TRACK, at * SOUND_TICKS, SOUND_TICKS, sounds[at:until]))
        at = until
    with (
        av.open(io.BytesIO(bytes(film)), "r") as whole,
        av.open(path, "w", options={"movflags": "+faststart"}) as joined,
    ):
        streams = {stream.index: joined.add_stream_from_template(stream) for stream in whole.streams}
        for packet in whole.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                joined.mux(packet)
