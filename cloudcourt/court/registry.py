"""Which rooms are open, and who may find them: the court's switchboard of hearings."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime

import structlog

from cloudcourt.court.bench import Bench
from cloudcourt.court.room import HearingRoom
from cloudcourt.court.scribe import bring_up_to_date
from cloudcourt.domain.apply import replay
from cloudcourt.domain.check_in_commands import SnapshotKept
from cloudcourt.domain.commands import AskedCommand, Unseat
from cloudcourt.domain.courtrooms import Courtroom, courtroom
from cloudcourt.domain.errors import CourtFull, MediaUnavailable, NoSuchPerson, NotFound
from cloudcourt.domain.exhibit_commands import ExhibitArrived
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.identity_ports import Snapshot
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import MediaListener, MediaWeather
from cloudcourt.domain.recording import SegmentClosed
from cloudcourt.domain.seating import NewPerson, SeatPerson

log = structlog.get_logger()


class Registry(MediaListener):
    """Opens rooms on demand, takes unfinished hearings up again at boot, closes all at the end."""

    def __init__(self, make_bench: Callable[[MediaListener], Bench]) -> None:
        self._bench = make_bench(self)
        self._rooms: dict[HearingId, HearingRoom] = {}
        self._opening = asyncio.Lock()

    async def room(self, hearing_id: HearingId) -> HearingRoom:
        """The open room of a hearing, opened if need be. Raises NotFound, CourtFull, MediaUnavailable."""
        room = self._rooms.get(hearing_id)
        if room is not None:
            return room
        async with self._opening:
            if hearing_id in self._rooms:
                return self._rooms[hearing_id]
            log_so_far = await self._bench.record.since(hearing_id, 0)
            hearing = replay(log_so_far)
            if hearing is None:
                raise NotFound
            room = HearingRoom(hearing, log_so_far, self._bench)
            try:
                await room.open()
            except CourtFull:
                if not await self._made_room():
                    raise
                await room.open()
            self._rooms[hearing_id] = room
            return room

    async def _made_room(self) -> bool:
        """Close one hearing that has not begun and that nobody is at; it is opened again when somebody comes."""
        waiting = next((hearing_id for hearing_id, room in self._rooms.items() if room.can_wait), None)
        if waiting is None:
            return False
        await self._rooms.pop(waiting).close()
        return True

    async def hearing(self, hearing_id: HearingId) -> Hearing:
        """A hearing's state now, from its room or from its log. Raises NotFound."""
        room = self._rooms.get(hearing_id)
        if room is not None:
            return room.hearing
        hearing = replay(await self._bench.record.since(hearing_id, 0))
        if hearing is None:
            raise NotFound
        return hearing

    def sitting(self, hearing_id: HearingId) -> Hearing | None:
        """A hearing's state now if its room is open; None otherwise."""
        room = self._rooms.get(hearing_id)
        return None if room is None else room.hearing

    async def link_revoked(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        """A person's access has ended: so do their connections, at once."""
        self._bench.audience.dismiss(participant_id, "link_revoked")
        await self._bench.media.disconnect(hearing_id, participant_id)

    async def snapshot_kept(self, hearing_id: HearingId, participant_id: ParticipantId, snapshot: Snapshot) -> None:
        """A person has handed in a picture of themselves. Raises NotFound."""
        room = await self.room(hearing_id)
        await room.obey(SnapshotKept(participant_id=participant_id, sha256=snapshot.sha256, bytes=snapshot.bytes))

    async def exhibit_arrived(self, hearing_id: HearingId, arrived: ExhibitArrived) -> None:
        """A person's exhibit was received and kept. Raises CourtError."""
        room = await self.room(hearing_id)
        await room.obey(arrived)

    async def unseat(self, hearing_id: HearingId, participant_id: ParticipantId, reason: str) -> None:
        """A person was taken out of the case: a hearing that isn't over removes them at once, and their link ends.

        Raises NotFound, NoSuchPerson, CourtFull, MediaUnavailable.
        """
        hearing = await self.hearing(hearing_id)
        if participant_id not in hearing.participants:
            raise NoSuchPerson
        if hearing.is_over:
            await self._bench.links.revoke(hearing_id, participant_id)
            await self.link_revoked(hearing_id, participant_id)
        else:
            await (await self.room(hearing_id)).obey(Unseat(participant_id=participant_id, reason=reason))

    async def seat(
        self, hearing_id: HearingId, person: NewPerson, by: str, by_seat: ParticipantId | None
    ) -> ParticipantId:
        """Seat somebody in a hearing that isn't over, at once also where it runs; their new id.

        Raises NotFound, CourtFull, MediaUnavailable, and what the rules refuse.
        """
        participant_id = ParticipantId(f"p_{secrets.token_hex(5)}")
        room = await self.room(hearing_id)
        await room.obey(SeatPerson(participant_id=participant_id, person=person, by=by, by_seat=by_seat))
        return participant_id

    async def courtroom(self, hearing_id: HearingId) -> Courtroom:
        """One courtroom at a glance, without opening its room. Raises NotFound."""
        room = self._rooms.get(hearing_id)
        if room is None:
            return courtroom(await self.hearing(hearing_id), None, ())
        health = self._bench.media.recorder_health(hearing_id)
        return courtroom(room.hearing, health.model_copy(update={"disk": None}), room.connectivity.trouble())

    async def act(self, hearing_id: HearingId, actor: ParticipantId, command: AskedCommand, command_id: str) -> int:
        """Carry out a person's command for them. Raises NotFound, CourtFull, and what the rules refuse."""
        room = await self.room(hearing_id)
        return await room.carry_out(actor, command, f"desk {command_id}")

    async def take_up_unfinished(self) -> None:
        """At boot: reopen every hearing that a crash or a stop left in the middle.

        One that can't be opened now is opened when its first person comes and there is room.
        """
        for hearing_id in await self._bench.record.unfinished():
            hearing = await self.hearing(hearing_id)
            if hearing.seq == 1 or hearing.is_over:
                continue
            try:
                await self.room(hearing_id)
            except (CourtFull, MediaUnavailable) as refusal:
                log.error("hearing not taken up again", hearing=hearing_id, code=refusal.code)
            else:
                log.info("hearing taken up again", hearing=hearing_id, session=hearing.session)

    async def finish_record(self, hearing_id: HearingId) -> None:
        """At boot: an ended hearing's log is written to its end, its film made, its record sealed. Idempotent."""
        hearing = await self.hearing(hearing_id)
        if self._bench.record_room.has_unsealed_log(hearing_id):
            try:
                await bring_up_to_date(hearing_id, hearing.case_number, self._bench.evidence, self._bench.record)
            except (OSError, ValueError) as failure:
                log.error("record log not brought up to date", hearing=hearing_id, exc_info=failure)
        await self._bench.record_room.finish(hearing)

    async def leave_if_idle(self, hearing_id: HearingId) -> None:
        """Forget a room whose hearing is over once the last person has gone."""
        room = self._rooms.get(hearing_id)
        if room is not None and room.is_idle:
            del self._rooms[hearing_id]
            await room.close()

    async def close(self) -> None:
        """Close every room; sitting courts are suspended on the record."""
        for hearing_id, room in tuple(self._rooms.items()):
            await room.close()  # findable until then: its last segments are still told to it
            self._rooms.pop(hearing_id, None)

    @property
    def open_rooms(self) -> int:
        return len(self._rooms)

    # --- what the media plane tells --------------------------------------------------------------------

    def media_link_changed(self, hearing_id: HearingId, participant_id: ParticipantId, connected: bool) -> None:
        log.info("media link", hearing=hearing_id, participant=participant_id, connected=connected)

    def media_weather(self, hearing_id: HearingId, weather: MediaWeather) -> None:
        room = self._rooms.get(hearing_id)
        if room is not None:
            room.media_weather(weather)

    def media_lost(self, hearing_id: HearingId) -> None:
        log.error("media of a hearing was lost", hearing=hearing_id)
        room = self._rooms.get(hearing_id)
        if room is not None:
            room.media_lost()

    def recorder_stalled(self, hearing_id: HearingId, since: datetime, reason: str) -> None:
        log.error("recorder stalled", hearing=hearing_id, reason=reason)
        room = self._rooms.get(hearing_id)
        if room is not None:
            room.recorder_stalled(since, reason)

    def recorder_recovered(self, hearing_id: HearingId) -> None:
        log.info("recorder recovered", hearing=hearing_id)
        room = self._rooms.get(hearing_id)
        if room is not None:
            room.recorder_recovered()

    def pictures_kept(self, hearing_id: HearingId, are_kept: bool) -> None:
        room = self._rooms.get(hearing_id)
        if room is not None:
            room.pictures_kept(are_kept)

    def segment_closed(self, hearing_id: HearingId, segment: SegmentClosed) -> None:
        room = self._rooms.get(hearing_id)
        if room is None:
            log.error("segment of a hearing that is not open", hearing=hearing_id, file=segment.file)
        else:
            room.segment_closed(segment)
