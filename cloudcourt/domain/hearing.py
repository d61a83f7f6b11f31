"""The hearing: three orthogonal machines, its people, and its gap ledger. Values only.

Session, record mode and phase never fold into one enum (domain part D). The tables here are the only
statement of which moves are lawful.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from cloudcourt.domain.arrangement import Arrangement
from cloudcourt.domain.check_in import CheckIn, CheckInKind
from cloudcourt.domain.delay import Delay
from cloudcourt.domain.exhibits import Exhibits
from cloudcourt.domain.floor import Floor
from cloudcourt.domain.gallery import Gallery
from cloudcourt.domain.help_desk import HelpTask
from cloudcourt.domain.help_talk import HelpTalk
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId, RoomId
from cloudcourt.domain.log_note import LogNote
from cloudcourt.domain.message import Message
from cloudcourt.domain.request import Request
from cloudcourt.domain.retention import RetentionClass
from cloudcourt.domain.roles import MAY_PRESIDE, SEATING_ORDER, Role
from cloudcourt.domain.rooms import Room, Stay
from cloudcourt.domain.side import Side
from cloudcourt.domain.takeover import Takeover
from cloudcourt.domain.value import Value
from cloudcourt.domain.warning import WalkOut, Warned


class SessionState(StrEnum):
    SCHEDULED = "scheduled"
    LOBBY_OPEN = "lobby_open"
    COUNTDOWN = "countdown"
    IN_SESSION = "in_session"
    RECESS = "recess"
    SUSPENDED = "suspended"
    TRANSCRIPT_REVIEW = "transcript_review"
    CLOSED = "closed"
    ADJOURNED = "adjourned"
    CONVERTED_OFFLINE = "converted_offline"
    CANCELLED = "cancelled"


_S = SessionState
_ENDS_EARLY = frozenset({_S.ADJOURNED, _S.CONVERTED_OFFLINE})

SESSION_MOVES: dict[SessionState, frozenset[SessionState]] = {
    _S.SCHEDULED: frozenset({_S.LOBBY_OPEN, _S.CANCELLED}) | _ENDS_EARLY,
    _S.LOBBY_OPEN: frozenset({_S.COUNTDOWN, _S.CANCELLED}) | _ENDS_EARLY,
    # A cancelled countdown goes back to where it was started from.
    _S.COUNTDOWN: frozenset({_S.IN_SESSION, _S.SUSPENDED, _S.LOBBY_OPEN, _S.RECESS}) | _ENDS_EARLY,
    # Straight to CLOSED means: the transcript is deferred (CPL 150 allows five days).
    _S.IN_SESSION: frozenset({_S.RECESS, _S.SUSPENDED, _S.TRANSCRIPT_REVIEW, _S.CLOSED}) | _ENDS_EARLY,
    _S.RECESS: frozenset({_S.COUNTDOWN, _S.CLOSED}) | _ENDS_EARLY,
    _S.SUSPENDED: frozenset({_S.COUNTDOWN, _S.CLOSED}) | _ENDS_EARLY,
    _S.TRANSCRIPT_REVIEW: frozenset({_S.CLOSED}) | _ENDS_EARLY,
    _S.CLOSED: frozenset(),
    _S.ADJOURNED: frozenset(),
    _S.CONVERTED_OFFLINE: frozenset(),
    _S.CANCELLED: frozenset(),
}

ENDED: frozenset[SessionState] = frozenset(s for s, moves in SESSION_MOVES.items() if not moves)
COURT_SITS: frozenset[SessionState] = frozenset({_S.IN_SESSION, _S.TRANSCRIPT_REVIEW})
"""The states in which the courtroom is heard and on the record."""


class RecordMode(StrEnum):
    OFF = "off"
    ON_RECORD = "on_record"
    SEALED = "sealed"
    OFF_RECORD = "off_record"


WRITES: frozenset[RecordMode] = frozenset({RecordMode.ON_RECORD, RecordMode.SEALED})
"""The modes in which the recorder writes."""

RECORD_MODES: dict[SessionState, frozenset[RecordMode]] = {
    _S.SCHEDULED: frozenset({RecordMode.OFF}),
    _S.LOBBY_OPEN: frozenset({RecordMode.OFF}),
    _S.COUNTDOWN: frozenset({RecordMode.OFF, RecordMode.OFF_RECORD}),
    _S.IN_SESSION: frozenset({RecordMode.ON_RECORD, RecordMode.SEALED, RecordMode.OFF_RECORD}),
    _S.RECESS: frozenset({RecordMode.OFF_RECORD}),
    _S.SUSPENDED: frozenset({RecordMode.OFF_RECORD}),
    _S.TRANSCRIPT_REVIEW: frozenset({RecordMode.ON_RECORD}),
    _S.CLOSED: frozenset({RecordMode.OFF}),
    _S.ADJOURNED: frozenset({RecordMode.OFF}),
    _S.CONVERTED_OFFLINE: frozenset({RecordMode.OFF}),
    _S.CANCELLED: frozenset({RecordMode.OFF}),
}
"""Which record modes a session state can stand with."""


class GapReason(StrEnum):
    """The closed list of lawful interruptions of a recording (REC 3, 4)."""

    RECESS = "RECESS"
    SEALED_EVIDENCE = "SEALED_EVIDENCE"
    MEDIATION = "MEDIATION"
    FAULT = "FAULT"


class Phase(StrEnum):
    ROLL_CALL = "roll_call"
    RIGHTS_AND_RECUSAL = "rights_and_recusal"
    CLAIM_AND_DEFENCE = "claim_and_defence"
    INVESTIGATION = "investigation"
    EVIDENCE = "evidence"
    DEBATE = "debate"
    FINAL_STATEMENT = "final_statement"
    MEDIATION = "mediation"
    PRONOUNCEMENT = "pronouncement"
    TRANSCRIPT_CHECK = "transcript_check"


PhaseMark = Literal["", "merged", "returned"]
"""How a phase was entered out of the advised order."""


class ParticipantState(StrEnum):
    INVITED = "invited"
    CHECKING_IN = "checking_in"
    TESTING = "testing"
    READY_IN_LOBBY = "ready_in_lobby"
    IN_ROOM = "in_room"
    CALLED = "called"
    IN_COURT = "in_court"
    RECONNECTING = "reconnecting"
    DISCONNECTED = "disconnected"
    LEFT = "left"
    REMOVED = "removed"


_P = ParticipantState
_LINK_GONE = frozenset({_P.RECONNECTING, _P.LEFT, _P.REMOVED})

PARTICIPANT_MOVES: dict[ParticipantState, frozenset[ParticipantState]] = {
    _P.INVITED: frozenset({_P.CHECKING_IN, _P.REMOVED}),
    _P.CHECKING_IN: frozenset({_P.TESTING, _P.READY_IN_LOBBY, _P.IN_COURT}) | _LINK_GONE,
    _P.TESTING: frozenset({_P.CHECKING_IN, _P.READY_IN_LOBBY}) | _LINK_GONE,
    _P.READY_IN_LOBBY: frozenset({_P.CHECKING_IN, _P.IN_ROOM, _P.CALLED, _P.IN_COURT}) | _LINK_GONE,
    _P.IN_ROOM: frozenset({_P.READY_IN_LOBBY, _P.CALLED, _P.IN_COURT}) | _LINK_GONE,
    _P.CALLED: frozenset({_P.READY_IN_LOBBY, _P.IN_COURT}) | _LINK_GONE,
    _P.IN_COURT: frozenset({_P.READY_IN_LOBBY, _P.IN_ROOM}) | _LINK_GONE,
    # Coming back lands in the seat that was held.
    _P.RECONNECTING: frozenset(
        {_P.CHECKING_IN, _P.TESTING, _P.READY_IN_LOBBY, _P.IN_ROOM, _P.CALLED, _P.IN_COURT, _P.DISCONNECTED}
    )
    | {_P.LEFT, _P.REMOVED},
    _P.DISCONNECTED: frozenset(
        {
            _P.CHECKING_IN,
            _P.TESTING,
            _P.READY_IN_LOBBY,
            _P.IN_ROOM,
            _P.CALLED,
            _P.IN_COURT,
            _P.LEFT,
            _P.REMOVED,
        }
    ),
    _P.LEFT: frozenset({_P.CHECKING_IN, _P.REMOVED}),
    _P.REMOVED: frozenset(),
}

LINKED: frozenset[ParticipantState] = frozenset(
    {_P.CHECKING_IN, _P.TESTING, _P.READY_IN_LOBBY, _P.IN_ROOM, _P.CALLED, _P.IN_COURT}
)
"""States of a person whose connection is alive."""


class Participant(Value):
    """One person's seat in one hearing."""

    id: ParticipantId
    role: Role
    name: str
    state: ParticipantState = ParticipantState.INVITED
    held: ParticipantState | None = None
    """Where a lost person returns to, while RECONNECTING or DISCONNECTED."""
    microphone_on: bool = True
    camera_on: bool = True
    muted_by_court: bool = False
    side: Side | None = None
    """Whose people they are, where the role doesn't say it."""
    linked_to: ParticipantId | None = None
    """Whom they interpret for or support: the two move together."""
    screened_from: tuple[ParticipantId, ...] = ()
    """Whom they must never meet, hear or see."""
    stay: Stay | None = None
    """The private room they are in."""
    isolated_since: datetime | None = None
    """Of a witness: since when what they are sent of the courtroom has not been stated."""
    listens_to: ParticipantId | None = None
    """The interpreter whose channel they have chosen."""
    speaks_to_channel: bool = False
    """Of an interpreter: only those who chose the channel hear them."""
    sound_only: bool = False
    """They chose to be sent no pictures, and everyone's sound as one."""

    @property
    def sits_in_court(self) -> bool:
        """True also for a seat held for someone who is reconnecting."""
        return ParticipantState.IN_COURT in (self.state, self.held)

    @property
    def is_isolated(self) -> bool:
        """True for a witness or an expert outside the courtroom: nothing of it may reach them (OLR 26)."""
        return self.role is Role.WITNESS and not self.sits_in_court


