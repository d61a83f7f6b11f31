"""People who come late or in another's place, and people whom the court keeps apart while a hearing goes on."""

from typing import Any

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain import rooms
from cloudcourt.domain.apply import replay
from cloudcourt.domain.errors import CourtError, InvalidInput, NotAllowed
from cloudcourt.domain.hearing import Participant, ParticipantState, RecordMode, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.order_errors import ReasonNeeded
from cloudcourt.domain.panel import may_now, presiding_id
from cloudcourt.domain.presiding import HandOverPresiding, TakePresiding
from cloudcourt.domain.roles import Permission, Role
from cloudcourt.domain.room_errors import Screened, TooManyPeople
from cloudcourt.domain.routing import Flow, routing
from cloudcourt.domain.screening import KeepApart
from cloudcourt.domain.seating import PEOPLE_LIMIT, NewPerson, SeatPerson
from cloudcourt.domain.side import Side, side_of
from cloudcourt.domain.view import event_view, view
from tests.courthouse import CAST, CLERK, DEFENDANT, JUDGE, OBSERVER, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

NEW = ParticipantId("p_new")
LAWYER = ParticipantId("p_lawyer")


def seats(day: CourtDay, by: ParticipantId | None = CLERK, new: ParticipantId = NEW, **fields: object) -> None:
    """The clerk, or (None) the desk, seats somebody."""
    person = NewPerson.model_validate({"name": "吴律师", **fields})
    by_whom = "staff:desk" if by is None else f"participant:{by}"
    day.asks(None, SeatPerson(participant_id=new, person=person, by=by_whom, by_seat=by))


def test_a_late_lawyer_comes_in_while_the_court_sits() -> None:
    day = in_session()
    seats(day, role=Role.REPRESENTATIVE, side=Side.A)
    assert day.hearing.participants[NEW].state is ParticipantState.INVITED
    assert view(day.hearing, PLAINTIFF).seat_count == len(CAST) + 1
    day.arrives(NEW)
    assert day.hearing.participants[NEW].state is ParticipantState.READY_IN_LOBBY
    day.asks(JUDGE, ask.Admit(participant_id=NEW))
    assert Flow(NEW, DEFENDANT, "audio") in routing(day.hearing).flows
    assert side_of(day.hearing.participants, NEW) is Side.A
    assert NEW in {person.id for person in view(day.hearing, DEFENDANT).people}
    assert replay(day.log) == day.hearing


def test_who_comes_late_learns_nothing_of_what_was_before() -> None:
    day = in_session()
    seats(day, role=Role.REPRESENTATIVE, side=Side.A)
    before = None
    for stored in day.log:
        after = replay(day.log[: stored.seq])
        assert after is not None
        shown = event_view(before, after, stored, NEW)
        assert shown.event is None, "also their own seating names who seated them"
        before = after


def test_only_the_court_knows_who_was_seated_and_by_whom() -> None:
    day = in_session()
    before = day.hearing
    seats(day, role=Role.REPRESENTATIVE, side=Side.A)
    told = {p: event_view(before, day.hearing, day.log[-1], p).event for p in (JUDGE, CLERK, PLAINTIFF, WITNESS)}
    assert told[JUDGE] is not None
    assert told[CLERK] is not None
    assert told[PLAINTIFF] is None
    assert told[WITNESS] is None


@pytest.mark.parametrize("by", [PLAINTIFF, WITNESS, OBSERVER])
def test_nobody_but_the_court_seats_people(by: ParticipantId) -> None:
    day = in_session()
    with pytest.raises(NotAllowed):
        seats(day, by=by, role=Role.REPRESENTATIVE, side=Side.A)
    with pytest.raises(NotAllowed):
        day.asks(JUDGE, SeatPerson(participant_id=NEW, person=NewPerson(role=Role.CLERK, name="x"), by="judge"))


def test_an_interpreter_takes_anothers_place_with_all_ties() -> None:
    linked = Participant(id=LAWYER, role=Role.INTERPRETER, name="钱", linked_to=PLAINTIFF)
    apart = Participant(id=ParticipantId("p_x"), role=Role.OBSERVER, name="孔", screened_from=(LAWYER,))
    day = CourtDay((*CAST, linked, apart))
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT, LAWYER)
    day.opens()
    with pytest.raises(ReasonNeeded):
        seats(day, role=Role.INTERPRETER, replaces=LAWYER)
    seats(day, role=Role.INTERPRETER, replaces=LAWYER, reason="突发疾病")
    new = day.hearing.participants[NEW]
    assert (new.linked_to, new.screened_from) == (PLAINTIFF, (apart.id,))
    assert day.hearing.participants[LAWYER].state is ParticipantState.REMOVED
    assert not [flow for flow in routing(day.hearing).flows if LAWYER in flow[:2]]
    with pytest.raises(InvalidInput):
        seats(day, new=ParticipantId("p_again"), role=Role.INTERPRETER, replaces=LAWYER, reason="再换")


