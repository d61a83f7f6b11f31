"""When the judge, or in mediation the mediator, may arrange the court anew."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.arrangement import MEDIATING, Arrange, Arrangement, ArrangementChanged
from cloudcourt.domain.errors import NotAllowed, RecorderNotReady, WrongState
from cloudcourt.domain.hearing import Hearing, RecordMode, SessionState
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.roles import Permission, Role
from cloudcourt.domain.room_errors import CounselMissing
from cloudcourt.domain.ruling import Asking, Events, asker
from cloudcourt.domain.side import Side, side_of
from cloudcourt.domain.value import Value


def arrange(hearing: Hearing, command: Arrange, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if hearing.session is not SessionState.IN_SESSION:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    is_within = {hearing.arrangement, command.arrangement} <= MEDIATING
    if not may_now(hearing, person, Permission.ARRANGE) and not (is_within and person.sits_in_court):
        raise NotAllowed  # a mediator arranges a mediation, and neither begins nor ends it
    if hearing.arrangement is command.arrangement:
        return ()
    if command.arrangement is Arrangement.SIDEBAR:
        _check_counsel(hearing)
    goes_on_record = hearing.record_mode is RecordMode.OFF_RECORD and command.arrangement not in MEDIATING
    if goes_on_record and not asking.recorder.ready:
        raise RecorderNotReady(asking.recorder.reason)
    return (ArrangementChanged(arrangement=command.arrangement),)


def _check_counsel(hearing: Hearing) -> None:
    """No side is heard at the bench's side without the other."""
    for side in Side:
        here = [
            p for p in hearing.participants.values() if p.sits_in_court and side_of(hearing.participants, p.id) is side
        ]
        if here and all(p.role is not Role.REPRESENTATIVE for p in here):
            raise CounselMissing(side)


NEEDED: dict[type[Value], Permission] = {Arrange: Permission.MEDIATE}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {Arrange: arrange}
