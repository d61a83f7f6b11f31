"""One hearing's live media: who is connected, and the routing carried out to the letter."""

import asyncio
import secrets
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

import structlog

from cloudcourt.domain.errors import MediaRefused, MediaUnavailable
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import HearingMedia, MediaAnswer, MediaListener, MediaWeather
from cloudcourt.domain.recording import Readiness, RecorderHealth, SegmentClosed
from cloudcourt.domain.routing import NO_ROUTING, Flow, LineKind, Routing, Taken
from cloudcourt.observability.tasks import Crew
from media.engine.engine import PacketEngine
from media.engine.incoming import Tap
from media.link import Link, LinkEvents
from media.mix.desk import MixDesk
from media.mix.voices import send_mixed, voices_of
from media.peer import Peer
from media.publication import RecorderEars
from media.rounds import Rounds
from media.sdp import Offer, read_offer

log = structlog.get_logger()

LinkMaker = Callable[[LinkEvents, str], Link]


class Recorder(RecorderEars, Protocol):
    """What the stage needs of `media.record.recorder.HearingRecorder`."""

    key_frame_wanted: Callable[[ParticipantId, LineKind], None]
    segment_closed: Callable[[SegmentClosed], None]
    pictures_kept: Callable[[bool], None]
    ring: deque[Any]

    async def preflight(self) -> Readiness: ...
    async def start(self) -> None: ...
    def source_ended(self, source: ParticipantId) -> None: ...
    def mark(self) -> None: ...
    async def stop(self) -> None: ...
    def health(self) -> RecorderHealth: ...
    async def close(self) -> None: ...


RecorderMaker = Callable[[Callable[[datetime, str], None], Callable[[], None]], Recorder]


