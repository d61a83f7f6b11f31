"""Who speaks, from the audio levels in packet headers: nothing is decoded. Pure.

Levels are -dBov as in RFC 6464: 0 is the loudest, 127 is digital silence.
"""

from collections.abc import Mapping
from typing import NamedTuple

from cloudcourt.domain.ids import ParticipantId

QUIETEST_SPEECH = 65
"""At this level and beyond it is silent, whatever the background."""
ABOVE_NOISE_DB = 6.0
LOUDER_DB = 6.0
"""How much louder than the speaker one must be to take over while they speak."""
SILENT_NS = 600_000_000
"""Who pauses this long has left the floor."""
HOLD_NS = 1_500_000_000
"""Nobody takes over sooner after a change."""
VOICED_OF_4 = 3
"""Polls with a voice, of the last four, that make a speaker: a cough is shorter."""

_SMOOTHING = 0.35
_STEADY_DB = 2
"""A poll whose loudest packet is no louder than this above its average holds no speech, but a fan."""
_FLOOR_RISES_DB_PER_S = 1.0
_FLOOR_RISES_UNDER_STEADY_SOUND_DB_PER_S = 10.0
_MAX_STEP_NS = 1_000_000_000


class Level(NamedTuple):
    """What came of one source since the last poll, in -dBov. Without packets (DTX) the levels mean nothing."""

    average: int
    loudest: int
    packets: int


class _Voice:
    """One source's loudness (127 - level, in dB) against its own background."""

    __slots__ = ("_floor", "_recent", "last_voiced_ns", "loudness")

    def __init__(self) -> None:
        self.loudness = 0.0
        """Of what was voiced; the pauses between words don't count."""
        self.last_voiced_ns: int | None = None
        self._floor = 127.0 - QUIETEST_SPEECH
        self._recent = (False,) * 4

    @property
    def is_speaking(self) -> bool:
        return self._recent[-1] and sum(self._recent) >= VOICED_OF_4

    def note(self, level: Level, now_ns: int, passed_ns: int) -> None:
        is_silent = level.packets == 0 or level.average >= QUIETEST_SPEECH
        heard = 0.0 if is_silent else 127.0 - level.average
        if not is_silent:
            self._follow_floor(heard, level, passed_ns)
        is_voiced = not is_silent and heard >= self._floor + ABOVE_NOISE_DB
        self._recent = (*self._recent[1:], is_voiced)
        if is_voiced:
            self.loudness += (heard - self.loudness) * (1.0 if self.is_silent(now_ns) else _SMOOTHING)
            self.last_voiced_ns = now_ns

    def is_silent(self, now_ns: int) -> bool:
        """Whether this is more than the pause between two words."""
        return self.last_voiced_ns is None or now_ns - self.last_voiced_ns >= SILENT_NS

    def _follow_floor(self, heard: float, level: Level, passed_ns: int) -> None:
        """Falls with every pause between words, rises slowly to a sound that has none."""
        is_steady = level.average - level.loudest <= _STEADY_DB
        rise = _FLOOR_RISES_UNDER_STEADY_SOUND_DB_PER_S if is_steady else _FLOOR_RISES_DB_PER_S
        self._floor = min(heard, self._floor + rise * passed_ns / 1e9)


class ActiveSpeaker:
    """The one person whom everybody looks at; stays with the last one while all are silent."""

    def __init__(self) -> None:
        self.speaker: ParticipantId | None = None
        self._since_ns = 0
        self._voices: dict[ParticipantId, _Voice] = {}
        self._last_ns: int | None = None

    def poll(self, levels: Mapping[ParticipantId, Level], now_ns: int) -> ParticipantId | None:
        """Take the levels of all who are connected, about every 200 ms; who speaks now."""
        passed_ns = 0 if self._last_ns is None else min(now_ns - self._last_ns, _MAX_STEP_NS)
        self._last_ns = now_ns
        self._voices = {source: self._voices.get(source) or _Voice() for source in levels}
        for source, level in levels.items():
            self._voices[source].note(level, now_ns, passed_ns)
        if self.speaker not in self._voices:
            self.speaker = None
        speaking = [source for source, voice in self._voices.items() if voice.is_speaking]
        loudest = max(speaking, key=lambda source: self._voices[source].loudness, default=None)
        if loudest is not None and loudest != self.speaker and self._may_take_over(self._voices[loudest], now_ns):
            self.speaker, self._since_ns = loudest, now_ns
        return self.speaker

    def _may_take_over(self, challenger: _Voice, now_ns: int) -> bool:
        if self.speaker is None:
            return True
        if now_ns - self._since_ns < HOLD_NS:
            return False
        current = self._voices[self.speaker]
        return current.is_silent(now_ns) or challenger.loudness >= current.loudness + LOUDER_DB