@pytest.mark.parametrize(
    "fields",
    [
        {"role": Role.PLAINTIFF, "side": Side.A},
        {"role": Role.CLERK, "linked_to": PLAINTIFF},
        {"role": Role.INTERPRETER, "linked_to": JUDGE},
        {"role": Role.INTERPRETER, "linked_to": "p_nobody"},
        {"role": Role.REPRESENTATIVE, "screened_from": (JUDGE,)},
        {"role": Role.OBSERVER, "linked_to": PLAINTIFF, "screened_from": (PLAINTIFF,)},
        {"role": Role.WITNESS, "replaces": PLAINTIFF, "reason": "x"},
    ],
)
def test_ties_that_cannot_be_kept_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        seats(in_session(), **fields)


def test_a_hearing_holds_twelve_people_and_who_was_removed_leaves_room() -> None:
    day = in_session()
    for number in range(PEOPLE_LIMIT - len(CAST)):
        seats(day, new=ParticipantId(f"p_{number}"), role=Role.OBSERVER)
    with pytest.raises(TooManyPeople):
        seats(day, role=Role.OBSERVER)
    seats(day, role=Role.OBSERVER, replaces="p_0", reason="换人")
    day.asks(None, ask.Unseat(participant_id=ParticipantId("p_1")))
    seats(day, new=ParticipantId("p_after"), role=Role.OBSERVER)


def test_a_new_judge_sits_beside_the_old_one_until_the_hearing_is_handed_over() -> None:
    day = in_session()
    seats(day, role=Role.JUDGE)
    assert presiding_id(day.hearing) == JUDGE
    assert not may_now(day.hearing, day.hearing.participants[NEW], Permission.CLOSE)
    day.arrives(NEW)
    recorded = day.hearing.gaps, day.hearing.record_mode, day.hearing.session
    day.asks(JUDGE, HandOverPresiding(participant_id=NEW))
    day.asks(NEW, ask.Remove(participant_id=JUDGE, reason="回避"))
    assert presiding_id(day.hearing) == NEW
    assert may_now(day.hearing, day.hearing.participants[NEW], Permission.CLOSE)
    assert (day.hearing.gaps, day.hearing.record_mode, day.hearing.session) == recorded
    assert day.hearing.record_mode is RecordMode.ON_RECORD
    assert not [flow for flow in routing(day.hearing).flows if JUDGE in flow[:2]]


def test_the_desk_puts_another_judge_in_the_place_of_one_who_cannot_go_on() -> None:
    day = in_session()
    with pytest.raises(NotAllowed):
        seats(day, role=Role.JUDGE, replaces=JUDGE, reason="病")  # the clerk in court does not
    seats(day, by=None, role=Role.JUDGE, replaces=JUDGE, reason="病")
    assert presiding_id(day.hearing) == NEW
    assert not day.hearing.judge_in_court
    with pytest.raises(NotAllowed):
        day.asks(JUDGE, ask.CloseHearing())
    day.arrives(NEW)
    assert day.hearing.session is SessionState.IN_SESSION
    day.asks(NEW, ask.CallRecess())


def test_a_panel_goes_on_without_a_judge_who_was_taken_out() -> None:
    member = Participant(id=LAWYER, role=Role.BENCH_MEMBER, name="何静")
    day = CourtDay((*CAST, member))
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT, LAWYER)
    day.opens()
    day.asks(None, ask.Unseat(participant_id=JUDGE))
    assert presiding_id(day.hearing) is None
    day.asks(LAWYER, TakePresiding())
    assert presiding_id(day.hearing) == LAWYER


def test_nothing_changes_in_a_hearing_that_is_over() -> None:
    day = in_session()
    day.asks(JUDGE, ask.CloseHearing())
    with pytest.raises(CourtError):
        seats(day, by=None, role=Role.OBSERVER)
    with pytest.raises(CourtError):
        day.asks(JUDGE, KeepApart(participant_id=PLAINTIFF, other_id=DEFENDANT, are_apart=True))


# --- keeping people apart ---------------------------------------------------------------------------------------


def between(day: CourtDay) -> set[Flow]:
    pair = {PLAINTIFF, DEFENDANT}
    return {flow for flow in routing(day.hearing).flows if {flow.source, flow.listener} == pair}


