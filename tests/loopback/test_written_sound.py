"""What was written is listened to: levels and alarms come from the journal's own bytes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.sound_watch import NOBODY_WATCHED, AlarmKind, SoundWatch, looked
from cloudcourt.domain.written import Heard, WrittenSecond
from media.confidence.written_sound import ListeningProcess
from tests.bed.recordings import WallClock, record
from tests.bed.rtp_source import Arrival, RtpSource
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, in_session

pytestmark = pytest.mark.loopback

HEARING_ID = HearingId("hearing-1")
SECONDS = 40
LOSES_EVERY = 7
WITHIN_S = 60


@dataclass
class Voice(RtpSource):
    """A microphone alone; with `loses`, every seventh packet never arrives."""

    loses: bool = False

    def arrivals(self, seconds: float, **_: object) -> list[Arrival]:
        found = super().arrivals(seconds, kinds=("audio",))
        return [a for number, a in enumerate(found) if not self.loses or a.report or number % LOSES_EVERY]


def seconds_of(heard: Heard, person: ParticipantId) -> list[WrittenSecond]:
    return [second for second in heard.seconds if second.participant_id == person]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """The judge speaks well, the clerk too loud, nothing of the plaintiff is heard, and parts of the defendant lack."""
    data_dir = tmp_path_factory.mktemp("court")
    voices = [
        Voice(JUDGE),
        Voice(CLERK, loudness=3.0),
        Voice(PLAINTIFF, loudness=0.0),
        Voice(DEFENDANT, loses=True),
    ]

    async def all_of_it() -> Heard:
        await record(data_dir / "hearings" / HEARING_ID, voices, SECONDS)
        process = ListeningProcess(data_dir, WallClock())
        try:
            process.follow(HEARING_ID)
            async with asyncio.timeout(WITHIN_S):
                while (found := process.heard(HEARING_ID)) is None or len(found.seconds) < len(voices) * SECONDS:
                    await asyncio.sleep(0.1)
            return found
        finally:
            await process.close()

    return asyncio.run(all_of_it())


def test_levels_are_those_of_the_file(heard: Heard) -> None:
    judge, clerk, plaintiff, defendant = (seconds_of(heard, p) for p in (JUDGE, CLERK, PLAINTIFF, DEFENDANT))
    for second in judge[1:-2]:
        assert second.rms_dbfs == pytest.approx(-13.5, abs=0.5), "a tone of amplitude 0.3"
        assert second.peak_dbfs == pytest.approx(-10.5, abs=0.7)
        assert (second.clipped, second.lost) == (0, 0)
        assert 45 <= second.packets <= 55
    assert all(second.clipped > 1000 for second in clerk[1:-2])
    assert all(second.rms_dbfs < -90 for second in plaintiff)
    sent = sum(second.packets + second.lost for second in defendant)
    assert sum(second.lost for second in defendant) / sent == pytest.approx(1 / LOSES_EVERY, abs=0.02)
    assert [second.at for second in judge] == [judge[0].at + timedelta(seconds=n) for n in range(len(judge))]


def watched(heard: Heard, hearing: Hearing, spoke: dict[ParticipantId, list[datetime]] | None = None) -> SoundWatch:
    """A look a second, as the court takes them, from the record's first second to its last."""
    watch, first = NOBODY_WATCHED, heard.seconds[0].at
    for past in range(1, SECONDS + 1):
        until = first + timedelta(seconds=past)
        so_far = Heard(until=until, seconds=tuple(s for s in heard.seconds if s.at < until))
        watch = looked(watch, hearing, so_far, spoke or {})
    return watch


def test_exactly_the_right_alarms_come_from_the_file(heard: Heard) -> None:
    watch = watched(heard, in_session().hearing)
    assert {(alarm.participant_id, alarm.kind) for alarm in watch.alarms} == {
        (CLERK, AlarmKind.OVERDRIVEN),
        (PLAINTIFF, AlarmKind.SILENT),
        (DEFENDANT, AlarmKind.MISSING),
    }
    percent = {alarm.kind: alarm.percent for alarm in watch.alarms}
    assert percent[AlarmKind.MISSING] == pytest.approx(100 / LOSES_EVERY, abs=2)
    assert percent[AlarmKind.OVERDRIVEN] is percent[AlarmKind.SILENT] is None


@pytest.fixture
async def growing(tmp_path: Path) -> AsyncIterator[tuple[Path, ListeningProcess]]:
    process = ListeningProcess(tmp_path, WallClock())
    yield tmp_path, process
    await process.close()


async def test_it_follows_a_growing_record_over_the_death_of_its_process(
    growing: tuple[Path, ListeningProcess],
) -> None:
    data_dir, process = growing
    assert process.heard(HEARING_ID) is None
    process.follow(HEARING_ID)
    await record(data_dir / "hearings" / HEARING_ID, [Voice(JUDGE)], 3)
    await says(process, JUDGE)
    child = next(iter(running_children(data_dir)))
    child_ended = asyncio.create_subprocess_exec("kill", "-9", str(child))
    await (await child_ended).wait()
    await record(data_dir / "hearings" / HEARING_ID, [Voice(CLERK)], 3)
    await says(process, CLERK)
    process.leave(HEARING_ID)
    async with asyncio.timeout(WITHIN_S):
        while running_children(data_dir):
            await asyncio.sleep(0.1)
    assert process.heard(HEARING_ID) is None


async def says(process: ListeningProcess, person: ParticipantId) -> None:
    async with asyncio.timeout(WITHIN_S):
        while (heard := process.heard(HEARING_ID)) is None or not seconds_of(heard, person):
            await asyncio.sleep(0.1)


def running_children(data_dir: Path) -> set[int]:
    """Processes that listen to this folder."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:  # it ended meanwhile
            continue
        if b"media.confidence" in command and str(data_dir).encode() in command:
            found.add(int(entry.name))
    return found
