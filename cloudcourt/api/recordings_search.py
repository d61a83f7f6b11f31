"""`/api/recordings`: finding a hearing's record by case number, name, day and state."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from aiohttp import web
from pydantic import Field, StringConstraints

from cloudcourt.api.access import RECORD_PERMISSIONS, STAFF, Access, bearer_token, may_all, seat_ticket
from cloudcourt.api.answers import Nothing
from cloudcourt.api.house import HOUSE
from cloudcourt.api.query import read_query
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.court_time import COURT_ZONE
from cloudcourt.domain.errors import InvalidInput, NotAllowed
from cloudcourt.domain.ids import CaseId
from cloudcourt.domain.record_index import RecordFilter, RecordPage, RecordSearch
from cloudcourt.domain.value import Value

WORDS_LIMIT = 8

routes = RouteTable()


class SearchAsk(Value):
    """The query. Days are the court's own, both included."""

    words: Annotated[str, StringConstraints(max_length=100)] = ""
    from_day: date | None = None
    to_day: date | None = None
    state: RecordFilter | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class Archive(Access[CaseId | None]):
    """Staff search everything the court has; a judge or clerk with a seat's bearer token, their own case."""

    schemes = ("staff", "seat")

    async def admit(self, request: web.Request) -> CaseId | None:
        bearer = bearer_token(request)
        if bearer is None:
            await STAFF.admit(request)
            return None
        ticket = await seat_ticket(request, bearer)
        if not may_all(ticket.role, RECORD_PERMISSIONS):
            raise NotAllowed
        return (await request.app[HOUSE].cases.hearing(ticket.hearing_id)).case_id


ARCHIVE = Archive()


@routes.route(
    "GET",
    "/api/recordings",
    body=Nothing,
    returns=RecordPage,
    access=ARCHIVE,
    summary="Find the records of hearings.",
    query=tuple(SearchAsk.model_fields),
)
async def search_recordings(call: Call[Nothing, CaseId | None]) -> RecordPage:
    """One page, the latest opening first. Raises InvalidInput."""
    ask = read_query(call.request, SearchAsk)
    if len(ask.words.split()) > WORDS_LIMIT:
        raise InvalidInput(where="words", why=f"at most {WORDS_LIMIT} words are expected")
    return await call.house.records.search(
        RecordSearch(
            words=ask.words.replace("\x00", ""),
            opened_from=_midnight(ask.from_day),
            opened_before=_midnight(ask.to_day, days_later=1),
            state=ask.state,
            case_id=call.who,
            page=ask.page,
        )
    )


def _midnight(day: date | None, days_later: int = 0) -> datetime | None:
    """Raises InvalidInput for a day at the end of all calendars."""
    if day is None:
        return None
    if not date(1900, 1, 1) <= day <= date(9000, 1, 1):
        raise InvalidInput(where="day", why="a day between 1900 and 9000 is expected")
    return datetime.combine(day + timedelta(days=days_later), time(), COURT_ZONE)
