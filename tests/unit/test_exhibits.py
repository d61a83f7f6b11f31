"""Exhibits: numbered, never replaced, given opinions on by the other side, shown by whom the court lets."""

from datetime import timedelta

import pytest

from cloudcourt.domain.commands import CloseHearing
from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.evidence import EventEntry, entries_of
from cloudcourt.domain.exhibit_commands import (
    ExchangeSet,
    ExhibitArrived,
    GiveOpinion,
    LetPresent,
    PlayExhibit,
    PutAway,
    SetExchange,
    ShowExhibit,
)
from cloudcourt.domain.exhibit_errors import ExchangeOver, NoSuchExhibit, OpinionNeedsReason, TooManyExhibits
from cloudcourt.domain.exhibit_view import readable_file
from cloudcourt.domain.exhibits import VERSIONS_LIMIT, ExhibitFile, ExhibitKind
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.isolation import AnswerCall, CallWitness
from cloudcourt.domain.request import AnswerRequest, AskCourt, RequestKind
from cloudcourt.domain.view import event_view, view
from media.record.hearing_facts import hearing_facts
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit


def paper(mark: int = 1, pages: int = 3, kind: ExhibitKind = ExhibitKind.PDF) -> ExhibitFile:
    return ExhibitFile(
        kind=kind, media_type="application/pdf", suffix="pdf", bytes=1000, sha256=f"{mark:064x}", pages=pages
    )


def arrives(
    day: CourtDay, who: ParticipantId, file: ExhibitFile, exhibit: int | None = None, *, is_original: bool = False
) -> None:
    arrived = ExhibitArrived(participant_id=who, title="借条", exhibit=exhibit, is_original=is_original, file=file)
    day.asks(None, arrived)


def court_with_a_paper() -> CourtDay:
    day = in_session()
    arrives(day, PLAINTIFF, paper())
    return day


def opinion(**said: object) -> GiveOpinion:
    return GiveOpinion.model_validate({"exhibit": 1, "authenticity": True, "legality": True, "relevance": True, **said})


def test_versions_are_added_and_never_replaced() -> None:
    day = court_with_a_paper()
    arrives(day, PLAINTIFF, paper(2), exhibit=1)
    arrives(day, PLAINTIFF, paper(2), exhibit=1)  # the same bytes again are no new version
    (exhibit,) = view(day.hearing, DEFENDANT).exhibits.all
    assert [(version.number, version.file.sha256) for version in exhibit.versions] == [
        (1, paper(1).sha256),
        (2, paper(2).sha256),
    ]
    with pytest.raises(NotAllowed):
        arrives(day, DEFENDANT, paper(3), exhibit=1)
    arrives(day, CLERK, paper(4), exhibit=1)
    with pytest.raises(NoSuchExhibit):
        arrives(day, PLAINTIFF, paper(5), exhibit=9)
    with pytest.raises(NotAllowed):
        arrives(day, WITNESS, paper(6))
    with pytest.raises(NotAllowed):  # a client can't say that a file has arrived
        day.asks(PLAINTIFF, ExhibitArrived(participant_id=PLAINTIFF, title="x", file=paper(7)))


def test_when_the_exchange_is_over_parties_read_and_the_court_adds() -> None:
    day = court_with_a_paper()
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, SetExchange(ends_at=None))
    ends_at = day.now + timedelta(minutes=10)
    (said,) = day.asks(CLERK, SetExchange(ends_at=ends_at))
    assert said.event == ExchangeSet(ends_at=ends_at)
    assert day.asks(CLERK, SetExchange(ends_at=ends_at)) == ()
    assert view(day.hearing, DEFENDANT).exhibits.exchange_ends_at == ends_at
    day.passes(599)
    arrives(day, DEFENDANT, paper(2))
    day.passes(1)
    for who, exhibit in ((DEFENDANT, None), (PLAINTIFF, 1)):
        with pytest.raises(ExchangeOver) as refused:
            arrives(day, who, paper(3), exhibit)
        assert refused.value.rule == "OLR 14"
        assert "第14条" in refused.value.sentence("zh-CN")
    assert len(view(day.hearing, PLAINTIFF).exhibits.all) == 2
    day.asks(DEFENDANT, opinion(authenticity=False, reason="签名不符"))
    arrives(day, CLERK, paper(4))
    day.asks(JUDGE, SetExchange(ends_at=None))
    arrives(day, PLAINTIFF, paper(5), 1)


