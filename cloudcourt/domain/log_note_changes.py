"""What a log note changes: it joins the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.log_note import LogNote, NoteAdded
from cloudcourt.domain.value import Value


def _noted(hearing: Hearing, event: NoteAdded, at: datetime) -> dict[str, Any]:
    # A log has no holes: this event has the number after the hearing's last.
    note = LogNote(seq=hearing.seq + 1, at=at, participant_id=event.participant_id, text=event.text)
    return {"notes": (*hearing.notes, note)}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {NoteAdded: _noted}
