"""Private rooms: a party with its lawyer, or the bench alone. Never recorded, never heard in court. Values only."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId, RoomId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value

GUESTS_LIMIT = 12

PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]
RoomRef = Annotated[RoomId, Field(min_length=1, max_length=32)]


class RoomKind(StrEnum):
    CONSULTATION = "consultation"  # 会商室: one side's people
    BENCH = "bench"  # 合议室: judge and panel, the clerk when invited


BENCH_ROLES: frozenset[Role] = frozenset({Role.JUDGE, Role.BENCH_MEMBER})
"""They come into the bench's room of their own right."""
BENCH_GUESTS: frozenset[Role] = BENCH_ROLES | {Role.CLERK}
"""They alone may ever be in the bench's room."""
CONSULTING_ROLES: frozenset[Role] = frozenset(
    {Role.PLAINTIFF, Role.DEFENDANT, Role.REPRESENTATIVE, Role.INTERPRETER, Role.OBSERVER}
)
"""They alone may ever be in a consultation, and only with their own side. An observer: one who supports a party."""


class Stay(Value):
    """A person's being in a room, and whether they came from their place in court or from the waiting room."""

    room_id: RoomId
    from_court: bool


class Invitation(Value):
    participant_id: ParticipantId
    by: ParticipantId


class Room(Value):
    """A room that somebody opened. Who is in it, the people's own stays say; one with nobody in it is no room."""

    id: RoomId
    kind: RoomKind
    is_locked: bool = False
    invitations: tuple[Invitation, ...] = ()


# --- what can be asked ---------------------------------------------------------------------------------------


class OpenRoom(Value):
    """Go into a new room, and invite others to it."""

    kind: Literal["open_room"] = "open_room"
    room_kind: RoomKind
    invite: Annotated[tuple[PersonRef, ...], Field(max_length=GUESTS_LIMIT)] = ()


class InviteToRoom(Value):
    """Ask a person into the room that you are in."""

    kind: Literal["invite_to_room"] = "invite_to_room"
    participant_id: PersonRef


class AcceptInvitation(Value):
    kind: Literal["accept_invitation"] = "accept_invitation"
    room_id: RoomRef


class DeclineInvitation(Value):
    kind: Literal["decline_invitation"] = "decline_invitation"
    room_id: RoomRef


class EnterRoom(Value):
    """Go into the bench's room without an invitation: its own people only."""

    kind: Literal["enter_room"] = "enter_room"
    room_id: RoomRef


class LockRoom(Value):
    """Let nobody else in, or lift it. Those who are invited wait outside."""

    kind: Literal["lock_room"] = "lock_room"
    is_locked: bool


class LeaveRoom(Value):
    """Go back to where you came from."""

    kind: Literal["leave_room"] = "leave_room"


RoomCommand = OpenRoom | InviteToRoom | AcceptInvitation | DeclineInvitation | EnterRoom | LockRoom | LeaveRoom


# --- what happened; that people came and went, `participant_moved` says --------------------------------------


class RoomOpened(Value):
    kind: Literal["room_opened"] = "room_opened"
    room_id: RoomId
    room_kind: RoomKind


class RoomInvited(Value):
    kind: Literal["room_invited"] = "room_invited"
    room_id: RoomId
    participant_id: ParticipantId
    by: ParticipantId


class InvitationEnded(Value):
    kind: Literal["invitation_ended"] = "invitation_ended"
    room_id: RoomId
    participant_id: ParticipantId
    why: Literal["accepted", "declined", "screened"]


class RoomLockChanged(Value):
    kind: Literal["room_lock_changed"] = "room_lock_changed"
    room_id: RoomId
    is_locked: bool


RoomEvent = RoomOpened | RoomInvited | InvitationEnded | RoomLockChanged
