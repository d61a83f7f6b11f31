"""Fold events into a hearing. `apply` never refuses: what is stored has happened.

What each event changes stands in the `*_changes.py` of its subject; the table here only puts those together.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from cloudcourt.domain import (
    arrangement_changes,
    channel_rules,
    check_in_changes,
    delay_changes,
    exhibit_changes,
    fault_changes,
    gallery_changes,
    help_desk_changes,
    help_talk_rules,
    isolation_rules,
    listening_rules,
    log_note_changes,
    message_changes,
    order_changes,
    people_changes,
    rooms_changes,
    screening_rules,
    seating_rules,
    session_changes,
)
from cloudcourt.domain.events import HearingScheduled, StoredEvent
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.value import Value

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {
    **people_changes.CHANGES,
    **session_changes.CHANGES,
    **order_changes.CHANGES,
    **fault_changes.CHANGES,
    **log_note_changes.CHANGES,
    **gallery_changes.CHANGES,
    **arrangement_changes.CHANGES,
    **channel_rules.CHANGES,
    **listening_rules.CHANGES,
    **isolation_rules.CHANGES,
    **rooms_changes.CHANGES,
    **check_in_changes.CHANGES,
    **delay_changes.CHANGES,
    **help_desk_changes.CHANGES,
    **help_talk_rules.CHANGES,
    **message_changes.CHANGES,
    **exhibit_changes.CHANGES,
    **seating_rules.CHANGES,
    **screening_rules.CHANGES,
}
"""Every event but the first."""


def apply(hearing: Hearing | None, stored: StoredEvent) -> Hearing:
    """The hearing after one more event. Only event 1 may meet no hearing."""
    event = stored.event
    if isinstance(event, HearingScheduled):
        return _founded(stored, event)
    if hearing is None:
        raise ValueError(f"the log of {stored.hearing_id} does not begin with hearing_scheduled")
    after = hearing.model_copy(update={"seq": stored.seq, **CHANGES[type(event)](hearing, event, stored.at)})
    after = order_changes.followed(help_talk_rules.followed(after))
    return gallery_changes.followed(exhibit_changes.followed(after, stored.at), stored.at)


def replay(events: Iterable[StoredEvent], hearing: Hearing | None = None) -> Hearing | None:
    """Fold a whole log, or its tail onto `hearing`."""
    for stored in events:
        hearing = apply(hearing, stored)
    return hearing


def _founded(stored: StoredEvent, event: HearingScheduled) -> Hearing:
    return Hearing(
        id=stored.hearing_id,
        case_id=event.case_id,
        case_number=event.case_number,
        cause=event.cause,
        scheduled_at=event.scheduled_at,
        is_public=event.is_public,
        check_in=event.check_in,
        retention=event.retention,
        seq=stored.seq,
        participants={p.id: p for p in event.people},
    )
