"""Turns the stage into chunks, one behind the other."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import av

from cloudcourt.domain.ports import Clock
from media.film.coding import PICTURE_TICKS, SOUND_TICKS, SoundCoder, coded_pictures
from media.film.fragment import PICTURE_TRACK, SOUND_TRACK, Run, fragment
from media.film.program import FRAME_MS, ChunkLine, what_is_told
from media.film.sounds import Wave
from media.film.stage import FRAME_SAMPLES, Stage, card_moment
from media.film.timeline import FRAME_NS, Section, Take, as_ns, chunks
from media.record.hearing_facts import HearingFacts
from media.record.sidecar import read_sidecars

_RUN_UP_MS = 1000
"""So much of the film is played again, unseen, before it is gone on with: decoders, encoder and marks settle."""


class Camera:
    """Stage and coders as they stand behind the last chunk."""

    def __init__(self, folder: Path, stage: Stage, sound: SoundCoder, number: int, film_ms: int) -> None:
        self._folder, self._stage, self._sound = folder, stage, sound
        self._number, self._film_ms = number, film_ms

    @classmethod
    def behind(cls, folder: Path, facts: HearingFacts, lines: list[ChunkLine]) -> "Camera":
        """A camera that goes on behind these chunks as the one did that made them: their end is played again."""
        from_line = _run_up(lines)
        again = lines[from_line:]
        from_ns = as_ns(again[0].began_at) if again else 0
        stage = Stage(folder, from_ns, lines[from_line - 1].memory if from_line else None)
        sound = SoundCoder(lines[-1].next_packet if lines else 0)
        camera = cls(folder, stage, sound, from_line + 1, 0)
        for line, section in zip(again, islice(chunks(facts), from_line, None), strict=False):
            for _ in camera._play(section, facts, line.film_ms, []):
                pass
            camera._stands_behind(line)
        return camera

    def shoot(self, section: Section, facts: HearingFacts, clock: Clock, *, is_last: bool) -> tuple[ChunkLine, bytes]:
        """The next chunk."""
        first_packet = self._sound.next_packet
        packets: list[bytes] = []
        pictures = coded_pictures(self._play(section, facts, self._film_ms, packets))
        if is_last:
            packets += self._sound.end()
        first_frame = self._film_ms // FRAME_MS
        content = fragment(
            self._number,
            Run(PICTURE_TRACK, first_frame * PICTURE_TICKS, PICTURE_TICKS, pictures),
            Run(SOUND_TRACK, first_packet * SOUND_TICKS, SOUND_TICKS, packets),
        )
        kind, reason, began_at, ended_at, duration_ms = what_is_told(section)
        line = ChunkLine(
            number=self._number,
            kind=kind,
            reason=reason,
            began_at=began_at,
            ended_at=ended_at,
            film_ms=self._film_ms,
            duration_ms=duration_ms,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            seats=self._stage.seats if isinstance(section, Take) else (),
            made_at=clock.now(),
            next_packet=self._sound.next_packet,
            memory=self._stage.memory,
        )
        self._stands_behind(line)
        return line, content

    def close(self) -> None:
        """Let all files go."""
        self._stage.close()

    def _stands_behind(self, line: ChunkLine) -> None:
        self._number, self._film_ms = line.number + 1, line.ends_ms

    def _play(
        self, section: Section, facts: HearingFacts, film_ms: int, packets: list[bytes]
    ) -> Iterator[av.VideoFrame]:
        """The pictures of a section; its sound is coded as they are taken."""
        sample = film_ms // FRAME_MS * FRAME_SAMPLES
        for frame, wave in self._moments(section, facts):
            packets += self._sound.code(sample, wave)
            sample += FRAME_SAMPLES
            yield frame

    def _moments(self, section: Section, facts: HearingFacts) -> Iterator[tuple[av.VideoFrame, Wave]]:
        if isinstance(section, Take):
            self._stage.know(facts, read_sidecars(self._folder), section.ended_ns)
            for number in range(section.frames):
                yield self._stage.moment(section.began_ns + number * FRAME_NS)
        else:
            moment = card_moment(section, facts.case_number, self._folder)
            for _ in range(section.frames):
                yield moment


def _run_up(lines: Sequence[ChunkLine]) -> int:
    """From which line on the film is played again before it is gone on with."""
    for number in reversed(range(len(lines))):
        if lines[-1].ends_ms - lines[number].film_ms >= _RUN_UP_MS:
            return number
    return 0
