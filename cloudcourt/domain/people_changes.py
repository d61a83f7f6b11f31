"""What events about people change: where they are, their devices, the court's mute."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain import events as happened
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value

Change = dict[str, Any]
"""The fields of `Hearing` that an event sets."""


def person_change(hearing: Hearing, participant_id: ParticipantId, **changes: object) -> Change:
    """Set fields of one person."""
    person: Participant = hearing.participants[participant_id].model_copy(update=changes)
    return {"participants": {**hearing.participants, participant_id: person}}


def _moved(hearing: Hearing, event: happened.ParticipantMoved, at: datetime) -> Change:
    person = hearing.participants[event.participant_id]
    stays = ParticipantState.IN_ROOM in (event.to, event.held)
    sits = ParticipantState.IN_COURT in (event.to, event.held)
    return person_change(
        hearing,
        person.id,
        state=event.to,
        held=event.held,
        stay=(event.stay or person.stay) if stays else None,
        # A stretch of isolation ends with the statement about it, not with the move.
        isolated_since=(person.isolated_since or (None if sits else at)) if person.role is Role.WITNESS else None,
    )


def _devices_changed(hearing: Hearing, event: happened.DevicesChanged, at: datetime) -> Change:
    return person_change(hearing, event.participant_id, microphone_on=event.microphone_on, camera_on=event.camera_on)


def _court_mute_changed(hearing: Hearing, event: happened.CourtMuteChanged, at: datetime) -> Change:
    return person_change(hearing, event.participant_id, muted_by_court=event.muted)


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], Change]] = {
    happened.ParticipantMoved: _moved,
    happened.DevicesChanged: _devices_changed,
    happened.CourtMuteChanged: _court_mute_changed,
}
