"""The film's coding: H.264 afresh for each chunk, and AAC in one stream from the first to the last."""

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, NamedTuple

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.codec.context import Flags

from media.film.fragment import PICTURE_SCALE, SOUND_SCALE
from media.film.layout import HEIGHT, WIDTH
from media.film.sounds import RATE_HZ, Wave
from media.film.timeline import CHUNK_FRAMES, FPS

PICTURE_TICKS: Final = PICTURE_SCALE // FPS
SOUND_TICKS: Final = 1024
"""Samples in an AAC packet; packet `n` sounds from sample `1024 n` of the film."""
_PICTURE_OPTIONS = {"preset": "superfast", "crf": "25", "bf": "0", "sc_threshold": "0", "threads": "1"}
_SOUND_BITS_PER_S = 96_000
_BT601 = 6
_START_CODE = b"\x00\x00\x01"
_UNIT_KINDS_KEPT = (1, 5)
"""Slices of a picture; parameter sets stand in the head of the film, and notes of the encoder nowhere."""


class FilmHead(NamedTuple):
    """`ftyp` and `moov`, and the codecs' names as RFC 6381 writes them."""

    content: bytes
    codecs: str


@lru_cache(maxsize=1)
def film_head() -> FilmHead:
    """The head that goes before any run of chunks."""
    target = io.BytesIO()
    options = {"movflags": "+empty_moov+default_base_moof", "video_track_timescale": str(PICTURE_SCALE)}
    with av.open(target, "w", format="mp4", options=options) as container:
        picture = container.add_stream("libx264", rate=FPS, options=_PICTURE_OPTIONS)
        _set_picture(picture.codec_context)
        sound = container.add_stream("aac", rate=SOUND_SCALE)
        sound.bit_rate, sound.layout = _SOUND_BITS_PER_S, "mono"
        container.start_encoding()
        content = target.getvalue()
    profile = content[content.index(b"avcC") + 5 :][:3].hex()
    return FilmHead(content, f"avc1.{profile},mp4a.40.2")


def coded_pictures(frames: Iterable[av.VideoFrame]) -> list[bytes]:
    """A chunk's pictures as samples of an MP4 file, the first one a key picture."""
    coder = av.VideoCodecContext.create("libx264", "w")
    coder.options = _PICTURE_OPTIONS
    coder.time_base = Fraction(1, FPS)
    coder.framerate = Fraction(FPS)
    coder.flags |= Flags.global_header
    _set_picture(coder)
    packets = [packet for frame in _numbered(frames) for packet in coder.encode(frame)]
    return [_as_sample(bytes(packet)) for packet in (*packets, *coder.encode(None))]


def _set_picture(coder: av.VideoCodecContext) -> None:
    coder.width, coder.height, coder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    coder.gop_size = CHUNK_FRAMES
    coder.colorspace = coder.color_primaries = coder.color_trc = _BT601
    coder.color_range = 1  # video range


def _numbered(frames: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    for number, frame in enumerate(frames):
        frame.pts = number
        frame.time_base = Fraction(1, FPS)
        yield frame


def _as_sample(packet: bytes) -> bytes:
    """Start codes become lengths (ISO/IEC 14496-15 section 5.3)."""
    units = (unit.rstrip(b"\x00") for unit in packet.split(_START_CODE)[1:])
    kept = [unit for unit in units if unit[0] & 0x1F in _UNIT_KINDS_KEPT]
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in kept)


class SoundCoder:
    """Codes the film's sound. `next_packet` counts from the film's begin: the first one that is wanted.

    To go on in the middle it is given sound from before that packet, so that the new encoder stands where the old one
    stood.
    """

    def __init__(self, next_packet: int = 0) -> None:
        self.next_packet = next_packet
        self._coder = AudioCodecContext.create("aac", "w")
        self._coder.sample_rate, self._coder.layout, self._coder.format = RATE_HZ, "mono", "fltp"
        self._coder.bit_rate = _SOUND_BITS_PER_S
        self._coder.time_base = Fraction(1, RATE_HZ)
        self._began = False

    def code(self, from_sample: int, wave: Wave) -> list[bytes]:
        """Take the film's next sound; the packets that it completes."""
        if not self._began:
            # The encoder's first packet must stand on the grid of the whole film's packets.
            late = -from_sample % SOUND_TICKS
            from_sample, wave = from_sample + late, wave[late:]
            self._began = len(wave) > 0
        if not len(wave):
            return []
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE_HZ, Fraction(1, RATE_HZ), from_sample
        return self._wanted(self._coder.encode(frame))

    def end(self) -> list[bytes]:
        """What the encoder holds back at the end of the film."""
        return self._wanted(self._coder.encode(None)) if self._began else []

    def _wanted(self, packets: "Iterable[av.Packet[Any]]") -> list[bytes]:
        found = []
        for packet in packets:
            if packet.pts is not None and packet.pts == self.next_packet * SOUND_TICKS:
                found.append(bytes(packet))
                self.next_packet += 1
        return found
