"""Who may pass: the four kinds of access a route can ask for."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from aiohttp import web

from cloudcourt.api import caller
from cloudcourt.api.house import HOUSE
from cloudcourt.api.pace import Pace
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.errors import LinkNotValid, NotFound, NotSignedIn
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import StaffMember
from cloudcourt.domain.roles import Permission, Role, may

STAFF_COOKIE = "cc_staff"
RECORD_PERMISSIONS = frozenset({Permission.LISTEN_TO_RECORD, Permission.DOWNLOAD_RECORD})

PACE = web.AppKey("pace", Pace)

Who = TypeVar("Who")


@dataclass(frozen=True)
class Reader:
    """Someone who may open one hearing's record."""

    who: str
    """`staff:NAME` or `participant:ID`, as the access log has it."""
    name: str
    sees_sealed: bool = False
    """May open what is sealed by order."""
    may_redact: bool = False
    """May have redacted copies made."""


async def seat_ticket(request: web.Request, token: str | None) -> SeatTicket:
    """Whose seat a token opens, in whatever hearing. Raises NotSignedIn for no token and for one that isn't valid."""
    if token is None:
        raise NotSignedIn
    house = request.app[HOUSE]
    try:
        return await house.links.verify(token, now=house.clock.now())
    except LinkNotValid:
        raise NotSignedIn from None


class Access(Generic[Who]):
    """Decides whether a request may pass, and as whom."""

    schemes: tuple[str, ...] = ()
    """Security schemes of the OpenAPI document, any one of which is enough."""

    async def admit(self, request: web.Request) -> Who:
        """Raises the CourtError that a caller without the right must be told."""
        raise NotImplementedError


class Anyone(Access[None]):
    async def admit(self, request: web.Request) -> None:
        return None


class Paced(Access[None]):
    """Anyone, but each address only so often: where tokens and passwords could be guessed."""

    async def admit(self, request: web.Request) -> None:
        request.app[PACE].admit(caller.address(request), request.app[HOUSE].clock.now())


class Staff(Access[StaffMember]):
    schemes = ("staff",)

    async def admit(self, request: web.Request) -> StaffMember:
        token = request.cookies.get(STAFF_COOKIE)
        if token is None:
            raise NotSignedIn
        house = request.app[HOUSE]
        return await house.staff.verify(token, now=house.clock.now())


class Record(Access[Reader]):
    """Staff, or a seat of the hearing in the path whose role holds every one of `permissions`.

    A bearer token counts alone; otherwise the staff cookie, then the hearing's own cookie. Nobody in
    particular gets 401 and a wrong person 404, whether or not there is such a hearing.
    """

    schemes = ("staff", "record", "seat")

    def __init__(self, permissions: frozenset[Permission]) -> None:
        self._permissions = permissions

    async def admit(self, request: web.Request) -> Reader:
        bearer = bearer_token(request)
        if bearer is not None:
            return await self._seat(request, bearer)
        try:
            member = await STAFF.admit(request)
        except NotSignedIn:
            return await self._seat(request, request.cookies.get(record_cookie(_hearing_id(request))))
        return Reader(who=f"staff:{member.user_name}", name=member.display_name)

    async def _seat(self, request: web.Request, token: str | None) -> Reader:
        ticket = await seat_ticket(request, token)
        if ticket.hearing_id != _hearing_id(request) or not may_all(ticket.role, self._permissions):
            raise NotFound
        return Reader(
            who=f"participant:{ticket.participant_id}",
            name=ticket.name,
            sees_sealed=may(ticket.role, Permission.READ_SEALED),
            may_redact=may(ticket.role, Permission.REDACT_RECORD),
        )


class OwnSeat(Access[SeatTicket]):
    """Whoever sits in the hearing in the path, by their own token."""

    schemes = ("seat",)

    async def admit(self, request: web.Request) -> SeatTicket:
        ticket = await seat_ticket(request, bearer_token(request))
        if ticket.hearing_id != _hearing_id(request):
            raise NotFound
        return ticket


ANYONE = Anyone()
PACED = Paced()
STAFF = Staff()
RECORD = Record(RECORD_PERMISSIONS)
RECORD_LISTENING = Record(frozenset({Permission.LISTEN_TO_RECORD}))
RECORD_OPENINGS = Record(frozenset({Permission.READ_ACCESS_LOG}))
CHECK_IN_DESK = Record(frozenset({Permission.RUN_CHECK_IN}))
OWN_SEAT = OwnSeat()


def may_all(role: Role, permissions: frozenset[Permission]) -> bool:
    """True when the role holds every one of the permissions."""
    return all(may(role, permission) for permission in permissions)


def record_cookie(hearing_id: HearingId) -> str:
    """The name of the cookie that opens one hearing's record to a seat."""
    return f"cc_record_{hearing_id}"


def _hearing_id(request: web.Request) -> HearingId:
    return HearingId(request.match_info["hearing_id"])


def bearer_token(request: web.Request) -> str | None:
    """What an `Authorization` header brings."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
