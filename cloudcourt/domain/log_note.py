"""Log notes (庭审备注): what bench and clerk write down about a moment of the hearing, for themselves."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

NOTES_SHOWN = 20
"""How many of the newest a view holds."""

NoteText = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class AddNote(Value):
    """Note something about this moment. The parties never learn of it."""

    kind: Literal["add_note"] = "add_note"
    text: NoteText


class NoteAdded(Value):
    kind: Literal["note_added"] = "note_added"
    participant_id: ParticipantId
    """Who wrote it."""
    text: str = ""
    """Never empty in the store; the evidence log, which is handed out, leaves it away."""


class LogNote(Value):
    """One note as it stands in the hearing's log, numbered by its event."""

    seq: int
    at: datetime
    participant_id: ParticipantId
    text: str
