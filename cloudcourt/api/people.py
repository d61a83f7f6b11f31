"""People of a hearing that is already scheduled: seated late, in another's place, or taken out of it."""

from cloudcourt.api.access import CHECK_IN_DESK, STAFF, Reader
from cloudcourt.api.answers import LinkDetail, Nothing
from cloudcourt.api.links import new_link, person_in
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.errors import InvalidInput
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import StaffMember
from cloudcourt.domain.seating import NewPerson

REASON_CHARS_LIMIT = 200

routes = RouteTable()


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/people",
    body=NewPerson,
    returns=LinkDetail,
    access=CHECK_IN_DESK,
    status=201,
    summary="Seat a person in a hearing that is scheduled or runs, or in another's place, and make their join link.",
)
async def seat_person(call: Call[NewPerson, Reader]) -> LinkDetail:
    """Whoever is replaced is out at once. Raises NotFound, InvalidInput, NotAllowed, TooManyPeople, WrongState."""
    house, who = call.house, call.who
    hearing_id = HearingId(call.named("hearing_id"))
    kind, _, name = who.who.partition(":")
    by_seat = ParticipantId(name) if kind == "participant" else None
    participant_id = await house.court.seat(hearing_id, call.body, who.who, by_seat)
    hearing = await house.court.hearing(hearing_id)
    return await new_link(call, hearing, hearing.participants[participant_id])


@routes.route(
    "DELETE",
    "/api/hearings/{hearing_id}/people/{participant_id}",
    body=Nothing,
    returns=Nothing,
    access=STAFF,
    status=204,
    summary="Take a person out of a hearing: out of the courtroom at once, and their link ends.",
    query=("reason",),
)
async def remove_person(call: Call[Nothing, StaffMember]) -> Nothing:
    """`reason` stands in the hearing's log, at most 200 characters. Raises NotFound, NoSuchPerson, InvalidInput."""
    reason = call.request.query.get("reason", "").strip()
    if len(reason) > REASON_CHARS_LIMIT:
        raise InvalidInput(where="reason", why=f"at most {REASON_CHARS_LIMIT} characters")
    hearing, person = await person_in(call)
    await call.house.court.unseat(hearing.id, person.id, reason)
    return Nothing()
