"""When a delay may be announced: while the court does not sit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cloudcourt.domain.delay import AnnounceDelay, DelayAnnounced
from cloudcourt.domain.errors import WrongState
from cloudcourt.domain.hearing import COURT_SITS, Hearing, SessionState
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events
from cloudcourt.domain.value import Value


def announce_delay(hearing: Hearing, command: AnnounceDelay, asking: Asking) -> Events:
    if hearing.session in COURT_SITS or hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.LOBBY_OPEN)
    if not command.reason and hearing.delay is None:
        return ()
    is_timed = bool(command.reason and command.minutes)
    until = asking.now + timedelta(minutes=command.minutes) if is_timed else None
    return (DelayAnnounced(reason=command.reason, until=until),)


NEEDED: dict[type[Value], Permission] = {AnnounceDelay: Permission.RUN_CHECK_IN}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {AnnounceDelay: announce_delay}
