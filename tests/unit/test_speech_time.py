"""How long each party has spoken: every second of the record once, and for whom somebody speaks."""

from datetime import timedelta

import pytest

from cloudcourt.court.weather import weather_for
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.presiding import HandOverPresiding
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side
from cloudcourt.domain.speech_time import Count, Party, counted, speech_time
from cloudcourt.domain.written import Heard, WrittenSecond
from tests.courthouse import CAST, CLERK, DEFENDANT, JUDGE, MORNING, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

LAWYER, INTERPRETER, MEMBER = ParticipantId("p_lawyer"), ParticipantId("p_interpreter"), ParticipantId("p_member")


def heard(*spoke: tuple[ParticipantId, int, int], until: int = 60) -> Heard:
    """(who, in which second, so many milliseconds)."""
    return Heard(
        until=MORNING + timedelta(seconds=until),
        seconds=tuple(
            WrittenSecond(
                participant_id=who,
                at=MORNING + timedelta(seconds=second),
                rms_dbfs=-20,
                peak_dbfs=-10,
                clipped=0,
                packets=50,
                lost=0,
                voiced_ms=ms,
            )
            for who, second, ms in spoke
        ),
    )


def full_house() -> CourtDay:
    more = (
        Participant(id=LAWYER, role=Role.REPRESENTATIVE, name="吴", side=Side.A),
        Participant(id=INTERPRETER, role=Role.INTERPRETER, name="钱", linked_to=DEFENDANT),
        Participant(id=MEMBER, role=Role.BENCH_MEMBER, name="何"),
    )
    day = CourtDay((*CAST, *more))
    day.arrives(JUDGE, MEMBER, CLERK, PLAINTIFF, DEFENDANT, LAWYER, INTERPRETER)
    day.opens()
    return day


def test_a_second_that_is_heard_twice_counts_once() -> None:
    count = Count()
    window = [(JUDGE, second, 500) for second in range(10)]
    for newest in range(1, 11):
        count = counted(count, heard(*window[max(0, newest - 4) : newest]))
    assert count.ms == {JUDGE: 5_000}
    assert count.since == MORNING


def test_late_seconds_of_one_person_count_whatever_was_counted_of_another() -> None:
    count = counted(Count(), heard((JUDGE, 5, 700)))
    count = counted(count, heard((PLAINTIFF, 3, 400), (JUDGE, 5, 700)))
    assert count.ms == {JUDGE: 700, PLAINTIFF: 400}


def test_lawyers_and_interpreters_speak_for_their_side_and_witnesses_for_nobody() -> None:
    hearing: Hearing = full_house().hearing
    said = [(PLAINTIFF, 1000), (LAWYER, 400), (DEFENDANT, 900), (INTERPRETER, 300), (JUDGE, 200), (MEMBER, 100)]
    count = counted(Count(), heard(*((who, 1, ms) for who, ms in said), (WITNESS, 2, 50)))
    told = speech_time(hearing, count)
    assert told is not None
    assert [(each.party, each.ms) for each in told.parties] == [
        (Party.A, 1400),
        (Party.B, 1200),
        (Party.COURT, 300),
        (Party.OTHERS, 50),
    ]
    assert sum(each.ms for each in told.people) == sum(each.ms for each in told.parties)


def test_both_sides_are_shown_from_the_first_word_on() -> None:
    hearing = in_session().hearing
    assert speech_time(hearing, Count()) is None
    told = speech_time(hearing, counted(Count(), heard((PLAINTIFF, 1, 800))))
    assert told is not None
    assert [(each.party, each.ms) for each in told.parties] == [(Party.A, 800), (Party.B, 0)]


def test_only_who_presides_is_told() -> None:
    day = full_house()
    told = speech_time(day.hearing, counted(Count(), heard((PLAINTIFF, 1, 800))))

    def knows() -> set[ParticipantId]:
        people = (JUDGE, MEMBER, CLERK, PLAINTIFF, DEFENDANT)
        return {p for p in people if "speech" in (weather_for(day.hearing, p, None, speech=told) or {})}

    assert knows() == {JUDGE}
    day.asks(JUDGE, HandOverPresiding(participant_id=MEMBER))
    assert knows() == {MEMBER}
