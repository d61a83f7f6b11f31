"""A scenario as it is written down: who is there, what comes when, and what the reference says must go out."""

from typing import Any

from tests.golden.reference import CLOCK_RATES, Line, Source
from tests.golden.wire import Rtp, key_of, session

Told = list[list[str]]
Json = dict[str, Any]


class Script:
    """Collects peers, streams, routes and steps. Every peer has a UDP socket of its own name, unless it uses a wire."""

    def __init__(self, about: str, profile: str) -> None:
        self._profile = profile
        self.now_ns = 10**15 + 123_456_789
        self._vector: Json = {"about": about, "profile": profile, "peers": {}, "sockets": {}, "steps": []}
        self._browsers: dict[str, Any] = {}
        self._server: dict[str, Any] = {}
        self._at: dict[str, str] = {}
        self._sources: dict[tuple[str, int], Source] = {}
        self._repairs: dict[tuple[str, int], Source] = {}
        self._extensions: dict[str, tuple[int | None, int | None]] = {}
        self._lines: list[Line] = []
        self._named: dict[str, Source] = {}
        self._tapped: dict[str, list[tuple[str, int]]] = {}
        self._arrivals: dict[str, list[tuple[int, int]]] = {}
        self._octets: dict[str, int] = {}
        self._counts: dict[str, int] = {}

    # --- who is there --------------------------------------------------------------------------------------

    def peer(self, name: str) -> str:
        """A browser: keys for both directions, and a socket from which it is known."""
        up, down = key_of(self._profile, name, "up"), key_of(self._profile, name, "down")
        self._vector["peers"][name] = {"receive_key": up.hex(), "send_key": down.hex()}
        self._browsers[name] = session(self._profile, up, outbound=True)
        self._server[name] = session(self._profile, down, outbound=True)
        self._octets[name] = 0
        self.socket(name)
        self._do("bind_path", socket=name, peer=name)
        self.move(name, name)
        return name

    def socket(self, name: str, kind: str = "udp") -> str:
        self._vector["sockets"][name] = kind
        return name

    def move(self, peer: str, socket: str) -> None:
        self._at[peer] = socket
        self._do("move_peer", peer=peer, socket=socket)

    def bind(self, socket: str, peer: str) -> None:
        self._do("bind_path", socket=socket, peer=peer)

    def forget(self, socket: str) -> None:
        self._do("forget_path", socket=socket)

    def remove_peer(self, peer: str) -> None:
        for source in [s for s in self._sources.values() if s.peer == peer]:
            self._forget_stream(source)
        del self._at[peer]
        self._do("remove_peer", peer=peer)

    # --- streams and routes --------------------------------------------------------------------------------

    def stream(
        self,
        peer: str,
        name: str,
        codec: str,
        *,
        ssrc: int,
        first_seq: int,
        payload_type: int | None = None,
        repair_payload_type: int | None = 97,
        repairable: bool | None = None,
        level_id: int | None = None,
        wide_id: int | None = None,
    ) -> Source:
        number = payload_type or {"opus": 111, "vp8": 96, "h264": 102}[codec]
        is_repairable = codec != "opus" if repairable is None else repairable
        repairs = repair_payload_type if is_repairable else None
        source = Source(name, peer, ssrc, codec, number, repairs, is_repairable, first_seq - 1)
        self._sources[peer, ssrc] = self._named[name] = source
        self._extensions[name] = (level_id, wide_id)
        spec = {
            "codec": codec,
            "payload_type": number,
            "repair_payload_type": repairs,
            "repairable": is_repairable,
            "level_id": level_id,
            "wide_id": wide_id,
        }
        self._do("add_stream", stream=name, peer=peer, ssrc=ssrc, spec=spec, first_seq=first_seq)
        return source

    def repairs_of(self, source: Source, ssrc: int) -> None:
        self._repairs[source.peer, ssrc] = source
        self._do("add_repairs", stream=source.name, ssrc=ssrc)

    def remove(self, source: Source) -> None:
        self._forget_stream(source)
        self._do("remove_stream", stream=source.name)

    def _forget_stream(self, source: Source) -> None:
        for line in self._lines:
            self._aim(line, None, cut=True) if source in (line.source, line.wanted) else None
        source.tap = source.next_tap = None
        self._sources = {key: one for key, one in self._sources.items() if one is not source}
        self._repairs = {key: one for key, one in self._repairs.items() if one is not source}

    def route(
        self,
        viewer: str,
        name: str,
        codec: str = "vp8",
        *,
        first: tuple[int, int, int] = (1000, 5_000_000, 300),
        repairs: bool = True,
        mid: str = "3",
        mid_id: int | None = 4,
        send_time_id: int | None = None,
        payload_types: dict[str, tuple[int, int | None]] | None = None,
    ) -> Line:
        number = 1 + len(self._lines)
        own = {"opus": 109, "vp8": 120, "h264": 98}[codec]
        numbers = payload_types or {codec: (own, own + 1 if repairs and codec != "opus" else None)}
        line = Line(
            name,
            viewer,
            numbers,
            0xA000 + number,
            0xB000 + number,
            mid,
            mid_id,
            send_time_id,
            CLOCK_RATES[codec],
            first,
        )
        self._lines.append(line)
        spec = {
            "clock_rate": line.clock_rate,
            "payload_types": {codec: list(pair) for codec, pair in numbers.items()},
            "ssrc": line.ssrc,
            "repair_ssrc": line.repair_ssrc,
            "mid": mid,
            "mid_id": mid_id,
            "send_time_id": send_time_id,
        }
        begins = {"seq": first[0], "timestamp": first[1], "repair_seq": first[2]}
        self._do("add_route", route=name, viewer=viewer, spec=spec, first=begins)
        return line

    def aim(self, line: Line, source: Source | None, *, cut: bool = True) -> None:
        self._aim(line, source, cut=cut)
        self._do("aim", route=line.name, stream=source and source.name, cut=cut)

    def _aim(self, line: Line, source: Source | None, *, cut: bool) -> None:
        if line.wanted is not source:
            line.wanted = None
        if line.source is not source and (cut or source is None):
            line.end()
        if source is not None and line.source is not source:
            line.wanted = source
            if line not in source.lines:
                source.lines.append(line)

    def tap(self, source: Source, ring: str | None, *, instead_of: Source | None = None) -> None:
        source.next_tap = None
        if ring is not None and instead_of is not None and instead_of is not source and instead_of.tap is not None:
            source.next_tap = (ring, instead_of)
        else:
            source.tap = ring
        if ring is not None:
            self._tapped.setdefault(ring, [])
        self._do("set_tap", stream=source.name, ring=ring, instead_of=instead_of and instead_of.name)

    def report(self, source: Source, ntp: int, timestamp: int) -> None:
        source.report = (ntp, timestamp)
        self._do("report", stream=source.name, ntp=ntp, timestamp=timestamp)

    # --- what comes ----------------------------------------------------------------------------------------

    def wait(self, ms: float) -> None:
        self.now_ns += round(ms * 1_000_000)

    def protected(self, peer: str, packet: Rtp | bytes) -> bytes:
        """As the browser would send it."""
        plain = packet.octets() if isinstance(packet, Rtp) else packet
        sealed: bytes = self._browsers[peer].protect(plain)
        return sealed

    def arrive(self, peer: str, *packets: Rtp, socket: str | None = None) -> None:
        """These packets come in a row, each dealt with on its own."""
        for packet in packets:
            datagram = self.protected(peer, packet)
            told: Told = []
            self._octets[peer] += len(datagram)
            sent = self._plain(peer, packet, told)
            self._came(socket or peer, datagram, self._sealed(sent), told)

    def arrive_by_tcp(self, peer: str, packet: Rtp) -> None:
        datagram = self.protected(peer, packet)
        told: Told = []
        self._octets[peer] += len(datagram)
        out = self._sealed(self._plain(peer, packet, told))
        self._do("admit_datagram", out=out, told=told, peer=peer, datagram=datagram.hex())

    def admit(self, peer: str, packet: Rtp) -> None:
        """A decrypted packet comes back, after its stream was declared."""
        told: Told = []
        out = self._sealed(self._plain(peer, packet, told))
        self._do("admit", out=out, told=told, peer=peer, packet=packet.octets().hex())

    def arrive_report(self, peer: str, compound: bytes) -> None:
        datagram = self._browsers[peer].protect_rtcp(compound)
        self._came(peer, datagram, {}, [["reported", peer, compound.hex()]])

    def arrive_raw(self, socket: str, datagram: bytes, *, counted: str | None = None, told: Told | None = None) -> None:
        """A datagram that leads to nothing but a count, or to something told."""
        if counted is not None:
            self._counts[counted] = self._counts.get(counted, 0) + 1
        self._came(socket, datagram, {}, told or [])

    def arrive_refused(self, peer: str, packet: bytes, counted: str) -> None:
        """Authentic, and yet of no use."""
        datagram = self.protected(peer, packet)
        self._octets[peer] += len(datagram)
        self.arrive_raw(peer, datagram, counted=counted)

    def _plain(self, peer: str, packet: Rtp, told: Told) -> list[tuple[str, bytes]]:
        source = self._sources.get((peer, packet.ssrc))
        if source is not None and source.payload_type == packet.payload_type:
            self._hear(source, packet)
            number = source.numbered(packet.seq % 65536, told)
            return [] if number is None else self._deliver(source, number, packet, told)
        source = self._repairs.get((peer, packet.ssrc))
        if source is None or source.repair_payload_type != packet.payload_type:
            told.append(["unknown", peer, packet.octets().hex()])
            return []
        self._note_wide(source, packet)
        if len(packet.payload) <= 2:
            return []
        lost = int.from_bytes(packet.payload[:2], "big")
        original = Rtp(
            source.payload_type, lost, packet.timestamp, source.ssrc, packet.payload[2:], marker=packet.marker
        )
        number = source.numbered(lost, told, repaired=True)
        return [] if number is None else self._deliver(source, number, original, told)

    def _deliver(self, source: Source, number: int, packet: Rtp, told: Told) -> list[tuple[str, bytes]]:
        sent = source.deliver(number, packet, self.now_ns, told)
        if source.tap is not None:
            self._tapped[source.tap].append((packet.octets().hex(), self.now_ns))
        return sent

    def _hear(self, source: Source, packet: Rtp) -> None:
        level_id = self._extensions[source.name][0]
        if level_id is not None and len(packet.fields.get(level_id, b"")) == 1:
            source.levels.append(packet.fields[level_id][0] & 0x7F)
        self._note_wide(source, packet)

    def _note_wide(self, source: Source, packet: Rtp) -> None:
        wide_id = self._extensions[source.name][1]
        if wide_id is not None and len(packet.fields.get(wide_id, b"")) == 2:
            number = int.from_bytes(packet.fields[wide_id], "big")
            self._arrivals.setdefault(source.peer, []).append((number, self.now_ns))

    # --- what goes out without anything coming -------------------------------------------------------------

    def resend(self, line: Line, *seqs: int) -> None:
        sent = [plain for seq in seqs if (plain := line.resend(seq, self.now_ns)) is not None]
        out = self._sealed([(line.viewer, plain) for plain in sent])
        self._do("resend", out=out, route=line.name, seqs=list(seqs), returns=len(sent))

    def pad(self, line: Line, packets: int) -> None:
        may_pad = any(repairs is not None for _, repairs in line.payload_types.values())
        sent = [line.pad(self.now_ns) for _ in range(packets if may_pad else 0)]
        out = self._sealed([(line.viewer, plain) for plain in sent])
        self._do("pad", out=out, route=line.name, packets=packets, returns=sum(map(len, sent)))

    def send_report(self, peer: str, compound: bytes) -> None:
        out = {self._at[peer]: [self._server[peer].protect_rtcp(compound).hex()]}
        self._do("send_rtcp", out=out, peer=peer, compound=compound.hex())

    def send_raw(self, peer: str, datagram: bytes) -> None:
        self._do("send_raw", out={self._at[peer]: [datagram.hex()]}, peer=peer, datagram=datagram.hex())

    def _sealed(self, sent: list[tuple[str, bytes]]) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for viewer, plain in sent:
            if viewer in self._at:
                out.setdefault(self._at[viewer], []).append(self._server[viewer].protect(plain).hex())
        return out

    def _came(self, socket: str, datagram: bytes, out: dict[str, list[str]], told: Told) -> None:
        self._do("arrive", out=out, told=told, socket=socket, datagram=datagram.hex())

    def _do(self, what: str, *, out: dict[str, list[str]] | None = None, told: Told | None = None, **how: Any) -> None:
        step: Json = {"at_ns": self.now_ns, "do": what, **how}
        if out:
            step["out"] = out
        if told:
            step["told"] = told
        self._vector["steps"].append(step)

    # --- the end -------------------------------------------------------------------------------------------

    def finished(self) -> Json:
        """The whole vector, with what must be known at its end."""
        streams = {
            name: {"packets": s.packets, "octets": s.octets, "levels": _levels(s.levels)}
            for name, s in self._named.items()
        }
        routes = {x.name: {"packets": x.packets, "octets": x.octets, "repairs": x.repairs} for x in self._lines}
        return {
            **self._vector,
            "taps": {ring: [list(one) for one in packets] for ring, packets in self._tapped.items()},
            "streams": streams,
            "routes": routes,
            "arrivals": {peer: [list(one) for one in found] for peer, found in self._arrivals.items()},
            "received_octets": self._octets,
            "counts": self._counts,
        }


def _levels(levels: list[int]) -> list[int]:
    """Average and loudest in -dBov, and how many."""
    return [sum(levels) // len(levels), min(levels), len(levels)] if levels else [127, 127, 0]
