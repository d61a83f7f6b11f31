"""Pictures that are paused are tried again, ever more seldom where it is in vain."""

from itertools import pairwise

import pytest

from media.congestion.patience import FIRST_NS, IN_VAIN_NS, LONGEST_NS, PausePatience

pytestmark = pytest.mark.unit

TURN_NS = 500_000_000


def trials(patience: PausePatience, from_ns: int, until_ns: int, holds_ns: int) -> list[int]:
    """When pictures are tried, if each trial holds for so long."""
    found: list[int] = []
    for now_ns in range(from_ns, until_ns, TURN_NS):
        patience.note(not found or now_ns - found[-1] > holds_ns, now_ns)
        if patience.is_over(now_ns):
            found.append(now_ns)
    return found


def test_trials_in_vain_become_seldom() -> None:
    found = trials(PausePatience(), 0, 300_000_000_000, holds_ns=2_000_000_000)
    pauses = [b - a for a, b in pairwise(found)]
    assert found[0] == FIRST_NS
    assert pauses == sorted(pauses)
    assert FIRST_NS < pauses[0] < pauses[1]
    assert LONGEST_NS <= pauses[-1] <= LONGEST_NS + 2_000_000_000 + 2 * TURN_NS


def test_a_trial_that_lasts_makes_it_patient_anew() -> None:
    patience = PausePatience()
    (first,) = trials(patience, 0, FIRST_NS + TURN_NS, holds_ns=IN_VAIN_NS)
    for now_ns in range(first, first + 2 * IN_VAIN_NS, TURN_NS):
        patience.note(False, now_ns)
    began = first + 2 * IN_VAIN_NS
    assert trials(patience, began, began + 2 * FIRST_NS, holds_ns=0)[0] == began + FIRST_NS


def test_who_is_shown_is_not_tried() -> None:
    patience = PausePatience()
    patience.note(False, 0)
    assert not patience.is_over(LONGEST_NS)
