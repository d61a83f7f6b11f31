"""Check-in (庭前签到): what is known of each person before they may come into court. Values only.

Identity is checked anew for every sitting (OLR 7), and the rules of court are signed for it; nothing carries over.
"""

from datetime import datetime
from enum import StrEnum

from cloudcourt.domain.errors import Language
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value


class CheckInKind(StrEnum):
    """How much a hearing asks for at the door; settled when it is scheduled."""

    SHORT = "short"  # devices and the rules of court, one page
    FULL = "full"  # one step a screen, and nobody unverified comes into court


class Step(StrEnum):
    """The screens of a full check-in, in order."""

    LANGUAGE = "language"
    SELF = "self"
    IDENTITY = "identity"
    RULES = "rules"
    PLACE = "place"
    DEVICES = "devices"
    CONNECTION = "connection"
    DONE = "done"


class Lack(StrEnum):
    """What keeps a person out of the courtroom."""

    IDENTITY = "identity"
    DECLARATION = "declaration"
    PARKED = "parked"


IDENTITY_CHECKED: frozenset[Role] = frozenset({Role.PLAINTIFF, Role.DEFENDANT, Role.REPRESENTATIVE, Role.WITNESS})
"""Whose identity is verified before they come into court."""


class IdentityState(StrEnum):
    NONE = "none"
    DEFERRED = "deferred"  # no snapshot can be taken: the clerk finds another way
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class IdentityMethod(StrEnum):
    COMPARED = "compared"  # the clerk compared the face with the document
    VOUCHED = "vouched"  # known to the court, with the reason


class Identity(Value):
    """How far one person's identity is verified. The snapshot itself is kept elsewhere, for a time."""

    state: IdentityState = IdentityState.NONE
    snapshot_sha256: str = ""
    code_matched: bool = False
    """They entered the code that the clerk told them."""
    wrong_codes: int = 0
    method: IdentityMethod | None = None
    reason: str = ""
    decided_by: ParticipantId | None = None
    decided_at: datetime | None = None


class Declaration(Value):
    """The rules of court, and no recording: which text was signed, and when."""

    version: str
    language: Language
    sha256: str
    """Of the text as it was shown, UTF-8; 64 hex digits."""
    at: datetime


class Place(Value):
    """Where the person sits, by their own word."""

    driving: bool
    quiet: bool
    alone: bool


class DeviceState(StrEnum):
    WORKS = "works"
    DENIED = "denied"
    MISSING = "missing"
    BUSY = "busy"
    UNSUPPORTED = "unsupported"
    LOST = "lost"
    UNNEEDED = "unneeded"


class Devices(Value):
    microphone: DeviceState
    camera: DeviceState
    speaker_heard: bool | None = None
    """Did they hear the test tone? None where it wasn't played."""
    confirmed: bool = False
    """The person has looked at them and gone on; until then the page only reports what is wrong."""


class Path(StrEnum):
    """One way for media between the person and this court."""

    WORKS = "works"
    BLOCKED = "blocked"
    UNTRIED = "untried"


class Grade(StrEnum):
    GOOD = "good"
    OKAY = "okay"
    BAD = "bad"


class Connection(Value):
    """What a real connection to this court's own media server showed."""

    udp: Path
    tcp: Path
    relay: Path
    rtt_ms: int | None = None
    loss_percent: int | None = None
    """Of what the person sent, the share that did not arrive."""


BAD_FROM = {"rtt_ms": 450, "loss_percent": 8}
OKAY_FROM = {"rtt_ms": 250, "loss_percent": 3}


def grade(tested: Connection) -> Grade:
    """Whether a hearing can be held over this connection."""
    if Path.WORKS not in (tested.udp, tested.tcp, tested.relay) or _reaches(tested, BAD_FROM):
        return Grade.BAD
    if tested.udp is not Path.WORKS or _reaches(tested, OKAY_FROM):
        return Grade.OKAY
    return Grade.GOOD


def _reaches(tested: Connection, limits: dict[str, int]) -> bool:
    return any((getattr(tested, figure) or 0) >= limit for figure, limit in limits.items())


class CheckIn(Value):
    """Everything one person has done at the door."""

    language: Language | None = None
    is_self: bool | None = None
    identity: Identity = Identity()
    declaration: Declaration | None = None
    place: Place | None = None
    devices: Devices | None = None
    connection: Connection | None = None

    @property
    def next_step(self) -> Step:
        """The first step that is not done."""
        done = {
            Step.LANGUAGE: self.language is not None,
            Step.SELF: self.is_self is True,
            Step.IDENTITY: self.identity.state not in (IdentityState.NONE, IdentityState.REFUSED),
            Step.RULES: self.declaration is not None,
            Step.PLACE: self.place is not None and not self.place.driving,
            Step.DEVICES: self.devices is not None and self.devices.confirmed,
            Step.CONNECTION: self.connection is not None,
        }
        return next((step for step, is_done in done.items() if not is_done), Step.DONE)


NOT_CHECKED_IN = CheckIn()
