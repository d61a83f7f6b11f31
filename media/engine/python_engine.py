"""The reference packet engine, in Python: one turn of the event loop drains a socket of up to 64 datagrams.

Per packet there is no await, no exception, no log line and no object but the copy that repairs and the recorder need.
Decryption and encryption work in place on two buffers that are made once.
"""

import struct
import time
from collections.abc import Callable

from media.engine.counts import EngineCounts
from media.engine.engine import (
    Begun,
    Checked,
    Gap,
    Handshaken,
    Reported,
    Restarted,
    Slow,
    SlowBatch,
    UdpPath,
    Unknown,
    Wire,
)
from media.engine.incoming import HISTORY_PACKETS, Incoming, StreamSpec, Tap, Tapped
from media.engine.outgoing import FirstNumbers, Outgoing, RouteSpec, random_numbers
from media.engine.peers import MAX_ARRIVALS, MAX_STREAMS, Address, EnginePeer
from media.engine.sender import Sender
from media.engine.udp_port import UdpPort
from media.rtp import payload_offset, starts_key_frame, unwrap_repair
from media.seam import MAX_DATAGRAM, SrtpDesk

DATAGRAMS_PER_TURN = 64
_HEAD = struct.Struct("!BBHII")
_PLAIN_EXTENDED = 0x90


