"""Who presides over a panel (合议庭), and handing that over. The presiding judge's permissions go with it."""

from typing import Annotated, Literal

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value


class HandOverPresiding(Value):
    """Another member of the panel presides from now on; session and recording go on."""

    kind: Literal["hand_over_presiding"] = "hand_over_presiding"
    participant_id: Annotated[ParticipantId, Field(min_length=1, max_length=64)]


class TakePresiding(Value):
    """A member of the panel presides in place of a presiding judge whose connection is lost."""

    kind: Literal["take_presiding"] = "take_presiding"


class PresidingChanged(Value):
    kind: Literal["presiding_changed"] = "presiding_changed"
    participant_id: ParticipantId
