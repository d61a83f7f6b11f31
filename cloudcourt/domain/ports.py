"""Where the court meets the world: Protocols that adapters implement and `cloudcourt.app` wires.

Every method that can fail for a person's sake raises a `CourtError`; anything else it raises is a bug.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Literal, Protocol

from cloudcourt.domain.case import Case, HearingSummary, NewCase, SeatTicket
from cloudcourt.domain.check_in import CheckInKind
from cloudcourt.domain.events import Event, StoredEvent
from cloudcourt.domain.evidence import Checkpoint, Entry
from cloudcourt.domain.hearing import Hearing, SessionState
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId, StaffId
from cloudcourt.domain.recording import Manifest, Readiness, RecorderHealth, Seat, SegmentClosed
from cloudcourt.domain.retention import RetentionClass
from cloudcourt.domain.routing import Routing
from cloudcourt.domain.value import Value


class Clock(Protocol):
    """Wall-clock time, always UTC and aware."""

    def now(self) -> datetime: ...


class CourtRecord(Protocol):
    """The append-only, numbered event log: one log per hearing, no holes, synced before it answers."""

    async def append(
        self,
        hearing_id: HearingId,
        expected_seq: int,
        events: Sequence[Event],
        *,
        at: datetime,
        actor: str,
        command_id: str | None = None,
    ) -> tuple[StoredEvent, ...]:
        """Store events as `expected_seq + 1` and on, all or none.

        Raises SequenceConflict when the log's last number isn't `expected_seq`. An empty sequence stores
        nothing. When this returns, the events survive a power cut.
        """
        ...

    async def since(self, hearing_id: HearingId, seq: int) -> tuple[StoredEvent, ...]:
        """All events after number `seq`, in order."""
        ...

    async def unfinished(self) -> tuple[HearingId, ...]:
        """Hearings whose session has not ended, in order of schedule."""
        ...

    async def note_session(self, hearing_id: HearingId, session: SessionState) -> None:
        """Refresh the list's copy of the session state. Derived: the log is the truth."""
        ...


class CaseBook(Protocol):
    """Case files and the list of hearings."""

    async def add_case(self, case: NewCase, *, at: datetime) -> Case:
        """Raises AlreadyExists when the case number is taken."""
        ...

    async def case(self, case_id: CaseId) -> Case:
        """Raises NotFound."""
        ...

    async def cases(self) -> tuple[Case, ...]: ...

    async def add_hearing(
        self,
        case: Case,
        scheduled_at: datetime,
        *,
        at: datetime,
        actor: str,
        check_in: CheckInKind = CheckInKind.SHORT,
        retention: RetentionClass = RetentionClass.PERMANENT,
    ) -> tuple[StoredEvent, ...]:
        """Schedule a hearing with the case's people: a row in the list and event 1 of its log, in one transaction."""
        ...

    async def hearings(self) -> tuple[HearingSummary, ...]:
        """Newest schedule first."""
        ...

    async def hearing(self, hearing_id: HearingId) -> HearingSummary:
        """Raises NotFound."""
        ...


