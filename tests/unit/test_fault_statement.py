"""A record that broke off: the judge's statement before the end, its draft, and pictures given up."""

from datetime import timedelta

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain import record_errors
from cloudcourt.domain.events import FaultStated
from cloudcourt.domain.fault_statement import STATED_AT_MOST, draft, unstated_faults
from cloudcourt.domain.gap_algebra import differences
from cloudcourt.domain.hearing import Gap, GapReason, SessionState
from cloudcourt.domain.kept_pictures import NotePictures
from cloudcourt.domain.recording import Span
from cloudcourt.domain.value import Value
from cloudcourt.domain.view import view
from tests.courthouse import CLERK, DEFENDANT, JUDGE, MORNING, CourtDay, in_session

pytestmark = pytest.mark.unit

ENDS: tuple[ask.AskedCommand, ...] = (ask.CloseHearing(), ask.Adjourn(), ask.ConvertOffline())


def with_fault(note: str = "writer_died") -> CourtDay:
    day = in_session()
    day.passes(60)
    breaks_off(day, note)
    return day


def breaks_off(day: CourtDay, note: str, for_s: float = 6) -> None:
    day.passes(3)
    day.asks(None, ask.RecorderInterrupted(since=day.now, note=note))
    day.passes(for_s)
    day.asks(None, ask.RecorderResumed())


@pytest.mark.parametrize("end", ENDS)
def test_no_end_before_the_fault_is_stated(end: ask.AskedCommand) -> None:
    day = with_fault()
    with pytest.raises(record_errors.FaultNotStated) as refusal:
        day.asks(JUDGE, end)
    assert refusal.value.fields == {"faults": 1}
    assert refusal.value.rule == "REC 4"
    day.asks(JUDGE, ask.StateFault(text="录制程序重启。"))
    day.asks(JUDGE, end)
    assert day.hearing.is_over


def test_a_later_fault_needs_a_statement_of_its_own() -> None:
    day = with_fault()
    day.asks(JUDGE, ask.StateFault(text="第一次"))
    breaks_off(day, "disk_full")
    assert [gap.note for gap in unstated_faults(day.hearing)] == ["disk_full"]
    with pytest.raises(record_errors.FaultNotStated):
        day.asks(JUDGE, ask.CloseHearing())
    day.asks(JUDGE, ask.StateFault(text="第二次"))
    day.asks(JUDGE, ask.CloseHearing())


def test_a_fault_that_lasts_to_the_end_is_stated_while_it_lasts() -> None:
    day = in_session()
    day.asks(None, ask.Fault(note="recorder lost"))
    day.asks(JUDGE, ask.StateFault(text="未能恢复。"))
    day.passes(5)
    day.asks(JUDGE, ask.CloseHearing())
    assert day.hearing.session is SessionState.CLOSED


def test_lawful_gaps_and_hearings_never_opened_need_no_statement() -> None:
    day = in_session()
    day.asks(JUDGE, ask.CallRecess())
    day.resumes()
    assert day.asks(JUDGE, ask.StateFault(text="没有故障")) == ()
    day.asks(JUDGE, ask.CloseHearing())
    unopened = CourtDay()
    unopened.arrives(JUDGE)
    unopened.asks(JUDGE, ask.Adjourn())


def test_only_who_may_close_is_given_the_draft_and_may_state() -> None:
    day = with_fault()
    seen = view(day.hearing, JUDGE).record
    assert seen is not None and seen.fault_draft is not None
    assert seen.fault_draft.faults == 1
    assert "录制程序意外终止" in seen.fault_draft.zh_cn and "died" in seen.fault_draft.en
    clerk = view(day.hearing, CLERK).record
    assert clerk is not None and clerk.fault_draft is None
    assert view(day.hearing, DEFENDANT).record is None
    for other in (CLERK, DEFENDANT):
        with pytest.raises(Exception, match="permit"):
            day.asks(other, ask.StateFault(text="x"))
    (stored,) = day.asks(JUDGE, ask.StateFault(text=seen.fault_draft.zh_cn))
    assert isinstance(stored.event, FaultStated)
    after = view(day.hearing, JUDGE).record
    assert after is not None and after.fault_draft is None


def test_the_draft_says_when_how_long_and_why_in_court_time() -> None:
    began = MORNING + timedelta(hours=1)
    faults = [
        Gap(reason=GapReason.FAULT, began_at=began, ended_at=began + timedelta(seconds=67), note="recorder: disk_full"),
        Gap(reason=GapReason.FAULT, began_at=began + timedelta(minutes=9), note="法院停电"),
    ]
    assert draft(faults, "zh-CN").splitlines() == [
        "本次庭审录音录像因故障中断 2 次：",
        "1. 2026-11-24 18:00:00 至 2026-11-24 18:01:07，历时 1 分 7 秒，原因：存储空间不足。",
        "2. 自 2026-11-24 18:09:00 起，至本说明作出时尚未恢复，原因：法院停电。",
        "上述时段没有录音录像。",
    ]
    assert draft(faults, "en").splitlines() == [
        "The recording of this hearing broke off 2 times:",
        "1. From 2026-11-24 18:00:00 to 2026-11-24 18:01:07, 1 min 7 s; cause: the disk was full.",
        "2. From 2026-11-24 18:09:00, and still so when this is stated; cause: 法院停电.",
        "Nothing was recorded in that time.",
    ]


@pytest.mark.parametrize("number", [1, STATED_AT_MOST, STATED_AT_MOST + 1, 5_000])
def test_every_draft_can_be_stated(number: int) -> None:
    gap = Gap(reason=GapReason.FAULT, began_at=MORNING, ended_at=MORNING + timedelta(hours=3), note="media_worker_lost")
    for language in ("zh-CN", "en"):
        ask.StateFault(text=draft([gap] * number, language))


def test_closed_time_is_recorded_or_excused_and_explained() -> None:
    day = with_fault()
    day.asks(JUDGE, ask.StateFault(text="录制程序重启。"))
    day.passes(10)
    day.asks(JUDGE, ask.CloseHearing())
    hearing, gap = day.hearing, day.hearing.gaps[0]
    assert hearing.opened_at and hearing.ended_at and gap.ended_at
    spans = [
        Span(began_at=hearing.opened_at, ended_at=gap.began_at),
        Span(began_at=gap.ended_at, ended_at=hearing.ended_at),
    ]
    assert differences(hearing.opened_at, hearing.ended_at, spans, hearing.gaps) == ()
    assert unstated_faults(hearing) == ()


def test_pictures_given_up_and_kept_again_are_events_once() -> None:
    day = in_session()
    assert day.asks(None, NotePictures(are_kept=True)) == ()
    assert kinds(day.asks(None, NotePictures(are_kept=False))) == ["pictures_given_up"]
    assert day.asks(None, NotePictures(are_kept=False)) == ()
    seen = view(day.hearing, CLERK).record
    assert seen is not None and not seen.keeps_pictures
    assert kinds(day.asks(None, NotePictures(are_kept=True))) == ["pictures_kept_again"]
    day.asks(JUDGE, ask.CloseHearing())
    assert day.asks(None, NotePictures(are_kept=False)) == ()


def kinds(stored: tuple[Value, ...]) -> list[str]:
    return [event.event.kind for event in stored]  # type: ignore[attr-defined]
