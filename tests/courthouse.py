"""The vocabulary of tests: a loan case's people, a clock that is told the time, and a court day in the domain."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cloudcourt.domain import commands as ask
from cloudcourt.domain.apply import apply
from cloudcourt.domain.decide import decide
from cloudcourt.domain.events import HearingScheduled, StoredEvent
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import CaseId, HearingId, ParticipantId
from cloudcourt.domain.recording import Readiness
from cloudcourt.domain.roles import Role
from cloudcourt.domain.ruling import Asking

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

JUDGE = ParticipantId("p_judge")
CLERK = ParticipantId("p_clerk")
PLAINTIFF = ParticipantId("p_plaintiff")
DEFENDANT = ParticipantId("p_defendant")
WITNESS = ParticipantId("p_witness")
OBSERVER = ParticipantId("p_observer")

CAST = (
    Participant(id=WITNESS, role=Role.WITNESS, name="孙丽"),
    Participant(id=DEFENDANT, role=Role.DEFENDANT, name="王建国"),
    Participant(id=PLAINTIFF, role=Role.PLAINTIFF, name="李秀英"),
    Participant(id=JUDGE, role=Role.JUDGE, name="陈明远"),
    Participant(id=CLERK, role=Role.CLERK, name="赵敏"),
    Participant(id=OBSERVER, role=Role.OBSERVER, name="周一"),
)

READY = Readiness(ready=True)


def scheduled(people: Sequence[Participant] = CAST, *, is_public: bool = False) -> HearingScheduled:
    return HearingScheduled(
        case_id=CaseId("c_loan"),
        case_number="（2026）云0101民初27号",
        cause="民间借贷纠纷",
        scheduled_at=MORNING,
        is_public=is_public,
        people=tuple(people),
    )


class CourtDay:
    """A hearing in memory: acts are decided, numbered, applied and kept, as a room does with a store."""

    def __init__(self, people: Sequence[Participant] = CAST, *, is_public: bool = False) -> None:
        self.now = MORNING
        self.recorder = READY
        self.log: list[StoredEvent] = []
        founding = scheduled(people, is_public=is_public)
        first = StoredEvent(hearing_id=HearingId("h_1"), seq=1, at=self.now, actor="system", event=founding)
        self.log.append(first)
        self.hearing: Hearing = apply(None, first)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def asks(self, actor: ParticipantId | None, command: ask.Command) -> tuple[StoredEvent, ...]:
        """Decide and apply; raises what `decide` raises and then changes nothing."""
        asking = Asking(actor=actor, now=self.now, recorder=self.recorder)
        happened = decide(self.hearing, command, asking)
        stored = tuple(
            StoredEvent(
                hearing_id=self.hearing.id,
                seq=self.hearing.seq + number,
                at=self.now,
                actor=actor or "system",
                event=event,
            )
            for number, event in enumerate(happened, start=1)
        )
        for event in stored:
            self.hearing = apply(self.hearing, event)
        self.log.extend(stored)
        return stored

    def arrives(self, *people: ParticipantId) -> None:
        """Each connects and goes through the device check."""
        for person in people:
            self.asks(None, ask.Connected(participant_id=person))
            self.asks(person, ask.ReportReady())

    def opens(self) -> None:
        """The judge opens and the countdown runs out."""
        self.asks(JUDGE, ask.OpenHearing(countdown_ms=5_000))
        self.zero()

    def resumes(self) -> None:
        self.asks(JUDGE, ask.ResumeHearing(countdown_ms=5_000))
        self.zero()

    def zero(self) -> None:
        assert self.hearing.countdown is not None
        self.now = self.hearing.countdown.ends_at
        self.asks(None, ask.CountdownElapsed(ends_at=self.now))


def in_session() -> CourtDay:
    """A court in session with the judge, the clerk and both parties; the witness waits outside."""
    day = CourtDay()
    day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT, WITNESS)
    day.opens()
    return day