def test_the_original_that_was_demanded_comes_also_after_the_exchange() -> None:
    day = court_with_a_paper()
    day.asks(JUDGE, SetExchange(ends_at=day.now))
    with pytest.raises(ExchangeOver):
        arrives(day, PLAINTIFF, paper(2), 1, is_original=True)
    day.asks(DEFENDANT, opinion(demands_original=True, reason="请出示原件"))
    arrives(day, PLAINTIFF, paper(2), 1, is_original=True)
    assert not view(day.hearing, JUDGE).exhibits.all[0].original_required


def test_what_a_file_is_said_to_be_stands_beside_what_it_is() -> None:
    day = in_session()
    true, altered = paper(1), paper(2)
    for file in (true, altered):
        arrived = ExhibitArrived(participant_id=PLAINTIFF, title="电子合同", stated_sha256=true.sha256, file=file)
        day.asks(None, arrived)
    shown = [exhibit.versions[0] for exhibit in view(day.hearing, JUDGE).exhibits.all]
    assert [(v.stated_sha256, v.file.sha256) for v in shown] == [
        (true.sha256, true.sha256),
        (true.sha256, altered.sha256),
    ]


def test_one_person_hands_in_only_so_many() -> None:
    day = in_session()
    for mark in range(VERSIONS_LIMIT):
        arrives(day, PLAINTIFF, paper(mark))
    with pytest.raises(TooManyExhibits):
        arrives(day, PLAINTIFF, paper(VERSIONS_LIMIT))


def test_an_objection_has_a_reason_and_may_demand_the_original() -> None:
    day = court_with_a_paper()
    with pytest.raises(OpinionNeedsReason):
        day.asks(DEFENDANT, opinion(authenticity=False))
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, opinion())
    with pytest.raises(NotAllowed):
        day.asks(JUDGE, opinion())
    day.passes(60)
    day.asks(DEFENDANT, opinion(authenticity=False, demands_original=True, reason="请出示原件"))
    (exhibit,) = view(day.hearing, JUDGE).exhibits.all
    (said,) = exhibit.opinions
    assert (said.participant_id, said.at, said.authenticity, said.relevance) == (DEFENDANT, day.now, False, True)
    assert exhibit.original_required
    arrives(day, PLAINTIFF, paper(2), exhibit=1)  # another copy
    assert view(day.hearing, JUDGE).exhibits.all[0].original_required
    arrives(day, PLAINTIFF, paper(3, 1, ExhibitKind.IMAGE), exhibit=1, is_original=True)
    assert not view(day.hearing, JUDGE).exhibits.all[0].original_required
    day.asks(DEFENDANT, opinion())
    assert [each.authenticity for each in view(day.hearing, JUDGE).exhibits.all[0].opinions] == [True]


def test_presenting_is_the_courts_or_by_its_leave() -> None:
    day = court_with_a_paper()
    show = ShowExhibit(exhibit=1, version=1)
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, show)
    (asked,) = day.asks(PLAINTIFF, AskCourt(request=RequestKind.PRESENT))
    day.asks(CLERK, AnswerRequest(number=asked.seq, is_granted=True))
    assert view(day.hearing, PLAINTIFF).exhibits.may_present
    day.asks(PLAINTIFF, show)
    assert day.asks(PLAINTIFF, show) == ()
    for page in (4, 99):
        with pytest.raises(NoSuchExhibit):
            day.asks(PLAINTIFF, ShowExhibit(exhibit=1, version=1, page=page))
    day.asks(JUDGE, LetPresent(participant_id=PLAINTIFF, is_allowed=False))
    assert view(day.hearing, DEFENDANT).exhibits.showing is None
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, show)
    with pytest.raises(NotAllowed):
        day.asks(PLAINTIFF, LetPresent(participant_id=PLAINTIFF, is_allowed=True))
    with pytest.raises(NoSuchExhibit):
        day.asks(JUDGE, PlayExhibit(is_playing=True, position_ms=0))


