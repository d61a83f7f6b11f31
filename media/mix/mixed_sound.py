"""One listener's mix as the packet engine has it: a stream that nobody publishes, forwarded like any other."""

import secrets
import time

from media.engine.engine import PacketEngine
from media.engine.incoming import Incoming, StreamSpec
from media.engine.peers import EnginePeer
from media.mix.words import Mixed
from media.publication import Layer, Subscriber
from media.rtcp import SenderReport
from media.rtp import CodecName

_PAYLOAD_TYPE = 111
_REPORT_EVERY = 50
_NTP_OFFSET_S = 2_208_988_800


class _Stream:
    """The one layer there is."""

    def __init__(self, stream: Incoming) -> None:
        self.stream = stream


class MixedSound:
    """A `Source` of a subscription. It lives as long as the mixer process that feeds it."""

    codec: CodecName = "opus"

    def __init__(self, engine: PacketEngine) -> None:
        self.layers: list[Layer | None] = []
        self.voices: dict[int, float] = {}
        self.least = 0
        """Packets made under an earlier plan are not let through: they may hold a voice that has ended since."""
        self.is_live = False
        """Whether a packet came of what is to be heard now, so that the separate sounds may go."""
        self.heard_ns = time.monotonic_ns()
        self._engine = engine
        self._ssrc, self._seq, self._base = secrets.randbits(32), secrets.randbits(15), secrets.randbits(32)
        self._peer = EnginePeer(self)
        spec = StreamSpec(self.codec, _PAYLOAD_TYPE, None, repairable=False)
        self._only = _Stream(engine.add_stream(self._peer, self._ssrc, spec, self._seq))

    def play(self, mixed: Mixed) -> bool:
        """Send a packet on to whoever takes it; False if it was made under an older plan than is lawful now."""
        if mixed.generation < self.least or not self.voices:
            return False
        now_ns = self.heard_ns = time.monotonic_ns()
        self.is_live = True
        timestamp = self._base + mixed.ticks & 0xFFFFFFFF
        if self._seq % _REPORT_EVERY == 0 or self._only.stream.report is None:
            ntp = ((time.time_ns() << 32) // 1_000_000_000) + (_NTP_OFFSET_S << 32)
            self._only.stream.report = SenderReport(self._ssrc, ntp & 0xFFFF_FFFF_FFFF_FFFF, timestamp)
            self._only.stream.report_ns = now_ns
        head = b"\x80" + bytes([_PAYLOAD_TYPE]) + (self._seq & 0xFFFF).to_bytes(2, "big")
        head += timestamp.to_bytes(4, "big") + self._ssrc.to_bytes(4, "big")
        self._seq += 1
        self._engine.admit(self._peer, head + mixed.payload, now_ns)
        return True

    def close(self) -> None:
        """Nothing more comes of it."""
        self.is_live, self.voices = False, {}
        self._engine.remove_stream(self._only.stream)

    # --- what a subscription asks of its source ----------------------------------------------------------

    def add(self, subscriber: Subscriber) -> None:
        """It has one stream, which never changes: nobody need be told."""

    def remove(self, subscriber: Subscriber) -> None:
        """As `add`."""

    def stream_at(self, layer: int) -> _Stream:
        return self._only

    def request_key_frame(self, stream: Incoming | None = None) -> None:
        """Sound has none."""
