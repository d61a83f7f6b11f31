"""The session's rules, told as a court day."""

from datetime import timedelta

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain import errors
from cloudcourt.domain.hearing import (
    PARTICIPANT_MOVES,
    RECORD_MODES,
    SESSION_MOVES,
    GapReason,
    ParticipantState,
    Phase,
    RecordMode,
    SessionState,
)
from cloudcourt.domain.recording import Readiness
from cloudcourt.domain.roles import PERMISSIONS, SEAT_LABELS, SEATING_ORDER, Role
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

S = SessionState


def session_of(day: CourtDay) -> SessionState:
    return day.hearing.session


def test_a_whole_day_from_schedule_to_close() -> None:
    day = CourtDay()
    day.arrives(PLAINTIFF)
    assert session_of(day) is S.SCHEDULED
    day.arrives(JUDGE, CLERK, DEFENDANT)
    assert session_of(day) is S.LOBBY_OPEN
    assert day.hearing.participants[JUDGE].state is ParticipantState.IN_COURT
    assert day.hearing.participants[DEFENDANT].state is ParticipantState.READY_IN_LOBBY
    day.opens()
    assert (day.hearing.session, day.hearing.record_mode) == (S.IN_SESSION, RecordMode.ON_RECORD)
    assert day.hearing.participants[DEFENDANT].state is ParticipantState.IN_COURT
    day.passes(60)
    day.asks(JUDGE, ask.CallRecess(note="午休"))
    assert (day.hearing.session, day.hearing.off_record_reason) == (S.RECESS, GapReason.RECESS)
    day.passes(600)
    day.resumes()
    assert day.hearing.record_mode is RecordMode.ON_RECORD
    day.passes(60)
    day.asks(JUDGE, ask.CloseHearing())
    assert session_of(day) is S.CLOSED
    (gap,) = day.hearing.gaps
    assert gap.reason is GapReason.RECESS
    assert gap.ended_at is not None
    assert gap.ended_at - gap.began_at == timedelta(seconds=605)


def test_only_the_judge_opens_recesses_resumes_and_closes() -> None:
    for actor in (CLERK, PLAINTIFF, DEFENDANT, WITNESS):
        day = CourtDay()
        day.arrives(JUDGE, actor)
        with pytest.raises(errors.NotAllowed):
            day.asks(actor, ask.OpenHearing())
        day.opens()
        for command in (ask.CallRecess(), ask.CloseHearing(), ask.ResumeHearing(), ask.Adjourn()):
            with pytest.raises(errors.NotAllowed):
                day.asks(actor, command)


def test_opening_is_refused_without_a_judge_in_court() -> None:
    day = CourtDay()
    day.arrives(CLERK, PLAINTIFF)
    day.asks(None, ask.Connected(participant_id=JUDGE))
    with pytest.raises(errors.JudgeAbsent):
        day.asks(JUDGE, ask.OpenHearing())


def test_opening_is_refused_with_the_recorders_reason() -> None:
    day = CourtDay()
    day.arrives(JUDGE)
    day.recorder = Readiness(ready=False, reason="disk_full")
    with pytest.raises(errors.RecorderNotReady) as refusal:
        day.asks(JUDGE, ask.OpenHearing())
    assert refusal.value.fields == {"reason": "disk_full"}
    assert "disk_full" in refusal.value.sentence("zh-CN")


def test_a_recorder_that_dies_during_the_countdown_suspends_instead_of_opening() -> None:
    day = CourtDay()
    day.arrives(JUDGE)
    day.asks(JUDGE, ask.OpenHearing(countdown_ms=1_000))
    day.recorder = Readiness(ready=False, reason="not_writable")
    day.zero()
    assert session_of(day) is S.SUSPENDED
    assert day.hearing.opened_at is None
    assert day.hearing.gaps == ()
    day.recorder = Readiness(ready=True)
    day.resumes()
    assert day.hearing.opened_at is not None


def test_a_late_timer_does_not_end_a_newer_countdown() -> None:
    day = CourtDay()
    day.arrives(JUDGE)
    day.asks(JUDGE, ask.OpenHearing(countdown_ms=1_000))
    first = day.hearing.countdown
    assert first is not None
    day.asks(JUDGE, ask.CancelCountdown())
    assert session_of(day) is S.LOBBY_OPEN
    day.passes(0.5)
    day.asks(JUDGE, ask.OpenHearing(countdown_ms=5_000))
    day.passes(0.6)
    with pytest.raises(errors.NoOpenCountdown):
        day.asks(None, ask.CountdownElapsed(ends_at=first.ends_at))
    assert session_of(day) is S.COUNTDOWN


def test_a_witness_waits_outside_until_admitted_and_can_be_sent_out_again() -> None:
    day = in_session()
    assert day.hearing.participants[WITNESS].state is ParticipantState.READY_IN_LOBBY
    with pytest.raises(errors.NotAllowed):
        day.asks(WITNESS, ask.Admit(participant_id=WITNESS))
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    assert day.hearing.participants[WITNESS].state is ParticipantState.IN_COURT
    day.asks(JUDGE, ask.ReturnToLobby(participant_id=WITNESS))
    assert day.hearing.participants[WITNESS].state is ParticipantState.READY_IN_LOBBY


