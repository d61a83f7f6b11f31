"""The courtroom as it looked at a moment: tiles, level marks and the clock, painted only where they change."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from cloudcourt.domain.recording import Seat
from media.film.canvas import Canvas
from media.film.drawing import CLOCK, METER_STEPS, backdrop, clock_face, empty_seat, meter, meter_place, title_card
from media.film.layout import Tile, layout
from media.film.pictures import PictureFeed, Shown
from media.film.sounds import RATE_HZ, SoundFeed, Wave, as_samples, level, mix
from media.film.timeline import FPS, FRAME_NS, Card, Take
from media.record.hearing_facts import HearingFacts
from media.record.sidecar import Sidecar
from media.record.wall import as_datetime

FRAME_SAMPLES = RATE_HZ // FPS
_QUIETEST = 0.004
_STEP_RATIO = 2.5
_FALL_FRAMES = 3


class _Place:
    """One seat on the stage."""

    def __init__(self, seat: Seat, tile: Tile, folder: Path, tracks: list[Sidecar], bare: Canvas) -> None:
        self.tile = tile
        self.sounds = SoundFeed(folder, [track for track in tracks if track.kind == "audio"])
        self._pictures = PictureFeed(folder, [track for track in tracks if track.kind == "video"], tile.picture)
        self._bare = bare
        self._empty = empty_seat(seat, (tile.picture.width, tile.picture.height))
        self._shown_box: object = None
        self._step = -1
        self._held = 0

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
        step = _meter_step(level(wave))
        if step >= self._step or self._held >= _FALL_FRAMES:
            self._held = 0
        else:  # fall slowly, or the mark flickers with every syllable
            self._held += 1
            step = self._step
        if step != self._step or anew:
            canvas.paint(meter(step), *meter_place(self.tile.label))
        self._step = step


class Stage:
    """Gives the film's frames and sound, one after another in the order of the wall clock."""

    def __init__(self, folder: Path, facts: HearingFacts, tracks: tuple[Sidecar, ...]) -> None:
        seats = _seats_shown(facts.seats, tracks)
        tiles = layout(len(seats))
        self._case_number = facts.case_number
        self._bare = Canvas()
        self._bare.paint(backdrop(facts.case_number, facts.cause, seats, tiles))
        self._canvas = Canvas()
        self._places = [
            _Place(seat, tile, folder, [t for t in tracks if t.participant_id == seat.participant_id], self._bare)
            for seat, tile in zip(seats, tiles, strict=True)
        ]
        self._shown_second: int | None = None

    def _moment(self, wall_ns: int) -> tuple[av.VideoFrame, Wave]:
        """The picture at a time and the sound of the frame that begins there."""
        anew = self._shown_second is None
        # The time of a frame is the middle of its stay on the screen.
        seen_ns = wall_ns + FRAME_NS // 2
        from_sample = as_samples(wall_ns)
        waves = []
        for place in self._places:
            place.paint_picture(self._canvas, seen_ns, anew=anew)
            wave = place.sounds.take(from_sample, FRAME_SAMPLES)
            place.paint_level(self._canvas, wave, anew=anew)
            waves.append(wave)
        second = wall_ns // 1_000_000_000
        if second != self._shown_second:
            self._shown_second = second
            self._canvas.paint(clock_face(as_datetime(second * 1_000_000_000)), CLOCK.left, CLOCK.top)
        return _frame(self._canvas), mix(waves)

    def card(self, card: Card) -> Iterator[tuple[av.VideoFrame, Wave]]:
        """The title card of a gap, in silence."""
        canvas = Canvas()
        canvas.paint(title_card(card, self._case_number))
        for _ in range(card.frames):
            yield _frame(canvas), np.zeros(FRAME_SAMPLES, np.float32)

    def take(self, take: Take) -> Iterator[tuple[av.VideoFrame, Wave]]:
        """A stretch of the record."""
        self._canvas.buffer[:] = self._bare.buffer
        self._shown_second = None  # everything must be painted anew
        for number in range(take.frames):
            yield self._moment(take.began_ns + number * FRAME_NS)


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
