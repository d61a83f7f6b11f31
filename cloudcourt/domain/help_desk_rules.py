"""The rules about help: one open task per person and problem; the court takes and closes, the asker may withdraw."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.errors import NotAllowed, NotFound, TooFast
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.help_desk import (
    AskHelp,
    CloseHelp,
    HelpAsked,
    HelpClosed,
    HelpProblem,
    HelpTaken,
    HelpTask,
    TakeHelp,
)
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.ruling import Asking, Events, asker
from cloudcourt.domain.value import Value

TASKS_LIMIT = 40
"""Tasks of one person in one hearing; whoever needs more is already being helped."""


def ask_help(hearing: Hearing, command: AskHelp, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if open_task(hearing, person.id, command.problem) is not None:
        return ()
    if sum(task.participant_id == person.id for task in hearing.help_tasks) >= TASKS_LIMIT:
        raise TooFast
    return (HelpAsked(participant_id=person.id, problem=command.problem),)


def take_help(hearing: Hearing, command: TakeHelp, asking: Asking) -> Events:
    task = _task(hearing, command.task)
    owner = asker(hearing, asking).id
    if not task.is_open or task.owner == owner:
        return ()
    return (HelpTaken(participant_id=task.participant_id, task=task.id, owner=owner),)


def close_help(hearing: Hearing, command: CloseHelp, asking: Asking) -> Events:
    person = asker(hearing, asking)
    task = _task(hearing, command.task)
    if task.participant_id != person.id and not may(person.role, Permission.RUN_CHECK_IN):
        raise NotAllowed
    if not task.is_open:
        return ()
    return (closed(task, by=person.id, outcome=command.outcome),)


def open_task(hearing: Hearing, participant_id: ParticipantId, problem: HelpProblem) -> HelpTask | None:
    """The one open task of a person about a problem."""
    wanted = (participant_id, problem)
    return next((t for t in hearing.help_tasks if t.is_open and (t.participant_id, t.problem) == wanted), None)


def followed(hearing: Hearing, participant_id: ParticipantId, problem: HelpProblem, is_trouble: bool) -> Events:
    """A fact that was reported opens one task, or closes the one it solves."""
    task = open_task(hearing, participant_id, problem)
    if is_trouble:
        return () if task else (HelpAsked(participant_id=participant_id, problem=problem),)
    return (closed(task, by=participant_id, outcome=""),) if task else ()


def closed(task: HelpTask, by: ParticipantId, outcome: str) -> HelpClosed:
    return HelpClosed(participant_id=task.participant_id, task=task.id, by=by, outcome=outcome)


def _task(hearing: Hearing, task_id: int) -> HelpTask:
    task = next((task for task in hearing.help_tasks if task.id == task_id), None)
    if task is None:
        raise NotFound
    return task


NEEDED: dict[type[Value], Permission] = {TakeHelp: Permission.RUN_CHECK_IN}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    AskHelp: ask_help,
    TakeHelp: take_help,
    CloseHelp: close_help,
}
