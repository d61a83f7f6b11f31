"""`.../recording/orders`: what a judge ordered about a record, and what is sealed of it now (REC 16)."""

from cloudcourt.api.access import RECORD, Reader
from cloudcourt.api.answers import Nothing
from cloudcourt.api.house import House
from cloudcourt.api.record_seat import RecordSeat
from cloudcourt.api.routes import Body, Call, RouteTable
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import NoSuchPerson, NotFound
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_errors import OrderChangesNothing
from cloudcourt.domain.record_orders import (
    OrderAsk,
    RecordOrder,
    SealedSpan,
    WithheldCopy,
    is_held,
    is_open_to,
    sealed_spans,
)
from cloudcourt.domain.record_proposals import Proposal, ProposalAnswer
from cloudcourt.domain.recording import FilmState
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.value import Value

routes = RouteTable()


ORDERING = RecordSeat(Permission.ORDER_RECORD)


class OrderList(Value):
    """All orders, oldest first, and what holds now."""

    orders: tuple[RecordOrder, ...]
    sealed: tuple[SealedSpan, ...]
    is_held: bool
    may_order: bool
    """Whether who asks may give orders: the page shows how."""
    proposals: tuple[Proposal, ...]
    """What the clerk proposed; who answered which, and how, stands with each."""
    copies: tuple[WithheldCopy, ...]
    """Copies without what is sealed that aren't there yet: until then nobody but the judge is given those files."""


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
    hearing_id = await _opened(call)
    return await _told(call.house, hearing_id, may_order=call.who.sees_sealed)


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
    hearing_id = await _opened(call)
    await _ordered(call.house, hearing_id, call.body, call.who)
    return await _told(call.house, hearing_id, may_order=True)


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/recording/orders/proposals",
    body=OrderAsk,
    returns=OrderList,
    access=RECORD,
    status=201,
    summary="The clerk proposes an order about the record; nothing changes until the judge grants it.",
)
async def propose_order(call: Call[OrderAsk, Reader]) -> OrderList:
    """Raises NotFound, OrderChangesNothing."""
    hearing_id = await _opened(call)
    if not is_open_to(call.body, await call.house.orders.orders(hearing_id)):
        raise OrderChangesNothing
    await call.house.proposals.propose(hearing_id, call.body, call.who.who, call.who.name)
    return await _told(call.house, hearing_id, may_order=call.who.sees_sealed)


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/recording/orders/proposals/{number}/answer",
    body=ProposalAnswer,
    returns=OrderList,
    access=ORDERING,
    summary="The judge grants a proposal, which becomes an order, or declines it with a reason.",
)
async def answer_proposal(call: Call[ProposalAnswer, SeatTicket]) -> OrderList:
    """Raises NotFound, OrderChangesNothing."""
    hearing_id, named = await _opened(call), call.named("number")
    known = await call.house.proposals.proposals(hearing_id)
    proposal = next((one for one in known if str(one.n) == named and one.state == "open"), None)
    if proposal is None:
        raise NotFound
    if call.body.is_granted:
        await _ordered(call.house, hearing_id, proposal.ask, call.who)
    await call.house.proposals.answer(hearing_id, proposal.n, call.body)
    return await _told(call.house, hearing_id, may_order=True)


async def _ordered(house: House, hearing_id: HearingId, ask: OrderAsk, judge: SeatTicket) -> None:
    """In force with the next request. Raises OrderChangesNothing."""
    await _begin_film(house, hearing_id, await house.orders.add(hearing_id, ask, judge.participant_id))


async def _opened(call: Call[Body, Reader] | Call[Body, SeatTicket]) -> HearingId:
    """The hearing in the path. Raises NotFound where nothing was ever recorded; NoSuchPerson for one named in vain."""
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    if hearing.opened_at is None:
        raise NotFound
    named = call.body.participant if isinstance(call.body, OrderAsk) else None
    if named is not None and named not in hearing.participants:
        raise NoSuchPerson
    return hearing.id


async def _begin_film(house: House, hearing_id: HearingId, orders: tuple[RecordOrder, ...]) -> None:
    """The film as others may see it is made at once, and not only when the first of them asks."""
    spans = sealed_spans(orders)
    manifest = await house.record_room.manifest(await house.court.hearing(hearing_id))
    if spans and manifest.film.state is FilmState.READY and manifest.film.file is not None:
        await house.withheld.without(manifest, manifest.film.file, spans)


async def _told(house: House, hearing_id: HearingId, *, may_order: bool) -> OrderList:
    orders = await house.orders.orders(hearing_id)
    return OrderList(
        orders=orders,
        sealed=sealed_spans(orders),
        is_held=is_held(orders),
        may_order=may_order,
        proposals=await house.proposals.proposals(hearing_id),
        copies=house.withheld.under_way(hearing_id),
    )
