"""Has the media plane count what isolated witnesses are sent, and the court state it on the record (OLR 26)."""

from collections.abc import Awaitable, Callable

from cloudcourt.court.bench import Bench
from cloudcourt.domain.errors import MediaUnavailable
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.isolation import StateIsolation
from cloudcourt.domain.ports import PacketsSent
from cloudcourt.domain.roles import Role


class IsolationWatch:
    """Owned by a room; asked before and after each new routing."""

    def __init__(
        self, bench: Bench, hearing_now: Callable[[], Hearing], state: Callable[[StateIsolation], Awaitable[object]]
    ) -> None:
        self._bench = bench
        self._hearing_now = hearing_now
        self._state = state
        self._sent_before: dict[ParticipantId, int] = {}

    async def before_routing(self) -> None:
        """A stretch of isolation has ended, and nothing flows to the person yet: count, and state it."""
        hearing = self._hearing_now()
        for person in _witnesses(hearing):
            if person.isolated_since is not None and (hearing.is_over or not person.is_isolated):
                await self._state(await self._statement(hearing, person))

    async def after_routing(self) -> None:
        """Nothing flows to isolated people any more: what they were sent until now doesn't count."""
        witnesses = [p for p in _witnesses(self._hearing_now()) if p.is_isolated]
        if any(p.id not in self._sent_before for p in witnesses):
            sent = await self._sent(self._hearing_now())
            for person in witnesses:
                self._sent_before.setdefault(person.id, sent.by_listener.get(person.id, 0))

    async def _statement(self, hearing: Hearing, person: Participant) -> StateIsolation:
        now = self._bench.clock.now()
        began_at = person.isolated_since or now
        sent = await self._sent(hearing)
        before = self._sent_before.pop(person.id, 0)
        counts_from_begin = sent.counted_since <= began_at
        return StateIsolation(
            participant_id=person.id,
            began_at=began_at,
            ended_at=now,
            packets=sent.by_listener.get(person.id, 0) - (before if counts_from_begin else 0),
            counted_since=max(began_at, sent.counted_since),
        )

    async def _sent(self, hearing: Hearing) -> PacketsSent:
        """Where nobody counts, nothing is claimed: the count begins now."""
        try:
            return await self._bench.media.packets_sent(hearing.id)
        except MediaUnavailable:
            return PacketsSent(counted_since=self._bench.clock.now(), by_listener={})


def _witnesses(hearing: Hearing) -> list[Participant]:
    return [person for person in hearing.seating if person.role is Role.WITNESS]
