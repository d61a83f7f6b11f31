"""How long a phone is away when it changes networks: `python -m bench.roaming [SWITCHES]`, 20 by default. Needs root.

One network at a time: the Wi-Fi goes, then the mobile network comes, and the other way round. "Media back" is the
longest time without a new audio packet, or without a new picture, at the judge or at the phone, read every 50 ms.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

from cloudcourt.domain.events import ParticipantMoved
from cloudcourt.domain.hearing import ParticipantState
from tests.bed.distant_hearing import DistantHearing, distant_hearing

SETTLES_S = 4.0
SEAT_KEPT = (ParticipantState.RECONNECTING, ParticipantState.IN_COURT)


async def one_switch(hearing: DistantHearing, number: int) -> dict[str, float]:
    """Gaps of one switch in seconds."""
    at_judge, at_phone = await hearing.switches()
    gaps = {
        "audio at the judge": at_judge.audio_gap_ms / 1000,
        "picture at the judge": at_judge.picture_gap_ms / 1000,
        "audio at the phone": at_phone.audio_gap_ms / 1000,
        "picture at the phone": at_phone.picture_gap_ms / 1000,
    }
    gaps["media back"] = max(gaps.values())
    figures = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in gaps.items())
    print(f"{number:2d} to {hearing.phone_link.split('.')[1]}: {figures}", flush=True)
    return gaps


async def bench(switches: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with distant_hearing(Path(name)) as hearing:
            before = len(await hearing.log())
            gaps = []
            for number in range(1, switches + 1):
                await asyncio.sleep(SETTLES_S)
                gaps.append(await one_switch(hearing, number))
            events = [stored.event for stored in (await hearing.log())[before:]]
    for what in gaps[0]:
        seconds = sorted(gap[what] for gap in gaps)
        print(f"{what}: p50 {statistics.median(seconds):.2f} s, p95 {percentile(seconds, 95):.2f} s")
    others = [event for event in events if not (isinstance(event, ParticipantMoved) and event.to in SEAT_KEPT)]
    print(f"events in the court's log: {len(events)}, other than reconnecting and back: {len(others)}")


def percentile(ordered: list[float], percent: int) -> float:
    """The least figure that so many percent are not above (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


if __name__ == "__main__":
    asyncio.run(bench(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
