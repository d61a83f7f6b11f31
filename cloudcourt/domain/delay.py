"""A late start (延迟开庭的说明): the reason, told to everyone who waits. Value, command and event."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.value import Value


class AnnounceDelay(Value):
    """Tell everyone why the court is late, and how long it will be; an empty reason takes it back."""

    kind: Literal["announce_delay"] = "announce_delay"
    reason: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
    minutes: Annotated[int, Field(ge=0, le=480)] = 0
    """From now; 0 where nobody knows."""


class DelayAnnounced(Value):
    kind: Literal["delay_announced"] = "delay_announced"
    reason: str
    until: datetime | None


class Delay(Value):
    reason: str
    until: datetime | None
    announced_at: datetime
