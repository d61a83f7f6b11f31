"""What can be asked of a hearing: a frozen discriminated union by `kind`.

A command carries no actor: who asks is known from the token stored at the handshake, and reaches `decide`
beside the command. Commands of `SystemCommand` are never accepted from a client.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from cloudcourt.domain.arrangement import Arrange
from cloudcourt.domain.channel import ChooseChannel, Interpret
from cloudcourt.domain.check_in_commands import (
    AnswerPlace,
    ChooseLanguage,
    ConfirmSelf,
    DecideIdentity,
    DeferIdentity,
    EnterCode,
    ReportConnection,
    ReportDevices,
    SignRules,
    SnapshotKept,
    VouchFor,
)
from cloudcourt.domain.connectivity import Leaving
from cloudcourt.domain.delay import AnnounceDelay
from cloudcourt.domain.exhibit_commands import ExhibitArrived, ExhibitCommand
from cloudcourt.domain.floor import (
    CallNext,
    GiveFloor,
    LowerAllHands,
    LowerHand,
    RaiseHand,
    SetFloorMode,
    SetMicrophoneLock,
    TakeFloor,
)
from cloudcourt.domain.gallery import CutGallery, OpenGallery
from cloudcourt.domain.hearing import Phase
from cloudcourt.domain.help_desk import AskHelp, CloseHelp, TakeHelp
from cloudcourt.domain.help_talk import BeginHelpTalk, EndHelpTalk
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.isolation import AnswerCall, CallWitness, DismissWitness, StateIsolation
from cloudcourt.domain.kept_pictures import NotePictures
from cloudcourt.domain.listening import ListenOnly
from cloudcourt.domain.log_note import AddNote
from cloudcourt.domain.message import SendMessage
from cloudcourt.domain.presiding import HandOverPresiding, TakePresiding
from cloudcourt.domain.request import AnswerRequest, AskCourt, WithdrawRequest
from cloudcourt.domain.rooms import RoomCommand
from cloudcourt.domain.screening import KeepApart
from cloudcourt.domain.seating import SeatPerson
from cloudcourt.domain.takeover import AnswerTakeover, AskTakeover, WithdrawTakeover
from cloudcourt.domain.value import Value
from cloudcourt.domain.warning import AcknowledgeWarning, RuleOnWalkOut, Warn

Note = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]
CountdownMs = Annotated[int, Field(ge=0, le=60_000)]


class OpenLobby(Value):
    kind: Literal["open_lobby"] = "open_lobby"


class ReportReady(Value):
    """The person has looked at their devices and goes to the waiting room (the bench: into court)."""

    kind: Literal["report_ready"] = "report_ready"
    microphone_on: bool = True
    camera_on: bool = True


class Admit(Value):
    kind: Literal["admit"] = "admit"
    participant_id: PersonRef


class ReturnToLobby(Value):
    """Send a person back to the waiting room, for instance a witness who has been heard."""

    kind: Literal["return_to_lobby"] = "return_to_lobby"
    participant_id: PersonRef


class Remove(Value):
    kind: Literal["remove"] = "remove"
    participant_id: PersonRef
    reason: Note = ""


class OpenHearing(Value):
    kind: Literal["open_hearing"] = "open_hearing"
    countdown_ms: CountdownMs = 5_000


class ResumeHearing(Value):
    kind: Literal["resume_hearing"] = "resume_hearing"
    countdown_ms: CountdownMs = 5_000


class CancelCountdown(Value):
    kind: Literal["cancel_countdown"] = "cancel_countdown"


class CallRecess(Value):
    kind: Literal["call_recess"] = "call_recess"
    note: Note = ""


class Suspend(Value):
    kind: Literal["suspend"] = "suspend"
    note: Note = ""


class CloseHearing(Value):
    kind: Literal["close_hearing"] = "close_hearing"


class Adjourn(Value):
    kind: Literal["adjourn"] = "adjourn"
    note: Note = ""


class ConvertOffline(Value):
    kind: Literal["convert_offline"] = "convert_offline"
    note: Note = ""


class CancelHearing(Value):
    kind: Literal["cancel_hearing"] = "cancel_hearing"
    note: Note = ""


class SetPhase(Value):
    """Go to a phase; the judge may hold others together with it, by the parties' consent (ICP 13)."""

    kind: Literal["set_phase"] = "set_phase"
    phase: Phase
    merges: Annotated[tuple[Phase, ...], Field(max_length=9)] = ()
    by_consent: bool = False


class SetCourtMute(Value):
    """Mute one person, or lift it. Only the court lifts what the court set."""

    kind: Literal["set_court_mute"] = "set_court_mute"
    participant_id: PersonRef
    muted: bool


class SetCourtMuteAll(Value):
    """Mute everyone but the court's own people (those who may themselves mute others), or lift it."""

    kind: Literal["set_court_mute_all"] = "set_court_mute_all"
    muted: bool


