"""What a link carries: a viewer behind a narrow link in simulated time, and the rules one by one."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.congestion.estimate import (
    MAX_BITS_PER_S,
    MIN_BITS_PER_S,
    REMB_STALE_NS,
    START_BITS_PER_S,
    LinkEstimate,
)
from media.congestion.losses import MAX_STREAMS, LinkLosses
from media.congestion.probing import MAX_PAUSE_NS, PROBE_NS, TRICKLE_BITS_PER_S
from media.rtcp import ReceiverReport
from tests.bed.narrow_link import ALL_BITS_PER_S, PICTURES, NarrowLink, Second

pytestmark = pytest.mark.unit

S = 1_000_000_000
MS = 1_000_000
ALL_SHOWN = (1,) * len(PICTURES)
seeds = pytest.mark.parametrize("seed", [1, 2, 3, 4])


def falls_and_recovers(at_s: float) -> int:
    return 200_000 if 20 <= at_s < 45 else 2_000_000


def after(seconds: list[Second], begin: int, condition: Callable[[Second], bool]) -> int:
    """How many seconds after `begin` it holds for the first time."""
    return next(at - begin for at, second in enumerate(seconds, 1) if at > begin and condition(second))


@seeds
def test_a_link_that_falls_to_a_tenth_and_comes_back(seed: int) -> None:
    seconds = NarrowLink(falls_and_recovers, seed=seed).run(80)
    assert all(second.shown[0] == 1 for second in seconds[10:20])
    # Three seconds after the fall the queue is empty and only sound flows; the estimate stays near the truth.
    narrow = seconds[22:45]
    assert all(second.estimate < 1.3 * 200_000 for second in narrow)
    assert narrow[0].delay_ms == 0
    assert narrow[-1].audio_lost == narrow[0].audio_lost
    # REMB tells nothing while no video flows: probes bring the picture back, and in the end everything.
    assert after(seconds, 45, lambda second: second.shown[0] is not None) <= 15
    assert after(seconds, 45, lambda second: second.estimate > 1_200_000) <= 20
    assert seconds[-1].shown == ALL_SHOWN
    assert seconds[-1].audio_lost == narrow[0].audio_lost


@seeds
def test_the_same_without_remb(seed: int) -> None:
    seconds = NarrowLink(falls_and_recovers, seed=seed, says_remb=False).run(80)
    assert after(seconds, 20, lambda second: second.estimate < 1.5 * 200_000) <= 5
    assert seconds[-1].shown == ALL_SHOWN


@seeds
def test_a_wide_link_shows_everything_soon_and_is_probed_no_more(seed: int) -> None:
    link = NarrowLink(lambda _at_s: 10_000_000, seed=seed)
    link.run(10)
    probed = link.probed_bits
    seconds = link.run(50)
    assert all(second.shown == ALL_SHOWN for second in seconds[10:])
    assert link.probed_bits == probed


@seeds
def test_random_loss_does_not_starve_a_link(seed: int) -> None:
    seconds = NarrowLink(lambda _at_s: 2_500_000, loss=0.10, seed=seed).run(120)
    assert all(second.estimate > 0.5 * ALL_BITS_PER_S for second in seconds)
    assert seconds[-1].shown == ALL_SHOWN


@seeds
def test_a_narrow_link_is_probed_seldom_and_never_overrun(seed: int) -> None:
    link = NarrowLink(lambda _at_s: 400_000, seed=seed)
    link.run(10)
    probed = link.probed_bits
    seconds = link.run(60)
    assert all(second.estimate < 450_000 and second.shown[0] == 0 for second in seconds[10:])
    assert seconds[-1].audio_lost == seconds[9].audio_lost
    assert link.probed_bits - probed < 0.05 * 400_000 * 60


def test_where_nothing_can_be_probed_nothing_is_believed() -> None:
    seconds = NarrowLink(lambda _at_s: 10_000_000, can_probe=False).run(30)
    assert all(second.estimate <= max(START_BITS_PER_S, 2.2 * second.sent) for second in seconds)


def flowing(bits_per_s: int, seconds: int = 3) -> LinkEstimate:
    """An estimate after some quiet seconds with that much media; the next is second `seconds`."""
    estimate = LinkEstimate()
    for second in range(seconds):
        estimate.sent(bits_per_s, second * S)
        estimate.loss(0, second * S)
    return estimate


def test_it_starts_at_one_megabit() -> None:
    assert LinkEstimate().bits_per_s(0) == START_BITS_PER_S


def test_a_remb_that_only_echoes_what_comes_does_not_bind() -> None:
    estimate = flowing(300_000)
    estimate.remb(300_000, 3 * S)
    estimate.remb(320_000, 4 * S)
    assert estimate.bits_per_s(4 * S) == START_BITS_PER_S


def test_a_remb_that_falls_binds_at_once_and_is_followed() -> None:
    estimate = flowing(900_000)
    estimate.remb(1_000_000, 3 * S)
    estimate.remb(400_000, 4 * S, sound_bits_per_s=100_000)
    assert estimate.bits_per_s(4 * S) == 500_000
    estimate.remb(440_000, 5 * S, sound_bits_per_s=100_000)
    assert estimate.bits_per_s(5 * S) == 540_000


def test_a_first_remb_below_what_we_send_binds() -> None:
    estimate = flowing(900_000)
    estimate.remb(340_000, 3 * S)
    assert estimate.bits_per_s(3 * S) == 340_000


def test_a_remb_that_does_not_follow_what_we_send_binds() -> None:
    estimate = flowing(300_000)
    estimate.remb(300_000, 3 * S)
    for second in range(4, 9):
        estimate.sent(900_000, second * S)
        estimate.remb(300_000, second * S)
    assert estimate.bits_per_s(8 * S) == 300_000


def test_a_stale_remb_is_where_growth_begins() -> None:
    estimate = flowing(900_000)
    estimate.remb(340_000, 3 * S)
    at_ns = 3 * S + REMB_STALE_NS + 1
    estimate.sent(300_000, at_ns)
    assert estimate.bits_per_s(at_ns) == 340_000
    for second in range(1, 4):
        estimate.loss(0, at_ns + second * S)
    assert estimate.bits_per_s(at_ns + 3 * S) == pytest.approx(340_000 * 1.08**3, rel=0.01)


@pytest.mark.parametrize(
    ("lost", "rtt_ms", "expected"),
    [
        (0.01, 50, 1.08),  # grows
        (0.05, 50, 1.0),  # holds
        (0.12, 50, 1.0),  # no delay grows: not ours
        (0.12, 300, 1 - 0.06),
        (0.40, 50, 1 - 0.20),
        (0.80, 50, 0.2),  # what arrives
    ],
)
def test_loss_by_loss(lost: float, rtt_ms: float, expected: float) -> None:
    estimate = flowing(START_BITS_PER_S)
    estimate.wanted_bits_per_s = 2 * START_BITS_PER_S
    estimate.rtt(40)
    before = estimate.bits_per_s(3 * S)
    estimate.rtt(rtt_ms)
    estimate.loss(int(lost * 256), 3 * S)
    estimate.loss(int(lost * 256), 3 * S + 100 * MS)  # too soon to lower it again
    assert estimate.bits_per_s(4 * S) == pytest.approx(before * expected, rel=0.02)


@given(st.lists(st.tuples(st.sampled_from("rlstpq"), st.integers(0, 255), st.integers(0, 1 << 40)), max_size=80))
def test_whatever_is_told_the_estimate_stays_in_bounds(events: list[tuple[str, int, int]]) -> None:
    estimate, now_ns = LinkEstimate(), 0
    estimate.wanted_bits_per_s = 2_000_000
    for kind, small, large in events:
        now_ns += small * 10 * MS
        match kind:
            case "r":
                estimate.remb(large, now_ns, sound_bits_per_s=small * 1000)
            case "l":
                estimate.loss(small, now_ns)
            case "s":
                estimate.sent(large, now_ns)
            case "t":
                estimate.rtt(small * 10.0)
            case "p":
                estimate.probed(large)
        extra = estimate.probe_bits_per_s(now_ns)
        now = estimate.bits_per_s(now_ns)
        assert MIN_BITS_PER_S <= now <= MAX_BITS_PER_S
        assert 0 <= extra <= max(2_000_000, TRICKLE_BITS_PER_S)


class Probed:
    """A link with 300 kb/s of media, REMB at 340 kb/s and a wish for more, asked every 50 ms."""

    def __init__(self, wanted: int = 2_000_000) -> None:
        self.estimate = flowing(900_000)
        self.estimate.remb(340_000, 3 * S)
        self.estimate.wanted_bits_per_s = wanted
        self.now_ns = 3 * S
        self.begun: list[int] = []
        self.remb = 340_000.0

    def goes_on(self, ms: int, *, remb: float = 1.0, sends: float = 1.0, lost: float = 0.0) -> list[int]:
        """What it asks for. `remb`: how the browser's estimate grows a second; `lost`: the loss under a probe."""
        asked: list[int] = []
        for _ in range(ms // 50):
            if self.now_ns % S == 0:
                self.estimate.sent(300_000, self.now_ns)
                self.estimate.loss(int(lost * 256) if any(asked[-20:]) else 0, self.now_ns)
                self.remb *= remb
                self.estimate.remb(int(self.remb), self.now_ns)
            extra = self.estimate.probe_bits_per_s(self.now_ns)
            if extra > TRICKLE_BITS_PER_S and (not asked or asked[-1] <= TRICKLE_BITS_PER_S):
                self.begun.append(self.now_ns)
            self.estimate.probed(int(extra * 0.05 * sends))
            asked.append(extra)
            self.now_ns += 50 * MS
        return asked

    @property
    def found(self) -> int:
        return self.estimate.bits_per_s(self.now_ns)


def test_a_probe_is_short_and_no_more_than_what_is_wanted() -> None:
    probed = Probed(wanted=500_000)
    asked = probed.goes_on(10_000, remb=1.01)
    assert max(asked) == 200_000
    assert sum(extra == 200_000 for extra in asked) == PROBE_NS // (50 * MS)
    assert probed.found == pytest.approx(500_000, rel=0.02)


def test_probes_double_until_all_is_carried() -> None:
    probed = Probed()
    probed.goes_on(30_000, remb=1.08)
    assert probed.found == pytest.approx(2_000_000, rel=0.06)
    assert max(later - sooner for sooner, later in pairwise(probed.begun)) < 3 * S


@pytest.mark.parametrize("trouble", [{"remb": 1.0}, {"remb": 1.08, "sends": 0.3}, {"remb": 1.08, "lost": 0.08}])
def test_what_proves_nothing_raises_nothing(trouble: dict[str, float]) -> None:
    """A browser that sees delay grow, a probe that wasn't sent, a loss that came with it."""
    probed = Probed()
    probed.goes_on(5_000, remb=1.0)
    before = len(probed.begun)
    probed.goes_on(10_000, **trouble)
    assert len(probed.begun) > before
    assert probed.found <= max(340_000, int(probed.remb))


def test_failures_space_probes_out() -> None:
    probed = Probed(wanted=600_000)
    probed.goes_on(150_000, remb=1.0)
    pauses = [later - sooner for sooner, later in pairwise(probed.begun)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 10 * S
    assert pauses[-1] == pytest.approx(MAX_PAUSE_NS, rel=0.1)


def test_a_probe_that_overdoes_it_does_not_cost_what_was_carried_before() -> None:
    probed = Probed()
    while not probed.estimate.probe_bits_per_s(probed.now_ns):
        probed.goes_on(50, remb=1.0)
    probed.estimate.remb(280_000, probed.now_ns)
    assert probed.found == 315_000
    assert probed.estimate.probe_bits_per_s(probed.now_ns) == 0
    probed.now_ns += 2 * S  # but a fall of its own does
    probed.estimate.remb(250_000, probed.now_ns)
    assert probed.found == 250_000


def report(ssrc: int, highest: int, lost: int) -> ReceiverReport:
    return ReceiverReport(ssrc, 0, lost, highest, 0, 0, 0)


def test_streams_count_by_their_packets() -> None:
    losses = LinkLosses()
    losses.note(report(1, 0xFFFF_FFF0, 5))
    losses.note(report(2, 100, 0))
    assert losses.take_fraction_of_256() is None
    losses.note(report(1, 84, 15))  # 100 more, 10 lost
    losses.note(report(2, 400, 0))  # 300 more, none lost
    assert losses.take_fraction_of_256() == 10 * 256 // 400
    assert losses.take_fraction_of_256() is None


def test_reports_that_make_no_sense_count_for_little() -> None:
    losses = LinkLosses()
    losses.note(report(1, 1000, 5))
    losses.note(report(1, 990, 5))  # backwards
    assert losses.take_fraction_of_256() is None
    losses.note(report(1, 1000, 0x7FFFFF))
    assert losses.take_fraction_of_256() == 255
    losses.note(report(1, 1010, -500))
    assert losses.take_fraction_of_256() == 0
    for ssrc in range(10 * MAX_STREAMS):
        losses.note(report(ssrc, 1, 0))
    assert len(losses._last) <= MAX_STREAMS


def test_what_never_went_out_is_not_this_links_loss() -> None:
    losses = LinkLosses()
    losses.note(report(5, 1000, 0), holes=0)
    losses.note(report(5, 1000, 0), holes=40)  # we know of the hole before the browser can
    losses.note(report(5, 1100, 40), holes=40)
    assert losses.take_fraction_of_256() == 0
    losses.note(report(5, 1200, 60), holes=50)  # ten more holes, twenty more lost
    assert losses.take_fraction_of_256() == 10 * 256 // 100


def test_repairs_of_holes_cover_no_later_losses_for_long() -> None:
    losses = LinkLosses()
    losses.note(report(5, 1000, 0), holes=0)
    losses.note(report(5, 1100, 40), holes=40)
    losses.note(report(5, 1200, 10), holes=40)  # thirty came by repair
    losses.note(report(5, 1300, 10), holes=40)
    losses.note(report(5, 1400, 10), holes=40)
    assert losses.take_fraction_of_256() == 0
    losses.note(report(5, 1500, 35), holes=40)
    assert losses.take_fraction_of_256() == 25 * 256 // 100
