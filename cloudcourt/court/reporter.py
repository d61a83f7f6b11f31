"""Tells everyone in court, once a second, how recorder and media do: weather, never the truth of record."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from cloudcourt.court.bench import Bench
from cloudcourt.court.connectivity import Connectivity
from cloudcourt.court.scribe import Scribe
from cloudcourt.court.sound_desk import SoundDesk
from cloudcourt.court.weather import LatestNews, weather_for
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import MediaWeather
from cloudcourt.domain.recording import RecorderHealth


class Reporter:
    """Keeps the latest news of one hearing's media, and passes them on."""

    def __init__(
        self,
        bench: Bench,
        scribe: Scribe,
        hearing_now: Callable[[], Hearing],
        attending: Collection[ParticipantId],
        suspends_at: Callable[[], datetime | None],
        connectivity: Connectivity,
    ) -> None:
        self._bench = bench
        self._scribe = scribe
        self._hearing_now = hearing_now
        self._attending = attending
        self._suspends_at = suspends_at
        self._connectivity = connectivity
        self._media = LatestNews()
        self._sound = SoundDesk(bench.written, bench.clock, hearing_now)

    def hears(self, weather: MediaWeather) -> None:
        """The media plane's news, passed on with the next message."""
        self._media = LatestNews(weather, asyncio.get_running_loop().time())
        self._sound.hears(weather)
        self._connectivity.hears(weather)

    def forgets(self) -> None:
        """The media are gone: what was known of them is no news."""
        self._media = LatestNews()

    async def run(self, on_health: Callable[[RecorderHealth], None]) -> None:
        """Until the hearing is over; `on_health` is told what the recorder said, each time."""
        try:
            while not self._hearing_now().is_over:
                await asyncio.sleep(self._bench.timing.weather_every_s)
                health = self._bench.media.recorder_health(self._hearing_now().id)
                on_health(health)
                self._tell(health)
                await self._connectivity.keep()
        finally:
            self._sound.leave()

    def _tell(self, health: RecorderHealth) -> None:
        suspends_at = self._suspends_at()
        common: dict[str, Any] = {
            "suspends_at": None if suspends_at is None else suspends_at.isoformat(),
            "recorder": health.model_dump(mode="json", exclude={"disk"}),
            "now": self._bench.clock.now().isoformat(),
            "checkpoint": None if (kept := self._scribe.latest) is None else kept.model_dump(),
        }
        media = self._media.at(asyncio.get_running_loop().time())
        written, speech = self._sound.news(), self._sound.speech()
        for participant_id in self._attending:
            own = weather_for(self._hearing_now(), participant_id, media, health.disk, written, speech)
            if own is not None:
                self._bench.audience.weather(
                    participant_id, {**common, **own, **self._connectivity.told(participant_id)}
                )
