"""A whole court killed at random moments: next to nothing is lost, every gap is listed, and the record is proved."""

import json
from pathlib import Path

import pytest

from media.record.verify import render, verify_folder
from tests.bed.deaths import DyingCourt, Kind, losses

pytestmark = [pytest.mark.faults, pytest.mark.alone]

DEATHS: tuple[Kind, ...] = ("worker", "power", "server")
LOST_AT_MOST_S = 0.5
"""Seconds of media; `python -m bench.deaths` dies thirty times of each."""


async def test_whatever_dies_little_is_lost_and_the_gap_is_listed(tmp_path: Path) -> None:
    async with DyingCourt(tmp_path / "court", seed=20261201) as court:
        for kind in DEATHS:
            await court.dies(kind)
        await court.closes()
    gaps = json.loads((court.folder / "manifest.json").read_text())["gaps"]
    found = losses(court, gaps)
    assert len(found) == len(DEATHS)
    for loss in found:
        assert loss.before_s <= LOST_AT_MOST_S, found
        assert loss.after_s <= LOST_AT_MOST_S, found
        assert loss.outside_gap_s is not None, (found, gaps)
    findings = verify_folder(court.folder)
    assert findings.exit_code == 0, render(findings)
    assert "Traceback" not in court.server.log(), court.server.log()
