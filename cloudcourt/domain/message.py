"""Messages (留言) between one person and the court. Nobody can write to anyone else. Values, command and event."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

MESSAGES_SHOWN = 60
"""How many of the newest a view holds."""


class SendMessage(Value):
    """Write to the court; or, as the court, to one person, or to everyone (`to` left out)."""

    kind: Literal["send_message"] = "send_message"
    text: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    to: Annotated[ParticipantId, Field(min_length=1, max_length=64)] | None = None


class MessageSent(Value):
    kind: Literal["message_sent"] = "message_sent"
    participant_id: ParticipantId
    """Who wrote it."""
    by_court: bool
    to: ParticipantId | None
    """Whom the court wrote to; None for everyone, and for what is written to the court."""
    text: str


class Message(Value):
    """One message as it stands in the hearing's log, numbered by its event."""

    seq: int
    at: datetime
    participant_id: ParticipantId
    by_court: bool
    to: ParticipantId | None
    text: str

    def concerns(self, participant_id: ParticipantId) -> bool:
        """True for whoever is not of the court and may read it."""
        if not self.by_court:
            return self.participant_id == participant_id
        return self.to is None or self.to == participant_id
