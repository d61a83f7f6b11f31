"""What one participant may know. A participant is sent a view, never the hearing."""

from datetime import datetime

from cloudcourt.domain.events import (
    CourtMuteChanged,
    DevicesChanged,
    Event,
    HearingScheduled,
    ParticipantMoved,
    StoredEvent,
)
from cloudcourt.domain.exhibit_view import EXHIBIT_EVENTS, ExhibitsView, exhibits_view, may_know_exhibit_event
from cloudcourt.domain.fault_statement import FaultDraft, draft_of
from cloudcourt.domain.hearing import (
    ENDED,
    Countdown,
    Gap,
    GapReason,
    Hearing,
    Participant,
    ParticipantState,
    Phase,
    RecordMode,
    SessionState,
)
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.listening import ListeningChanged
from cloudcourt.domain.lobby_view import PRIVATE_STEPS, LobbyView, lobby_view
from cloudcourt.domain.log_note import NOTES_SHOWN, LogNote, NoteAdded
from cloudcourt.domain.message import MessageSent
from cloudcourt.domain.order_view import OrderView, may_know_order_event, order_view
from cloudcourt.domain.panel import may_now, rights
from cloudcourt.domain.roles import Permission, Role, may
from cloudcourt.domain.rooms_view import OWN_EVENTS, RoomsView, may_know_room_event, rooms_view, share_a_room
from cloudcourt.domain.screening import ScreeningChanged
from cloudcourt.domain.seating import PersonSeated
from cloudcourt.domain.value import Value


class PersonView(Value):
    """One person as another may see them."""

    id: ParticipantId
    role: Role
    name: str
    state: ParticipantState
    microphone_on: bool
    camera_on: bool
    muted_by_court: bool
    sound_only: bool
    """They see nobody: they chose to be sent sound alone."""


class GalleryView(Value):
    """The public gallery as everyone in the hearing may know it: who is watched is told so."""

    is_public: bool
    is_open: bool
    is_on_air: bool


class RecordView(Value):
    """How the record stands, for those who may listen to it."""

    overridden: bool
    """The court sits on although nothing is recorded, by the judge's word."""
    keeps_pictures: bool
    fault_draft: FaultDraft | None
    """What could be stated about faults that lack a statement; for those who may close the hearing."""


class View(Value):
    """The hearing as one participant may know it at event `seq`."""

    hearing_id: HearingId
    case_number: str
    cause: str
    scheduled_at: datetime
    seq: int
    session: SessionState
    record_mode: RecordMode
    off_record_reason: GapReason | None
    phase: Phase
    countdown: Countdown | None
    notice: str
    opened_at: datetime | None
    ended_at: datetime | None
    judge_present: bool
    seat_count: int
    """How many seats the hearing has, yours included: so many pairs of media lines, less one, to offer."""
    you: PersonView
    people: tuple[PersonView, ...]
    """In seating order, yourself included: everyone you may know of, and nobody else."""
    may: tuple[Permission, ...]
    gallery: GalleryView
    order: OrderView
    merged_phases: tuple[Phase, ...]
    gaps: tuple[Gap, ...]
    """For those who may listen to the record; empty for all others."""
    record: RecordView | None
    lobby: LobbyView
    rooms: RoomsView
    exhibits: ExhibitsView
    notes: tuple[LogNote, ...]
    """The newest `NOTES_SHOWN`, for bench and clerk; empty for all others."""


class EventView(Value):
    """A numbered event as one participant may know it; `event` is None where it isn't theirs to know."""

    seq: int
    at: datetime
    event: Event | None


def view(hearing: Hearing, participant_id: ParticipantId) -> View:
    """Build the view of one participant. Raises KeyError for someone who isn't in the hearing."""
    you = hearing.participants[participant_id]
    seen = _seen(hearing, you)
    return _kept_out(seen) if you.is_isolated else seen


def _seen(hearing: Hearing, you: Participant) -> View:
    return View(
        hearing_id=hearing.id,
        case_number=hearing.case_number,
        cause=hearing.cause,
        scheduled_at=hearing.scheduled_at,
        seq=hearing.seq,
        session=hearing.session,
        record_mode=hearing.record_mode,
        off_record_reason=hearing.off_record_reason,
        phase=hearing.phase,
        countdown=hearing.countdown,
        notice=hearing.notice,
        opened_at=hearing.opened_at,
        ended_at=hearing.ended_at,
        judge_present=hearing.judge_in_court,
        seat_count=len(hearing.participants),
        you=_person(you),
        people=tuple(_person(p) for p in hearing.seating if may_know(you, p)),
        may=tuple(sorted(rights(hearing, you))) if you.state is not ParticipantState.REMOVED else (),
        gallery=GalleryView(
            is_public=hearing.is_public, is_open=hearing.gallery.is_open, is_on_air=hearing.gallery.is_on_air
        ),
        order=order_view(hearing, you),
        merged_phases=hearing.merged_phases,
        gaps=hearing.gaps if may(you.role, Permission.LISTEN_TO_RECORD) else (),
        record=_record(hearing, you),
        lobby=lobby_view(hearing, you),
        rooms=rooms_view(hearing, you),
        exhibits=exhibits_view(hearing, you),
        notes=hearing.notes[-NOTES_SHOWN:] if may(you.role, Permission.READ_NOTES) else (),
    )


