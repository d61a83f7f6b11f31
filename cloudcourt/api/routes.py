"""The route table: what each call takes, gives and demands, declared once beside its handler.

The table drives checking, authorisation, the OpenAPI document and the contract tests.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel

from cloudcourt.api import caller
from cloudcourt.api.access import Access, Who
from cloudcourt.api.answers import Nothing
from cloudcourt.api.body import read_body
from cloudcourt.api.house import HOUSE, House

Method = Literal["GET", "POST", "DELETE"]
Body = TypeVar("Body", bound=BaseModel)
Answer = TypeVar("Answer", bound=BaseModel | web.StreamResponse)


@dataclass(frozen=True)
class Cookie:
    """A cookie to set, or to clear where `value` is None."""

    name: str
    value: str | None
    path: str


@dataclass
class Outcome:
    """What goes out with an answer that is a model."""

    status: int
    cookies: list[Cookie] = field(default_factory=list)


@dataclass(frozen=True)
class Call(Generic[Body, Who]):
    """One request that has been let in: its checked body and who asks."""

    request: web.Request
    house: House
    body: Body
    who: Who
    outcome: Outcome

    def named(self, part: str) -> str:
        """A part of the path, such as `hearing_id`. It may be any text."""
        return self.request.match_info[part]


@dataclass(frozen=True)
class Route:
    """One row of the table. `returns` is a model, or a stream in one of `media_types`."""

    method: Method
    path: str
    body: type[BaseModel]
    returns: type[Any]
    access: Access[Any]
    status: int
    summary: str
    media_types: tuple[str, ...]
    query: tuple[str, ...]
    """Optional query parameters."""
    handle: Callable[[Call[Any, Any]], Awaitable[BaseModel | web.StreamResponse]]

    @property
    def answer_model(self) -> type[BaseModel] | None:
        """The shape of the JSON that is answered; None for a stream or no content."""
        is_shaped = issubclass(self.returns, BaseModel) and self.returns is not Nothing
        return self.returns if is_shaped else None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Authorise, then read and check the body, then answer. Raises CourtError."""
        who = await self.access.admit(request)
        body = Nothing() if self.body is Nothing else await read_body(request, self.body)
        call = Call(request, request.app[HOUSE], body, who, Outcome(self.status))
        answer = await self.handle(call)
        return answer if isinstance(answer, web.StreamResponse) else _response(answer, call)


class RouteTable:
    """An ordered list of routes, filled by decorating handlers."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def route(
        self,
        method: Method,
        path: str,
        *,
        body: type[Body],
        returns: type[Answer],
        access: Access[Who],
        summary: str,
        status: int = 200,
        media_types: tuple[str, ...] = ("application/json",),
        query: tuple[str, ...] = (),
    ) -> Callable[[Callable[[Call[Body, Who]], Awaitable[Answer]]], Callable[[Call[Body, Who]], Awaitable[Answer]]]:
        """Enter the decorated handler into the table."""

        def enter(
            handle: Callable[[Call[Body, Who]], Awaitable[Answer]],
        ) -> Callable[[Call[Body, Who]], Awaitable[Answer]]:
            row = Route(method, path, body, returns, access, status, summary, media_types, query, handle)
            self._routes.append(row)
            return handle

        return enter


def _response(answer: BaseModel, call: Call[Any, Any]) -> web.Response:
    content = None if isinstance(answer, Nothing) else answer.model_dump_json().encode()
    response = web.Response(body=content, status=call.outcome.status)
    if content is not None:
        response.content_type = "application/json"
    is_secure = call.house.secure_cookies or caller.is_https(call.request)
    for cookie in call.outcome.cookies:
        response.set_cookie(
            cookie.name,
            cookie.value or "",
            path=cookie.path,
            max_age=0 if cookie.value is None else None,
            httponly=True,
            secure=is_secure,
            samesite="Strict",
        )
    return response
