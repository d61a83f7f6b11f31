"""Who is in the picture, large, or marked: calm, bench first, and the same whenever it is asked again."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import Role
from media.film.director import CALM_NS, Arrangement, Director, DirectorMemory
from media.film.timeline import FRAME_NS

pytestmark = pytest.mark.unit
ROLES = (Role.JUDGE, Role.CLERK, Role.PLAINTIFF, Role.REPRESENTATIVE, Role.DEFENDANT, Role.WITNESS)
SEATS = tuple(Seat(participant_id=ParticipantId(role.value), role=role, name="王静") for role in ROLES)
JUDGE, CLERK, PLAINTIFF, LAWYER, DEFENDANT, WITNESS = (seat.participant_id for seat in SEATS)
EVERYBODY = tuple(seat.participant_id for seat in SEATS)
SECOND = 25
BEGAN_NS = 1_800_000_000_000_000_000


class Sitting:
    """A director, asked frame after frame."""

    def __init__(self) -> None:
        self.director = Director(SEATS)
        self.director.cut(BEGAN_NS)
        self.frame = 0

    @property
    def now_ns(self) -> int:
        return BEGAN_NS + self.frame * FRAME_NS

    def go(
        self, seconds: float, *speaking: ParticipantId, here: Iterable[ParticipantId] = EVERYBODY, shows: bool = False
    ) -> Arrangement:
        for _ in range(round(seconds * SECOND)):
            self.frame += 1
            there: Mapping[ParticipantId, bool] = {person: person in speaking for person in here}
            arrangement = self.director.decide(self.now_ns, there, shows=shows)
        return arrangement

    def marked(self) -> tuple[ParticipantId, ...]:
        return self.director.speaking(self.now_ns)


def test_a_mark_outlives_breaths_and_goes_after_two_seconds() -> None:
    sitting = Sitting()
    sitting.go(1)
    assert sitting.marked() == ()
    for _ in range(4):
        sitting.go(0.8, PLAINTIFF)
        sitting.go(0.6)
        assert sitting.marked() == (PLAINTIFF,), "no flicker between words"
    sitting.go(1.2)
    assert sitting.marked() == (PLAINTIFF,)
    sitting.go(0.4)
    assert sitting.marked() == ()


def test_who_stopped_yields_to_who_speaks_and_both_are_marked_while_both_do() -> None:
    sitting = Sitting()
    sitting.go(2, DEFENDANT)
    sitting.go(1, DEFENDANT, JUDGE)
    assert sitting.marked() == (JUDGE, DEFENDANT), "in seating order"
    sitting.go(0.8, JUDGE)
    assert sitting.marked() == (JUDGE, DEFENDANT)
    sitting.go(0.4, JUDGE)
    assert sitting.marked() == (JUDGE,)


def test_the_floors_speaker_is_large_and_stays_until_another_speaks() -> None:
    sitting = Sitting()
    assert sitting.go(3).close_up is None
    assert sitting.go(4, PLAINTIFF).close_up == PLAINTIFF
    assert sitting.go(8, JUDGE).close_up == PLAINTIFF, "the judge is large already"
    assert sitting.go(0.5, DEFENDANT).close_up == PLAINTIFF, "a yes moves nothing"
    sitting.go(5)
    assert sitting.go(4, DEFENDANT).close_up == DEFENDANT
    assert sitting.go(4, DEFENDANT, PLAINTIFF).close_up == DEFENDANT, "who is large and speaks stays"


def test_people_appear_at_once_when_it_begins_and_calmly_later() -> None:
    sitting = Sitting()
    assert sitting.go(0.2, here=[JUDGE]).seats == (JUDGE,)
    assert sitting.go(0.4, here=[JUDGE, PLAINTIFF]).seats == (JUDGE, PLAINTIFF)
    assert sitting.go(0.4, here=[JUDGE, PLAINTIFF, DEFENDANT]).seats == (JUDGE, PLAINTIFF, DEFENDANT)
    sitting.go(5, here=[JUDGE, PLAINTIFF, DEFENDANT])
    assert WITNESS in sitting.go(0.1, here=[JUDGE, PLAINTIFF, DEFENDANT, WITNESS]).seats
    assert CLERK not in sitting.go(2, here=EVERYBODY).seats, "not twice in three seconds"
    assert sitting.go(1.2, here=EVERYBODY).seats == EVERYBODY


def test_a_party_that_went_keeps_its_place_and_a_witness_does_not() -> None:
    sitting = Sitting()
    sitting.go(2)
    without = [JUDGE, CLERK, PLAINTIFF, LAWYER]
    assert sitting.go(50, here=without).seats == EVERYBODY
    assert sitting.go(20, here=without).seats == (JUDGE, CLERK, PLAINTIFF, LAWYER, DEFENDANT)


def test_with_nobody_there_the_first_seat_is_shown() -> None:
    assert Sitting().go(1, here=[]).seats == (JUDGE,)
    assert not Director(SEATS).has_come(JUDGE)


def test_what_is_shown_divides_the_picture_and_going_off_restores_it() -> None:
    sitting = Sitting()
    sitting.go(4)
    assert sitting.go(0.1, shows=True).shows
    assert sitting.go(2).shows, "not at once"
    assert not sitting.go(1.5).shows


moves = st.lists(
    st.tuples(
        st.integers(1, 60), st.sets(st.sampled_from(EVERYBODY)), st.sets(st.sampled_from(EVERYBODY)), st.booleans()
    ),
    min_size=1,
    max_size=25,
)


@settings(deadline=None, max_examples=60)
@given(moves, st.integers(0, 400))
def test_it_never_jumps_twice_in_three_seconds_and_remembers_all_it_needs(
    script: list[tuple[int, set[ParticipantId], set[ParticipantId], bool]], split: int
) -> None:
    def seen(restarts_at: int | None) -> list[tuple[Arrangement, tuple[ParticipantId, ...]]]:
        sitting = Sitting()
        told = []
        for count, here, speaking, shows in script:
            for _ in range(count):
                if sitting.frame == restarts_at:
                    kept = DirectorMemory.model_validate_json(sitting.director.memory().model_dump_json())
                    sitting.director = Director(SEATS, kept)
                told.append((sitting.go(1 / SECOND, *speaking, here=here | speaking, shows=shows), sitting.marked()))
        return told

    told = seen(None)
    changes = [n for n in range(1, len(told)) if told[n][0] != told[n - 1][0]]
    settled = [n for n in changes if (n + 1) * FRAME_NS >= 1_500_000_000]
    assert all((b - a) * FRAME_NS >= CALM_NS for a, b in pairwise(settled))
    assert seen(split) == told
