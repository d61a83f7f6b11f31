"""Paints the courtroom as it is at a moment, and of it only what changed since the moment before."""

from pathlib import Path
from typing import NamedTuple

import av

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from media.film.canvas import Canvas
from media.film.director import BENCH, Arrangement
from media.film.emblem import opened_image
from media.film.fitting import Fitted, Fitting
from media.film.header import CLOCK, HUNDREDTHS, SPEAKING, clock_face, header, hundredths_face, speaking_line
from media.film.layout import HEADER_PX, HEIGHT, RING_PX, WIDTH, Box, Plan, Tile, plan, strips_around
from media.film.palette import GROUND, PICTURE, SPEAKING_RING
from media.film.plates import Absence, bar_place, caption, empty_place, level_bar, meter, meter_place, name_plate
from media.record.wall import as_datetime

_SECOND_NS = 1_000_000_000
_HUNDREDTH_NS = 10_000_000


class Look(NamedTuple):
    """How one seat looks now: its picture or why there is none, its level (0-5), whether it speaks."""

    seat: Seat
    frame: av.VideoFrame | None
    absence: Absence
    step: int
    speaks: bool


class OnShow(NamedTuple):
    """What is before the court: a page or a screen's frame, and its caption in both languages."""

    page: Path | None
    frame: av.VideoFrame | None
    chinese: str
    english: str
    title: str


