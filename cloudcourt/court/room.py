"""One sitting: a mailbox, the hearing's state, and the order in which things become true.

decide -> store -> end media -> apply -> tell -> begin media. An event is stored before anyone is told of it. What ends
with it, as all sound does in a recess, has ended when people are told; what begins, begins after. One exception is
asked for by the law: the recorder runs before the hearing is declared open (REC 1).
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

import structlog

from cloudcourt.court.bench import Bench
from cloudcourt.court.connectivity import Connectivity
from cloudcourt.court.isolation_watch import IsolationWatch
from cloudcourt.court.mailbox import Mailbox
from cloudcourt.court.media_plan import NOT_BEGUN, media_plan
from cloudcourt.court.pointer import Pointer
from cloudcourt.court.reception import Reception
from cloudcourt.court.record_switch import RecordSwitch
from cloudcourt.court.reporter import Reporter
from cloudcourt.court.scribe import Scribe
from cloudcourt.court.watches import Watches
from cloudcourt.domain import commands as ask
from cloudcourt.domain.apply import apply
from cloudcourt.domain.arrangement import ArrangementChanged
from cloudcourt.domain.decide import decide
from cloudcourt.domain.errors import CourtError, RecorderNotReady, WrongParticipantState
from cloudcourt.domain.events import SYSTEM_ACTOR, ParticipantMoved, PhaseChanged, StoredEvent
from cloudcourt.domain.hearing import LINKED, Hearing, ParticipantState, SessionState
from cloudcourt.domain.help_talk import HelpTalkEnded
from cloudcourt.domain.help_talk_rules import talk_of
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.kept_pictures import NotePictures
from cloudcourt.domain.pointing import Pointing
from cloudcourt.domain.ports import MediaAnswer, MediaWeather
from cloudcourt.domain.recording import RecorderHealth, RecorderState, SegmentClosed
from cloudcourt.domain.routing import ending, routing
from cloudcourt.domain.ruling import Asking
from cloudcourt.domain.takeover import AskTakeover, TakeoverAnswered, WithdrawTakeover
from cloudcourt.domain.view import EventView, View, event_view, view
from cloudcourt.observability.logs import hearing_in_hand
from cloudcourt.observability.tasks import Crew

log = structlog.get_logger()

MISSED_EVENTS_LIMIT = 500
"""A returning client gets at most so many missed events; its view is whole all the same."""

LOG_WITHIN_S = 3.0
"""A closing room waits so long for its evidence log; what is missing is written at the next start."""

MEDIA_IN = frozenset({ParticipantState.IN_COURT, ParticipantState.IN_ROOM, ParticipantState.TESTING})
"""Where a person may have a media connection; at the test nothing flows to them, and nothing from them is kept."""


@dataclass(frozen=True)
class Attendance:
    """What a person who (re)joins is told first."""

    view: View
    events: tuple[EventView, ...]
    truncated: bool
    now: datetime
    seat_held_s: float
    """How long a lost seat shows as reconnecting."""


class HearingRoom:
    """Owns one hearing while the server runs. Every public coroutine goes through the mailbox."""

    def __init__(self, hearing: Hearing, log_so_far: Iterable[StoredEvent], bench: Bench) -> None:
        self._hearing = hearing
        self._bench = bench
        self._mailbox = Mailbox()
        self._crew = Crew(f"room {hearing.id}")
        self._scribe = Scribe(hearing.id, hearing.case_number, bench.evidence, bench.record, bench.clock)
        self._reception = Reception(bench.identity, lambda: self._hearing)
        self._attending: set[ParticipantId] = set()
        self._handing_over: asyncio.Task[None] | None = None
        self._record_switch = RecordSwitch(bench, lambda: self._hearing)
        self._isolation = IsolationWatch(bench, lambda: self._hearing, self._carry_out)
        self._pointer = Pointer(bench.audience, lambda: self._hearing, self._attending)
        self.connectivity = Connectivity(bench, lambda: self._hearing)
        self._watches = Watches(bench, lambda: self._hearing, self._post, self.connectivity.leaving)
        self._reporter = Reporter(
            bench, self._scribe, lambda: self._hearing, self._attending, self._watches.suspends_at, self.connectivity
        )
        self._done = {(e.actor, e.command_id): e.seq for e in log_so_far if e.command_id}

    @property
    def hearing(self) -> Hearing:
        return self._hearing

    @property
    def is_idle(self) -> bool:
        """True when the hearing is over and nobody looks at it any more."""
        return self._hearing.is_over and not self._attending

    @property
    def can_wait(self) -> bool:
        """True while the court has not begun, and nobody is here or expected back."""
        away = all(
            p.state not in LINKED and p.state is not ParticipantState.RECONNECTING for p in self._hearing.seating
        )
        return self._hearing.session in NOT_BEGUN and away and not self._attending

    async def open(self) -> None:
        """Begin work, after a restart too: seats are held, an interrupted recording goes on.

        Raises CourtFull, and then nothing has begun.
        """
        hearing_in_hand.set(self._hearing.id)
        if not self._hearing.is_over:
            await self._bench.media.open_hearing(media_plan(self._hearing), self._bench.media_listener)
        self._crew.start(self._mailbox.run(), name="mailbox")
        if not self._hearing.is_over:
            self._crew.start(self._scribe.run(self._bench.timing.checkpoint_every_s), name="scribe")
            await self._mailbox.ask(self._take_up_again)
            self._crew.start(self._reporter.run(self._recorder_says), name="weather")

    async def close(self) -> None:
        """Stop working, as at a server's end: a sitting court is suspended on the record first."""
        await self._mailbox.ask(self._suspend_for_shutdown)
        for participant_id in tuple(self._attending):
            self._bench.audience.dismiss(participant_id, "shutting_down")
        self._watches.end()
        await self._scribe.finish(LOG_WITHIN_S)
        if self._handing_over is not None:
            await asyncio.wait([self._handing_over], timeout=LOG_WITHIN_S)
        await self._crew.dismiss()
        await self.connectivity.keep()
        self._mailbox.refuse_all()
        await self._bench.media.close_hearing(self._hearing.id)

    # --- what people ask -------------------------------------------------------------------------------

    async def attend(self, participant_id: ParticipantId, since: int, attach: Callable[[], None]) -> Attendance:
        """The person's link stands: what they missed after event `since`, and their view now.

        `attach` is called at the one moment from which on the Audience reaches this link: no event before it
        is told live, none after it is missing.
        """
        return await self._mailbox.ask(lambda: self._attend(participant_id, since, attach))

    def link_lost(self, participant_id: ParticipantId) -> None:
        """The person's connection is gone; their seat is held."""
        self._attending.discard(participant_id)
        if not self._hearing.is_over:
            self._post(ask.LinkLost(participant_id=participant_id))

    async def takeover_asked(self, participant_id: ParticipantId) -> None:
        """Another device with this person's link asks for their seat."""
        await self._mailbox.ask(lambda: self._carry_out(AskTakeover(participant_id=participant_id)))

    def takeover_withdrawn(self, participant_id: ParticipantId) -> None:
        """That device has gone."""
        self._post(WithdrawTakeover(participant_id=participant_id))

    async def obey(self, command: ask.SystemCommand) -> None:
        """Carry out what the house itself says, such as who has a seat. Raises what the rules refuse."""
        await self._mailbox.ask(lambda: self._carry_out(command))

    async def carry_out(self, actor: ParticipantId, command: ask.AskedCommand, command_id: str) -> int:
        """Carry out a person's command; the number of the last event it caused. Raises CourtError."""
        return await self._mailbox.ask(lambda: self._carry_out(command, actor, command_id))

    def points(self, participant_id: ParticipantId, pointing: Pointing) -> None:
        """Where a presenter points: passed on at once, and to nobody if they may not."""
        self._pointer.moves(participant_id, pointing)

    async def connect_media(self, participant_id: ParticipantId, offer: str) -> MediaAnswer:
        """Answer a media offer. Raises WrongParticipantState for anyone who is in neither court, room nor test."""
        self._check_has_media(participant_id)
        answer = await self._bench.media.connect(self._hearing.id, participant_id, offer)
        try:
            self._check_has_media(participant_id)  # they may have been sent out meanwhile
        except CourtError:
            await self._bench.media.disconnect(self._hearing.id, participant_id)
            raise
        return answer

    def media_weather(self, weather: MediaWeather) -> None:
        """The media plane's news, passed on with the next weather message."""
        self._reporter.hears(weather)

    def media_lost(self) -> None:
        """All media connections are gone at once: everyone in court is asked to offer anew."""
        self._reporter.forgets()
        self._mailbox.post(self._tell_media_lost)

    def recorder_stalled(self, since: datetime, reason: str) -> None:
        self._post(ask.RecorderInterrupted(since=since, note=reason))

    def recorder_recovered(self) -> None:
        self._post(ask.RecorderResumed())

    def pictures_kept(self, are_kept: bool) -> None:
        self._post(NotePictures(are_kept=are_kept))

    def segment_closed(self, segment: SegmentClosed) -> None:
        self._scribe.segment_closed(segment)

    # --- carrying out ----------------------------------------------------------------------------------

    async def _attend(self, participant_id: ParticipantId, since: int, attach: Callable[[], None]) -> Attendance:
        if not self._hearing.is_over:
            await self._carry_out(ask.Connected(participant_id=participant_id))
        missed, truncated = await self._missed(participant_id, since)
        self._attending.add(participant_id)
        attach()
        self._pointer.greets(participant_id)
        return Attendance(
            view=view(self._hearing, participant_id),
            events=missed,
            truncated=truncated,
            now=self._bench.clock.now(),
            seat_held_s=self._bench.timing.reconnect_grace_s,
        )

    async def _missed(self, participant_id: ParticipantId, since: int) -> tuple[tuple[EventView, ...], bool]:
        shown: list[EventView] = []
        before: Hearing | None = None
        for stored in await self._bench.record.since(self._hearing.id, 0):
            after = apply(before, stored)
            if stored.seq > since:
                shown.append(event_view(before, after, stored, participant_id))
            before = after
        return tuple(shown[-MISSED_EVENTS_LIMIT:]), len(shown) > MISSED_EVENTS_LIMIT

    async def _carry_out(
        self, command: ask.Command, actor: ParticipantId | None = None, command_id: str | None = None
    ) -> int:
        who = actor or SYSTEM_ACTOR
        if command_id and (who, command_id) in self._done:
            return self._done[who, command_id]
        recorder = await self._record_switch.readiness(command)
        code_matches = await self._reception.matches(command, actor)
        asking = Asking(actor=actor, now=self._bench.clock.now(), recorder=recorder, code_matches=code_matches)
        try:
            events = decide(self._hearing, command, asking)
            stored = await self._bench.record.append(
                self._hearing.id, self._hearing.seq, events, at=asking.now, actor=who, command_id=command_id
            )
        except BaseException:
            await self._record_switch.cut()
            raise
        try:
            await self._end_media(stored)
        finally:
            self._tell(stored)
        if command_id:
            self._done[who, command_id] = self._hearing.seq
        if stored:
            await self._follow_up(stored)
        return self._hearing.seq

    async def _end_media(self, stored: tuple[StoredEvent, ...]) -> None:
        """Nobody is told of a recess, a mute or a removal while they are still heard or recorded.

        And nobody of a new seat before media can be offered for it.
        """
        after = reduce(apply, stored, self._hearing)
        if len(after.participants) != len(self._hearing.participants):
            await self._bench.media.open_hearing(media_plan(after), self._bench.media_listener)
        left = ending(self._hearing, after)
        if left is not None:
            await self._bench.media.set_routing(self._hearing.id, left)

    def _tell(self, stored: tuple[StoredEvent, ...]) -> None:
        for event in stored:
            before, self._hearing = self._hearing, apply(self._hearing, event)
            now = self._bench.clock.now().isoformat()
            for participant_id in self._attending:
                shown = event_view(before, self._hearing, event, participant_id)
                payload: dict[str, Any] = {
                    **shown.model_dump(mode="json"),
                    "view": view(self._hearing, participant_id).model_dump(mode="json"),
                    "now": now,
                }
                self._bench.audience.tell(participant_id, "court", payload)
        self._scribe.wake()

    # --- what follows from what happened ---------------------------------------------------------------

    async def _follow_up(self, stored: tuple[StoredEvent, ...]) -> None:
        await self._isolation.before_routing()
        await self._record_switch.cut()
        await self._bench.media.set_routing(self._hearing.id, routing(self._hearing))
        await self._isolation.after_routing()
        for event in stored:
            if isinstance(event.event, ParticipantMoved):
                await self._follow_person(event.event)
            elif isinstance(event.event, HelpTalkEnded) and not self._may_have_media(event.event.participant_id):
                await self._bench.media.disconnect(self._hearing.id, event.event.participant_id)
            elif isinstance(event.event, ArrangementChanged):
                await self._record_again()
            elif isinstance(event.event, TakeoverAnswered) and event.event.is_granted is not None:
                self._bench.audience.settle_takeover(event.event.participant_id, is_granted=event.event.is_granted)
            elif isinstance(event.event, PhaseChanged):
                await self._bench.media.mark(self._hearing.id)
        self._watches.follow()
        self._bench.record_room.follow(self._hearing)
        await self._bench.record.note_session(self._hearing.id, self._hearing.session)
        if self._hearing.is_over:
            await self._end()

    async def _follow_person(self, moved: ParticipantMoved) -> None:
        self._watches.follow_person(moved)
        if not self._may_have_media(moved.participant_id):
            await self._bench.media.disconnect(self._hearing.id, moved.participant_id)
        if moved.to is ParticipantState.REMOVED:
            await self._bench.links.revoke(self._hearing.id, moved.participant_id)
            self._bench.audience.dismiss(moved.participant_id, "removed")

    async def _end(self) -> None:
        if self._handing_over is not None:
            return
        self._watches.end()
        await self._bench.media.close_hearing(self._hearing.id)
        self._handing_over = self._crew.start(self._hand_over(), name="hand over")

    async def _hand_over(self) -> None:
        """The record room seals what the log tells to the end."""
        await self._scribe.finish(self._bench.timing.log_grace_s)
        await self._bench.record_room.finish(self._hearing)

    # --- restart and shutdown --------------------------------------------------------------------------

    async def _take_up_again(self) -> None:
        """After a restart: everyone's link is gone, seats are held, the interrupted record goes on."""
        self._watches.begin_after_restart()
        interrupted = self._record_switch.wanted is not None
        if interrupted:
            since = self._bench.record_room.last_written_at(self._hearing.id) or self._bench.clock.now()
            await self._carry_out(ask.RecorderInterrupted(since=since, note="server restarted"))
        for person in self._hearing.seating:
            if person.state in LINKED:
                await self._carry_out(ask.LinkLost(participant_id=person.id))
        await self._bench.media.set_routing(self._hearing.id, routing(self._hearing))
        if interrupted:
            await self._record_again()
        self._watches.follow()
        self._bench.record_room.follow(self._hearing)

    async def _record_again(self) -> None:
        try:
            await self._record_switch.go_on()
        except RecorderNotReady as refusal:
            await self._carry_out(ask.Fault(note=str(refusal)))

    async def _suspend_for_shutdown(self) -> None:
        if self._hearing.session is SessionState.IN_SESSION:
            await self._carry_out(ask.Fault(note="server stopping"))

    # --- media ---

    def _recorder_says(self, health: RecorderHealth) -> None:
        """A gap ends once bytes reach the disk again."""
        writes = health.state is RecorderState.WRITING and health.bytes_last_5s > 0
        if self._record_switch.is_on and writes and any(gap.ended_at is None for gap in self._hearing.gaps):
            self._post(ask.RecorderResumed())

    async def _tell_media_lost(self) -> None:
        """The matrix is set again first: whoever offers anew finds the flows of now."""
        if self._hearing.is_over:
            return
        with suppress(CourtError):  # gone again: then offers are refused until it is back
            await self._bench.media.set_routing(self._hearing.id, routing(self._hearing))
        for participant_id in self._attending:
            person = self._hearing.participants[participant_id]
            if person.sits_in_court or person.stay is not None:
                self._bench.audience.tell(participant_id, "media_lost", {})

    # --- small things ----------------------------------------------------------------------------------

    def _post(self, command: ask.SystemCommand) -> None:
        self._mailbox.post(lambda: self._carry_out(command))

    def _may_have_media(self, participant_id: ParticipantId) -> bool:
        person = self._hearing.participants[participant_id]
        return (person.held or person.state) in MEDIA_IN or talk_of(self._hearing, person) is not None

    def _check_has_media(self, participant_id: ParticipantId) -> None:
        person = self._hearing.participants[participant_id]
        if person.held is not None or not self._may_have_media(participant_id) or self._hearing.is_over:
            raise WrongParticipantState(participant_id, person.state, ParticipantState.IN_COURT)
