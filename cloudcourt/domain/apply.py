"""Fold events into a hearing. `apply` never refuses: what is stored has happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cloudcourt.domain.events import (
    CountdownCancelled,
    CountdownStarted,
    CourtMuteChanged,
    DevicesChanged,
    Event,
    FaultStated,
    HearingAdjourned,
    HearingCancelled,
    HearingClosed,
    HearingConvertedOffline,
    HearingOpened,
    HearingResumed,
    HearingScheduled,
    HearingSuspended,
    LobbyOpened,
    ParticipantMoved,
    PhaseChanged,
    RecessCalled,
    RecorderOverridden,
    RecordingInterrupted,
    RecordingResumed,
    StoredEvent,
)
from cloudcourt.domain.hearing import (
    Gap,
    GapReason,
    Hearing,
    Participant,
    RecordMode,
    SessionState,
)
from cloudcourt.domain.ids import ParticipantId


def apply(hearing: Hearing | None, stored: StoredEvent) -> Hearing:
    """The hearing after one more event. Only event 1 may meet no hearing."""
    event = stored.event
    if isinstance(event, HearingScheduled):
        return _founded(stored, event)
    if hearing is None:
        raise ValueError(f"the log of {stored.hearing_id} does not begin with hearing_scheduled")
    return hearing.model_copy(update={"seq": stored.seq, **_change(hearing, event, stored.at)})


def replay(events: Iterable[StoredEvent], hearing: Hearing | None = None) -> Hearing | None:
    """Fold a whole log, or its tail onto `hearing`."""
    for stored in events:
        hearing = apply(hearing, stored)
    return hearing


def _founded(stored: StoredEvent, event: HearingScheduled) -> Hearing:
    return Hearing(
        id=stored.hearing_id,
        case_id=event.case_id,
        case_number=event.case_number,
        cause=event.cause,
        scheduled_at=event.scheduled_at,
        seq=stored.seq,
        participants={p.id: p for p in event.people},
    )


def _change(hearing: Hearing, event: Event, at: datetime) -> dict[str, Any]:
    match event:
        case ParticipantMoved():
            return _person(hearing, event.participant_id, state=event.to, held=event.held)
        case DevicesChanged():
            return _person(hearing, event.participant_id, microphone_on=event.microphone_on, camera_on=event.camera_on)
        case CourtMuteChanged():
            return _person(hearing, event.participant_id, muted_by_court=event.muted)
        case PhaseChanged():
            return {"phase": event.phase}
        case RecordingInterrupted():
            return {"gaps": (*hearing.gaps, Gap(reason=GapReason.FAULT, began_at=event.since, note=event.note))}
        case FaultStated():
            return {}
        case RecorderOverridden():
            return {"recorder_overridden": True}
        case RecordingResumed():
            return {"gaps": _gaps_ended(hearing, at), "recorder_overridden": False}
        case _:
            # An override ends with the stretch it was given for.
            return {"recorder_overridden": False, **_session_change(hearing, event, at)}


def _session_change(hearing: Hearing, event: Event, at: datetime) -> dict[str, Any]:
    match event:
        case LobbyOpened():
            return {"session": SessionState.LOBBY_OPEN}
        case CountdownStarted():
            return {"session": SessionState.COUNTDOWN, "countdown": event.countdown}
        case CountdownCancelled():
            came_from = hearing.countdown.came_from if hearing.countdown else SessionState.LOBBY_OPEN
            return {"session": came_from, "countdown": None}
        case HearingOpened():
            return {**_on_record(hearing, at), "opened_at": at}
        case HearingResumed():
            return _on_record(hearing, at)
        case RecessCalled():
            return _off_record(hearing, SessionState.RECESS, GapReason.RECESS, event.note, at)
        case HearingSuspended():
            return _suspended(hearing, event.note, at)
        case _:
            return _over(hearing, event, at)


def _on_record(hearing: Hearing, at: datetime) -> dict[str, Any]:
    return {
        "session": SessionState.IN_SESSION,
        "record_mode": RecordMode.ON_RECORD,
        "off_record_reason": None,
        "countdown": None,
        "notice": "",
        "gaps": _gaps_ended(hearing, at),
    }


def _off_record(hearing: Hearing, session: SessionState, reason: GapReason, note: str, at: datetime) -> dict[str, Any]:
    return {
        "session": session,
        "record_mode": RecordMode.OFF_RECORD,
        "off_record_reason": reason,
        "countdown": None,
        "notice": note,
        "gaps": (*_gaps_ended(hearing, at), Gap(reason=reason, began_at=at, note=note)),
    }


def _suspended(hearing: Hearing, note: str, at: datetime) -> dict[str, Any]:
    if hearing.opened_at is None:  # a fault before the hearing was declared open leaves no hole in a record
        return {
            "session": SessionState.SUSPENDED,
            "record_mode": RecordMode.OFF_RECORD,
            "off_record_reason": GapReason.FAULT,
            "countdown": None,
            "notice": note,
        }
    return _off_record(hearing, SessionState.SUSPENDED, GapReason.FAULT, note, at)


_LAST_STATES: dict[type, SessionState] = {
    HearingClosed: SessionState.CLOSED,
    HearingAdjourned: SessionState.ADJOURNED,
    HearingConvertedOffline: SessionState.CONVERTED_OFFLINE,
    HearingCancelled: SessionState.CANCELLED,
}


def _over(hearing: Hearing, event: Event, at: datetime) -> dict[str, Any]:
    return {
        "session": _LAST_STATES[type(event)],
        "record_mode": RecordMode.OFF,
        "off_record_reason": None,
        "countdown": None,
        "notice": getattr(event, "note", ""),
        "ended_at": at,
        "gaps": _gaps_ended(hearing, at),
    }


def _gaps_ended(hearing: Hearing, at: datetime) -> tuple[Gap, ...]:
    return tuple(gap if gap.ended_at else gap.model_copy(update={"ended_at": at}) for gap in hearing.gaps)


def _person(hearing: Hearing, participant_id: ParticipantId, **changes: object) -> dict[str, Any]:
    person: Participant = hearing.participants[participant_id].model_copy(update=changes)
    return {"participants": {**hearing.participants, participant_id: person}}
