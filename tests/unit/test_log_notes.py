"""Log notes: written by clerk and judge while the record runs, read by bench and clerk, told to nobody else."""

import pytest
from pydantic import ValidationError

from cloudcourt.domain.apply import apply
from cloudcourt.domain.commands import CallRecess, CloseHearing
from cloudcourt.domain.errors import NotAllowed, WrongState
from cloudcourt.domain.evidence import EventEntry, entries_of, entry_line
from cloudcourt.domain.log_note import NOTES_SHOWN, AddNote
from cloudcourt.domain.view import event_view, view
from tests.courthouse import CLERK, DEFENDANT, JUDGE, OBSERVER, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit


def test_clerk_and_judge_note_the_moment_and_see_each_others_notes() -> None:
    day = in_session()
    day.passes(30)
    day.asks(CLERK, AddNote(text="  原告出示借条原件  "))
    day.passes(5)
    day.asks(JUDGE, AddNote(text="核对签名"))
    for reader in (JUDGE, CLERK):
        notes = view(day.hearing, reader).notes
        assert [(note.participant_id, note.text) for note in notes] == [
            (CLERK, "原告出示借条原件"),
            (JUDGE, "核对签名"),
        ]
        assert [note.seq for note in notes] == [stored.seq for stored in day.log[-2:]]
    assert day.hearing.notes[0].at < day.hearing.notes[1].at == day.now


def test_no_party_witness_or_observer_learns_of_one() -> None:
    day = in_session()
    before = day.hearing
    (noted,) = day.asks(CLERK, AddNote(text="被告迟到"))
    for other in (PLAINTIFF, DEFENDANT, WITNESS, OBSERVER):
        assert view(day.hearing, other).notes == ()
        assert event_view(before, day.hearing, noted, other).event is None
        with pytest.raises(NotAllowed):
            day.asks(other, AddNote(text="me too"))
    assert event_view(before, day.hearing, noted, JUDGE).event == noted.event


def test_the_evidence_log_that_is_handed_out_tells_that_there_is_a_note_and_not_its_words() -> None:
    day = in_session()
    before = day.hearing
    (noted,) = day.asks(CLERK, AddNote(text="合议庭意见"))
    (entry,) = entries_of(before, apply(before, noted), noted)
    assert isinstance(entry, EventEntry)
    assert entry.event == {"kind": "note_added", "participant_id": CLERK}
    assert "合议庭" not in entry_line(1, entry).decode()


def test_notes_belong_to_the_time_from_declared_open_to_declared_closed() -> None:
    day = CourtDay()
    day.arrives(JUDGE, CLERK)
    with pytest.raises(WrongState):
        day.asks(CLERK, AddNote(text="too early"))
    day.opens()
    day.asks(JUDGE, CallRecess())
    day.asks(CLERK, AddNote(text="in recess"))
    day.asks(JUDGE, CloseHearing())
    with pytest.raises(WrongState):
        day.asks(CLERK, AddNote(text="too late"))
    assert [note.text for note in day.hearing.notes] == ["in recess"]


def test_a_view_holds_the_newest_notes_only() -> None:
    day = in_session()
    for number in range(NOTES_SHOWN + 5):
        day.asks(CLERK, AddNote(text=str(number)))
    shown = view(day.hearing, CLERK).notes
    assert [note.text for note in shown] == [str(number) for number in range(5, NOTES_SHOWN + 5)]


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_a_note_says_something_and_no_novel(text: str) -> None:
    with pytest.raises(ValidationError):
        AddNote(text=text)
