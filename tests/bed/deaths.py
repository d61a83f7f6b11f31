"""A whole court that is killed at random moments while two people speak, and what its record lost each time.

`worker` kills the media worker; `server` the server's own process, which its workers outlive for a moment; `power`
all of them at once, as a power cut would. The people come back as the page does, and the judge resumes what was
suspended meanwhile; nobody helps beyond that.
"""

import asyncio
import os
import random
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import MediaAnswer
from cloudcourt.domain.routing import LineKind
from cloudcourt.observability.tasks import Crew
from media.record.folders import journal_segments
from media.record.journal import EntryKind, read_journal
from tests.bed.caller import Caller
from tests.bed.court_server import CourtServer, workers_of
from tests.bed.media_hearing import Speaker
from tests.bed.rtc_client import OPUS, RtcClient, seq_of

Kind = Literal["worker", "server", "power"]
Stream = tuple[str, LineKind]

_OTHER_SEATS = 3
_BACK_WITHIN_S = 60.0
_FILM_WITHIN_S = 240.0


class Kept(NamedTuple):
    """A packet in the journal."""

    arrived_ns: int
    seq: int


@dataclass(frozen=True)
class Death:
    """One kill, and the lives it ended and began.

    `before` and `after` are when each packet of a stream was sent, by sequence number, in ns of the monotonic clock;
    `before` ends at the kill.
    """

    before: dict[Stream, dict[int, int]]
    after: dict[Stream, dict[int, int]]


@dataclass(frozen=True)
class Loss:
    """What the record lost in one death, seconds of media: what was sent last, and first after the return.

    `outside_gap_s` is the silence of the whole record that its gap leaves out; None where no gap is listed.
    """

    before_s: float
    after_s: float
    outside_gap_s: float | None


class SendingClient(RtcClient):
    """Notes when it sent each packet, in ns, by kind and sequence number."""

    def __init__(self) -> None:
        super().__init__(pairs=_OTHER_SEATS)
        self.sent: dict[LineKind, dict[int, int]] = {"audio": {}, "video": {}}

    async def send(self, *packets: bytes) -> None:
        for packet in packets:
            await super().send(packet)
            self.sent["audio" if packet[1] & 0x7F == OPUS else "video"][seq_of(packet)] = time.monotonic_ns()


@dataclass
class Voice:
    """Somebody at the door who speaks whenever there is a media plane."""

    caller: Caller
    crew: Crew = field(default_factory=lambda: Crew("voice"))
    client: SendingClient | None = None
    lost_before: int = 0
    """How often media had been lost when the connection of now began."""

    async def speaks(self) -> None:
        """Connect as the page does, and speak until silenced."""
        self.lost_before = self.caller.media_lost
        self.client = SendingClient()
        answer = await self.caller.calls("media_offer", {"sdp": await self.client.offer()})
        await self.client.take(MediaAnswer.model_validate(answer))
        speaker = Speaker(self.client, ParticipantId(self.caller.participant_id))
        self.crew.start(speaker.speak(), name=self.caller.participant_id)

    async def is_silenced(self) -> None:
        await self.crew.dismiss()
        if self.client is not None:
            await self.client.close()

    async def speaks_again(self) -> None:
        """Wait until the media plane tells that it lost everybody, and connect anew."""
        await self.is_silenced()
        await self.caller.until_told(lambda caller: caller.media_lost > self.lost_before)
        await self.speaks()

    async def leaves(self) -> None:
        await self.is_silenced()
        await self.caller.leaves()


