"""Redacted copies: what judge or clerk have taken out of a copy of a record's film, span by span, and why (REC 16).

A copy is a new object with a signed statement of its own; the record it was made from is never changed. What a judge
sealed is left out of every one.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated, Final, Literal, Protocol, Self

from pydantic import AwareDatetime, Field, model_validator

from cloudcourt.domain.evidence import canonical
from cloudcourt.domain.film_statement import FilmPart
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.record_access import Line
from cloudcourt.domain.record_orders import Reason, SealedSpan
from cloudcourt.domain.value import Value

REDACTED_FORMAT: Final = "cloudcourt-redacted/1"
MOST_REDACTIONS: Final = 60
RedactionMeans = Literal["silence", "bleep", "blank", "cover"]
"""All sound silent; a tone in place of all sound, or of one person's; a card in place of the picture; one person's
picture left out of it."""


class RedactionPurpose(StrEnum):
    """What a redacted copy is for."""

    PUBLICATION = "publication"  # 公开
    PARTIES = "parties"  # 交当事人
    TRAINING = "training"  # 教学、研究
    OTHER = "other"


class Redaction(Value):
    """One stretch of the hearing in which something is taken out, and why; never what was."""

    began_at: AwareDatetime
    ended_at: AwareDatetime
    means: RedactionMeans
    participant: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    reason: Reason

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.began_at >= self.ended_at:
            raise ValueError("a span goes from an earlier to a later time")
        if self.means == "cover" and self.participant is None:
            raise ValueError("whose picture is covered must be said")
        if self.means in ("silence", "blank") and self.participant is not None:
            raise ValueError("what is taken from everyone names nobody")
        return self


class RedactionAsk(Value):
    """What judge or clerk want taken out of a copy, and what that is for."""

    purpose: RedactionPurpose
    note: Line = ""
    redactions: Annotated[tuple[Redaction, ...], Field(min_length=1, max_length=MOST_REDACTIONS)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.purpose is RedactionPurpose.OTHER and not self.note:
            raise ValueError("another purpose needs a reason in words")
        return self


class RedactedSpan(Value):
    """A redaction as it was done: where in the film, and by which order where a judge sealed it."""

    from_ms: int
    to_ms: int
    began_at: datetime
    ended_at: datetime
    means: RedactionMeans
    participant: ParticipantId | None = None
    reason: str
    order: int | None = None

    def touches(self, from_s: float, to_s: float) -> bool:
        """True when a stretch of the film reaches into it."""
        return from_s * 1000 < self.to_ms and self.from_ms < to_s * 1000


class RedactionOrder(Value):
    """An ask that was taken up: the hearing's redacted copy `number`, by whom, when, and what is done."""

    hearing: HearingId
    number: int
    purpose: RedactionPurpose
    note: str
    ordered_by: ParticipantId
    ordered_at: datetime
    redactions: tuple[RedactedSpan, ...]


class RedactionSource(Value):
    """What a copy was made from: the film of the record with this seal."""

    seal: str
    """SHA-256 of the seal's statement: the record's check value."""
    file: str
    sha256: str


class RedactedStatement(RedactionOrder):
    """What the court signs about a redacted copy."""

    format: Literal["cloudcourt-redacted/1"] = REDACTED_FORMAT
    case_number: str
    made_at: datetime
    source: RedactionSource
    file: str
    bytes: int
    duration_ms: int
    sha256: str
    chunks: tuple[FilmPart, ...]
    court_key: str


class SignedRedaction(Value):
    """`redaction.json`."""

    statement: RedactedStatement
    court_signature: str
    """By the court's key over `redaction_message`."""


class RedactedCopy(RedactionOrder):
    """A redacted copy as people are told of it. `bytes` and `sha256` are of the film in it."""

    state: Literal["making", "ready", "failed"]
    progress: float
    bytes: int = 0
    sha256: str | None = None
    is_withheld: bool = False
    """True once something was sealed that this copy still shows."""


def redaction_message(statement: RedactedStatement) -> bytes:
    """What the court's key signs about a redacted copy."""
    return canonical(statement.model_dump(mode="json"))


def leaves_out(order: RedactionOrder, sealed: Sequence[SealedSpan]) -> bool:
    """Whether a copy shows nothing of what is sealed now."""
    return {span.order for span in sealed} <= {done.order for done in order.redactions}


class RedactionRoom(Protocol):
    """Makes redacted copies beside the records and keeps them. Nothing of a record is ever changed by it."""

    async def add(
        self, hearing_id: HearingId, ask: RedactionAsk, by: ParticipantId, sealed: Sequence[SealedSpan]
    ) -> RedactedCopy:
        """Begin to make one. Raises RecordNotSealed, NotFound where there is no film, OSError."""
        ...

    async def copies(self, hearing_id: HearingId) -> tuple[RedactedCopy, ...]:
        """All of a hearing, oldest first; what a stop broke off is begun again."""
        ...

    def file(self, hearing_id: HearingId, number: int) -> PurePath | None:
        """The copy with its statement and a verifier, as one zip; None while there is none."""
        ...
