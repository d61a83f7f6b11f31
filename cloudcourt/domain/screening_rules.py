"""The rules of keeping people apart: who says so, and what it ends at once, invitations that wait included."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.errors import InvalidInput, WrongState
from cloudcourt.domain.hearing import Hearing, Participant, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.linked_rules import brought_back
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.rooms import InvitationEnded, Room
from cloudcourt.domain.rooms_view import share_a_room
from cloudcourt.domain.ruling import Asking, Events, seat_of
from cloudcourt.domain.screening import KeepApart, ScreeningChanged
from cloudcourt.domain.side import group_of
from cloudcourt.domain.ties import check_apart
from cloudcourt.domain.value import Value


def keep_apart(hearing: Hearing, command: KeepApart, asking: Asking) -> Events:
    """Whoever is with the other in a private room now is brought back from it, and no invitation leads there."""
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    one, other = seat_of(hearing, command.participant_id), seat_of(hearing, command.other_id)
    if command.are_apart is hearing.are_screened(one, other):
        return ()
    changed = ScreeningChanged(participant_id=one.id, other_id=other.id, are_apart=command.are_apart)
    if not command.are_apart:
        return (changed,)
    try:
        check_apart(hearing.participants, one.id, other.id)
    except ValueError as problem:
        raise InvalidInput(where="other_id", why=str(problem)) from None
    out = (brought_back(other),) if share_a_room(one, other) else ()
    return (changed, *out, *_ended_invitations(hearing, one, other))


def _ended_invitations(hearing: Hearing, one: Participant, other: Participant) -> Events:
    """Of a room that one of the two is in or asked to, the other's invitation ends."""
    groups = (group_of(hearing.participants, one.id), group_of(hearing.participants, other.id))
    return tuple(
        InvitationEnded(room_id=room.id, participant_id=invited, why="screened")
        for room in hearing.open_rooms
        for invited in _led_together(hearing, room, groups)
    )


def _led_together(
    hearing: Hearing, room: Room, groups: tuple[frozenset[ParticipantId], frozenset[ParticipantId]]
) -> list[ParticipantId]:
    expected = {member.id for member in hearing.members(room.id)}
    ended: list[ParticipantId] = []
    for invitation in room.invitations:
        own = next((group for group in groups if invitation.participant_id in group), frozenset[ParticipantId]())
        others = frozenset[ParticipantId]().union(*(group for group in groups if group is not own)) if own else own
        if expected & others:
            ended.append(invitation.participant_id)
        else:
            expected.add(invitation.participant_id)
    return ended


def _changed(hearing: Hearing, event: ScreeningChanged, at: datetime) -> dict[str, Any]:
    """It stands with the first of the two; lifted, with neither."""
    one, other = hearing.participants[event.participant_id], hearing.participants[event.other_id]
    left = {
        person.id: person.model_copy(
            update={"screened_from": tuple(p for p in person.screened_from if p not in (one.id, other.id))}
        )
        for person in (one, other)
    }
    if event.are_apart:
        apart = (*left[one.id].screened_from, other.id)
        left[one.id] = left[one.id].model_copy(update={"screened_from": apart})
    return {"participants": {**hearing.participants, **left}}


NEEDED: dict[type[Value], Permission] = {KeepApart: Permission.CHANGE_PEOPLE}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {KeepApart: keep_apart}

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {ScreeningChanged: _changed}
