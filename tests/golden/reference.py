"""What a packet engine must do, said slowly: whole packets, whole histories, no buffers. Judges the real ones."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.golden.wire import Picture, Rtp, begins_key_frame, read_picture, with_picture

CLOCK_RATES = {"opus": 48_000, "vp8": 90_000, "h264": 90_000}
JUMP = 1000
"""Numbers further apart are another stream's."""


@dataclass
class Line:
    """What was negotiated for one viewer's line, and where its numbers begin."""

    name: str
    viewer: str
    payload_types: dict[str, tuple[int, int | None]]
    ssrc: int
    repair_ssrc: int
    mid: str
    mid_id: int | None
    send_time_id: int | None
    clock_rate: int
    first: tuple[int, int, int]
    """Sequence number; timestamp and repairs' number that come just before the first."""
    runs: "list[Run]" = field(default_factory=list)
    """Stretches in which the mapping is the same; the last one is open while `source` is there."""
    source: "Source | None" = None
    wanted: "Source | None" = None
    sent_seq: int | None = None
    sent_time: int = 0
    sent_ns: int = 0
    picture: Picture | None = None
    packets: int = 0
    octets: int = 0
    repairs: int = 0

    def begin(self, source: "Source", number: int, packet: Rtp, now_ns: int) -> None:
        """Open a run with this packet."""
        self.end()
        seq = self.first[0] if self.sent_seq is None else self.sent_seq + 1
        run = Run(source, source.life, number, seq, self._time_shift(source, packet, now_ns))
        shown = read_picture(packet.payload) if source.codec == "vp8" else None
        if shown is not None and self.picture is not None:
            run.picture_shift = self.picture.number + 1 - shown.number
            run.tl0_shift = (self.picture.tl0 or 0) + 1 - (shown.tl0 or 0)
        self.runs.append(run)
        self.source, self.wanted = source, None

    def _time_shift(self, source: "Source", packet: Rtp, now_ns: int) -> int:
        if self.sent_seq is None:
            return self.first[1] + 1 - packet.timestamp
        least = self.sent_time + 1 - packet.timestamp
        before = self.runs[-1]
        if (before.source, before.life) == (source, source.life):
            shift: int | None = before.time_shift
        else:
            shift = _shift_by_reports(before, source)
        if shift is None:
            return least - 1 + max(1, (now_ns - self.sent_ns) * self.clock_rate // 10**9)
        forward = (shift - least) % 2**32 < 2**31
        return shift if forward else least

    def end(self) -> None:
        """Close the open run."""
        if self.source is None:
            return
        run = self.runs[-1]
        if self.source.codec == "vp8" and run.highest >= run.first_out:
            last = run.source.kept.get(run.highest - run.first_out + run.first_in)
            self.picture = (last and run.shown(last.payload)) or self.picture
        self.source = None

    def forward(self, number: int, packet: Rtp, now_ns: int) -> bytes | None:
        """The plain packet as the viewer gets it; None if it came before the run."""
        run = self.runs[-1]
        if number < run.first_in:
            return None
        seq = number - run.first_in + run.first_out
        if self.sent_seq is None or seq > self.sent_seq:
            self.sent_seq, self.sent_ns = seq, now_ns
            self.sent_time = packet.timestamp + run.time_shift
            run.highest = seq
        self.packets += 1
        self.octets += len(packet.body())
        return self._written(run, packet, seq, now_ns, repairs=False)

    def resend(self, seq: int, now_ns: int) -> bytes | None:
        """The plain repair of a packet that went out under the 16-bit number `seq` in this run or the last."""
        known = self.runs[-1:] if self.source is None else self.runs[-2:]
        for run in reversed(known):
            for out in range(run.first_out, run.highest + 1):
                packet = run.source.kept.get(out - run.first_out + run.first_in)
                if out % 65536 == seq and packet is not None and run.life == run.source.life:
                    self.repairs += 1
                    return self._written(run, packet, out, now_ns, repairs=True)
        return None

    def pad(self, now_ns: int) -> bytes:
        """A repair of nothing: 255 octets of padding."""
        number = next(repairs for _, repairs in self.payload_types.values() if repairs is not None)
        nothing = Rtp(number, self._next_repair(), self.sent_time, self.repair_ssrc, b"", padding=255)
        nothing.extension = self._extension(now_ns)
        return nothing.octets()

    def _written(self, run: "Run", packet: Rtp, seq: int, now_ns: int, *, repairs: bool) -> bytes:
        own, repairing = self.payload_types[run.source.codec]
        payload = run.renumbered(packet.payload) if run.source.codec == "vp8" else packet.payload
        if repairs and repairing is not None:
            payload = (seq % 65536).to_bytes(2, "big") + payload
            own, seq, ssrc = repairing, self._next_repair(), self.repair_ssrc
        else:
            ssrc = self.ssrc
        time = packet.timestamp + run.time_shift
        sent = Rtp(own, seq, time, ssrc, payload, packet.marker, padding=packet.padding)
        sent.extension = self._extension(now_ns)
        return sent.octets()

    def _next_repair(self) -> int:
        self.first = (*self.first[:2], self.first[2] + 1)
        return self.first[2]

    def _extension(self, now_ns: int) -> tuple[int, bytes] | None:
        """Send time, then MID. None where neither was negotiated, or a repeated packet would have two send times."""
        items = b""
        if self.send_time_id is not None and all(repairs for _, repairs in self.payload_types.values()):
            units = now_ns * 2**18 // 10**9 % 2**24
            items += bytes([self.send_time_id * 16 + 2]) + units.to_bytes(3, "big")
        if self.mid_id is not None:
            items += bytes([self.mid_id * 16 + len(self.mid) - 1]) + self.mid.encode()
        return (0xBEDE, items + bytes(-len(items) % 4)) if items else None


@dataclass
class Run:
    source: "Source"
    life: int
    first_in: int
    first_out: int
    time_shift: int
    picture_shift: int = 0
    tl0_shift: int = 0
    highest: int = -1

    def shown(self, payload: bytes) -> Picture | None:
        """The picture's numbers as the viewer sees them."""
        found = read_picture(payload)
        if found is None:
            return None
        tl0 = None if found.tl0 is None else found.tl0 + self.tl0_shift
        return Picture(found.number + self.picture_shift, found.bits, tl0)

    def renumbered(self, payload: bytes) -> bytes:
        shown = self.shown(payload)
        return payload if shown is None else with_picture(payload, shown)


def _shift_by_reports(before: Run, source: "Source") -> int | None:
    """What makes two streams of one browser show the same time for the same moment of capture."""
    old = before.source
    if old.peer != source.peer or old.report is None or source.report is None or before.life != old.life:
        return None
    passed = Fraction(source.report[0] - old.report[0], 2**32) * CLOCK_RATES[source.codec]
    return before.time_shift + old.report[1] + int(passed) - source.report[1]


@dataclass(eq=False)
class Source:
    """A stream as it arrives, and who takes it."""

    name: str
    peer: str
    ssrc: int
    codec: str
    payload_type: int
    repair_payload_type: int | None
    repairable: bool
    highest: int
    life: int = 0
    """Counts how often the numbers have begun anew."""
    missing: set[int] = field(default_factory=set)
    kept: dict[int, Rtp] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    """Those that take it, then those that wait for a key frame."""
    report: tuple[int, int] | None = None
    tap: str | None = None
    next_tap: "tuple[str, Source] | None" = None
    is_asking: bool = False
    packets: int = 0
    octets: int = 0
    levels: list[int] = field(default_factory=list)

    def numbered(self, seq: int, told: list[list[str]], *, repaired: bool = False) -> int | None:
        """The packet's place on an endless line; None for one that came already."""
        number = next(n for n in range(self.highest - 32768, self.highest + 32768) if n % 65536 == seq)
        ahead = number - self.highest
        if abs(ahead) > JUMP:
            if not repaired:
                self._begin_anew(seq)
                told.append(["restarted", self.name])
            return None if repaired else seq
        if ahead <= 0:
            if number not in self.missing:
                return None
            self.missing.remove(number)
        else:
            self.missing |= set(range(self.highest + 1, number))
            self.highest = number
        if self.missing and self.repairable and not self.is_asking and not repaired:
            self.is_asking = True
            told.append(["gap", self.name])
        return number

    def _begin_anew(self, seq: int) -> None:
        for line in self.lines:
            if line.source is self:
                line.end()
                line.wanted = line.wanted or self
        self.life += 1
        self.missing, self.report, self.highest = set(), None, seq
        self.kept = {}

    def deliver(self, number: int, packet: Rtp, now_ns: int, told: list[list[str]]) -> list[tuple[str, bytes]]:
        """What goes to whom: (viewer, plain packet)."""
        self.packets += 1
        self.octets += len(packet.body())
        if self.repairable:
            self.kept[number] = packet
        if packet.payload and begins_key_frame(self.codec, packet.payload):
            if self.next_tap is not None:
                self.tap, before = self.next_tap
                before.tap = self.next_tap = None
            for line in self.lines:
                if line.wanted is self:
                    line.begin(self, number, packet, now_ns)
                    told.append(["begun", line.name])
        sent = [(line.viewer, line.forward(number, packet, now_ns)) for line in self.lines if line.source is self]
        return [(viewer, plain) for viewer, plain in sent if plain is not None]
