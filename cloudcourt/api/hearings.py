"""`/api/hearings`: the list, scheduling, and everyone's join links."""

import asyncio
from datetime import UTC, datetime, timedelta

from cloudcourt.api import caller
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
from cloudcourt.api.routes import Body, Call, RouteTable
from cloudcourt.domain.errors import InvalidInput, NoSuchPerson
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import StaffMember

EARLIEST = timedelta(days=-1)
LATEST = timedelta(days=730)
"""How far from now a hearing can be scheduled."""

REASON_CHARS_LIMIT = 200

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
    founded = await house.cases.add_hearing(case, scheduled_at, at=now, actor=call.who.id, check_in=house.check_in)
    hearing = await house.court.hearing(founded[0].hearing_id)
    links = [await _new_link(call, hearing, person, now) for person in hearing.seating]
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
    hearing, person = await _person(call)
    link = await _new_link(call, hearing, person, call.house.clock.now())
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
    hearing, person = await _person(call)
    await call.house.links.revoke(hearing.id, person.id)
    await call.house.court.link_revoked(hearing.id, person.id)
    return Nothing()


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
    hearing, person = await _person(call)
    await call.house.court.unseat(hearing.id, person.id, reason)
    return Nothing()


async def _person(call: Call[Nothing, StaffMember]) -> tuple[Hearing, Participant]:
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    person = hearing.participants.get(ParticipantId(call.named("participant_id")))
    if person is None:
        raise NoSuchPerson
    return hearing, person


async def _new_link(call: Call[Body, StaffMember], hearing: Hearing, person: Participant, now: datetime) -> LinkDetail:
    house = call.house
    # A link that is renewed after the day, to hear the record, is good for as long as a new one.
    expires_at = max(hearing.scheduled_at, now) + timedelta(days=house.link_days)
    token = await house.links.issue(hearing.id, person.id, expires_at=expires_at)
    url = f"{(house.public_url or caller.base_url(call.request)).rstrip('/')}/join#{token}"
    return LinkDetail(
        participant_id=person.id,
        role=person.role,
        name=person.name,
        url=url,
        qr_svg=await asyncio.to_thread(house.qr_svg, url),
        expires_at=expires_at,
    )


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