def test_nothing_is_shown_before_the_court_sits_or_from_outside() -> None:
    day = CourtDay()
    day.arrives(JUDGE, PLAINTIFF)
    arrives(day, PLAINTIFF, paper())
    with pytest.raises((WrongState, WrongParticipantState)):
        day.asks(JUDGE, ShowExhibit(exhibit=1, version=1))


def test_a_sound_runs_from_where_it_was_set() -> None:
    day = in_session()
    arrives(day, PLAINTIFF, paper(1, 0, ExhibitKind.AUDIO))
    day.asks(JUDGE, ShowExhibit(exhibit=1, version=1))
    day.passes(3)
    day.asks(JUDGE, PlayExhibit(is_playing=True, position_ms=1500))
    showing = view(day.hearing, DEFENDANT).exhibits.showing
    assert showing is not None
    assert (showing.is_playing, showing.position_ms, showing.moved_at) == (True, 1500, day.now)
    assert hearing_facts(day.hearing).shown == ()  # there is nothing to see of it


def test_a_witness_sees_what_is_shown_while_in_court_and_nothing_else() -> None:
    day = court_with_a_paper()
    arrives(day, PLAINTIFF, paper(2))
    day.asks(JUDGE, ShowExhibit(exhibit=2, version=1))
    outside = day.hearing.participants[WITNESS]
    assert view(day.hearing, WITNESS).exhibits.all == ()
    assert view(day.hearing, WITNESS).exhibits.showing is None
    assert readable_file(day.hearing, outside, paper(2).sha256) is None
    before = day.hearing
    (shown,) = day.asks(JUDGE, ShowExhibit(exhibit=2, version=1, page=2))
    assert event_view(before, day.hearing, shown, WITNESS).event is None
    day.asks(JUDGE, CallWitness(participant_id=WITNESS))
    day.asks(WITNESS, AnswerCall())
    inside = day.hearing.participants[WITNESS]
    assert [exhibit.number for exhibit in view(day.hearing, WITNESS).exhibits.all] == [2]
    assert readable_file(day.hearing, inside, paper(2).sha256) == paper(2)
    assert readable_file(day.hearing, inside, paper(1).sha256) is None
    assert readable_file(day.hearing, day.hearing.participants[DEFENDANT], paper(1).sha256) == paper(1)


def test_pages_before_the_court_are_spans_of_the_film_and_end_with_the_hearing() -> None:
    day = court_with_a_paper()
    day.asks(JUDGE, ShowExhibit(exhibit=1, version=1))
    began_at = day.now
    day.passes(10)
    day.asks(JUDGE, ShowExhibit(exhibit=1, version=1, page=2))
    turned_at = day.now
    day.passes(5)
    day.asks(JUDGE, PutAway())
    put_away_at = day.now
    assert day.asks(JUDGE, PutAway()) == ()
    first, second = hearing_facts(day.hearing).shown
    assert (first.began_at, first.ended_at, first.title) == (began_at, turned_at, "证据1 借条 第1页")
    assert (second.began_at, second.ended_at) == (turned_at, put_away_at)
    assert second.image == f"exhibits/{paper().sha256}-0002.jpg"
    day.asks(JUDGE, ShowExhibit(exhibit=1, version=1))
    day.passes(5)
    day.asks(JUDGE, CloseHearing())
    assert day.hearing.exhibits.showing is None
    assert hearing_facts(day.hearing).shown[-1].ended_at == day.now
    with pytest.raises(WrongState):
        arrives(day, PLAINTIFF, paper(9))


def test_the_evidence_log_binds_the_file_by_its_hash() -> None:
    day = court_with_a_paper()
    entry = entries_of(None, day.hearing, day.log[-1])[0]
    assert isinstance(entry, EventEntry)
    assert entry.event["file"]["sha256"] == paper().sha256
