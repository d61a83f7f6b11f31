"""A request (申请): what a person may not do themselves and asks the court for. The judge answers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

Number = Annotated[int, Field(ge=1, le=2**53)]
"""Of the event by which it began."""

RequestNote = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class RequestKind(StrEnum):
    RECESS = "recess"
    PRESENT = "present"  # an exhibit, or one's screen


class Request(Value):
    """An open request, numbered by its event."""

    number: Number
    participant_id: ParticipantId
    request: RequestKind
    asked_at: datetime
    note: str = ""


class AskCourt(Value):
    """Ask for a recess, or to present something. One open request of a kind and person."""

    kind: Literal["ask_court"] = "ask_court"
    request: RequestKind
    note: RequestNote = ""


class WithdrawRequest(Value):
    kind: Literal["withdraw_request"] = "withdraw_request"
    number: Number


class AnswerRequest(Value):
    """Grant it or not. A recess that is granted is called at once."""

    kind: Literal["answer_request"] = "answer_request"
    number: Number
    is_granted: bool


class CourtAsked(Value):
    kind: Literal["court_asked"] = "court_asked"
    participant_id: ParticipantId
    request: RequestKind
    note: str = ""


class RequestAnswered(Value):
    """`is_granted` is None where the person has withdrawn it."""

    kind: Literal["request_answered"] = "request_answered"
    number: int
    participant_id: ParticipantId
    request: RequestKind
    is_granted: bool | None
