"""Interpreters' channels: who listens to whom, and where an interpreter speaks to. Values only."""

from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

InterpreterRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]


class ChooseChannel(Value):
    """Hear this interpreter in full and the court low; None: hear the court alone."""

    kind: Literal["choose_channel"] = "choose_channel"
    interpreter_id: InterpreterRef | None


class Interpret(Value):
    """An interpreter speaks into their channel alone, or to the whole court again."""

    kind: Literal["interpret"] = "interpret"
    to_channel: bool


class ChannelChosen(Value):
    kind: Literal["channel_chosen"] = "channel_chosen"
    participant_id: ParticipantId
    interpreter_id: ParticipantId | None


class InterpretingChanged(Value):
    kind: Literal["interpreting_changed"] = "interpreting_changed"
    participant_id: ParticipantId
    to_channel: bool
