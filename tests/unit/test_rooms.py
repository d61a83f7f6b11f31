"""Private rooms, told as a court day: who comes in, who doesn't, and what nobody else learns of it."""

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain import errors
from cloudcourt.domain.hearing import Participant, ParticipantState, SessionState
from cloudcourt.domain.ids import ParticipantId, RoomId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.room_errors import LinkedPersonAway, RoomIsLocked, Screened
from cloudcourt.domain.rooms import (
    AcceptInvitation,
    DeclineInvitation,
    EnterRoom,
    InviteToRoom,
    LeaveRoom,
    LockRoom,
    OpenRoom,
    RoomKind,
)
from cloudcourt.domain.routing import Flow, routing
from cloudcourt.domain.side import Side
from cloudcourt.domain.view import event_view, view
from tests.courthouse import CLERK, DEFENDANT, JUDGE, OBSERVER, PLAINTIFF, WITNESS, CourtDay

pytestmark = pytest.mark.unit

LAWYER = ParticipantId("p_lawyer")
THEIR_LAWYER = ParticipantId("p_their_lawyer")
INTERPRETER = ParticipantId("p_interpreter")
PANELLIST = ParticipantId("p_panellist")
SECOND = ParticipantId("p_second")

PEOPLE = (
    Participant(id=JUDGE, role=Role.JUDGE, name="陈明远"),
    Participant(id=PANELLIST, role=Role.BENCH_MEMBER, name="周正"),
    Participant(id=CLERK, role=Role.CLERK, name="赵敏"),
    Participant(id=PLAINTIFF, role=Role.PLAINTIFF, name="李秀英"),
    Participant(id=LAWYER, role=Role.REPRESENTATIVE, name="何律师", side=Side.A),
    Participant(id=DEFENDANT, role=Role.DEFENDANT, name="王建国"),
    Participant(id=SECOND, role=Role.DEFENDANT, name="王建军", screened_from=(DEFENDANT,)),
    Participant(id=THEIR_LAWYER, role=Role.REPRESENTATIVE, name="高律师", side=Side.B),
    Participant(id=INTERPRETER, role=Role.INTERPRETER, name="阿依古丽", linked_to=DEFENDANT),
    Participant(id=WITNESS, role=Role.WITNESS, name="孙丽"),
    Participant(id=OBSERVER, role=Role.OBSERVER, name="周一"),
)

P = ParticipantState


def lobby() -> CourtDay:
    day = CourtDay(PEOPLE)
    day.arrives(*(person.id for person in PEOPLE))
    return day


def consults(day: CourtDay, who: ParticipantId, *guests: ParticipantId) -> RoomId:
    """`who` opens a consultation, and the guests accept."""
    day.asks(who, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=guests))
    stay = day.hearing.participants[who].stay
    assert stay is not None
    for guest in guests:
        day.asks(guest, AcceptInvitation(room_id=stay.room_id))
    return stay.room_id


def state(day: CourtDay, who: ParticipantId) -> ParticipantState:
    return day.hearing.participants[who].state


def test_a_party_and_her_lawyer_hear_and_see_each_other_and_nobody_else_does() -> None:
    day = lobby()
    consults(day, PLAINTIFF, LAWYER)
    assert (state(day, PLAINTIFF), state(day, LAWYER)) == (P.IN_ROOM, P.IN_ROOM)
    matrix = routing(day.hearing)
    pairs = ((PLAINTIFF, LAWYER), (LAWYER, PLAINTIFF))
    kinds = ("audio", "video")
    assert matrix.flows == {Flow(a, b, kind) for a, b in pairs for kind in kinds}  # type: ignore[arg-type]
    assert not matrix.recorded
    assert view(day.hearing, PLAINTIFF).rooms.room is not None
    assert {p.id for p in view(day.hearing, PLAINTIFF).people} == {PLAINTIFF, LAWYER}


def test_an_invitation_is_a_wish_that_can_be_declined() -> None:
    day = lobby()
    day.asks(PLAINTIFF, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=(LAWYER,)))
    (invitation,) = view(day.hearing, LAWYER).rooms.invitations
    assert invitation.by.id == PLAINTIFF
    assert [mate.id for mate in invitation.inside] == [PLAINTIFF]
    day.asks(LAWYER, DeclineInvitation(room_id=invitation.room_id))
    assert view(day.hearing, LAWYER).rooms.invitations == ()
    with pytest.raises(errors.NotFound):
        day.asks(LAWYER, AcceptInvitation(room_id=invitation.room_id))
    assert state(day, LAWYER) is P.READY_IN_LOBBY


