"""How many failing checks a source may send before it is no longer answered."""

import ipaddress
from collections import OrderedDict

_NS = 1_000_000_000


class Patience:
    """A token bucket a source and one for all sources together, in a bounded table.

    It only decides whether a failure is still worth an answer. Who proves itself is never charged, so a flood from one
    address can't lock out a good client behind the same NAT; and forged sources, which may be as many as there are
    addresses, run into the common bucket, so that we are no reflector.
    """

    def __init__(
        self,
        *,
        per_s: int = 5,
        burst: int = 20,
        all_per_s: int = 100,
        all_burst: int = 200,
        max_sources: int = 4096,
    ) -> None:
        self._per_s = per_s
        self._burst = burst
        self._all = _Bucket(all_per_s, all_burst)
        self._max_sources = max_sources
        self._sources: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, host: str, now_ns: int) -> bool:
        """Charge one failure of `host` at `now_ns` (monotonic); False when there have been too many."""
        source = _network(host)
        bucket = self._sources.get(source)
        if bucket is None:
            if len(self._sources) >= self._max_sources:
                self._sources.popitem(last=False)
            bucket = self._sources[source] = _Bucket(self._per_s, self._burst)
        self._sources.move_to_end(source)
        return bucket.take(now_ns) and self._all.take(now_ns)

    def __len__(self) -> int:
        """Sources remembered."""
        return len(self._sources)


class _Bucket:
    __slots__ = ("_burst", "_per_s", "_seen_ns", "_tokens_ns")

    def __init__(self, per_s: int, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._tokens_ns = burst * _NS
        """Tokens in billionths, so that all arithmetic is in whole numbers."""
        self._seen_ns: int | None = None

    def take(self, now_ns: int) -> bool:
        if self._seen_ns is not None:
            earned = max(0, now_ns - self._seen_ns) * self._per_s
            self._tokens_ns = min(self._burst * _NS, self._tokens_ns + earned)
        self._seen_ns = now_ns
        if self._tokens_ns < _NS:
            return False
        self._tokens_ns -= _NS
        return True


def _network(host: str) -> str:
    """Who is one source: an IPv4 address, or the /64 of an IPv6 address, which one household can fill at will."""
    address = ipaddress.ip_address(host)
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped:
        return host
    return address.packed[:8].hex()
