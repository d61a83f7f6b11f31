"""The courtroom at any moment of the record: reads the tracks, asks the director, has it painted and mixed."""

from pathlib import Path
from typing import Final

import av
import numpy as np
from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import SEAT_LABELS
from cloudcourt.domain.value import Value
from media.film.canvas import Canvas
from media.film.cards import title_card
from media.film.director import Director, DirectorMemory
from media.film.emblem import emblem_file
from media.film.limiter import Limiter
from media.film.person import Person, PersonMemory
from media.film.pictures import SCREEN_HOLD_NS, PictureFeed
from media.film.scene import Look, OnShow, Scene
from media.film.sounds import RATE_HZ, Wave, as_samples
from media.film.timeline import FPS, FRAME_NS, Card, as_ns
from media.record.hearing_facts import HearingFacts
from media.record.sidecar import Sidecar
from media.record.wall import as_datetime

FRAME_SAMPLES = RATE_HZ // FPS
_EXHIBIT: Final = ("证据展示", "Exhibit")
_SCREEN: Final = ("屏幕共享", "Screen")


class StageMemory(Value):
    """All that a stage knows of the past beside the tracks: what the next frame needs after a restart."""

    people: dict[ParticipantId, PersonMemory] = Field(default_factory=dict)
    director: DirectorMemory = DirectorMemory()
    mix_gain: float = 1.0
    next_ns: int = 0
    """The moment that follows without a cut."""


class Stage:
    """Gives the film's frames and sound, one after another in the order of the wall clock.

    Before a stretch it is told with `know` what is known of it. `from_ns` and `memory` are for going on in the middle:
    the first moment that will be asked for, and what the stage that was there before remembered.
    """

    def __init__(self, folder: Path, from_ns: int = 0, memory: StageMemory | None = None) -> None:
        self._folder, self._from_ns = folder, from_ns
        self._memory = memory or StageMemory()
        self._limiter = Limiter(self._memory.mix_gain)
        self._director = Director((), self._memory.director)
        self._next_ns = self._memory.next_ns
        self._people: dict[ParticipantId, Person] = {}
        self._screens: dict[ParticipantId, PictureFeed] = {}
        self._facts: HearingFacts | None = None
        self._scene: Scene | None = None

    def know(self, facts: HearingFacts, tracks: tuple[Sidecar, ...], until_ns: int) -> None:
        """What is known before a stretch that ends at `until_ns`: the hearing's frame, and tracks as they stand.

        Who appears later is not shown yet, so that a film made live and one made afterwards look the same.
        """
        if self._facts is None or (self._facts.case_number, self._facts.cause) != (facts.case_number, facts.cause):
            self._scene = Scene(facts.case_number, facts.cause, emblem_file(self._folder))
        self._facts = facts
        self._director.seat(facts.seats)
        self._people = {seat.participant_id: self._seated(seat) for seat in facts.seats}
        for person_id, person in self._people.items():
            own = [t for t in tracks if t.participant_id == person_id and as_ns(t.started_at) < until_ns]
            person.know([track for track in own if track.shows == "person"])
            if screens := [track for track in own if track.shows == "screen"]:
                feed = self._screens.setdefault(person_id, PictureFeed(self._folder, self._from_ns, SCREEN_HOLD_NS))
                feed.know(screens)

    @property
    def seats(self) -> tuple[ParticipantId, ...]:
        """Who is in the picture."""
        return self._director.arrangement.seats

    @property
    def memory(self) -> StageMemory:
        """What a stage needs that goes on after the last moment asked for."""
        return StageMemory(
            people={person_id: person.memory() for person_id, person in self._people.items()},
            director=self._director.memory(),
            mix_gain=self._limiter.gain,
            next_ns=self._next_ns,
        )

    def moment(self, wall_ns: int) -> tuple[av.VideoFrame, Wave]:
        """The picture at a time and the sound of the frame that begins there. Only after `know`."""
        assert self._scene is not None  # noqa: S101 - `know` comes first
        if abs(wall_ns - self._next_ns) > FRAME_NS:
            self._director.cut(wall_ns)
        self._next_ns = wall_ns + FRAME_NS
        # The time of a frame is the middle of its stay on the screen.
        seen_ns = wall_ns + FRAME_NS // 2
        from_sample = as_samples(wall_ns)
        waves = [person.go_to(wall_ns, seen_ns, from_sample, FRAME_SAMPLES) for person in self._people.values()]
        on_show = self._on_show(seen_ns)
        there = {person_id: person.speaks for person_id, person in self._people.items() if person.is_there}
        arrangement = self._director.decide(wall_ns, there, shows=on_show is not None)
        self._scene.paint(wall_ns, arrangement, self._looks(wall_ns), on_show)
        silence = np.zeros(FRAME_SAMPLES, np.float32)
        return self._scene.canvas.frame(), self._limiter.limit(np.sum(waves, axis=0, dtype=np.float32) + silence)

    def close(self) -> None:
        """Let all files go."""
        for person in self._people.values():
            person.close()
        for screen in self._screens.values():
            screen.close()

    def _seated(self, seat: Seat) -> Person:
        known = self._people.get(seat.participant_id)
        if known is not None:
            known.seat = seat
            return known
        return Person(seat, self._folder, self._from_ns, self._memory.people.get(seat.participant_id))

    def _looks(self, wall_ns: int) -> dict[ParticipantId, Look]:
        speaking = self._director.speaking(wall_ns)
        return {
            person_id: Look(
                person.seat,
                person.frame,
                person.absence(has_come=self._director.has_come(person_id)),
                person.step,
                person_id in speaking,
            )
            for person_id, person in self._people.items()
        }

    def _on_show(self, seen_ns: int) -> OnShow | None:
        """The page or the screen that is before the court; a page that the court presents goes first."""
        at = as_datetime(seen_ns)
        for shown in reversed(self._facts.shown if self._facts is not None else ()):
            page = (self._folder / shown.image).resolve()
            if shown.covers(at) and page.is_relative_to(self._folder.resolve()):
                return OnShow(page, None, *_EXHIBIT, shown.title)
        frames = {person_id: feed.at(seen_ns) for person_id, feed in self._screens.items()}
        for span in self._facts.screens if self._facts is not None else ():
            frame, person = frames.get(span.participant_id), self._people.get(span.participant_id)
            if span.covers(at) and frame is not None and person is not None:
                return OnShow(None, frame, *_SCREEN, f"{SEAT_LABELS[person.seat.role][0]} {person.seat.name}")
        return None


def card_moment(card: Card, case_number: str, folder: Path) -> tuple[av.VideoFrame, Wave]:
    """The title card of a gap, and silence: each frame of it is the same. The court's emblem is that of the folder."""
    canvas = Canvas()
    canvas.paint(title_card(card, case_number, emblem_file(folder)))
    return canvas.frame(), np.zeros(FRAME_SAMPLES, np.float32)
