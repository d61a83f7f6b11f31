"""The rules of private rooms: who opens, invites, comes in, locks, leaves, and when.

Everything is looked at when it is carried out: an invitation is a wish, and gives no right.
"""

from collections.abc import Callable, Iterable
from typing import Any

from cloudcourt.domain import events as happened
from cloudcourt.domain import rooms
from cloudcourt.domain.check_in_guard import lacks
from cloudcourt.domain.configurations import ROOMS_ALLOWED
from cloudcourt.domain.errors import NotAllowed, NotFound, WrongParticipantState, WrongState
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.ids import ParticipantId, RoomId
from cloudcourt.domain.linked_rules import brought_back, place_of, placed
from cloudcourt.domain.roles import ISOLATED_UNTIL_CALLED, Role
from cloudcourt.domain.room_errors import RoomIsLocked, Screened
from cloudcourt.domain.rooms import BENCH_GUESTS, BENCH_ROLES, CONSULTING_ROLES, Room, RoomKind, Stay
from cloudcourt.domain.ruling import Asking, Events, asker, moved, seat_of
from cloudcourt.domain.side import group_of, side_of
from cloudcourt.domain.value import Value

_P = ParticipantState
_CAN_ENTER = frozenset({_P.READY_IN_LOBBY, _P.IN_COURT})


def open_room(hearing: Hearing, command: rooms.OpenRoom, asking: Asking) -> Events:
    person = asker(hearing, asking)
    _check_time(hearing)
    room = Room(id=RoomId(f"room_{hearing.seq + 1}"), kind=command.room_kind)
    if room.kind is RoomKind.BENCH and person.role not in BENCH_ROLES:
        raise NotAllowed
    if room.kind is RoomKind.BENCH and any(other.kind is RoomKind.BENCH for other in hearing.open_rooms):
        raise WrongParticipantState(person.id, person.state, _P.IN_ROOM)  # there is one: it can be entered
    entering = _entering(hearing, room, person)
    opened = rooms.RoomOpened(room_id=room.id, room_kind=room.kind)
    invitations = _invitations(hearing, room, person, command.invite)
    return (opened, *entering, *invitations)


def invite_to_room(hearing: Hearing, command: rooms.InviteToRoom, asking: Asking) -> Events:
    person = asker(hearing, asking)
    _check_time(hearing)
    room = _own_room(hearing, person)
    if any(invitation.participant_id == command.participant_id for invitation in room.invitations):
        return ()
    return _invitations(hearing, room, person, (command.participant_id,))


def accept_invitation(hearing: Hearing, command: rooms.AcceptInvitation, asking: Asking) -> Events:
    person = asker(hearing, asking)
    _check_time(hearing)
    room = _invited_to(hearing, person, command.room_id)
    accepted = rooms.InvitationEnded(room_id=room.id, participant_id=person.id, why="accepted")
    return (*_entering(hearing, room, person), accepted)


def decline_invitation(hearing: Hearing, command: rooms.DeclineInvitation, asking: Asking) -> Events:
    person = asker(hearing, asking)
    room = _invited_to(hearing, person, command.room_id)
    return (rooms.InvitationEnded(room_id=room.id, participant_id=person.id, why="declined"),)


def enter_room(hearing: Hearing, command: rooms.EnterRoom, asking: Asking) -> Events:
    person = asker(hearing, asking)
    _check_time(hearing)
    room = hearing.open_room(command.room_id)
    if person.role not in BENCH_ROLES or room is None or room.kind is not RoomKind.BENCH:
        raise NotAllowed
    return _entering(hearing, room, person)


def lock_room(hearing: Hearing, command: rooms.LockRoom, asking: Asking) -> Events:
    room = _own_room(hearing, asker(hearing, asking))
    if room.is_locked is command.is_locked:
        return ()
    return (rooms.RoomLockChanged(room_id=room.id, is_locked=command.is_locked),)


def leave_room(hearing: Hearing, command: rooms.LeaveRoom, asking: Asking) -> Events:
    person = asker(hearing, asking)
    _own_room(hearing, person)
    return (brought_back(person),)


def may_meet(hearing: Hearing, room: Room, person: Participant) -> bool:
    """True when the person may ever be in that room, with those who are in it."""
    if room.kind is RoomKind.BENCH:
        return person.role in BENCH_GUESTS
    side = side_of(hearing.participants, person.id)
    if person.role not in CONSULTING_ROLES or side is None:
        return False
    return all(side_of(hearing.participants, member.id) is side for member in hearing.members(room.id))


def companions(hearing: Hearing, person: Participant) -> tuple[Participant, ...]:
    """With whom a person may be in a private room: the bench's people, or their own side's."""
    others = tuple(p for p in hearing.seating if p.id != person.id and not hearing.are_screened(person, p))
    if person.role in BENCH_GUESTS:
        return tuple(p for p in others if p.role in BENCH_GUESTS)
    side = side_of(hearing.participants, person.id)
    if person.role not in CONSULTING_ROLES or side is None:
        return ()
    return tuple(p for p in others if p.role in CONSULTING_ROLES and side_of(hearing.participants, p.id) is side)


