"""`/healthz`, `/metrics` and `/openapi.json`: what the operator and other programs ask."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from cloudcourt.api.access import ANYONE
from cloudcourt.api.answers import CourtPublicKey, Health, Nothing
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.observability.metrics import CONTENT_TYPE

log = structlog.get_logger()

PROBE_DEADLINE_S = 3.0
READINESS = {"ok": frozenset({"ok"}), "degraded": frozenset({"ok", "degraded"})}
"""What all parts must answer for each status that is 200."""
NOT_READY = "not_ready"

OPENAPI = web.AppKey("openapi", bytes)

routes = RouteTable()


@routes.route(
    "GET", "/healthz", body=Nothing, returns=Health, access=ANYONE, summary="Readiness in parts; 503 when not ready."
)
async def healthz(call: Call[Nothing, None]) -> Health:
    """Ask every part at once; a part that doesn't answer in time is not ready."""
    names = tuple(call.house.probes)
    answers = await asyncio.gather(*(_probe(name, call.house.probes[name]) for name in names))
    parts = dict(zip(names, answers, strict=True))
    status = next((status for status, all_of in READINESS.items() if all_of.issuperset(answers)), NOT_READY)
    call.outcome.status = 503 if status == NOT_READY else 200
    return Health(status=status, parts=parts, media_ports=call.house.media_ports())


@routes.route(
    "GET",
    "/metrics",
    body=Nothing,
    returns=web.StreamResponse,
    access=ANYONE,
    summary="Figures for Prometheus.",
    media_types=("text/plain",),
)
async def metrics(call: Call[Nothing, None]) -> web.StreamResponse:
    """All figures; those of the hearings are taken now, and left as they were while the database doesn't answer."""
    figures = call.house.metrics
    figures.media_now(call.house.media_figures())
    try:
        async with asyncio.timeout(PROBE_DEADLINE_S):
            hearings = await call.house.cases.hearings()
    except Exception as failure:  # noqa: BLE001 - the other figures are wanted most when the database is down
        log.warning("hearings not counted", kind=type(failure).__name__)
    else:
        figures.hearings_now(Counter(hearing.session.value for hearing in hearings))
    return web.Response(body=figures.text(), headers={"Content-Type": CONTENT_TYPE})


@routes.route(
    "GET",
    "/api/court-key",
    body=Nothing,
    returns=CourtPublicKey,
    access=ANYONE,
    summary="The public key with which this court signs its records.",
)
async def court_key(call: Call[Nothing, None]) -> CourtPublicKey:
    """For those who check a record: `cloudcourt verify PATH --court-key KEY`."""
    return CourtPublicKey(public_key=call.house.court_key)


@routes.route(
    "GET", "/openapi.json", body=Nothing, returns=web.StreamResponse, access=ANYONE, summary="This description."
)
async def openapi_document(call: Call[Nothing, None]) -> web.StreamResponse:
    """OpenAPI 3.1, made from the route table."""
    return web.Response(body=call.request.app[OPENAPI], content_type="application/json")


async def _probe(name: str, ask: Callable[[], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(PROBE_DEADLINE_S):
            return await ask()
    except Exception as failure:  # noqa: BLE001 - whatever is wrong with a part, the answer is that it is not ready
        log.warning("part not ready", part=name, kind=type(failure).__name__)
        return "failed"
