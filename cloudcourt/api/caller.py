"""Who is calling, as far as the connection tells: address, scheme and origin, also behind a reverse proxy.

`X-Forwarded-Proto` is believed from anyone, because a browser can't be made to send it across sites and whoever
lies with it lies to themselves. `X-Forwarded-For` is believed from this machine and private networks only, its
last entry alone: the one that the nearest proxy wrote.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from aiohttp import web

IPV6_PREFIX_BITS = 64
"""One household's addresses: counted as one caller."""


def address(request: web.Request) -> str:
    """The caller's address for rate limits: an IPv4 address, the /64 of an IPv6 one, or `unknown`."""
    peer = _parsed(request.remote or "")
    if peer is not None and (peer.is_loopback or peer.is_private):
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        peer = _parsed(forwarded) or peer
    if peer is None:
        return "unknown"
    if isinstance(peer, IPv6Address):
        return str(IPv6Network((peer, IPV6_PREFIX_BITS), strict=False))
    return str(peer)


def is_https(request: web.Request) -> bool:
    """True when the browser's side of the connection is encrypted."""
    forwarded = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    return request.secure or forwarded == "https"


def base_url(request: web.Request) -> str:
    """Scheme and host that the browser asked for, without a slash at the end."""
    return f"{'https' if is_https(request) else 'http'}://{request.host}"


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed
