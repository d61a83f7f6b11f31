"""A seat of a hearing that may do something about its record: a judge's order, a redacted copy."""

from aiohttp import web

from cloudcourt.api.access import STAFF, Access, bearer_token, record_cookie, seat_ticket
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import NotAllowed, NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.roles import Permission, may


class RecordSeat(Access[SeatTicket]):
    """A seat of the hearing in the path that holds a permission, by bearer token or the hearing's cookie.

    Staff of the court do not: such an act is that of a person of the hearing.
    """

    schemes = ("record", "seat")

    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    async def admit(self, request: web.Request) -> SeatTicket:
        hearing_id = HearingId(request.match_info["hearing_id"])
        token = bearer_token(request) or request.cookies.get(record_cookie(hearing_id))
        if token is None:
            await STAFF.admit(request)
            raise NotAllowed
        ticket = await seat_ticket(request, token)
        if ticket.hearing_id != hearing_id:
            raise NotFound
        if not may(ticket.role, self._permission):
            raise NotAllowed
        return ticket
