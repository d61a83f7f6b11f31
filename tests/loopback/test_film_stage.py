"""The stage over real tracks: who is marked, who isn't seen, what is shown, and that a restart changes nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cloudcourt.domain.exhibits import ScreenShown
from cloudcourt.domain.recording import Seat
from media.film.canvas import Ink
from media.film.header import HUNDREDTHS, SPEAKING
from media.film.layout import RING_PX, Box, fitted, plan
from media.film.palette import EMPTY, GROUND, HEADER, PICTURE, SPEAKING_RING
from media.film.stage import Stage, StageMemory
from media.film.timeline import FPS, FRAME_NS, as_ns
from media.record.hearing_facts import HearingFacts, hearing_facts
from media.record.shown import Shown
from media.record.sidecar import Sidecar, read_sidecars
from tests.bed.film_people import FilmPerson
from tests.bed.recordings import DEFENDANT, JUDGE, PLAINTIFF, SEATS, hearing_from, record

pytestmark = pytest.mark.loopback
SECONDS = 8
PEOPLE = (
    FilmPerson(JUDGE, colour=(170, 60, 50), size=(320, 180), fps=10, speaks=((0.5, 2.6),)),
    FilmPerson(
        PLAINTIFF, colour=(40, 130, 70), size=(180, 320), fps=10, speaks=((4, 8),), voice=1, db=-8, camera_until_s=5
    ),
    FilmPerson(DEFENDANT, colour=(50, 80, 170), size=(320, 240), fps=10),
)
Picture = NDArray[np.uint8]


class Recorded:
    """A hearing's folder and what the film must know of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tracks = read_sidecars(folder)
        self.began_ns = as_ns(min(track.started_at for track in self.tracks))
        opened_at = min(track.started_at for track in self.tracks)
        self.facts: HearingFacts = hearing_facts(hearing_from(opened_at, SECONDS))

    def stage(self, tracks: tuple[Sidecar, ...] | None = None, **facts: object) -> Stage:
        stage = Stage(self.folder)
        self.tell(stage, tracks, **facts)
        return stage

    def tell(self, stage: Stage, tracks: tuple[Sidecar, ...] | None = None, **facts: object) -> None:
        stage.know(self.facts.model_copy(update=facts), tracks or self.tracks, self.began_ns + 3600 * 10**9)

    def play(self, stage: Stage, until_s: float, from_s: float = 0.0) -> tuple[Picture, list[NDArray[np.float32]]]:
        """The last picture of a stretch and all of its sound."""
        waves = []
        for number in range(round(from_s * FPS), round(until_s * FPS)):
            frame, wave = stage.moment(self.began_ns + number * FRAME_NS)
            waves.append(wave)
        return frame.to_ndarray(format="rgb24").astype(np.uint8), waves


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("hearing")
    asyncio.run(record(folder, PEOPLE, SECONDS))
    return Recorded(folder)


def shows(picture: Picture, box: Box, colour: Ink) -> bool:
    part = picture[box.top : box.top + box.height, box.left : box.left + box.width].reshape(-1, 3)
    return bool(np.abs(np.median(part, axis=0) - colour).max() < 16)


def left_ring(box: Box) -> Box:
    return Box(box.left - RING_PX, box.top + 20, RING_PX, box.height - 40)


def marked(picture: Picture) -> list[Seat]:
    rings = {seat: left_ring(tile.whole) for seat, tile in zip(SEATS, plan(3).tiles, strict=True)}
    assert all(shows(picture, ring, SPEAKING_RING) or shows(picture, ring, GROUND) for ring in rings.values())
    return [seat for seat, ring in rings.items() if shows(picture, ring, SPEAKING_RING)]


