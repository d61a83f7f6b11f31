"""What happened in a hearing: a frozen discriminated union by `kind`. The stored log is the court's log."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from cloudcourt.domain.arrangement import ArrangementChanged
from cloudcourt.domain.channel import ChannelChosen, InterpretingChanged
from cloudcourt.domain.check_in import CheckInKind
from cloudcourt.domain.check_in_events import (
    CodeEntered,
    ConnectionReported,
    DevicesReported,
    IdentityDecided,
    IdentityDeferred,
    LanguageChosen,
    PlaceAnswered,
    RulesSigned,
    SelfConfirmed,
    SnapshotSubmitted,
)
from cloudcourt.domain.delay import DelayAnnounced
from cloudcourt.domain.exhibit_commands import ExhibitEvent
from cloudcourt.domain.floor import (
    FloorGiven,
    FloorModeChanged,
    FloorTaken,
    HandLowered,
    HandRaised,
    MicrophoneLockChanged,
)
from cloudcourt.domain.gallery import GalleryCut, GalleryOpened
from cloudcourt.domain.hearing import Countdown, Participant, ParticipantState, Phase, PhaseMark
from cloudcourt.domain.help_desk import HelpAsked, HelpClosed, HelpTaken
from cloudcourt.domain.help_talk import HelpTalkBegan, HelpTalkEnded
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.isolation import IsolationStated
from cloudcourt.domain.kept_pictures import PicturesGivenUp, PicturesKeptAgain
from cloudcourt.domain.listening import ListeningChanged
from cloudcourt.domain.log_note import NoteAdded
from cloudcourt.domain.message import MessageSent
from cloudcourt.domain.presiding import PresidingChanged
from cloudcourt.domain.request import CourtAsked, RequestAnswered
from cloudcourt.domain.retention import RetentionClass
from cloudcourt.domain.rooms import RoomEvent, Stay
from cloudcourt.domain.screening import ScreeningChanged
from cloudcourt.domain.seating import PersonSeated
from cloudcourt.domain.takeover import TakeoverAnswered, TakeoverAsked
from cloudcourt.domain.value import Value
from cloudcourt.domain.warning import PersonWarned, WalkOutDrafted, WalkOutRuled, WarningSeen


class HearingScheduled(Value):
    """Always event 1: it founds the hearing."""

    kind: Literal["hearing_scheduled"] = "hearing_scheduled"
    case_id: CaseId
    case_number: str
    cause: str
    scheduled_at: datetime
    is_public: bool = False
    check_in: CheckInKind = CheckInKind.SHORT
    retention: RetentionClass = RetentionClass.PERMANENT
    people: tuple[Participant, ...]


class LobbyOpened(Value):
    kind: Literal["lobby_opened"] = "lobby_opened"


class ParticipantMoved(Value):
    """One person's state changed; `held` is where a lost person returns to."""

    kind: Literal["participant_moved"] = "participant_moved"
    participant_id: ParticipantId
    to: ParticipantState
    held: ParticipantState | None = None
    reason: str = ""
    stay: Stay | None = None
    """The private room they went into."""


class DevicesChanged(Value):
    kind: Literal["devices_changed"] = "devices_changed"
    participant_id: ParticipantId
    microphone_on: bool
    camera_on: bool


class CourtMuteChanged(Value):
    kind: Literal["court_mute_changed"] = "court_mute_changed"
    participant_id: ParticipantId
    muted: bool


class CountdownStarted(Value):
    kind: Literal["countdown_started"] = "countdown_started"
    countdown: Countdown


class CountdownCancelled(Value):
    kind: Literal["countdown_cancelled"] = "countdown_cancelled"


class HearingOpened(Value):
    """Declared open (宣布开庭): the recording's lawful beginning (REC 3)."""

    kind: Literal["hearing_opened"] = "hearing_opened"


class RecessCalled(Value):
    kind: Literal["recess_called"] = "recess_called"
    note: str = ""