@pytest.mark.parametrize("stranger", [DEFENDANT, THEIR_LAWYER, JUDGE, CLERK, WITNESS, OBSERVER])
def test_nobody_of_the_other_side_the_court_or_the_witnesses_can_be_asked_in(stranger: ParticipantId) -> None:
    day = lobby()
    consults(day, PLAINTIFF, LAWYER)
    with pytest.raises(errors.NotAllowed):
        day.asks(PLAINTIFF, InviteToRoom(participant_id=stranger))
    with pytest.raises(errors.CourtError):
        day.asks(stranger, AcceptInvitation(room_id=day.hearing.open_rooms[0].id))
    with pytest.raises(errors.NotAllowed):
        day.asks(stranger, EnterRoom(room_id=day.hearing.open_rooms[0].id))


@pytest.mark.parametrize("loner", [CLERK, WITNESS, OBSERVER])
def test_who_belongs_to_no_side_opens_no_room(loner: ParticipantId) -> None:
    day = lobby()
    with pytest.raises(errors.NotAllowed):
        day.asks(loner, OpenRoom(room_kind=RoomKind.CONSULTATION))
    with pytest.raises(errors.NotAllowed):
        day.asks(loner, OpenRoom(room_kind=RoomKind.BENCH))
    assert view(day.hearing, loner).rooms.may_open is None


def test_a_locked_room_keeps_the_invited_out_until_it_is_unlocked() -> None:
    day = lobby()
    day.asks(PLAINTIFF, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=(LAWYER,)))
    room = day.hearing.open_rooms[0].id
    day.asks(PLAINTIFF, LockRoom(is_locked=True))
    with pytest.raises(RoomIsLocked):
        day.asks(LAWYER, AcceptInvitation(room_id=room))
    day.asks(PLAINTIFF, LockRoom(is_locked=False))
    day.asks(LAWYER, AcceptInvitation(room_id=room))
    assert {p.id for p in day.hearing.members(room)} == {PLAINTIFF, LAWYER}


def test_the_bench_goes_in_by_right_and_the_clerk_when_asked() -> None:
    day = lobby()
    day.asks(JUDGE, OpenRoom(room_kind=RoomKind.BENCH, invite=(CLERK,)))
    room = view(day.hearing, PANELLIST).rooms.bench_room
    assert room is not None
    day.asks(PANELLIST, EnterRoom(room_id=room))
    with pytest.raises(errors.NotAllowed):
        day.asks(CLERK, EnterRoom(room_id=room))
    day.asks(CLERK, AcceptInvitation(room_id=room))
    with pytest.raises(errors.NotAllowed):
        day.asks(JUDGE, InviteToRoom(participant_id=LAWYER))
    assert {flow.listener for flow in routing(day.hearing).flows} == {JUDGE, PANELLIST, CLERK}
    day.asks(JUDGE, LeaveRoom())
    assert state(day, JUDGE) is P.IN_COURT


def test_rooms_are_for_lobby_and_recess_and_whats_late_is_refused_when_carried_out() -> None:
    day = lobby()
    day.asks(PLAINTIFF, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=(LAWYER,)))
    room = day.hearing.open_rooms[0].id
    day.asks(JUDGE, ask.OpenHearing(countdown_ms=5_000))
    assert state(day, PLAINTIFF) is P.IN_COURT
    assert day.hearing.open_rooms == ()
    with pytest.raises(errors.WrongState):
        day.asks(LAWYER, AcceptInvitation(room_id=room))
    day.zero()
    with pytest.raises(errors.WrongState):
        day.asks(PLAINTIFF, OpenRoom(room_kind=RoomKind.CONSULTATION))
    day.asks(JUDGE, ask.CallRecess())
    consults(day, PLAINTIFF, LAWYER)
    day.asks(LAWYER, LeaveRoom())
    assert state(day, LAWYER) is P.IN_COURT
    day.resumes()
    assert state(day, PLAINTIFF) is P.IN_COURT
    assert day.hearing.session is SessionState.IN_SESSION


def test_a_lost_seat_is_held_in_the_room_but_not_beyond_it() -> None:
    day = lobby()
    room = consults(day, PLAINTIFF, LAWYER)
    day.asks(None, ask.LinkLost(participant_id=LAWYER))
    assert LAWYER in {p.id for p in day.hearing.members(room)}
    day.asks(None, ask.Connected(participant_id=LAWYER))
    assert state(day, LAWYER) is P.IN_ROOM
    day.asks(None, ask.LinkLost(participant_id=LAWYER))
    day.opens()
    assert day.hearing.open_rooms == ()
    day.asks(None, ask.Connected(participant_id=LAWYER))
    assert state(day, LAWYER) is P.IN_COURT


