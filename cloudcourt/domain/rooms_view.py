"""What one person may know of private rooms, of the court's arrangement, and of interpreters' channels."""

from cloudcourt.domain.arrangement import Arrangement, ArrangementChanged
from cloudcourt.domain.channel import ChannelChosen, InterpretingChanged
from cloudcourt.domain.configurations import is_included
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId, RoomId
from cloudcourt.domain.isolation import IsolationStated
from cloudcourt.domain.roles import Permission, Role, may
from cloudcourt.domain.rooms import BENCH_ROLES, InvitationEnded, RoomInvited, RoomKind, RoomLockChanged, RoomOpened
from cloudcourt.domain.rooms_rules import companions, may_open
from cloudcourt.domain.side import Side, side_of
from cloudcourt.domain.value import Value

_ROOM_EVENTS = (RoomOpened, RoomInvited, InvitationEnded, RoomLockChanged)
_IN_COURT_EVENTS = (ArrangementChanged, ChannelChosen, InterpretingChanged)
OWN_EVENTS = (*_ROOM_EVENTS, *_IN_COURT_EVENTS, IsolationStated)
"""The events that `may_know_room_event` judges."""


class Companion(Value):
    """Somebody you may be in a private room with."""

    id: ParticipantId
    role: Role
    name: str
    is_here: bool
    """They wait, or sit in court, so that they can be asked in."""


class RoomView(Value):
    """A room as those who are in it, or invited, may know it. `people` and `invited` in seating order."""

    id: RoomId
    kind: RoomKind
    is_locked: bool
    people: tuple[ParticipantId, ...]
    invited: tuple[ParticipantId, ...]


class InvitationView(Value):
    """Somebody asks you in. `by` is who, `inside` are all who are there."""

    room_id: RoomId
    kind: RoomKind
    is_locked: bool
    by: Companion
    inside: tuple[Companion, ...]


class Channel(Value):
    """An interpreter in court; `is_open`: they speak into their channel and not to the whole court."""

    interpreter_id: ParticipantId
    name: str
    is_open: bool


class RoomsView(Value):
    """All of it."""

    room: RoomView | None
    """The one you are in."""
    invitations: tuple[InvitationView, ...]
    may_open: RoomKind | None
    """The kind of room that you could open now."""
    bench_room: RoomId | None
    """The bench's room, where you may go in without being asked."""
    companions: tuple[Companion, ...]
    arrangement: Arrangement
    takes_part: bool
    """False while the court goes on without you: you hear and see nothing of it."""
    side: Side | None
    channels: tuple[Channel, ...]
    listens_to: ParticipantId | None


def rooms_view(hearing: Hearing, you: Participant) -> RoomsView:
    """Build one person's."""
    is_gone = you.state is ParticipantState.REMOVED
    mates = () if is_gone else companions(hearing, you)
    return RoomsView(
        room=_own(hearing, you),
        invitations=() if is_gone else tuple(_invitations(hearing, you)),
        may_open=None if is_gone else may_open(hearing, you),
        bench_room=_bench_room(hearing, you),
        companions=tuple(_companion(p) for p in mates),
        arrangement=hearing.arrangement if _is_inside(you) else Arrangement.OPEN_COURT,
        takes_part=not _is_inside(you) or is_included(hearing, you),
        side=side_of(hearing.participants, you.id),
        channels=_channels(hearing) if you.sits_in_court else (),
        listens_to=you.listens_to,
    )


def share_a_room(one: Participant, other: Participant) -> bool:
    """True for two people in the same private room."""
    return one.stay is not None and other.stay is not None and one.stay.room_id == other.stay.room_id


def may_know_room_event(before: Hearing | None, after: Hearing, event: Value, viewer: Participant) -> bool:
    """True when `viewer` may know of that event, one of `OWN_EVENTS`."""
    if isinstance(event, _ROOM_EVENTS):
        return any(_concerns(hearing, event.room_id, viewer.id) for hearing in (before, after) if hearing)
    if isinstance(event, IsolationStated):
        return event.participant_id == viewer.id or may(viewer.role, Permission.SEE_EVERYONE)
    return _is_inside(viewer)


def _concerns(hearing: Hearing, room_id: RoomId, viewer_id: ParticipantId) -> bool:
    room = hearing.open_room(room_id)
    people = {p.id for p in hearing.members(room_id)} | {i.participant_id for i in room.invitations} if room else ()
    return viewer_id in people


def _is_inside(you: Participant) -> bool:
    return you.sits_in_court or may(you.role, Permission.SEE_EVERYONE)


def _own(hearing: Hearing, you: Participant) -> RoomView | None:
    room = hearing.open_room(you.stay.room_id) if you.stay else None
    if room is None:
        return None
    invited = {invitation.participant_id for invitation in room.invitations}
    return RoomView(
        id=room.id,
        kind=room.kind,
        is_locked=room.is_locked,
        people=tuple(p.id for p in hearing.members(room.id)),
        invited=tuple(p.id for p in hearing.seating if p.id in invited),
    )


def _invitations(hearing: Hearing, you: Participant) -> list[InvitationView]:
    return [
        InvitationView(
            room_id=room.id,
            kind=room.kind,
            is_locked=room.is_locked,
            by=_companion(hearing.participants[invitation.by]),
            inside=tuple(_companion(p) for p in hearing.members(room.id)),
        )
        for room in hearing.open_rooms
        for invitation in room.invitations
        if invitation.participant_id == you.id
    ]


def _bench_room(hearing: Hearing, you: Participant) -> RoomId | None:
    if you.role not in BENCH_ROLES or you.stay is not None:
        return None
    return next((room.id for room in hearing.open_rooms if room.kind is RoomKind.BENCH), None)


def _companion(person: Participant) -> Companion:
    here = (ParticipantState.READY_IN_LOBBY, ParticipantState.IN_COURT)
    return Companion(id=person.id, role=person.role, name=person.name, is_here=person.state in here)


def _channels(hearing: Hearing) -> tuple[Channel, ...]:
    return tuple(
        Channel(interpreter_id=p.id, name=p.name, is_open=p.speaks_to_channel)
        for p in hearing.seating
        if p.role is Role.INTERPRETER and p.sits_in_court
    )
