"""What samples of a connection say: a table of cases, and who may see it."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from cloudcourt.court.bench import Bench
from cloudcourt.court.connectivity import EVERY_S, Connectivity
from cloudcourt.domain.connectivity import Diagnosis, Incident, PageCondition, Sample, classify, leaving
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import LinkWeather, MediaWeather
from cloudcourt.store.condition_log import FolderConditionLog
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF, in_session

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WHO = ParticipantId("p_driver")
GOOD: dict[str, Any] = {"is_linked": True, "microphone": "live", "path": "udp", "rtt_ms": 60}
WEAK: dict[str, Any] = {**GOOD, "loss_percent": 14.0}
HIDDEN: dict[str, Any] = {**GOOD, "hidden": True}


def gone(ended: str) -> dict[str, Any]:
    return {"is_linked": False, "ended": ended}


def story(*moments: dict[str, Any], apart_s: float = 5) -> list[Sample]:
    """Samples of one person, some seconds apart; each keeps what it doesn't say."""
    return [
        Sample(at=NOON + timedelta(seconds=apart_s * number), participant_id=WHO, **moment)
        for number, moment in enumerate(moments)
    ]


def test_how_somebody_left_is_told_with_the_figures_of_just_before() -> None:
    told = leaving(story(GOOD, {**HIDDEN, "loss_percent": 2.4}, gone("closed")))
    assert told is not None
    assert (told.how, told.confidence, told.at) == ("closed_page", "likely", NOON + timedelta(seconds=10))
    assert (told.was_hidden, told.rtt_ms, told.loss_percent) == (True, 60, 2)
    assert leaving(story(GOOD)) is None
    assert leaving([]) is None
    lost = leaving(story(WEAK, gone("silent")))
    assert lost is not None
    assert (lost.how, lost.loss_percent) == ("lost_network", 14)


@pytest.mark.parametrize(
    ("moments", "kind", "confidence"),
    [
        ([GOOD, {**GOOD, "moving": True}], "on_the_move", "possible"),
        ([GOOD, {**GOOD, "moving": True}, GOOD], "fine", "clear"),
        ([{**GOOD, "moving": True}, gone("silent")], "lost_network", "likely"),
        ([GOOD], "fine", "clear"),
        ([GOOD, WEAK], "weak_network", "clear"),
        ([GOOD, {**GOOD, "rtt_ms": 900}], "weak_network", "clear"),
        ([GOOD, HIDDEN], "tab_hidden", "clear"),
        ([GOOD, {**GOOD, "microphone": "taken"}], "device_taken", "clear"),
        ([GOOD, {**HIDDEN, "microphone": "taken"}], "device_taken", "clear"),
        ([GOOD, {**GOOD, "microphone": "off"}], "fine", "clear"),
        ([GOOD, gone("closed")], "closed_page", "likely"),
        ([HIDDEN, gone("closed")], "closed_page", "likely"),
        ([GOOD, gone("silent")], "lost_network", "likely"),
        ([WEAK, gone("silent")], "lost_network", "clear"),
        ([HIDDEN, gone("silent")], "tab_hidden", "possible"),
        ([{**HIDDEN, "loss_percent": 20.0}, gone("silent")], "lost_network", "clear"),
        ([GOOD, gone("broken")], "closed_page", "possible"),
        ([WEAK, gone("broken")], "lost_network", "likely"),
        ([HIDDEN, gone("broken")], "tab_hidden", "possible"),
        ([GOOD, gone("cut")], "ended_by_court", "clear"),
        ([GOOD, gone("silent"), GOOD], "fine", "clear"),
    ],
)
def test_what_the_last_moments_say(moments: Sequence[dict[str, Any]], kind: str, confidence: str) -> None:
    finding = classify(story(*moments))
    assert finding is not None
    assert (finding.kind, finding.confidence) == (kind, confidence)


def test_nothing_is_said_of_nobody_and_old_weakness_does_not_count() -> None:
    assert classify([]) is None
    finding = classify(story(WEAK, gone("silent"), apart_s=60))
    assert finding is not None and finding.confidence == "likely"


def test_a_finding_lasts_since_the_first_sample_that_says_the_same() -> None:
    finding = classify(story(GOOD, HIDDEN, HIDDEN, HIDDEN))
    assert finding is not None and finding.since == NOON + timedelta(seconds=5)
    finding = classify(story(GOOD, gone("silent"), gone("silent")))
    assert finding is not None and finding.since == NOON + timedelta(seconds=5)


def test_a_diagnosis_takes_codes_and_figures_only() -> None:
    good: dict[str, Any] = {
        "link": "live", "media": "lost", "path": "udp", "rtt_ms": 40, "loss_percent": 1.5, "microphone": "works",
        "camera": "denied", "browser": "Chrome 141 Android", "screen": "360x640", "errors": ("offline",),
    }  # fmt: skip
    assert Diagnosis(**good).errors == ("offline",)
    for wrong in ({"browser": "王建国"}, {"errors": ("x",) * 11}, {"rtt_ms": -1}, {"name": "x"}, {"camera": "x" * 41}):
        with pytest.raises(ValidationError):
            Diagnosis(**{**good, **wrong})


