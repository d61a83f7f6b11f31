"""The session's own rules: open, recess, resume, suspend, close, phases, and the recorder's faults.

One small function per command; each refuses with a `CourtError` or says what happens.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cloudcourt.domain import commands as ask
from cloudcourt.domain import events as happened
from cloudcourt.domain.errors import JudgeAbsent, NoOpenCountdown, RecorderNotReady, WrongState
from cloudcourt.domain.fault_statement import check_stated
from cloudcourt.domain.hearing import (
    SESSION_MOVES,
    WRITES,
    Countdown,
    CountdownPurpose,
    GapReason,
    Hearing,
    SessionState,
)
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.rooms_rules import swept
from cloudcourt.domain.ruling import Asking, Events, check_move, check_sitting
from cloudcourt.domain.value import Value


def open_lobby(hearing: Hearing, command: ask.OpenLobby, asking: Asking) -> Events:
    if hearing.session is SessionState.LOBBY_OPEN:
        return ()
    check_move(hearing, SessionState.LOBBY_OPEN)
    return (happened.LobbyOpened(),)


def open_hearing(hearing: Hearing, command: ask.OpenHearing, asking: Asking) -> Events:
    if hearing.session is not SessionState.LOBBY_OPEN:
        raise WrongState(now=hearing.session, wanted=SessionState.COUNTDOWN)
    started = _countdown(hearing, CountdownPurpose.OPEN, command.countdown_ms, asking)
    return (started, *swept(hearing, opens=True))


def resume_hearing(hearing: Hearing, command: ask.ResumeHearing, asking: Asking) -> Events:
    if hearing.session not in (SessionState.RECESS, SessionState.SUSPENDED):
        raise WrongState(now=hearing.session, wanted=SessionState.COUNTDOWN)
    purpose = CountdownPurpose.RESUME if hearing.opened_at else CountdownPurpose.OPEN
    return (_countdown(hearing, purpose, command.countdown_ms, asking), *swept(hearing, opens=False))


def _countdown(
    hearing: Hearing, purpose: CountdownPurpose, countdown_ms: int, asking: Asking
) -> happened.CountdownStarted:
    if not hearing.judge_in_court:
        raise JudgeAbsent
    if not asking.recorder.ready:
        raise RecorderNotReady(asking.recorder.reason)
    ends_at = asking.now + timedelta(milliseconds=countdown_ms)
    return happened.CountdownStarted(
        countdown=Countdown(purpose=purpose, began_at=asking.now, ends_at=ends_at, came_from=hearing.session)
    )


def cancel_countdown(hearing: Hearing, command: ask.CancelCountdown, asking: Asking) -> Events:
    if hearing.countdown is None:
        raise NoOpenCountdown
    return (happened.CountdownCancelled(),)


def countdown_elapsed(hearing: Hearing, command: ask.CountdownElapsed, asking: Asking) -> Events:
    countdown = hearing.countdown
    if countdown is None or countdown.ends_at != command.ends_at or asking.now < countdown.ends_at:
        raise NoOpenCountdown
    if not asking.recorder.ready:
        return suspended_for(hearing, f"recorder: {asking.recorder.reason}")
    if not hearing.judge_in_court:
        return suspended_for(hearing, "judge lost")
    if countdown.purpose is CountdownPurpose.OPEN:
        return (happened.HearingOpened(),)
    return (happened.HearingResumed(),)


def call_recess(hearing: Hearing, command: ask.CallRecess, asking: Asking) -> Events:
    return recess_for(hearing, command.note)


def recess_for(hearing: Hearing, note: str) -> Events:
    if hearing.session is not SessionState.IN_SESSION:
        raise WrongState(now=hearing.session, wanted=SessionState.RECESS)
    return (happened.RecessCalled(note=note),)


def suspend(hearing: Hearing, command: ask.Suspend, asking: Asking) -> Events:
    return suspended_for(hearing, command.note)


def judge_lost(hearing: Hearing, command: ask.JudgeLost, asking: Asking) -> Events:
    if hearing.judge_in_court or SessionState.SUSPENDED not in SESSION_MOVES[hearing.session]:
        return ()
    return suspended_for(hearing, "judge lost")


def fault(hearing: Hearing, command: ask.Fault, asking: Asking) -> Events:
    if SessionState.SUSPENDED not in SESSION_MOVES[hearing.session]:
        return ()
    return suspended_for(hearing, command.note)


def suspended_for(hearing: Hearing, note: str) -> Events:
    check_move(hearing, SessionState.SUSPENDED)
    return (happened.HearingSuspended(note=note),)


def close_hearing(hearing: Hearing, command: ask.CloseHearing, asking: Asking) -> Events:
    if hearing.opened_at is None:  # what was never declared open can be cancelled, not closed
        raise WrongState(now=hearing.session, wanted=SessionState.CLOSED)
    check_move(hearing, SessionState.CLOSED)
    check_stated(hearing)
    return (happened.HearingClosed(),)


def adjourn(hearing: Hearing, command: ask.Adjourn, asking: Asking) -> Events:
    check_move(hearing, SessionState.ADJOURNED)
    check_stated(hearing)
    return (happened.HearingAdjourned(note=command.note),)


def convert_offline(hearing: Hearing, command: ask.ConvertOffline, asking: Asking) -> Events:
    check_move(hearing, SessionState.CONVERTED_OFFLINE)
    check_stated(hearing)
    return (happened.HearingConvertedOffline(note=command.note),)


def cancel_hearing(hearing: Hearing, command: ask.CancelHearing, asking: Asking) -> Events:
    check_move(hearing, SessionState.CANCELLED)
    return (happened.HearingCancelled(note=command.note),)


def recorder_interrupted(hearing: Hearing, command: ask.RecorderInterrupted, asking: Asking) -> Events:
    if hearing.record_mode not in WRITES or _has_open_fault(hearing):
        return ()
    began = (hearing.opened_at, *(gap.ended_at or gap.began_at for gap in hearing.gaps))
    since = min(asking.now, max(command.since, *(at for at in began if at)))
    return (happened.RecordingInterrupted(since=since, note=command.note),)


def recorder_lost(hearing: Hearing, command: ask.RecorderLost, asking: Asking) -> Events:
    if not hearing.lacks_recorder or SessionState.SUSPENDED not in SESSION_MOVES[hearing.session]:
        return ()
    return suspended_for(hearing, "recorder lost")


def override_recorder(hearing: Hearing, command: ask.OverrideRecorder, asking: Asking) -> Events:
    check_sitting(hearing)
    if not hearing.lacks_recorder:  # it records, or the judge has said so already
        return ()
    return (happened.RecorderOverridden(reason=command.reason),)


def recorder_resumed(hearing: Hearing, command: ask.RecorderResumed, asking: Asking) -> Events:
    if hearing.record_mode not in WRITES or not _has_open_fault(hearing):
        return ()
    return (happened.RecordingResumed(),)


def _has_open_fault(hearing: Hearing) -> bool:
    return any(gap.reason is GapReason.FAULT and gap.ended_at is None for gap in hearing.gaps)


NEEDED: dict[type[Value], Permission] = {
    ask.OpenLobby: Permission.OPEN_LOBBY,
    ask.OpenHearing: Permission.START,
    ask.ResumeHearing: Permission.START,
    ask.CancelCountdown: Permission.START,
    ask.CallRecess: Permission.RECESS,
    ask.Suspend: Permission.SUSPEND,
    ask.CloseHearing: Permission.CLOSE,
    ask.Adjourn: Permission.ADJOURN,
    ask.ConvertOffline: Permission.ADJOURN,
    ask.CancelHearing: Permission.CANCEL,
    ask.OverrideRecorder: Permission.OVERRIDE_RECORDER,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    ask.OpenLobby: open_lobby,
    ask.OpenHearing: open_hearing,
    ask.ResumeHearing: resume_hearing,
    ask.CancelCountdown: cancel_countdown,
    ask.CountdownElapsed: countdown_elapsed,
    ask.CallRecess: call_recess,
    ask.Suspend: suspend,
    ask.JudgeLost: judge_lost,
    ask.Fault: fault,
    ask.CloseHearing: close_hearing,
    ask.Adjourn: adjourn,
    ask.ConvertOffline: convert_offline,
    ask.CancelHearing: cancel_hearing,
    ask.RecorderInterrupted: recorder_interrupted,
    ask.RecorderLost: recorder_lost,
    ask.OverrideRecorder: override_recorder,
    ask.RecorderResumed: recorder_resumed,
}
