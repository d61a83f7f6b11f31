"""A phone walks from its Wi-Fi to the mobile network and back in the middle of a hearing."""

from pathlib import Path

import pytest

from cloudcourt.domain.events import ParticipantMoved
from cloudcourt.domain.hearing import ParticipantState
from tests.bed.distant_hearing import distant_hearing
from tests.bed.namespace import needs_namespaces

pytestmark = [pytest.mark.e2e, needs_namespaces]


async def test_a_phone_changes_networks_twice_and_keeps_its_seat(tmp_path: Path) -> None:
    async with distant_hearing(tmp_path) as hearing:
        before = await hearing.log()
        for _ in range(2):
            await hearing.switches()  # ends only when sound and pictures come both ways again
        for person in (hearing.judge, hearing.phone):
            await person.sees("courtroom")
        happened = (await hearing.log())[len(before) :]

        # Nobody came, left or was suspended: at most the seat was held for a moment.
        for stored in happened:
            assert isinstance(stored.event, ParticipantMoved), stored.event
            assert stored.event.to in (ParticipantState.RECONNECTING, ParticipantState.IN_COURT)
            assert stored.event.participant_id == next(
                moved.event.participant_id
                for moved in reversed(before)
                if isinstance(moved.event, ParticipantMoved) and moved.event.to is ParticipantState.IN_COURT
            )
        assert "Traceback" not in hearing.server.log()
