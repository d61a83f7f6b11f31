"""`/api/session`: staff sign in and out."""

from cloudcourt.api.access import PACED, STAFF, STAFF_COOKIE
from cloudcourt.api.answers import Nothing, SignedIn, SignInAsk
from cloudcourt.api.routes import Call, Cookie, RouteTable
from cloudcourt.domain.ports import StaffMember

routes = RouteTable()


@routes.route("POST", "/api/session", body=SignInAsk, returns=SignedIn, access=PACED, summary="Sign in.")
async def sign_in(call: Call[SignInAsk, None]) -> SignedIn:
    """Raises WrongCredentials, TooFast."""
    now = call.house.clock.now()
    token, member = await call.house.staff.sign_in(call.body.user_name, call.body.password, now=now)
    call.outcome.cookies.append(Cookie(STAFF_COOKIE, token, "/"))
    return _signed_in(member)


@routes.route("GET", "/api/session", body=Nothing, returns=SignedIn, access=STAFF, summary="Who is signed in.")
async def who_is_signed_in(call: Call[Nothing, StaffMember]) -> SignedIn:
    """The member of staff whose cookie this is."""
    return _signed_in(call.who)


@routes.route("DELETE", "/api/session", body=Nothing, returns=Nothing, access=STAFF, status=204, summary="Sign out.")
async def sign_out(call: Call[Nothing, StaffMember]) -> Nothing:
    """Ends the session at the server, and clears the cookie."""
    await call.house.staff.sign_out(call.request.cookies[STAFF_COOKIE])
    call.outcome.cookies.append(Cookie(STAFF_COOKIE, None, "/"))
    return Nothing()


def _signed_in(member: StaffMember) -> SignedIn:
    return SignedIn(user_name=member.user_name, display_name=member.display_name)
