"""A writer of the evidence log that is killed at random moments: what was acknowledged is there, and it verifies."""

import asyncio
import itertools
import json
import random
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloudcourt.domain.evidence import NO_HASH, EventEntry, checkpoint_message, entry_hash
from cloudcourt.domain.ids import HearingId
from media.record.court_key import CourtKey
from media.record.log_file import LOG
from media.record.record_log import FolderRecordLog
from tests.bed.recordings import WallClock

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
HEARING = HearingId("h_1")
DEATHS = 20


async def write_until_killed(data_dir: Path) -> None:
    """The victim: appends in batches, signs now and then, and prints what the log has acknowledged."""
    log = FolderRecordLog(data_dir, WallClock(), CourtKey.at(data_dir))
    state = await log.open(HEARING, "27")
    for turn in itertools.count():
        batch = [
            EventEntry(at=WallClock().now(), seq=state.last_seq + n, actor="system", event={"note": "午休" * 300})
            for n in (1, 2, 3)
        ]
        state = await log.append(HEARING, batch)
        print(state.count, state.head, flush=True)
        if turn % 3 == 0:
            await log.checkpoint(HEARING)


async def _die(data_dir: Path, answers: int, delay_s: float) -> tuple[int, str]:
    """Kill a writer shortly after so many answers; the last count and head it had acknowledged."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(data_dir), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120):
            said = [await process.stdout.readline() for _ in range(answers)]
            await asyncio.sleep(delay_s)  # anywhere within a turn
            process.kill()
            said += (await process.stdout.read()).splitlines(keepends=True)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    count, head = [line for line in said if line.endswith(b"\n")][-1].split()
    return int(count), head.decode()


async def test_no_acknowledged_entry_is_lost_and_the_log_verifies_to_its_end(tmp_path: Path) -> None:
    chance = random.Random(2026)
    path = tmp_path / "hearings" / HEARING / LOG
    for _ in range(DEATHS):
        count, head = await _die(tmp_path, chance.randint(1, 12), chance.uniform(0, 0.01))
        log = FolderRecordLog(tmp_path, WallClock(), CourtKey.at(tmp_path))
        await log.open(HEARING, "27")
        await log.release(HEARING)
        heads = _verified(path.read_bytes())
        assert heads[count - 1] == head
    assert path.read_bytes().count(b'"kind":"opened_log"') == 1


def _verified(content: bytes) -> list[str]:
    """Every entry's hash; the chain, the numbers and every signature hold."""
    head, heads, seqs = NO_HASH, [], []
    lines = content.splitlines()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(json.loads(lines[0])[1]["public_key"]))
    for number, line in enumerate(lines, start=1):
        entry = json.loads(line)[1]
        if entry["kind"] == "checkpoint":
            assert (entry["count"], entry["head"]) == (number - 1, head)
            key.verify(bytes.fromhex(entry["signature"]), checkpoint_message(HEARING, number - 1, head))
        elif entry["kind"] == "event":
            seqs.append(entry["seq"])
        head = entry_hash(head, line[68:-1])
        assert (json.loads(line)[0], entry["n"]) == (head, number)
        heads.append(head)
    assert seqs == list(range(1, len(seqs) + 1))
    return heads


if __name__ == "__main__":
    asyncio.run(write_until_killed(Path(sys.argv[1])))
