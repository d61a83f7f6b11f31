"""Weather by role: who is told what of the media, and that nobody outside the courtroom is told anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.court.weather import FRESH_FOR_S, LatestNews, weather_for
from cloudcourt.domain import commands as ask
from cloudcourt.domain.hearing import ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import LinkWeather, MediaWeather, PausedPicture
from cloudcourt.domain.recording import DiskSpace, DiskState
from cloudcourt.domain.roles import Permission, may
from tests.courthouse import CAST, CLERK, DEFENDANT, JUDGE, OBSERVER, PLAINTIFF, WITNESS, CourtDay, in_session

pytestmark = pytest.mark.unit

PEOPLE = [person.id for person in CAST]
somebody = st.sampled_from([*PEOPLE, ParticipantId("p_stranger")])
links = st.builds(
    LinkWeather, participant_id=somebody, connected=st.booleans(), rtt_ms=st.none() | st.integers(0, 5_000)
)
pauses = st.builds(
    PausedPicture, viewer=somebody, source=somebody, reason=st.sampled_from(["weak_link", "source_stalled"])
)
weathers = st.builds(
    MediaWeather,
    speaker=st.none() | somebody,
    people=st.lists(links, max_size=8).map(tuple),
    paused=st.lists(pauses, max_size=8).map(tuple),
)


def link(person: ParticipantId) -> LinkWeather:
    return LinkWeather(participant_id=person, connected=True, transport="udp", rtt_ms=40)


@st.composite
def days(draw: st.DrawFn) -> CourtDay:
    """A court in which some have come in, some wait, some lost their link, and some were sent out."""
    day = in_session()
    if draw(st.booleans()):
        day.asks(JUDGE, ask.Admit(participant_id=WITNESS))
    for person in draw(st.lists(st.sampled_from([PLAINTIFF, DEFENDANT, CLERK]), unique=True)):
        day.asks(None, ask.LinkLost(participant_id=person))
    if draw(st.booleans()):
        day.asks(JUDGE, ask.ReturnToLobby(participant_id=PLAINTIFF))
    return day


@given(day=days(), weather=weathers)
def test_only_people_in_court_are_told_and_only_of_people_in_court(day: CourtDay, weather: MediaWeather) -> None:
    sitting = {p.id for p in day.hearing.seating if p.sits_in_court}
    for person in day.hearing.seating:
        told = weather_for(day.hearing, person.id, weather)
        if person.id not in sitting:
            assert told is None
            continue
        assert told is not None
        outsiders = {"p_stranger", *PEOPLE} - sitting
        assert not [name for name in outsiders if json.dumps(name) in json.dumps(told)]


@given(day=days(), weather=weathers)
def test_everyone_is_told_of_their_own_link_and_pictures_only(day: CourtDay, weather: MediaWeather) -> None:
    for person in day.hearing.seating:
        told = weather_for(day.hearing, person.id, weather)
        if told is None:
            continue
        own = told["link"]
        assert own is None or (isinstance(own, dict) and own["participant_id"] == person.id)
        pauses = told["paused"]
        assert isinstance(pauses, list)
        mine = [(p.source, p.reason) for p in weather.paused if p.viewer == person.id]
        assert {(p["participant_id"], p["reason"]) for p in pauses} <= set(mine)
        assert ("links" in told) == may(person.role, Permission.MUTE_OTHERS)


def test_a_waiting_person_gets_none_and_the_court_gets_all() -> None:
    day = in_session()
    weather = MediaWeather(
        speaker=DEFENDANT,
        people=(link(JUDGE), link(PLAINTIFF), link(WITNESS)),
        paused=(PausedPicture(viewer=PLAINTIFF, source=DEFENDANT, reason="weak_link"),),
    )
    assert weather_for(day.hearing, WITNESS, weather) is None
    assert weather_for(day.hearing, OBSERVER, weather) is None
    party = weather_for(day.hearing, PLAINTIFF, weather)
    assert party is not None
    assert party["speaker"] == DEFENDANT
    assert party["paused"] == [{"participant_id": DEFENDANT, "reason": "weak_link"}]
    assert "links" not in party
    for lead in (JUDGE, CLERK):
        told = weather_for(day.hearing, lead, weather)
        assert told is not None and isinstance(told["links"], list)
        connected = {link["participant_id"]: link["connected"] for link in told["links"]}
        assert connected == {JUDGE: True, CLERK: False, PLAINTIFF: True, DEFENDANT: False}
        assert told["paused"] == []


def test_a_person_whose_media_never_came_back_is_shown_as_unconnected() -> None:
    day = in_session()
    day.asks(None, ask.LinkLost(participant_id=DEFENDANT))
    assert day.hearing.participants[DEFENDANT].state is ParticipantState.RECONNECTING
    told = weather_for(day.hearing, JUDGE, MediaWeather(people=(link(JUDGE),)))
    assert told is not None and isinstance(told["links"], list)
    assert {"connected": False} in [
        {"connected": entry["connected"]} for entry in told["links"] if entry["participant_id"] == DEFENDANT
    ]


def test_without_news_nothing_is_claimed() -> None:
    told = weather_for(in_session().hearing, JUDGE, None)
    of_order: dict[str, object] = {"links": [], "disk": None, "written": None, "speech": None}
    assert told == {"speaker": None, "paused": [], "link": None, **of_order}


def test_judge_and_clerk_are_told_how_much_room_the_record_has() -> None:
    disk = DiskSpace(free_bytes=5, state=DiskState.CRITICAL)
    day = in_session()
    for lead in (JUDGE, CLERK):
        told = weather_for(day.hearing, lead, None, disk)
        assert told is not None and told["disk"] == {"free_bytes": 5, "state": "critical"}
    told = weather_for(day.hearing, PLAINTIFF, None, disk)
    assert told is not None and "disk" not in told


def test_old_news_is_no_news() -> None:
    weather = MediaWeather(speaker=JUDGE)
    news = LatestNews(weather, heard_at=100.0)
    assert news.at(100.0 + FRESH_FOR_S - 0.1) is weather
    assert news.at(100.0 + FRESH_FOR_S) is None
    assert LatestNews().at(0.0) is None
