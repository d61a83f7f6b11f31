"""One person's connection: what they send us, and the lines on which they are sent the others."""

import secrets
import time
from collections.abc import Callable
from typing import Protocol

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import SeatLines
from cloudcourt.domain.routing import LineKind
from media import rtcp
from media.answer import OutgoingStream, write_answer
from media.downlink import Downlink
from media.engine.engine import PacketEngine
from media.engine.incoming import Incoming
from media.engine.outgoing import Outgoing
from media.link import Link, LinkEvents
from media.publication import Publication
from media.rtp import one_byte_extensions, payload_offset
from media.sdp import MID_EXTENSION, Offer, OfferedLine
from media.subscription import Subscription
from media.uplink import Uplink

SILENT_NS = 12_000_000_000
"""Browsers check a path every few seconds even when they send nothing; this much silence is a dead one."""


COURT = ParticipantId("court")
"""In place of a source: the line of the screen before the court belongs to no seat."""
COURTS_SCREEN = "courts-screen"
"""Its CNAME: it is in step with nobody's sound."""


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
        self.publications: dict[LineKind, Publication] = {}
        self.subscriptions: dict[tuple[ParticipantId, LineKind], Subscription] = {}
        self.seats: tuple[SeatLines, ...] = ()
        self.screen_mid: str | None = None
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
        own: list[tuple[LineKind, OfferedLine]] = [(line.kind, line) for line in self._offer.lines[:2]]
        if self._offer.own_screen is not None:
            own.append(("screen", self._offer.lines[self._offer.own_screen]))
        for kind, line in own:
            if line.direction != "inactive":
                self.publications[kind] = Publication(
                    self.id, kind, line, self.link.peer, self._engine, reporter=self._own_ssrc
                )

    def _subscribe(self, others: tuple[tuple[ParticipantId, str], ...]) -> None:
        seats = []
        for number, ((source, cname), pair) in enumerate(zip(others, self._offer.pairs, strict=False)):
            for place, line in enumerate(pair):
                self.subscriptions[source, line.kind] = self._line(2 + 2 * number + place, cname)
            seats.append(SeatLines(participant_id=source, audio_mid=pair[0].mid, video_mid=pair[1].mid))
        self.seats = tuple(seats)
        if self._offer.has_screens:
            self.subscriptions[COURT, "screen"] = self._line(len(self._offer.lines) - 1, COURTS_SCREEN)
            self.screen_mid = self._offer.lines[-1].mid

    def _line(self, number: int, cname: str) -> Subscription:
        stream = OutgoingStream(self._new_ssrc(), self._new_ssrc(), cname)
        subscription = Subscription(self._offer.lines[number], stream, self.link.peer, self._engine)
        self._by_ssrc[stream.ssrc] = self._by_route[subscription.route] = subscription
        self._outgoing[number] = stream
        return subscription

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
        line = self._line_of(packet)
        takes = [p for p in self.publications.values() if p.takes(payload_type) and line in (None, p.mid)]
        publication = next(iter(takes), None)
        if publication is None:
            self._engine.counts.rtp_malformed += 1
        elif publication.declares(packet):
            self._engine.admit(self.link.peer, packet, arrived_ns)

    def _line_of(self, packet: bytes) -> str | None:
        """The name of the line that a new stream belongs to, where names are needed: a screen is no camera."""
        sound = self.publications.get("audio")
        if "screen" not in self.publications or (sound is not None and sound.takes(packet[1] & 0x7F)):
            return None
        number, offset = self._offer.lines[1].extensions[MID_EXTENSION], payload_offset(packet)
        found = one_byte_extensions(packet, offset).get(number) if offset >= 0 else None
        return "" if found is None else packet[found[0] : found[0] + found[1]].decode("ascii", "replace")

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
