"""The film's parts by themselves: where tiles stand, what the timeline holds, what letters can be drawn."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from PIL import ImageFont

from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import SEAT_LABELS, Role
from media.film.canvas import Canvas
from media.film.drawing import GAP_TITLES, backdrop, gap_times, title_card, utc_offset
from media.film.layout import HEADER_PX, HEIGHT, WIDTH, Box, fitted, layout
from media.film.lettering import VENDORED, shortened, text_width
from media.film.sounds import level, mix
from media.film.timeline import CARD_FRAMES, FPS, Card, Take, timeline
from media.record.hearing_facts import hearing_facts
from tests.bed.recordings import SEATS, hearing_from

pytestmark = pytest.mark.unit
OPENED = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize("seats", range(1, 13))
def test_tiles_stay_in_the_picture_and_apart(seats: int) -> None:
    boxes = [box for tile in layout(seats) for box in (tile.picture, tile.label)]
    assert len(boxes) == 2 * seats
    for number, box in enumerate(boxes):
        assert box.left >= 0 and box.left + box.width <= WIDTH
        assert box.top >= HEADER_PX and box.top + box.height <= HEIGHT
        assert not (box.left | box.top | box.width | box.height) & 1
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])
    assert min(box.width for box in boxes) >= 280


def test_the_judge_is_largest_of_three() -> None:
    judge, *parties = layout(3)
    assert all(judge.picture.width > 2 * party.picture.width for party in parties)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1, 4000), (4000, 1), (1280, 960)])
def test_pictures_are_letterboxed_not_stretched(size: tuple[int, int]) -> None:
    tile = Box(100, 100, 400, 226)
    box = fitted(size, tile)
    assert tile.left <= box.left and box.left + box.width <= tile.left + tile.width
    assert tile.top <= box.top and box.top + box.height <= tile.top + tile.height
    if min(size) > 100:
        assert box.width / box.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_the_timeline_is_spans_with_a_card_at_each_gap() -> None:
    at = [OPENED + timedelta(seconds=s) for s in (0, 10, 20, 30)]
    gaps = [
        Gap(reason=GapReason.RECESS, began_at=at[1], ended_at=at[2]),
        Gap(reason=GapReason.FAULT, began_at=at[3]),
    ]
    sections = timeline(hearing_facts(hearing_from(OPENED, 40, gaps)), 0)
    assert [type(section) for section in sections] == [Take, Card, Take, Card]
    assert [section.frames for section in sections] == [10 * FPS, CARD_FRAMES, 10 * FPS, CARD_FRAMES]
    last = sections[-1]
    assert isinstance(last, Card) and last.ended_at == OPENED + timedelta(seconds=40)


def test_a_record_that_a_crash_ended_goes_to_its_last_track() -> None:
    facts = hearing_facts(hearing_from(OPENED, 40)).model_copy(update={"ended_at": None})
    facts = facts.model_copy(update={"spans": (facts.spans[0].model_copy(update={"ended_at": None}),)})
    (take,) = timeline(facts, round(OPENED.timestamp() + 7) * 1_000_000_000)
    assert take.frames == 7 * FPS


def test_times_on_cards_name_their_offset() -> None:
    card = Card(Gap(reason=GapReason.RECESS, began_at=OPENED), OPENED + timedelta(minutes=12, seconds=2))
    assert f"{OPENED.astimezone():%H:%M:%S} – {card.ended_at.astimezone():%H:%M:%S}" in gap_times(card)  # type: ignore[union-attr]
    offsets = [(8, "UTC+8"), (0, "UTC"), (5.5, "UTC+5:30"), (-3.5, "UTC-3:30")]
    for hours, name in offsets:
        assert utc_offset(OPENED.astimezone(timezone(timedelta(hours=hours)))) == name


def test_every_word_the_film_says_is_in_the_font_we_bring() -> None:
    font = ImageFont.truetype(VENDORED, 24)
    missing = bytes(font.getmask("\U0010fffe"))
    words = "".join(a + b for a, b in (*SEAT_LABELS.values(), *GAP_TITLES.values()))
    words += "未显示画面此时段未录制（2026）沪0115民初号UTC+8–·éü喆玥"
    assert not [letter for letter in words if not letter.isspace() and bytes(font.getmask(letter)) == missing]


def test_long_names_are_cut_to_fit() -> None:
    name = "Dr. Maximiliane von Wolkenstein-Trostburg 欧阳震华"
    assert text_width(shortened(name, 20, 150), 20) <= 150
    assert shortened("李明", 20, 150) == "李明"


@pytest.mark.parametrize("role", list(Role))
def test_backdrops_differ_by_role_and_name(role: Role) -> None:
    tiles = layout(3)
    seat = Seat(participant_id=SEATS[0].participant_id, role=role, name="欧阳震华")
    one = np.asarray(backdrop("1", "2", (seat, *SEATS[1:]), tiles))
    other = np.asarray(backdrop("1", "2", (seat.model_copy(update={"name": "王静"}), *SEATS[1:]), tiles))
    changed = np.argwhere((one != other).any(axis=2))
    label = tiles[0].label
    assert len(changed)
    assert changed[:, 0].min() >= label.top and changed[:, 0].max() < label.top + label.height


def test_colours_survive_the_canvas() -> None:
    canvas = Canvas()
    canvas.paint(title_card(Card(Gap(reason=GapReason.RECESS, began_at=OPENED), None), "x"))
    assert 16 <= canvas.y.min() < 40 and canvas.y.max() > 200


def test_the_mix_never_clips_and_leaves_one_voice_alone() -> None:
    voice = (np.sin(np.arange(4800) * 0.05) * 0.7).astype(np.float32)
    np.testing.assert_allclose(mix([voice, np.zeros_like(voice)]), voice)
    together = mix([voice, voice, voice])
    assert np.abs(together).max() <= 1.0
    assert level(together) > level(voice)
