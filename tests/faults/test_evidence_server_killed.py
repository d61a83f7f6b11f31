"""A whole server, killed at random moments of a hearing and of its sealing: the evidence log misses nothing."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest

from media.record.verify import render, verify_folder
from tests.bed.caller import Caller
from tests.bed.court_server import CourtServer

pytestmark = pytest.mark.faults

DEATHS = 4
SEALED_WITHIN_S = 120
PHASES = ("rights_and_recusal", "investigation", "evidence", "debate")


def entries(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line)[1] for line in (folder / "record.log").read_bytes().splitlines()]


async def test_every_event_is_in_the_sealed_log_whatever_was_killed(tmp_path: Path) -> None:
    chance = random.Random(2026)
    server = CourtServer(tmp_path / "court", media_workers="0")
    await server.start()
    demo = await server.demo()
    folder = server.data_dir / "hearings" / demo["hearing_id"]
    judge = Caller(server.url)
    await judge.joins(demo["links"]["judge"])
    await judge.asks("report_ready")
    await judge.asks("open_hearing", countdown_ms=0)
    await judge.until("in_session")
    heads: list[Any] = []
    for death in range(DEATHS):
        acknowledged = await _act(judge, death)
        await asyncio.sleep(chance.uniform(0, 0.05))  # the scribe may be anywhere
        await server.kill()
        await judge.leaves()
        await server.start()
        await judge.connects()
        await judge.until_told(lambda caller: caller.weather.get("checkpoint"))
        heads.append(judge.weather["checkpoint"])
        assert [e["seq"] for e in entries(folder) if e["kind"] == "event"][acknowledged - 1] == acknowledged
    await judge.asks("state_fault", text="服务器多次断电，已恢复。")
    await judge.asks("close_hearing")
    await asyncio.sleep(chance.uniform(0, 0.3))
    await server.kill()
    await judge.leaves()
    await server.start()
    async with asyncio.timeout(SEALED_WITHIN_S):
        while not await asyncio.to_thread((folder / "film.json").exists):  # the last that is signed
            await asyncio.sleep(0.1)
    await server.stop()
    kept = {"format": "cloudcourt-heads/1", "hearing": demo["hearing_id"], "heads": heads}
    findings = verify_folder(folder, heads=json.dumps(kept).encode())
    assert findings.exit_code == 0, render(findings)
    seqs = [entry["seq"] for entry in entries(folder) if entry["kind"] == "event"]
    assert seqs == list(range(1, len(seqs) + 1)) and len(heads) >= DEATHS
    assert "Traceback" not in server.log(), server.log()


async def _act(judge: Caller, death: int) -> int:
    """Some acts of the court; the number of the last event they caused."""
    if judge.view["session"] != "in_session":
        await judge.asks("resume_hearing", countdown_ms=0)
        await judge.until("in_session")
    await judge.asks("set_phase", phase=PHASES[death % len(PHASES)])
    await judge.asks("set_court_mute_all", muted=bool(death % 2))
    return await judge.asks("set_devices", microphone_on=bool(death % 2), camera_on=True)
