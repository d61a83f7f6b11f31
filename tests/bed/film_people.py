"""People for the film: they speak in turns, and their cameras may go off."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cloudcourt.domain.routing import MediaKind
from tests.bed.rtp_source import Arrival, RtpSource
from tests.bed.speech import RATE, Sound, noise, speech

_HEARD_S = 60


@dataclass
class FilmPerson(RtpSource):
    """One person in court. `speaks` holds the seconds (from, to) of their turns; between them the room is heard."""

    speaks: tuple[tuple[float, float], ...] = ()
    voice: int = 0
    db: float = 0.0
    camera_until_s: float = float("inf")

    def arrivals(
        self, seconds: float, *, from_s: float = 0.0, kinds: tuple[MediaKind, ...] = ("audio", "video")
    ) -> list[Arrival]:
        found = super().arrivals(seconds, from_s=from_s, kinds=kinds)
        return [arrival for arrival in found if arrival.kind == "audio" or arrival.at_s < self.camera_until_s]

    @cached_property
    def _said(self) -> Sound:
        return speech(_HEARD_S, voice=self.voice, db=self.db)

    @cached_property
    def _room(self) -> Sound:
        return noise(_HEARD_S, -72, self.voice)

    def _sound(self, ticks: NDArray[np.int64]) -> NDArray[np.floating]:
        at_s = ticks / RATE
        is_turn = np.zeros(len(ticks), bool)
        for began_s, ended_s in self.speaks:
            is_turn |= (at_s >= began_s) & (at_s < ended_s)
        return np.where(is_turn, self._said[ticks % len(self._said)], self._room[ticks % len(self._room)])
