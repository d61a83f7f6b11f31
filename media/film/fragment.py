"""One fragment of an MP4 file: a `moof` and its `mdat` (ISO/IEC 14496-12 section 8.8), with absolute times."""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack

PICTURE_TRACK, SOUND_TRACK = 1, 2
PICTURE_SCALE, SOUND_SCALE = 12_800, 48_000
"""Units a second of each track's times."""
_BASE_IS_MOOF, _HAS_DURATION, _HAS_FLAGS = 0x020000, 0x08, 0x20
_HAS_OFFSET, _HAS_FIRST_FLAGS, _HAS_SIZES = 0x01, 0x04, 0x200
_KEY, _NOT_KEY = 0x02000000, 0x01010000
"""Sample flags: depends on nothing; depends on others and is no place to begin."""


@dataclass(frozen=True)
class Run:
    """Samples of one track without a hole. `start` and `duration` (of each) are in the track's units."""

    track: int
    start: int
    duration: int
    samples: Sequence[bytes]


def fragment(number: int, pictures: Run, sound: Run) -> bytes:
    """The bytes of a fragment: the first picture is a key picture, the others are not. A run may be empty."""
    runs = [run for run in (pictures, sound) if run.samples]
    size = len(_moof(number, runs, [0] * len(runs)))
    offsets, at = [], size + 8
    for run in runs:
        offsets.append(at)
        at += sum(len(sample) for sample in run.samples)
    content = b"".join(sample for run in runs for sample in run.samples)
    return _moof(number, runs, offsets) + _box(b"mdat", content)


def _moof(number: int, runs: Sequence[Run], offsets: Sequence[int]) -> bytes:
    tracks = [_traf(run, offset) for run, offset in zip(runs, offsets, strict=True)]
    return _box(b"moof", _box(b"mfhd", pack(">II", 0, number)), *tracks)


def _traf(run: Run, offset: int) -> bytes:
    is_sound = run.track == SOUND_TRACK
    flags = _BASE_IS_MOOF | _HAS_DURATION | _HAS_FLAGS
    head = pack(">IIII", flags, run.track, run.duration, _KEY if is_sound else _NOT_KEY)
    sizes = pack(f">{len(run.samples)}I", *(len(sample) for sample in run.samples))
    first = b"" if is_sound else pack(">I", _KEY)
    told = _HAS_OFFSET | _HAS_SIZES | (0 if is_sound else _HAS_FIRST_FLAGS)
    samples = pack(">IIi", told, len(run.samples), offset) + first + sizes
    return _box(b"traf", _box(b"tfhd", head), _box(b"tfdt", pack(">IQ", 1 << 24, run.start)), _box(b"trun", samples))


def _box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return pack(">I", len(inside) + 8) + name + inside
