"""The pages and their static files."""

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from cloudcourt.api.house import HOUSE
from cloudcourt.domain.errors import NotFound

PAGES = {
    "/": "index.html",
    "/join": "join.html",
    "/desk": "desk.html",
    "/recordings": "recordings.html",
    "/recordings/{hearing_id}": "recordings.html",
    "/verify": "verify.html",
    "/gallery/{hearing_id}": "gallery.html",
}

_MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wav": "audio/wav",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_OTHER_TYPE = "text/plain"
"""Licences, notes and type declarations: to be read, never run (`nosniff`)."""


def add_pages(app: web.Application) -> None:
    """Mount the pages, `/static/` and the icon that browsers ask for unbidden."""
    for path, file in PAGES.items():
        app.router.add_get(path, _page(file))
    app.router.add_get("/static/{path:.+}", _static)
    app.router.add_get("/favicon.ico", _icon)


def _page(file: str) -> Handler:
    async def send(request: web.Request) -> web.StreamResponse:
        return await _sent(request, file)

    return send


async def _static(request: web.Request) -> web.StreamResponse:
    return await _sent(request, request.match_info["path"])


async def _icon(request: web.Request) -> web.StreamResponse:
    try:
        return await _sent(request, "icons/favicon.ico")
    except NotFound:
        return web.Response(status=204)


async def _sent(request: web.Request, name: str) -> web.StreamResponse:
    """A regular file below the static folder. Raises NotFound for folders, links, hidden names and ways out."""
    path = await asyncio.to_thread(_found, request.app[HOUSE].static_dir, name)
    response = web.FileResponse(path)
    response.content_type = _MEDIA_TYPES.get(path.suffix, _OTHER_TYPE)
    if response.content_type.startswith("text/"):
        response.charset = "utf-8"
    return response


def _found(folder: Path, name: str) -> Path:
    if any(part.startswith(".") or not part for part in name.split("/")):
        raise NotFound
    root = folder.resolve()
    path = root / name
    try:
        is_ours = path.resolve(strict=True) == path and path.is_relative_to(root) and path.is_file()
    except (OSError, ValueError):  # too long, or a zero byte
        raise NotFound from None
    if not is_ours:
        raise NotFound
    return path
