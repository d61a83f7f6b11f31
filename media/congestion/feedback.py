"""When each packet arrived, told to its sender: transport-wide congestion feedback. Pure.

draft-holmer-rmcat-transport-wide-cc-extensions-01. A browser estimates its uplink from this; without it Chromium
never ramps up. Sequence numbers here are the transport-wide ones of the header extension.
"""

import struct
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat

from media.rtp import unwrap

TICK_US = 250
MAX_LATE = 500
"""How far behind the newest number a late packet is still reported."""
MAX_GAP = 8000
"""So many missing numbers in a row are a jump, not a loss, and aren't reported."""
MAX_ARRIVALS = 170
"""In one packet. Each takes at most a chunk, a chunk for the gap before it, and a large delta: below 1100 bytes."""

_HEADER = struct.Struct("!BBHIIHHI")
"""Format, type, length; SSRCs of reporter and media; base number and count; reference time and feedback count."""
_FORMAT, _TRANSPORT_FEEDBACK = 0x80 | 15, 205
_TICK_NS = TICK_US * 1000
_REFERENCE_TICKS = 256
"""The reference time is in units of 64 ms."""
_MISSING, _SMALL, _LARGE = 0, 1, 2
_ONE_BIT_VECTOR, _TWO_BIT_VECTOR = 0x8000, 0xC000

_Arrival = tuple[int, int]
"""Endless number, and when it came in ticks."""
_Run = tuple[int, int]
"""A status, and how many packets in a row have it."""


class FeedbackWriter:
    """Reports one connection's arrivals; a late one together with all that came after it."""

    def __init__(self, reporter_ssrc: int) -> None:
        self._reporter = reporter_ssrc
        self._count = 0
        self._highest: int | None = None
        self._next: int | None = None
        """The first number that was never reported."""
        self._ticks: dict[int, int] = {}
        """When the latest packets came, by endless number."""

    def write(self, media_ssrc: int, arrivals: Sequence[tuple[int, int]]) -> list[bytes]:
        """RTCP packets about (16-bit number, monotonic ns) pairs in order of arrival."""
        if self._has_begun_anew(arrivals):
            self._highest = self._next = None
            self._ticks.clear()
        fresh = self._take(arrivals)
        if not fresh or self._highest is None:
            return []
        first = min(fresh) if self._next is None else min(*fresh, self._next)
        reported = sorted(arrival for arrival in self._ticks.items() if arrival[0] >= first)
        packets = [self._packet(media_ssrc, base, part) for base, part in _split(first, reported)]
        self._next = self._highest + 1
        oldest = self._highest - MAX_LATE
        self._ticks = {number: ticks for number, ticks in self._ticks.items() if number >= oldest}
        return packets

    def _has_begun_anew(self, arrivals: Sequence[tuple[int, int]]) -> bool:
        """Whether everything is so late that the sender must be counting from elsewhere."""
        if self._highest is None:
            return False
        oldest = self._highest - MAX_LATE
        return all(unwrap(seq, self._highest) < oldest for seq, _ in arrivals)

    def _take(self, arrivals: Sequence[tuple[int, int]]) -> list[int]:
        """Note what is new; the endless numbers of it."""
        fresh: list[int] = []
        for seq, arrived_ns in arrivals:
            if self._highest is None:
                self._highest = seq
            number = unwrap(seq, self._highest)
            if number < self._highest - MAX_LATE or number in self._ticks:
                continue
            self._ticks[number] = arrived_ns // _TICK_NS
            self._highest = max(self._highest, number)
            fresh.append(number)
        return fresh

    def _packet(self, media_ssrc: int, base: int, arrivals: list[_Arrival]) -> bytes:
        reference = arrivals[0][1] // _REFERENCE_TICKS
        runs: list[_Run] = []
        deltas = b""
        expected, before = base, reference * _REFERENCE_TICKS
        for number, ticks in arrivals:
            if number > expected:
                runs.append((_MISSING, number - expected))
            delta = ticks - before
            status = _SMALL if 0 <= delta <= 0xFF else _LARGE
            runs.append((status, runs.pop()[1] + 1 if runs and runs[-1][0] == status else 1))
            deltas += delta.to_bytes(status, "big", signed=status == _LARGE)
            expected, before = number + 1, ticks
        body = b"".join(chunk.to_bytes(2, "big") for chunk in _chunks(runs)) + deltas
        body += bytes(-len(body) % 4)
        last = (reference & 0xFFFFFF) << 8 | self._count
        self._count = self._count + 1 & 0xFF
        words = _HEADER.size // 4 - 1 + len(body) // 4
        ssrcs = (self._reporter, media_ssrc)
        return _HEADER.pack(_FORMAT, _TRANSPORT_FEEDBACK, words, *ssrcs, base & 0xFFFF, expected - base, last) + body


