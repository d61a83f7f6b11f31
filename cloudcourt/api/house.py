"""What the HTTP door needs of the building behind it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from cloudcourt.domain.check_in import CheckInKind
from cloudcourt.domain.commands import AskedCommand
from cloudcourt.domain.countersignature import SealDesk
from cloudcourt.domain.courtrooms import Courtroom
from cloudcourt.domain.exhibit_commands import ExhibitArrived
from cloudcourt.domain.exhibit_ports import ExhibitShelf
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.identity_ports import IdentityDesk, Snapshot, Snapshots
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import (
    CaseBook,
    Clock,
    CourtRecord,
    JoinLinks,
    MediaAnswer,
    RecordRoom,
    StaffRoom,
)
from cloudcourt.domain.program import Program
from cloudcourt.domain.record_access import AccessLog, CopyRoom
from cloudcourt.domain.record_index import RecordIndex
from cloudcourt.domain.record_orders import OrderLedger, WithheldRoom
from cloudcourt.domain.record_proposals import ProposalBook
from cloudcourt.domain.recording import RecorderHealth
from cloudcourt.domain.redaction import RedactionRoom
from cloudcourt.domain.retention import Destroyer, RetentionClass
from cloudcourt.domain.seating import NewPerson
from cloudcourt.domain.view import EventView, View
from cloudcourt.observability.metrics import Metrics, WorkerFigures

SIGNALING_SCHEMAS: Mapping[str, Any] = {
    "AskedCommand": AskedCommand,
    "View": View,
    "EventView": EventView,
    "MediaAnswer": MediaAnswer,
    "RecorderHealth": RecorderHealth,
}
"""Types that only the Socket.IO door speaks, published in `/openapi.json` for authors of other clients."""


class CourtDesk(Protocol):
    """Where hearings are asked after while they happen."""

    async def hearing(self, hearing_id: HearingId) -> Hearing:
        """A hearing's state now. Raises NotFound."""
        ...

    def sitting(self, hearing_id: HearingId) -> Hearing | None:
        """The same while its room is open, and from memory alone; None otherwise."""
        ...

    async def link_revoked(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        """End that person's live connections, if any."""
        ...

    async def unseat(self, hearing_id: HearingId, participant_id: ParticipantId, reason: str) -> None:
        """Take a person out of the hearing: media, link and connection. Raises NotFound, NoSuchPerson."""
        ...

    async def seat(
        self, hearing_id: HearingId, person: NewPerson, by: str, by_seat: ParticipantId | None
    ) -> ParticipantId:
        """Seat somebody in a hearing, by whom and with whose permissions; their id. Raises what the rules refuse."""
        ...

    async def courtroom(self, hearing_id: HearingId) -> Courtroom:
        """One courtroom at a glance. Raises NotFound."""
        ...

    async def act(self, hearing_id: HearingId, actor: ParticipantId, command: AskedCommand, command_id: str) -> int:
        """Carry out a command as that person; the number of its last event. Raises what the rules refuse."""
        ...

    async def snapshot_kept(self, hearing_id: HearingId, participant_id: ParticipantId, snapshot: Snapshot) -> None:
        """A person has handed in a picture of themselves. Raises NotFound."""
        ...

    async def exhibit_arrived(self, hearing_id: HearingId, arrived: ExhibitArrived) -> None:
        """A person's exhibit was received and kept. Raises NotFound, and what the rules refuse."""
        ...


@dataclass(frozen=True)
class House:
    """The ports, folders and manners of one server."""

    clock: Clock
    cases: CaseBook
    links: JoinLinks
    staff: StaffRoom
    access: AccessLog
    record_room: RecordRoom
    log: CourtRecord
    records: RecordIndex
    copies: CopyRoom
    orders: OrderLedger
    proposals: ProposalBook
    destroyer: Destroyer
    withheld: WithheldRoom
    redactions: RedactionRoom
    program: Program
    seals: SealDesk
    court_key: str
    """The public key with which the court signs records, 64 hex digits."""
    court: CourtDesk
    static_dir: Path
    public_url: str | None
    """Base of join links; None means what the browser asked for."""
    check_in: CheckInKind
    """How hearings scheduled from now on let people in."""
    retention: RetentionClass
    """How long records of hearings scheduled from now on are kept, where nobody says otherwise."""
    identity: IdentityDesk
    snapshots: Snapshots
    exhibits: ExhibitShelf
    link_days: int
    """Days a join link stays good after the scheduled time."""
    qr_svg: Callable[[str], str]
    """A text as a QR code in a `data:image/svg+xml` address."""
    probes: Mapping[str, Callable[[], Awaitable[str]]]
    """Name of a part -> a question that answers `ok`, `degraded` (it works, but look at it) or why it doesn't."""
    secure_cookies: bool
    """Mark cookies Secure even where the request itself doesn't look like https."""
    allowed_origins: frozenset[str]
    """Further origins whose pages may call; the court's own always may."""
    gallery_delay_s: float = 30.0
    """The public is so far behind the courtroom."""
    gallery_seats: int = 50
    extra_schemas: Mapping[str, Any] = field(default_factory=lambda: SIGNALING_SCHEMAS)
    """Name -> type: schemas that `/openapi.json` holds beside those of the routes."""
    metrics: Metrics = field(default_factory=Metrics)
    media_ports: Callable[[], str] = lambda: ""
    media_figures: Callable[[], Sequence[WorkerFigures]] = tuple


HOUSE = web.AppKey("house", House)
