"""One person's sound or picture on its way to one viewer: an endless stream, whatever happens to its source."""

import secrets
import struct

from media import rtcp
from media.answer import OutgoingStream
from media.link import Link
from media.publication import Publication
from media.rewrite import Continuity
from media.rtp import CLOCK_RATES, FIXED_HEADER, CodecName, mid_extension, starts_key_frame
from media.sdp import OfferedLine

REPAIRS_PER_S = 400
"""Beyond this a viewer's link is so bad, or its client so rude, that repairs make it worse."""
_PADDING, _EXTENSION, _MARKER, _VERSION = 0x20, 0x10, 0x80, 0x80


class Subscription:
    """One line of a viewer's connection. It exists as long as the connection, whether or not anything flows."""

    def __init__(self, line: OfferedLine, stream: OutgoingStream, link: Link) -> None:
        self.stream = stream
        self.waiting = True
        self.packets_sent = 0
        self.repairs_sent = 0
        self._octets_sent = 0
        self._link = link
        self._payload_types: dict[CodecName, tuple[int, int | None]] = {
            codec.name: (codec.payload_type, codec.repair_payload_type) for codec in line.codecs
        }
        self._payload_type = 0
        self._repair_payload_type: int | None = None
        self._extension = mid_extension(line.mid_extension_id, line.mid) if line.mid_extension_id else b""
        self._first_byte = _VERSION | (_EXTENSION if self._extension else 0)
        rate = CLOCK_RATES["opus" if line.kind == "audio" else "vp8"]
        # Half of the range, so that SRTP's roll-over count starts at zero (RFC 3711 section 3.3.1).
        self._continuity = Continuity(rate, seq=secrets.randbits(15), timestamp=secrets.randbits(32))
        self._repair_seq = secrets.randbits(15)
        self._repairs_left = REPAIRS_PER_S
        self._publication: Publication | None = None
        self._clock: object = None

    def attach(self, publication: Publication | None) -> None:
        """Take `publication` from now on; None takes nothing. When this returns, the old flow has ended."""
        if publication is self._publication:
            return
        if self._publication is not None:
            self._publication.remove(self)
        self._publication = None
        self.waiting = True
        if publication is None or publication.codec not in self._payload_types:
            return
        self._payload_type, self._repair_payload_type = self._payload_types[publication.codec]
        self._publication = publication
        publication.add(self)
        publication.request_key_frame()

    def restart(self) -> None:
        self.waiting = True

    def forward(self, packet: bytes, offset: int, seq: int, timestamp: int, now_ns: int) -> None:
        marker = packet[1] & _MARKER
        if self.waiting:
            if not self._begin(packet, offset, seq, timestamp, now_ns):
                return
            marker |= self._talkspurt_marker()
        out = self._continuity.carry(seq, timestamp, now_ns)
        if out is None:
            return
        head = FIXED_HEADER.pack(
            self._first_byte | packet[0] & _PADDING,
            marker | self._payload_type,
            out & 0xFFFF,
            timestamp + self._continuity.time_shift & 0xFFFFFFFF,
            self.stream.ssrc,
        )
        self._link.send_rtp(head + self._extension, packet, offset)
        self.packets_sent += 1
        self._octets_sent += len(packet) - offset

    def _begin(self, packet: bytes, offset: int, seq: int, timestamp: int, now_ns: int) -> bool:
        publication = self._publication
        if publication is None or not starts_key_frame(publication.codec, packet, offset):
            return False
        if publication.clock is not self._clock:
            self._clock = publication.clock
            self._continuity.forget_clock()
        self._continuity.begin_run(seq, timestamp, now_ns)
        self.waiting = False
        self.report()
        return True

    def _talkspurt_marker(self) -> int:
        """Sound that begins after a silence says so (RFC 3551 section 4.1)."""
        return _MARKER if self._publication is not None and self._publication.kind == "audio" else 0

    def report(self) -> None:
        """Pass the source's latest sender report on, in this stream's own numbers."""
        publication = self._publication
        if self.waiting or publication is None or (latest := publication.last_report) is None:
            return
        self._link.send_rtcp(
            rtcp.sender_report(
                self.stream.ssrc,
                latest.ntp,
                latest.timestamp + self._continuity.time_shift,
                self.packets_sent,
                self._octets_sent,
            )
            + rtcp.description(self.stream.ssrc, self.stream.cname)
        )

    def repair(self, seqs: tuple[int, ...]) -> None:
        """Send packets again that the viewer lost, as far as they are still kept and the flow still open."""
        if self.waiting or self._publication is None:
            return
        for seq in seqs:
            source_seq = self._continuity.source_of(seq)
            kept = None if source_seq is None else self._publication.kept(source_seq)
            if kept is None:
                continue
            if self._repairs_left <= 0:
                return
            self._repairs_left -= 1
            self._send_again(*kept, seq)

    def _send_again(self, packet: bytes, offset: int, seq: int) -> None:
        timestamp = int.from_bytes(packet[4:8], "big") + self._continuity.time_shift & 0xFFFFFFFF
        first, marker = self._first_byte | packet[0] & _PADDING, packet[1] & _MARKER
        self.repairs_sent += 1
        if self._repair_payload_type is None:
            head = FIXED_HEADER.pack(first, marker | self._payload_type, seq, timestamp, self.stream.ssrc)
            self._link.send_rtp(head + self._extension, packet, offset)
            return
        self._repair_seq = self._repair_seq + 1 & 0xFFFF
        head = FIXED_HEADER.pack(
            first, marker | self._repair_payload_type, self._repair_seq, timestamp, self.stream.repair_ssrc
        )
        self._link.send_rtp(head + self._extension + struct.pack("!H", seq), packet, offset)

    def key_frame_wanted(self) -> None:
        if self._publication is not None:
            self._publication.request_key_frame()

    def second_passed(self) -> None:
        self._repairs_left = REPAIRS_PER_S
