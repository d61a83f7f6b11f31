"""What the court waits for: zero of a countdown, a judge, a recorder, a person who lost the link."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cloudcourt.court.bench import Bench
from cloudcourt.court.timing import Timers
from cloudcourt.domain import commands as ask
from cloudcourt.domain.connectivity import Leaving
from cloudcourt.domain.events import ParticipantMoved
from cloudcourt.domain.hearing import Hearing, ParticipantState, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import RecorderState


class Watches:
    """Sets the timers that a hearing's state asks for; a timer that rings posts a command."""

    def __init__(
        self,
        bench: Bench,
        hearing_now: Callable[[], Hearing],
        post: Callable[[ask.SystemCommand], None],
        leaving: Callable[[ParticipantId], Leaving | None],
    ):
        self._leaving = leaving
        self._bench = bench
        self._hearing_now = hearing_now
        self._post = post
        self._timers = Timers()
        self._after_restart = False
        self._recorder_due_at: datetime | None = None

    def begin_after_restart(self) -> None:
        """Everyone's link is gone: until a judge is back, the longer grace counts."""
        self._after_restart = True

    def follow(self) -> None:
        """Set or clear what the hearing's state of now asks for."""
        hearing = self._hearing_now()
        if hearing.countdown is None:
            self._timers.clear("countdown")
        else:
            elapsed = ask.CountdownElapsed(ends_at=hearing.countdown.ends_at)
            delay_s = (hearing.countdown.ends_at - self._bench.clock.now()).total_seconds()
            self._timers.set("countdown", delay_s + 0.001, lambda: self._post(elapsed))
        self._for_judge(hearing)
        self._for_recorder(hearing)

    def follow_person(self, moved: ParticipantMoved) -> None:
        """A lost person has the grace time to come back in."""
        timer = f"grace {moved.participant_id}"
        if moved.to is ParticipantState.RECONNECTING:
            self._timers.set(timer, self._bench.timing.reconnect_grace_s, lambda: self._gone(moved.participant_id))
        else:
            self._timers.clear(timer)

    def _gone(self, participant_id: ParticipantId) -> None:
        leaving = self._leaving(participant_id)
        self._post(ask.GraceElapsed(participant_id=participant_id, leaving=leaving))

    def is_set(self, name: str) -> bool:
        return self._timers.is_set(name)

    def end(self) -> None:
        self._timers.clear_all()

    def _for_judge(self, hearing: Hearing) -> None:
        if hearing.judge_in_court or hearing.session is not SessionState.IN_SESSION:
            self._timers.clear("judge")
            self._after_restart = self._after_restart and not hearing.judge_in_court
        elif not self._timers.is_set("judge"):
            timing = self._bench.timing
            grace_s = timing.restart_grace_s if self._after_restart else timing.judge_grace_s
            self._timers.set("judge", grace_s, lambda: self._post(ask.JudgeLost()))

    def suspends_at(self) -> datetime | None:
        """When the court is suspended unless the recorder comes back, or the judge lets it go on without."""
        return self._recorder_due_at if self._timers.is_set("recorder") else None

    def _for_recorder(self, hearing: Hearing) -> None:
        if not hearing.lacks_recorder:
            self._timers.clear("recorder")
        elif not self._timers.is_set("recorder"):
            grace_s = self._bench.timing.recorder_grace_s
            self._recorder_due_at = self._bench.clock.now() + timedelta(seconds=grace_s)
            self._timers.set("recorder", grace_s, self._recorder_missing)

    def _recorder_missing(self) -> None:
        hearing = self._hearing_now()
        if self._bench.media.recorder_health(hearing.id).state is RecorderState.WRITING:
            self._for_recorder(hearing)  # it is there again, and waits for people to be heard
        else:
            self._post(ask.RecorderLost())
