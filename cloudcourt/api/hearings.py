"""`/api/hearings`: the list, scheduling, and everyone's join links."""

from datetime import UTC, timedelta

from cloudcourt.api.access import STAFF
from cloudcourt.api.answers import (
    HearingAsk,
    HearingDetail,
    HearingList,
    LinkDetail,
    Nothing,
    PersonDetail,
    ScheduledHearing,
)
from cloudcourt.api.links import new_link, person_in
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.errors import InvalidInput
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import StaffMember

EARLIEST = timedelta(days=-1)
LATEST = timedelta(days=730)
"""How far from now a hearing can be scheduled."""

routes = RouteTable()


@routes.route("GET", "/api/hearings", body=Nothing, returns=HearingList, access=STAFF, summary="All hearings.")
async def list_hearings(call: Call[Nothing, StaffMember]) -> HearingList:
    """Newest schedule first."""
    return HearingList(hearings=await call.house.cases.hearings())


@routes.route(
    "POST",
    "/api/hearings",
    body=HearingAsk,
    returns=ScheduledHearing,
    access=STAFF,
    status=201,
    summary="Schedule a hearing of a case and make its join links.",
)
async def schedule_hearing(call: Call[HearingAsk, StaffMember]) -> ScheduledHearing:
    """Raises NotFound (the case), InvalidInput (a time too far from now)."""
    house, now = call.house, call.house.clock.now()
    if not EARLIEST <= call.body.scheduled_at - now <= LATEST:
        raise InvalidInput(where="scheduled_at", why="between yesterday and two years from now is expected")
    case = await house.cases.case(call.body.case_id)
    scheduled_at = call.body.scheduled_at.astimezone(UTC)
    founded = await house.cases.add_hearing(
        case,
        scheduled_at,
        at=now,
        actor=call.who.id,
        check_in=house.check_in,
        retention=call.body.retention or house.retention,
    )
    hearing = await house.court.hearing(founded[0].hearing_id)
    links = [await new_link(call, hearing, person) for person in hearing.seating]
    return ScheduledHearing(**dict(_detail(hearing)), links=tuple(links))


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}",
    body=Nothing,
    returns=HearingDetail,
    access=STAFF,
    summary="One hearing and where its people are.",
)
async def read_hearing(call: Call[Nothing, StaffMember]) -> HearingDetail:
    """Raises NotFound."""
    return _detail(await call.house.court.hearing(HearingId(call.named("hearing_id"))))


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/people/{participant_id}/link",
    body=Nothing,
    returns=LinkDetail,
    access=STAFF,
    summary="Make a fresh join link; the old one stops working.",
)
async def renew_link(call: Call[Nothing, StaffMember]) -> LinkDetail:
    """Ends the person's connections too: whoever held the old link is out. Raises NotFound, NoSuchPerson."""
    hearing, person = await person_in(call)
    link = await new_link(call, hearing, person)
    await call.house.court.link_revoked(hearing.id, person.id)
    return link


@routes.route(
    "DELETE",
    "/api/hearings/{hearing_id}/people/{participant_id}/link",
    body=Nothing,
    returns=Nothing,
    access=STAFF,
    status=204,
    summary="Revoke a person's join link and end their connection.",
)
async def revoke_link(call: Call[Nothing, StaffMember]) -> Nothing:
    """Raises NotFound, NoSuchPerson."""
    hearing, person = await person_in(call)
    await call.house.links.revoke(hearing.id, person.id)
    await call.house.court.link_revoked(hearing.id, person.id)
    return Nothing()


def _detail(hearing: Hearing) -> HearingDetail:
    return HearingDetail(
        id=hearing.id,
        case_id=hearing.case_id,
        case_number=hearing.case_number,
        cause=hearing.cause,
        scheduled_at=hearing.scheduled_at,
        session=hearing.session,
        people=tuple(
            PersonDetail(participant_id=p.id, role=p.role, name=p.name, state=p.state) for p in hearing.seating
        ),
    )
