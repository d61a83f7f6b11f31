"""Help has one task per problem and an owner; messages go between one person and the court and nowhere else."""

import json

import pytest
from pydantic import ValidationError

from cloudcourt.domain.delay import AnnounceDelay
from cloudcourt.domain.errors import NotAllowed, NotFound, TooFast, WrongState
from cloudcourt.domain.evidence import EventEntry, entries_of
from cloudcourt.domain.help_desk import AskHelp, CloseHelp, HelpProblem, TakeHelp
from cloudcourt.domain.help_desk_rules import TASKS_LIMIT
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.message import SendMessage
from cloudcourt.domain.message_rules import PACE_MESSAGES
from cloudcourt.domain.view import event_view, view
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit


def waiting_day() -> CourtDay:
    day = CourtDay()
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT, WITNESS)
    return day


def read_by(day: CourtDay, person: ParticipantId) -> list[str]:
    return [message.text for message in view(day.hearing, person).lobby.messages]


def test_asking_again_makes_no_second_task() -> None:
    day = waiting_day()
    (asked,) = day.asks(DEFENDANT, AskHelp(problem=HelpProblem.SOUND))
    assert day.asks(DEFENDANT, AskHelp(problem=HelpProblem.SOUND)) == ()
    day.asks(PLAINTIFF, AskHelp(problem=HelpProblem.SOUND))
    assert [task.id for task in view(day.hearing, DEFENDANT).lobby.help] == [asked.seq]
    assert len(view(day.hearing, CLERK).lobby.help) == 2
    assert view(day.hearing, WITNESS).lobby.help == ()


def test_a_task_has_an_owner_and_an_end() -> None:
    day = waiting_day()
    (asked,) = day.asks(DEFENDANT, AskHelp(problem=HelpProblem.CAMERA))
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, TakeHelp(task=asked.seq))
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, CloseHelp(task=asked.seq))
    with pytest.raises(NotFound):
        day.asks(CLERK, TakeHelp(task=999))
    day.asks(CLERK, TakeHelp(task=asked.seq))
    assert view(day.hearing, DEFENDANT).lobby.help[0].owner == CLERK
    day.asks(CLERK, CloseHelp(task=asked.seq, outcome="已换浏览器"))
    (task,) = view(day.hearing, DEFENDANT).lobby.help
    assert (task.is_open, task.outcome) == (False, "已换浏览器")
    (again,) = day.asks(DEFENDANT, AskHelp(problem=HelpProblem.CAMERA))
    day.asks(DEFENDANT, CloseHelp(task=again.seq))
    assert not any(task.is_open for task in day.hearing.help_tasks)


def test_calls_for_help_have_an_end() -> None:
    day = waiting_day()
    for _ in range(TASKS_LIMIT):
        (asked,) = day.asks(DEFENDANT, AskHelp(problem=HelpProblem.OTHER))
        day.asks(DEFENDANT, CloseHelp(task=asked.seq))
    with pytest.raises(TooFast):
        day.asks(DEFENDANT, AskHelp(problem=HelpProblem.OTHER))


def test_parties_can_write_to_the_court_alone() -> None:
    day = waiting_day()
    before = day.hearing
    (sent,) = day.asks(PLAINTIFF, SendMessage(text="我听不到"))
    for other in (DEFENDANT, WITNESS, CLERK):
        with pytest.raises(NotAllowed):
            day.asks(PLAINTIFF, SendMessage(text="请这样说", to=other))
    assert read_by(day, PLAINTIFF) == read_by(day, CLERK) == read_by(day, JUDGE) == ["我听不到"]
    assert read_by(day, DEFENDANT) == read_by(day, WITNESS) == []
    assert event_view(before, day.hearing, sent, DEFENDANT).event is None
    assert event_view(before, day.hearing, sent, CLERK).event is not None


def test_the_court_answers_one_or_all() -> None:
    day = waiting_day()
    day.asks(CLERK, SendMessage(text="请调大音量", to=PLAINTIFF))
    day.asks(CLERK, SendMessage(text="稍候开庭"))
    assert read_by(day, PLAINTIFF) == ["请调大音量", "稍候开庭"]
    assert read_by(day, DEFENDANT) == read_by(day, WITNESS) == ["稍候开庭"]
    with pytest.raises(NotAllowed):
        day.asks(CLERK, SendMessage(text="法官您好", to=JUDGE))


def test_messages_are_bounded_in_pace_and_length() -> None:
    day = waiting_day()
    for number in range(PACE_MESSAGES):
        day.asks(PLAINTIFF, SendMessage(text=f"第 {number} 条"))
    with pytest.raises(TooFast):
        day.asks(PLAINTIFF, SendMessage(text="再来一条"))
    day.asks(DEFENDANT, SendMessage(text="别人不受影响"))
    day.passes(61)
    day.asks(PLAINTIFF, SendMessage(text="一分钟后"))
    for text in ("", "   ", "长" * 501):
        with pytest.raises(ValidationError):
            SendMessage(text=text)


def test_the_log_tells_of_messages_without_their_words() -> None:
    day = waiting_day()
    before = day.hearing
    (sent,) = day.asks(PLAINTIFF, SendMessage(text="我的电话是私事"))
    (entry,) = (e for e in entries_of(before, day.hearing, sent) if isinstance(e, EventEntry))
    assert "私事" not in json.dumps(entry.event, ensure_ascii=False)
    assert entry.event["participant_id"] == PLAINTIFF


def test_a_delay_is_told_to_all_who_wait_until_the_court_sits() -> None:
    day = waiting_day()
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, AnnounceDelay(reason="堵车", minutes=10))
    day.asks(CLERK, AnnounceDelay(reason="上一庭尚未结束", minutes=10))
    delay = view(day.hearing, WITNESS).lobby.delay
    assert delay is not None and delay.until is not None
    assert (delay.reason, (delay.until - day.now).total_seconds()) == ("上一庭尚未结束", 600)
    day.asks(CLERK, AnnounceDelay(reason=""))
    assert view(day.hearing, WITNESS).lobby.delay is None
    assert day.asks(CLERK, AnnounceDelay(reason="")) == ()
    with pytest.raises(WrongState):
        in_session().asks(CLERK, AnnounceDelay(reason="晚了"))
