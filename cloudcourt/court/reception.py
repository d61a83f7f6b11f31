"""Reception: what a room finds out about a code before a command is decided."""

from collections.abc import Callable

from cloudcourt.domain import commands as ask
from cloudcourt.domain.check_in_commands import EnterCode
from cloudcourt.domain.check_in_guard import check_in_of
from cloudcourt.domain.check_in_rules import code_number
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.identity_ports import IdentityDesk
from cloudcourt.domain.ids import ParticipantId


class Reception:
    """Knows a person's code again, for one hearing."""

    def __init__(self, desk: IdentityDesk, hearing_now: Callable[[], Hearing]) -> None:
        self._desk = desk
        self._hearing_now = hearing_now

    async def matches(self, command: ask.Command, actor: ParticipantId | None) -> bool:
        """True when the command brings the actor's own code of now."""
        hearing = self._hearing_now()
        if not isinstance(command, EnterCode) or actor is None:
            return False
        number = code_number(check_in_of(hearing, hearing.participants[actor]).identity.wrong_codes)
        return await self._desk.matches(hearing.id, actor, number, command.code)
