"""What the close of a long hearing takes: `python -m bench.closing [MINUTES ...]`, 2, 10 and 30 without any.

Three people's record is fed faster than real time: one clip again and again, renumbered. The film's chunks stand there
when the hearing is closed, as those of a film that was made meanwhile do: the first three are shot, the others are
copies of the third at their own times. The last chunk, which the close waits for, costs what `bench.record` tells.
Prints seconds and CPU seconds of what the seal waits for (what is torn made whole, the inventory with all hashes) and
of what the film waits for (joining, its inventory), and the size of what they read.
"""

import asyncio
import re
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from cloudcourt.observability.clock import SystemClock
from media.film.camera import Camera
from media.film.coding import PICTURE_TICKS, SOUND_TICKS
from media.film.program import FRAME_MS, ChunkLine, Program, locked, what_is_told
from media.film.timeline import Section, chunks
from media.record.film_job import make_film, rebuild_torn, take_inventory
from media.record.folders import FILM
from media.record.hearing_facts import HearingFacts, hearing_facts
from media.record.hearing_file import HearingFile
from tests.bed.recordings import DEFENDANT, JUDGE, PLAINTIFF, feed, hearing_from, recorder_drained, recorder_for
from tests.bed.rtp_source import Arrival, RtpSource

CLIP_S = 10
SHOT = 3
DRAINED_EVERY = 2000
SOURCES = tuple(
    RtpSource(person, colour=colour, tone_hz=tone_hz, size=(640, 480))
    for person, colour, tone_hz in (
        (JUDGE, (170, 60, 50), 500.0),
        (PLAINTIFF, (40, 130, 70), 800.0),
        (DEFENDANT, (50, 80, 170), 1300.0),
    )
)
_TIMES = re.compile(rb"tfdt\x01\x00\x00\x00.{8}", re.DOTALL)


def renumbered(clip: list[Arrival], times: int) -> Iterator[Arrival]:
    """A clip so many times, as one stream: sequence numbers, timestamps and reports go on."""
    packets = {kind: sum(a.kind == kind and bool(a.packet) for a in clip) for kind in ("audio", "video")}
    rates = {"audio": 48_000, "video": 90_000}
    for turn in range(times):
        for arrival in clip:
            at_s, ticks = arrival.at_s + turn * CLIP_S, turn * CLIP_S * rates[arrival.kind]
            if arrival.report is not None:
                ntp, timestamp = arrival.report
                report = ntp + (turn * CLIP_S << 32), (timestamp + ticks) & 0xFFFFFFFF
                yield arrival._replace(at_s=at_s, report=report)
                continue
            packet = bytearray(arrival.packet)
            packet[2:4] = shifted(packet[2:4], turn * packets[arrival.kind])
            packet[4:8] = shifted(packet[4:8], ticks)
            yield arrival._replace(at_s=at_s, packet=bytes(packet))


def shifted(number: bytes | bytearray, by: int) -> bytes:
    """A big-endian number plus `by`, wrapping."""
    return ((int.from_bytes(number, "big") + by) % (1 << 8 * len(number))).to_bytes(len(number), "big")


async def recorded(folder: Path, clips: dict[str, list[Arrival]], seconds: int) -> HearingFacts:
    """Feed the record of a hearing that ends now; what its film shows."""
    recorder, began_ns = recorder_for(folder), time.monotonic_ns() - seconds * 1_000_000_000
    opened_at = SystemClock().now() - timedelta(seconds=seconds)
    await recorder.start()
    streams = [renumbered(clips[source.participant_id], seconds // CLIP_S) for source in SOURCES]
    for number, arrivals in enumerate(zip(*streams, strict=False)):
        for source, arrival in zip(SOURCES, arrivals, strict=True):
            feed(recorder, source.participant_id, [arrival], began_ns)
        if number % DRAINED_EVERY == 0:
            await recorder_drained(recorder)
    await recorder_drained(recorder)
    await recorder.close()
    hearing = hearing_from(opened_at, seconds)
    await HearingFile(folder).write(hearing)
    return hearing_facts(hearing)


def fill(folder: Path, facts: HearingFacts) -> None:
    """Put every chunk of the film there."""
    with locked(folder, time.sleep):
        program = Program(folder, facts.hearing_id)
        camera = Camera.behind(folder, facts, [])
        for section in islice(chunks(facts), SHOT):
            program.add(*camera.shoot(section, facts, SystemClock(), is_last=False))
        camera.close()
        model, content = program.lines[-1], program.chunk(SHOT)
        packets = model.next_packet - program.lines[-2].next_packet
        for section in islice(chunks(facts), SHOT, None):
            before = program.lines[-1]
            starts = [before.ends_ms // FRAME_MS * PICTURE_TICKS, before.next_packet * SOUND_TICKS]
            program.add(behind(before, section, model, packets), at_times(content, starts))


def behind(before: ChunkLine, section: Section, model: ChunkLine, packets: int) -> ChunkLine:
    """The line of a copy of `model` that shows a section behind `before`."""
    kind, reason, began_at, ended_at, duration_ms = what_is_told(section)
    return model.model_copy(
        update={
            "number": before.number + 1,
            "kind": kind,
            "reason": reason,
            "began_at": began_at,
            "ended_at": ended_at,
            "film_ms": before.ends_ms,
            "duration_ms": duration_ms,
            "next_packet": before.next_packet + packets,
        }
    )


def at_times(content: bytes, starts: list[int]) -> bytes:
    """A fragment with other beginnings of its runs."""
    left = iter(starts)
    return _TIMES.sub(lambda found: found[0][:8] + next(left).to_bytes(8, "big"), content)


async def took(work: Awaitable[object]) -> str:
    """Seconds and CPU seconds of work done in processes of its own."""
    before, began_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    await work
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return f"{time.monotonic() - began_s:5.1f} s ({cpu_s:4.1f} CPU)"


async def bench(minutes: list[int]) -> None:
    clips = {source.participant_id: source.arrivals(CLIP_S) for source in SOURCES}
    for length in minutes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            facts = await recorded(folder, clips, length * 60)
            await asyncio.to_thread(fill, folder, facts)
            whole = await took(rebuild_torn(folder))
            measured = await took(take_inventory(folder))
            read_mb = sum(path.stat().st_size for path in (folder / "tracks").glob("*.*m*")) / 1e6
            joined = await took(make_film(folder, lambda _: None))
            filmed = await took(take_inventory(folder, FILM))
            film_mb = (folder / FILM).stat().st_size / 1e6
        print(f"{length:3} min: seal: whole {whole}, inventory {measured} of {read_mb:.0f} MB;", end=" ")
        print(f"film: joined {joined}, inventory {filmed} of {film_mb:.0f} MB", flush=True)


if __name__ == "__main__":
    asyncio.run(bench([int(value) for value in sys.argv[1:]] or [2, 10, 30]))
