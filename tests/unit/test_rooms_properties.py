"""Ten thousand room operations by random casts: whoever asks for whatever, no privacy rule is ever broken."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain.arrangement import MEDIATING, Arrange, Arrangement
from cloudcourt.domain.channel import ChooseChannel, Interpret
from cloudcourt.domain.configurations import ROOMS_ALLOWED
from cloudcourt.domain.errors import CourtError
from cloudcourt.domain.hearing import PARTICIPANT_MOVES, SESSION_MOVES, WRITES, Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId, RoomId
from cloudcourt.domain.isolation import AnswerCall, CallWitness, DismissWitness
from cloudcourt.domain.linked_rules import place_of
from cloudcourt.domain.listening import ListenOnly
from cloudcourt.domain.roles import Role
from cloudcourt.domain.rooms import (
    BENCH_GUESTS,
    AcceptInvitation,
    DeclineInvitation,
    EnterRoom,
    InviteToRoom,
    LeaveRoom,
    LockRoom,
    OpenRoom,
    RoomKind,
)
from cloudcourt.domain.rooms_rules import companions
from cloudcourt.domain.routing import Routing, routing
from cloudcourt.domain.side import Side, group_of, side_of
from cloudcourt.domain.view import event_view, view
from media.mix.voices import LOW, voices_of
from tests.courthouse import JUDGE, CourtDay

pytestmark = pytest.mark.unit

OPERATIONS = 10_000
A_DAY = 125
P = ParticipantState


def random_cast(chance: random.Random) -> list[Participant]:
    """A judge and ten others, some linked, some screened from each other."""
    cast = [Participant(id=JUDGE, role=Role.JUDGE, name="法官")]
    if chance.random() < 0.5:  # both sides have counsel, so that there can be a sidebar
        cast += [
            Participant(id=ParticipantId(f"p_counsel_{side}"), role=Role.REPRESENTATIVE, name="律师", side=side)
            for side in Side
        ]
    for number, role in enumerate(chance.choices(list(Role), weights=[0, 2, 2, 3, 3, 5, 2, 3, 1, 1], k=10)):
        is_counsel = role is Role.REPRESENTATIVE
        cast.append(
            Participant(
                id=ParticipantId(f"p_{number}"),
                role=role,
                name=f"某{number}",
                side=chance.choice(list(Side)) if is_counsel else None,
            )
        )
    free = [p for p in cast if p.role in (Role.INTERPRETER, Role.OBSERVER)]
    parties = [p for p in cast if p.role in (Role.PLAINTIFF, Role.DEFENDANT, Role.WITNESS)]
    for person in free:
        if parties and chance.random() < 0.7:
            cast[cast.index(person)] = person.model_copy(update={"linked_to": chance.choice(parties).id})
    if chance.random() < 0.6:
        one, other = chance.sample(cast[1:], 2)
        if other.id not in group_of({p.id: p for p in cast}, one.id):
            cast[cast.index(one)] = one.model_copy(update={"screened_from": (other.id,)})
    return cast


@dataclass
class AnyDay:
    """One cast's day. `refusals` are the kinds of refusal met, `mixed` what was seen to happen."""

    chance: random.Random
    refusals: set[type[CourtError]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.day = CourtDay(random_cast(self.chance))
        self.people = [p.id for p in self.day.hearing.seating]
        for person in self.people:
            if person == JUDGE or self.chance.random() < 0.85:
                self.day.arrives(person)

    def goes_on(self, operations: int) -> None:
        for _ in range(operations):
            actor, command = self._next()
            self.day.passes(1)
            before = self.day.hearing
            try:
                stored = self.day.asks(actor, command)
            except CourtError as refusal:
                self.refusals.add(type(refusal))
                assert self.day.hearing is before
                assert refusal.sentence("zh-CN") and refusal.sentence("en")
                continue
            self._check(before, [event.event.kind for event in stored])
            for event in stored:
                _check_witnesses_learn_nothing(before, self.day.hearing, event)

    def _next(self) -> tuple[ParticipantId | None, ask.Command]:
        who, other = self.chance.choice(self.people), self.chance.choice(self.people)
        if self.day.hearing.is_over:
            self.__post_init__()
        if self.day.hearing.countdown and self.chance.random() < 0.6:
            self.day.now = max(self.day.now, self.day.hearing.countdown.ends_at)
            return None, ask.CountdownElapsed(ends_at=self.day.hearing.countdown.ends_at)
        kind = self.chance.choices(("room", "court", "machine"), weights=(10, 8, 3))[0]
        if kind == "room":
            return self._sensible() if self.chance.random() < 0.6 else (who, self._room_command(other))
        if kind == "machine":
            lost: Callable[[], ask.Command] = lambda: ask.LinkLost(participant_id=who)  # noqa: E731
            back: Callable[[], ask.Command] = lambda: ask.Connected(participant_id=who)  # noqa: E731
            gone: Callable[[], ask.Command] = lambda: ask.GraceElapsed(participant_id=who)  # noqa: E731
            return None, self.chance.choices((lost, back, gone), weights=(2, 4, 1))[0]()
        return (JUDGE if self.chance.random() < 0.8 else who), self._court_command(who)

    def _sensible(self) -> tuple[ParticipantId, ask.Command]:
        """What people would do who know where they are and whom they may ask."""
        hearing, chance = self.day.hearing, self.chance
        waiting = [(room, i) for room in hearing.open_rooms for i in room.invitations]
        if waiting and chance.random() < 0.5:
            room, invitation = chance.choice(waiting)
            answer = DeclineInvitation if chance.random() < 0.15 else AcceptInvitation
            return invitation.participant_id, answer(room_id=room.id)
        who = chance.choice(list(hearing.participants.values()))
        mates = [mate.id for mate in companions(hearing, who)]
        if who.stay is None:
            kind = RoomKind.BENCH if who.role in BENCH_GUESTS else RoomKind.CONSULTATION
            bench = next((room for room in hearing.open_rooms if room.kind is kind is RoomKind.BENCH), None)
            guests = tuple(chance.sample(mates, min(len(mates), chance.randint(0, 2))))
            return who.id, EnterRoom(room_id=bench.id) if bench else OpenRoom(room_kind=kind, invite=guests)
        inside: list[ask.Command] = [LeaveRoom(), LockRoom(is_locked=chance.random() < 0.4)]
        inside += [InviteToRoom(participant_id=chance.choice(mates))] * 4 if mates else []
        return who.id, chance.choice(inside)

    def _room_command(self, other: ParticipantId) -> ask.Command:
        known = [room.id for room in self.day.hearing.rooms] or [RoomId("room_0")]
        room = self.chance.choice(known)
        guests = tuple(self.chance.sample(self.people, self.chance.randint(0, 3)))
        commands: list[ask.Command] = [
            OpenRoom(
                room_kind=self.chance.choice(list(RoomKind)), invite=guests[:1] if self.chance.random() < 0.7 else ()
            ),
            OpenRoom(room_kind=RoomKind.CONSULTATION, invite=guests),
            InviteToRoom(participant_id=other),
            AcceptInvitation(room_id=room),
            AcceptInvitation(room_id=room),
            AcceptInvitation(room_id=room),
            EnterRoom(room_id=room),
            DeclineInvitation(room_id=room),
            LockRoom(is_locked=self.chance.random() < 0.3),
            LeaveRoom(),
            ask.ReportReady(),
            ChooseChannel(interpreter_id=other),
            Interpret(to_channel=self.chance.random() < 0.5),
            ListenOnly(sound_only=self.chance.random() < 0.7),
        ]
        return self.chance.choice(commands)

    def _court_command(self, who: ParticipantId) -> ask.Command:
        commands: list[ask.Command] = [
            ask.OpenHearing(countdown_ms=1_000),
            ask.ResumeHearing(countdown_ms=1_000),
            ask.ResumeHearing(countdown_ms=1_000),
            ask.CallRecess(),
            ask.CallRecess(),
            ask.CancelCountdown(),
            *[Arrange(arrangement=self.chance.choice(list(Arrangement)))] * 6,
            CallWitness(participant_id=who),
            AnswerCall(),
            DismissWitness(participant_id=who),
            ask.Admit(participant_id=who),
            ask.ReturnToLobby(participant_id=who),
            ask.SetCourtMuteAll(muted=self.chance.random() < 0.5),
            ask.Leave(),
        ]
        if self.chance.random() < 0.02:
            commands = [ask.CloseHearing(), ask.Remove(participant_id=who, reason="扰乱法庭秩序")]
        return self.chance.choice(commands)

    def _check(self, before: Hearing, kinds: list[str]) -> None:
        hearing = self.day.hearing
        matrix = routing(hearing)
        _check_tables(before, hearing)
        _check_flows(hearing, matrix)
        _check_mixes(hearing, matrix)
        _check_rooms(hearing)
        _check_links(before, hearing)
        self.seen.update(kinds, (f"arranged {hearing.arrangement}",))
        self.seen.update(f"{room.kind} of {len(hearing.members(room.id))}" for room in hearing.open_rooms)
        if any(hearing.participants[flow.source].stay for flow in matrix.flows):
            self.seen.add("somebody is heard in a room")


def _check_tables(before: Hearing, after: Hearing) -> None:
    assert after.session is before.session or after.session in SESSION_MOVES[before.session]
    for person in after.participants.values():
        was = before.participants[person.id].state
        assert person.state is was or person.state in PARTICIPANT_MOVES[was]


def _is_witness_outside(person: Participant) -> bool:
    return person.role is Role.WITNESS and place_of(person) is not P.IN_COURT


def _space(person: Participant) -> str:
    return person.stay.room_id if person.stay else "court" if person.sits_in_court else "nowhere"


def _check_flows(hearing: Hearing, matrix: Routing) -> None:
    for source_id, listener_id, _kind in matrix.flows:
        source, listener = hearing.participants[source_id], hearing.participants[listener_id]
        assert _space(source) == _space(listener) != "nowhere"
        assert source_id != listener_id
        assert not hearing.are_screened(source, listener)
        assert not (_is_witness_outside(source) or _is_witness_outside(listener))
        if source.stay:
            assert hearing.session in ROOMS_ALLOWED
        elif hearing.arrangement in (Arrangement.CAUCUS_A, Arrangement.CAUCUS_B):
            other = Side.B if hearing.arrangement is Arrangement.CAUCUS_A else Side.A
            assert other not in (side_of(hearing.participants, source_id), side_of(hearing.participants, listener_id))
    for taken in matrix.recorded:
        assert hearing.record_mode in WRITES
        assert hearing.arrangement not in MEDIATING
        assert _space(hearing.participants[taken.source]) == "court"


def _check_mixes(hearing: Hearing, matrix: Routing) -> None:
    """Sound only changes who is sent pictures, and nothing of who hears whom or of what is recorded."""
    each = {p.id: p.model_copy(update={"sound_only": False}) for p in hearing.participants.values()}
    plain = routing(hearing.model_copy(update={"participants": each}))
    assert matrix.recorded == plain.recorded
    assert matrix.flows == {f for f in plain.flows if f.kind == "audio" or f.listener not in matrix.mixed}
    assert matrix.mixed == {p.id for p in hearing.participants.values() if p.sound_only}
    for listener in matrix.mixed:
        voices = voices_of(matrix, listener)
        assert voices.keys() == {f.source for f in plain.flows if f.listener == listener and f.kind == "audio"}
        chosen = hearing.participants[listener].listens_to
        is_present = chosen is not None and hearing.participants[chosen].sits_in_court
        assert all((gain == LOW) == (is_present and source != chosen) for source, gain in voices.items())


def _check_rooms(hearing: Hearing) -> None:
    for person in hearing.participants.values():
        assert (person.stay is not None) == (place_of(person) is P.IN_ROOM)
        assert not (person.stay and person.role is Role.WITNESS)
    if hearing.session not in ROOMS_ALLOWED and not hearing.is_over:
        assert not hearing.open_rooms
    for room in hearing.open_rooms:
        inside = hearing.members(room.id)
        if room.kind is RoomKind.BENCH:
            assert all(member.role in BENCH_GUESTS for member in inside)
        else:
            assert len({side_of(hearing.participants, member.id) for member in inside}) == 1
            assert not any(member.role in BENCH_GUESTS for member in inside)
        expected = {*(m.id for m in inside), *(invitation.participant_id for invitation in room.invitations)}
        screened = [(a, b) for a in expected for b in expected if b in hearing.participants[a].screened_from]
        assert not screened


def _check_links(before: Hearing, after: Hearing) -> None:
    """Whoever went into court, a room, or a call went with everyone they are linked to and who isn't gone."""
    inward = (P.IN_COURT, P.IN_ROOM, P.CALLED)
    for person in after.participants.values():
        was = before.participants[person.id]
        group = [after.participants[m] for m in group_of(after.participants, person.id)]
        if person.stay:
            assert all(
                m.stay and m.stay.room_id == person.stay.room_id for m in group if m.state not in (P.LEFT, P.REMOVED)
            )
        if place_of(person) in inward and place_of(person) is not place_of(was):
            assert all(place_of(m) is place_of(person) for m in group if m.state not in (P.LEFT, P.REMOVED))


def _check_witnesses_learn_nothing(before: Hearing, after: Hearing, stored: object) -> None:
    for person in after.participants.values():
        if _is_witness_outside(person) and _is_witness_outside(before.participants[person.id]):
            event = event_view(before, after, stored, person.id).event  # type: ignore[arg-type]
            assert event is None or getattr(event, "participant_id", None) == person.id
            assert [p.id for p in view(after, person.id).people] == [person.id]


def _days(chance: random.Random) -> Iterator[AnyDay]:
    for _ in range(OPERATIONS // A_DAY):
        yield AnyDay(chance)


def test_ten_thousand_room_operations_break_no_rule() -> None:
    refusals: set[str] = set()
    seen: set[str] = set()
    for day in _days(random.Random(20261124)):
        day.goes_on(A_DAY)
        refusals |= {kind.__name__ for kind in day.refusals}
        seen |= day.seen
    # The walk must have been everywhere, or it proves nothing.
    assert refusals >= {"NotAllowed", "WrongState", "RoomIsLocked", "Screened", "LinkedPersonAway", "CounselMissing"}
    assert seen >= {f"arranged {arrangement}" for arrangement in Arrangement}
    assert seen >= {"consultation of 2", "bench of 2", "somebody is heard in a room", "invitation_ended"}
    assert seen >= {"interpreting_changed", "channel_chosen", "listening_changed", "hearing_resumed"}
