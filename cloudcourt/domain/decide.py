"""Decide what a command causes. `decide` may refuse with a `CourtError`; it changes nothing itself.

Guards are checked when a command is carried out, never when it was asked for. To change a rule: the lawful
moves stand in `hearing.py`, who has which permission in `roles.py`, and which permission a command needs and its
own conditions in the `*_rules.py` of its subject. The tables here only put those together.
"""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain import (
    arrangement_rules,
    channel_rules,
    check_in_rules,
    delay_rules,
    exhibit_rules,
    fault_rules,
    floor_rules,
    gallery_rules,
    help_desk_rules,
    help_talk_rules,
    isolation_rules,
    linked_rules,
    listening_rules,
    log_note_rules,
    message_rules,
    order_rules,
    people_rules,
    phase_rules,
    presiding_rules,
    rooms_rules,
    screening_rules,
    seating_rules,
    session_rules,
)
from cloudcourt.domain import commands as ask
from cloudcourt.domain.check_in_commands import SnapshotKept
from cloudcourt.domain.check_in_guard import check_entries
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.exhibit_commands import ExhibitArrived
from cloudcourt.domain.hearing import Hearing, ParticipantState
from cloudcourt.domain.isolation import StateIsolation
from cloudcourt.domain.kept_pictures import NotePictures
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, seat_of
from cloudcourt.domain.seating import SeatPerson
from cloudcourt.domain.takeover import AskTakeover, WithdrawTakeover
from cloudcourt.domain.value import Value

NEEDED: dict[type[Value], Permission] = {
    **session_rules.NEEDED,
    **fault_rules.NEEDED,
    **people_rules.NEEDED,
    **floor_rules.NEEDED,
    **order_rules.NEEDED,
    **phase_rules.NEEDED,
    **presiding_rules.NEEDED,
    **log_note_rules.NEEDED,
    **gallery_rules.NEEDED,
    **arrangement_rules.NEEDED,
    **channel_rules.NEEDED,
    **isolation_rules.NEEDED,
    **check_in_rules.NEEDED,
    **delay_rules.NEEDED,
    **help_desk_rules.NEEDED,
    **help_talk_rules.NEEDED,
    **message_rules.NEEDED,
    **exhibit_rules.NEEDED,
    **seating_rules.NEEDED,
    **screening_rules.NEEDED,
}
"""The permission a command needs. Commands that aren't listed concern the asker alone."""

SYSTEM_COMMANDS: frozenset[type[Value]] = frozenset(
    {
        SnapshotKept,
        ask.Connected,
        ask.LinkLost,
        ask.GraceElapsed,
        ask.Unseat,
        SeatPerson,
        AskTakeover,
        WithdrawTakeover,
        ask.CountdownElapsed,
        ask.JudgeLost,
        ask.Fault,
        ask.RecorderInterrupted,
        ask.RecorderLost,
        ask.RecorderResumed,
        NotePictures,
        StateIsolation,
        ExhibitArrived,
    }
)

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    **session_rules.RULES,
    **fault_rules.RULES,
    **people_rules.RULES,
    **floor_rules.RULES,
    **order_rules.RULES,
    **phase_rules.RULES,
    **presiding_rules.RULES,
    **log_note_rules.RULES,
    **gallery_rules.RULES,
    **arrangement_rules.RULES,
    **channel_rules.RULES,
    **listening_rules.RULES,
    **isolation_rules.RULES,
    **rooms_rules.RULES,
    **check_in_rules.RULES,
    **delay_rules.RULES,
    **help_desk_rules.RULES,
    **help_talk_rules.RULES,
    **message_rules.RULES,
    **exhibit_rules.RULES,
    **seating_rules.RULES,
    **screening_rules.RULES,
}


def decide(hearing: Hearing, command: ask.Command, asking: Asking) -> Events:
    """What `command` causes, or a `CourtError` saying why not. An empty tuple: it is so already."""
    _check_right(hearing, command, asking)
    events = linked_rules.together(hearing, RULES[type(command)](hearing, command, asking))
    check_entries(hearing, events)
    return events


def _check_right(hearing: Hearing, command: ask.Command, asking: Asking) -> None:
    if type(command) in SYSTEM_COMMANDS:
        if asking.actor is not None:
            raise NotAllowed
        return
    if asking.actor is None:
        raise NotAllowed
    person = seat_of(hearing, asking.actor)
    if person.state is ParticipantState.REMOVED:
        raise NotAllowed
    needed = NEEDED.get(type(command))
    if needed is not None and not may_now(hearing, person, needed):
        raise NotAllowed
