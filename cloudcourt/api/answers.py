"""What the HTTP routes take and give, where the domain has no such value of its own."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, StringConstraints

from cloudcourt.domain.case import Case, HearingSummary
from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.hearing import ParticipantState
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.record_access import Purpose
from cloudcourt.domain.retention import RetentionClass
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value


class Nothing(Value):
    """No body is expected, or none is given."""


class ErrorDetail(Value):
    code: ErrorCode
    message: str
    """For the person, in the language of `Accept-Language`."""
    fields: dict[str, str | float | bool]
    incident_id: str | None
    """Null unless the fault is the server's."""


class ErrorBody(Value):
    """The one shape of an error, here and in acknowledgements."""

    error: ErrorDetail


class JoinAsk(Value):
    link_token: Annotated[str, StringConstraints(max_length=200)]
    """What stands behind the `#` of a join link."""


class Seated(Value):
    """A seat, and the token that authenticates its Socket.IO connection."""

    seat_token: str
    hearing_id: HearingId
    participant_id: ParticipantId
    role: Role
    name: str
    case_number: str
    cause: str
    scheduled_at: datetime


class SignInAsk(Value):
    user_name: Annotated[str, StringConstraints(max_length=60)]
    password: Annotated[str, StringConstraints(max_length=200)]


class SignedIn(Value):
    user_name: str
    display_name: str


class CaseList(Value):
    cases: tuple[Case, ...]


class HearingList(Value):
    hearings: tuple[HearingSummary, ...]


class HearingAsk(Value):
    case_id: Annotated[CaseId, StringConstraints(min_length=1, max_length=64)]
    scheduled_at: AwareDatetime
    retention: RetentionClass | None = None
    """How long the record is to be kept; None: as the court's setting says."""


class PersonDetail(Value):
    participant_id: ParticipantId
    role: Role
    name: str
    state: ParticipantState


class HearingDetail(HearingSummary):
    """The summary, and the people in seating order."""

    people: tuple[PersonDetail, ...]


class LinkDetail(Value):
    """A join link. It is shown once: its token is never stored, but can be renewed any time."""

    participant_id: ParticipantId
    role: Role
    name: str
    url: str
    qr_svg: str
    """A `data:image/svg+xml` address for an `<img>`."""
    expires_at: datetime


class ScheduledHearing(HearingDetail):
    """A new hearing, with one link per person."""

    links: tuple[LinkDetail, ...]


class Opening(Value):
    """One opening of a recording. `range_from` is the first byte asked for."""

    at: datetime
    who: str
    """`staff:NAME` or `participant:ID`."""
    name: str
    file: str
    range_from: int
    download_id: str | None
    """Null where the record was played, and nothing taken away."""
    number: int | None
    """The court's copy number."""
    purpose: Purpose | None
    reason: str
    recipient: str
    bytes: int
    """Handed to the network since."""
    is_complete: bool


class OpeningList(Value):
    entries: tuple[Opening, ...]


class Health(Value):
    status: str
    """`ok`; `degraded` when a part is, and all work all the same; `not_ready` when a part doesn't work."""
    parts: dict[str, str]
    media_ports: str
    """Where live media is taken, in words: what a firewall must let through."""


class CourtPublicKey(Value):
    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str
    """64 hex digits."""
