"""What help changes: the list of tasks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.help_desk import HelpAsked, HelpClosed, HelpTaken, HelpTask
from cloudcourt.domain.value import Value


def _asked(hearing: Hearing, event: HelpAsked, at: datetime) -> dict[str, Any]:
    # A log has no holes: this event has the number after the hearing's last.
    task = HelpTask(id=hearing.seq + 1, participant_id=event.participant_id, problem=event.problem, asked_at=at)
    return {"help_tasks": (*hearing.help_tasks, task)}


def _taken(hearing: Hearing, event: HelpTaken, at: datetime) -> dict[str, Any]:
    return _changed(hearing, event.task, owner=event.owner)


def _closed(hearing: Hearing, event: HelpClosed, at: datetime) -> dict[str, Any]:
    return _changed(hearing, event.task, closed_at=at, outcome=event.outcome)


def _changed(hearing: Hearing, task_id: int, **facts: object) -> dict[str, Any]:
    tasks = (task.model_copy(update=facts) if task.id == task_id else task for task in hearing.help_tasks)
    return {"help_tasks": tuple(tasks)}


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {
    HelpAsked: _asked,
    HelpTaken: _taken,
    HelpClosed: _closed,
}
