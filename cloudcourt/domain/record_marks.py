"""Marks of a record: what happened when, as a list beside the film, from the stored events."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cloudcourt.domain import events as happened
from cloudcourt.domain.events import StoredEvent
from cloudcourt.domain.film_time import FilmSection, film_second
from cloudcourt.domain.hearing import LINKED, Participant, ParticipantState, Phase, PhaseMark
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.log_note import NoteAdded
from cloudcourt.domain.presiding import PresidingChanged
from cloudcourt.domain.record_orders import SealedSpan
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.seating import PersonSeated
from cloudcourt.domain.value import Value
from cloudcourt.domain.warning import Finding, PersonWarned, WalkOutRuled

WRITTEN_AFTER = timedelta(seconds=60)
"""A note may be finished so long after what it tells of."""


class MarkKind(StrEnum):
    OPENED = "opened"
    PHASE = "phase"
    PHASE_RETURNED = "phase_returned"
    PHASES_MERGED = "phases_merged"
    PRESIDING = "presiding"
    RECESS = "recess"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CLOSED = "closed"
    ADJOURNED = "adjourned"
    CONVERTED_OFFLINE = "converted_offline"
    CAME = "came"
    WENT = "went"
    REMOVED = "removed"
    WARNED = "warned"
    WALKED_OUT = "walked_out"
    LINK_LOST = "link_lost"
    NOTE = "note"
    FAULT = "fault"
    FAULT_OVER = "fault_over"
    STATEMENT = "statement"
    OVERRIDE = "override"


class Mark(Value):
    """One moment. `film_s` is where the film shows it; None where it can't."""

    seq: int
    at: datetime
    kind: MarkKind
    film_s: float | None
    phase: Phase | None = None
    person: Seat | None = None
    text: str = ""
    is_sealed: bool = False
    """Its words are withheld: they were written of what is sealed."""


class _Told(Value):
    """What an event says of a mark. `at` takes the place of the time at which it was stored."""

    kind: MarkKind
    at: datetime | None = None
    phase: Phase | None = None
    person: ParticipantId | None = None
    text: str = ""


_K = MarkKind
_PHASE_KINDS: dict[PhaseMark, MarkKind] = {"": _K.PHASE, "returned": _K.PHASE_RETURNED, "merged": _K.PHASES_MERGED}
_ACTS: dict[type[Value], Callable[[Any], _Told]] = {
    happened.HearingOpened: lambda event: _Told(kind=_K.OPENED),
    happened.PhaseChanged: lambda event: _Told(kind=_PHASE_KINDS[event.mark], phase=event.phase),
    PresidingChanged: lambda event: _Told(kind=_K.PRESIDING, person=event.participant_id),
    PersonWarned: lambda event: _Told(kind=_K.WARNED, person=event.participant_id, text=event.reason),
    happened.RecessCalled: lambda event: _Told(kind=_K.RECESS, text=event.note),
    happened.HearingSuspended: lambda event: _Told(kind=_K.SUSPENDED, text=event.note),
    happened.HearingResumed: lambda event: _Told(kind=_K.RESUMED),
    happened.HearingClosed: lambda event: _Told(kind=_K.CLOSED),
    happened.HearingAdjourned: lambda event: _Told(kind=_K.ADJOURNED, text=event.note),
    happened.HearingConvertedOffline: lambda event: _Told(kind=_K.CONVERTED_OFFLINE, text=event.note),
    happened.RecordingInterrupted: lambda event: _Told(kind=_K.FAULT, at=event.since, text=event.note),
    happened.RecordingResumed: lambda event: _Told(kind=_K.FAULT_OVER),
    happened.FaultStated: lambda event: _Told(kind=_K.STATEMENT, text=event.text),
    happened.RecorderOverridden: lambda event: _Told(kind=_K.OVERRIDE, text=event.reason),
    NoteAdded: lambda event: _Told(kind=_K.NOTE, person=event.participant_id, text=event.text),
}


def marks(log: Iterable[StoredEvent], sections: Sequence[FilmSection]) -> tuple[Mark, ...]:
    """The marks from declared open to declared closed, by time; who sat in court before is no mark."""
    people: dict[ParticipantId, Participant] = {}
    found: list[Mark] = []
    is_open = False
    for stored in log:
        event = stored.event
        if isinstance(event, happened.HearingScheduled):
            people = {person.id: person for person in event.people}
        elif isinstance(event, PersonSeated):
            people[event.person.id] = event.person
        is_open = is_open or isinstance(event, happened.HearingOpened)
        told = _told(event, people)
        if isinstance(event, happened.ParticipantMoved):
            change = {"state": event.to, "held": event.held}
            people[event.participant_id] = people[event.participant_id].model_copy(update=change)
        if is_open and told is not None:
            found.append(_mark(stored, told, people, sections))
    return tuple(sorted(found, key=lambda mark: (mark.at, mark.seq)))


def withheld(found: Iterable[Mark], spans: Sequence[SealedSpan]) -> tuple[Mark, ...]:
    """The same for those who may not see what is sealed: what was written then, or just after, has no words."""
    return tuple(
        mark.model_copy(update={"text": "", "is_sealed": True})
        if mark.text and any(span.touches(mark.at - WRITTEN_AFTER, mark.at) for span in spans)
        else mark
        for mark in found
    )


def _told(event: happened.Event, people: dict[ParticipantId, Participant]) -> _Told | None:
    if isinstance(event, happened.ParticipantMoved):
        return _moved(event, people[event.participant_id])
    if isinstance(event, WalkOutRuled):
        is_found = event.finding is Finding.WALKED_OUT
        return _Told(kind=_K.WALKED_OUT, person=event.participant_id, text=event.note) if is_found else None
    return _ACTS[type(event)](event) if type(event) in _ACTS else None


def _moved(event: happened.ParticipantMoved, before: Participant) -> _Told | None:
    """Only the courtroom's door counts, and a line that breaks while somebody sits there."""
    if event.to is ParticipantState.IN_COURT:
        return _Told(kind=_K.CAME, person=event.participant_id)
    if not before.sits_in_court:
        return None
    if event.to is ParticipantState.REMOVED:
        return _Told(kind=_K.REMOVED, person=event.participant_id, text=event.reason)
    if event.to is ParticipantState.RECONNECTING:
        return _Told(kind=_K.LINK_LOST, person=event.participant_id)
    is_out = event.to is ParticipantState.LEFT or (event.to in LINKED and event.held is not ParticipantState.IN_COURT)
    return _Told(kind=_K.WENT, person=event.participant_id) if is_out else None


def _mark(
    stored: StoredEvent, told: _Told, people: dict[ParticipantId, Participant], sections: Sequence[FilmSection]
) -> Mark:
    at = told.at or stored.at
    person = people.get(told.person) if told.person else None
    film_s = film_second(sections, at)
    return Mark(
        seq=stored.seq,
        at=at,
        kind=told.kind,
        film_s=None if film_s is None else round(film_s, 3),
        phase=told.phase,
        person=Seat(participant_id=person.id, role=person.role, name=person.name) if person else None,
        text=told.text,
    )
