"""Decide what a command causes. `decide` may refuse with a `CourtError`; it changes nothing itself.

Guards are checked when a command is carried out, never when it was asked for. To change a rule: the lawful
moves stand in `hearing.py`, the permissions in `roles.py` and below, and each command's own conditions in
`session_rules.py` and `people_rules.py`.
"""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain import commands as ask
from cloudcourt.domain import people_rules, session_rules
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.hearing import Hearing, ParticipantState
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.ruling import Asking, Events, seat_of
from cloudcourt.domain.value import Value

NEEDED: dict[type[Value], Permission] = {
    ask.OpenLobby: Permission.OPEN_LOBBY,
    ask.Admit: Permission.ADMIT,
    ask.ReturnToLobby: Permission.ADMIT,
    ask.Remove: Permission.REMOVE,
    ask.OpenHearing: Permission.START,
    ask.ResumeHearing: Permission.START,
    ask.CancelCountdown: Permission.START,
    ask.CallRecess: Permission.RECESS,
    ask.Suspend: Permission.SUSPEND,
    ask.CloseHearing: Permission.CLOSE,
    ask.Adjourn: Permission.ADJOURN,
    ask.ConvertOffline: Permission.ADJOURN,
    ask.CancelHearing: Permission.CANCEL,
    ask.SetPhase: Permission.CHANGE_PHASE,
    ask.SetCourtMute: Permission.MUTE_OTHERS,
    ask.SetCourtMuteAll: Permission.MUTE_OTHERS,
    ask.OverrideRecorder: Permission.OVERRIDE_RECORDER,
    ask.StateFault: Permission.CLOSE,
}
"""The permission a command needs. Commands that aren't listed concern the asker alone."""

SYSTEM_COMMANDS: frozenset[type[Value]] = frozenset(
    {
        ask.Connected,
        ask.LinkLost,
        ask.GraceElapsed,
        ask.CountdownElapsed,
        ask.JudgeLost,
        ask.Fault,
        ask.RecorderInterrupted,
        ask.RecorderLost,
        ask.RecorderResumed,
    }
)

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    ask.OpenLobby: session_rules.open_lobby,
    ask.ReportReady: people_rules.report_ready,
    ask.Admit: people_rules.admit,
    ask.ReturnToLobby: people_rules.return_to_lobby,
    ask.Remove: people_rules.remove,
    ask.OpenHearing: session_rules.open_hearing,
    ask.ResumeHearing: session_rules.resume_hearing,
    ask.CancelCountdown: session_rules.cancel_countdown,
    ask.CountdownElapsed: session_rules.countdown_elapsed,
    ask.CallRecess: session_rules.call_recess,
    ask.Suspend: session_rules.suspend,
    ask.JudgeLost: session_rules.judge_lost,
    ask.Fault: session_rules.fault,
    ask.CloseHearing: session_rules.close_hearing,
    ask.Adjourn: session_rules.adjourn,
    ask.ConvertOffline: session_rules.convert_offline,
    ask.CancelHearing: session_rules.cancel_hearing,
    ask.SetPhase: session_rules.set_phase,
    ask.SetCourtMute: people_rules.set_court_mute,
    ask.SetCourtMuteAll: people_rules.set_court_mute_all,
    ask.SetDevices: people_rules.set_devices,
    ask.Leave: people_rules.leave,
    ask.Connected: people_rules.connected,
    ask.LinkLost: people_rules.link_lost,
    ask.GraceElapsed: people_rules.grace_elapsed,
    ask.RecorderInterrupted: session_rules.recorder_interrupted,
    ask.RecorderLost: session_rules.recorder_lost,
    ask.OverrideRecorder: session_rules.override_recorder,
    ask.StateFault: session_rules.state_fault,
    ask.RecorderResumed: session_rules.recorder_resumed,
}


def decide(hearing: Hearing, command: ask.Command, asking: Asking) -> Events:
    """What `command` causes, or a `CourtError` saying why not. An empty tuple: it is so already."""
    _check_right(hearing, command, asking)
    return RULES[type(command)](hearing, command, asking)


def _check_right(hearing: Hearing, command: ask.Command, asking: Asking) -> None:
    if type(command) in SYSTEM_COMMANDS:
        if asking.actor is not None:
            raise NotAllowed
        return
    if asking.actor is None:
        raise NotAllowed
    person = seat_of(hearing, asking.actor)
    if person.state is ParticipantState.REMOVED:
        raise NotAllowed
    needed = NEEDED.get(type(command))
    if needed is not None and not may(person.role, needed):
        raise NotAllowed
