"""What happens to private rooms: they open, take invitations, are locked. Who is in them, people's stays say."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import RoomId
from cloudcourt.domain.rooms import Invitation, InvitationEnded, Room, RoomInvited, RoomLockChanged, RoomOpened
from cloudcourt.domain.value import Value

Change = dict[str, Any]


def _opened(hearing: Hearing, event: RoomOpened, at: datetime) -> Change:
    """Rooms that everyone has left are forgotten on the way."""
    return {"rooms": (*hearing.open_rooms, Room(id=event.room_id, kind=event.room_kind))}


def _invited(hearing: Hearing, event: RoomInvited, at: datetime) -> Change:
    invitation = Invitation(participant_id=event.participant_id, by=event.by)
    return _room_change(hearing, event.room_id, lambda room: {"invitations": (*room.invitations, invitation)})


def _invitation_ended(hearing: Hearing, event: InvitationEnded, at: datetime) -> Change:
    return _room_change(
        hearing,
        event.room_id,
        lambda room: {"invitations": tuple(i for i in room.invitations if i.participant_id != event.participant_id)},
    )


def _lock_changed(hearing: Hearing, event: RoomLockChanged, at: datetime) -> Change:
    return _room_change(hearing, event.room_id, lambda room: {"is_locked": event.is_locked})


def _room_change(hearing: Hearing, room_id: RoomId, change: Callable[[Room], Change]) -> Change:
    return {
        "rooms": tuple(room.model_copy(update=change(room)) if room.id == room_id else room for room in hearing.rooms)
    }


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], Change]] = {
    RoomOpened: _opened,
    RoomInvited: _invited,
    InvitationEnded: _invitation_ended,
    RoomLockChanged: _lock_changed,
}
