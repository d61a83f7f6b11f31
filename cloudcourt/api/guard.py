"""What keeps other websites out: the origin check on unsafe methods, and headers on every answer."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from cloudcourt.api import caller
from cloudcourt.api.errors import SIGNALING_PREFIX, is_for_a_program
from cloudcourt.api.house import HOUSE
from cloudcourt.domain.errors import ForeignOrigin

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_FETCHES = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` of the court's own pages, and of a person who types an address."""

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self' ws: wss:; font-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)

_NEEDED = ("accelerometer", "camera", "display-capture", "gyroscope", "microphone", "screen-wake-lock")
# Left out, and so with their default of the page alone: autoplay, fullscreen and picture-in-picture.
_OFF = (
    "browsing-topics", "geolocation", "hid", "idle-detection", "local-fonts",
    "magnetometer", "midi", "payment", "publickey-credentials-get", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join([*(f"{name}=(self)" for name in _NEEDED), *(f"{name}=()" for name in _OFF)])

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "cloudcourt",
}
STRICT_TRANSPORT = "max-age=31536000"


@web.middleware
async def refuse_foreign_origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse unsafe methods from another site's page. Raises ForeignOrigin."""
    is_signaling = request.path.startswith(SIGNALING_PREFIX)  # it has a check of its own
    if not is_signaling and request.method not in SAFE_METHODS and not is_from_here(request):
        raise ForeignOrigin
    return await handler(request)


def is_from_here(request: web.Request) -> bool:
    """True for the court's own pages, listed origins, and programs that are no browser (neither header).

    Every browser sends `Origin` with an unsafe method; `null` is the origin of a sandboxed or local page.
    """
    house = request.app[HOUSE]
    origins = request.headers.getall("Origin", [])
    fetched_from = request.headers.getall("Sec-Fetch-Site", [])
    if len(origins) > 1 or len(fetched_from) > 1:
        return False
    if origins and origins[0] in house.allowed_origins:
        return True
    if fetched_from and fetched_from[0].lower() not in OWN_FETCHES:
        return False
    return not origins or origins[0].lower() in _own_origins(request, house.public_url)


def _own_origins(request: web.Request, public_url: str | None) -> set[str]:
    host = request.host.lower()
    # https with our own host is us behind a proxy that ends TLS and doesn't say so.
    own = {caller.base_url(request).lower(), f"https://{host}"} if host else set()
    if public_url is not None:
        public = urlsplit(public_url.lower())
        own.add(f"{public.scheme}://{public.netloc}")
    return own


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Called as every answer starts, whoever made it: pages, errors, files, upgrades."""
    response.headers.update(SECURITY_HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache" if _is_page_or_file(request.path) else "no-store")
    if caller.is_https(request):
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT


def _is_page_or_file(path: str) -> bool:
    """Pages and static files may be kept, but are asked after each time; everything else is never kept."""
    return not is_for_a_program(path) and not path.startswith(SIGNALING_PREFIX)
