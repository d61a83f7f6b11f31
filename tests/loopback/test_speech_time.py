"""Speaking times of a hearing in real time are those of the record: measured again in its tracks, on another way."""

import asyncio
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from cloudcourt.domain.commands import CallRecess
from cloudcourt.domain.written import VOICED_DBFS
from media.confidence.written_sound import ListeningProcess
from tests.bed.recordings import WallClock
from tests.bed.rtp_source import Arrival, RtpSource
from tests.bed.small_court import SmallCourt, small_court
from tests.bed.speech import RATE, speech

pytestmark = pytest.mark.loopback

SECONDS = 12.0
TURN_S = 3.0


@cache
def said_by(number: int) -> NDArray[np.float32]:
    return speech(SECONDS, voice=number, noise_db=-120)


@dataclass
class Voice(RtpSource):
    """Speaks in turns of three seconds, the judge first, over a room's faint noise; or half as often."""

    number: int = 0
    is_brief: bool = False

    def arrivals(self, seconds: float, **_: object) -> list[Arrival]:
        return super().arrivals(seconds, kinds=("audio",))

    def _sound(self, ticks: NDArray[np.int64]) -> NDArray[np.floating]:
        said = said_by(self.number)[ticks % round(SECONDS * RATE)]
        turn = ticks // round(TURN_S * RATE) % 2 == self.number % 2
        hushed = self.is_brief and ticks % round(TURN_S * RATE) > TURN_S * RATE / 2
        return np.where(turn & ~hushed, said, said * 1e-4)


def voiced_s(court: SmallCourt, person: str) -> float:
    """Of the person's tracks, decoded as any player does: the time of frames (20 ms) that are loud enough."""
    total = 0.0
    for track in sorted((court.folder / "tracks").glob(f"{person}-audio*.webm")):
        with av.open(track) as container:
            frames = [frame.to_ndarray().astype(np.float64) for frame in container.decode(audio=0)]
        levels = [20 * np.log10(np.sqrt(np.square(np.abs(f).max(axis=0)).mean()) + 1e-9) for f in frames]
        total += sum(f.shape[1] for f, level in zip(frames, levels, strict=True) if level >= VOICED_DBFS) / RATE
    return total


async def test_the_sums_are_those_of_the_recorded_voices(tmp_path: Path) -> None:
    listening = ListeningProcess(tmp_path, WallClock())
    try:
        async with small_court(tmp_path, written=listening) as court:
            await holds_a_hearing(court)
    finally:
        await listening.close()


async def holds_a_hearing(court: SmallCourt) -> None:
    await court.enters(court.judge, court.clerk, court.plaintiff)
    await court.opens()
    await court.speaks([Voice(court.judge, number=0), Voice(court.plaintiff, number=1, is_brief=True)], SECONDS)
    await court.asks(court.judge, CallRecess())
    told: dict[str, float] = {}
    async with asyncio.timeout(60):
        while set(told) != {court.judge, court.plaintiff} or not is_whole(court):
            await asyncio.sleep(0.1)
            news = court.ears.weathers[court.judge][-1:]
            speech_news = news[0].get("speech") if news else None
            told = {} if speech_news is None else {p["participant_id"]: p["ms"] / 1000 for p in speech_news["people"]}
    for person in (court.judge, court.plaintiff):
        found = voiced_s(court, person)
        assert found > 1.0
        assert told[person] == pytest.approx(found, rel=0.02), person
    assert told[court.judge] > told[court.plaintiff], "who spoke half as long"
    parties = {p["party"]: p["ms"] / 1000 for p in court.ears.weathers[court.judge][-1]["speech"]["parties"]}
    assert parties == {"a": told[court.plaintiff], "b": 0, "court": told[court.judge]}
    assert all("speech" not in weather for weather in court.ears.weathers[court.plaintiff])


def is_whole(court: SmallCourt) -> bool:
    """Everything up to the recess has been listened to."""
    heard = court.written.heard(court.hearing_id)
    room = court.registry.sitting(court.hearing_id)
    assert room is not None
    began = next((gap.began_at for gap in room.gaps), None)
    return heard is not None and began is not None and heard.until > began
