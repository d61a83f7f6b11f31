"""What the record loses when processes are killed: `python -m bench.deaths [KIND] [DEATHS] [SEED]`.

KIND is `recorder`, `worker`, `server` (its workers outlive it for a moment) or `power` (all of them at once); without
one, all four. Each is 30 SIGKILLs at random moments of hearings. Prints seconds of media lost per death up to the
kill and from the return on, gaps listed, files played to their end, and the verifier's word on the sealed record.
"""

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import av

from media.record.rebuild import rebuild_torn_tracks
from media.record.salvage import close_torn_segments
from media.record.sidecar import read_sidecars
from media.record.verify import verify_folder
from tests.bed.deaths import DyingCourt, Kind, Loss, losses
from tests.bed.recorder_deaths import kill_recorders
from tests.bed.recordings import pictures, sound

KINDS: tuple[Kind, ...] = ("worker", "server", "power")
A_HEARING = 3
"""So many deaths a hearing: a worker that dies more often is started again more slowly."""


def spread(values: list[float]) -> str:
    return f"p50 {median(values):.3f} s, max {max(values):.3f} s"


def plays(path: Path, kind: str) -> bool:
    """Decoded to its end: True when there was anything."""
    try:
        return bool(len(pictures(path)) if kind == "video" else len(sound(path)[0]))
    except (av.FFmpegError, ValueError):
        return False


def unplayable(folder: Path, tracks: list[dict[str, Any]]) -> list[str]:
    """The files of a manifest that don't play and have none in their place that does."""
    playing = {track["track_id"] for track in tracks if plays(folder / track["file"], track["kind"])}
    replaced = {track["track_id"] for track in tracks if track["torn"] and f"{track['track_id']}-recovered" in playing}
    return [track["file"] for track in tracks if track["track_id"] not in playing | replaced]


def of_the_recorder(folder: Path, deaths: int, seed: int) -> None:
    lost_s = kill_recorders(folder, folder.with_name("arrivals"), deaths, seed)
    close_torn_segments(folder)
    rebuild_torn_tracks(folder, datetime.now(UTC) + timedelta(minutes=1))
    tracks = read_sidecars(folder)
    played = sum(plays(folder / track.file, track.kind) for track in tracks)
    print(f"recorder, {deaths} deaths: lost {spread(lost_s)}; {played} of {len(tracks)} files play")


@dataclass
class Cost:
    """What the deaths of one kind cost, over several hearings."""

    losses: list[Loss] = field(default_factory=list)
    files: int = 0
    silent: list[str] = field(default_factory=list)
    verdicts: list[int] = field(default_factory=list)


async def of_a_hearing(folder: Path, kind: Kind, deaths: int, seed: int, cost: Cost) -> None:
    async with DyingCourt(folder / "court", seed) as court:
        for number in range(deaths):
            await court.dies(kind)
            print(f"\r{kind} {len(cost.losses) + number + 1} ", end="", file=sys.stderr, flush=True)
        await court.closes()
    manifest = json.loads((court.folder / "manifest.json").read_text())
    cost.losses += losses(court, manifest["gaps"])
    cost.files += len(manifest["tracks"])
    cost.silent += unplayable(court.folder, manifest["tracks"])
    cost.verdicts.append(verify_folder(court.folder).exit_code)


def of_courts(folder: Path, kind: Kind, deaths: int, seed: int) -> None:
    cost = Cost()
    for first in range(0, deaths, A_HEARING):
        (place := folder / f"{kind}-{first}").mkdir()
        asyncio.run(of_a_hearing(place, kind, min(A_HEARING, deaths - first), seed + first, cost))
    outside_s = [loss.outside_gap_s for loss in cost.losses if loss.outside_gap_s is not None]
    print(f"\r{kind}, {deaths} deaths:")
    print(f"  lost up to the kill  {spread([loss.before_s for loss in cost.losses])}")
    print(f"  lost from the return {spread([loss.after_s for loss in cost.losses])}")
    print(f"  gaps listed          {len(outside_s)} of {deaths}; silent outside them {spread(outside_s or [0])}")
    print(f"  files that play      {cost.files - len(cost.silent)} of {cost.files} {' '.join(cost.silent)}")
    print(f"  verifier             exit codes {cost.verdicts}", flush=True)


def main() -> None:
    kind = sys.argv[1] if len(sys.argv) > 1 else ""
    deaths = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261124
    with tempfile.TemporaryDirectory() as name:
        if kind in ("", "recorder"):
            of_the_recorder(Path(name) / "recorder", deaths, seed)
        for each in KINDS:
            if kind in ("", each):
                of_courts(Path(name), each, deaths, seed)


if __name__ == "__main__":
    main()