class HearingSuspended(Value):
    """A technical interruption; never a judge's choice of pause."""

    kind: Literal["hearing_suspended"] = "hearing_suspended"
    note: str = ""


class HearingResumed(Value):
    kind: Literal["hearing_resumed"] = "hearing_resumed"


class HearingClosed(Value):
    """Declared closed (闭庭): the recording's lawful end. Final."""

    kind: Literal["hearing_closed"] = "hearing_closed"
    transcript: Literal["deferred"] = "deferred"


class HearingAdjourned(Value):
    kind: Literal["hearing_adjourned"] = "hearing_adjourned"
    note: str = ""


class HearingConvertedOffline(Value):
    kind: Literal["hearing_converted_offline"] = "hearing_converted_offline"
    note: str = ""


class HearingCancelled(Value):
    kind: Literal["hearing_cancelled"] = "hearing_cancelled"
    note: str = ""


class PhaseChanged(Value):
    kind: Literal["phase_changed"] = "phase_changed"
    phase: Phase
    merged: tuple[Phase, ...] = ()
    mark: PhaseMark = ""
    on_judges_word: bool = False
    """The clerk moved the court on."""


class RecordingInterrupted(Value):
    """A FAULT gap that began at `since`, while the court went on sitting."""

    kind: Literal["recording_interrupted"] = "recording_interrupted"
    since: datetime
    note: str = ""


class RecorderOverridden(Value):
    """The judge lets the court sit on although nothing is recorded; the gap stays a FAULT gap."""

    kind: Literal["recorder_overridden"] = "recorder_overridden"
    reason: str


class FaultStated(Value):
    """What the judge states about the faults so far (REC 4)."""

    kind: Literal["fault_stated"] = "fault_stated"
    text: str


class RecordingResumed(Value):
    kind: Literal["recording_resumed"] = "recording_resumed"


Event = Annotated[
    HearingScheduled
    | LobbyOpened
    | ParticipantMoved
    | DevicesChanged
    | CourtMuteChanged
    | CountdownStarted
    | CountdownCancelled
    | HearingOpened
    | RecessCalled
    | HearingSuspended
    | HearingResumed
    | HearingClosed
    | HearingAdjourned
    | HearingConvertedOffline
    | HearingCancelled
    | PhaseChanged
    | RecordingInterrupted
    | RecorderOverridden
    | FaultStated
    | RecordingResumed
    | PicturesGivenUp
    | PicturesKeptAgain
    | NoteAdded
    | GalleryOpened
    | RoomEvent
    | ArrangementChanged
    | ChannelChosen
    | InterpretingChanged
    | ListeningChanged
    | IsolationStated
    | GalleryCut
    | HandRaised
    | HandLowered
    | FloorModeChanged
    | FloorGiven
    | FloorTaken
    | MicrophoneLockChanged
    | CourtAsked
    | RequestAnswered
    | PersonWarned
    | WarningSeen
    | WalkOutDrafted
    | WalkOutRuled
    | PresidingChanged
    | TakeoverAsked
    | TakeoverAnswered
    | LanguageChosen
    | SelfConfirmed
    | CodeEntered
    | IdentityDeferred
    | SnapshotSubmitted
    | IdentityDecided
    | RulesSigned
    | PlaceAnswered
    | DevicesReported
    | ConnectionReported
    | DelayAnnounced
    | HelpAsked
    | HelpTaken
    | HelpClosed
    | MessageSent
    | ExhibitEvent
    | PersonSeated
    | ScreeningChanged
    | HelpTalkBegan
    | HelpTalkEnded,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)

SYSTEM_ACTOR = "system"


class StoredEvent(Value):
    """An event with its number in the hearing's log. Numbers start at 1 and have no holes."""

    hearing_id: HearingId
    seq: int
    at: datetime
    actor: str
    """A participant id, a staff id, or `system`."""
    command_id: str | None = None
    """The asker's idempotency key: one command is carried out once, also across a restart."""
    event: Event