@pytest.mark.parametrize("by", [JUDGE, CLERK])
@pytest.mark.parametrize("is_turned", [False, True])
def test_two_are_kept_apart_while_the_court_sits_and_brought_together_again(by: ParticipantId, is_turned: bool) -> None:
    day = in_session()
    assert len(between(day)) == 4
    day.asks(by, KeepApart(participant_id=PLAINTIFF, other_id=DEFENDANT, are_apart=True))
    assert not between(day)
    assert Flow(PLAINTIFF, JUDGE, "audio") in routing(day.hearing).flows
    lines = {line.participant_id: line for line in view(day.hearing, CLERK).lobby.board}
    assert lines[PLAINTIFF].kept_from == (DEFENDANT,)
    assert lines[DEFENDANT].kept_from == (PLAINTIFF,)
    one, other = (DEFENDANT, PLAINTIFF) if is_turned else (PLAINTIFF, DEFENDANT)
    day.asks(by, KeepApart(participant_id=one, other_id=other, are_apart=False))
    assert len(between(day)) == 4


def test_the_two_are_not_told_and_may_not_ask_for_it() -> None:
    day = in_session()
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, KeepApart(participant_id=PLAINTIFF, other_id=DEFENDANT, are_apart=True))
    before = day.hearing
    day.asks(JUDGE, KeepApart(participant_id=PLAINTIFF, other_id=DEFENDANT, are_apart=True))
    told = {p: event_view(before, day.hearing, day.log[-1], p).event for p in (JUDGE, CLERK, PLAINTIFF, DEFENDANT)}
    assert {p for p, event in told.items() if event is not None} == {JUDGE, CLERK}


@pytest.mark.parametrize("other", [JUDGE, CLERK, PLAINTIFF, ParticipantId("p_nobody")])
def test_nobody_is_kept_apart_from_the_court_or_from_themselves(other: ParticipantId) -> None:
    with pytest.raises(CourtError):
        in_session().asks(CLERK, KeepApart(participant_id=PLAINTIFF, other_id=other, are_apart=True))


def with_helpers() -> CourtDay:
    """A recess; the plaintiff has a lawyer and a supporter."""
    lawyer = Participant(id=LAWYER, role=Role.REPRESENTATIVE, name="吴", side=Side.A)
    second = Participant(id=NEW, role=Role.REPRESENTATIVE, name="郑", side=Side.A)
    day = CourtDay((*CAST, lawyer, second))
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT, LAWYER, NEW)
    day.opens()
    day.asks(JUDGE, ask.CallRecess())
    return day


def open_invitations(day: CourtDay) -> set[ParticipantId]:
    return {invitation.participant_id for room in day.hearing.open_rooms for invitation in room.invitations}


def test_an_invitation_that_waits_leads_nowhere_any_more() -> None:
    day = with_helpers()
    day.asks(PLAINTIFF, rooms.OpenRoom(room_kind=rooms.RoomKind.CONSULTATION, invite=(LAWYER, NEW)))
    room = day.hearing.open_rooms[0]
    day.asks(CLERK, KeepApart(participant_id=LAWYER, other_id=PLAINTIFF, are_apart=True))
    assert open_invitations(day) == {NEW}
    with pytest.raises(CourtError):
        day.asks(LAWYER, rooms.AcceptInvitation(room_id=room.id))
    with pytest.raises(Screened):
        day.asks(PLAINTIFF, rooms.InviteToRoom(participant_id=LAWYER))


def test_of_two_who_wait_outside_one_room_the_first_stays_invited() -> None:
    day = with_helpers()
    day.asks(PLAINTIFF, rooms.OpenRoom(room_kind=rooms.RoomKind.CONSULTATION, invite=(LAWYER, NEW)))
    day.asks(CLERK, KeepApart(participant_id=NEW, other_id=LAWYER, are_apart=True))
    assert open_invitations(day) == {LAWYER}


def test_two_in_one_room_are_parted_at_once() -> None:
    day = with_helpers()
    day.asks(PLAINTIFF, rooms.OpenRoom(room_kind=rooms.RoomKind.CONSULTATION, invite=(LAWYER,)))
    day.asks(LAWYER, rooms.AcceptInvitation(room_id=day.hearing.open_rooms[0].id))
    day.asks(JUDGE, KeepApart(participant_id=PLAINTIFF, other_id=LAWYER, are_apart=True))
    assert day.hearing.participants[PLAINTIFF].state is ParticipantState.IN_ROOM
    assert day.hearing.participants[LAWYER].state is ParticipantState.IN_COURT
    assert not [flow for flow in routing(day.hearing).flows if {flow.source, flow.listener} == {PLAINTIFF, LAWYER}]
