"""Sharing a link: who is shown, and how well."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from media.congestion.allocation import HEADROOM, Allocation, Layer, Picture, allocate, rank_of

pytestmark = pytest.mark.unit

JUDGE, PLAINTIFF, DEFENDANT, OBSERVER = (
    ParticipantId(name) for name in ("judge", "plaintiff", "defendant", "observer")
)
SMALL, LARGE = Layer(150_000, 180), Layer(500_000, 360)
AUDIO = 120_000
COURT = (
    Picture(OBSERVER, 2, (SMALL, LARGE)),
    Picture(PLAINTIFF, 1, (SMALL, LARGE)),
    Picture(JUDGE, 0, (SMALL, LARGE)),
    Picture(DEFENDANT, 1, (SMALL, LARGE)),
)


@st.composite
def courts(draw: st.DrawFn) -> tuple[Picture, ...]:
    pictures = []
    for number in range(draw(st.integers(0, 6))):
        rates = sorted(draw(st.lists(st.integers(1_000, 900_000), max_size=3)))
        layers = tuple(Layer(rate, 180 << at) for at, rate in enumerate(rates))
        pictures.append(Picture(ParticipantId(str(number)), draw(st.integers(0, 2)), layers, draw(st.booleans())))
    return tuple(pictures)


budgets = st.integers(0, 4_000_000)
sounds = st.integers(0, 300_000)


@st.composite
def situations(draw: st.DrawFn) -> tuple[int, tuple[Picture, ...], Allocation]:
    """Sound, pictures, and what came of some budget before."""
    audio, pictures = draw(sounds), draw(courts())
    shown = {p.source: draw(st.none() | st.integers(0, 2)) for p in pictures if draw(st.booleans())}
    return audio, pictures, allocate(draw(budgets), audio, pictures, shown)


def cost(audio: int, pictures: tuple[Picture, ...], found: Allocation) -> int:
    chosen = ((p, found.layers[p.source]) for p in pictures)
    return audio + sum(p.layers[layer].bits_per_s for p, layer in chosen if layer is not None)


def favours(pictures: tuple[Picture, ...], found: Allocation) -> list[bool]:
    """What was granted, in order of importance: each lowest layer by rank, then each second, and so on."""
    granted = [found.layers[p.source] for p in sorted(pictures, key=lambda picture: picture.rank)]
    return [top is not None and top >= layer for layer in range(3) for top in granted]


@given(situations(), budgets)
def test_the_budget_is_kept_unless_there_is_only_sound(
    situation: tuple[int, tuple[Picture, ...], Allocation], budget: int
) -> None:
    audio, pictures, before = situation
    found = allocate(budget, audio, pictures, before.layers)
    assert found.bits_per_s == cost(audio, pictures, found)
    assert found.bits_per_s <= budget or all(layer is None for layer in found.layers.values())
    assert found.bits_per_s <= found.wanted_bits_per_s
    assert set(found.layers) == {p.source for p in pictures}


@given(situations(), budgets, budgets)
def test_more_bits_never_take_from_who_matters_more(
    situation: tuple[int, tuple[Picture, ...], Allocation], one: int, other: int
) -> None:
    audio, pictures, before = situation
    less, more = (allocate(budget, audio, pictures, before.layers) for budget in sorted((one, other)))
    assert favours(pictures, less) <= favours(pictures, more)


@given(situations(), budgets)
def test_nobody_is_shown_while_a_better_rank_is_hidden(
    situation: tuple[int, tuple[Picture, ...], Allocation], budget: int
) -> None:
    audio, pictures, before = situation
    found = allocate(budget, audio, pictures, before.layers)
    hidden = [p.rank for p in pictures if p.layers and found.layers[p.source] is None]
    shown = [p.rank for p in pictures if found.layers[p.source] is not None]
    assert not hidden or not shown or max(shown) <= min(hidden)


@given(situations(), st.integers(10_000, 4_000_000), st.lists(st.floats(0.9, 1.1), min_size=1, max_size=30))
def test_an_estimate_that_swings_by_a_tenth_changes_nothing_for_long(
    situation: tuple[int, tuple[Picture, ...], Allocation], budget: int, swings: list[float]
) -> None:
    """After a few swings to the limits every favour that fits is granted; from then on nothing moves."""
    audio, pictures, found = situation
    steps = 3 * len(pictures)
    for swing in [0.9, 1.1] * (1 << min(steps, 6)):
        found = allocate(int(budget * swing), audio, pictures, found.layers)
    for swing in swings:
        again = allocate(int(budget * swing), audio, pictures, found.layers)
        assert again.layers == found.layers


@given(situations(), budgets)
def test_the_same_again_is_the_same(situation: tuple[int, tuple[Picture, ...], Allocation], budget: int) -> None:
    audio, pictures, before = situation
    found = before
    for _ in range(64):
        found, last = allocate(budget, audio, pictures, found.layers), found
        if found.layers == last.layers:
            break
    else:
        pytest.fail("it never settles")


@given(situations())
def test_what_is_wanted_is_enough_for_everything(situation: tuple[int, tuple[Picture, ...], Allocation]) -> None:
    audio, pictures, before = situation
    best = allocate(before.wanted_bits_per_s + 3, audio, pictures, before.layers)
    for picture in pictures:
        top = None if not picture.layers else 0 if picture.is_stalled else len(picture.layers) - 1
        assert best.layers[picture.source] == top
    assert best.wanted_bits_per_s == best.bits_per_s


def test_video_goes_from_the_least_to_the_judge() -> None:
    """As the link narrows: large pictures by rank, then observers, parties, and at last the judge."""
    seen: list[tuple[int | None, ...]] = []
    previous: dict[ParticipantId, int | None] = {}
    for budget in range(2_700_000, 0, -10_000):
        found = allocate(budget, AUDIO, COURT, previous)
        previous = found.layers
        shown = tuple(found.layers[source] for source in (JUDGE, PLAINTIFF, DEFENDANT, OBSERVER))
        if not seen or seen[-1] != shown:
            seen.append(shown)
    assert seen == [
        (1, 1, 1, 1),
        (1, 1, 1, 0),
        (1, 1, 0, 0),
        (1, 0, 0, 0),
        (0, 0, 0, 0),
        (0, 0, 0, None),
        (0, 0, None, None),
        (0, None, None, None),
        (None, None, None, None),
    ]


def test_a_layer_is_raised_with_headroom_and_lowered_at_once() -> None:
    judge = (Picture(JUDGE, 0, (SMALL, LARGE)),)
    need = AUDIO + LARGE.bits_per_s
    assert allocate(need, AUDIO, judge, {JUDGE: 0}).layers == {JUDGE: 0}
    assert allocate(int(need * HEADROOM) + 1, AUDIO, judge, {JUDGE: 0}).layers == {JUDGE: 1}
    assert allocate(need, AUDIO, judge, {JUDGE: 1}).layers == {JUDGE: 1}
    assert allocate(need - 1, AUDIO, judge, {JUDGE: 1}).layers == {JUDGE: 0}
    need = AUDIO + SMALL.bits_per_s
    assert allocate(need, AUDIO, judge, {JUDGE: None}).layers == {JUDGE: None}
    assert allocate(int(need * HEADROOM) + 1, AUDIO, judge, {JUDGE: None}).layers == {JUDGE: 0}


def test_who_speaks_takes_over_at_once_what_another_had() -> None:
    """The bits are proved to be there: no headroom is asked for them."""
    budget = AUDIO + SMALL.bits_per_s
    pictures = (Picture(PLAINTIFF, 1, (SMALL,)), Picture(DEFENDANT, 0, (SMALL,)))
    found = allocate(budget, AUDIO, pictures, {PLAINTIFF: 0, DEFENDANT: None})
    assert found.layers == {PLAINTIFF: None, DEFENDANT: 0}


def test_a_stalled_picture_is_not_raised_and_wants_nothing() -> None:
    pictures = (Picture(JUDGE, 0, (SMALL, LARGE), is_stalled=True), Picture(PLAINTIFF, 1, (SMALL, LARGE)))
    found = allocate(10_000_000, AUDIO, pictures, {JUDGE: 1, PLAINTIFF: 1})
    assert found.layers == {JUDGE: 0, PLAINTIFF: 1}
    assert found.wanted_bits_per_s == found.bits_per_s == AUDIO + SMALL.bits_per_s + LARGE.bits_per_s


def test_ranks_by_role() -> None:
    ranks = {role: rank_of(role, is_speaker=False) for role in Role}
    assert [role for role, rank in ranks.items() if rank == 0] == [Role.JUDGE]
    assert [role for role, rank in ranks.items() if rank == 2] == [Role.OBSERVER]
    assert {rank_of(role, is_speaker=True) for role in Role} == {0}
    assert all(
        rank_of(one, True) < rank_of(other, False)
        for one, other in itertools.permutations(Role, 2)
        if other is not Role.JUDGE
    )
