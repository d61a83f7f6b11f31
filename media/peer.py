"""One person's connection: what they send us, and the lines on which they are sent the others."""

import secrets
import time
from collections.abc import Callable
from typing import Protocol

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import SeatLines
from cloudcourt.domain.routing import MediaKind
from media import rtcp
from media.answer import OutgoingStream, write_answer
from media.downlink import Downlink
from media.engine.engine import PacketEngine
from media.engine.incoming import Incoming
from media.engine.outgoing import Outgoing
from media.link import Link, LinkEvents
from media.publication import Publication
from media.sdp import Offer
from media.subscription import Subscription
from media.uplink import Uplink

SILENT_NS = 12_000_000_000
"""Browsers check a path every few seconds even when they send nothing; this much silence is a dead one."""


class PeerEvents(Protocol):
    def peer_connected(self, peer: "Peer") -> None: ...

    def peer_lost(self, peer: "Peer", reason: str) -> None: ...


class Peer:
    """Listens to one link. `others` are the other seats in seating order, each with its CNAME."""

    def __init__(
        self,
        participant_id: ParticipantId,
        offer: Offer,
        others: tuple[tuple[ParticipantId, str], ...],
        make_link: Callable[[LinkEvents], Link],
        engine: PacketEngine,
        events: PeerEvents,
    ) -> None:
        self.id = participant_id
        self.link = make_link(self)
        self.publications: dict[MediaKind, Publication] = {}
        self.subscriptions: dict[tuple[ParticipantId, MediaKind], Subscription] = {}
        self.seats: tuple[SeatLines, ...] = ()
        self.was_connected = False
        self._offer, self._engine, self._events = offer, engine, events
        self._outgoing: dict[int, OutgoingStream] = {}
        self._by_ssrc: dict[int, Subscription] = {}
        self._by_route: dict[Outgoing, Subscription] = {}
        self._own_ssrc = secrets.randbits(32)
        self._publish()
        self._subscribe(others)
        self.uplink = Uplink(self.link.peer, engine, self._own_ssrc, list(self.publications.values()))
        self.downlink = Downlink(engine, self.subscriptions)

    def _publish(self) -> None:
        for line in self._offer.lines[:2]:
            if line.direction != "inactive":
                self.publications[line.kind] = Publication(
                    self.id, line, self.link.peer, self._engine, reporter=self._own_ssrc
                )

    def _subscribe(self, others: tuple[tuple[ParticipantId, str], ...]) -> None:
        seats = []
        pairs = zip(self._offer.lines[2::2], self._offer.lines[3::2], strict=False)
        for number, ((source, cname), pair) in enumerate(zip(others, pairs, strict=False)):
            for place, line in enumerate(pair):
                stream = OutgoingStream(self._new_ssrc(), self._new_ssrc(), cname)
                subscription = Subscription(line, stream, self.link.peer, self._engine)
                self._by_ssrc[stream.ssrc] = self.subscriptions[source, line.kind] = subscription
                self._by_route[subscription.route] = subscription
                self._outgoing[2 + 2 * number + place] = stream
            seats.append(SeatLines(participant_id=source, audio_mid=pair[0].mid, video_mid=pair[1].mid))
        self.seats = tuple(seats)

    def _new_ssrc(self) -> int:
        taken = {self._own_ssrc} | {s for stream in self._outgoing.values() for s in stream[:2]}
        while (ssrc := secrets.randbits(32)) in taken:
            pass
        return ssrc

    def answer(self) -> str:
        """Begin to connect, and write the answer. Raises OSError."""
        return write_answer(self._offer, self.link.start(self._offer.face), self._outgoing)

    def is_restarted_by(self, offer: Offer) -> bool:
        """Whether an offer is this very connection's, with new ICE credentials: the certificate tells."""
        mine = self._offer
        return (
            offer.face.fingerprints == mine.face.fingerprints
            and offer.face.ufrag != mine.face.ufrag
            and [(line.mid, line.direction) for line in offer.lines]
            == [(line.mid, line.direction) for line in mine.lines]
        )

    def restart(self, offer: Offer) -> str:
        """Answer an ICE restart: a new path for the same streams."""
        self._offer = offer
        return write_answer(offer, self.link.restart(offer.face), self._outgoing)

    # --- what the link tells ---------------------------------------------------------------------------

    def link_connected(self) -> None:
        self.was_connected = True
        self._events.peer_connected(self)

    def link_lost(self, reason: str) -> None:
        self._events.peer_lost(self, reason)

    def path_moved(self) -> None:
        """Pictures begin anew both ways, at key frames, instead of waiting for repairs of what a dead path took."""
        for publication in self.publications.values():
            publication.path_moved()
        for subscription in self.subscriptions.values():
            subscription.key_frame_wanted()
        self.downlink.path_moved(time.monotonic_ns())

    def stream_appeared(self, packet: bytes, arrived_ns: int) -> None:
        payload_type = packet[1] & 0x7F
        publication = next((p for p in self.publications.values() if p.takes(payload_type)), None)
        if publication is None:
            self._engine.counts.rtp_malformed += 1
        elif publication.declares(packet):
            self._engine.admit(self.link.peer, packet, arrived_ns)

    def stream_restarted(self, stream: Incoming) -> None:
        for publication in self.publications.values():
            publication.request_key_frame(stream)

    def packets_missing(self, stream: Incoming) -> None:
        for publication in self.publications.values():
            if any(layer is not None and layer.stream is stream for layer in publication.layers):
                publication.packets_missing(stream)

    def route_begun(self, route: Outgoing) -> None:
        if (subscription := self._by_route.get(route)) is not None:
            subscription.report()

    def rtcp_arrived(self, compound: bytes, arrived_ns: int) -> None:
        try:
            for notice in rtcp.read_compound(compound):
                self._note(notice, arrived_ns)
        except ValueError:
            self._engine.counts.rtcp_malformed += 1

    def _note(self, notice: rtcp.Notice, arrived_ns: int) -> None:
        match notice:
            case rtcp.SenderReport():
                self._note_report(notice, arrived_ns)
            case rtcp.BandwidthEstimate():
                self.downlink.browser_estimate(notice.bits_per_s, arrived_ns)
            case rtcp.ReceiverReport() if notice.ssrc in self._by_ssrc:
                self.downlink.receiver_report(self._by_ssrc[notice.ssrc], notice, arrived_ns)
                self.uplink.rtt_ms = self.downlink.rtt_ms
            case rtcp.Nack() if notice.ssrc in self._by_ssrc:
                self._by_ssrc[notice.ssrc].repair(notice.seqs)
            case rtcp.KeyFrameWanted() if notice.ssrc in self._by_ssrc:
                self._by_ssrc[notice.ssrc].key_frame_wanted()

    def _note_report(self, report: rtcp.SenderReport, arrived_ns: int) -> None:
        for publication in self.publications.values():
            stream = publication.note_report(report, arrived_ns)
            for route in () if stream is None else stream.routes:
                route.viewer.owner.events.route_begun(route)

    # --- what happens in turns -------------------------------------------------------------------------

    def is_silent(self, now_ns: int) -> bool:
        return self.link.connected and now_ns - self.link.last_heard_ns > SILENT_NS

    def second_passed(self, now_ns: int, seconds: float, allowed_bits_per_s: int) -> None:
        """Count, report how the person's streams arrive and, where it is ours to say, how much they may send."""
        self.uplink.second_passed(now_ns, seconds, allowed_bits_per_s)
        self.downlink.second_passed(now_ns, seconds)

    @property
    def packets_sent(self) -> int:
        """How many media packets the person has been sent on this connection, of all sources."""
        return sum(subscription.route.packets for subscription in self.subscriptions.values())

    def leave(self) -> None:
        """Stop taking and giving at once; closing the link is left to the caller."""
        for subscription in self.subscriptions.values():
            subscription.attach(None)
        for publication in self.publications.values():
            publication.close()
        self._by_ssrc.clear()
        self._by_route.clear()
