"""A judge's orders about a record after it was written: spans sealed and unsealed, a legal hold set and lifted.

Orders are only ever added, each signed by the court's key and chained to the one before; what holds now follows from
all of them. The record itself is never changed by one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Annotated, Final, Literal, Protocol

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from cloudcourt.domain.case import printable
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.recording import Manifest
from cloudcourt.domain.value import Value

ORDERS: Final = "cloudcourt-order/1"
OrderKind = Literal["sealed", "unsealed", "held", "released"]
Reason = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), AfterValidator(printable)
]


Ground = Literal["state_secret", "trade_secret", "privacy", "minor", "other"]
"""On which ground something is not for everyone (CPL 137; Law on the Protection of Minors)."""


class OrderAsk(Value):
    """What the judge orders: `sealed` names a span of time, `unsealed` the number of the order that sealed one."""

    kind: OrderKind
    reason: Reason
    ground: Ground | None = None
    """Of a sealing, where the judge names one."""
    participant: Annotated[ParticipantId, StringConstraints(min_length=1, max_length=64)] | None = None
    """Of a sealing: only this person's own sound and picture. The film, where all are mixed, is withheld whole."""
    began_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    of: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "OrderAsk":
        is_span = self.began_at is not None and self.ended_at is not None and self.began_at < self.ended_at
        if (self.kind == "sealed") != is_span or (self.kind != "sealed" and (self.began_at or self.ended_at)):
            raise ValueError("a span from an earlier to a later time is sealed, and nothing else has one")
        if (self.kind == "unsealed") != (self.of is not None):
            raise ValueError("unsealing, and nothing else, names the order that sealed")
        if (self.ground is not None or self.participant is not None) and self.kind != "sealed":
            raise ValueError("sealing, and nothing else, has a ground and may name a person")
        return self


class RecordOrder(OrderAsk):
    """An order as it is kept. `n` counts 1, 2, 3 ... within the hearing."""

    means: Literal["cloudcourt-order/1"] = ORDERS
    n: int
    previous: str
    """SHA-256 of the line before; zeros for the first."""
    hearing: HearingId
    at: datetime
    """By the court's clock."""
    by: ParticipantId
    """The judge."""


class SealedSpan(Value):
    """A stretch of the hearing that only those may see who may see what is sealed. `order` sealed it."""

    order: int
    began_at: datetime
    ended_at: datetime
    participant: ParticipantId | None = None
    """Whose own tracks alone are sealed; everyone's where nobody is named."""

    def is_of(self, participant_id: ParticipantId) -> bool:
        """Whether this person's own tracks are sealed by it."""
        return self.participant in (None, participant_id)

    def touches(self, began_at: datetime, ended_at: datetime) -> bool:
        """True when any moment between the two is sealed."""
        return self.began_at < ended_at and began_at < self.ended_at


def sealed_spans(orders: Iterable[RecordOrder]) -> tuple[SealedSpan, ...]:
    """What is sealed now, by time."""
    spans: dict[int, SealedSpan] = {}
    for order in orders:
        if order.began_at is not None and order.ended_at is not None:
            times = {"began_at": order.began_at, "ended_at": order.ended_at}
            spans[order.n] = SealedSpan(order=order.n, **times, participant=order.participant)
        elif order.of is not None:
            spans.pop(order.of, None)
    return tuple(sorted(spans.values(), key=lambda span: (span.began_at, span.order)))


def is_held(orders: Sequence[RecordOrder]) -> bool:
    """True while a legal hold is set: nothing of the record may ever be removed meanwhile."""
    newest = next((order for order in reversed(orders) if order.kind in ("held", "released")), None)
    return newest is not None and newest.kind == "held"


def is_open_to(ask: OrderAsk, orders: Sequence[RecordOrder]) -> bool:
    """False for an order that would change nothing: unsealing what isn't sealed, a second hold, lifting none."""
    if ask.kind == "unsealed":
        return any(span.order == ask.of for span in sealed_spans(orders))
    return ask.kind == "sealed" or (ask.kind == "held") != is_held(orders)


class OrderLedger(Protocol):
    """Where orders are kept. An order is on the disk before `add` returns."""

    def holds(self, hearing_id: HearingId) -> bool:
        """Whether a legal hold stands at this moment: read anew, since another process may ask. Raises OSError."""
        ...

    async def orders(self, hearing_id: HearingId) -> tuple[RecordOrder, ...]:
        """In order. Raises OSError, ValueError where they can't be read: then nothing may be shown."""
        ...

    async def add(self, hearing_id: HearingId, ask: OrderAsk, by: ParticipantId) -> tuple[RecordOrder, ...]:
        """All orders with the new one. Raises OrderChangesNothing."""
        ...


class WithheldCopy(Value):
    """A copy with holes that is being made, or could not be made yet and is tried again."""

    file: str
    progress: float = 0.0
    failures: int = 0
    reason: Literal["", "disk_full", "failed"] = ""
    """Why it failed the last time."""


class WithheldRoom(Protocol):
    """Makes copies of a record's files in which sealed spans are holes, beside the record and never in it."""

    async def without(self, manifest: Manifest, name: str, spans: Sequence[SealedSpan]) -> PurePath | None:
        """The file as it may be shown; None while that is still to be made, or can't be."""
        ...

    def under_way(self, hearing_id: HearingId) -> tuple[WithheldCopy, ...]:
        """Copies of a hearing's files that aren't there yet; one that fails is tried again, ever more seldom."""
        ...
