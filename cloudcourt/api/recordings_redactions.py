"""`.../recording/redactions`: copies of the film with something taken out, by order of judge or clerk (REC 16)."""

import asyncio
from pathlib import PurePath
from typing import Any

from cloudcourt.api.access import RECORD, Reader
from cloudcourt.api.answers import Nothing
from cloudcourt.api.record_seat import RecordSeat
from cloudcourt.api.routes import Body, Call, RouteTable
from cloudcourt.api.withholding import withheld_spans
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import NoSuchPerson, NotFound
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_errors import WholeWithheld
from cloudcourt.domain.record_orders import sealed_spans
from cloudcourt.domain.redaction import RedactedCopy, RedactionAsk, leaves_out
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.value import Value

REDACTING = RecordSeat(Permission.REDACT_RECORD)

routes = RouteTable()


class RedactionList(Value):
    """Every redacted copy of a hearing's film, oldest first."""

    copies: tuple[RedactedCopy, ...]
    may_redact: bool
    """Whether who asks may have one made: the page shows how."""


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/redactions",
    body=Nothing,
    returns=RedactionList,
    access=RECORD,
    summary="Redacted copies: what was taken out, by whose order, and how far they are.",
)
async def read_redactions(call: Call[Nothing, Reader]) -> RedactionList:
    """Raises NotFound."""
    return await _told(call, (await _opened(call)).id, may_redact=call.who.may_redact)


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/recording/redactions",
    body=RedactionAsk,
    returns=RedactionList,
    access=REDACTING,
    status=201,
    summary="Judge or clerk have a redacted copy made; what a judge sealed is left out of it too.",
)
async def make_redaction(call: Call[RedactionAsk, SeatTicket]) -> RedactionList:
    """Raises NotFound, also where there is no film; NoSuchPerson, RecordNotSealed."""
    hearing = await _opened(call)
    people = {person.id for person in hearing.seating}
    if any(one.participant is not None and one.participant not in people for one in call.body.redactions):
        raise NoSuchPerson
    sealed = sealed_spans(await call.house.orders.orders(hearing.id))
    await call.house.redactions.add(hearing.id, call.body, call.who.participant_id, sealed)
    return await _told(call, hearing.id, may_redact=True)


async def redacted_file(call: Call[Any, Reader], number: int) -> PurePath:
    """The zip of a redacted copy. Raises NotFound, and WholeWithheld where it shows what was sealed since."""
    hearing_id = HearingId(call.named("hearing_id"))
    found = await asyncio.to_thread(call.house.redactions.file, hearing_id, number)
    if found is None:
        raise NotFound
    copies = await call.house.redactions.copies(hearing_id)
    if not leaves_out(copies[number - 1], await withheld_spans(call)):
        raise WholeWithheld
    return found


async def _opened(call: Call[Body, Reader] | Call[Body, SeatTicket]) -> Hearing:
    """The hearing in the path. Raises NotFound where nothing was ever recorded."""
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    if hearing.opened_at is None:
        raise NotFound
    return hearing


async def _told(
    call: Call[Body, Reader] | Call[Body, SeatTicket], hearing_id: HearingId, *, may_redact: bool
) -> RedactionList:
    sealed = sealed_spans(await call.house.orders.orders(hearing_id))
    copies = await call.house.redactions.copies(hearing_id)
    shown = (copy.model_copy(update={"is_withheld": not leaves_out(copy, sealed)}) for copy in copies)
    return RedactionList(copies=tuple(shown), may_redact=may_redact)
