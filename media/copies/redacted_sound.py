"""The sound of a redacted film: packets that touch a redaction are coded anew from silence, a tone or a new mix."""

from collections.abc import Callable, Sequence
from math import ceil, floor
from typing import Final

import numpy as np

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.redaction import RedactedSpan
from media.copies.retelling import Retelling
from media.film.coding import SOUND_TICKS, SoundCoder
from media.film.sounds import RATE_HZ, Wave
from media.film.stage import FRAME_SAMPLES
from media.film.timeline import FPS

_TONE_HZ: Final = 1_000
_TONE_LOUDNESS: Final = 0.1
_MARGIN_PACKETS: Final = 2
"""A packet of AAC sounds into its neighbours (ISO/IEC 14496-3)."""
_RUN_UP_PACKETS: Final = 4
_NEAR_FRAMES: Final = 3
"""Redactions so near to each other have packets in common."""
Frames = tuple[int, int]
RetellWithout = Callable[[frozenset[ParticipantId]], Retelling]


def redacted_packets(redactions: Sequence[RedactedSpan], mixes: "Mixes") -> dict[int, bytes]:
    """New packets by number, for every packet of the film in which something redacted could sound."""
    heard = [one for one in redactions if one.means in ("silence", "bleep") and one.from_ms < one.to_ms]
    found: dict[int, bytes] = {}
    for run in runs(heard):
        found |= _coded(run, [one for one in heard if _frames(one)[0] < run[1] and run[0] < _frames(one)[1]], mixes)
    return found


class Mixes:
    """The film's sound without certain people; one retelling at a time."""

    def __init__(self, retell: RetellWithout) -> None:
        self._retell = retell
        self._unheard: frozenset[ParticipantId] = frozenset()
        self._retelling: Retelling | None = None

    def wave(self, frame: int, unheard: frozenset[ParticipantId]) -> Wave:
        """A frame's sound without these people; silence where the film has none."""
        if self._retelling is None or unheard != self._unheard:
            self.close()
            self._retelling, self._unheard = self._retell(unheard), unheard
        told = self._retelling.moment(frame)
        return np.zeros(FRAME_SAMPLES, np.float32) if told is None else told[1]

    def close(self) -> None:
        """Let all files go."""
        if self._retelling is not None:
            self._retelling.close()
            self._retelling = None


def runs(redactions: Sequence[RedactedSpan]) -> list[Frames]:
    """Stretches of frames, the first one and the one after the last, that redactions cover; near ones are one."""
    found: list[Frames] = []
    for first, end in sorted(map(_frames, redactions)):
        if found and first <= found[-1][1] + _NEAR_FRAMES:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((first, end))
    return found


def _frames(one: RedactedSpan) -> Frames:
    """Whole frames, so that a redaction never begins late or ends early."""
    return floor(one.from_ms * FPS / 1000), ceil(one.to_ms * FPS / 1000)


def _coded(run: Frames, redactions: Sequence[RedactedSpan], mixes: Mixes) -> dict[int, bytes]:
    first_sample, end_sample = run[0] * FRAME_SAMPLES, run[1] * FRAME_SAMPLES
    first = max(0, first_sample // SOUND_TICKS - _MARGIN_PACKETS)
    last = ceil(end_sample / SOUND_TICKS) + _MARGIN_PACKETS
    from_sample = max(0, first - _RUN_UP_PACKETS) * SOUND_TICKS
    coder = SoundCoder(first)
    packets = coder.code(from_sample, np.zeros(first_sample - from_sample, np.float32))
    for frame in range(*run):
        packets += coder.code(frame * FRAME_SAMPLES, _wave(frame, redactions, mixes))
    quiet = (last + _RUN_UP_PACKETS) * SOUND_TICKS - end_sample
    packets += [*coder.code(end_sample, np.zeros(quiet, np.float32)), *coder.end()]
    return dict(zip(range(first, last + 1), packets, strict=False))


def _wave(frame: int, redactions: Sequence[RedactedSpan], mixes: Mixes) -> Wave:
    silence = np.zeros(FRAME_SAMPLES, np.float32)
    here = [one for one in redactions if _frames(one)[0] <= frame < _frames(one)[1]]
    if any(one.means == "silence" for one in here) or not here:
        return silence
    tone = _tone(frame * FRAME_SAMPLES)
    if any(one.participant is None for one in here):
        return tone
    unheard = frozenset(one.participant for one in here if one.participant is not None)
    mixed: Wave = np.clip(mixes.wave(frame, unheard) + tone, -1, 1).astype(np.float32)
    return mixed


def _tone(from_sample: int) -> Wave:
    at = np.arange(from_sample, from_sample + FRAME_SAMPLES)
    return (np.sin(2 * np.pi * _TONE_HZ * at / RATE_HZ) * _TONE_LOUDNESS).astype(np.float32)
