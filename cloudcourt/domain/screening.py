"""Keeping two people apart (隔离): they never hear or see each other, and are never in one room. Values only."""

from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

PersonRef = Annotated[ParticipantId, Field(min_length=1, max_length=64)]


class KeepApart(Value):
    """From now on these two neither hear nor see each other, or again do. It holds both ways."""

    kind: Literal["keep_apart"] = "keep_apart"
    participant_id: PersonRef
    other_id: PersonRef
    are_apart: bool


class ScreeningChanged(Value):
    kind: Literal["screening_changed"] = "screening_changed"
    participant_id: ParticipantId
    other_id: ParticipantId
    are_apart: bool