def swept(hearing: Hearing, *, opens: bool) -> Events:
    """A countdown empties every room; at the opening it takes everyone who waits into court.

    Those who come by call or admission alone (OLR 26 for witnesses) go to the waiting room, at the opening also out of
    court; linked people go in together, or wait until they are complete. Nobody's seat is held in a room that is over.
    """
    events: list[happened.Event] = []
    for person in hearing.seating:
        place = place_of(person)
        if opens and _comes_in(hearing, person):
            if place is not _P.IN_COURT:
                events.append(placed(person, _P.IN_COURT))
        elif place is _P.IN_ROOM:
            events.append(placed(person, _P.READY_IN_LOBBY) if opens else brought_back(person))
        elif opens and person.role is Role.WITNESS and place in (_P.IN_COURT, _P.CALLED):
            events.append(placed(person, _P.READY_IN_LOBBY))
    return tuple(events)


def _comes_in(hearing: Hearing, person: Participant) -> bool:
    """True when a person's whole group is here, and somebody in it needn't be called."""
    group = [hearing.participants[member] for member in group_of(hearing.participants, person.id)]
    expected = [member for member in group if member.state not in (_P.LEFT, _P.REMOVED)]
    if person not in expected or any(member.role is Role.WITNESS for member in expected):
        return False
    return all(_is_here(hearing, member) for member in expected) and any(
        member.role not in ISOLATED_UNTIL_CALLED for member in expected
    )


def _is_here(hearing: Hearing, person: Participant) -> bool:
    if place_of(person) is not _P.IN_COURT and lacks(hearing, person):
        return False  # not finished checking in
    return person.state is not _P.DISCONNECTED and place_of(person) in (_P.READY_IN_LOBBY, _P.IN_ROOM, _P.IN_COURT)


def _check_time(hearing: Hearing) -> None:
    if hearing.session not in ROOMS_ALLOWED:
        raise WrongState(now=hearing.session, wanted=SessionState.RECESS)


def _own_room(hearing: Hearing, person: Participant) -> Room:
    room = hearing.open_room(person.stay.room_id) if person.stay and person.state is _P.IN_ROOM else None
    if room is None:
        raise WrongParticipantState(person.id, person.state, _P.IN_ROOM)
    return room


def _invited_to(hearing: Hearing, person: Participant, room_id: RoomId) -> Room:
    """Raises NotFound alike for a room that isn't and for one that isn't theirs to know of."""
    room = hearing.open_room(room_id)
    if room is None or all(invitation.participant_id != person.id for invitation in room.invitations):
        raise NotFound
    return room


def _entering(hearing: Hearing, room: Room, person: Participant) -> Events:
    """The moves into a room of a person and all who are linked to them."""
    if person.state not in _CAN_ENTER:
        raise WrongParticipantState(person.id, person.state, _P.IN_ROOM)
    _check_company(hearing, room, person, hearing.members(room.id))
    return (moved(person, _P.IN_ROOM, stay=Stay(room_id=room.id, from_court=person.state is _P.IN_COURT)),)


def _check_company(hearing: Hearing, room: Room, person: Participant, present: Iterable[Participant]) -> None:
    if room.is_locked:
        raise RoomIsLocked
    for member_id in group_of(hearing.participants, person.id):
        member = hearing.participants[member_id]
        if not may_meet(hearing, room, member):
            raise NotAllowed
        if any(hearing.are_screened(member, other) for other in present):
            raise Screened


def _invitations(hearing: Hearing, room: Room, by: Participant, invited: Iterable[ParticipantId]) -> Events:
    """Whoever is in the room, invited to it, or linked to one who is counts as there."""
    expected = [by, *hearing.members(room.id)]
    expected += [hearing.participants[invitation.participant_id] for invitation in room.invitations]
    for member_id in group_of(hearing.participants, by.id):
        expected.append(hearing.participants[member_id])
    events: list[happened.Event] = []
    for participant_id in dict.fromkeys(invited):
        person = seat_of(hearing, participant_id)
        if person not in companions(hearing, by):
            raise Screened if hearing.are_screened(person, by) else NotAllowed
        if person.state not in _CAN_ENTER:
            raise WrongParticipantState(person.id, person.state, _P.IN_ROOM)
        group = [hearing.participants[member] for member in group_of(hearing.participants, person.id)]
        whole = [hearing.participants[m] for e in expected for m in group_of(hearing.participants, e.id)]
        _check_company(hearing, room, person, whole)
        expected += group
        events.append(rooms.RoomInvited(room_id=room.id, participant_id=person.id, by=by.id))
    return tuple(events)


def may_open(hearing: Hearing, person: Participant) -> RoomKind | None:
    """The kind of room that a person could open now; None where they couldn't."""
    if hearing.session not in ROOMS_ALLOWED or person.state not in _CAN_ENTER:
        return None
    if person.role in BENCH_ROLES:
        return RoomKind.BENCH
    if companions(hearing, person) and person.role in CONSULTING_ROLES:
        return RoomKind.CONSULTATION
    return None


RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    rooms.OpenRoom: open_room,
    rooms.InviteToRoom: invite_to_room,
    rooms.AcceptInvitation: accept_invitation,
    rooms.DeclineInvitation: decline_invitation,
    rooms.EnterRoom: enter_room,
    rooms.LockRoom: lock_room,
    rooms.LeaveRoom: leave_room,
}
