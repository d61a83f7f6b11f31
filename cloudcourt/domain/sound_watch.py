"""Alarms about the record itself: what was written of a person is silent, overdriven, or missing. Pure.

Weather for judge and clerk, who can ask to have it said again while it can be; never stored, never the truth of record.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from cloudcourt.domain.hearing import GapReason, Hearing, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import Taken, routing
from cloudcourt.domain.value import Value
from cloudcourt.domain.written import Heard, WrittenSecond

HEARD_DBFS = -60.0
"""A recorded second above this holds something that can be heard."""
SPEECH_DBOV = -45
"""A live level above this is somebody speaking (RFC 6464)."""
LOUDEST_DBOV = -1
"""No voice averages full scale: a level that says so is not believed."""

_NEVER_HEARD_S = 30
_SPOKEN_WITHIN_S, _SPOKEN_S = 15, 5
_OVERDRIVEN_SAMPLES = 48
"""A thousandth of a second's samples: a cough may do so, a voice that fits never does."""
_OVERDRIVEN_WITHIN_S, _OVERDRIVEN_S = 10, 3
_MISSING_FROM, _MISSING_UNTIL, _MISSING_PACKETS = 0.05, 0.02, 25
_UNWRITTEN_S = 12
_BACK_S = 3
_SECOND = timedelta(seconds=1)


class AlarmKind(StrEnum):
    SILENT = "silent"  # never heard on the record yet, or not where the live sound is speech
    OVERDRIVEN = "overdriven"
    MISSING = "missing"  # packets that never came
    UNWRITTEN = "unwritten"  # nothing of it at all


class SoundAlarm(Value):
    """`percent` is of the last minute, where something is missing."""

    participant_id: ParticipantId
    kind: AlarmKind
    since: datetime
    percent: int | None = None


class SoundWatch(Value):
    """What is remembered from one look to the next."""

    expected_since: dict[ParticipantId, datetime] = Field(default_factory=dict)
    """Whose sound should be on the record, without a break."""
    heard_at: dict[ParticipantId, datetime] = Field(default_factory=dict)
    """When each was heard on the record last."""
    alarms: tuple[SoundAlarm, ...] = ()


NOBODY_WATCHED = SoundWatch()


def looked(
    before: SoundWatch, hearing: Hearing, heard: Heard, spoke: Mapping[ParticipantId, Collection[datetime]]
) -> SoundWatch:
    """The watch after one more look; `spoke` are the seconds in which the live sound of each was speech."""
    expected = _expected(hearing)
    since = {person: before.expected_since.get(person, heard.until) for person in expected}
    heard_at = dict(before.heard_at)
    for second in heard.seconds:
        if second.rms_dbfs > HEARD_DBFS:
            heard_at[second.participant_id] = max(second.at, heard_at.get(second.participant_id, second.at))
    had = {(alarm.participant_id, alarm.kind): alarm for alarm in before.alarms}
    alarms = []
    for person in expected:
        seconds = [s for s in heard.seconds if s.participant_id == person and s.at >= since[person] - _SECOND]
        found = _Found(seconds, heard.until, since[person], person in heard_at, spoke.get(person, ()))
        for kind in AlarmKind:
            earlier = had.get((person, kind))
            if found.stays(kind) if earlier else found.begins(kind):
                alarms.append(
                    SoundAlarm(
                        participant_id=person,
                        kind=kind,
                        since=earlier.since if earlier else heard.until,
                        percent=found.missing_percent if kind is AlarmKind.MISSING else None,
                    )
                )
    return SoundWatch(expected_since=since, heard_at=heard_at, alarms=tuple(alarms))


def _expected(hearing: Hearing) -> tuple[ParticipantId, ...]:
    """Whose sound should be written now: the record runs, they are there, and their microphone is open."""
    if any(gap.reason is GapReason.FAULT and gap.ended_at is None for gap in hearing.gaps):
        return ()
    recorded = routing(hearing).recorded
    return tuple(
        person.id
        for person in hearing.seating
        if person.state is ParticipantState.IN_COURT and Taken(person.id, "audio") in recorded
    )


class _Found:
    """What the last minute of one person's record shows."""

    def __init__(
        self,
        seconds: list[WrittenSecond],
        until: datetime,
        expected_since: datetime,
        was_heard: bool,
        spoke: Collection[datetime],
    ) -> None:
        self._seconds = seconds
        self._until = until
        self._expected_since = expected_since
        self._was_heard = was_heard
        self._spoke = {at.replace(microsecond=0) for at in spoke}
        self._lost = sum(second.lost for second in seconds)
        self._sent = self._lost + sum(second.packets for second in seconds)

    @property
    def missing_percent(self) -> int:
        return round(100 * self._missing)

    @property
    def _missing(self) -> float:
        return self._lost / self._sent if self._sent else 0.0

    def begins(self, kind: AlarmKind) -> bool:
        match kind:
            case AlarmKind.SILENT:
                return not self._is_heard() and (self._is_never_heard() or self._is_spoken_unheard())
            case AlarmKind.OVERDRIVEN:
                return self._overdriven() >= _OVERDRIVEN_S
            case AlarmKind.MISSING:
                return self._missing >= _MISSING_FROM and self._lost >= _MISSING_PACKETS
            case AlarmKind.UNWRITTEN:
                waited = self._until - self._expected_since
                return waited >= _UNWRITTEN_S * _SECOND and not self._is_written(_UNWRITTEN_S)

    def stays(self, kind: AlarmKind) -> bool:
        match kind:
            case AlarmKind.SILENT:
                return not self._is_heard()
            case AlarmKind.OVERDRIVEN:
                return self._overdriven() > 0
            case AlarmKind.MISSING:
                return self._missing >= _MISSING_UNTIL
            case AlarmKind.UNWRITTEN:
                return not self._is_written(_BACK_S)

    def _last(self, seconds: int) -> list[WrittenSecond]:
        return [second for second in self._seconds if second.at >= self._until - seconds * _SECOND]

    def _is_heard(self) -> bool:
        return any(second.rms_dbfs > HEARD_DBFS for second in self._last(_BACK_S))

    def _is_never_heard(self) -> bool:
        written = sum(second.packets > 0 for second in self._last(_NEVER_HEARD_S + 1))
        waited = self._until - self._expected_since
        return not self._was_heard and waited >= _NEVER_HEARD_S * _SECOND and written >= _NEVER_HEARD_S // 2

    def _is_spoken_unheard(self) -> bool:
        def is_spoken(at: datetime) -> bool:
            return any(at + shift * _SECOND in self._spoke for shift in (-1, 0, 1))

        unheard = (s for s in self._last(_SPOKEN_WITHIN_S) if s.packets and s.rms_dbfs <= HEARD_DBFS)
        return sum(is_spoken(second.at) for second in unheard) >= _SPOKEN_S

    def _overdriven(self) -> int:
        return sum(second.clipped >= _OVERDRIVEN_SAMPLES for second in self._last(_OVERDRIVEN_WITHIN_S))

    def _is_written(self, seconds: int) -> bool:
        return any(second.packets > 0 for second in self._last(seconds))
