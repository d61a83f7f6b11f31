"""Whatever anyone asks in any order: no illegal move passes, replay agrees, and no view knows too much."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cloudcourt.domain import commands as ask
from cloudcourt.domain.apply import replay
from cloudcourt.domain.errors import CourtError
from cloudcourt.domain.events import StoredEvent
from cloudcourt.domain.fault_statement import unstated_faults
from cloudcourt.domain.floor import GiveFloor, RaiseHand, SetFloorMode, SetMicrophoneLock
from cloudcourt.domain.hearing import (
    PARTICIPANT_MOVES,
    RECORD_MODES,
    SESSION_MOVES,
    Hearing,
    Participant,
    ParticipantState,
    Phase,
    RecordMode,
    SessionState,
)
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.kept_pictures import NotePictures
from cloudcourt.domain.recording import Readiness
from cloudcourt.domain.request import AskCourt, RequestKind
from cloudcourt.domain.roles import Permission, Role, may
from cloudcourt.domain.routing import routing
from cloudcourt.domain.view import event_view, view
from cloudcourt.domain.warning import Warn
from tests.courthouse import CAST, JUDGE, CourtDay

pytestmark = pytest.mark.unit

PEOPLE = st.sampled_from([p.id for p in CAST])
BOOLS = st.booleans()
COUNTDOWNS = st.sampled_from([0, 1_000, 5_000])

ASKED: st.SearchStrategy[ask.Command] = st.one_of(
    st.builds(ask.OpenLobby),
    st.builds(ask.ReportReady, microphone_on=BOOLS, camera_on=BOOLS),
    st.builds(ask.Admit, participant_id=PEOPLE),
    st.builds(ask.ReturnToLobby, participant_id=PEOPLE),
    st.builds(ask.Remove, participant_id=PEOPLE),
    st.builds(ask.OpenHearing, countdown_ms=COUNTDOWNS),
    st.builds(ask.ResumeHearing, countdown_ms=COUNTDOWNS),
    st.builds(ask.CancelCountdown),
    st.builds(ask.CallRecess),
    st.builds(ask.Suspend),
    st.builds(ask.CloseHearing),
    st.builds(ask.Adjourn),
    st.builds(ask.ConvertOffline),
    st.builds(ask.CancelHearing),
    st.builds(ask.SetPhase, phase=st.sampled_from(Phase)),
    st.builds(ask.SetCourtMute, participant_id=PEOPLE, muted=BOOLS),
    st.builds(ask.SetCourtMuteAll, muted=BOOLS),
    st.builds(ask.SetDevices, microphone_on=BOOLS, camera_on=BOOLS),
    st.builds(ask.Leave),
    st.builds(RaiseHand),
    st.builds(SetFloorMode, is_on=BOOLS),
    st.builds(SetMicrophoneLock, is_on=BOOLS),
    st.builds(GiveFloor, participant_id=PEOPLE),
    st.builds(Warn, participant_id=PEOPLE, reason=st.just("打断他人发言")),
    st.builds(AskCourt, request=st.sampled_from(RequestKind)),
    st.builds(ask.OverrideRecorder, reason=st.just("go on")),
    st.builds(ask.StateFault, text=st.just("power cut")),
)
BY_SYSTEM: st.SearchStrategy[Callable[[CourtDay], ask.Command]] = st.one_of(
    PEOPLE.map(lambda who: lambda day: ask.Connected(participant_id=who)),
    PEOPLE.map(lambda who: lambda day: ask.LinkLost(participant_id=who)),
    PEOPLE.map(lambda who: lambda day: ask.GraceElapsed(participant_id=who)),
    st.just(lambda day: ask.JudgeLost()),
    st.just(lambda day: ask.Fault(note="power")),
    st.just(lambda day: ask.RecorderInterrupted(since=day.now - timedelta(seconds=3))),
    st.just(lambda day: ask.RecorderResumed()),
    BOOLS.map(lambda kept: lambda day: NotePictures(are_kept=kept)),
)


class AnyCourtDay(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.day = CourtDay()
        self.before: Hearing | None = None
        self.last: tuple[StoredEvent, ...] = ()

    def act(self, actor: ParticipantId | None, command: ask.Command) -> None:
        self.day.passes(1)
        self.before = self.day.hearing
        try:
            self.last = self.day.asks(actor, command)
        except CourtError as refusal:
            self.last = ()
            assert self.day.hearing is self.before
            assert refusal.sentence("zh-CN")
            assert refusal.sentence("en")

    @rule(actor=PEOPLE, command=ASKED)
    def somebody_asks(self, actor: ParticipantId, command: ask.Command) -> None:
        self.act(actor, command)

    @rule(command=ASKED)
    def the_judge_asks(self, command: ask.Command) -> None:
        self.act(JUDGE, command)

    @rule(make=BY_SYSTEM)
    def the_machinery_asks(self, make: Callable[[CourtDay], ask.Command]) -> None:
        self.act(None, make(self.day))

    @rule(who=PEOPLE)
    def somebody_arrives(self, who: ParticipantId) -> None:
        self.act(None, ask.Connected(participant_id=who))
        self.act(who, ask.ReportReady())

    @rule(ready=BOOLS)
    def the_countdown_ends(self, ready: bool) -> None:
        if self.day.hearing.countdown is None:
            return
        self.day.now = max(self.day.now, self.day.hearing.countdown.ends_at)
        self.day.recorder = Readiness(ready=ready, reason="" if ready else "disk_full")
        self.act(None, ask.CountdownElapsed(ends_at=self.day.hearing.countdown.ends_at))
        self.day.recorder = Readiness(ready=True)

    @invariant()
    def every_move_is_in_the_tables(self) -> None:
        hearing = replay(self.day.log[: len(self.day.log) - len(self.last)])
        for stored in self.last:
            assert hearing is not None
            after = replay([stored], hearing)
            assert after is not None
            if after.session is not hearing.session:
                assert after.session in SESSION_MOVES[hearing.session]
            for person in after.participants.values():
                was = hearing.participants[person.id].state
                assert person.state is was or person.state in PARTICIPANT_MOVES[was]
            hearing = after

    @invariant()
    def the_record_mode_fits_the_session(self) -> None:
        hearing = self.day.hearing
        assert hearing.record_mode in RECORD_MODES[hearing.session]
        if hearing.session is SessionState.IN_SESSION:
            assert hearing.opened_at is not None

    @invariant()
    def replay_gives_the_same_state(self) -> None:
        stored = [StoredEvent.model_validate_json(event.model_dump_json()) for event in self.day.log]
        assert replay(stored) == self.day.hearing
        assert [event.seq for event in stored] == list(range(1, len(stored) + 1))

    @invariant()
    def the_gaps_balance(self) -> None:
        hearing = self.day.hearing
        if hearing.opened_at is None:
            assert hearing.gaps == ()
            return
        at = hearing.opened_at
        for gap in hearing.gaps:
            assert at <= gap.began_at
            at = gap.ended_at or self.day.now
            assert gap.began_at <= at
        still_open = [gap for gap in hearing.gaps if gap.ended_at is None]
        assert len(still_open) <= 1
        if hearing.session in (SessionState.RECESS, SessionState.SUSPENDED):
            assert len(still_open) == 1
        if hearing.is_over:
            assert not still_open
            assert not unstated_faults(hearing)

    @invariant()
    def routing_serves_only_people_in_an_open_court(self) -> None:
        hearing = self.day.hearing
        matrix = routing(hearing)
        for flow in matrix.flows:
            source, listener = hearing.participants[flow.source], hearing.participants[flow.listener]
            assert source.id != listener.id
            assert source.sits_in_court
            assert listener.sits_in_court
            if flow.kind == "audio":
                assert hearing.record_mode is not RecordMode.OFF_RECORD
                assert hearing.session is SessionState.IN_SESSION
                assert source.microphone_on
                assert not source.muted_by_court
                assert may(source.role, Permission.SPEAK)
            else:
                assert hearing.session in (SessionState.COUNTDOWN, SessionState.IN_SESSION)
                assert source.camera_on
        if hearing.record_mode is not RecordMode.ON_RECORD:
            assert not matrix.recorded
        assert {(f.source, f.kind) for f in matrix.flows} >= {
            (t.source, t.kind) for t in matrix.recorded if len(_in_court(hearing)) > 1
        }

    @invariant()
    def a_view_never_holds_what_its_role_may_not_know(self) -> None:
        hearing = self.day.hearing
        for viewer in hearing.participants.values():
            seen = view(hearing, viewer.id)
            assert seen.you.id == viewer.id
            others = {p.id for p in seen.people} - {viewer.id}
            if viewer.state is ParticipantState.REMOVED:
                assert not others
            elif viewer.role not in (Role.JUDGE, Role.BENCH_MEMBER, Role.CLERK):
                assert others <= {p.id for p in _in_court(hearing)}
                assert not seen.gaps
                assert seen.record is None
                if not viewer.sits_in_court:
                    assert not others
            assert set(seen.may) <= {p for p in Permission if may(viewer.role, p)}

    @invariant()
    def an_event_is_shown_only_to_those_who_may_know_the_person(self) -> None:
        before = replay(self.day.log[: len(self.day.log) - len(self.last)])
        for stored in self.last:
            assert before is not None
            after = replay([stored], before)
            assert after is not None
            concerned = getattr(stored.event, "participant_id", None)
            for viewer in after.participants.values():
                shown = event_view(before, after, stored, viewer.id)
                assert shown.seq == stored.seq
                if concerned is None or shown.event is None:
                    continue
                known = {p.id for p in view(after, viewer.id).people} | {p.id for p in view(before, viewer.id).people}
                assert concerned in known
            before = after


def _in_court(hearing: Hearing) -> list[Participant]:
    return [p for p in hearing.participants.values() if p.sits_in_court]


TestAnyCourtDay = AnyCourtDay.TestCase
TestAnyCourtDay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
