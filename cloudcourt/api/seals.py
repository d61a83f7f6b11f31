"""`/api/hearings/{hearing_id}/seal`: the check value of a finished record, who confirmed it, and who signed it (REC 9).

Each person comes with their own seat; the roles' table says who confirms, who signs, and who notes a refusal.
"""

from datetime import datetime

from aiohttp import web

from cloudcourt.api.access import OWN_SEAT, OwnSeat
from cloudcourt.api.answers import Nothing
from cloudcourt.api.routes import Body, Call, RouteTable
from cloudcourt.domain.case import SeatTicket
from cloudcourt.domain.countersignature import (
    AfterSeal,
    RefusalAsk,
    SealConfirmed,
    SealKept,
    SealSigned,
    SignatureAsk,
    SigningRefused,
    of_person,
)
from cloudcourt.domain.errors import NoSuchPerson, NotAllowed
from cloudcourt.domain.hearing import Hearing, ParticipantState
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.roles import Permission, Role, may
from cloudcourt.domain.value import Value

routes = RouteTable()


class SeatOf(OwnSeat):
    """A seat of the hearing in the path whose role may do what is asked."""

    def __init__(self, permission: Permission) -> None:
        self._permission = permission

    async def admit(self, request: web.Request) -> SeatTicket:
        ticket = await super().admit(request)
        if not may(ticket.role, self._permission):
            raise NotAllowed
        return ticket


class SealMark(Value):
    """What one person did after the seal, or didn't."""

    participant_id: ParticipantId
    role: Role
    name: str
    at: datetime | None = None
    reason: str = ""
    """Why they would not sign; for those who confirm the seal."""


class SealState(Value):
    """`check_value` is None until the record is sealed.

    Those who may confirm see everyone; others see who confirmed, and what they did themselves.
    """

    now: datetime
    check_value: str | None
    sealed_at: datetime | None
    confirmed: tuple[SealMark, ...] = ()
    signed: tuple[SealMark, ...] = ()
    refused: tuple[SealMark, ...] = ()
    awaited: tuple[SealMark, ...] = ()
    """Who may sign and has not, nor was noted as refusing."""


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/seal",
    body=Nothing,
    returns=SealState,
    access=OWN_SEAT,
    summary="The integrity check value of a hearing's record, and who confirmed and signed it.",
)
async def read_seal(call: Call[Nothing, SeatTicket]) -> SealState:
    """Raises NotFound."""
    return await _state(call, await call.house.seals.seal(call.who.hearing_id))


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/seal/confirmation",
    body=Nothing,
    returns=SealState,
    access=SeatOf(Permission.CONFIRM_SEAL),
    summary="Judge or clerk confirm the seal.",
)
async def confirm_seal(call: Call[Nothing, SeatTicket]) -> SealState:
    """Raises RecordNotSealed."""
    return await _state(call, await call.house.seals.confirm(call.who.hearing_id, call.who.participant_id))


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/seal/signature",
    body=SignatureAsk,
    returns=SealState,
    access=SeatOf(Permission.SIGN_RECORD),
    summary="A person signs the check value with a key of their own device.",
)
async def sign_seal(call: Call[SignatureAsk, SeatTicket]) -> SealState:
    """Raises RecordNotSealed, AlreadySigned, SignatureNotValid."""
    who = call.who
    return await _state(call, await call.house.seals.sign(who.hearing_id, who.participant_id, call.body))


@routes.route(
    "POST",
    "/api/hearings/{hearing_id}/seal/refusal",
    body=RefusalAsk,
    returns=SealState,
    access=SeatOf(Permission.CONFIRM_SEAL),
    summary="Judge or clerk note that a person would not sign.",
)
async def note_refusal(call: Call[RefusalAsk, SeatTicket]) -> SealState:
    """Raises RecordNotSealed, AlreadySigned, NoSuchPerson."""
    who, of = call.who, call.body.participant_id
    person = (await _hearing(call)).participants.get(of)
    if person is None or not may(person.role, Permission.SIGN_RECORD):
        raise NoSuchPerson
    kept = await call.house.seals.note_refusal(who.hearing_id, of, who.participant_id, call.body.reason)
    return await _state(call, kept)


async def _hearing(call: Call[Body, SeatTicket]) -> Hearing:
    return await call.house.court.hearing(HearingId(call.who.hearing_id))


async def _state(call: Call[Body, SeatTicket], kept: SealKept | None) -> SealState:
    hearing, now = await _hearing(call), call.house.clock.now()
    if kept is None:
        return SealState(now=now, check_value=None, sealed_at=None)
    sees_all = may(call.who.role, Permission.CONFIRM_SEAL)
    shown = [
        e for e in kept.entries if sees_all or isinstance(e, SealConfirmed) or e.participant == call.who.participant_id
    ]
    newest = [entry for entry in shown if of_person(kept.entries, entry.participant) is entry]
    return SealState(
        now=now,
        check_value=kept.check_value,
        sealed_at=kept.sealed_at,
        confirmed=_marks(hearing, newest, SealConfirmed),
        signed=_marks(hearing, newest, SealSigned),
        refused=_marks(hearing, newest, SigningRefused),
        awaited=_awaited(hearing, kept) if sees_all else (),
    )


def _marks(hearing: Hearing, entries: list[AfterSeal], kind: type[AfterSeal]) -> tuple[SealMark, ...]:
    return tuple(_mark(hearing, entry) for entry in entries if isinstance(entry, kind))


def _mark(hearing: Hearing, entry: AfterSeal) -> SealMark:
    person = hearing.participants[entry.participant]
    reason = entry.reason if isinstance(entry, SigningRefused) else ""
    return SealMark(participant_id=person.id, role=person.role, name=person.name, at=entry.at, reason=reason)


def _awaited(hearing: Hearing, kept: SealKept) -> tuple[SealMark, ...]:
    return tuple(
        SealMark(participant_id=person.id, role=person.role, name=person.name)
        for person in hearing.seating
        if may(person.role, Permission.SIGN_RECORD)
        and person.state not in (ParticipantState.INVITED, ParticipantState.REMOVED)
        and of_person(kept.entries, person.id) is None
    )
