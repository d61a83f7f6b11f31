"""The ladder of warnings (提示, 警告) and leaving in spite of them (中途退庭, OLR 25). The judge decides."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.connectivity import Leaving
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

Number = Annotated[int, Field(ge=1, le=2**53)]
"""Of the event by which it began."""

Reason = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]

WARNINGS_BEFORE_WALK_OUT = 2
"""A notice and a warning at least (OLR 25: leaving after being warned)."""


class WarningStep(StrEnum):
    NOTICE = "notice"  # 提示
    WARNING = "warning"  # 警告


class Warned(Value):
    """One step that was taken, numbered by its event. `seen_at`: when the person said that they had read it."""

    number: Number
    participant_id: ParticipantId
    step: WarningStep
    reason: str
    at: datetime
    seen_at: datetime | None = None


class Finding(StrEnum):
    """What the judge finds about a person's leaving."""

    WALKED_OUT = "walked_out"
    EXCUSED = "excused"


class WalkOut(Value):
    """A draft for the judge: someone left while the court sat, after warnings, and no fault is known."""

    number: Number
    participant_id: ParticipantId
    left_at: datetime
    warnings: tuple[Warned, ...]
    leaving: Leaving | None = None
    """How they went, as their connection told it."""
    finding: Finding | None = None
    """None until the judge has decided."""
    note: str = ""


class Warn(Value):
    """The next step of the ladder: first a notice, then warnings. Then the judge may remove the person."""

    kind: Literal["warn"] = "warn"
    participant_id: Annotated[ParticipantId, Field(min_length=1, max_length=64)]
    reason: Reason


class AcknowledgeWarning(Value):
    """The person has read what the court told them."""

    kind: Literal["acknowledge_warning"] = "acknowledge_warning"


class RuleOnWalkOut(Value):
    kind: Literal["rule_on_walk_out"] = "rule_on_walk_out"
    number: Number
    finding: Finding
    note: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)] = ""


class PersonWarned(Value):
    kind: Literal["person_warned"] = "person_warned"
    participant_id: ParticipantId
    step: WarningStep
    reason: str


class WarningSeen(Value):
    kind: Literal["warning_seen"] = "warning_seen"
    participant_id: ParticipantId


class WalkOutDrafted(Value):
    """`warnings` are the numbers of the events that warned the person."""

    kind: Literal["walk_out_drafted"] = "walk_out_drafted"
    participant_id: ParticipantId
    warnings: tuple[int, ...]
    leaving: Leaving | None = None


class WalkOutRuled(Value):
    kind: Literal["walk_out_ruled"] = "walk_out_ruled"
    number: int
    participant_id: ParticipantId
    finding: Finding
    note: str = ""
