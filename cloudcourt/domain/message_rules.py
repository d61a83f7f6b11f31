"""The rules about messages: to the court or from it, at a bounded pace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cloudcourt.domain.errors import NotAllowed, TooFast
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.message import MessageSent, SendMessage
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.ruling import Asking, Events, asker, seat_of
from cloudcourt.domain.value import Value

PACE_MESSAGES = 6
PACE_WITHIN = timedelta(minutes=1)
"""So many messages of one person in so long; the court's own people are not held to it."""

MESSAGES_LIMIT = 200
"""Of one person in one hearing."""


def send_message(hearing: Hearing, command: SendMessage, asking: Asking) -> Events:
    person = asker(hearing, asking)
    by_court = may(person.role, Permission.RUN_CHECK_IN)
    # A party who names somebody is refused, not silently redirected.
    if command.to is not None and (not by_court or may(seat_of(hearing, command.to).role, Permission.RUN_CHECK_IN)):
        raise NotAllowed
    if not by_court:
        _check_pace(hearing, asking)
    return (MessageSent(participant_id=person.id, by_court=by_court, to=command.to, text=command.text),)


def _check_pace(hearing: Hearing, asking: Asking) -> None:
    own = [message.at for message in hearing.messages if message.participant_id == asking.actor]
    recent = sum(asking.now - at < PACE_WITHIN for at in own)
    if recent >= PACE_MESSAGES or len(own) >= MESSAGES_LIMIT:
        raise TooFast


NEEDED: dict[type[Value], Permission] = {}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {SendMessage: send_message}
