"""What the clerk proposes that the judge should order about a record; the judge alone decides (REC 16)."""

from datetime import datetime
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_orders import OrderAsk, Reason
from cloudcourt.domain.value import Value

OPEN_AT_MOST: Final = 20


class ProposalAnswer(Value):
    """The judge's decision, and why not where it is none."""

    is_granted: bool
    reason: Reason


class Proposal(Value):
    """`ask` is what would be ordered. `n` counts 1, 2, 3 ... within the hearing; it is no part of the record."""

    n: Annotated[int, Field(ge=1)]
    at: datetime
    who: str
    name: str
    ask: OrderAsk
    state: Literal["open", "granted", "declined"] = "open"
    answered_at: datetime | None = None
    reason: str = ""


class ProposalBook(Protocol):
    """Where proposals are kept."""

    async def proposals(self, hearing_id: HearingId) -> tuple[Proposal, ...]:
        """In order. Raises OSError, ValueError."""
        ...

    async def propose(self, hearing_id: HearingId, ask: OrderAsk, who: str, name: str) -> None:
        """Raises OrderChangesNothing where the same is proposed already, or too much is open."""
        ...

    async def answer(self, hearing_id: HearingId, number: int, answer: ProposalAnswer) -> None:
        """Raises NotFound for one that isn't open."""
        ...
