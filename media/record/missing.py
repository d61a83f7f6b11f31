"""Which packets of a stream are awaited, and which have been awaited in vain."""

from collections.abc import Iterator

from media.record.packets import signed_distance

AWAITED_NS = 2_000_000_000
"""How long a lost packet may still come, by retransmission."""
_SILENCE_NS = AWAITED_NS
_FARTHEST_AHEAD = 3000
_FARTHEST_BEHIND = 1000


class Missing:
    """Follows sequence numbers as they arrive. After a silence or a jump it begins anew: that is no loss."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._last_ns = 0
        self._since_ns: dict[int, int] = {}
        """Awaited sequence numbers, oldest hole first."""

    def arrived(self, sequence: int, at_ns: int) -> Iterator[tuple[int, int]]:
        """Note one packet; yield (first, count) of what nobody will wait for any more because the stream began anew."""
        ahead = 0 if self._next is None else signed_distance(sequence, self._next, 16)
        silent = at_ns - self._last_ns > _SILENCE_NS
        self._last_ns = at_ns
        if self._next is None or silent or not -_FARTHEST_BEHIND <= ahead <= _FARTHEST_AHEAD:
            yield from self.give_up()
        elif ahead < 0:
            self._since_ns.pop(sequence, None)
            return
        else:
            for step in range(ahead):
                self._since_ns[(self._next + step) & 0xFFFF] = at_ns
        self._next = (sequence + 1) & 0xFFFF

    def overdue(self, now_ns: int) -> Iterator[tuple[int, int]]:
        """Yield (first, count) of everything that has been awaited for `AWAITED_NS`."""
        lost = []
        for sequence, since_ns in self._since_ns.items():
            if now_ns - since_ns <= AWAITED_NS:
                break
            lost.append(sequence)
        yield from self._forget(lost)

    def give_up(self) -> Iterator[tuple[int, int]]:
        """Yield (first, count) of everything still awaited."""
        yield from self._forget(list(self._since_ns))

    def _forget(self, lost: list[int]) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(lost):
            count = 1
            while at + count < len(lost) and lost[at + count] == (lost[at] + count) & 0xFFFF:
                count += 1
            yield lost[at], count
            at += count
        for sequence in lost:
            del self._since_ns[sequence]
