"""What the recorder wrote of each person's sound, second by second, as found by decoding it."""

from datetime import datetime
from typing import Protocol

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.value import Value

SILENCE_DBFS = -120.0
"""Stands for digital silence, and for a second in which nothing was written."""

VOICED_DBFS = -45.0
"""A microphone's noise stays below, speech from an arm's length stands above."""


class WrittenSecond(Value):
    """One second of one person's recorded sound. Levels are dB below full scale (AES17 without its 3 dB).

    `clipped` counts samples at full scale. `lost` packets were awaited and never came.
    """

    participant_id: ParticipantId
    at: datetime
    rms_dbfs: float
    peak_dbfs: float
    clipped: int
    packets: int
    lost: int
    voiced_ms: int = 0
    """So many milliseconds of it are somebody's voice: frames of sound at `VOICED_DBFS` or louder."""


class Heard(Value):
    """What is known of one hearing's written sound: the newest minute, and until when everything was decoded."""

    until: datetime
    seconds: tuple[WrittenSecond, ...]
    """In order of time."""


class WrittenSound(Protocol):
    """Listens to what was written of running hearings. Calls return at once and never raise."""

    def follow(self, hearing_id: HearingId) -> None:
        """Idempotent."""
        ...

    def leave(self, hearing_id: HearingId) -> None:
        """Idempotent."""
        ...

    def heard(self, hearing_id: HearingId) -> Heard | None:
        """None while nothing is known, or not any more."""
        ...
