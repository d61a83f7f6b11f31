"""One person of the record at a moment: what is seen and heard of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import av

from cloudcourt.domain.recording import Seat
from cloudcourt.domain.value import Value
from media.film.pictures import PictureFeed
from media.film.plates import Absence
from media.film.sounds import SoundFeed, Wave
from media.film.voice import Voice, VoiceMemory
from media.record.sidecar import Sidecar

_STEPS_LUFS: Final = (-48.0, -38.0, -30.0, -24.0, -18.0)
_FALL_FRAMES: Final = 3
_QUIET_NS: Final = 2_000_000_000
"""A microphone that sends nothing for so long is not connected (Opus sends at least every 400 ms in silence)."""


class PersonMemory(Value):
    """What the next frame needs of one person's past."""

    voice: VoiceMemory = VoiceMemory()
    step: int = 0
    held: int = 0
    last_sound_ns: int = 0


class Person:
    """Follows one person's tracks; `go_to` moves on by a frame."""

    def __init__(self, seat: Seat, folder: Path, from_ns: int, memory: PersonMemory | None = None) -> None:
        memory = memory or PersonMemory()
        self.seat = seat
        self.frame: av.VideoFrame | None = None
        self.step = memory.step
        """Of the level mark: 0 to 5 bars."""
        self._held = memory.held
        self._last_sound_ns = memory.last_sound_ns
        self._is_heard = False
        self._voice = Voice(memory.voice)
        self._sounds = SoundFeed(folder, from_ns)
        self._pictures = PictureFeed(folder, from_ns)

    def know(self, tracks: Sequence[Sidecar]) -> None:
        """The person's tracks as they stand."""
        self._sounds.know([track for track in tracks if track.kind == "audio"])
        self._pictures.know([track for track in tracks if track.kind == "video"])

    def go_to(self, wall_ns: int, seen_ns: int, from_sample: int, samples: int) -> Wave:
        """The sound of the frame that begins at `wall_ns`, as loud as everybody's; the picture is that of `seen_ns`."""
        self.frame = self._pictures.at(seen_ns)
        wave = self._voice.hear(self._sounds.take(from_sample, samples))
        if self._sounds.has_sound:
            self._last_sound_ns = wall_ns
        self._is_heard = wall_ns - self._last_sound_ns < _QUIET_NS
        self._move_mark()
        return wave

    @property
    def speaks(self) -> bool:
        """Whether they speak in this frame."""
        return self._voice.speaks

    @property
    def is_there(self) -> bool:
        """Whether anything comes from them."""
        return self.frame is not None or self._is_heard

    def absence(self, *, has_come: bool) -> Absence:
        """Why no picture is seen of them, where none is."""
        if self._is_heard:
            return Absence.SOUND_ONLY
        return Absence.NOT_CONNECTED if has_come else Absence.NOT_YET_HERE

    def memory(self) -> PersonMemory:
        """What another needs to go on."""
        return PersonMemory(
            voice=self._voice.memory(), step=self.step, held=self._held, last_sound_ns=self._last_sound_ns
        )

    def close(self) -> None:
        """Let the files go."""
        self._sounds.close()
        self._pictures.close()

    def _move_mark(self) -> None:
        step = sum(1 for bound in _STEPS_LUFS if self._voice.loudness > bound)
        if step < self.step and self._held < _FALL_FRAMES:
            self._held += 1  # it falls slowly, or the mark would flicker with every syllable
            return
        self.step, self._held = step, 0