class Stage:
    """Owns the hearing's peers and its recorder. All methods belong to the event loop.

    A person has at most two peers: the one that carries them, and a newer one on its way to take over.
    """

    def __init__(
        self,
        hearing: HearingMedia,
        listener: MediaListener,
        make_link: LinkMaker,
        engine: PacketEngine,
        make_recorder: RecorderMaker,
    ) -> None:
        self.listener = listener
        self._hearing = hearing
        self._make_link, self._engine = make_link, engine
        self._recorder = make_recorder(self._recorder_stalled, self._recorder_recovered)
        self._recorder.key_frame_wanted = self._key_frame_wanted
        self._recorder.segment_closed = self._segment_closed
        self._recorder.pictures_kept = self._pictures_kept
        self._recording = False
        self._routing = NO_ROUTING
        self._audible: frozenset[ParticipantId] = frozenset()
        self._peers: dict[ParticipantId, Peer] = {}
        self._coming: dict[ParticipantId, Peer] = {}
        self._cnames: dict[ParticipantId, str] = {}
        self._leaving: set[Link] = set()
        self._sent_before: Counter[ParticipantId] = Counter()
        self._closed = False
        self._crew = Crew(f"stage {hearing.hearing_id}")
        self.mixing = MixDesk(hearing.hearing_id, engine, self._rewire)
        self._rounds = Rounds(
            hearing.hearing_id, hearing.seats, self._connected, lambda: self._audible, self._fell_silent, self._told
        )
        self.seat(hearing)
        self._crew.start(self._rounds.run(), name="rounds")

    def seat(self, hearing: HearingMedia) -> None:
        """These people have seats from now on. Connections that stand keep their lines: who wants more offers anew."""
        known, self._hearing = self._cnames, hearing
        self._cnames = {
            p: known.get(p) or secrets.token_hex(8) for p in (seat.participant_id for seat in hearing.seats)
        }
        self._rounds.seat(hearing.seats)

    @property
    def connected_people(self) -> int:
        return len(self._connected())

    def _connected(self) -> list[Peer]:
        return [peer for peer in self._peers.values() if peer.link.connected]

    async def connect(self, participant_id: ParticipantId, offer_text: str) -> MediaAnswer:
        """Raises MediaRefused; MediaUnavailable when no port is open or the hearing has closed."""
        if participant_id not in self._cnames:
            raise MediaRefused("no_seat")
        offer = read_offer(offer_text)
        if self._closed:
            raise MediaUnavailable
        for peer in (self._coming.get(participant_id), self._peers.get(participant_id)):
            if peer is not None and peer.is_restarted_by(offer):
                return MediaAnswer(sdp=peer.restart(offer), seats=peer.seats, screen_mid=peer.screen_mid)
        peer, text = self._new_peer(participant_id, offer)
        self._take_on(peer)
        return MediaAnswer(sdp=text, seats=peer.seats, screen_mid=peer.screen_mid)

    def _new_peer(self, participant_id: ParticipantId, offer: Offer) -> tuple[Peer, str]:
        others = tuple((p, cname) for p, cname in self._cnames.items() if p != participant_id)
        name = f"{self._hearing.hearing_id} {participant_id}"

        def make_link(events: LinkEvents) -> Link:
            return self._make_link(events, name)

        peer = Peer(participant_id, offer, others, make_link, self._engine, self)
        try:
            return peer, peer.answer()
        except OSError as failure:
            log.error("no media port", hearing_id=self._hearing.hearing_id, exc_info=failure)
            self._see_off(peer)
            raise MediaUnavailable from failure

    def _take_on(self, peer: Peer) -> None:
        """A new peer carries its person at once, unless another one still does: then once it is connected."""
        if (rival := self._coming.pop(peer.id, None)) is not None:
            self._see_off(rival)
        old = self._peers.get(peer.id)
        if old is not None and old.link.connected:
            self._coming[peer.id] = peer
            return
        if old is not None:
            self._part_with(old)
        self._peers[peer.id] = peer

    async def disconnect(self, participant_id: ParticipantId) -> None:
        if (coming := self._coming.pop(participant_id, None)) is not None:
            self._see_off(coming)
        if (peer := self._peers.get(participant_id)) is not None:
            self._part_with(peer)
            await peer.link.close()

    def set_routing(self, routing: Routing) -> None:
        self._routing = routing
        self._audible = frozenset(flow.source for flow in routing.flows if flow.kind == "audio")
        self._rewire()

    def _rewire(self) -> None:
        """Make what flows equal to what the routing allows and the connections permit."""
        screens = {flow.listener: flow.source for flow in self._routing.flows if flow.kind == "screen"}
        self._plan_mixes()
        for viewer in self._peers.values():
            mixed = self.mixing.sound_of(viewer.id)
            if mixed is not None:
                send_mixed(viewer, mixed, self._routing)
            for (line_of, kind), subscription in viewer.subscriptions.items():
                if mixed is not None and kind == "audio":
                    continue
                source = screens.get(viewer.id, line_of) if kind == "screen" else line_of
                flows = viewer.link.connected and Flow(source, viewer.id, kind) in self._routing.flows
                peer = self._peers.get(source) if flows else None
                subscription.attach(None if peer is None else peer.publications.get(kind))
        for peer in self._peers.values():
            for kind, publication in peer.publications.items():
                taken = self._recording and Taken(peer.id, kind) in self._routing.recorded
                tap = Tap(self._recorder.ring, publication.label()) if taken else None
                publication.set_tap(tap, self._recorder)

    def _plan_mixes(self) -> None:
        listeners = {peer.id for peer in self._connected()} & self._routing.mixed
        self.mixing.plan(
            {listener: voices_of(self._routing, listener) for listener in listeners},
            {peer.id: peer.publications.get("audio") for peer in self._peers.values()},
        )

    def peer_connected(self, peer: Peer) -> None:
        if self._coming.get(peer.id) is peer:
            del self._coming[peer.id]
            if (old := self._peers.get(peer.id)) is not None:
                self._part_with(old)
            self._peers[peer.id] = peer
        if self._peers.get(peer.id) is peer:
            self._rewire()
            self._tell(peer.id, connected=True)

    def peer_lost(self, peer: Peer, reason: str) -> None:
        if self._coming.get(peer.id) is peer:
            del self._coming[peer.id]
            self._see_off(peer)
        if self._peers.get(peer.id) is peer:
            log.info(
                "media link lost",
                hearing_id=self._hearing.hearing_id,
                participant_id=peer.id,
                reason=reason,
            )
            self._part_with(peer)

    def _fell_silent(self, peer: Peer) -> None:
        self.peer_lost(peer, "silent")

    def _part_with(self, peer: Peer) -> None:
        """Take the peer off the stage at once, and close its link in the background."""
        del self._peers[peer.id]
        self._see_off(peer)
        self._rewire()
        if self._recording:
            self._recorder.source_ended(peer.id)
        if peer.was_connected:
            self._tell(peer.id, connected=False)

    def _see_off(self, peer: Peer) -> None:
        peer.leave()
        self._sent_before[peer.id] += peer.packets_sent
        self._leaving.add(peer.link)
        self._crew.start(self._close_link(peer.link), name=f"closing {peer.id}")

    async def _close_link(self, link: Link) -> None:
        await link.close()
        self._leaving.discard(link)

    def _tell(self, participant_id: ParticipantId, *, connected: bool) -> None:
        self.listener.media_link_changed(self._hearing.hearing_id, participant_id, connected)

    def _told(self, weather: MediaWeather) -> None:
        self.listener.media_weather(self._hearing.hearing_id, weather)

    def packets_sent(self) -> dict[ParticipantId, int]:
        """By listener, over all connections since the hearing was opened here."""
        sent = self._sent_before.copy()
        for peer in (*self._peers.values(), *self._coming.values()):
            sent[peer.id] += peer.packets_sent
        return dict(sent)

    async def preflight(self) -> Readiness:
        return await self._recorder.preflight()

    async def start_recording(self) -> None:
        await self._recorder.start()
        self._recording = not self._closed
        self._rewire()

    def mark(self) -> None:
        """A new phase begins in the record."""
        self._recorder.mark()

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

    def _pictures_kept(self, are_kept: bool) -> None:
        self.listener.pictures_kept(self._hearing.hearing_id, are_kept)

    def _segment_closed(self, segment: SegmentClosed) -> None:
        self.listener.segment_closed(self._hearing.hearing_id, segment)

    def _key_frame_wanted(self, source: ParticipantId, kind: LineKind) -> None:
        if (peer := self._peers.get(source)) is not None and kind in peer.publications:
            peer.publications[kind].request_key_frame()

    async def close(self) -> None:
        """Retire everybody, then close the record; the record is closed whatever the links do."""
        self._closed = True
        try:
            for coming in list(self._coming.values()):
                self._see_off(coming)
            self._coming.clear()
            for peer in list(self._peers.values()):
                self._part_with(peer)
            closing: list[Awaitable[None]] = [link.close() for link in self._leaving]
            await asyncio.gather(*closing, self.mixing.close())
            await self._crew.dismiss()
        finally:
            self._recording = False
            await self._recorder.close()
