"""The courtroom as it looked at a moment: tiles, level marks and the clock, painted only where they change."""

from pathlib import Path

import av
import numpy as np
from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.value import Value
from media.film.canvas import Canvas
from media.film.drawing import CLOCK, METER_STEPS, backdrop, clock_face, empty_seat, meter, meter_place, title_card
from media.film.layout import Tile, layout
from media.film.pictures import PictureFeed, Shown
from media.film.sounds import RATE_HZ, SoundFeed, Wave, as_samples, level, mix
from media.film.timeline import FPS, FRAME_NS, Card, as_ns
from media.record.hearing_facts import HearingFacts
from media.record.sidecar import Sidecar
from media.record.wall import as_datetime

FRAME_SAMPLES = RATE_HZ // FPS
_QUIETEST = 0.004
_STEP_RATIO = 2.5
_FALL_FRAMES = 3


class Mark(Value):
    """A level mark: how many bars are lit, and for how many frames they have been held."""

    step: int = -1
    held: int = 0


class StageMemory(Value):
    """All that a stage knows of the past beside the tracks: what the next frame needs after a restart."""

    marks: dict[ParticipantId, Mark] = Field(default_factory=dict)


class _Place:
    """One seat on the stage."""

    def __init__(self, seat: Seat, tile: Tile, folder: Path, from_ns: int, mark: Mark) -> None:
        self.sounds = SoundFeed(folder, from_ns)
        self._pictures = PictureFeed(folder, tile.picture, from_ns)
        self.mark = mark
        self._seat = seat
        self._shown_box: object = None

    def know(self, tracks: list[Sidecar]) -> None:
        self.sounds.know([track for track in tracks if track.kind == "audio"])
        self._pictures.know([track for track in tracks if track.kind == "video"])

    def move_to(self, tile: Tile, bare: Canvas) -> None:
        self.tile, self._bare = tile, bare
        self._pictures.move_to(tile.picture)
        self._empty = empty_seat(self._seat, (tile.picture.width, tile.picture.height))

    def close(self) -> None:
        self.sounds.close()
        self._pictures.close()

    def paint_picture(self, canvas: Canvas, wall_ns: int, *, anew: bool) -> None:
        shown, has_changed = self._pictures.at(wall_ns)
        if not (has_changed or anew):
            return
        if shown is None:
            canvas.paint(self._empty, self.tile.picture.left, self.tile.picture.top)
            self._shown_box = None
        else:
            self._lay(canvas, shown, anew=anew)

    def _lay(self, canvas: Canvas, shown: Shown, *, anew: bool) -> None:
        box, planes = shown
        if anew or box != self._shown_box:
            canvas.copy_from(self._bare, self.tile.picture)
            self._shown_box = box
        canvas.lay(planes, box.left, box.top)

    def paint_level(self, canvas: Canvas, wave: Wave, *, anew: bool) -> None:
        step, held = _meter_step(level(wave)), 0
        if step < self.mark.step and self.mark.held < _FALL_FRAMES:
            # It falls slowly, or the mark would flicker with every syllable.
            step, held = self.mark.step, self.mark.held + 1
        if step != self.mark.step or anew:
            canvas.paint(meter(step), *meter_place(self.tile.label))
        self.mark = Mark(step=step, held=held)


class Stage:
    """Gives the film's frames and sound, one after another in the order of the wall clock.

    Before a stretch it is told with `know` what is known of it. `from_ns` and `memory` are for going on in the middle:
    the first moment that will be asked for, and what the stage that was there before remembered.
    """

    def __init__(self, folder: Path, from_ns: int = 0, memory: StageMemory | None = None) -> None:
        self._folder, self._from_ns = folder, from_ns
        self._memory = memory or StageMemory()
        self._bare, self._canvas = Canvas(), Canvas()
        self._places: dict[ParticipantId, _Place] = {}
        self._laid_out: tuple[str, str, tuple[Seat, ...]] | None = None
        self._shown_second: int | None = None

    def know(self, facts: HearingFacts, tracks: tuple[Sidecar, ...], until_ns: int) -> None:
        """What is known before a stretch that ends at `until_ns`: the hearing's frame, and tracks as they stand.

        Who appears later is not shown yet, so that a film made live and one made afterwards look the same.
        """
        tracks = tuple(track for track in tracks if as_ns(track.started_at) < until_ns)
        seats = _seats_shown(facts.seats, tracks)
        if self._laid_out != (facts.case_number, facts.cause, seats):
            self._lay_out(facts, seats)
        for seat_id, place in self._places.items():
            place.know([track for track in tracks if track.participant_id == seat_id])
        self._shown_second = None  # everything must be painted anew

    @property
    def seats(self) -> tuple[ParticipantId, ...]:
        """Who is in the picture."""
        return tuple(self._places)

    @property
    def memory(self) -> StageMemory:
        """What a stage needs that goes on after the last moment asked for."""
        return StageMemory(marks={seat_id: place.mark for seat_id, place in self._places.items()})

    def _lay_out(self, facts: HearingFacts, seats: tuple[Seat, ...]) -> None:
        self._laid_out = facts.case_number, facts.cause, seats
        tiles = layout(len(seats))
        self._bare.paint(backdrop(facts.case_number, facts.cause, seats, tiles))
        places, self._places = self._places, {}
        for seat, tile in zip(seats, tiles, strict=True):
            mark = self._memory.marks.get(seat.participant_id, Mark())
            place = places.get(seat.participant_id) or _Place(seat, tile, self._folder, self._from_ns, mark)
            place.move_to(tile, self._bare)
            self._places[seat.participant_id] = place

    def moment(self, wall_ns: int) -> tuple[av.VideoFrame, Wave]:
        """The picture at a time and the sound of the frame that begins there."""
        anew = self._shown_second is None
        if anew:
            self._canvas.buffer[:] = self._bare.buffer
        # The time of a frame is the middle of its stay on the screen.
        seen_ns = wall_ns + FRAME_NS // 2
        from_sample = as_samples(wall_ns)
        waves = []
        for place in self._places.values():
            place.paint_picture(self._canvas, seen_ns, anew=anew)
            wave = place.sounds.take(from_sample, FRAME_SAMPLES)
            place.paint_level(self._canvas, wave, anew=anew)
            waves.append(wave)
        second = wall_ns // 1_000_000_000
        if second != self._shown_second:
            self._shown_second = second
            self._canvas.paint(clock_face(as_datetime(second * 1_000_000_000)), CLOCK.left, CLOCK.top)
        return _frame(self._canvas), mix(waves)

    def close(self) -> None:
        """Let all files go."""
        for place in self._places.values():
            place.close()


def card_moment(card: Card, case_number: str) -> tuple[av.VideoFrame, Wave]:
    """The title card of a gap, and silence: each frame of it is the same."""
    canvas = Canvas()
    canvas.paint(title_card(card, case_number))
    return _frame(canvas), np.zeros(FRAME_SAMPLES, np.float32)


def _seats_shown(seats: tuple[Seat, ...], tracks: tuple[Sidecar, ...]) -> tuple[Seat, ...]:
    """Those who ever appear in the record; the first seat at least."""
    present = {track.participant_id for track in tracks}
    return tuple(seat for seat in seats if seat.participant_id in present) or seats[:1]


def _meter_step(loudness: float) -> int:
    step, bound = 0, _QUIETEST
    while step < METER_STEPS and loudness > bound:
        step += 1
        bound *= _STEP_RATIO
    return step


def _frame(canvas: Canvas) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(canvas.buffer, format="yuv420p")