class JoinLinks(Protocol):
    """Join links and the seat tokens they are exchanged for. Tokens are stored hashed, never in clear."""

    async def issue(self, hearing_id: HearingId, participant_id: ParticipantId, *, expires_at: datetime) -> str:
        """Make a new link token (128 random bits, URL-safe). Earlier links of that person stop working."""
        ...

    async def exchange(self, link_token: str, *, now: datetime) -> tuple[str, SeatTicket]:
        """Trade a link token for a new seat token. Raises LinkNotValid (unknown, expired or revoked alike)."""
        ...

    async def verify(self, token: str, *, now: datetime) -> SeatTicket:
        """Who a seat token (or a link token) stands for. Raises LinkNotValid."""
        ...

    async def revoke(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        """End every link and seat token of that person in that hearing."""
        ...

    async def forget_ended(self, before: datetime, spared: frozenset[HearingId], *, dry_run: bool) -> int:
        """Remove links that ended before that time, and their tokens; how many were, or would be."""
        ...


class StaffMember(Value):
    id: StaffId
    user_name: str
    display_name: str


class StaffRoom(Protocol):
    """Staff accounts (argon2) and their server-side sessions."""

    async def add(self, user_name: str, display_name: str, password: str, *, at: datetime) -> StaffMember:
        """Raises AlreadyExists, InvalidInput (short password)."""
        ...

    async def sign_in(self, user_name: str, password: str, *, now: datetime) -> tuple[str, StaffMember]:
        """A new session token. Raises WrongCredentials, after the same work for unknown names; TooFast."""
        ...

    async def verify(self, session_token: str, *, now: datetime) -> StaffMember:
        """Raises NotSignedIn."""
        ...

    async def sign_out(self, session_token: str) -> None: ...


class SeatLines(Value):
    """On which media lines of the client's own offer another seat is sent: SDP mids."""

    participant_id: ParticipantId
    audio_mid: str
    video_mid: str


class MediaAnswer(Value):
    sdp: str
    seats: tuple[SeatLines, ...]
    screen_mid: str | None = None
    """On which line the screen comes that the court is shown, whosever it is; None where the offer had none."""


class HearingMedia(Value):
    """What the media plane must know of a hearing to serve it."""

    hearing_id: HearingId
    case_number: str
    cause: str
    seats: tuple[Seat, ...]
    """In seating order, bench first."""
    under_way: bool = False
    """The court has begun: after a restart this hearing is opened again however full the machine is."""


class LinkWeather(Value):
    """How one person's connection does now. Weather: never stored, never the truth of record."""

    participant_id: ParticipantId
    connected: bool
    transport: Literal["udp", "tcp", "none"] = "none"
    rtt_ms: int | None = None
    """Round trip between the server and the browser; None while unknown."""
    loss_up_percent: float = 0.0
    """Of what the person sends, the share that did not arrive at first (before repair)."""
    loss_down_percent: float = 0.0
    up_kbps: int = 0
    down_kbps: int = 0
    level_dbov: int = -127
    """Loudness of their sound in the last moment (RFC 6464): 0 is the loudest, -127 silence."""
    is_mixed: bool = False
    """They are sent everyone's sound as one; who asked for that and isn't gets each for itself meanwhile."""


class PausedPicture(Value):
    """A picture that one viewer is not sent at present, and why."""

    viewer: ParticipantId
    source: ParticipantId
    reason: Literal["weak_link", "source_stalled"]


class MediaWeather(Value):
    """One hearing's media in the last second."""

    speaker: ParticipantId | None = None
    people: tuple[LinkWeather, ...] = ()
    paused: tuple[PausedPicture, ...] = ()


class PacketsSent(Value):
    """How many media packets each person was sent. Who isn't named was sent none since `counted_since`."""

    counted_since: datetime
    by_listener: dict[ParticipantId, int]


class MediaListener(Protocol):
    """Whom the media plane tells. Calls return at once and never raise; they come from the event loop."""

    def media_link_changed(self, hearing_id: HearingId, participant_id: ParticipantId, connected: bool) -> None: ...

    def media_weather(self, hearing_id: HearingId, weather: MediaWeather) -> None:
        """About once a second while the hearing is open."""
        ...

    def media_lost(self, hearing_id: HearingId) -> None:
        """Every connection of the hearing is gone at once (its worker died); the hearing is open again already.

        Browsers should offer anew without waiting for their own watchdogs.
        """
        ...

    def recorder_stalled(self, hearing_id: HearingId, since: datetime, reason: str) -> None: ...

    def recorder_recovered(self, hearing_id: HearingId) -> None: ...

    def pictures_kept(self, hearing_id: HearingId, are_kept: bool) -> None:
        """Whether pictures are recorded, or given up for want of room: at each start of a recorder, and on a change."""
        ...

    def segment_closed(self, hearing_id: HearingId, segment: SegmentClosed) -> None:
        """A stretch of the journal is on the disk and will not change any more; one that a crash tore is told later."""
        ...


class MediaPlane(Protocol):
    """Live media and its capture. It obeys the routing it was given last and decides nothing itself."""

    async def open_hearing(self, hearing: HearingMedia, listener: MediaListener) -> None:
        """Idempotent; of an open hearing it tells who has a seat from now on. Until a routing is set, nothing flows.

        Raises CourtFull when one more hearing would overload the machine, unless it is under way; MediaUnavailable.
        """
        ...

    async def connect(self, hearing_id: HearingId, participant_id: ParticipantId, offer: str) -> MediaAnswer:
        """Answer an SDP offer; an earlier connection of that person is retired.

        An offer of the same connection with new ICE credentials (an ICE restart, RFC 8445 section 2.4) keeps its keys,
        its streams and its place: only the path is new.

        The offer's first audio and first video line are what the person sends (sendonly or inactive); the
        following recvonly lines, audio and video in pairs, carry the other seats in seating order. Two video lines
        at the end are for screens: the person's own (sendonly or inactive), and whichever the court is shown.
        Raises MediaRefused.
        """
        ...

    async def disconnect(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        """Idempotent."""
        ...

    async def set_routing(self, hearing_id: HearingId, routing: Routing) -> None:
        """Takes effect before it returns: a flow that isn't in `routing` has sent its last packet."""
        ...

    async def packets_sent(self, hearing_id: HearingId) -> PacketsSent:
        """Counted where packets leave, over all connections that a person has had. Raises MediaUnavailable."""
        ...

    async def preflight(self, hearing_id: HearingId) -> Readiness:
        """Prove that the recorder can write: a real file, written and synced, and enough free space."""
        ...

    async def start_recording(self, hearing_id: HearingId) -> None:
        """From here on, what `routing.recorded` names is written. Raises RecorderNotReady."""
        ...

    async def mark(self, hearing_id: HearingId) -> None:
        """Close the journal's open segments: what comes next, as in a new phase, stands in new ones. Idempotent."""
        ...

    async def stop_recording(self, hearing_id: HearingId) -> None:
        """Close the open tracks, synced. Idempotent."""
        ...

    def recorder_health(self, hearing_id: HearingId) -> RecorderHealth: ...

    async def close_hearing(self, hearing_id: HearingId) -> None:
        """Retire all connections and close all tracks. Idempotent."""
        ...


class LogState(Value):
    """How far an evidence log has come. `last_seq` is the number of the last stored event in it."""

    count: int
    head: str
    last_seq: int
    is_sealed: bool


class RecordLog(Protocol):
    """The evidence log of hearings: one hash chain each, signed checkpoints, synced before it answers.

    One writer at a time; what a crash tore is set aside and said. Methods raise OSError when the disk refuses and
    ValueError for a log or a key that can't be used.
    """

    async def open(self, hearing_id: HearingId, case_number: str) -> LogState:
        """Begin a hearing's log, with a key of its own, or go on with it. Idempotent."""
        ...

    async def append(self, hearing_id: HearingId, entries: Sequence[Entry]) -> LogState:
        """When this returns, the entries survive a power cut; when it raises, none of them counts."""
        ...

    async def checkpoint(self, hearing_id: HearingId) -> Checkpoint:
        """Sign everything so far."""
        ...

    async def release(self, hearing_id: HearingId) -> None:
        """Let the log go, for others to open. Idempotent."""
        ...


class RecordRoom(Protocol):
    """Recordings after (and while) they are made."""

    async def manifest(self, hearing: Hearing) -> Manifest:
        """What is on the disk now. Unsealed while the hearing goes on."""
        ...

    def follow(self, hearing: Hearing) -> None:
        """The hearing stands so now; from its opening on its film is made meanwhile. Returns at once."""
        ...

    async def finish(self, hearing: Hearing) -> None:
        """Start sealing the record of an ended hearing, and finishing its film; returns at once. Idempotent.

        The evidence log must tell the hearing to its end, and be released: it is sealed with the rest.
        """
        ...

    def has_unsealed_log(self, hearing_id: HearingId) -> bool:
        """True where an evidence log was begun that is not sealed yet."""
        ...

    def last_written_at(self, hearing_id: HearingId) -> datetime | None:
        """When the newest byte of any track reached the disk: for the gap after a crash."""
        ...

    def file(self, hearing_id: HearingId, name: str) -> PurePath | None:
        """The real path of `composite.mp4` or `tracks/{track_id}.{ext}`; None when there is no such file.

        Never a path outside the hearing's folder, whatever `name` holds.
        """
        ...


class Audience(Protocol):
    """How a room reaches one participant. Calls return at once; the outbox behind is bounded."""

    def tell(self, participant_id: ParticipantId, message: str, payload: dict[str, object]) -> None:
        """Queue a message that must arrive in order (or the connection is cut, and resumes)."""
        ...

    def weather(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        """Queue a message that may be dropped."""
        ...

    def point(self, participant_id: ParticipantId, payload: dict[str, object]) -> None:
        """Queue where the presenter points; it may be dropped."""
        ...

    def dismiss(self, participant_id: ParticipantId, reason: str) -> None:
        """Say goodbye and end the person's connection, and that of a device that asks for their seat."""
        ...

    def settle_takeover(self, participant_id: ParticipantId, *, is_granted: bool) -> None:
        """Let the device in that asks for this person's seat, or send it away. Nothing where none asks."""
        ...
