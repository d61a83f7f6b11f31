"""Puts one stream's packets back in order, waiting a little for those on their way again."""

from collections.abc import Iterator

from media.record.packets import RtpPacket, signed_distance

HOLE_WAIT_NS = 2_000_000_000
"""As long as the journal awaits a lost packet: nobody watches this live."""
_SILENCE_NS = 1_000_000_000
_FARTHEST_AHEAD = 3000
_FARTHEST_BEHIND = 1000


class Reorder:
    """A window over sequence numbers. A packet that comes after its place was given up is dropped.

    Holes are waited for at most `HOLE_WAIT_NS`; after a silence, and when the numbers jump, the window starts
    anew at the packet that came.
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, tuple[RtpPacket, int]] = {}
        self._last_arrived_ns = 0
        self._after_hole = True

    def push(self, packet: RtpPacket, arrived_ns: int) -> Iterator[tuple[RtpPacket, int, bool]]:
        """Take one packet; yield what its coming sets free, as `pop` does."""
        ahead = 0 if self._next is None else signed_distance(packet.sequence, self._next, 16)
        silent = arrived_ns - self._last_arrived_ns > _SILENCE_NS
        restarts = self._next is None or silent or not -_FARTHEST_BEHIND <= ahead <= _FARTHEST_AHEAD
        self._last_arrived_ns = arrived_ns
        if restarts:
            yield from self.flush()
            # A packet or two may have overtaken the first one: nothing to wait for after a silence.
            self._after_hole = self._after_hole or self._next != packet.sequence
            self._next = packet.sequence
        elif ahead < 0:
            return
        self._waiting.setdefault(packet.sequence, (packet, arrived_ns))
        yield from self._run()

    def pop(self, now_ns: int) -> Iterator[tuple[RtpPacket, int, bool]]:
        """Yield (packet, arrived_ns, follows_hole) of everything whose wait is over at `now_ns`."""
        while self._waiting and now_ns - min(a for _, a in self._waiting.values()) > HOLE_WAIT_NS:
            self._skip_hole()
            yield from self._run()

    def waits_ns(self, now_ns: int) -> int:
        """How long the oldest packet behind a hole has been waiting; 0 when there is no hole."""
        return now_ns - min((arrived_ns for _, arrived_ns in self._waiting.values()), default=now_ns)

    def flush(self) -> Iterator[tuple[RtpPacket, int, bool]]:
        """Yield everything that is left, holes or not."""
        while self._waiting:
            self._skip_hole()
            yield from self._run()

    def _run(self) -> Iterator[tuple[RtpPacket, int, bool]]:
        while self._next is not None and (entry := self._waiting.pop(self._next, None)) is not None:
            follows_hole, self._after_hole = self._after_hole, False
            self._next = (self._next + 1) & 0xFFFF
            yield *entry, follows_hole

    def _skip_hole(self) -> None:
        if self._next is None:
            return
        expected = self._next
        self._next = min(self._waiting, key=lambda sequence: (sequence - expected) & 0xFFFF)
        self._after_hole = self._after_hole or self._next != expected
