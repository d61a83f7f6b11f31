"""What the court's own events change: its session, its record, its phase."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain import events as happened
from cloudcourt.domain.arrangement import Arrangement
from cloudcourt.domain.gap_algebra import gaps_ended
from cloudcourt.domain.hearing import Gap, GapReason, Hearing, RecordMode, SessionState
from cloudcourt.domain.value import Value

Change = dict[str, Any]
"""The fields of `Hearing` that an event sets."""


def _lobby_opened(hearing: Hearing, event: happened.LobbyOpened, at: datetime) -> Change:
    return {"session": SessionState.LOBBY_OPEN}


def _countdown_started(hearing: Hearing, event: happened.CountdownStarted, at: datetime) -> Change:
    return {"session": SessionState.COUNTDOWN, "countdown": event.countdown}


def _countdown_cancelled(hearing: Hearing, event: happened.CountdownCancelled, at: datetime) -> Change:
    came_from = hearing.countdown.came_from if hearing.countdown else SessionState.LOBBY_OPEN
    return {"session": came_from, "countdown": None}


def _opened(hearing: Hearing, event: happened.HearingOpened, at: datetime) -> Change:
    return {**_on_record(hearing, at), "opened_at": at}


def _resumed(hearing: Hearing, event: happened.HearingResumed, at: datetime) -> Change:
    return _on_record(hearing, at)


def _recess_called(hearing: Hearing, event: happened.RecessCalled, at: datetime) -> Change:
    return _off_record(hearing, SessionState.RECESS, GapReason.RECESS, event.note, at)


def _suspended(hearing: Hearing, event: happened.HearingSuspended, at: datetime) -> Change:
    if hearing.opened_at is None:  # a fault before the hearing was declared open leaves no hole in a record
        return {
            "session": SessionState.SUSPENDED,
            "record_mode": RecordMode.OFF_RECORD,
            "off_record_reason": GapReason.FAULT,
            "countdown": None,
            "notice": event.note,
        }
    return _off_record(hearing, SessionState.SUSPENDED, GapReason.FAULT, event.note, at)


_LAST_STATES: dict[type[Value], SessionState] = {
    happened.HearingClosed: SessionState.CLOSED,
    happened.HearingAdjourned: SessionState.ADJOURNED,
    happened.HearingConvertedOffline: SessionState.CONVERTED_OFFLINE,
    happened.HearingCancelled: SessionState.CANCELLED,
}


def _over(hearing: Hearing, event: Value, at: datetime) -> Change:
    return {
        "session": _LAST_STATES[type(event)],
        "record_mode": RecordMode.OFF,
        "off_record_reason": None,
        "countdown": None,
        "notice": getattr(event, "note", ""),
        "ended_at": at,
        "gaps": gaps_ended(hearing.gaps, at),
    }


def _phase_changed(hearing: Hearing, event: happened.PhaseChanged, at: datetime) -> Change:
    return {"phase": event.phase, "merged_phases": event.merged}


def _recording_interrupted(hearing: Hearing, event: happened.RecordingInterrupted, at: datetime) -> Change:
    fault = Gap(reason=GapReason.FAULT, began_at=event.since, note=event.note)
    return {"gaps": (*gaps_ended(hearing.gaps, event.since), fault)}


def _recorder_overridden(hearing: Hearing, event: happened.RecorderOverridden, at: datetime) -> Change:
    return {"recorder_overridden": True}


def _recording_resumed(hearing: Hearing, event: happened.RecordingResumed, at: datetime) -> Change:
    gaps = gaps_ended(hearing.gaps, at)
    if hearing.record_mode is RecordMode.SEALED:
        gaps = (*gaps, Gap(reason=GapReason.SEALED_EVIDENCE, began_at=at))
    return {"gaps": gaps, "recorder_overridden": False}


def _on_record(hearing: Hearing, at: datetime) -> Change:
    return {
        "session": SessionState.IN_SESSION,
        "record_mode": RecordMode.ON_RECORD,
        "off_record_reason": None,
        "countdown": None,
        "notice": "",
        "gaps": gaps_ended(hearing.gaps, at),
    }


def _off_record(hearing: Hearing, session: SessionState, reason: GapReason, note: str, at: datetime) -> Change:
    return {
        "session": session,
        "record_mode": RecordMode.OFF_RECORD,
        "off_record_reason": reason,
        "countdown": None,
        "notice": note,
        "gaps": (*gaps_ended(hearing.gaps, at), Gap(reason=reason, began_at=at, note=note)),
    }


def _of_session(change: Callable[[Hearing, Any, datetime], Change]) -> Callable[[Hearing, Any, datetime], Change]:
    """An override of the recorder, and an arrangement, end with the stretch they were made for."""
    return lambda hearing, event, at: {
        "recorder_overridden": False,
        "arrangement": Arrangement.OPEN_COURT,
        **change(hearing, event, at),
    }


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], Change]] = {
    happened.LobbyOpened: _of_session(_lobby_opened),
    happened.CountdownStarted: _of_session(_countdown_started),
    happened.CountdownCancelled: _of_session(_countdown_cancelled),
    happened.HearingOpened: _of_session(_opened),
    happened.HearingResumed: _of_session(_resumed),
    happened.RecessCalled: _of_session(_recess_called),
    happened.HearingSuspended: _of_session(_suspended),
    **dict.fromkeys(_LAST_STATES, _of_session(_over)),
    happened.PhaseChanged: _phase_changed,
    happened.RecordingInterrupted: _recording_interrupted,
    happened.RecorderOverridden: _recorder_overridden,
    happened.RecordingResumed: _recording_resumed,
}
