"""Mounts the HTTP door on an aiohttp application."""

import json
import time

from aiohttp import web
from aiohttp.typedefs import Handler

from cloudcourt.api import (
    cases,
    check_in,
    courtrooms,
    exhibits,
    gallery,
    hearings,
    joining,
    operations,
    people,
    program,
    recordings,
    recordings_copies,
    recordings_marks,
    recordings_orders,
    recordings_redactions,
    recordings_retention,
    recordings_search,
    seals,
    sessions,
)
from cloudcourt.api.access import PACE
from cloudcourt.api.errors import SIGNALING_PREFIX, route_of, tell_errors
from cloudcourt.api.gallery import VISITORS
from cloudcourt.api.guard import add_security_headers, refuse_foreign_origins
from cloudcourt.api.house import HOUSE, House
from cloudcourt.api.openapi import openapi
from cloudcourt.api.openings import Openings
from cloudcourt.api.operations import OPENAPI
from cloudcourt.api.pace import Pace
from cloudcourt.api.pages import add_pages
from cloudcourt.api.recordings import LABELS, OPENINGS
from cloudcourt.api.recordings_copies import TRANSFERS
from cloudcourt.api.transfers import Transfers
from cloudcourt.api.visitors import Visitors

ROUTES = (
    *joining.routes,
    *sessions.routes,
    *cases.routes,
    *check_in.routes,
    *exhibits.routes,
    *hearings.routes,
    *people.routes,
    *courtrooms.routes,
    *recordings_search.routes,
    *recordings.routes,
    *recordings_marks.routes,
    *recordings_copies.routes,
    *recordings_orders.routes,
    *recordings_redactions.routes,
    *recordings_retention.routes,
    *seals.routes,
    *program.routes,
    *gallery.routes,
    *operations.routes,
)
"""Every route that answers a program, in the order of `docs/hearing-protocol.md`."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def add_routes(app: web.Application, house: House) -> None:
    """Mount every route, page and middleware. `/socket.io` gets harmless headers and nothing else."""
    app[HOUSE] = house
    app[PACE] = Pace()
    app[OPENINGS] = Openings()
    app[TRANSFERS] = Transfers()
    app[VISITORS] = Visitors(house.gallery_seats)
    app[LABELS] = {}
    app[OPENAPI] = json.dumps(openapi(ROUTES, house.extra_schemas), ensure_ascii=False).encode()
    app.middlewares.extend((measure, tell_errors, refuse_foreign_origins))
    app.on_response_prepare.append(add_security_headers)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.serve)
        if route.method == "GET":
            app.router.add_route("HEAD", route.path, route.serve)
    add_pages(app)


@web.middleware
async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the answer and how long it took to make; signaling counts its own."""
    if request.path.startswith(SIGNALING_PREFIX):
        return await handler(request)
    began_s = time.monotonic()
    response = await handler(request)
    method = request.method if request.method in _METHODS else "other"
    seconds = time.monotonic() - began_s
    request.app[HOUSE].metrics.http_answered(method, route_of(request), response.status, seconds)
    return response
