"""The film's parts by themselves: what the timeline holds, what cards and clocks say, what letters can be drawn."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import islice, pairwise

import numpy as np
import pytest
from PIL import Image, ImageFont

from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.roles import SEAT_LABELS
from media.film.canvas import Canvas
from media.film.cards import GAP_RULES, GAP_TITLES, gap_length, gap_times, title_card
from media.film.header import utc_offset
from media.film.layout import Box
from media.film.lettering import VENDORED, shortened, text_width
from media.film.palette import GOLD
from media.film.plates import Absence
from media.film.timeline import CARD_FRAMES, FPS, Card, Take, as_ns, chunks
from media.record.hearing_facts import hearing_facts
from tests.bed.recordings import hearing_from

pytestmark = pytest.mark.unit
OPENED = datetime(2026, 11, 24, 2, tzinfo=UTC)


def test_the_timeline_is_spans_with_a_card_at_each_gap() -> None:
    at = [OPENED + timedelta(seconds=s) for s in (0, 10, 20, 30)]
    gaps = [
        Gap(reason=GapReason.RECESS, began_at=at[1], ended_at=at[2]),
        Gap(reason=GapReason.FAULT, began_at=at[3]),
    ]
    film = list(chunks(hearing_facts(hearing_from(OPENED, 40, gaps))))
    lengths = [4 * FPS, 4 * FPS, 2 * FPS]
    assert [type(chunk) for chunk in film] == [Take, Take, Take, Card, Take, Take, Take, Card]
    assert [chunk.frames for chunk in film] == [*lengths, CARD_FRAMES, *lengths, CARD_FRAMES]
    takes = [chunk for chunk in film if isinstance(chunk, Take)]
    assert all(a.ended_ns == b.began_ns or b.began_ns == as_ns(at[2]) for a, b in pairwise(takes))
    last = film[-1]
    assert isinstance(last, Card) and last.ended_at == OPENED + timedelta(seconds=40)


def test_a_hearing_that_goes_on_has_whole_chunks_and_no_card_of_a_gap_that_lasts() -> None:
    recess = Gap(reason=GapReason.RECESS, began_at=OPENED + timedelta(seconds=10))
    sitting = hearing_from(OPENED, 40).model_copy(update={"ended_at": None})
    first = list(islice(chunks(hearing_facts(sitting)), 50))
    assert [chunk.frames for chunk in first] == [4 * FPS] * 50
    resting = list(chunks(hearing_facts(sitting.model_copy(update={"gaps": (recess,)}))))
    assert [chunk.frames for chunk in resting] == [4 * FPS, 4 * FPS, 2 * FPS]
    assert resting[:2] == first[:2]


def test_times_on_cards_name_their_offset() -> None:
    card = Card(Gap(reason=GapReason.RECESS, began_at=OPENED), OPENED + timedelta(minutes=12, seconds=2))
    assert f"{OPENED.astimezone():%H:%M:%S} – {card.ended_at.astimezone():%H:%M:%S}" in gap_times(card)
    offsets = [(8, "UTC+8"), (0, "UTC"), (5.5, "UTC+5:30"), (-3.5, "UTC-3:30")]
    for hours, name in offsets:
        assert utc_offset(OPENED.astimezone(timezone(timedelta(hours=hours)))) == name


def test_cards_say_how_long_it_was() -> None:
    gap = Gap(reason=GapReason.FAULT, began_at=OPENED)
    assert gap_length(Card(gap, OPENED + timedelta(minutes=12, seconds=2))) == "历时 12 分 2 秒 · 12 min 2 s"
    assert gap_length(Card(gap, OPENED + timedelta(seconds=41.6))) == "历时 42 秒 · 42 s"


def test_every_gap_has_a_card_of_its_own_and_mediation_says_it_is_off_the_record() -> None:
    assert set(GAP_TITLES) == set(GAP_RULES) == set(GapReason)
    ended = OPENED + timedelta(minutes=5)
    cards = {
        reason: np.asarray(title_card(Card(Gap(reason=reason, began_at=OPENED), ended), "1")) for reason in GapReason
    }
    rows = slice(515, 585)  # the rule's two lines
    for reason, card in cards.items():
        assert card[rows].max() > 200, "the rule is written"
        assert all((card[rows] != other[rows]).any() for its, other in cards.items() if its is not reason)
    assert GAP_RULES[GapReason.MEDIATION] == ("调解过程依规定不录制", "Mediation is off the record by rule")


def test_every_word_the_film_says_is_in_the_font_we_bring() -> None:
    font = ImageFont.truetype(VENDORED, 24)
    missing = bytes(font.getmask("\U0010fffe"))
    pairs = (*SEAT_LABELS.values(), *GAP_TITLES.values(), *GAP_RULES.values(), *(absence.value for absence in Absence))
    words = "".join(a + b for a, b in pairs)
    words += "正在发言证据展示屏幕共享历时分秒（2026）沪0115民初号UTC+8–·…éü喆玥"
    assert not [letter for letter in words if not letter.isspace() and bytes(font.getmask(letter)) == missing]


def test_long_names_are_cut_to_fit() -> None:
    name = "Dr. Maximiliane von Wolkenstein-Trostburg 欧阳震华"
    assert text_width(shortened(name, 20, 150), 20) <= 150
    assert shortened("李明", 20, 150) == "李明"


def test_colours_survive_the_canvas() -> None:
    canvas = Canvas()
    canvas.paint(title_card(Card(Gap(reason=GapReason.RECESS, began_at=OPENED), OPENED), "x"))
    assert 16 <= canvas.y.min() < 40 and canvas.y.max() > 200
    box = Box(100, 200, 40, 20)
    canvas.fill(box, GOLD)
    canvas.paint(Image.new("RGB", (40, 20), GOLD), 200, 200)
    shown = canvas.frame().to_ndarray(format="rgb24")
    assert np.abs(shown[205:215, 105:135].astype(int) - GOLD).max() < 4
    assert (shown[200:220, 100:140] == shown[200:220, 200:240]).all(), "filled or painted, a colour is the same"


def test_a_ring_lies_around_a_box_and_not_over_it() -> None:
    canvas = Canvas()
    canvas.ring(Box(100, 100, 60, 40), 4, (255, 255, 255))
    lit = np.argwhere(canvas.y > 200)
    assert (lit.min(axis=0).tolist(), lit.max(axis=0).tolist()) == ([96, 96], [143, 163])
    assert canvas.y[100:140, 100:160].max() == 0