class PythonEngine:
    """A `PacketEngine`. `slow` gets, once a turn, what is not media of known streams."""

    def __init__(
        self,
        desk: SrtpDesk,
        slow: SlowBatch,
        *,
        now_ns: Callable[[], int] = time.monotonic_ns,
        first_numbers: Callable[[], FirstNumbers] = random_numbers,
    ) -> None:
        self.counts = EngineCounts()
        self._desk = desk
        self._slow = slow
        self._now_ns, self._first_numbers = now_ns, first_numbers
        self._out = Sender(desk, self.counts, now_ns)
        self._forward = self._out.forward
        self.resend, self.pad = self._out.resend, self._out.pad
        self.send_rtcp, self.send_raw = self._out.send_rtcp, self._out.send_raw
        self._batch: list[Slow] = []
        self._ports: list[UdpPort] = []

    # --- ports and paths -------------------------------------------------------------------------------

    def open(self, hosts: tuple[str, ...], port: int) -> tuple[Address, ...]:
        taken: list[UdpPort] = []
        try:
            for host in hosts:
                taken.append(UdpPort(host, port))
                port = port or int(taken[0].address[1])
        except OSError:
            for one in taken:
                one.close()
            raise
        self._ports = taken
        for number, one in enumerate(taken):
            one.read_with(self._drainer(number, one))
        return tuple(one.address for one in taken)

    def close(self) -> None:
        for port in self._ports:
            port.close()
        self._ports = []

    def answer_check(self, path: UdpPath, datagram: bytes) -> None:
        try:
            self._ports[path.port].send(memoryview(datagram), path.address)
        except OSError:
            self.counts.send_dropped += 1

    def bind_path(self, path: UdpPath, peer: EnginePeer) -> None:
        self._ports[path.port].peers[path.address] = peer

    def forget_path(self, path: UdpPath) -> None:
        if path.port < len(self._ports):
            self._ports[path.port].peers.pop(path.address, None)

    def move_peer(self, peer: EnginePeer, path: UdpPath | Wire) -> None:
        if isinstance(path, UdpPath):
            peer.send, peer.address = self._ports[path.port].send, path.address
        else:
            peer.send, peer.address = lambda datagram, _address: path.send(datagram), ()

    def remove_peer(self, peer: EnginePeer) -> None:
        for port in self._ports:
            port.forget(peer)
        for stream in list(peer.streams.values()):
            self.remove_stream(stream)
        peer.receive_key = peer.send_key = None

    # --- streams and routes ----------------------------------------------------------------------------

    def add_stream(self, peer: EnginePeer, ssrc: int, spec: StreamSpec, first_seq: int) -> Incoming:
        if len(peer.streams) >= MAX_STREAMS:
            self.remove_stream(next(iter(peer.streams.values())))
        stream = peer.streams[ssrc] = Incoming(peer, ssrc, spec, first_seq)
        return stream

    def add_repairs(self, stream: Incoming, ssrc: int) -> None:
        repairs = stream.peer.repairs
        if len(repairs) >= MAX_STREAMS:
            del repairs[next(iter(repairs))]
        repairs[ssrc] = stream

    def remove_stream(self, stream: Incoming) -> None:
        for route in (*stream.routes, *stream.aspirants):
            self.aim(route, None)
        stream.tap = stream.next_tap = stream.ear = None
        streams, repairs = stream.peer.streams, stream.peer.repairs
        if streams.get(stream.ssrc) is stream:
            del streams[stream.ssrc]
        for ssrc in [ssrc for ssrc, original in repairs.items() if original is stream]:
            del repairs[ssrc]

    def add_route(self, viewer: EnginePeer, spec: RouteSpec) -> Outgoing:
        return Outgoing(viewer, spec, self._first_numbers())

    def aim(self, route: Outgoing, stream: Incoming | None, *, cut: bool = True) -> None:
        if (before := route.wanted) is not None and before is not stream:
            before.aspirants = tuple(other for other in before.aspirants if other is not route)
            route.wanted = None
        if (old := route.stream) is not None and old is not stream and (cut or stream is None):
            old.routes = tuple(other for other in old.routes if other is not route)
            route.leave()
        if stream is not None and stream is not route.stream and stream is not route.wanted:
            route.wanted = stream
            stream.aspirants = (*stream.aspirants, route)

    def set_tap(self, stream: Incoming, tap: Tap | None, *, instead_of: Incoming | None = None) -> None:
        stream.next_tap = None
        if tap is not None and instead_of is not None and instead_of is not stream and instead_of.tap is not None:
            stream.next_tap = (tap, instead_of)
        else:
            stream.tap = tap

    def set_ear(self, stream: Incoming, ear: Tap | None) -> None:
        stream.ear = ear

    # --- in --------------------------------------------------------------------------------------------

    def _drainer(self, number: int, port: UdpPort) -> Callable[[], None]:
        """What reads one socket empty. Everything it needs a packet for is bound to a local name."""
        desk, counts, peers = self._desk, self.counts, port.peers
        view, receive, now = desk.received_view, port.receive, self._now_ns

        def drain() -> None:
            for _ in range(DATAGRAMS_PER_TURN):
                try:
                    size, address = receive(view)
                except OSError:  # nothing left, or an ICMP error of an earlier send
                    break
                first = view[0]
                if size == 0:
                    counts.empty += 1
                elif first < 4:
                    self._batch.append(Checked(UdpPath(number, address), bytes(view[:size])))
                elif not 20 <= first < 64 and not 128 <= first < 192:
                    counts.unknown_kind += 1
                elif (peer := peers.get(address)) is None:
                    counts.stranger += 1
                elif first < 64:
                    self._batch.append(Handshaken(peer, bytes(view[:size])))
                else:
                    self._encrypted(peer, size, now())
            self._hand_over()

        return drain

    def _hand_over(self) -> None:
        if self._batch:
            batch, self._batch = self._batch, []
            self._slow(batch)

    def admit_datagram(self, peer: EnginePeer, datagram: bytes, now_ns: int) -> None:
        size = len(datagram)
        if 0 < size <= MAX_DATAGRAM:
            self._desk.received_view[:size] = datagram
            self._encrypted(peer, size, now_ns)
            self._hand_over()

    def _encrypted(self, peer: EnginePeer, size: int, now_ns: int) -> None:
        """Take the first `size` bytes of the receive buffer. Never raises."""
        desk, key = self._desk, peer.receive_key
        view = desk.received_view
        if key is None or size < 12:
            self.counts.srtp_refused += 1
            return
        desk.length[0] = size
        if 192 <= view[1] <= 223:  # RFC 5761 section 4
            if desk.unprotect_rtcp(key, desk.received, desk.length):
                self.counts.srtp_refused += 1
                return
            peer.heard_ns = now_ns
            self._batch.append(Reported(peer, bytes(view[: desk.length[0]]), now_ns))
            return
        if desk.unprotect(key, desk.received, desk.length):
            self.counts.srtp_refused += 1
            return
        peer.heard_ns = now_ns
        peer.received_octets += size
        try:
            self._plain(peer, view, desk.length[0], now_ns)
        except Exception:  # noqa: BLE001 - whatever a packet provokes, the socket's reader goes on
            self.counts.faults += 1

    def admit(self, peer: EnginePeer, packet: bytes, now_ns: int) -> None:
        self._plain(peer, packet, len(packet), now_ns)
        self._hand_over()

    def _plain(self, peer: EnginePeer, packet: memoryview | bytes, size: int, now_ns: int) -> None:
        first, second, seq, timestamp, ssrc = _HEAD.unpack_from(packet)
        stream = peer.streams.get(ssrc)
        if stream is None or second & 0x7F != stream.payload_type:
            self._unusual(peer, bytes(packet[:size]), now_ns)
            return
        offset = 16 + 4 * (packet[14] << 8 | packet[15]) if first == _PLAIN_EXTENDED and size >= 16 else -1
        if (offset < 0 or offset > size) and (offset := payload_offset(packet[:size])) < 0:
            self.counts.rtp_malformed += 1
            return
        words = offset if first & 0x10 else 0
        if (
            words != stream.extension_words
            or (stream.wide_at and packet[stream.wide_at - 1] != stream.wide_tag)
            # A browser that stops naming the line moves what stood behind, at the same length (padding).
            or (stream.level_at and packet[stream.level_at - 1] != stream.level_tag)
        ):
            stream.learn_extensions(packet, offset, words)
        if (at := stream.wide_at) and len(peer.arrivals) < MAX_ARRIVALS:
            peer.arrivals.append((packet[at] << 8 | packet[at + 1], now_ns))
        if at := stream.level_at:
            self._hear(stream, packet[at] & 0x7F)
        loss = stream.loss
        if (seq - loss.highest) & 0xFFFF == 1:
            loss.highest = endless = loss.highest + 1
            loss.received += 1
        elif (number := self._out_of_order(stream, seq, now_ns)) is None:
            return
        else:
            endless = number
        if timestamp != stream.last_timestamp:
            stream.last_timestamp = timestamp
            loss.note_transit(timestamp, now_ns)
        self._deliver(stream, packet, size, offset, endless, now_ns)

    def _hear(self, stream: Incoming, level: int) -> None:
        stream.level_packets += 1
        stream.level_total += level
        if level < stream.level_loudest:
            stream.level_loudest = level

    def _out_of_order(self, stream: Incoming, seq: int, now_ns: int) -> int | None:
        try:
            endless = stream.loss.arrived(seq, now_ns)
        except OverflowError:
            wanted = [(route, route.wanted or stream) for route in stream.routes]
            for route, _ in wanted:
                self.aim(route, None)
            stream.begin(seq)
            for route, goal in wanted:
                self.aim(route, goal)
            self._batch.append(Restarted(stream))
            return stream.loss.arrived(seq, now_ns)
        if not stream.is_asking and stream.spec.repairable and stream.loss.waits:
            stream.is_asking = True
            self._batch.append(Gap(stream))
        return endless

    def _unusual(self, peer: EnginePeer, packet: bytes, now_ns: int) -> None:
        """A repair, or a stream that was not declared yet."""
        offset = payload_offset(packet)
        if offset < 0:
            self.counts.rtp_malformed += 1
            return
        ssrc = int.from_bytes(packet[8:12], "big")
        stream = peer.repairs.get(ssrc)
        if stream is None or packet[1] & 0x7F != stream.spec.repair_payload_type:
            self._batch.append(Unknown(peer, packet, now_ns))
            return
        words = offset if packet[0] & 0x10 else 0
        if stream.spec.wide_id is not None and words:
            self._note_arrival_of_repair(peer, stream, packet, offset, now_ns)
        original = unwrap_repair(packet, offset, stream.payload_type, stream.ssrc)
        if original is None:
            return
        try:
            endless = stream.loss.arrived(original[2] << 8 | original[3], now_ns, repaired=True)
        except OverflowError:
            return
        if endless is not None:
            self._deliver(stream, original, len(original), payload_offset(original), endless, now_ns)

    def _note_arrival_of_repair(
        self, peer: EnginePeer, stream: Incoming, packet: bytes, offset: int, now_ns: int
    ) -> None:
        stream.learn_extensions(packet, offset, -1)
        if (at := stream.wide_at) and len(peer.arrivals) < MAX_ARRIVALS:
            peer.arrivals.append((packet[at] << 8 | packet[at + 1], now_ns))

    def _deliver(
        self, stream: Incoming, packet: memoryview | bytes, size: int, offset: int, endless: int, now_ns: int
    ) -> None:
        stream.packets += 1
        stream.octets += size - offset
        history, ear = stream.history, stream.ear
        if history is not None or stream.tap is not None or stream.aspirants or stream.next_tap or ear is not None:
            copy = bytes(packet[:size])
            if history is not None:
                history[endless % HISTORY_PACKETS] = (endless, copy, offset)
            if (stream.aspirants or stream.key_frame_due or stream.next_tap) and starts_key_frame(
                stream.codec, copy, offset
            ):
                self._take_in(stream, copy, offset, endless, now_ns)
            if (tap := stream.tap) is not None:
                if len(tap.ring) == tap.ring.maxlen:
                    self.counts.tap_dropped += 1
                tap.ring.append(Tapped(tap.label, copy, now_ns))
            if ear is not None:
                ear.ring.append(Tapped(ear.label, copy, now_ns))
        if stream.routes:
            self._forward(stream, packet, size, offset, endless, now_ns)

    def _take_in(self, stream: Incoming, packet: bytes, offset: int, endless: int, now_ns: int) -> None:
        """Whoever waited for this key frame begins with it."""
        stream.key_frame_due = False
        if stream.next_tap is not None:
            stream.tap, before = stream.next_tap
            before.tap = stream.next_tap = None
        for route in stream.aspirants:
            if (old := route.stream) is not None:
                old.routes = tuple(other for other in old.routes if other is not route)
            route.begin(stream, packet, offset, endless, now_ns)
            self._batch.append(Begun(route))
        stream.routes = (*stream.routes, *stream.aspirants)
        stream.aspirants = ()