def _split(base: int, arrivals: Iterable[_Arrival]) -> Iterator[tuple[int, list[_Arrival]]]:
    """Parts that fit into a packet each, with the number that each begins at."""
    part: list[_Arrival] = []
    for number, ticks in arrivals:
        if part and not _goes_on(base, part, number, ticks):
            yield base, part
            base, part = part[-1][0] + 1, []
        if not part and number - base >= MAX_GAP:
            base = number
        part.append((number, ticks))
    yield base, part


def _goes_on(base: int, part: list[_Arrival], number: int, ticks: int) -> bool:
    last_number, last_ticks = part[-1]
    return (
        len(part) < MAX_ARRIVALS
        and number - base < 0xFFFF
        and number - last_number <= MAX_GAP
        and -0x8000 <= ticks - last_ticks <= 0x7FFF
    )


def _chunks(runs: Iterable[_Run]) -> Iterator[int]:
    """Status chunks (sections 3.1.3 and 3.1.4). Each takes at least one run whole, so there are no more than runs."""
    waiting = deque(runs)
    while waiting:
        status, length = waiting[0]
        ahead = list(islice(chain.from_iterable(repeat(s, min(n, 14)) for s, n in waiting), 14))
        if length < 14 and len(waiting) > 1 and _LARGE not in ahead:
            yield _ONE_BIT_VECTOR | _packed(ahead, 1, 14)
            _drop(waiting, len(ahead))
        elif length < 7 and len(waiting) > 1:
            yield _TWO_BIT_VECTOR | _packed(ahead[:7], 2, 7)
            _drop(waiting, len(ahead[:7]))
        else:
            yield status << 13 | length
            waiting.popleft()


def _packed(statuses: list[int], bits: int, places: int) -> int:
    chunk = 0
    for status in statuses:
        chunk = chunk << bits | status
    return chunk << bits * (places - len(statuses))


def _drop(waiting: deque[_Run], count: int) -> None:
    while count:
        status, length = waiting.popleft()
        if length > count:
            waiting.appendleft((status, length - count))
        count -= min(length, count)


def read_feedback(packet: bytes) -> tuple[int, list[tuple[int, int | None]]]:
    """The base number and (16-bit number, arrival in us or None) of one feedback packet; else ValueError.

    Times count from the reference time's own zero, which comes again after 2**24 * 64 ms.
    """
    if len(packet) < _HEADER.size:
        raise ValueError("feedback is too short")
    form, kind, words, _, _, base, count, last = _HEADER.unpack_from(packet)
    if form & 0xDF != _FORMAT or kind != _TRANSPORT_FEEDBACK or len(packet) != 4 + 4 * words:
        raise ValueError("not one transport-wide feedback packet")
    statuses, at = _read_statuses(packet, count)
    ticks = (last >> 8) * _REFERENCE_TICKS
    reports: list[tuple[int, int | None]] = []
    for number, status in enumerate(statuses, base):
        if status == _MISSING:
            reports.append((number & 0xFFFF, None))
            continue
        if at + status > len(packet):
            raise ValueError("deltas are missing")
        ticks += int.from_bytes(packet[at : at + status], "big", signed=status == _LARGE)
        at += status
        reports.append((number & 0xFFFF, ticks * TICK_US))
    return base, reports


def _read_statuses(packet: bytes, count: int) -> tuple[list[int], int]:
    """The status of each packet, and where the deltas begin."""
    statuses: list[int] = []
    at = _HEADER.size
    while len(statuses) < count:
        if at + 2 > len(packet):
            raise ValueError("status chunks are missing")
        chunk = packet[at] << 8 | packet[at + 1]
        at += 2
        if chunk < _ONE_BIT_VECTOR:
            statuses += repeat(chunk >> 13, min(chunk & 0x1FFF, count - len(statuses)))
        elif chunk < _TWO_BIT_VECTOR:
            statuses += (chunk >> place & 1 for place in range(13, -1, -1))
        else:
            statuses += (chunk >> place & 3 for place in range(12, -1, -2))
    del statuses[count:]
    if 3 in statuses:
        raise ValueError("a status has no meaning")
    return statuses, at
