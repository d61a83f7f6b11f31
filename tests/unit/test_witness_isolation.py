"""A witness outside the courtroom is told nothing of it and sent nothing of it, and the record says so."""

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain import errors
from cloudcourt.domain.evidence import IsolationEntry, entries_of, entry_line
from cloudcourt.domain.hearing import Hearing, ParticipantState, Phase, SessionState
from cloudcourt.domain.isolation import AnswerCall, CallWitness, DismissWitness, StateIsolation
from cloudcourt.domain.log_note import AddNote
from cloudcourt.domain.routing import routing
from cloudcourt.domain.view import View, event_view, view
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

P = ParticipantState


def outside(hearing: Hearing) -> View:
    """What the witness may know, which must be next to nothing."""
    seen = view(hearing, WITNESS)
    assert [person.id for person in seen.people] == [WITNESS]
    assert (seen.phase, seen.notice, seen.countdown, seen.opened_at) == (Phase.ROLL_CALL, "", None, None)
    assert not (seen.notes or seen.gaps or seen.judge_present or seen.gallery.is_on_air or seen.merged_phases)
    assert not any(WITNESS in (flow.source, flow.listener) for flow in routing(hearing).flows)
    return seen


def test_a_whole_trial_passes_without_the_witness_learning_of_it() -> None:
    day = CourtDay()
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT, WITNESS)
    told = []

    def passes(actor: str, command: ask.Command) -> None:
        before = day.hearing
        for stored in day.asks(actor, command):  # type: ignore[arg-type]
            told.append(event_view(before, day.hearing, stored, WITNESS).event)
        assert outside(day.hearing).session is SessionState.LOBBY_OPEN

    passes(JUDGE, ask.OpenHearing(countdown_ms=5_000))
    day.zero()
    for phase in (Phase.RIGHTS_AND_RECUSAL, Phase.CLAIM_AND_DEFENCE, Phase.EVIDENCE):
        passes(JUDGE, ask.SetPhase(phase=phase))
    passes(CLERK, AddNote(text="原告出示借条"))
    passes(JUDGE, ask.SetCourtMute(participant_id=DEFENDANT, muted=True))
    passes(JUDGE, ask.CallRecess(note="核对证据"))
    assert told and not any(told)


def test_called_answered_heard_dismissed() -> None:
    day = in_session()
    for actor in (PLAINTIFF, WITNESS):
        with pytest.raises(errors.NotAllowed):
            day.asks(actor, CallWitness(participant_id=WITNESS))
    with pytest.raises(errors.WrongParticipantState):
        day.asks(WITNESS, AnswerCall())
    day.asks(JUDGE, CallWitness(participant_id=WITNESS))
    assert outside(day.hearing).you.state is P.CALLED
    day.asks(WITNESS, AnswerCall())
    assert view(day.hearing, WITNESS).session is SessionState.IN_SESSION
    assert {flow.source for flow in routing(day.hearing).flows if flow.listener == WITNESS} >= {JUDGE, PLAINTIFF}
    day.asks(JUDGE, DismissWitness(participant_id=WITNESS))
    assert outside(day.hearing).you.state is P.READY_IN_LOBBY


def test_a_called_witness_can_be_brought_in_directly_and_only_witnesses_are_called() -> None:
    day = in_session()
    day.asks(CLERK, CallWitness(participant_id=WITNESS))
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    assert day.hearing.participants[WITNESS].state is P.IN_COURT
    for command in (CallWitness(participant_id=DEFENDANT), DismissWitness(participant_id=DEFENDANT)):
        with pytest.raises(errors.NotAllowed):
            day.asks(JUDGE, command)


def test_a_witness_is_called_by_a_sitting_court_alone_and_waits_outside_at_its_opening() -> None:
    day = CourtDay()
    day.arrives(JUDGE, CLERK, PLAINTIFF, WITNESS)
    with pytest.raises(errors.WrongState):
        day.asks(JUDGE, CallWitness(participant_id=WITNESS))
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    day.opens()
    assert day.hearing.participants[WITNESS].state is P.READY_IN_LOBBY
    outside(day.hearing)


def test_a_lost_witness_who_was_dismissed_comes_back_outside() -> None:
    day = in_session()
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    day.asks(None, ask.LinkLost(participant_id=WITNESS))
    assert not day.hearing.participants[WITNESS].is_isolated
    day.asks(JUDGE, DismissWitness(participant_id=WITNESS))
    outside(day.hearing)
    day.asks(None, ask.Connected(participant_id=WITNESS))
    assert day.hearing.participants[WITNESS].state is P.READY_IN_LOBBY


def test_the_statement_stands_in_the_evidence_log_and_only_the_machinery_makes_it() -> None:
    day = in_session()
    began_at = day.hearing.participants[WITNESS].isolated_since
    assert began_at is not None
    day.passes(60)
    day.asks(CLERK, ask.Admit(participant_id=WITNESS))
    statement = StateIsolation(
        participant_id=WITNESS, began_at=began_at, ended_at=day.now, packets=0, counted_since=began_at
    )
    for actor in (JUDGE, WITNESS):
        with pytest.raises(errors.NotAllowed):
            day.asks(actor, statement)
    before = day.hearing
    (stored,) = day.asks(None, statement)
    assert day.hearing.participants[WITNESS].isolated_since is None
    entry = entries_of(before, day.hearing, stored)[1]
    assert isinstance(entry, IsolationEntry)
    assert (entry.participant, entry.packets, entry.ended_at) == (WITNESS, 0, day.now)
    assert b'"kind":"isolation"' in entry_line(9, entry)
    day.asks(JUDGE, DismissWitness(participant_id=WITNESS))
    assert day.hearing.participants[WITNESS].isolated_since == day.now
