"""Help (求助): one task per problem, with an owner at the court. Values, commands and events."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

TASKS_SHOWN = 60
"""How many of the newest a view holds."""

Outcome = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
TaskId = Annotated[int, Field(ge=1, le=2**53)]


class HelpProblem(StrEnum):
    """What somebody needs help with."""

    NOT_ME = "not_me"
    DRIVING = "driving"
    IDENTITY = "identity"
    MICROPHONE = "microphone"
    CAMERA = "camera"
    SOUND = "sound"
    CONNECTION = "connection"
    OTHER = "other"


class AskHelp(Value):
    """Ask the court for help; asking again about the same problem changes nothing."""

    kind: Literal["ask_help"] = "ask_help"
    problem: HelpProblem


class TakeHelp(Value):
    """Take a task on: the person is told that somebody sees to it."""

    kind: Literal["take_help"] = "take_help"
    task: TaskId


class CloseHelp(Value):
    """The problem is solved, or no longer asked about."""

    kind: Literal["close_help"] = "close_help"
    task: TaskId
    outcome: Outcome = ""


class HelpAsked(Value):
    kind: Literal["help_asked"] = "help_asked"
    participant_id: ParticipantId
    problem: HelpProblem


class HelpTaken(Value):
    kind: Literal["help_taken"] = "help_taken"
    participant_id: ParticipantId
    """Who asked."""
    task: int
    owner: ParticipantId


class HelpClosed(Value):
    kind: Literal["help_closed"] = "help_closed"
    participant_id: ParticipantId
    """Who asked."""
    task: int
    by: ParticipantId
    outcome: str


class HelpTask(Value):
    """One problem of one person; `id` is the number of the event that asked for help."""

    id: int
    participant_id: ParticipantId
    problem: HelpProblem
    asked_at: datetime
    owner: ParticipantId | None = None
    closed_at: datetime | None = None
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
