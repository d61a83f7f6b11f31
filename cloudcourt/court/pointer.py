"""Passes the presenter's pointer on to everyone who sees what is shown; the last one is kept for late comers."""

from collections.abc import Callable, Collection

from cloudcourt.domain.exhibit_rules import may_present
from cloudcourt.domain.exhibit_view import sees_what_is_shown
from cloudcourt.domain.exhibits import Showing
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.pointing import Pointing
from cloudcourt.domain.ports import Audience


class Pointer:
    """The pointer of one hearing. Whoever may present may point."""

    def __init__(
        self, audience: Audience, hearing_now: Callable[[], Hearing], attending: Collection[ParticipantId]
    ) -> None:
        self._audience = audience
        self._hearing_now = hearing_now
        self._attending = attending
        self._last: tuple[Showing, dict[str, object]] | None = None

    def moves(self, participant_id: ParticipantId, pointing: Pointing) -> None:
        """Pass it on; from someone who may not present, or while nothing is shown, it is dropped."""
        hearing = self._hearing_now()
        person = hearing.participants.get(participant_id)
        showing = hearing.exhibits.showing
        if person is None or showing is None or not may_present(hearing, person):
            return
        told: dict[str, object] = {"by": participant_id, **pointing.model_dump(mode="json")}
        self._last = (showing, told)
        for viewer in self._attending:
            if viewer != participant_id and sees_what_is_shown(hearing, hearing.participants[viewer]):
                self._audience.point(viewer, told)

    def greets(self, participant_id: ParticipantId) -> None:
        """Someone has come, or come back: they look where the others look."""
        hearing = self._hearing_now()
        if self._last is None or self._last[0] != hearing.exhibits.showing:
            return
        if sees_what_is_shown(hearing, hearing.participants[participant_id]):
            self._audience.point(participant_id, self._last[1])
