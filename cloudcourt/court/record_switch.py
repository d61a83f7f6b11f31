"""Runs the recorder exactly while the court's record is written, and gives each mode of the record files of its own."""

from collections.abc import Callable

from cloudcourt.court.bench import Bench
from cloudcourt.domain import commands as ask
from cloudcourt.domain.arrangement import Arrange, Arrangement
from cloudcourt.domain.errors import RecorderNotReady
from cloudcourt.domain.hearing import COURT_SITS, WRITES, Hearing, RecordMode
from cloudcourt.domain.recording import Readiness

NEEDS_RECORDER = (ask.OpenHearing, ask.ResumeHearing, ask.CountdownElapsed, Arrange)

Stretch = tuple[RecordMode, Arrangement]
"""What goes into one set of files: sealed evidence and a sidebar never share one with open court."""

_OPENING: Stretch = (RecordMode.ON_RECORD, Arrangement.OPEN_COURT)


class RecordSwitch:
    """Owned by a room."""

    def __init__(self, bench: Bench, hearing_now: Callable[[], Hearing]) -> None:
        self._bench = bench
        self._hearing_now = hearing_now
        self._written: Stretch | None = None

    @property
    def is_on(self) -> bool:
        return self._written is not None

    @property
    def wanted(self) -> Stretch | None:
        """What should be written now."""
        hearing = self._hearing_now()
        if hearing.session not in COURT_SITS or hearing.record_mode not in WRITES:
            return None
        return hearing.record_mode, hearing.arrangement

    async def readiness(self, command: ask.Command) -> Readiness:
        """Prove the recorder where a command needs it; at zero it is already running when court opens."""
        if not isinstance(command, NEEDS_RECORDER) or self.is_on:
            return Readiness(ready=self.is_on)
        hearing = self._hearing_now()
        readiness = await self._bench.media.preflight(hearing.id)
        if readiness.ready and isinstance(command, ask.CountdownElapsed) and hearing.countdown:
            try:
                await self._start(_OPENING)
            except RecorderNotReady as refusal:
                return Readiness(ready=False, reason=str(refusal.fields["reason"]))
        return readiness

    async def cut(self) -> None:
        """Close the files that what comes now doesn't belong to. To be asked before anything new flows."""
        if self.is_on and self._written != self.wanted:
            self._written = None
            await self._bench.media.stop_recording(self._hearing_now().id)

    async def go_on(self) -> None:
        """Write what is wanted. Raises RecorderNotReady."""
        if (wanted := self.wanted) is not None and not self.is_on:
            await self._start(wanted)

    async def _start(self, stretch: Stretch) -> None:
        await self._bench.media.start_recording(self._hearing_now().id)
        self._written = stretch
