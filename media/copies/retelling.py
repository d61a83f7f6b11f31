"""A stretch of the film made anew from the tracks, without one person's picture or sound: it was never in it."""

from collections.abc import Sequence
from pathlib import Path

import av

from cloudcourt.domain.ids import ParticipantId
from media.film.sounds import Wave
from media.film.stage import Stage
from media.film.timeline import FRAME_NS, Take, chunks
from media.record.hearing_facts import HearingFacts
from media.record.sidecar import Sidecar, read_sidecars

_RUN_UP_FRAMES = 50
"""So much is played before, unseen: decoders and the director settle."""


class Retelling:
    """Frames of the film by number, in order. Whoever is `unseen` or `unheard` has no such track in it."""

    def __init__(
        self, record: Path, facts: HearingFacts, unseen: frozenset[ParticipantId], unheard: frozenset[ParticipantId]
    ) -> None:
        self._record, self._facts = record, facts
        self._tracks = [t for t in read_sidecars(record) if t.participant_id not in _hidden(t, unseen, unheard)]
        self._takes = _numbered_takes(facts)
        self._stage: Stage | None = None
        self._next = -1
        self._known: Take | None = None

    def moment(self, frame: int) -> tuple[av.VideoFrame, Wave] | None:
        """The picture and the sound of the film's frame; None on a card, which shows nobody."""
        found = next(((first, take) for first, take in self._takes if first <= frame < first + take.frames), None)
        if found is None:
            return None
        first, take = found
        wall_ns = take.began_ns + (frame - first) * FRAME_NS
        if self._stage is None or frame != self._next:
            self._begin(wall_ns, take)
        assert self._stage is not None  # noqa: S101 - it has begun
        if take != self._known:
            self._know(self._stage, take)
        self._next = frame + 1
        return self._stage.moment(wall_ns)

    def close(self) -> None:
        """Let all files go."""
        if self._stage is not None:
            self._stage.close()
        self._stage = None

    def _begin(self, wall_ns: int, take: Take) -> None:
        self.close()
        from_ns = wall_ns - _RUN_UP_FRAMES * FRAME_NS
        stage = self._stage = Stage(self._record, from_ns)
        self._know(stage, take)
        for before_ns in range(from_ns, wall_ns, FRAME_NS):
            stage.moment(before_ns)

    def _know(self, stage: Stage, take: Take) -> None:
        stage.know(self._facts, tuple(self._tracks), take.ended_ns)
        self._known = take


def _hidden(
    track: Sidecar, unseen: frozenset[ParticipantId], unheard: frozenset[ParticipantId]
) -> frozenset[ParticipantId]:
    return unheard if track.kind == "audio" else unseen


def _numbered_takes(facts: HearingFacts) -> Sequence[tuple[int, Take]]:
    """Each take with the number of its first frame in the film."""
    found, first = [], 0
    for section in chunks(facts):
        if isinstance(section, Take):
            found.append((first, section))
        first += section.frames
    return found
