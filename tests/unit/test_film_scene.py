"""The picture of the courtroom: painted piece by piece or at once it is the same; nobody is stretched or cut."""

from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import Role
from media.film.canvas import Ink
from media.film.director import Arrangement
from media.film.emblem import emblem, emblem_file
from media.film.fitting import Fitting
from media.film.layout import Box, plan
from media.film.palette import EMPTY, HEADER, SPEAKING_RING
from media.film.plates import Absence
from media.film.scene import Look, OnShow, Scene
from media.film.timeline import FRAME_NS

pytestmark = pytest.mark.unit
ROLES = (Role.JUDGE, Role.CLERK, Role.PLAINTIFF, Role.REPRESENTATIVE, Role.DEFENDANT, Role.WITNESS, Role.INTERPRETER)
SEATS = tuple(Seat(participant_id=ParticipantId(role.value), role=role, name="欧阳震华") for role in ROLES)
PEOPLE = tuple(seat.participant_id for seat in SEATS)
BEGAN_NS = 1_800_000_000_000_000_000
SIZES = ((320, 180), (180, 320), (320, 240))
Picture = NDArray[np.uint8]


def coloured(size: tuple[int, int], colour: Ink) -> av.VideoFrame:
    picture = np.full((size[1], size[0], 3), colour, np.uint8)
    return av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")


FRAMES = tuple(coloured(size, colour) for size in SIZES for colour in ((170, 60, 50), (40, 130, 70)))


class Step(NamedTuple):
    """One moment's looks, by number."""

    seats: int
    close_up: int
    shows: bool
    pictures: tuple[int, ...]
    levels: tuple[int, ...]
    speaking: frozenset[int]

    def paint(self, scene: Scene, number: int) -> None:
        looks = {
            seat.participant_id: Look(
                seat,
                FRAMES[self.pictures[n]] if self.pictures[n] < len(FRAMES) else None,
                list(Absence)[self.pictures[n] % 3],
                self.levels[n],
                n in self.speaking,
            )
            for n, seat in enumerate(SEATS)
        }
        on_show = (
            OnShow(None, FRAMES[self.pictures[0] % len(FRAMES)], "屏幕共享", "Screen", "原告") if self.shows else None
        )
        arrangement = Arrangement(seats=PEOPLE[: self.seats], close_up=PEOPLE[self.close_up], shows=self.shows)
        scene.paint(BEGAN_NS + number * 7 * FRAME_NS, arrangement, looks, on_show)


each = st.tuples(*[st.integers(0, len(FRAMES) + 2)] * len(SEATS))
steps = st.builds(
    Step,
    st.integers(1, len(SEATS)),
    st.integers(0, len(SEATS) - 1),
    st.booleans(),
    each,
    st.tuples(*[st.integers(0, 5)] * len(SEATS)),
    st.frozensets(st.integers(0, len(SEATS) - 1)),
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=2, max_size=6))
def test_painting_only_what_changes_leaves_nothing_behind(script: list[Step]) -> None:
    going_on, afresh = Scene("（2026）沪0115民初1号", "合同纠纷"), Scene("（2026）沪0115民初1号", "合同纠纷")
    for number, step in enumerate(script):
        step.paint(going_on, number)
    script[-1].paint(afresh, len(script) - 1)
    assert (going_on.canvas.buffer == afresh.canvas.buffer).all()


def test_a_frame_that_stays_costs_nothing_to_draw_again() -> None:
    scene = Scene("1", "2")
    step = Step(3, 2, False, (0,) * 7, (0,) * 7, frozenset())
    step.paint(scene, 0)
    box = plan(3).tiles[0].picture
    rows, columns = slice(box.top, box.top + box.height), slice(box.left, box.left + box.width)
    scene.canvas.y[rows, columns] = 99
    step.paint(scene, 1)
    assert (scene.canvas.y[rows, columns] == 99).all()


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (640, 480), (322, 178), (1, 1), (1920, 1080)])
def test_a_whole_picture_of_any_shape_is_seen(size: tuple[int, int]) -> None:
    width, height = size
    image = np.zeros((height, width, 3), np.uint8)
    image[:] = (60, 60, 60)
    edge = max(1, min(size) // 6)
    for rows, columns in ((slice(edge), slice(edge)), (slice(-edge, None), slice(-edge, None))):
        image[rows, columns] = 255
    place = Box(100, 100, 476, 268)
    fitting = Fitting(place)
    shown = fitting.fit(av.VideoFrame.from_ndarray(image, format="rgb24"))
    assert shown is not None
    box, (y, u, v) = shown
    assert y.shape == (box.height, box.width) and u.shape == v.shape == (box.height // 2, box.width // 2)
    assert y[1, 1] > 150 and y[-2, -2] > 150, "both corners are there"
    if min(size) > 1:
        assert abs(box.width / box.height - width / height) < 0.03 * width / height, "as wide as it was"
        assert box.width == place.width or box.height == place.height, "as large as can be"


def test_a_camera_that_changes_its_shape_is_followed() -> None:
    scene = Scene("1", "2")
    for number, picture in enumerate((0, 2, 4, 0)):
        Step(3, 2, False, (picture,) * 7, (0,) * 7, frozenset()).paint(scene, number)
    once = Scene("1", "2")
    Step(3, 2, False, (0,) * 7, (0,) * 7, frozenset()).paint(once, 3)
    assert (scene.canvas.buffer == once.canvas.buffer).all()


def test_the_speaker_has_a_ring_and_an_empty_seat_its_plate() -> None:
    scene = Scene("1", "2")
    Step(3, 2, False, (0, len(FRAMES), 0, 0, 0, 0, 0), (0,) * 7, frozenset({0})).paint(scene, 0)
    picture: Picture = scene.canvas.frame().to_ndarray(format="rgb24").astype(np.uint8)
    judge, clerk = plan(3, 2).tiles[:2]
    assert np.abs(picture[judge.whole.top - 2, judge.picture.left + 50].astype(int) - SPEAKING_RING).max() < 12
    assert np.abs(picture[clerk.picture.top + 4, clerk.picture.left + 4].astype(int) - EMPTY).max() < 6


def test_the_courts_own_emblem_goes_first_and_a_broken_one_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "hearings" / "h-1"
    folder.mkdir(parents=True)
    assert emblem_file(folder) is None
    drawn = np.asarray(emblem(52, HEADER))
    (tmp_path / "emblem.png").write_bytes(b"no picture")
    assert emblem_file(folder) == tmp_path / "emblem.png"
    assert (np.asarray(emblem(52, HEADER, tmp_path / "emblem.png")) == drawn).all()
    Image.new("RGBA", (300, 150), (200, 30, 40, 255)).save(folder / "emblem.webp")
    own = emblem_file(folder)
    assert own == folder / "emblem.webp"
    shown = np.asarray(emblem(52, HEADER, own))
    assert np.abs(shown[26, 26].astype(int) - (200, 30, 40)).max() < 12
    assert tuple(shown[2, 26]) == HEADER, "not stretched to a square"
