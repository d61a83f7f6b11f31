"""`POST /api/join`: a join link becomes a seat."""

from cloudcourt.api.access import PACED, RECORD_PERMISSIONS, may_all, record_cookie
from cloudcourt.api.answers import JoinAsk, Seated
from cloudcourt.api.routes import Call, Cookie, RouteTable

routes = RouteTable()


@routes.route(
    "POST", "/api/join", body=JoinAsk, returns=Seated, access=PACED, summary="Exchange a join link's token for a seat."
)
async def join(call: Call[JoinAsk, None]) -> Seated:
    """Raises LinkNotValid. A judge or a clerk also gets the cookie that opens the hearing's record."""
    house = call.house
    seat_token, ticket = await house.links.exchange(call.body.link_token, now=house.clock.now())
    summary = await house.cases.hearing(ticket.hearing_id)
    if may_all(ticket.role, RECORD_PERMISSIONS):
        path = f"/api/hearings/{ticket.hearing_id}/recording"
        call.outcome.cookies.append(Cookie(record_cookie(ticket.hearing_id), seat_token, path))
    return Seated(
        seat_token=seat_token,
        hearing_id=ticket.hearing_id,
        participant_id=ticket.participant_id,
        role=ticket.role,
        name=ticket.name,
        case_number=summary.case_number,
        cause=summary.cause,
        scheduled_at=summary.scheduled_at,
    )
