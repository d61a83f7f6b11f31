"""One person's connection: what they send us, and the lines on which they are sent the others."""

import secrets
from collections.abc import Callable
from typing import Protocol

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import SeatLines
from cloudcourt.domain.routing import MediaKind
from media import rtcp
from media.answer import OutgoingStream, write_answer
from media.guard import IngressCounts
from media.link import Link, LinkEvents
from media.publication import Publication
from media.sdp import Offer
from media.subscription import Subscription

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
        events: PeerEvents,
        counts: IngressCounts,
    ) -> None:
        self.id = participant_id
        self.link = make_link(self)
        self.publications: dict[MediaKind, Publication] = {}
        self.subscriptions: dict[tuple[ParticipantId, MediaKind], Subscription] = {}
        self.seats: tuple[SeatLines, ...] = ()
        self.was_connected = False
        self._offer, self._events, self._counts = offer, events, counts
        self._outgoing: dict[int, OutgoingStream] = {}
        self._by_ssrc: dict[int, Subscription] = {}
        self._lanes: dict[int, Callable[[bytes, int], None]] = {}
        self._own_ssrc = secrets.randbits(32)
        self._publish()
        self._subscribe(others)

    def _publish(self) -> None:
        for line in self._offer.lines[:2]:
            if line.direction == "inactive":
                continue
            codec = line.codecs[0]
            publication = Publication(
                self.id, line.kind, codec, self.link, reporter=self._own_ssrc, counts=self._counts
            )
            self.publications[line.kind] = publication
            self._lanes[codec.payload_type] = publication.arrived
            if codec.repair_payload_type is not None:
                self._lanes[codec.repair_payload_type] = publication.repair_arrived

    def _subscribe(self, others: tuple[tuple[ParticipantId, str], ...]) -> None:
        seats = []
        pairs = zip(self._offer.lines[2::2], self._offer.lines[3::2], strict=False)
        for number, ((source, cname), pair) in enumerate(zip(others, pairs, strict=False)):
            for place, line in enumerate(pair):
                stream = OutgoingStream(self._new_ssrc(), self._new_ssrc(), cname)
                subscription = Subscription(line, stream, self.link)
                self._by_ssrc[stream.ssrc] = self.subscriptions[source, line.kind] = subscription
                self._outgoing[2 + 2 * number + place] = stream
            seats.append(SeatLines(participant_id=source, audio_mid=pair[0].mid, video_mid=pair[1].mid))
        self.seats = tuple(seats)

    def _new_ssrc(self) -> int:
        taken = {self._own_ssrc} | {s for stream in self._outgoing.values() for s in stream[:2]}
        while (ssrc := secrets.randbits(32)) in taken:
            pass
        return ssrc

    async def answer(self) -> str:
        """Take ports, write the answer and begin to connect. Raises OSError."""
        face = await self.link.prepare()
        text = write_answer(self._offer, face, self._outgoing)
        self.link.start(self._offer.face)
        return text

    def link_connected(self) -> None:
        self.was_connected = True
        self._events.peer_connected(self)

    def link_lost(self, reason: str) -> None:
        self._events.peer_lost(self, reason)

    def rtp_arrived(self, packet: bytes, arrived_ns: int) -> None:
        if len(packet) < 12 or (lane := self._lanes.get(packet[1] & 0x7F)) is None:
            self._counts.rtp_malformed += 1
            return
        lane(packet, arrived_ns)

    def rtcp_arrived(self, compound: bytes, arrived_ns: int) -> None:
        try:
            for notice in rtcp.read_compound(compound):
                self._note(notice, arrived_ns)
        except ValueError:
            self._counts.rtcp_malformed += 1

    def _note(self, notice: rtcp.Notice, arrived_ns: int) -> None:
        if isinstance(notice, rtcp.SenderReport):
            for publication in self.publications.values():
                if publication.ssrc == notice.ssrc:
                    publication.note_report(notice, arrived_ns)
        elif isinstance(notice, rtcp.Nack | rtcp.KeyFrameWanted):
            subscription = self._by_ssrc.get(notice.ssrc)
            if subscription is None:
                return
            if isinstance(notice, rtcp.Nack):
                subscription.repair(notice.seqs)
            else:
                subscription.key_frame_wanted()

    def second_passed(self, now_ns: int, allowed_bits_per_s: int) -> None:
        """Report how the person's streams arrive and how much they may send; notice a dead path."""
        if not self.link.connected:
            return
        if now_ns - self.link.last_heard_ns > SILENT_NS:
            self._events.peer_lost(self, "silent")
            return
        publications = [p for p in self.publications.values() if p.ssrc is not None]
        blocks = [block for p in publications if (block := p.report_block(now_ns)) is not None]
        report = rtcp.receiver_report(self._own_ssrc, blocks)
        if ssrcs := [p.ssrc for p in publications if p.ssrc is not None]:
            report += rtcp.bandwidth_allowed(self._own_ssrc, allowed_bits_per_s, ssrcs)
        self.link.send_rtcp(report)
        for publication in publications:
            publication.remind()
        for subscription in self.subscriptions.values():
            subscription.second_passed()

    def leave(self) -> None:
        """Stop taking and giving at once; closing the link is left to the caller."""
        for subscription in self.subscriptions.values():
            subscription.attach(None)
        for publication in self.publications.values():
            publication.close()
        self._lanes.clear()
        self._by_ssrc.clear()
