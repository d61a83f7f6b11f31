"""A court with a real recorder: each mode of the record has files of its own, and mediation has none."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cloudcourt.domain.arrangement import Arrange, Arrangement
from cloudcourt.domain.commands import Admit
from cloudcourt.domain.hearing import ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.isolation import DismissWitness
from cloudcourt.domain.roles import Role
from media.record.sidecar import read_sidecars
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court

pytestmark = pytest.mark.loopback


def log_of(court: SmallCourt) -> list[dict[str, Any]]:
    return [json.loads(line)[1] for line in (court.folder / "record.log").read_text().splitlines()]


async def arranged(court: SmallCourt, arrangement: Arrangement) -> None:
    await court.asks(court.judge, Arrange(arrangement=arrangement))


async def test_sealed_evidence_is_in_files_of_its_own_and_mediation_in_none(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        judge = [RtpSource(court.judge)]
        stretches: list[datetime] = []
        for arrangement in (Arrangement.SEALED, Arrangement.MEDIATION, Arrangement.OPEN_COURT):
            await court.speaks(judge, 0.6)
            stretches.append(court.record_room._clock.now())
            await arranged(court, arrangement)
        await court.speaks(judge, 0.6)
        await court.closes()
        sealed_at, mediating_at, open_at = stretches
        begun = sorted(side.started_at for side in read_sidecars(court.folder) if side.kind == "audio")
        assert len(begun) == 3
        assert begun[0] < sealed_at < begun[1] < mediating_at < open_at < begun[2]
        assert [e["reason"] for e in log_of(court) if e["kind"] == "gap"] == ["SEALED_EVIDENCE", "MEDIATION"]


async def test_each_stretch_of_isolation_is_stated_with_its_count(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        witness = ParticipantId(court.sitting.people[Role.WITNESS])
        await court.enters(court.judge, court.plaintiff, witness)
        await court.opens()
        await court.asks(court.judge, Admit(participant_id=witness))
        await court.until(lambda h: h.participants[witness].state is ParticipantState.IN_COURT)
        await asyncio.sleep(0)
        await court.asks(court.judge, DismissWitness(participant_id=witness))
        await court.closes()
        stated = [entry for entry in log_of(court) if entry["kind"] == "isolation"]
        assert [(entry["participant"], entry["packets"]) for entry in stated] == [(witness, 0), (witness, 0)]
        before, after = stated
        assert (
            before["counted_since"] == before["began_at"] < before["ended_at"] <= after["began_at"] < after["ended_at"]
        )
