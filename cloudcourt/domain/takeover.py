"""Taking over a seat from another device: one person sits at one place, and a second one asks (OLR 7)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]


class Takeover(Value):
    """Another device with this person's link stands at the door."""

    participant_id: ParticipantId
    asked_at: datetime


class AskTakeover(Value):
    """System: another device holds this person's link, while the seat is taken."""

    kind: Literal["ask_takeover"] = "ask_takeover"
    participant_id: PersonRef


class WithdrawTakeover(Value):
    """System: the other device has gone."""

    kind: Literal["withdraw_takeover"] = "withdraw_takeover"
    participant_id: PersonRef


class AnswerTakeover(Value):
    """Judge, clerk, or the person at the first device lets the other take the seat, or not."""

    kind: Literal["answer_takeover"] = "answer_takeover"
    participant_id: PersonRef
    is_granted: bool


class TakeoverAsked(Value):
    kind: Literal["takeover_asked"] = "takeover_asked"
    participant_id: ParticipantId


class TakeoverAnswered(Value):
    """`is_granted` is None where the other device went away by itself."""

    kind: Literal["takeover_answered"] = "takeover_answered"
    participant_id: ParticipantId
    is_granted: bool | None
