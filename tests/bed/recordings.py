"""Hearings to record in tests, and what plays back from the files."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from cloudcourt.domain.hearing import Gap, Hearing, Participant, SessionState
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.ports import HearingMedia
from cloudcourt.domain.recording import Seat, SegmentClosed
from cloudcourt.domain.roles import Role
from media.record.disk import DiskLimits
from media.record.recorder import HearingRecorder
from tests.bed.rtp_source import Arrival, RtpSource

JUDGE = ParticipantId("judge-1")
PLAINTIFF = ParticipantId("plaintiff-1")
DEFENDANT = ParticipantId("defendant-1")
HEARING_ID = HearingId("hearing-1")

SEATS = (
    Seat(participant_id=JUDGE, role=Role.JUDGE, name="王静"),
    Seat(participant_id=PLAINTIFF, role=Role.PLAINTIFF, name="李明"),
    Seat(participant_id=DEFENDANT, role=Role.DEFENDANT, name="Anna Schmidt"),
)
MEDIA = HearingMedia(
    hearing_id=HEARING_ID, case_number="（2026）沪0115民初1024号", cause="房屋租赁合同纠纷", seats=SEATS
)


class WallClock:
    """The real wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Notices:
    """What a recorder told: ("stalled", reason) and ("recovered", "")."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.segments: list[SegmentClosed] = []
        self.pictures_kept: list[bool] = []
        self.changed = asyncio.Event()

    def stalled(self, since: datetime, reason: str) -> None:
        assert since.tzinfo is not None
        self.told.append(("stalled", reason))
        self.changed.set()

    def recovered(self) -> None:
        self.told.append(("recovered", ""))
        self.changed.set()

    async def wait(self, what: tuple[str, str]) -> None:
        async with asyncio.timeout(30):
            while what not in self.told:
                self.changed.clear()
                await self.changed.wait()


SMALL = DiskLimits(pictures_bytes=1, sound_bytes=1, reserve_bytes=4096)
"""Limits for disks of any size."""


def recorder_for(folder: Path, notices: Notices | None = None, *, limits: DiskLimits = SMALL) -> HearingRecorder:
    """A recorder of the test hearing."""
    notices = notices or Notices()
    recorder = HearingRecorder(folder, MEDIA, WallClock(), notices.stalled, notices.recovered, limits=limits)
    recorder.segment_closed = notices.segments.append
    recorder.pictures_kept = notices.pictures_kept.append
    return recorder


def feed(recorder: HearingRecorder, source: ParticipantId, arrivals: Iterable[Arrival], began_ns: int) -> None:
    """Hand a recorder what arrived from a source that began at that `time.monotonic_ns()`."""
    for arrival in arrivals:
        arrived_ns = began_ns + round(arrival.at_s * 1e9)
        if arrival.report is not None:
            recorder.sender_report(source, arrival.kind, *arrival.report, arrived_ns)
        else:
            recorder.take(source, arrival.kind, arrival.codec, arrival.packet, arrived_ns)


async def record(folder: Path, sources: Sequence[RtpSource], seconds: float) -> int:
    """Record sources that speak together for a while; `time.monotonic_ns()` at which they began."""
    recorder = recorder_for(folder)
    began_ns = time.monotonic_ns() - round(seconds * 1e9)
    await recorder.start()
    merged = sorted(
        ((arrival, source) for source in sources for arrival in source.arrivals(seconds)),
        key=lambda pair: pair[0].at_s,
    )
    for number, (arrival, source) in enumerate(merged):
        feed(recorder, source.participant_id, [arrival], began_ns)
        if number % 4000 == 3999:
            await recorder_drained(recorder)
    await recorder.close()
    return began_ns


async def recorder_drained(recorder: HearingRecorder) -> None:
    """Wait until the writer has taken everything out of the ring."""
    async with asyncio.timeout(30):
        while recorder.ring:
            await asyncio.sleep(0.02)


def pictures(path: Path) -> list[tuple[float, NDArray[np.uint8]]]:
    """Every picture of a file with its time in seconds; raises when one doesn't decode."""
    with av.open(path) as container:
        return [
            (float(frame.time or 0), frame.to_ndarray(format="rgb24").astype(np.uint8))
            for frame in container.decode(video=0)
        ]


def sound(path: Path) -> tuple[NDArray[np.float32], float]:
    """All of a file's sound as mono at 48 kHz, gaps silent, and the time in seconds at which it begins."""
    pieces: list[tuple[int, NDArray[np.float32]]] = []
    with av.open(path) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=48_000)
        for frame in container.decode(audio=0):
            at = round(float(frame.time or 0) * 48_000)
            for part in resampler.resample(frame):
                pieces.append((at, part.to_ndarray()[0]))
                at += part.samples
    first = min(at for at, _ in pieces)
    track = np.zeros(max(at + len(piece) for at, piece in pieces) - first, np.float32)
    for at, piece in pieces:
        track[at - first : at - first + len(piece)] = piece
    return track, first / 48_000


def tone_level(wave: NDArray[np.float32], tone_hz: float) -> float:
    """How much of a tone is in a wave: amplitude, 1 is full scale."""
    turns = np.exp(-2j * np.pi * tone_hz * np.arange(len(wave)) / 48_000)
    return float(2 * abs(np.dot(wave, turns)) / max(1, len(wave)))


def onsets(levels: Sequence[tuple[float, float]], threshold: float) -> list[float]:
    """The times at which a level rises above a threshold."""
    found, was_high = [], False
    for at_s, level in levels:
        if level > threshold and not was_high:
            found.append(at_s)
        was_high = level > threshold
    return found


def flash_onsets(path: Path) -> list[float]:
    """When the picture turned white."""
    return onsets([(at_s, float(picture.mean())) for at_s, picture in pictures(path)], 200)


def beep_onsets(path: Path) -> list[float]:
    """When the sound began, to 2 ms."""
    wave, begin_s = sound(path)
    step = 96
    levels = [
        (begin_s + at / 48_000, float(np.abs(wave[at : at + step]).max())) for at in range(0, len(wave) - step, step)
    ]
    quiet = 0.08
    # A tone crosses zero: hold its peak for 20 ms.
    held = [(at_s, max(level for _, level in levels[max(0, n - 10) : n + 1])) for n, (at_s, level) in enumerate(levels)]
    return onsets(held, quiet)


def hearing_from(
    opened_at: datetime, seconds: float, gaps: Sequence[Gap] = (), seats: Sequence[Seat] = SEATS
) -> Hearing:
    """The closed hearing around a recording of `seconds`."""
    return Hearing(
        id=HEARING_ID,
        case_id=CaseId("case-1"),
        case_number=MEDIA.case_number,
        cause=MEDIA.cause,
        scheduled_at=opened_at,
        seq=9,
        session=SessionState.CLOSED,
        participants={s.participant_id: Participant(id=s.participant_id, role=s.role, name=s.name) for s in seats},
        opened_at=opened_at,
        ended_at=opened_at + timedelta(seconds=seconds),
        gaps=tuple(gaps),
    )
