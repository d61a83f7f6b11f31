"""Keeps an ear on what was written of one hearing's sound, and says to judge and clerk what is wrong with it."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime

from cloudcourt.domain.hearing import COURT_SITS, Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import Clock, MediaWeather
from cloudcourt.domain.sound_watch import LOUDEST_DBOV, NOBODY_WATCHED, SPEECH_DBOV, SoundWatch, looked
from cloudcourt.domain.speech_time import Count, SpeechTime, counted, speech_time
from cloudcourt.domain.written import Heard, WrittenSecond, WrittenSound

_SPOKEN_KEPT = 40


class SoundDesk:
    """Follows the hearing from its first sitting on."""

    def __init__(self, written: WrittenSound, clock: Clock, hearing_now: Callable[[], Hearing]) -> None:
        self._written = written
        self._clock = clock
        self._hearing_now = hearing_now
        self._spoke: defaultdict[ParticipantId, deque[datetime]] = defaultdict(lambda: deque(maxlen=_SPOKEN_KEPT))
        self._watch: SoundWatch = NOBODY_WATCHED
        self._speech = Count()

    def hears(self, weather: MediaWeather) -> None:
        """Remember who speaks now, to look for it in what is written."""
        for link in weather.people:
            if link.connected and SPEECH_DBOV < link.level_dbov < LOUDEST_DBOV:
                self._spoke[link.participant_id].append(self._clock.now())

    def speech(self) -> SpeechTime | None:
        """How long everyone has spoken on the record, as far as it was listened to; also while the court rests."""
        hearing = self._hearing_now()
        if (heard := self._written.heard(hearing.id)) is not None:
            self._speech = counted(self._speech, heard)
        return speech_time(hearing, self._speech)

    def news(self) -> dict[str, object] | None:
        """The record's sound as the weather tells it; None while nobody knows."""
        hearing = self._hearing_now()
        if hearing.session not in COURT_SITS:
            self._watch = NOBODY_WATCHED.model_copy(update={"heard_at": self._watch.heard_at})
            return None
        self._written.follow(hearing.id)
        heard = self._written.heard(hearing.id)
        if heard is None:
            return None
        self._watch = looked(self._watch, hearing, heard, self._spoke)
        return {
            "until": heard.until.isoformat(),
            "people": [self._person(person, heard) for person in self._watch.expected_since],
            "alarms": [alarm.model_dump(mode="json") for alarm in self._watch.alarms],
        }

    def leave(self) -> None:
        """The hearing is over."""
        self._written.leave(self._hearing_now().id)

    def _person(self, person: ParticipantId, heard: Heard) -> dict[str, object]:
        newest: WrittenSecond | None = None
        for second in heard.seconds:
            if second.participant_id == person:
                newest = second
        heard_at = self._watch.heard_at.get(person)
        return {
            "participant_id": person,
            "rms_dbfs": newest.rms_dbfs if newest else None,
            "peak_dbfs": newest.peak_dbfs if newest else None,
            "silent_s": None if heard_at is None else max(0, round((heard.until - heard_at).total_seconds())),
        }
