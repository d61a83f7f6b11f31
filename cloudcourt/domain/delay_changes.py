"""What an announced delay changes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.delay import Delay, DelayAnnounced
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.value import Value


def _announced(hearing: Hearing, event: DelayAnnounced, at: datetime) -> dict[str, Any]:
    told = Delay(reason=event.reason, until=event.until, announced_at=at)
    return {"delay": told if event.reason else None}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {DelayAnnounced: _announced}