class Scene:
    """The canvas of a hearing; `paint` brings it to a moment."""

    def __init__(self, case_number: str, cause: str, emblem_file: Path | None = None) -> None:
        self.canvas = Canvas()
        self._header = header(case_number, cause, emblem_file)
        self._arrangement: Arrangement | None = None
        self._tiles: list[_TilePainter] = []
        self._people: list[ParticipantId] = []
        self._show: _ShowPainter | None = None
        self._speaking: tuple[Seat, ...] | None = None
        self._second: int | None = None

    def paint(
        self, at_ns: int, arrangement: Arrangement, looks: dict[ParticipantId, Look], on_show: OnShow | None
    ) -> None:
        """Bring the canvas to that moment."""
        if arrangement != self._arrangement:
            self._divide(arrangement, looks)
        for tile, person in zip(self._tiles, self._people, strict=True):
            tile.paint(self.canvas, looks[person])
        if self._show is not None:
            self._show.paint(self.canvas, on_show)
        speaking = tuple(look.seat for look in looks.values() if look.speaks)
        if speaking != self._speaking:
            self._speaking = speaking
            self.canvas.lay(speaking_line(speaking), SPEAKING.left, SPEAKING.top)
        self._paint_clock(at_ns)

    def _divide(self, arrangement: Arrangement, looks: dict[ParticipantId, Look]) -> None:
        self._arrangement = arrangement
        division = _plan_for(arrangement, looks)
        self.canvas.fill(Box(0, HEADER_PX, WIDTH, HEIGHT - HEADER_PX), GROUND)
        if self._speaking is None:
            self.canvas.lay(self._header, 0, 0)
        self._tiles = [_TilePainter(tile) for tile in division.tiles]
        self._people = [arrangement.seats[tile.seat] for tile in division.tiles]
        self._show = None
        if division.shown is not None and division.caption is not None:
            self._show = _ShowPainter(division.shown, division.caption)

    def _paint_clock(self, at_ns: int) -> None:
        second, rest = divmod(at_ns, _SECOND_NS)
        if second != self._second:
            self._second = second
            self.canvas.lay(clock_face(as_datetime(second * _SECOND_NS)), CLOCK.left, CLOCK.top)
        self.canvas.lay(hundredths_face(rest // _HUNDREDTH_NS), HUNDREDTHS.left, HUNDREDTHS.top)


class _TilePainter:
    """One tile, and what is painted there."""

    def __init__(self, tile: Tile) -> None:
        self._tile = tile
        self._fitting = Fitting(tile.picture)
        self._frame: av.VideoFrame | None = None
        self._absence: Absence | None = None
        self._filled: Box | None = None
        self._step = -1
        self._speaks: bool | None = None

    def paint(self, canvas: Canvas, look: Look) -> None:
        is_lit_anew = look.speaks != self._speaks
        if is_lit_anew:
            self._paint_mark(canvas, look)
        if look.frame is not None:
            self._paint_frame(canvas, look.frame)
        elif look.absence != self._absence:
            self._paint_empty(canvas, look)
        elif look.step != self._step:
            self._paint_bar(canvas, look.step)
        if look.step != self._step or is_lit_anew:
            canvas.lay(meter(look.step, lit=look.speaks), *meter_place(self._tile.label))
        self._step = look.step

    def _paint_frame(self, canvas: Canvas, frame: av.VideoFrame) -> None:
        if frame is self._frame:
            return
        self._frame = frame
        if (shown := self._fitting.fit(frame)) is None:
            return
        self._filled = _lay(canvas, self._tile.picture, shown, self._filled)
        self._absence = None

    def _paint_empty(self, canvas: Canvas, look: Look) -> None:
        picture = self._tile.picture
        canvas.lay(empty_place(look.seat, picture.width, picture.height, look.absence), picture.left, picture.top)
        self._paint_bar(canvas, look.step)
        self._absence, self._frame, self._filled = look.absence, None, None

    def _paint_bar(self, canvas: Canvas, step: int) -> None:
        bar = bar_place(self._tile.picture)
        canvas.lay(level_bar(step, bar.width, bar.height), bar.left, bar.top)

    def _paint_mark(self, canvas: Canvas, look: Look) -> None:
        self._speaks = look.speaks
        label = self._tile.label
        canvas.lay(name_plate(look.seat, label.width, label.height, lit=look.speaks), label.left, label.top)
        canvas.ring(self._tile.whole, RING_PX, SPEAKING_RING if look.speaks else GROUND)


class _ShowPainter:
    """The large place of an exhibit or a screen."""

    def __init__(self, place: Box, plate: Box) -> None:
        self._place, self._plate = place, plate
        self._fitting = Fitting(place)
        self._painted: OnShow | None = None
        self._filled: Box | None = None

    def paint(self, canvas: Canvas, on_show: OnShow | None) -> None:
        """What went off is left standing until the picture is divided anew."""
        if on_show is None or on_show == self._painted:
            return
        if (shown := self._shown(on_show)) is not None:
            self._filled = _lay(canvas, self._place, shown, self._filled)
        else:
            canvas.fill(self._place, PICTURE)
            self._filled = None
        if self._painted is None or on_show[2:] != self._painted[2:]:
            plate = caption(*on_show[2:], self._plate.width, self._plate.height)
            canvas.lay(plate, self._plate.left, self._plate.top)
        self._painted = on_show

    def _shown(self, on_show: OnShow) -> Fitted | None:
        if on_show.frame is not None:
            return self._fitting.fit(on_show.frame)
        page = opened_image(on_show.page) if on_show.page is not None else None
        return self._fitting.fit_image(page) if page is not None else None


def _lay(canvas: Canvas, place: Box, shown: Fitted, filled: Box | None) -> Box:
    """Put a picture in its place; around one of a new shape the ground is painted first."""
    box, painted = shown
    if box != filled:
        for strip in strips_around(box, place):
            canvas.fill(strip, PICTURE)
    canvas.lay(painted, box.left, box.top)
    return box


def _plan_for(arrangement: Arrangement, looks: dict[ParticipantId, Look]) -> Plan:
    seats = arrangement.seats
    bench = sum(1 for person in seats if looks[person].seat.role in BENCH)
    close_up = seats.index(arrangement.close_up) if arrangement.close_up in seats else 0
    return plan(len(seats), bench, close_up=close_up, shows=arrangement.shows)