def middle(box: Box) -> Box:
    return Box(box.left + box.width // 2 - 10, box.top + box.height // 4, 20, 20)


def test_who_speaks_is_marked_and_who_is_not_seen_says_why(recorded: Recorded) -> None:
    stage = recorded.stage()
    judge, plaintiff, defendant = (tile.picture for tile in plan(3).tiles)
    picture, _ = recorded.play(stage, 2.5)
    assert marked(picture) == [SEATS[0]]
    assert not shows(picture, SPEAKING, HEADER) or picture[_rows(SPEAKING)].max() > 200, "now speaking is written"
    for place, person in zip((judge, plaintiff, defendant), PEOPLE, strict=True):
        assert shows(picture, middle(place), person.colour)
        inner = fitted(person.size, place)
        if inner.left > place.left:
            beside = Box(place.left, place.top, inner.left - place.left, place.height)
            assert shows(picture, beside, PICTURE), "a phone held upright has quiet sides"
            assert shows(picture, Box(inner.left + 4, inner.top + 4, 8, 8), person.colour), "and is whole"
    quiet, _ = recorded.play(stage, 5, from_s=2.5)
    assert marked(quiet) == [SEATS[1]]
    late, _ = recorded.play(stage, 7.5, from_s=5)
    assert marked(late) == [SEATS[1]]
    assert shows(late, Box(plaintiff.left + 4, plaintiff.top + 4, 40, 40), EMPTY), "the camera went off"
    assert stage.seats == (JUDGE, PLAINTIFF, DEFENDANT)
    stage.close()


def _rows(box: Box) -> tuple[slice, slice]:
    return slice(box.top, box.top + box.height), slice(box.left, box.left + box.width)


def test_every_frame_carries_its_own_time(recorded: Recorded) -> None:
    stage = recorded.stage()
    clocks = set()
    for number in range(FPS):
        frame, _ = stage.moment(recorded.began_ns + number * FRAME_NS)
        clocks.add(frame.to_ndarray(format="rgb24")[_rows(HUNDREDTHS)].tobytes())
    assert len(clocks) == FPS
    stage.close()


def test_a_restart_in_the_middle_changes_nothing(recorded: Recorded) -> None:
    whole = recorded.stage()
    recorded.play(whole, 4)
    kept = StageMemory.model_validate_json(whole.memory.model_dump_json())
    expected, expected_waves = recorded.play(whole, 7, from_s=4)
    again = Stage(recorded.folder, recorded.began_ns + 4 * 10**9, kept)
    recorded.tell(again)
    picture, waves = recorded.play(again, 7, from_s=4)
    assert again.seats == whole.seats and marked(picture) == marked(expected)
    assert again.memory.director == whole.memory.director
    np.testing.assert_allclose(np.concatenate(waves), np.concatenate(expected_waves), atol=0.02)
    assert np.abs(picture.astype(int) - expected).mean() < 0.5
    whole.close()
    again.close()


def test_a_shared_screen_is_large_and_people_stand_beside_it(recorded: Recorded) -> None:
    tracks = tuple(
        track.model_copy(update={"shows": "screen"})
        if (track.participant_id, track.kind) == (DEFENDANT, "video")
        else track
        for track in recorded.tracks
    )
    assert recorded.facts.opened_at is not None
    ended_at = recorded.facts.opened_at + timedelta(seconds=3)
    span = ScreenShown(participant_id=DEFENDANT, began_at=recorded.facts.opened_at, ended_at=ended_at)
    stage = recorded.stage(tracks, screens=(span,))
    picture, _ = recorded.play(stage, 2)
    division = plan(3, shows=True)
    assert division.shown is not None
    assert shows(picture, middle(division.shown), PEOPLE[2].colour)
    assert shows(picture, middle(division.tiles[0].picture), PEOPLE[0].colour)
    corner = division.tiles[2].picture
    assert shows(picture, Box(corner.left + 2, corner.top + 2, 20, 20), EMPTY), "a screen is no face"
    recorded.play(stage, 2.9, from_s=2)
    later, _ = recorded.play(stage, 6.5, from_s=2.9)
    large = middle(plan(3).tiles[0].picture)
    assert shows(later, large, PEOPLE[0].colour), "what came after the court had ended it is not shown"
    stage.close()


def test_a_page_before_the_court_is_shown_while_it_is(recorded: Recorded) -> None:
    paper = (230, 220, 200)
    Image.new("RGB", (300, 420), paper).save(recorded.folder / "page.png")
    opened_at = recorded.facts.opened_at
    assert opened_at is not None
    span = {"began_at": opened_at + timedelta(seconds=0.2), "ended_at": opened_at + timedelta(seconds=3)}
    pages = [Shown(image=name, title="证据1", **span) for name in ("page.png", "none.png", "../../secret.png")]
    place = plan(3, shows=True).shown
    assert place is not None
    for page in pages:
        stage = recorded.stage(shown=(page,))
        picture, _ = recorded.play(stage, 1)
        assert shows(picture, middle(place), paper) == (page.image == "page.png"), page.image
        stage.close()
    stage = recorded.stage(shown=pages[:1])
    recorded.play(stage, 2.9)
    later, _ = recorded.play(stage, 4.5, from_s=2.9)
    assert shows(later, middle(plan(3).tiles[0].picture), PEOPLE[0].colour), "afterwards the people have the room again"
    stage.close()
