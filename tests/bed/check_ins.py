"""Hearings with a full check-in: founding one in memory, and the steps a person goes through."""

from cloudcourt.domain.apply import apply
from cloudcourt.domain.check_in import CheckInKind, DeviceState, Path
from cloudcourt.domain.check_in_commands import (
    AnswerPlace,
    ChooseLanguage,
    ConfirmSelf,
    DecideIdentity,
    ReportConnection,
    ReportDevices,
    SignRules,
    SnapshotKept,
)
from cloudcourt.domain.commands import AskedCommand, Connected, ReportReady
from cloudcourt.domain.court_rules import COURT_RULES
from cloudcourt.domain.events import HearingScheduled
from cloudcourt.domain.ids import ParticipantId
from tests.courthouse import CLERK, CourtDay

SNAPSHOT = "ab" * 32


def full_day() -> CourtDay:
    """A scheduled hearing at whose door everything is asked."""
    day = CourtDay()
    founding = day.log[0]
    assert isinstance(founding.event, HearingScheduled)
    full = founding.event.model_copy(update={"check_in": CheckInKind.FULL})
    day.log[0] = founding.model_copy(update={"event": full})
    day.hearing = apply(None, day.log[0])
    return day


def signing() -> SignRules:
    text = COURT_RULES["zh-CN"]
    return SignRules(version=text.version, language=text.language, sha256=text.sha256)


def parked(driving: bool = False) -> AnswerPlace:
    return AnswerPlace(driving=driving, quiet=True, alone=True)


def link_report(**figures: int) -> ReportConnection:
    return ReportConnection(udp=Path.WORKS, tcp=Path.WORKS, relay=Path.UNTRIED, **figures)


STEPS: tuple[AskedCommand, ...] = (
    ChooseLanguage(language="zh-CN"),
    ConfirmSelf(is_me=True),
    signing(),
    parked(),
    ReportDevices(microphone=DeviceState.WORKS, camera=DeviceState.WORKS, speaker_heard=True, confirmed=True),
    link_report(rtt_ms=40, loss_percent=0),
)
"""All but the snapshot, which comes in by another door."""


def checks_in(day: CourtDay, *people: ParticipantId) -> None:
    """Each connects and goes through every step into the waiting room; the clerk has not decided yet."""
    for person in people:
        day.asks(None, Connected(participant_id=person))
        day.asks(None, SnapshotKept(participant_id=person, sha256=SNAPSHOT, bytes=90_000))
        for step in STEPS:
            day.asks(person, step)
        day.asks(person, ReportReady())


def accepts(day: CourtDay, *people: ParticipantId) -> None:
    for person in people:
        day.asks(CLERK, DecideIdentity(participant_id=person, accepted=True))
