"""What can be asked at check-in: a person's own steps, and the clerk's word on their identity."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.check_in import DeviceState, Path
from cloudcourt.domain.errors import Language
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

Reason = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
SomeoneId = Annotated[ParticipantId, Field(min_length=1, max_length=64)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ChooseLanguage(Value):
    kind: Literal["choose_language"] = "choose_language"
    language: Language


class ConfirmSelf(Value):
    """ "That's me", or not: then the link has gone to the wrong person, and the clerk is told."""

    kind: Literal["confirm_self"] = "confirm_self"
    is_me: bool


class EnterCode(Value):
    """The one-time code that the clerk told them, for instance by telephone."""

    kind: Literal["enter_code"] = "enter_code"
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class DeferIdentity(Value):
    """No snapshot can be taken here: the clerk shall find another way."""

    kind: Literal["defer_identity"] = "defer_identity"


class SignRules(Value):
    """Sign the rules of court; `sha256` is that of the text that was shown."""

    kind: Literal["sign_rules"] = "sign_rules"
    version: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    language: Language
    sha256: Sha256


class AnswerPlace(Value):
    kind: Literal["answer_place"] = "answer_place"
    driving: bool
    quiet: bool
    alone: bool


class ReportDevices(Value):
    kind: Literal["report_devices"] = "report_devices"
    microphone: DeviceState
    camera: DeviceState
    speaker_heard: bool | None = None
    confirmed: bool = False


class ReportConnection(Value):
    kind: Literal["report_connection"] = "report_connection"
    udp: Path
    tcp: Path
    relay: Path
    rtt_ms: Annotated[int, Field(ge=0, le=60_000)] | None = None
    loss_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class DecideIdentity(Value):
    """The clerk has compared the snapshot: accepted, or refused with the reason that the person is told."""

    kind: Literal["decide_identity"] = "decide_identity"
    participant_id: SomeoneId
    accepted: bool
    reason: Reason = ""


class VouchFor(Value):
    """The person is known to the court; the reason goes into the record."""

    kind: Literal["vouch_for"] = "vouch_for"
    participant_id: SomeoneId
    reason: Annotated[Reason, Field(min_length=1)]


class SnapshotKept(Value):
    """System: a snapshot of this person with their document was received and kept."""

    kind: Literal["snapshot_kept"] = "snapshot_kept"
    participant_id: SomeoneId
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0)]
