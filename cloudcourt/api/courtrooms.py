"""One clerk, several courtrooms: all of them at one glance, and acts as each hearing's clerk."""

from datetime import timedelta
from typing import Annotated

from pydantic import StringConstraints

from cloudcourt.api.access import STAFF
from cloudcourt.api.answers import Nothing
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.courtrooms import Courtroom, DeskAct, clerk_of
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.hearing import ENDED, SessionState
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import StaffMember
from cloudcourt.domain.value import Value

COURTROOMS_LIMIT = 24
NEAR = timedelta(hours=12)
"""A hearing that nobody has come to yet is shown so long before and after its time."""

routes = RouteTable()


class CourtroomList(Value):
    courtrooms: tuple[Courtroom, ...]


class ActAsk(Value):
    id: Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[0-9A-Za-z-]+$")]
    """The same act is carried out once, however often it is sent."""
    command: DeskAct


class ActDone(Value):
    seq: int


@routes.route(
    "GET",
    "/api/courtrooms",
    body=Nothing,
    returns=CourtroomList,
    access=STAFF,
    summary="The courtrooms of now: state, people, calls for help, trouble and recorder of each.",
)
async def list_courtrooms(call: Call[Nothing, StaffMember]) -> CourtroomList:
    """Those in session first, then by time; at most 24."""
    house, now = call.house, call.house.clock.now()
    near = [
        each
        for each in await house.cases.hearings()
        if each.session not in ENDED
        and (each.session is not SessionState.SCHEDULED or abs(each.scheduled_at - now) <= NEAR)
    ]
    near.sort(key=lambda each: (each.session in (SessionState.SCHEDULED, SessionState.LOBBY_OPEN), each.scheduled_at))
    return CourtroomList(courtrooms=tuple([await house.court.courtroom(each.id) for each in near[:COURTROOMS_LIMIT]]))


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/acts",
    body=ActAsk,
    returns=ActDone,
    access=STAFF,
    summary="Act as the hearing's clerk without going in.",
)
async def act(call: Call[ActAsk, StaffMember]) -> ActDone:
    """Raises NotFound, NotAllowed (no clerk in the case), and what the rules refuse a clerk."""
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    clerk = clerk_of(hearing)
    if clerk is None:
        raise NotAllowed
    return ActDone(seq=await call.house.court.act(hearing.id, clerk.id, call.body.command, call.body.id))
