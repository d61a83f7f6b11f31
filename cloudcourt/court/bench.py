"""The ports that every room works with."""

from dataclasses import dataclass

from cloudcourt.court.timing import Timing
from cloudcourt.domain.connectivity import ConditionLog
from cloudcourt.domain.identity_ports import IdentityDesk
from cloudcourt.domain.ports import (
    Audience,
    Clock,
    CourtRecord,
    JoinLinks,
    MediaListener,
    MediaPlane,
    RecordLog,
    RecordRoom,
)
from cloudcourt.domain.written import WrittenSound


@dataclass(frozen=True)
class Bench:
    """What a room is given to work with."""

    clock: Clock
    record: CourtRecord
    links: JoinLinks
    media: MediaPlane
    media_listener: MediaListener
    record_room: RecordRoom
    evidence: RecordLog
    written: WrittenSound
    audience: Audience
    identity: IdentityDesk
    conditions: ConditionLog
    timing: Timing
