"""The floor (发言权): who speaks next, who is heard, and for how long. The judge rules it (Court Rules 17)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]
FloorSeconds = Annotated[int, Field(ge=5, le=3600)]


class RaisedHand(Value):
    """One place in the queue."""

    participant_id: ParticipantId
    raised_at: datetime


class Floor(Value):
    """Who has the word. With `is_exclusive` only the holder and the bench are heard.

    Time that has run out (`ends_at`) is shown to all and cuts nobody off: the judge does.
    """

    is_exclusive: bool = False
    holder: ParticipantId | None = None
    given_at: datetime | None = None
    ends_at: datetime | None = None
    is_locked: bool = False
    """Nobody but the court's own people and the holder switches their own microphone on."""
    hands: tuple[RaisedHand, ...] = ()
    """In the order in which they were raised."""


class RaiseHand(Value):
    kind: Literal["raise_hand"] = "raise_hand"


class LowerHand(Value):
    """Lower your own hand; judge and clerk may lower anybody's by naming them."""

    kind: Literal["lower_hand"] = "lower_hand"
    participant_id: PersonRef | None = None


class LowerAllHands(Value):
    kind: Literal["lower_all_hands"] = "lower_all_hands"


class SetFloorMode(Value):
    """Floor mode on: only who has the word, and the bench, are heard. Off: everyone in court."""

    kind: Literal["set_floor_mode"] = "set_floor_mode"
    is_on: bool


class GiveFloor(Value):
    """Give one person the word, for so many seconds or without a limit; an earlier holder has it no more."""

    kind: Literal["give_floor"] = "give_floor"
    participant_id: PersonRef
    seconds: FloorSeconds | None = None


class CallNext(Value):
    """Give the word to whoever raised their hand first."""

    kind: Literal["call_next"] = "call_next"
    seconds: FloorSeconds | None = None


class TakeFloor(Value):
    """The holder has spoken."""

    kind: Literal["take_floor"] = "take_floor"


class SetMicrophoneLock(Value):
    kind: Literal["set_microphone_lock"] = "set_microphone_lock"
    is_on: bool


class HandRaised(Value):
    kind: Literal["hand_raised"] = "hand_raised"
    participant_id: ParticipantId


class HandLowered(Value):
    kind: Literal["hand_lowered"] = "hand_lowered"
    participant_id: ParticipantId


class FloorModeChanged(Value):
    kind: Literal["floor_mode_changed"] = "floor_mode_changed"
    is_on: bool


class FloorGiven(Value):
    """The person's hand goes down with it."""

    kind: Literal["floor_given"] = "floor_given"
    participant_id: ParticipantId
    seconds: int | None = None


class FloorTaken(Value):
    kind: Literal["floor_taken"] = "floor_taken"
    participant_id: ParticipantId


class MicrophoneLockChanged(Value):
    kind: Literal["microphone_lock_changed"] = "microphone_lock_changed"
    is_on: bool
