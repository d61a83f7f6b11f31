"""Who speaks, told by loudness alone."""

from collections.abc import Iterator, Mapping
from itertools import chain, cycle, islice, pairwise, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain.ids import ParticipantId
from media.congestion.speaker import HOLD_NS, ActiveSpeaker, Level

pytestmark = pytest.mark.unit

JUDGE, PLAINTIFF = ParticipantId("judge"), ParticipantId("plaintiff")
POLL_NS = 200_000_000
SILENCE = Level(127, 127, 10)
DTX = Level(127, 127, 0)
COMFORT_NOISE = Level(78, 75, 1)
FAN = Level(45, 44, 10)

WORDS = (Level(28, 18, 10), Level(24, 15, 10), Level(33, 20, 10), Level(26, 17, 10), Level(52, 30, 10))
"""A second of speech, with the pause at its end."""


def speech(polls: int, quieter_db: int = 0) -> list[Level]:
    return [
        Level(level.average + quieter_db, level.loudest + quieter_db, level.packets)
        for level in islice(cycle(WORDS), polls)
    ]


class Hearing:
    """Polls, 200 ms apart."""

    def __init__(self) -> None:
        self.active = ActiveSpeaker()
        self.now_ns = 5_000_000_000
        self.changes: list[tuple[int, ParticipantId | None]] = []
        """At which time since the beginning, in ms, who took over."""

    def goes_on(self, **levels: list[Level]) -> ParticipantId | None:
        """As long as the longest list; who has no more to say is silent."""
        for now in _in_step(levels):
            before = self.active.speaker
            if self.active.poll(now, self.now_ns) != before:
                self.changes.append(((self.now_ns - 5_000_000_000) // 1_000_000, self.active.speaker))
            self.now_ns += POLL_NS
        return self.active.speaker


def _in_step(levels: Mapping[str, list[Level]]) -> Iterator[dict[ParticipantId, Level]]:
    longest = max(len(of_one) for of_one in levels.values())
    padded = {ParticipantId(name): chain(of_one, repeat(DTX)) for name, of_one in levels.items()}
    for _ in range(longest):
        yield {name: next(of_one) for name, of_one in padded.items()}


def test_two_people_take_turns() -> None:
    hearing = Hearing()
    for turn in range(6):
        judge, plaintiff = (speech(20), [SILENCE] * 20)[:: 1 if turn % 2 == 0 else -1]
        assert hearing.goes_on(judge=judge, plaintiff=plaintiff) == (JUDGE, PLAINTIFF)[turn % 2]
    assert [who for _, who in hearing.changes] == [JUDGE, PLAINTIFF] * 3
    # Each is found within a second of their first word.
    assert all(at - 4000 * turn < 1000 for turn, (at, _) in enumerate(hearing.changes))


@pytest.mark.parametrize("cough", [[Level(12, 2, 10)], [Level(12, 2, 10), Level(20, 6, 10)]])
def test_a_cough_makes_no_speaker(cough: list[Level]) -> None:
    hearing = Hearing()
    assert hearing.goes_on(judge=[SILENCE] * 5, plaintiff=cough) is None
    hearing.goes_on(judge=speech(20), plaintiff=[SILENCE])
    assert hearing.goes_on(judge=speech(20), plaintiff=[SILENCE] * 8 + cough) == JUDGE
    assert hearing.goes_on(judge=[SILENCE] * 20, plaintiff=[SILENCE] * 8 + cough) == JUDGE


def test_a_fan_makes_no_speaker_for_long() -> None:
    hearing = Hearing()
    hearing.goes_on(judge=[SILENCE] * 20, plaintiff=[FAN] * 20)
    assert hearing.goes_on(judge=speech(20), plaintiff=[FAN] * 20) == JUDGE
    assert hearing.goes_on(judge=[SILENCE] * 50, plaintiff=[FAN] * 50) == JUDGE
    # But a voice over the fan is one.
    assert hearing.goes_on(judge=[SILENCE] * 15, plaintiff=speech(15)) == PLAINTIFF


def test_while_all_are_silent_the_last_speaker_stays() -> None:
    hearing = Hearing()
    hearing.goes_on(judge=[SILENCE] * 10, plaintiff=speech(10))
    for quiet in (SILENCE, DTX, COMFORT_NOISE):
        assert hearing.goes_on(judge=[quiet] * 300, plaintiff=[quiet] * 300) == PLAINTIFF
    assert len(hearing.changes) == 1


def test_an_interruption_must_be_louder() -> None:
    hearing = Hearing()
    hearing.goes_on(judge=speech(20), plaintiff=[SILENCE] * 20)
    assert hearing.goes_on(judge=speech(40), plaintiff=speech(40, quieter_db=-3)) == JUDGE
    assert hearing.goes_on(judge=speech(40), plaintiff=speech(40, quieter_db=-12)) == PLAINTIFF


def test_a_speaker_without_a_pause_is_not_taken_for_noise() -> None:
    hearing = Hearing()
    breathless = [Level(28, 18, 10), Level(24, 15, 10), Level(33, 20, 10), Level(26, 17, 10), Level(37, 24, 10)] * 12
    hearing.goes_on(judge=breathless, plaintiff=[SILENCE] * 60)
    assert hearing.goes_on(judge=breathless, plaintiff=speech(60, quieter_db=10)) == JUDGE


def test_who_left_speaks_no_more() -> None:
    hearing = Hearing()
    assert hearing.goes_on(judge=speech(10), plaintiff=[SILENCE] * 10) == JUDGE
    assert hearing.goes_on(plaintiff=[SILENCE] * 10) is None
    assert hearing.goes_on(plaintiff=speech(10)) == PLAINTIFF


levels = st.builds(Level, st.integers(0, 127), st.integers(0, 127), st.integers(0, 20))


@given(st.lists(st.tuples(levels, levels, levels), max_size=60))
def test_nobody_takes_over_too_soon(polls: list[tuple[Level, Level, Level]]) -> None:
    active, changes = ActiveSpeaker(), list[int]()
    for number, heard in enumerate(polls):
        before, now_ns = active.speaker, number * POLL_NS
        speaker = active.poll({ParticipantId(str(at)): level for at, level in enumerate(heard)}, now_ns)
        assert before is None or speaker is not None
        if speaker != before:
            assert heard[int(speaker or 0)].packets > 0
            changes.append(now_ns)
    assert all(later - sooner >= HOLD_NS for sooner, later in pairwise(changes))