class Gap(Value):
    """A span of the hearing that is not on the record. `ended_at` is None while it lasts."""

    reason: GapReason
    began_at: datetime
    ended_at: datetime | None = None
    note: str = ""


class CountdownPurpose(StrEnum):
    OPEN = "open"
    RESUME = "resume"


class Countdown(Value):
    """Microphones stay shut until `ends_at`; a cancel returns the session to `came_from`."""

    purpose: CountdownPurpose
    began_at: datetime
    ends_at: datetime
    came_from: SessionState


class Hearing(Value):
    """Everything the court knows of one sitting, rebuilt from its events alone."""

    id: HearingId
    case_id: CaseId
    case_number: str
    cause: str
    scheduled_at: datetime
    is_public: bool = False
    """The case is heard in public (CPL 137)."""
    seq: int
    session: SessionState = SessionState.SCHEDULED
    record_mode: RecordMode = RecordMode.OFF
    off_record_reason: GapReason | None = None
    phase: Phase = Phase.ROLL_CALL
    merged_phases: tuple[Phase, ...] = ()
    """Held together with `phase`, by the parties' consent (ICP 13)."""
    participants: dict[ParticipantId, Participant]
    countdown: Countdown | None = None
    notice: str = ""
    """The judge's words on a recess, or the fault's on a suspension."""
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    gaps: tuple[Gap, ...] = ()
    notes: tuple[LogNote, ...] = ()
    """Of bench and clerk, in order."""
    faults_stated: int = 0
    """So many of the first gaps the judge's statements cover (REC 4)."""
    keeps_pictures: bool = True
    """False while only sound is recorded, for want of room on the disk."""
    recorder_overridden: bool = False
    """The judge lets the court sit on while the recorder is out, on the record."""
    gallery: Gallery = Gallery()
    rooms: tuple[Room, ...] = ()
    arrangement: Arrangement = Arrangement.OPEN_COURT
    floor: Floor = Floor()
    requests: tuple[Request, ...] = ()
    warnings: tuple[Warned, ...] = ()
    walk_outs: tuple[WalkOut, ...] = ()
    takeovers: tuple[Takeover, ...] = ()
    presiding: ParticipantId | None = None
    """To whom the judge handed over; None before any hand-over."""
    check_in: CheckInKind = CheckInKind.SHORT
    retention: RetentionClass = RetentionClass.PERMANENT
    """How long its record is kept."""
    check_ins: dict[ParticipantId, CheckIn] = Field(default_factory=dict)
    help_tasks: tuple[HelpTask, ...] = ()
    help_talks: tuple[HelpTalk, ...] = ()
    messages: tuple[Message, ...] = ()
    delay: Delay | None = None
    exhibits: Exhibits = Exhibits()

    @property
    def lacks_recorder(self) -> bool:
        """True while the court sits, nothing is recorded, and the judge has not said that it may be so."""
        interrupted = any(gap.reason is GapReason.FAULT and gap.ended_at is None for gap in self.gaps)
        return self.session in COURT_SITS and interrupted and not self.recorder_overridden

    @property
    def seating(self) -> tuple[Participant, ...]:
        """Everyone, bench first; within a role in the order of the case file."""
        return tuple(sorted(self.participants.values(), key=lambda p: SEATING_ORDER.index(p.role)))

    def members(self, room_id: RoomId) -> tuple[Participant, ...]:
        """Who is in a private room, held seats included, bench first."""
        return tuple(p for p in self.seating if p.stay is not None and p.stay.room_id == room_id)

    @property
    def open_rooms(self) -> tuple[Room, ...]:
        """The private rooms that somebody is in."""
        taken = {p.stay.room_id for p in self.participants.values() if p.stay is not None}
        return tuple(room for room in self.rooms if room.id in taken)

    def open_room(self, room_id: RoomId) -> Room | None:
        return next((room for room in self.open_rooms if room.id == room_id), None)

    def are_screened(self, one: Participant, other: Participant) -> bool:
        """True when the court keeps these two apart."""
        return other.id in one.screened_from or one.id in other.screened_from

    @property
    def is_over(self) -> bool:
        return self.session in ENDED

    @property
    def judge_in_court(self) -> bool:
        """True while the judge or a member of the panel, who could preside in their place, is in court."""
        return any(p.role in MAY_PRESIDE and p.state is ParticipantState.IN_COURT for p in self.participants.values())
