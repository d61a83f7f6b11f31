"""Check-in over HTTP: the rules of court, a person's snapshot, and the clerk's board."""

from typing import Annotated

from aiohttp import web
from pydantic import StringConstraints

from cloudcourt.api.access import ANYONE, CHECK_IN_DESK, OWN_SEAT, Reader
from cloudcourt.api.answers import Nothing
from cloudcourt.api.body import read_bytes
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.check_in_guard import check_in_of
from cloudcourt.domain.check_in_rules import code_number
from cloudcourt.domain.court_rules import COURT_RULES, CourtRules
from cloudcourt.domain.errors import InvalidInput, NoSuchPerson
from cloudcourt.domain.identity_ports import Snapshot
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.lobby_view import Readiness, board
from cloudcourt.domain.value import Value

SNAPSHOT_BYTES_LIMIT = 2 * 1024 * 1024
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})

routes = RouteTable()


class CourtRulesBook(Value):
    texts: tuple[CourtRules, ...]


class OneTimeCode(Value):
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Board(Value):
    """Everyone's readiness, in seating order."""

    people: tuple[Readiness, ...]


@routes.route(
    "GET",
    "/api/court-rules",
    body=Nothing,
    returns=CourtRulesBook,
    access=ANYONE,
    summary="The rules of court that everyone signs, in each language.",
)
async def read_court_rules(call: Call[Nothing, None]) -> CourtRulesBook:
    return CourtRulesBook(texts=tuple(COURT_RULES.values()))


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/snapshot",
    body=Nothing,
    returns=Snapshot,
    access=OWN_SEAT,
    status=201,
    summary="Hand in a picture of yourself with your document (image/jpeg, png or webp, at most 2 MiB).",
)
async def hand_in_snapshot(call: Call[Nothing, SeatTicket]) -> Snapshot:
    """Raises InvalidInput, TooLarge."""
    if call.request.content_type not in PICTURES:
        raise InvalidInput(where="content-type", why="a picture is expected")
    picture = await read_bytes(call.request, SNAPSHOT_BYTES_LIMIT)
    house = call.house
    snapshot = await house.snapshots.keep(call.who.hearing_id, picture)
    await house.court.snapshot_kept(call.who.hearing_id, call.who.participant_id, snapshot)
    return snapshot


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/snapshots/{sha256}",
    body=Nothing,
    returns=web.StreamResponse,
    access=CHECK_IN_DESK,
    summary="A person's snapshot, while it is kept.",
    media_types=("image/jpeg",),
)
async def read_snapshot(call: Call[Nothing, Reader]) -> web.StreamResponse:
    """Raises NotFound."""
    picture = await call.house.snapshots.read(HearingId(call.named("hearing_id")), call.named("sha256"))
    return web.Response(body=picture, content_type="image/jpeg")


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/people/{participant_id}/code",
    body=Nothing,
    returns=OneTimeCode,
    access=CHECK_IN_DESK,
    summary="The one-time code that the clerk tells this person.",
)
async def read_code(call: Call[Nothing, Reader]) -> OneTimeCode:
    """Raises NotFound, NoSuchPerson."""
    hearing = await call.house.court.hearing(HearingId(call.named("hearing_id")))
    person = hearing.participants.get(ParticipantId(call.named("participant_id")))
    if person is None:
        raise NoSuchPerson
    number = code_number(check_in_of(hearing, person).identity.wrong_codes)
    return OneTimeCode(code=await call.house.identity.code(hearing.id, person.id, number))


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/board",
    body=Nothing,
    returns=Board,
    access=CHECK_IN_DESK,
    summary="How far everyone has come on their way into court.",
)
async def read_board(call: Call[Nothing, Reader]) -> Board:
    """Raises NotFound."""
    return Board(people=board(await call.house.court.hearing(HearingId(call.named("hearing_id")))))