class OverrideRecorder(Value):
    """Let the court sit on while the recorder is out; without it, the hearing is suspended."""

    kind: Literal["override_recorder"] = "override_recorder"
    reason: Annotated[Note, Field(min_length=1)]


class StateFault(Value):
    """The judge's written explanation of why the record was interrupted (REC 4)."""

    kind: Literal["state_fault"] = "state_fault"
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]


class SetDevices(Value):
    """A person's own switches. An off switch is enforced at the server too."""

    kind: Literal["set_devices"] = "set_devices"
    microphone_on: bool
    camera_on: bool


class Leave(Value):
    kind: Literal["leave"] = "leave"


class Connected(Value):
    """System: this person's connection stands (a new one, or one that was lost)."""

    kind: Literal["connected"] = "connected"
    participant_id: PersonRef


class LinkLost(Value):
    """System: this person's connection is gone; the seat is held."""

    kind: Literal["link_lost"] = "link_lost"
    participant_id: PersonRef


class GraceElapsed(Value):
    """System: the person did not come back within the grace time; the seat stays held, shown as gone."""

    kind: Literal["grace_elapsed"] = "grace_elapsed"
    participant_id: PersonRef
    leaving: Leaving | None = None
    """How their link ended, if that is known."""


class Unseat(Value):
    """System: the person was taken out of the case; they are out of the hearing at once."""

    kind: Literal["unseat"] = "unseat"
    participant_id: PersonRef
    reason: Note = ""


class CountdownElapsed(Value):
    """System: zero. `ends_at` names which countdown, so that a late timer can't end a newer one."""

    kind: Literal["countdown_elapsed"] = "countdown_elapsed"
    ends_at: datetime


class JudgeLost(Value):
    """System: no judge has been connected for longer than the grace time."""

    kind: Literal["judge_lost"] = "judge_lost"


class Fault(Value):
    """System: the court cannot go on for a technical reason."""

    kind: Literal["fault"] = "fault"
    note: Note = ""


class RecorderInterrupted(Value):
    """System: nothing has been written since `since`, though the court is on the record."""

    kind: Literal["recorder_interrupted"] = "recorder_interrupted"
    since: datetime
    note: Note = ""


class RecorderLost(Value):
    """System: there has been no recorder for longer than the grace time."""

    kind: Literal["recorder_lost"] = "recorder_lost"


class RecorderResumed(Value):
    """System: the recorder writes again."""

    kind: Literal["recorder_resumed"] = "recorder_resumed"


AskedCommand = Annotated[
    OpenLobby
    | ReportReady
    | Admit
    | ReturnToLobby
    | Remove
    | OpenHearing
    | ResumeHearing
    | CancelCountdown
    | CallRecess
    | Suspend
    | CloseHearing
    | Adjourn
    | ConvertOffline
    | CancelHearing
    | SetPhase
    | SetCourtMute
    | SetCourtMuteAll
    | OverrideRecorder
    | StateFault
    | SetDevices
    | AddNote
    | OpenGallery
    | CutGallery
    | RoomCommand
    | Arrange
    | ChooseChannel
    | Interpret
    | ListenOnly
    | CallWitness
    | AnswerCall
    | DismissWitness
    | RaiseHand
    | LowerHand
    | LowerAllHands
    | SetFloorMode
    | GiveFloor
    | CallNext
    | TakeFloor
    | SetMicrophoneLock
    | AskCourt
    | WithdrawRequest
    | AnswerRequest
    | Warn
    | AcknowledgeWarning
    | RuleOnWalkOut
    | HandOverPresiding
    | TakePresiding
    | AnswerTakeover
    | ChooseLanguage
    | ConfirmSelf
    | EnterCode
    | DeferIdentity
    | SignRules
    | AnswerPlace
    | ReportDevices
    | ReportConnection
    | DecideIdentity
    | VouchFor
    | AnnounceDelay
    | AskHelp
    | TakeHelp
    | CloseHelp
    | SendMessage
    | ExhibitCommand
    | KeepApart
    | BeginHelpTalk
    | EndHelpTalk
    | Leave,
    Field(discriminator="kind"),
]
SystemCommand = (
    SnapshotKept
    | Connected
    | LinkLost
    | GraceElapsed
    | Unseat
    | SeatPerson
    | AskTakeover
    | WithdrawTakeover
    | CountdownElapsed
    | JudgeLost
    | Fault
    | RecorderInterrupted
    | RecorderLost
    | RecorderResumed
    | NotePictures
    | StateIsolation
    | ExhibitArrived
)
Command = AskedCommand | SystemCommand

ASKED_COMMAND: TypeAdapter[AskedCommand] = TypeAdapter(AskedCommand)
"""Parses what a client sends; system commands don't fit it."""
