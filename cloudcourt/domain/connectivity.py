"""How a person's connection did, and what it most likely means: so that a fault can be told from a walk-out (OLR 25).

Weather, not record: samples stand outside the record and are destroyed after some time. The judge decides; nothing
follows from a finding by itself. Pure.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, Protocol

from pydantic import Field, StringConstraints

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.value import Value

MicrophoneEnd = Literal["live", "off", "taken", "lost", "none"]
LinkEnd = Literal["closed", "broken", "silent", "cut"]
"""How a socket ended: with a goodbye of the page; without one; nothing came any more; the court ended it."""

FindingKind = Literal[
    "fine",
    "weak_network",
    "lost_network",
    "closed_page",
    "device_taken",
    "tab_hidden",
    "on_the_move",
    "ended_by_court",
]
Confidence = Literal["clear", "likely", "possible"]

WEAK_LOSS_PERCENT = 8.0
WEAK_RTT_MS = 450
BEFORE = timedelta(seconds=20)
"""So long before a link's end, its state says something about the end."""

Word = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9 ._/-]*$")]


class PageCondition(Value):
    """What a person's page says of itself."""

    hidden: bool
    microphone: MicrophoneEnd
    moving: bool = False
    """The device is carried along as in a vehicle, as far as its own sensor tells (OLR 24: nobody drives in court)."""


class Sample(Value):
    """One moment of one person's connection."""

    at: datetime
    participant_id: ParticipantId
    is_linked: bool
    """The page's link to the court stands."""
    ended: LinkEnd | None = None
    hidden: bool = False
    microphone: MicrophoneEnd = "none"
    moving: bool = False
    path: Literal["udp", "tcp", "none"] = "none"
    """How sound and picture travel."""
    rtt_ms: int | None = None
    loss_percent: float = 0.0

    @property
    def is_weak(self) -> bool:
        return self.loss_percent >= WEAK_LOSS_PERCENT or (self.rtt_ms or 0) >= WEAK_RTT_MS


class Finding(Value):
    """A plain classification, and how sure it is."""

    kind: FindingKind
    confidence: Confidence
    since: datetime


class Leaving(Value):
    """How a person went out, as page and connection told it: evidence, no verdict. In whole numbers, as records are."""

    how: Literal["said_so"] | FindingKind
    """`said_so`: they pressed the button."""
    confidence: Confidence
    at: datetime
    was_hidden: bool = False
    """Another page stood in front, just before."""
    rtt_ms: int | None = None
    loss_percent: int | None = None
    """Of the connection just before; None where nothing is known of it."""


class Diagnosis(Value):
    """What a page found out about itself when its person asked; codes and figures only, no name and no word."""

    link: Literal["opening", "live", "reconnecting", "ended"]
    media: Literal["none", "connecting", "connected", "lost"]
    path: Literal["udp", "tcp", "relay", "none"]
    rtt_ms: Annotated[int, Field(ge=0, le=600_000)] | None
    loss_percent: Annotated[float, Field(ge=0, le=100)] | None
    microphone: Word
    camera: Word
    browser: Word
    screen: Word
    errors: Annotated[tuple[Word, ...], Field(max_length=10)]


class Incident(Value):
    """A diagnosis that reached the court; the person reads `number` to the clerk."""

    number: str
    at: datetime
    participant_id: ParticipantId
    diagnosis: Diagnosis


class ConditionLog(Protocol):
    """Keeps samples and incidents for some days, outside the record."""

    async def keep(self, hearing_id: HearingId, entries: Sequence[Sample | Incident]) -> None:
        """Append. Raises OSError."""


def classify(samples: Sequence[Sample]) -> Finding | None:
    """What one person's samples, oldest first, say of now; None without any."""
    if not samples:
        return None
    last = samples[-1]
    kind, confidence = _linked(last) if last.is_linked else _gone(last, samples[:-1])
    return Finding(kind=kind, confidence=confidence, since=_since(samples, kind))


def leaving(samples: Sequence[Sample]) -> Leaving | None:
    """How one person went, of their samples, oldest first; None for one who is here, and without any."""
    finding = classify(samples)
    if finding is None or samples[-1].is_linked:
        return None
    here = next((sample for sample in reversed(samples) if sample.is_linked), None)
    return Leaving(
        how=finding.kind,
        confidence=finding.confidence,
        at=finding.since,
        was_hidden=here is not None and here.hidden,
        rtt_ms=None if here is None else here.rtt_ms,
        loss_percent=None if here is None or here.path == "none" else round(here.loss_percent),
    )


def _linked(now: Sample) -> tuple[FindingKind, Confidence]:
    if now.microphone in ("taken", "lost"):
        return "device_taken", "clear"
    if now.moving:
        return "on_the_move", "possible"
    if now.hidden:
        return "tab_hidden", "clear"
    if now.is_weak:
        return "weak_network", "clear"
    return "fine", "clear"


def _gone(now: Sample, before: Sequence[Sample]) -> tuple[FindingKind, Confidence]:
    """The link ended: a page that closes says goodbye, a network that dies says nothing."""
    if now.ended == "cut":
        return "ended_by_court", "clear"
    if now.ended == "closed":
        return "closed_page", "likely"
    near = [sample for sample in before if sample.is_linked and now.at - sample.at <= BEFORE]
    was_weak = any(sample.is_weak for sample in near)
    was_hidden = bool(near) and near[-1].hidden
    if was_hidden and not was_weak:  # phones put hidden pages to sleep and drop them
        return "tab_hidden", "possible"
    if now.ended == "silent":
        return "lost_network", "clear" if was_weak else "likely"
    return ("lost_network", "likely") if was_weak else ("closed_page", "possible")


def _since(samples: Sequence[Sample], kind: FindingKind) -> datetime:
    """When the run of samples began that all say the same."""
    last = samples[-1]
    began = last.at
    for sample in reversed(samples):
        same = sample.ended == last.ended if not last.is_linked else sample.is_linked and _linked(sample)[0] == kind
        if not same:
            break
        began = sample.at
    return began