class Calendar:
    """A clock that is set."""

    def __init__(self) -> None:
        self.today = datetime.now(UTC)

    def now(self) -> datetime:
        return self.today


async def test_samples_are_lines_in_a_private_file_and_are_destroyed_in_time(tmp_path: Path) -> None:
    log = FolderConditionLog(tmp_path)
    diagnosis = Diagnosis(
        link="live", media="connected", path="udp", rtt_ms=1, loss_percent=0, microphone="works", camera="works",
        browser="Firefox 140", screen="1440x900", errors=(),
    )  # fmt: skip
    incident = Incident(number="K7M4QX", at=NOON, participant_id=WHO, diagnosis=diagnosis)
    await log.keep(HearingId("h_old"), [*story(GOOD, gone("silent")), incident])
    old = tmp_path / "conditions" / "h_old.jsonl"
    lines = old.read_text().splitlines()
    assert Sample.model_validate_json(lines[1]).ended == "silent"
    assert Incident.model_validate_json(lines[2]) == incident
    assert old.stat().st_mode & 0o077 == 0

    await log.keep(HearingId("h_new"), story(GOOD))
    aged = datetime.now(UTC) - timedelta(days=31)
    await asyncio.to_thread(os.utime, old, (aged.timestamp(), aged.timestamp()))
    oldest, nobody = datetime.now(UTC) - timedelta(days=30), frozenset[HearingId]()
    assert await log.destroy_older_than(oldest, frozenset({HearingId("h_old")}), dry_run=False) == {}, "it is held"
    assert await log.destroy_older_than(oldest, nobody, dry_run=True) == {"h_old": 3}
    assert old.exists()
    assert await log.destroy_older_than(oldest, nobody, dry_run=False) == {"h_old": 3}
    assert not old.exists()
    assert (tmp_path / "conditions" / "h_new.jsonl").exists()


class Shelf:
    """A `ConditionLog` that a test can look into, and whose disk can be full."""

    def __init__(self) -> None:
        self.kept: list[Sample | Incident] = []
        self.is_full = False

    async def keep(self, hearing_id: HearingId, entries: Sequence[Sample | Incident]) -> None:
        if self.is_full:
            raise OSError("no space left")
        self.kept += entries


def in_court() -> tuple[Connectivity, Calendar, Shelf]:
    """The connections of a court in session, with a clock that is set and a shelf."""
    day, calendar, shelf = in_session(), Calendar(), Shelf()
    bench = cast(Bench, SimpleNamespace(clock=calendar, conditions=shelf))
    return Connectivity(bench, lambda: day.hearing), calendar, shelf


def weather(**link: Any) -> MediaWeather:
    return MediaWeather(people=(LinkWeather(participant_id=DEFENDANT, connected=True, transport="udp", **link),))


async def test_changes_are_kept_at_once_and_sameness_now_and_then() -> None:
    connections, calendar, shelf = in_court()
    connections.linked(DEFENDANT)
    connections.page_says(DEFENDANT, PageCondition(hidden=False, microphone="live"))
    for _ in range(20):
        calendar.today += timedelta(seconds=1)
        connections.hears(weather(rtt_ms=50))
    connections.hears(weather(rtt_ms=50, loss_up_percent=15.0))
    connections.unlinked(DEFENDANT, "silent")
    await connections.keep()
    samples = [entry for entry in shelf.kept if isinstance(entry, Sample)]
    assert [sample.is_weak for sample in samples].count(True) == 2
    assert len(samples) == 5 + 20 // int(EVERY_S) - 1
    finding = connections.told(JUDGE)["findings"]
    assert isinstance(finding, list) and [(each["kind"], each["confidence"]) for each in finding] == [
        ("lost_network", "clear")
    ]


async def test_only_who_keeps_order_is_told_and_a_full_disk_stops_nothing() -> None:
    connections, _, shelf = in_court()
    connections.linked(DEFENDANT)
    connections.page_says(DEFENDANT, PageCondition(hidden=True, microphone="live"))
    number = connections.diagnosed(
        DEFENDANT,
        Diagnosis(
            link="live", media="connected", path="udp", rtt_ms=1, loss_percent=0, microphone="works", camera="works",
            browser="Firefox 140", screen="1440x900", errors=(),
        ),
    )  # fmt: skip
    told = cast(dict[str, Any], connections.of(JUDGE, DEFENDANT))
    assert told["finding"]["kind"] == "tab_hidden"
    assert [each["number"] for each in told["incidents"]] == [number]
    assert connections.told(PLAINTIFF) == {}
    with pytest.raises(NotAllowed):
        connections.of(PLAINTIFF, DEFENDANT)
    shelf.is_full = True
    await connections.keep()
    assert shelf.kept == []