class DyingCourt:
    """A hearing under way in a server with one media worker."""

    def __init__(self, data_dir: Path, seed: int) -> None:
        self.server = CourtServer(data_dir)
        self.folder = Path()
        self.deaths: list[Death] = []
        self._chance = random.Random(seed)
        self._doors = AsyncExitStack()
        self._voices: list[Voice] = []

    async def __aenter__(self) -> Self:
        try:
            await self._opens()
        except BaseException:
            await self._doors.aclose()
            raise
        return self

    async def _opens(self) -> None:
        self._doors.push_async_callback(self.server.stop)
        await self.server.start()
        demo = await self.server.demo()
        self.folder = self.server.data_dir / "hearings" / demo["hearing_id"]
        for role in ("judge", "plaintiff"):
            voice = Voice(Caller(self.server.url))
            await voice.caller.joins(demo["links"][role])
            self._doors.push_async_callback(voice.leaves)
            self._voices.append(voice)
            await voice.caller.asks("report_ready")
        await self.judge.asks("open_hearing", countdown_ms=0)
        await self._voices[1].caller.until("in_session")
        for voice in self._voices:
            await voice.speaks()

    async def __aexit__(self, *_: object) -> None:
        await self._doors.aclose()

    @property
    def judge(self) -> Caller:
        return self._voices[0].caller

    async def dies(self, kind: Kind) -> None:
        """Kill at a random moment of what is being recorded; returns when everybody speaks on the record again."""
        await self._recorded()
        await asyncio.sleep(self._chance.uniform(0.1, 2.5))
        before = {stream: dict(sent) for stream, sent in self._sent().items()}
        await self._kill(kind)
        for voice in self._voices:
            await voice.is_silenced()
        if kind == "worker":
            for voice in self._voices:
                await voice.speaks_again()
        else:
            await self._starts_again()
        await self._recorded()
        self.deaths.append(Death(before, self._sent()))

    async def _kill(self, kind: Kind) -> None:
        if kind == "worker":
            (worker,) = workers_of(self.server)
            os.kill(worker, signal.SIGKILL)
            return
        if kind == "power":
            os.killpg(self.server.pid, signal.SIGKILL)
        await self.server.kill()

    async def _starts_again(self) -> None:
        for voice in self._voices:
            await voice.caller.leaves()
        await self.server.start()
        for voice in self._voices:
            await voice.caller.connects()
        for voice in self._voices:
            await voice.speaks()

    def _sent(self) -> dict[Stream, dict[int, int]]:
        """What the connections of now sent so far; grows with them."""
        found: dict[Stream, dict[int, int]] = {}
        for voice in self._voices:
            if voice.client is not None:
                found.update({(voice.caller.participant_id, kind): sent for kind, sent in voice.client.sent.items()})
        return found

    async def _recorded(self) -> None:
        """Wait until every stream of now has reached the disk, however often a starved worker is replaced meanwhile."""
        async with asyncio.timeout(_BACK_WITHIN_S):
            while True:
                for voice in self._voices:
                    if voice.caller.media_lost > voice.lost_before:
                        await voice.speaks_again()
                if self.judge.view["session"] == "suspended":  # no recorder for longer than the court sits without
                    await self.judge.asks("resume_hearing", countdown_ms=0)
                    await self.judge.until("in_session")
                kept = await asyncio.to_thread(kept_of, self.folder, 2)
                if all(
                    sent and kept.get(of) and kept[of][-1][0] >= min(sent.values()) for of, sent in self._sent().items()
                ):
                    return
                await asyncio.sleep(0.2)

    async def closes(self) -> None:
        """State the faults, close, and wait for the film: the last that is signed."""
        await self.judge.asks("state_fault", text="多次断电，已恢复。")
        await self.judge.asks("close_hearing")
        for voice in self._voices:
            await voice.is_silenced()
        async with asyncio.timeout(_FILM_WITHIN_S):
            while not await asyncio.to_thread((self.folder / "film.json").exists):
                await asyncio.sleep(0.2)


def kept_of(folder: Path, newest: int = 0) -> dict[Stream, list[Kept]]:
    """Each stream's packets in the journals, in order of arrival; of `newest` segments of a track, or of all."""
    kept: dict[Stream, list[Kept]] = {}
    by_track: dict[Path, list[Path]] = {}
    for path in journal_segments(folder):
        by_track.setdefault(path.parent, []).append(path)
    for path in (path for paths in by_track.values() for path in paths[-newest:]):
        found = read_journal(path)
        if found.head is not None:
            packets = [entry for entry in found.entries if entry.kind is EntryKind.PACKET]
            arrived = [Kept(entry.arrived_ns, seq_of(entry.payload)) for entry in packets]
            kept.setdefault((found.head.participant_id, found.head.line), []).extend(arrived)
    return {stream: sorted(arrived) for stream, arrived in kept.items() if arrived}


def losses(court: DyingCourt, gaps: list[dict[str, Any]]) -> list[Loss]:
    """What each death cost, the worst stream of each. `gaps` are the manifest's."""
    kept = kept_of(court.folder)
    wall_ns = time.time_ns() - time.monotonic_ns()
    spans = [[_ns(gap[edge]) - wall_ns for edge in ("began_at", "ended_at")] for gap in gaps]
    return [_loss(death, kept, spans) for death in court.deaths]


def _loss(death: Death, kept: dict[Stream, list[Kept]], spans: list[list[int]]) -> Loss:
    before_ns, after_ns, arrived = [], [], []
    for stream, sent in death.after.items():
        begins_ns, ended = min(sent.values()), death.before[stream]
        # A worker that outlives its server may keep what came after the kill: that is no loss.
        old = [one for one in kept[stream] if min(ended.values()) <= one.arrived_ns < begins_ns]
        first = next(one for one in kept[stream] if one.arrived_ns >= begins_ns and one.seq in sent)
        last_ns = max((ended[one.seq] for one in old if one.seq in ended), default=min(ended.values()))
        before_ns.append(max(ended.values()) - last_ns)
        after_ns.append(sent[first.seq] - begins_ns)
        arrived += [one.arrived_ns for one in (*old, first)]
    return Loss(max(before_ns) / 1e9, max(after_ns) / 1e9, _outside(sorted(arrived), spans))


def _outside(arrived: list[int], spans: list[list[int]]) -> float | None:
    """Seconds of the record's longest silence that no gap covers; None where none touches it. Gaps don't overlap."""
    _, began, ended = max((later - earlier, earlier, later) for earlier, later in pairwise(arrived))
    covered = [min(ended, end) - max(began, begin) for begin, end in spans if begin < ended and end > began]
    return (ended - began - sum(covered)) / 1e9 if covered else None


def _ns(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1e9)