def _kept_out(seen: View) -> View:
    """Of a hearing that goes on, a witness outside learns only that it has not ended (OLR 26)."""
    session = seen.session
    if session not in ENDED and session is not SessionState.SCHEDULED:
        session = SessionState.LOBBY_OPEN
    return seen.model_copy(
        update={
            "session": session,
            "record_mode": RecordMode.OFF,
            "off_record_reason": None,
            "phase": Phase.ROLL_CALL,
            "merged_phases": (),
            "countdown": None,
            "notice": "",
            "opened_at": None,
            "judge_present": False,
            "people": (seen.you,),
            "exhibits": ExhibitsView(all=(), presenters=(), showing=None, may_present=False),
            "gallery": GalleryView(is_public=seen.gallery.is_public, is_open=False, is_on_air=False),
        }
    )


def _record(hearing: Hearing, you: Participant) -> RecordView | None:
    if not may(you.role, Permission.LISTEN_TO_RECORD):
        return None
    return RecordView(
        overridden=hearing.recorder_overridden,
        keeps_pictures=hearing.keeps_pictures,
        fault_draft=draft_of(hearing) if may_now(hearing, you, Permission.CLOSE) and not hearing.is_over else None,
    )


def may_know(viewer: Participant, other: Participant) -> bool:
    """True when `viewer` may know where `other` is and what their devices do.

    The bench and the clerk see everyone. People in court, or in one private room, see each other, a seat held for
    someone who is reconnecting included. Everyone else sees only themselves.
    """
    if viewer.id == other.id:
        return True
    if viewer.state is ParticipantState.REMOVED:
        return False
    if may(viewer.role, Permission.SEE_EVERYONE):
        return True
    return (viewer.sits_in_court and other.sits_in_court) or share_a_room(viewer, other)


def event_view(before: Hearing | None, after: Hearing, stored: StoredEvent, participant_id: ParticipantId) -> EventView:
    """Redact one event for one participant. `before` and `after` are the hearing around it."""
    is_seated = participant_id in after.participants  # of what was before they had a seat, they learn nothing
    shown = stored.event if is_seated and _may_know_event(before, after, stored.event, participant_id) else None
    return EventView(seq=stored.seq, at=stored.at, event=shown)


def _may_know_event(before: Hearing | None, after: Hearing, event: Event, viewer_id: ParticipantId) -> bool:
    viewer = after.participants[viewer_id]
    if viewer.is_isolated and not (isinstance(event, MessageSent) or _is_about(event, viewer_id)):
        return False
    match event:
        case HearingScheduled() | PersonSeated() | ScreeningChanged():
            return may(viewer.role, Permission.SEE_EVERYONE)
        case _ if isinstance(event, OWN_EVENTS):
            return may_know_room_event(before, after, event, viewer)
        case _ if isinstance(event, EXHIBIT_EVENTS):
            return may_know_exhibit_event(after, viewer, event)
        case NoteAdded():
            return may(viewer.role, Permission.READ_NOTES)
        case MessageSent():
            return may(viewer.role, Permission.RUN_CHECK_IN) or after.messages[-1].concerns(viewer_id)
        case _ if isinstance(event, PRIVATE_STEPS):
            return event.participant_id == viewer_id or may(viewer.role, Permission.RUN_CHECK_IN)
        case ParticipantMoved() | DevicesChanged() | CourtMuteChanged() | ListeningChanged():
            if may_know(viewer, after.participants[event.participant_id]):
                return True
            # Leaving the courtroom is seen by those who stay.
            was = {} if before is None else before.participants
            return viewer_id in was and may_know(was[viewer_id], was[event.participant_id])
        case _:
            subject = getattr(event, "participant_id", None)
            return subject is None or may_know_order_event(after, viewer, event, subject, may_know)


def _is_about(event: Event, viewer_id: ParticipantId) -> bool:
    return getattr(event, "participant_id", None) == viewer_id


def _person(person: Participant) -> PersonView:
    return PersonView(
        id=person.id,
        role=person.role,
        name=person.name,
        state=person.state,
        microphone_on=person.microphone_on,
        camera_on=person.camera_on,
        muted_by_court=person.muted_by_court,
        sound_only=person.sound_only,
    )
