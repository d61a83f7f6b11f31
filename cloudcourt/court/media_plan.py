"""What the media plane is told of a hearing. Pure."""

from cloudcourt.domain.hearing import Hearing, SessionState
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.ports import HearingMedia
from cloudcourt.domain.recording import Seat

NOT_BEGUN = frozenset({SessionState.SCHEDULED, SessionState.LOBBY_OPEN})


def media_plan(hearing: Hearing) -> HearingMedia:
    """Who sits where, and whether the court has begun."""
    return HearingMedia(
        hearing_id=HearingId(hearing.id),
        case_number=hearing.case_number,
        cause=hearing.cause,
        seats=tuple(Seat(participant_id=p.id, role=p.role, name=p.name) for p in hearing.seating),
        under_way=hearing.session not in NOT_BEGUN,
    )
