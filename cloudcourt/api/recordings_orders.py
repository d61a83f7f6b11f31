"""`.../recording/orders`: what a judge ordered about a record, and what is sealed of it now (REC 16)."""

from aiohttp import web

from cloudcourt.api.access import RECORD, STAFF, Access, Reader, bearer_token, record_cookie, seat_ticket
from cloudcourt.api.answers import Nothing
from cloudcourt.api.routes import Body, Call, RouteTable
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import NotAllowed, NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_orders import OrderAsk, RecordOrder, SealedSpan, is_held, sealed_spans
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.value import Value

routes = RouteTable()


class OrderingSeat(Access[SeatTicket]):
    """A seat of the hearing in the path that may give orders about its record, by bearer token or the hearing's cookie.

    Staff of the court are not: an order is a judge's.
    """

    schemes = ("record", "seat")

    async def admit(self, request: web.Request) -> SeatTicket:
        hearing_id = HearingId(request.match_info["hearing_id"])
        token = bearer_token(request) or request.cookies.get(record_cookie(hearing_id))
        if token is None:
            await STAFF.admit(request)
            raise NotAllowed
        ticket = await seat_ticket(request, token)
        if ticket.hearing_id != hearing_id:
            raise NotFound
        if not may(ticket.role, Permission.ORDER_RECORD):
            raise NotAllowed
        return ticket


ORDERING = OrderingSeat()


class OrderList(Value):
    """All orders, oldest first, and what holds now."""

    orders: tuple[RecordOrder, ...]
    sealed: tuple[SealedSpan, ...]
    is_held: bool
    may_order: bool
    """Whether who asks may give orders: the page shows how."""


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/orders",
    body=Nothing,
    returns=OrderList,
    access=RECORD,
    summary="What was ordered about a record: sealed spans, and a legal hold.",
)
async def read_orders(call: Call[Nothing, Reader]) -> OrderList:
    """Raises NotFound."""
    return _told(await call.house.orders.orders(await _opened(call)), may_order=call.who.sees_sealed)


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/recording/orders",
    body=OrderAsk,
    returns=OrderList,
    access=ORDERING,
    status=201,
    summary="The judge seals or unseals a span of the record, or sets or lifts a legal hold.",
)
async def give_order(call: Call[OrderAsk, SeatTicket]) -> OrderList:
    """In force with the next request. Raises NotFound, OrderChangesNothing."""
    orders = await call.house.orders.add(await _opened(call), call.body, call.who.participant_id)
    return _told(orders, may_order=True)


async def _opened(call: Call[Body, Reader] | Call[Body, SeatTicket]) -> HearingId:
    """The hearing in the path. Raises NotFound where nothing was ever recorded."""
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    if hearing.opened_at is None:
        raise NotFound
    return hearing.id


def _told(orders: tuple[RecordOrder, ...], *, may_order: bool) -> OrderList:
    return OrderList(orders=orders, sealed=sealed_spans(orders), is_held=is_held(orders), may_order=may_order)
