"""The packet engine's way out: a header written in place, the payload copied once, encrypted in place, sent."""

import struct
from collections.abc import Callable

from media.engine.counts import EngineCounts
from media.engine.incoming import Incoming
from media.engine.outgoing import Outgoing, Run
from media.engine.peers import EnginePeer
from media.rtp import shift_vp8_picture
from media.seam import MAX_DATAGRAM, SRTP_TRAILER_BYTES, SrtpDesk

MAX_PLAIN = MAX_DATAGRAM - SRTP_TRAILER_BYTES
_HEAD = struct.Struct("!BBHII")
_LONG_HEAD = struct.Struct("!BBHIIII")
"""The fixed header, the extension's header, and the send time as its first element."""
_MARKER, _PADDING = 0x80, 0x20
_ONLY_PADDING = bytes(254) + b"\xff"
"""As much as one packet can have (RFC 3550 section 5.1)."""


class Sender:
    """Never raises and never waits: what a socket doesn't take at once is dropped and counted."""

    def __init__(self, desk: SrtpDesk, counts: EngineCounts, now_ns: Callable[[], int]) -> None:
        self._desk, self._counts, self._now_ns = desk, counts, now_ns

    def forward(
        self, stream: Incoming, packet: memoryview | bytes, size: int, offset: int, endless: int, now_ns: int
    ) -> None:
        desk = self._desk
        sent, view, length, protect = desk.sent, desk.sent_view, desk.length, desk.protect
        first, second, _, timestamp, _ = _HEAD.unpack_from(packet)
        padding, marker = first & _PADDING, second & _MARKER
        body_size = size - offset
        body = packet[offset:size]
        send_time = _send_time(now_ns)
        for route in stream.routes:
            out = route.carry(endless, timestamp, now_ns)
            if out is None:
                continue
            b0, b1, at = route.first | padding, marker | route.payload_type, route.head_size
            ticks = timestamp + route.time_shift & 0xFFFFFFFF
            if tag := route.send_time_tag:
                _LONG_HEAD.pack_into(
                    view, 0, b0, b1, out & 0xFFFF, ticks, route.ssrc, route.extension_head, tag | send_time
                )
                view[20:at] = route.extension
            else:
                _HEAD.pack_into(view, 0, b0, b1, out & 0xFFFF, ticks, route.ssrc)
                view[12:at] = route.extension
            total = at + body_size
            view[at:total] = body
            if route.renumbers and stream.codec == "vp8":
                shift_vp8_picture(view, at, total, route.picture_shift, route.tl0_shift)
            length[0] = total
            viewer = route.viewer
            if viewer.send_key is None or protect(viewer.send_key, sent, length):
                self._counts.send_dropped += 1
                continue
            route.packets += 1
            route.octets += body_size
            try:
                viewer.send(view[: length[0]], viewer.address)
            except OSError:  # full, unreachable or closed: UDP may drop
                self._counts.send_dropped += 1

    def resend(self, route: Outgoing, seqs: tuple[int, ...]) -> int:
        resent = 0
        for seq in seqs:
            found = route.run_of(seq)
            if found is None:
                continue
            run, source = found
            if (kept := run.stream.kept(source)) is not None:
                self._resend_one(route, run, *kept, seq)
                resent += 1
        route.repairs_sent += resent
        return resent

    def _resend_one(self, route: Outgoing, run: Run, packet: bytes, offset: int, seq: int) -> None:
        first, second, _, timestamp, _ = _HEAD.unpack_from(packet)
        number, repair_number = route.spec.payload_types[run.stream.codec]
        ssrc, lost = route.ssrc, b""
        out = seq
        if repair_number is not None:
            route.repair_seq = out = route.repair_seq + 1 & 0xFFFF
            number, ssrc, lost = repair_number, route.spec.repair_ssrc, struct.pack("!H", seq)
        ticks = timestamp + run.time_shift & 0xFFFFFFFF
        head = self._head(route, first & _PADDING, second & _MARKER | number, out, ticks, ssrc) + lost
        at, total = len(head), len(head) + len(packet) - offset
        if total > MAX_PLAIN:
            self._counts.send_dropped += 1
            return
        view = self._desk.sent_view
        view[:at] = head
        view[at:total] = packet[offset:]
        if run.picture_shift | run.tl0_shift and run.stream.codec == "vp8":
            shift_vp8_picture(view, at, total, run.picture_shift, run.tl0_shift)
        self._protect_and_send(route.viewer, total, rtcp=False)

    def pad(self, route: Outgoing, packets: int) -> int:
        """Send repairs of nothing, all padding; how many octets. Browsers count them and throw them away."""
        number = next((repair for _, repair in route.spec.payload_types.values() if repair is not None), None)
        if number is None or route.viewer.send_key is None:
            return 0
        sent = 0
        for _ in range(packets):
            route.repair_seq = route.repair_seq + 1 & 0xFFFF
            ticks = route.last_timestamp & 0xFFFFFFFF
            head = self._head(route, _PADDING, number, route.repair_seq, ticks, route.spec.repair_ssrc)
            datagram = head + _ONLY_PADDING
            self._desk.sent_view[: len(datagram)] = datagram
            self._protect_and_send(route.viewer, len(datagram), rtcp=False)
            sent += len(datagram)
        return sent

    def send_rtcp(self, peer: EnginePeer, compound: bytes) -> None:
        size = len(compound)
        if size > MAX_PLAIN:
            self._counts.send_dropped += 1
            return
        self._desk.sent_view[:size] = compound
        self._protect_and_send(peer, size, rtcp=True)

    def _protect_and_send(self, peer: EnginePeer, size: int, *, rtcp: bool) -> None:
        desk = self._desk
        protect = desk.protect_rtcp if rtcp else desk.protect
        desk.length[0] = size
        if peer.send_key is None or protect(peer.send_key, desk.sent, desk.length):
            self._counts.send_dropped += 1
            return
        try:
            peer.send(desk.sent_view[: desk.length[0]], peer.address)
        except OSError:
            self._counts.send_dropped += 1

    def send_raw(self, peer: EnginePeer, datagram: bytes) -> None:
        try:
            peer.send(memoryview(datagram), peer.address)
        except OSError:
            self._counts.send_dropped += 1

    def _head(self, route: Outgoing, first: int, second: int, seq: int, ticks: int, ssrc: int) -> bytes:
        head = _HEAD.pack(route.first | first, second, seq, ticks, ssrc)
        if tag := route.send_time_tag:
            head += struct.pack("!II", route.extension_head, tag | _send_time(self._now_ns()))
        return head + route.extension


def _send_time(now_ns: int) -> int:
    """Of 64 s, in 1/2**18 s (the abs-send-time extension)."""
    return (now_ns << 18) // 1_000_000_000 & 0xFFFFFF
