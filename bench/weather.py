"""What a bad link costs the people at its ends: `python -m bench.weather [SECONDS]`, 20 per stretch. Needs root.

The phone's link loses 5 %, then 10 % of the packets each way, then has 2 Mb/s, 200 kb/s and 2 Mb/s again.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bed.distant_hearing import WIFI, DistantHearing, distant_hearing
from tests.bed.media_watch import Received
from tests.bed.network_bed import NetworkBed

SETTLES_S = 2.0
QUEUE_MS = 500


def line(where: str, received: Received, seconds: float) -> str:
    """One side's figures; a freeze counts when it ends."""
    return (
        f"  at the {where:<5} concealed {received.concealed_share:6.2%} of the sound, longest without a packet "
        f"{received.audio_gap_ms:4.0f} ms; {received.pictures / seconds:4.1f} pictures/s, {received.freezes} freezes, "
        f"{received.frozen_s:.1f} s of it frozen, longest without a picture {received.picture_gap_ms:.0f} ms"
    )


async def stretch(hearing: DistantHearing, name: str, seconds: float) -> None:
    """Measure under the conditions of now and print."""
    await hearing.resets()
    await asyncio.sleep(seconds)
    at_judge, at_phone = await hearing.received()
    print(f"{name}\n{line('judge', at_judge, seconds)}\n{line('phone', at_phone, seconds)}", flush=True)


async def narrow(bed: NetworkBed, rate_kbps: float) -> None:
    await bed.change(WIFI, rate_kbps=rate_kbps, queue_ms=QUEUE_MS)


async def bench(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with distant_hearing(Path(name), is_lively=True) as hearing:
            await stretch(hearing, "good Wi-Fi", seconds)
            for profile in ("lossy5", "lossy10", "bursty"):
                await hearing.bed.use_profile(WIFI, profile)
                await asyncio.sleep(SETTLES_S)
                await stretch(hearing, profile, seconds)
            await hearing.bed.use_profile(WIFI, "clean")
            await narrow(hearing.bed, 2000)
            await asyncio.sleep(SETTLES_S)
            for step, rate_kbps in (("2 Mb/s", 2000), ("down to 200 kb/s", 200), ("back to 2 Mb/s", 2000)):
                await narrow(hearing.bed, rate_kbps)  # no time to settle: the step itself is what matters
                await stretch(hearing, step, seconds)


if __name__ == "__main__":
    asyncio.run(bench(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0))
