"""Reading a JSON body: bounded in size, time and depth, and checked against its shape."""

import asyncio
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from cloudcourt.domain.errors import InvalidInput, TooLarge

BODY_BYTES_LIMIT = 64 * 1024
BODY_DEADLINE_S = 15.0

Shape = TypeVar("Shape", bound=BaseModel)


async def read_body(request: web.Request, shape: type[Shape]) -> Shape:
    """The request's JSON as `shape`. Raises TooLarge, InvalidInput (naming the first bad field in `where`)."""
    if request.content_type != "application/json":
        raise InvalidInput(where="content-type", why="application/json is expected")
    content = await read_bytes(request, BODY_BYTES_LIMIT)
    try:
        return shape.model_validate_json(content)
    except ValidationError as refusal:
        raise _named(refusal) from None


async def read_bytes(request: web.Request, limit_bytes: int) -> bytes:
    """The whole body, unpacked. The limit counts unpacked bytes, so a compressed bomb stops at it too.

    Raises TooLarge, InvalidInput.
    """
    if (request.content_length or 0) > limit_bytes:
        raise TooLarge(limit_bytes=limit_bytes)
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_DEADLINE_S):
            while piece := await request.content.readany():
                content += piece
                if len(content) > limit_bytes:
                    raise TooLarge(limit_bytes=limit_bytes)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, ConnectionError):
        raise InvalidInput(where="body", why="it could not be read to its end") from None
    return bytes(content)


def _named(refusal: ValidationError) -> InvalidInput:
    first = refusal.errors(include_input=False, include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:80]
    return InvalidInput(where=where or "body", why=first["msg"][:200])
