"""What a message changes: it joins the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.message import Message, MessageSent
from cloudcourt.domain.value import Value


def _sent(hearing: Hearing, event: MessageSent, at: datetime) -> dict[str, Any]:
    # A log has no holes: this event has the number after the hearing's last.
    facts = event.model_dump(exclude={"kind"})
    return {"messages": (*hearing.messages, Message(seq=hearing.seq + 1, at=at, **facts))}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {MessageSent: _sent}
