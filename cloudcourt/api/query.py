"""Reading a query string: bounded, each name once, and checked against its shape."""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from cloudcourt.domain.errors import InvalidInput

QUERY_LIMIT = 2_000
"""Characters of the whole query, as it was sent."""

Shape = TypeVar("Shape", bound=BaseModel)


def read_query(request: web.Request, shape: type[Shape]) -> Shape:
    """The query as `shape`; an empty value counts as none. Raises InvalidInput, naming the first bad field."""
    if len(request.rel_url.raw_query_string) > QUERY_LIMIT:
        raise InvalidInput(where="query", why=f"at most {QUERY_LIMIT} characters are expected")
    given: dict[str, str] = {}
    for name, value in request.query.items():
        if name in given:
            raise InvalidInput(where=name[:80], why="it is given twice")
        given[name] = value
    try:
        return shape.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as refusal:
        first = refusal.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:80]
        raise InvalidInput(where=where or "query", why=first["msg"][:200]) from None
