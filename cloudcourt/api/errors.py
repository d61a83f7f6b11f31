"""The boundary: every failure becomes the one error body, or a small page where a person asked for a page."""

import html
import secrets

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from cloudcourt.api.language import language_of
from cloudcourt.domain.errors import CourtError, InvalidInput, Language, NotFound, RangeNotSatisfiable, TooLarge
from cloudcourt.domain.wire import error_body, internal_error_body

log = structlog.get_logger()

SIGNALING_PREFIX = "/socket.io"
RETRY_AFTER_S = 60


@web.middleware
async def tell_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into an answer. Cancellation passes; so does the signaling door."""
    if request.path.startswith(SIGNALING_PREFIX):
        return await handler(request)
    try:
        return await handler(request)
    except CourtError as error:
        return _told(request, error, error.http_status)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        response = _told(request, _court_error(refusal, request.method), refusal.status)
        if "Allow" in refusal.headers:
            response.headers["Allow"] = refusal.headers["Allow"]
        return response
    except Exception as bug:  # the boundary: the client learns only the incident's number
        incident_id = secrets.token_hex(6)
        log.error("request failed", incident_id=incident_id, route=route_of(request), exc_info=bug)
        return _answer(request, internal_error_body(incident_id, language_of(request)), 500)


def route_of(request: web.Request) -> str:
    """The template of the route that was found, never the path itself: paths hold ids and mistyped tokens."""
    resource = request.match_info.route.resource
    return "unmatched" if resource is None else resource.canonical


def _court_error(refusal: web.HTTPException, method: str) -> CourtError:
    """What aiohttp refuses by itself, in the court's words."""
    match refusal:
        case web.HTTPNotFound():
            return NotFound()
        case web.HTTPRequestEntityTooLarge():
            return TooLarge(limit_bytes=refusal.text or "")
        case web.HTTPMethodNotAllowed():
            return InvalidInput(where="method", why=f"{method[:20]} is not possible here")
        case _:
            return InvalidInput(where="request", why=refusal.reason)


def _told(request: web.Request, error: CourtError, status: int) -> web.Response:
    response = _answer(request, error_body(error, language_of(request)), status)
    if isinstance(error, RangeNotSatisfiable) and "size_bytes" in error.fields:
        response.headers["Content-Range"] = f"bytes */{error.fields['size_bytes']}"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _answer(request: web.Request, body: dict[str, object], status: int) -> web.Response:
    if is_for_a_program(request.path):
        return web.json_response(body, status=status)
    return web.Response(text=_page(body, language_of(request)), status=status, content_type="text/html")


def is_for_a_program(path: str) -> bool:
    """True for paths that answer JSON; all others are looked at by a person."""
    return path == "/api" or path.startswith("/api/") or path in ("/healthz", "/metrics", "/openapi.json")


def _page(body: dict[str, object], language: Language) -> str:
    error = body["error"]
    message = str(error["message"]) if isinstance(error, dict) else ""
    return _PAGE.format(language=language, message=html.escape(message), home=_HOME[language])


_HOME: dict[Language, str] = {"zh-CN": "返回首页", "en": "Back to the start page"}
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{message}</title>
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/css/tokens.css">
<link rel="stylesheet" href="/static/css/dark.css" media="(prefers-color-scheme: dark)">
<link rel="stylesheet" href="/static/css/layout.css">
<link rel="stylesheet" href="/static/css/parts.css">
</head>
<body>
<div class="page">
<main class="message"><img class="emblem" src="/static/favicon.svg" alt=""><h1>{message}</h1>
<p><a class="button primary" href="/">{home}</a></p></main>
</div>
</body>
</html>
"""
