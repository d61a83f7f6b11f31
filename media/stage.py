"""One hearing's live media: who is connected, and the routing carried out to the letter."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import structlog

from cloudcourt.domain.errors import MediaRefused, MediaUnavailable
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import HearingMedia, MediaAnswer, MediaListener
from cloudcourt.domain.recording import Readiness, RecorderHealth
from cloudcourt.domain.routing import NO_ROUTING, Flow, Routing, Taken
from cloudcourt.observability.tasks import Crew
from media.guard import IngressCounts
from media.link import Link, LinkEvents
from media.peer import Peer
from media.publication import Tap
from media.sdp import read_offer

log = structlog.get_logger()

REPORT_EVERY_S = 1.0
MAX_BITS_PER_S = 2_000_000
MIN_BITS_PER_S = 400_000
VIEWER_BITS_PER_S = 6_000_000
"""What all the pictures that one viewer receives may add up to."""

LinkMaker = Callable[[LinkEvents, str], Link]


class Recorder(Tap, Protocol):
    """What the stage needs of `media.record.recorder.HearingRecorder`."""

    key_frame_wanted: Callable[[ParticipantId], None]

    async def preflight(self) -> Readiness: ...
    async def start(self) -> None: ...
    def source_ended(self, source: ParticipantId) -> None: ...
    async def stop(self) -> None: ...
    def health(self) -> RecorderHealth: ...
    async def close(self) -> None: ...


RecorderMaker = Callable[[Callable[[datetime, str], None], Callable[[], None]], Recorder]


class Stage:
    """Owns the hearing's peers and its recorder. All methods belong to the event loop."""

    def __init__(
        self,
        hearing: HearingMedia,
        listener: MediaListener,
        make_link: LinkMaker,
        make_recorder: RecorderMaker,
        counts: IngressCounts,
    ) -> None:
        self.listener = listener
        self._hearing = hearing
        self._make_link, self._counts = make_link, counts
        self._recorder = make_recorder(self._recorder_stalled, self._recorder_recovered)
        self._recorder.key_frame_wanted = self._key_frame_wanted
        self._recording = False
        self._routing = NO_ROUTING
        self._peers: dict[ParticipantId, Peer] = {}
        self._cnames = {seat.participant_id: secrets.token_hex(8) for seat in hearing.seats}
        self._leaving: set[Link] = set()
        self._closed = False
        others = max(1, len(hearing.seats) - 1)
        self._allowed_bits_per_s = max(MIN_BITS_PER_S, min(MAX_BITS_PER_S, VIEWER_BITS_PER_S // others))
        self._crew = Crew(f"stage {hearing.hearing_id}")
        self._crew.start(self._report_every_second(), name="reports")

    @property
    def connected_people(self) -> int:
        return sum(peer.link.connected for peer in self._peers.values())

    async def connect(self, participant_id: ParticipantId, offer_text: str) -> MediaAnswer:
        """Raises MediaRefused; MediaUnavailable when there is no port left, or the hearing closes meanwhile."""
        if participant_id not in self._cnames:
            raise MediaRefused("no_seat")
        offer = read_offer(offer_text)
        others = tuple((p, cname) for p, cname in self._cnames.items() if p != participant_id)
        name = f"{self._hearing.hearing_id} {participant_id}"

        def make_link(events: LinkEvents) -> Link:
            return self._make_link(events, name)

        peer = Peer(participant_id, offer, others, make_link, self, self._counts)
        try:
            text = await peer.answer()
            if self._closed:
                raise MediaUnavailable
        except BaseException as failure:
            await peer.link.close()
            if isinstance(failure, OSError):
                log.error("no media port", hearing_id=self._hearing.hearing_id, exc_info=failure)
                raise MediaUnavailable from failure
            raise
        if (old := self._peers.get(participant_id)) is not None:
            self._part_with(old)
        self._peers[participant_id] = peer
        self._rewire()
        return MediaAnswer(sdp=text, seats=peer.seats)

    async def disconnect(self, participant_id: ParticipantId) -> None:
        if (peer := self._peers.get(participant_id)) is not None:
            self._part_with(peer)
            await peer.link.close()

    def set_routing(self, routing: Routing) -> None:
        self._routing = routing
        self._rewire()

    def _rewire(self) -> None:
        """Make what flows equal to what the routing allows and the connections permit."""
        for viewer in self._peers.values():
            for (source, kind), subscription in viewer.subscriptions.items():
                flows = viewer.link.connected and Flow(source, viewer.id, kind) in self._routing.flows
                peer = self._peers.get(source) if flows else None
                subscription.attach(None if peer is None else peer.publications.get(kind))
        for peer in self._peers.values():
            for kind, publication in peer.publications.items():
                taken = self._recording and Taken(peer.id, kind) in self._routing.recorded
                publication.set_tap(self._recorder if taken else None)

    def peer_connected(self, peer: Peer) -> None:
        if self._peers.get(peer.id) is peer:
            self._rewire()
            self._tell(peer.id, connected=True)

    def peer_lost(self, peer: Peer, reason: str) -> None:
        if self._peers.get(peer.id) is peer:
            log.info(
                "media link lost",
                hearing_id=self._hearing.hearing_id,
                participant_id=peer.id,
                reason=reason,
            )
            self._part_with(peer)

    def _part_with(self, peer: Peer) -> None:
        """Take the peer off the stage at once, and close its link in the background."""
        del self._peers[peer.id]
        peer.leave()
        self._rewire()
        if self._recording:
            self._recorder.source_ended(peer.id)
        self._leaving.add(peer.link)
        self._crew.start(self._see_off(peer.link), name=f"closing {peer.id}")
        if peer.was_connected:
            self._tell(peer.id, connected=False)

    async def _see_off(self, link: Link) -> None:
        await link.close()
        self._leaving.discard(link)

    def _tell(self, participant_id: ParticipantId, *, connected: bool) -> None:
        self.listener.media_link_changed(self._hearing.hearing_id, participant_id, connected)

    async def _report_every_second(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            now_ns = time.monotonic_ns()
            for peer in list(self._peers.values()):
                try:
                    peer.second_passed(now_ns, self._allowed_bits_per_s)
                except Exception:  # one person's fault must not leave the others without reports
                    log.exception("media reports failed", participant_id=peer.id)

    async def preflight(self) -> Readiness:
        return await self._recorder.preflight()

    async def start_recording(self) -> None:
        await self._recorder.start()
        self._recording = not self._closed
        self._rewire()

    async def stop_recording(self) -> None:
        self._recording = False
        self._rewire()
        await self._recorder.stop()

    def recorder_health(self) -> RecorderHealth:
        return self._recorder.health()

    def _recorder_stalled(self, since: datetime, reason: str) -> None:
        self.listener.recorder_stalled(self._hearing.hearing_id, since, reason)

    def _recorder_recovered(self) -> None:
        self.listener.recorder_recovered(self._hearing.hearing_id)

    def _key_frame_wanted(self, source: ParticipantId) -> None:
        if (peer := self._peers.get(source)) is not None and "video" in peer.publications:
            peer.publications["video"].request_key_frame()

    async def close(self) -> None:
        """Retire everybody, then close the record; the record is closed whatever the links do."""
        self._closed = True
        try:
            for peer in list(self._peers.values()):
                self._part_with(peer)
            closing: list[Awaitable[None]] = [link.close() for link in self._leaving]
            await asyncio.gather(*closing)
            await self._crew.dismiss()
        finally:
            self._recording = False
            await self._recorder.close()
