"""Alarms about what was written: when they begin, what keeps them, and whom they leave alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from cloudcourt.court.sound_desk import SoundDesk
from cloudcourt.court.weather import weather_for
from cloudcourt.domain import commands as ask
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import LinkWeather, MediaWeather
from cloudcourt.domain.sound_watch import NOBODY_WATCHED, AlarmKind, SoundWatch, looked
from cloudcourt.domain.written import SILENCE_DBFS, Heard, WrittenSecond
from tests.courthouse import CLERK, DEFENDANT, JUDGE, MORNING, PLAINTIFF, CourtDay, in_session

pytestmark = pytest.mark.unit

HEARD = -30.0
SILENT = -95.0


class Record:
    """What was written so far, and the looks that were taken at it."""

    def __init__(self, day: CourtDay) -> None:
        self.day = day
        self.watch: SoundWatch = NOBODY_WATCHED
        self.seconds: list[WrittenSecond] = []
        self.until = MORNING
        self.spoke: dict[ParticipantId, list[datetime]] = {}

    def goes_on(self, seconds: int, **levels: float | None) -> set[tuple[ParticipantId, AlarmKind]]:
        """Everyone is heard but who is named; None: nothing is written of them."""
        for _ in range(seconds):
            for person in (JUDGE, CLERK, PLAINTIFF, DEFENDANT):
                level = levels.get(person.removeprefix("p_"), HEARD)
                if level is not None:
                    self.add(person, level)
            self.look()
        return self.alarms

    def add(self, person: ParticipantId, level: float, *, clipped: int = 0, lost: int = 0) -> None:
        self.seconds.append(
            WrittenSecond(
                participant_id=person,
                at=self.until,
                rms_dbfs=level,
                peak_dbfs=level,
                clipped=clipped,
                packets=50 - lost,
                lost=lost,
            )
        )

    def look(self) -> None:
        self.until += timedelta(seconds=1)
        kept = tuple(s for s in self.seconds if s.at >= self.until - timedelta(seconds=60))
        self.watch = looked(self.watch, self.day.hearing, Heard(until=self.until, seconds=kept), self.spoke)

    @property
    def alarms(self) -> set[tuple[ParticipantId, AlarmKind]]:
        return {(alarm.participant_id, alarm.kind) for alarm in self.watch.alarms}


@pytest.fixture
def record() -> Record:
    return Record(in_session())


def test_who_was_heard_may_listen_in_silence(record: Record) -> None:
    assert record.goes_on(5) == set()
    assert record.goes_on(120, defendant=SILENT) == set()
    assert record.watch.heard_at[DEFENDANT] == MORNING + timedelta(seconds=4)


def test_who_was_never_heard_is_named_until_they_are(record: Record) -> None:
    assert record.goes_on(29, defendant=SILENT) == set()
    assert record.goes_on(5, defendant=SILENT) == {(DEFENDANT, AlarmKind.SILENT)}
    assert record.goes_on(1) == set()
    assert record.goes_on(120, defendant=SILENT) == set()


def test_live_speech_that_is_silent_in_the_file_is_named(record: Record) -> None:
    record.goes_on(5)
    spoken = [record.until + timedelta(seconds=n, milliseconds=400) for n in range(40)]
    record.spoke[DEFENDANT] = spoken
    assert record.goes_on(4, defendant=SILENT) == set()
    assert record.goes_on(4, defendant=SILENT) == {(DEFENDANT, AlarmKind.SILENT)}
    assert record.goes_on(2) == set()


def test_a_voice_at_full_scale_is_overdriven_and_a_cough_is_not(record: Record) -> None:
    record.add(PLAINTIFF, HEARD, clipped=4000)
    record.look()
    assert record.goes_on(20) == set()
    for _ in range(3):
        record.add(PLAINTIFF, HEARD, clipped=500)
        record.look()
    assert record.alarms == {(PLAINTIFF, AlarmKind.OVERDRIVEN)}
    assert record.goes_on(8, plaintiff=HEARD) == {(PLAINTIFF, AlarmKind.OVERDRIVEN)}, "it does not flicker"
    assert record.goes_on(4) == set()


def test_missing_packets_are_told_as_a_share_of_the_minute(record: Record) -> None:
    record.goes_on(30)
    for _ in range(30):
        record.add(DEFENDANT, HEARD, lost=15)
        record.look()
    (alarm,) = [alarm for alarm in record.watch.alarms if alarm.kind is AlarmKind.MISSING]
    assert (alarm.participant_id, alarm.percent) == (DEFENDANT, 15)
    assert record.goes_on(20, judge=HEARD) == {(DEFENDANT, AlarmKind.MISSING)}
    assert record.goes_on(41) == set()


def test_nothing_written_at_all_is_named_but_not_of_a_microphone_that_is_off(record: Record) -> None:
    record.goes_on(5)
    assert record.goes_on(20, plaintiff=None) == {(PLAINTIFF, AlarmKind.UNWRITTEN)}
    assert record.goes_on(1) == set()
    record.day.asks(PLAINTIFF, ask.SetDevices(microphone_on=False, camera_on=True))
    assert record.goes_on(60, plaintiff=None) == set()
    record.day.asks(PLAINTIFF, ask.SetDevices(microphone_on=True, camera_on=True))
    assert record.goes_on(8, plaintiff=None) == set(), "they have some seconds to begin"
    record.day.asks(JUDGE, ask.SetCourtMute(participant_id=PLAINTIFF, muted=True))
    assert record.goes_on(60, plaintiff=None) == set()


def test_a_recess_ends_every_alarm(record: Record) -> None:
    record.goes_on(40, defendant=SILENT)
    assert record.alarms
    record.day.asks(JUDGE, ask.CallRecess())
    assert record.goes_on(1, defendant=SILENT) == set()


class Ears:
    """A WrittenSound of one person who is too loud."""

    def __init__(self) -> None:
        self.followed: set[HearingId] = set()
        self.until = MORNING

    def now(self) -> datetime:
        return self.until

    def follow(self, hearing_id: HearingId) -> None:
        self.followed.add(hearing_id)

    def leave(self, hearing_id: HearingId) -> None:
        self.followed.discard(hearing_id)

    def heard(self, hearing_id: HearingId) -> Heard | None:
        self.until += timedelta(seconds=1)
        return Heard(until=self.until, seconds=tuple(self._seconds()))

    def _seconds(self) -> Iterable[WrittenSecond]:
        for back in range(20, 0, -1):
            at = self.until - timedelta(seconds=back)
            yield WrittenSecond(participant_id=JUDGE, at=at, rms_dbfs=-3, peak_dbfs=0, clipped=900, packets=50, lost=0)


def test_judge_and_clerk_are_told_and_nobody_else() -> None:
    day, ears = in_session(), Ears()
    desk = SoundDesk(ears, ears, lambda: day.hearing)
    desk.hears(MediaWeather(people=(LinkWeather(participant_id=JUDGE, connected=True, level_dbov=-20),)))
    told: Any = [desk.news() for _ in range(12)][-1]
    assert ears.followed == {day.hearing.id}
    assert [alarm["kind"] for alarm in told["alarms"] if alarm["participant_id"] == JUDGE] == ["overdriven"]
    levels = {person["participant_id"]: person["rms_dbfs"] for person in told["people"]}
    assert levels[JUDGE] == -3 and levels[PLAINTIFF] is None
    for person in (JUDGE, CLERK, PLAINTIFF, DEFENDANT):
        shown = weather_for(day.hearing, person, None, None, told)
        assert shown is not None and ("written" in shown) == (person in (JUDGE, CLERK))
    day.asks(JUDGE, ask.CallRecess())
    assert desk.news() is None
    desk.leave()
    assert not ears.followed
    assert SILENCE_DBFS < SILENT
