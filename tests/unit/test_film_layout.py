"""Where tiles stand in the film: bench on top, nothing over anything, readable for one to twelve people."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.film.layout import (
    HEADER_PX,
    HEIGHT,
    LABEL_PX,
    MANY,
    RING_PX,
    SMALL_LABEL_PX,
    WIDTH,
    Box,
    Plan,
    fitted,
    plan,
    strips_around,
)

pytestmark = pytest.mark.unit


def boxes(division: Plan) -> list[Box]:
    found = [box for tile in division.tiles for box in (tile.picture, tile.label)]
    return found + [box for box in (division.shown, division.caption) if box is not None]


@pytest.mark.parametrize("shows", [False, True])
@pytest.mark.parametrize("bench", [0, 1, 2, 3])
@pytest.mark.parametrize("seats", range(1, 13))
def test_tiles_stay_in_the_picture_and_apart(seats: int, bench: int, shows: bool) -> None:
    for close_up in range(seats):
        division = plan(seats, bench, close_up=close_up, shows=shows)
        assert {tile.seat for tile in division.tiles} == set(range(seats)), "everybody is in the picture"
        found = boxes(division)
        for number, box in enumerate(found):
            assert box.width > 0 and box.height > 0
            assert box.left >= RING_PX and box.left + box.width <= WIDTH - RING_PX
            assert box.top >= HEADER_PX + RING_PX and box.top + box.height <= HEIGHT - RING_PX
            assert not (box.left | box.top | box.width | box.height) & 1
            assert not any(box.overlaps(other) for other in found[number + 1 :])
        for tile in division.tiles:
            ring = tile.whole.grown(RING_PX)
            others = [other for other in division.tiles if other is not tile]
            assert not any(ring.overlaps(other.whole) for other in others), "a ring never lies over somebody"
            assert division.shown is None or not ring.overlaps(division.shown)


@pytest.mark.parametrize("shows", [False, True])
@pytest.mark.parametrize("seats", range(1, 13))
def test_labels_are_readable(seats: int, shows: bool) -> None:
    for tile in plan(seats, 1, shows=shows).tiles:
        assert tile.label.width >= 184, "room for role and name"
        assert tile.label.height == (SMALL_LABEL_PX if tile.label.width < 340 else LABEL_PX)
        assert tile.label.top == tile.picture.top + tile.picture.height
        assert (tile.label.left, tile.label.width) == (tile.picture.left, tile.picture.width)
        assert tile.picture.height >= (50 if shows else 100)


@pytest.mark.parametrize(("seats", "bench"), [(3, 1), (4, 1), (5, 1), (3, 2), (4, 2), (5, 2)])
def test_the_bench_sits_above_and_the_parties_face_each_other_below(seats: int, bench: int) -> None:
    tiles = plan(seats, bench).tiles
    above, below = tiles[:bench], tiles[bench:]
    assert len({tile.picture.top for tile in above}) == len({tile.picture.top for tile in below}) == 1
    assert above[0].whole.top + above[0].whole.height < below[0].picture.top
    lefts = [tile.picture.left for tile in below]
    assert lefts == sorted(lefts)
    for row in (above, below):
        middle = (row[0].picture.left + row[-1].picture.left + row[-1].picture.width) / 2
        assert abs(middle - WIDTH / 2) <= 2
    assert above[0].picture.width >= below[0].picture.width or bench > len(below)


@pytest.mark.parametrize("seats", range(MANY, 13))
def test_of_many_the_first_of_the_bench_and_the_speaker_are_large(seats: int) -> None:
    plain = plan(seats, 2)
    for close_up in range(1, seats):
        tiles = plan(seats, 2, close_up=close_up).tiles
        judge, speaker, *small = tiles
        assert (judge.seat, speaker.seat) == (0, close_up)
        assert judge.picture.top < speaker.picture.top and judge.picture.left == speaker.picture.left
        assert all(tile.picture.width < judge.picture.width for tile in small)
        assert [tile.seat for tile in small] == list(range(1, seats))
        assert small == list(plain.tiles[2:]), "small places never move when another speaks"
    assert plain.tiles[1].seat == 2, "before anybody spoke: the first who isn't of the bench"


@pytest.mark.parametrize("seats", range(1, 13))
def test_what_is_shown_takes_most_of_the_picture(seats: int) -> None:
    division = plan(seats, 1, shows=True)
    assert division.shown is not None and division.caption is not None
    assert division.shown.width * division.shown.height > 0.55 * WIDTH * (HEIGHT - HEADER_PX)
    assert all(tile.picture.left > division.shown.left + division.shown.width for tile in division.tiles)
    assert division.caption.top == division.shown.top + division.shown.height


def test_more_than_twelve_are_left_out() -> None:
    assert plan(20, 2) == plan(12, 2)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1, 4000), (4000, 1), (1280, 960)])
def test_pictures_are_letterboxed_not_stretched(size: tuple[int, int]) -> None:
    tile = Box(100, 100, 400, 226)
    box = fitted(size, tile)
    assert tile.left <= box.left and box.left + box.width <= tile.left + tile.width
    assert tile.top <= box.top and box.top + box.height <= tile.top + tile.height
    if min(size) > 100:
        assert box.width / box.height == pytest.approx(size[0] / size[1], rel=0.02)


@given(st.tuples(*[st.integers(0, 40)] * 4))
def test_strips_fill_exactly_what_is_left_around_a_box(cut: tuple[int, int, int, int]) -> None:
    outer = Box(10, 20, 100, 100)
    inner = Box(10 + cut[0], 20 + cut[1], 100 - cut[0] - cut[2], 100 - cut[1] - cut[3])
    strips = strips_around(inner, outer)
    found = [*strips, inner]
    assert sum(box.width * box.height for box in found) == 100 * 100
    assert not any(box.overlaps(other) for number, box in enumerate(found) for other in found[number + 1 :])
    assert all(not strip.overlaps(inner) for strip in strips)
    assert strips_around(outer, outer) == ()
    assert strips_around(replace(outer, width=50), outer) == (Box(60, 20, 50, 100),)
