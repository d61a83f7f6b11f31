"""A court without a recorder: it is suspended, unless the judge says on the record that it may sit on."""

import pytest
from pydantic import ValidationError

from cloudcourt.domain import commands as ask
from cloudcourt.domain.errors import NotAllowed, WrongState
from cloudcourt.domain.hearing import GapReason, SessionState
from tests.courthouse import CLERK, DEFENDANT, JUDGE, CourtDay, in_session

pytestmark = pytest.mark.unit

OVERRIDE = ask.OverrideRecorder(reason="the witness leaves tonight")


def without_recorder() -> CourtDay:
    day = in_session()
    day.passes(60)
    day.asks(None, ask.RecorderInterrupted(since=day.now, note="disk_full"))
    return day


def test_a_court_without_a_recorder_is_suspended() -> None:
    day = without_recorder()
    day.passes(5)
    day.asks(None, ask.RecorderLost())
    assert day.hearing.session is SessionState.SUSPENDED
    assert [(gap.reason, gap.ended_at is None) for gap in day.hearing.gaps] == [
        (GapReason.FAULT, False),
        (GapReason.FAULT, True),
    ]
    assert day.hearing.gaps[0].ended_at == day.hearing.gaps[1].began_at


def test_the_judge_may_let_it_sit_on() -> None:
    day = without_recorder()
    (said,) = day.asks(JUDGE, OVERRIDE)
    assert said.actor == JUDGE
    assert said.event.model_dump() == {"kind": "recorder_overridden", "reason": "the witness leaves tonight"}
    assert day.asks(JUDGE, OVERRIDE) == ()
    day.passes(5)
    assert day.asks(None, ask.RecorderLost()) == ()
    assert day.hearing.session is SessionState.IN_SESSION
    assert day.hearing.gaps[0].ended_at is None, "what is not recorded stays a gap"


def test_an_override_holds_for_one_interruption() -> None:
    day = without_recorder()
    day.asks(JUDGE, OVERRIDE)
    day.asks(None, ask.RecorderResumed())
    assert not day.hearing.recorder_overridden
    day.asks(None, ask.RecorderInterrupted(since=day.now, note="disk_full"))
    day.asks(None, ask.RecorderLost())
    assert day.hearing.session is SessionState.SUSPENDED
    again = without_recorder()
    again.asks(JUDGE, OVERRIDE)
    again.asks(JUDGE, ask.CallRecess())
    assert not again.hearing.recorder_overridden


def test_a_recorder_that_came_back_in_time_is_not_lost() -> None:
    day = without_recorder()
    day.asks(None, ask.RecorderResumed())
    assert day.asks(None, ask.RecorderLost()) == ()
    assert day.asks(JUDGE, OVERRIDE) == (), "nothing to override"


def test_only_the_judge_overrides_and_gives_a_reason_and_only_while_the_court_sits() -> None:
    day = without_recorder()
    for person in (CLERK, DEFENDANT, None):
        with pytest.raises(NotAllowed):
            day.asks(person, OVERRIDE)
    with pytest.raises(NotAllowed):
        day.asks(JUDGE, ask.RecorderLost())
    with pytest.raises(ValidationError):
        ask.OverrideRecorder(reason="  ")
    day.asks(None, ask.RecorderLost())
    with pytest.raises(WrongState):
        day.asks(JUDGE, OVERRIDE)