def test_linked_people_move_together_or_not_at_all() -> None:
    day = CourtDay(PEOPLE)
    day.arrives(JUDGE, CLERK, THEIR_LAWYER, DEFENDANT)
    with pytest.raises(LinkedPersonAway):
        day.asks(DEFENDANT, OpenRoom(room_kind=RoomKind.CONSULTATION))
    with pytest.raises(LinkedPersonAway):
        day.asks(CLERK, ask.Admit(participant_id=DEFENDANT))
    assert state(day, DEFENDANT) is P.READY_IN_LOBBY
    day.arrives(INTERPRETER)
    room = consults(day, DEFENDANT, THEIR_LAWYER)
    assert {p.id for p in day.hearing.members(room)} == {DEFENDANT, THEIR_LAWYER, INTERPRETER}
    day.asks(INTERPRETER, LeaveRoom())
    assert (state(day, DEFENDANT), state(day, INTERPRETER)) == (P.READY_IN_LOBBY, P.READY_IN_LOBBY)
    consults(day, DEFENDANT)
    day.asks(INTERPRETER, ask.Leave())
    assert state(day, DEFENDANT) is P.READY_IN_LOBBY
    day.arrives(INTERPRETER)
    day.opens()
    assert (state(day, DEFENDANT), state(day, INTERPRETER)) == (P.IN_COURT, P.IN_COURT)
    day.asks(CLERK, ask.ReturnToLobby(participant_id=INTERPRETER))
    assert (state(day, DEFENDANT), state(day, INTERPRETER)) == (P.READY_IN_LOBBY, P.READY_IN_LOBBY)


def test_the_opening_leaves_a_party_outside_whose_interpreter_is_missing() -> None:
    day = CourtDay(PEOPLE)
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT)
    day.opens()
    assert state(day, PLAINTIFF) is P.IN_COURT
    assert state(day, DEFENDANT) is P.READY_IN_LOBBY
    day.arrives(INTERPRETER)
    day.asks(CLERK, ask.Admit(participant_id=DEFENDANT))
    assert (state(day, DEFENDANT), state(day, INTERPRETER)) == (P.IN_COURT, P.IN_COURT)


def test_screened_people_never_meet_not_even_in_a_pending_invitation() -> None:
    day = lobby()
    day.asks(THEIR_LAWYER, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=(DEFENDANT,)))
    with pytest.raises(Screened):
        day.asks(THEIR_LAWYER, InviteToRoom(participant_id=SECOND))
    assert DEFENDANT not in {mate.id for mate in view(day.hearing, SECOND).rooms.companions}
    day.asks(THEIR_LAWYER, LeaveRoom())
    day.asks(THEIR_LAWYER, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=(SECOND,)))
    with pytest.raises(Screened):
        day.asks(THEIR_LAWYER, InviteToRoom(participant_id=DEFENDANT))


def test_screened_people_in_court_are_not_sent_to_each_other() -> None:
    day = lobby()
    day.opens()
    flows = routing(day.hearing).flows
    assert not {f for f in flows if {f.source, f.listener} == {DEFENDANT, SECOND}}
    assert {f.listener for f in flows if f.source == SECOND} >= {JUDGE, PLAINTIFF}


def test_others_learn_nothing_of_a_room_and_the_court_only_that_its_people_are_in_one() -> None:
    day = lobby()
    before = day.hearing
    seen: dict[ParticipantId, set[str]] = {who: set() for who in (DEFENDANT, WITNESS, JUDGE, LAWYER)}
    for stored in day.asks(PLAINTIFF, OpenRoom(room_kind=RoomKind.CONSULTATION, invite=(LAWYER,))):
        after = day.hearing
        for who, kinds in seen.items():
            if (event := event_view(before, after, stored, who).event) is not None:
                kinds.add(event.kind)
    assert seen[DEFENDANT] == seen[WITNESS] == set()
    assert seen[JUDGE] == {"participant_moved"}
    assert "room_invited" in seen[LAWYER]
    assert {p.id: p.state for p in view(day.hearing, JUDGE).people}[PLAINTIFF] is P.IN_ROOM
    assert view(day.hearing, JUDGE).rooms.room is None
