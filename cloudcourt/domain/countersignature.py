"""What is added beside a seal: its confirmation by judge or clerk, and people's own signatures (REC 9).

A person signs the integrity check value, which is the SHA-256 of the seal's statement, with a key that their browser
made for this one act. The court vouches in each entry for whose link the signature came by.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field, StringConstraints, TypeAdapter

from cloudcourt.domain.evidence import canonical
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.value import Value

AFTER_SEAL: Final = "cloudcourt-after-seal/1"
Algorithm = Literal["Ed25519", "ES256"]
"""Ed25519 (RFC 8032), or ECDSA over P-256 with SHA-256 where a browser has no Ed25519."""


class SignatureAsk(Value):
    """A person's signature over `countersigned_message`, and the public key that it was made with, in hex digits."""

    algorithm: Algorithm
    public_key: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64}|04[0-9a-f]{128})$")]
    """Ed25519: 32 bytes; P-256: the uncompressed point, 65 bytes."""
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
    signed_at: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$")]
    """The time that was signed, as text."""


class RefusalAsk(Value):
    """Judge or clerk note that a person would not sign."""

    participant_id: Annotated[ParticipantId, Field(min_length=1, max_length=64)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class _AfterSeal(Value):
    means: Literal["cloudcourt-after-seal/1"] = AFTER_SEAL
    n: int
    previous: str
    """SHA-256 of the line before; zeros for the first."""
    hearing: HearingId
    seal: str
    """The integrity check value."""
    at: datetime
    """By the court's clock."""
    participant: ParticipantId


class SealConfirmed(_AfterSeal):
    kind: Literal["confirmed"] = "confirmed"


class SealSigned(_AfterSeal):
    kind: Literal["signed"] = "signed"
    algorithm: Algorithm
    public_key: str
    signature: str
    signed_at: str


class SigningRefused(_AfterSeal):
    kind: Literal["refused"] = "refused"
    noted_by: ParticipantId
    reason: str


AfterSeal = Annotated[SealConfirmed | SealSigned | SigningRefused, Field(discriminator="kind")]
AFTER_SEAL_ENTRY: TypeAdapter[AfterSeal] = TypeAdapter(AfterSeal)


class SealKept(Value):
    """A hearing's seal, and what was added beside it, in order."""

    check_value: str
    sealed_at: datetime
    entries: tuple[AfterSeal, ...]


def countersigned_message(hearing: HearingId, participant: ParticipantId, seal: str, signed_at: str) -> bytes:
    """What a person's signature is over."""
    return canonical(
        {
            "at": signed_at,
            "hearing": hearing,
            "means": "cloudcourt-countersignature/1",
            "participant": participant,
            "seal": seal,
        }
    )


def of_person(entries: Sequence[AfterSeal], participant: ParticipantId) -> AfterSeal | None:
    """The newest entry that a person confirmed or signed, or that says that they would not."""
    return next((entry for entry in reversed(entries) if entry.participant == participant), None)


class SealDesk(Protocol):
    """Where seals are confirmed and signed. Entries are only ever added, and are on the disk before a call returns.

    All methods but `seal` raise RecordNotSealed before there is a seal.
    """

    async def seal(self, hearing_id: HearingId) -> SealKept | None:
        """None before there is a seal."""
        ...

    async def confirm(self, hearing_id: HearingId, by: ParticipantId) -> SealKept:
        """Idempotent."""
        ...

    async def sign(self, hearing_id: HearingId, by: ParticipantId, signed: SignatureAsk) -> SealKept:
        """Raises AlreadySigned, SignatureNotValid."""
        ...

    async def note_refusal(self, hearing_id: HearingId, of: ParticipantId, by: ParticipantId, reason: str) -> SealKept:
        """Raises AlreadySigned."""
        ...