def test_a_lost_person_comes_back_to_the_same_seat_but_not_past_a_dismissal() -> None:
    day = in_session()
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    for person in (DEFENDANT, WITNESS):
        day.asks(None, ask.LinkLost(participant_id=person))
        assert day.hearing.participants[person].state is ParticipantState.RECONNECTING
    day.asks(JUDGE, ask.ReturnToLobby(participant_id=WITNESS))
    day.passes(30)
    for person in (DEFENDANT, WITNESS):
        day.asks(None, ask.GraceElapsed(participant_id=person))
        assert day.hearing.participants[person].state is ParticipantState.DISCONNECTED
        day.asks(None, ask.Connected(participant_id=person))
    assert day.hearing.participants[DEFENDANT].state is ParticipantState.IN_COURT
    assert day.hearing.participants[WITNESS].state is ParticipantState.READY_IN_LOBBY


def test_only_the_court_lifts_its_own_mute() -> None:
    day = in_session()
    day.asks(DEFENDANT, ask.SetDevices(microphone_on=False, camera_on=True))
    day.asks(JUDGE, ask.SetCourtMuteAll(muted=True))
    assert {p.id for p in day.hearing.participants.values() if p.muted_by_court} >= {PLAINTIFF, DEFENDANT}
    assert not day.hearing.participants[CLERK].muted_by_court
    with pytest.raises(errors.MutedByCourt):
        day.asks(DEFENDANT, ask.SetDevices(microphone_on=True, camera_on=True))
    with pytest.raises(errors.NotAllowed):
        day.asks(DEFENDANT, ask.SetCourtMute(participant_id=DEFENDANT, muted=False))
    day.asks(CLERK, ask.SetCourtMute(participant_id=DEFENDANT, muted=False))
    day.asks(DEFENDANT, ask.SetDevices(microphone_on=True, camera_on=True))
    with pytest.raises(errors.NotAllowed):
        day.asks(CLERK, ask.SetCourtMute(participant_id=JUDGE, muted=True))


def test_a_removed_person_can_do_nothing_more() -> None:
    day = in_session()
    day.asks(JUDGE, ask.Remove(participant_id=DEFENDANT, reason="扰乱法庭秩序"))
    with pytest.raises(errors.NotAllowed):
        day.asks(DEFENDANT, ask.SetDevices(microphone_on=True, camera_on=True))
    with pytest.raises(errors.WrongParticipantState):
        day.asks(None, ask.Connected(participant_id=DEFENDANT))
    with pytest.raises(errors.NotAllowed):
        day.asks(CLERK, ask.Remove(participant_id=JUDGE))


def test_losing_the_judge_suspends_with_a_fault_gap_and_only_the_judge_resumes() -> None:
    day = in_session()
    day.asks(None, ask.JudgeLost())
    assert session_of(day) is S.IN_SESSION, "the judge is here: nothing happens"
    day.asks(None, ask.LinkLost(participant_id=JUDGE))
    day.passes(11)
    day.asks(None, ask.JudgeLost())
    assert (day.hearing.session, day.hearing.off_record_reason) == (S.SUSPENDED, GapReason.FAULT)
    day.asks(None, ask.Connected(participant_id=JUDGE))
    day.resumes()
    assert [g.reason for g in day.hearing.gaps] == [GapReason.FAULT]


def test_an_interrupted_recording_is_a_fault_gap_from_the_last_written_moment() -> None:
    day = in_session()
    day.passes(100)
    since = day.now - timedelta(seconds=4)
    day.asks(None, ask.RecorderInterrupted(since=since, note="server restarted"))
    assert day.asks(None, ask.RecorderInterrupted(since=since)) == ()
    day.passes(2)
    day.asks(None, ask.RecorderResumed())
    (gap,) = day.hearing.gaps
    assert (gap.reason, gap.began_at, gap.ended_at) == (GapReason.FAULT, since, day.now)
    assert session_of(day) is S.IN_SESSION


def test_a_hearing_never_declared_open_can_not_be_closed() -> None:
    day = CourtDay()
    day.arrives(JUDGE)
    with pytest.raises(errors.WrongState):
        day.asks(JUDGE, ask.CloseHearing())
    day.asks(CLERK, ask.CancelHearing(note="原告撤诉"))
    assert session_of(day) is S.CANCELLED


def test_phases_may_be_merged_or_gone_back_to_but_only_in_session() -> None:
    day = CourtDay()
    day.arrives(JUDGE)
    with pytest.raises(errors.WrongState):
        day.asks(JUDGE, ask.SetPhase(phase=Phase.DEBATE))
    day = in_session()
    for phase in (Phase.DEBATE, Phase.EVIDENCE, Phase.DEBATE):
        day.asks(CLERK, ask.SetPhase(phase=phase))
        assert day.hearing.phase is phase


def test_clients_can_not_send_system_commands() -> None:
    day = in_session()
    for command in (
        ask.Connected(participant_id=DEFENDANT),
        ask.JudgeLost(),
        ask.Fault(note="x"),
        ask.RecorderResumed(),
        ask.CountdownElapsed(ends_at=day.now),
    ):
        with pytest.raises(errors.NotAllowed):
            day.asks(JUDGE, command)
        with pytest.raises(ValueError, match="does not match any of the expected tags"):
            ask.ASKED_COMMAND.validate_python(command.model_dump())


def test_the_tables_are_complete() -> None:
    assert set(SESSION_MOVES) == set(SessionState)
    assert set(RECORD_MODES) == set(SessionState)
    assert set(PARTICIPANT_MOVES) == set(ParticipantState)
    assert set(PERMISSIONS) == set(SEATING_ORDER) == set(SEAT_LABELS) == set(Role)
