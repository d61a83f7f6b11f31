"""A party in a building that lets no UDP out: over TCP to the court itself, or through a relay."""

from pathlib import Path
from typing import Any

import pytest

from tests.bed.browsers import Person
from tests.bed.distant_hearing import distant_hearing
from tests.bed.namespace import needs_namespaces

pytestmark = [pytest.mark.e2e, needs_namespaces]

PATH = """
async () => {
  const stats = [...(await document.querySelector('[data-testid=courtroom]').courtPeer.getStats()).values()];
  const id = stats.find((stat) => stat.type === 'transport').selectedCandidatePairId;
  const pair = stats.find((stat) => stat.id === id);
  const [here, there] = [pair.localCandidateId, pair.remoteCandidateId].map((id) => stats.find((s) => s.id === id));
  return {type: here.candidateType, protocol: here.protocol, relay: here.relayProtocol || '', there: there.protocol};
}
"""


async def way_of(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = await person.page.evaluate(PATH)
    return found


async def test_where_udp_is_blocked_media_comes_over_tcp(tmp_path: Path) -> None:
    async with distant_hearing(tmp_path, lets_udp_through=False) as hearing:
        assert (await way_of(hearing.phone))["protocol"] == "tcp"
        assert (await way_of(hearing.judge))["protocol"] == "udp"
        await hearing.resets()
        await hearing.flows()
        assert "Traceback" not in hearing.server.log()


async def test_where_only_the_relay_is_reached_it_carries_the_hearing(tmp_path: Path) -> None:
    async with distant_hearing(tmp_path, lets_udp_through=False, has_relay=True) as hearing:
        way = await way_of(hearing.phone)
        assert (way["type"], way["relay"], way["there"]) == ("relay", "tcp", "udp")
        await hearing.resets()
        await hearing.flows()
        assert "Traceback" not in hearing.server.log()
