"""One person's voice in the mix: when it speaks, and the slow gain that makes all speakers about equally loud."""

from typing import Final

import numpy as np

from cloudcourt.domain.value import Value
from media.film.loudness import SILENCE_LUFS, loudness
from media.film.sounds import Wave

TARGET_LUFS: Final = -20.0
"""Where everybody's speech is led to."""
_FRAMES_ABOVE_DB = 2.0
"""Loud frames alone are so much louder than speech with the gaps between its syllables."""
_MOST_GAIN_DB = 24.0
_LEAST_GAIN_DB = -20.0
_NOISE_LUFS = -42.0
"""A gain never lifts a room's noise above this."""
_FIRST_FRAMES = 75
_FAST_DB, _SLOW_DB = 0.32, 0.08
"""Most change of the gain a frame (of 40 ms): in the first three seconds of speech, and later."""
_MEMORY_FRAMES = 75
_FAINTER_DB = 15.0
_FLOOR_RANGE = (-70.0, -40.0)
_FLOOR_WINDOW, _FLOOR_WINDOWS = 12, 6
"""The floor is the quietest frame of the last six half seconds: speech pauses more often than that."""
_UNKNOWN_FLOOR = -50.0
_ABOVE_FLOOR_DB = 10.0
_FAINTEST_SPEECH = -55.0
_MUTED_LUFS = -85.0
_SPEAKS_FROM, _SPEAKS_MOST = 5, 8


class VoiceMemory(Value):
    """All that a voice knows of its past: enough to go on at the next frame."""

    minima: tuple[float, ...] = ()
    """The quietest frames of the last half seconds, in LUFS."""
    minimum: float = 0.0
    minimum_of: int = 0
    """Of the running half second: its quietest frame and how many frames it has."""
    speech_power: float = 0.0
    """Mean power of the last three seconds of speech; 0 before any."""
    speech_frames: int = 0
    gain_db: float = 0.0
    loud_frames: int = 0
    """Loud frames of late, each silent one taking one away."""


class Voice:
    """Hears a person's sound frame by frame (40 ms); the same samples always give the same answer.

    The gain moves only while there is speech, so pauses stay as quiet as they are.
    """

    def __init__(self, memory: VoiceMemory | None = None) -> None:
        memory = memory or VoiceMemory()
        self._minima = memory.minima
        self._minimum, self._minimum_of = memory.minimum, memory.minimum_of
        self._power = memory.speech_power
        self._frames = memory.speech_frames
        self._gain_db = memory.gain_db
        self._loud = memory.loud_frames
        self.speaks = False
        """Whether the last frame belongs to speech: 200 ms of sound, not a click."""
        self.loudness = SILENCE_LUFS
        """Of the last frame as it is heard in the film."""

    def memory(self) -> VoiceMemory:
        """What another voice needs to go on."""
        return VoiceMemory(
            minima=self._minima,
            minimum=self._minimum,
            minimum_of=self._minimum_of,
            speech_power=self._power,
            speech_frames=self._frames,
            gain_db=self._gain_db,
            loud_frames=self._loud,
        )

    def hear(self, wave: Wave) -> Wave:
        """The frame as it goes into the mix."""
        lufs = loudness(wave)
        is_loud = lufs > max(self._floor + _ABOVE_FLOOR_DB, _FAINTEST_SPEECH)
        self._loud = min(_SPEAKS_MOST, self._loud + 1) if is_loud else max(0, self._loud - 1)
        self.speaks = is_loud and self._loud >= _SPEAKS_FROM
        self._follow_floor(lufs)
        before = self._gain_db
        if is_loud and self._loud * 2 > _SPEAKS_FROM:
            self._follow_speech(lufs)
        self.loudness = max(SILENCE_LUFS, lufs + self._gain_db)
        if before == self._gain_db:
            return wave * np.float32(_ratio(before)) if before else wave
        return wave * np.linspace(_ratio(before), _ratio(self._gain_db), len(wave), dtype=np.float32)

    def _follow_floor(self, lufs: float) -> None:
        if lufs < _MUTED_LUFS:
            return  # a muted microphone says nothing of the room
        self._minimum = min(self._minimum, lufs) if self._minimum_of else lufs
        self._minimum_of += 1
        if self._minimum_of == _FLOOR_WINDOW:
            self._minima = (*self._minima, self._minimum)[-_FLOOR_WINDOWS:]
            self._minimum_of = 0

    @property
    def _floor(self) -> float:
        """The room's noise, in LUFS."""
        return min(_FLOOR_RANGE[1], max(_FLOOR_RANGE[0], min(self._minima, default=_UNKNOWN_FLOOR)))

    def _follow_speech(self, lufs: float) -> None:
        power = 10 ** (lufs / 10)
        if self._power and lufs < 10 * np.log10(self._power) - _FAINTER_DB:
            return  # the end of a word
        self._frames = min(_MEMORY_FRAMES, self._frames + 1)
        self._power += (power - self._power) / self._frames
        quietest_allowed = max(0.0, _NOISE_LUFS - self._floor)
        wanted = TARGET_LUFS + _FRAMES_ABOVE_DB - 10 * float(np.log10(self._power))
        wanted = min(wanted, _MOST_GAIN_DB, quietest_allowed)
        step = _FAST_DB if self._frames < _FIRST_FRAMES else _SLOW_DB
        self._gain_db += max(-step, min(step, max(_LEAST_GAIN_DB, wanted) - self._gain_db))


def _ratio(gain_db: float) -> float:
    return float(10 ** (gain_db / 20))
