"""What happened at check-in: each step is a fact of the hearing, and stands in its log."""

from typing import Literal

from cloudcourt.domain.check_in import Connection, Devices, IdentityMethod, Place
from cloudcourt.domain.errors import Language
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value


class LanguageChosen(Value):
    kind: Literal["language_chosen"] = "language_chosen"
    participant_id: ParticipantId
    language: Language


class SelfConfirmed(Value):
    kind: Literal["self_confirmed"] = "self_confirmed"
    participant_id: ParticipantId
    is_me: bool


class CodeEntered(Value):
    """A code was tried. The code itself is never stored."""

    kind: Literal["code_entered"] = "code_entered"
    participant_id: ParticipantId
    matched: bool


class IdentityDeferred(Value):
    kind: Literal["identity_deferred"] = "identity_deferred"
    participant_id: ParticipantId


class SnapshotSubmitted(Value):
    """A snapshot with the document was taken; the hash binds the picture that the clerk compared."""

    kind: Literal["snapshot_submitted"] = "snapshot_submitted"
    participant_id: ParticipantId
    sha256: str
    bytes: int


class IdentityDecided(Value):
    kind: Literal["identity_decided"] = "identity_decided"
    participant_id: ParticipantId
    accepted: bool
    method: IdentityMethod
    reason: str
    by: ParticipantId


class RulesSigned(Value):
    kind: Literal["rules_signed"] = "rules_signed"
    participant_id: ParticipantId
    version: str
    language: Language
    sha256: str


class PlaceAnswered(Value):
    kind: Literal["place_answered"] = "place_answered"
    participant_id: ParticipantId
    place: Place


class DevicesReported(Value):
    kind: Literal["devices_reported"] = "devices_reported"
    participant_id: ParticipantId
    devices: Devices


class ConnectionReported(Value):
    kind: Literal["connection_reported"] = "connection_reported"
    participant_id: ParticipantId
    connection: Connection
