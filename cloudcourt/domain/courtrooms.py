"""Several courtrooms at one glance, for a clerk who serves them all; and what may be done from there. Pure."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from cloudcourt.domain.check_in_commands import DecideIdentity, VouchFor
from cloudcourt.domain.commands import Admit, OpenLobby, ReturnToLobby, SetCourtMute, SetCourtMuteAll
from cloudcourt.domain.delay import AnnounceDelay, Delay
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, Phase, RecordMode, SessionState
from cloudcourt.domain.help_desk import CloseHelp, HelpTask, TakeHelp
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.isolation import CallWitness, DismissWitness
from cloudcourt.domain.lobby_view import Readiness, board
from cloudcourt.domain.message import Message, SendMessage
from cloudcourt.domain.recording import RecorderHealth
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value

MESSAGES_AT_A_GLANCE = 3

DeskAct = Annotated[
    OpenLobby
    | Admit
    | ReturnToLobby
    | CallWitness
    | DismissWitness
    | SetCourtMute
    | SetCourtMuteAll
    | AnnounceDelay
    | TakeHelp
    | CloseHelp
    | SendMessage
    | DecideIdentity
    | VouchFor,
    Field(discriminator="kind"),
]
"""What a clerk may do without going in: it is carried out as the hearing's clerk, by the clerk's permissions."""


class Trouble(Value):
    """Somebody's connection isn't fine."""

    participant_id: ParticipantId
    kind: str
    confidence: str
    since: datetime


class Courtroom(Value):
    """One of them."""

    id: HearingId
    case_number: str
    cause: str
    scheduled_at: datetime
    session: SessionState
    phase: Phase
    record_mode: RecordMode
    opened_at: datetime | None
    delay: Delay | None
    judge_present: bool
    clerk: ParticipantId | None
    """The seat as which acts are carried out; None where the case has no clerk."""
    people: tuple[Readiness, ...]
    help: tuple[HelpTask, ...]
    """Open calls for help, oldest first."""
    messages: tuple[Message, ...]
    """The newest from people to the court."""
    trouble: tuple[Trouble, ...]
    recorder: RecorderHealth | None
    """None while nobody is there."""


def clerk_of(hearing: Hearing) -> Participant | None:
    """The clerk who keeps this hearing."""
    return next((p for p in hearing.seating if p.role is Role.CLERK and p.state is not ParticipantState.REMOVED), None)


def courtroom(hearing: Hearing, recorder: RecorderHealth | None, trouble: tuple[Trouble, ...]) -> Courtroom:
    """One courtroom as the desk sees it."""
    clerk = clerk_of(hearing)
    asked = [message for message in hearing.messages if not message.by_court]
    return Courtroom(
        id=hearing.id,
        case_number=hearing.case_number,
        cause=hearing.cause,
        scheduled_at=hearing.scheduled_at,
        session=hearing.session,
        phase=hearing.phase,
        record_mode=hearing.record_mode,
        opened_at=hearing.opened_at,
        delay=hearing.delay,
        judge_present=hearing.judge_in_court,
        clerk=None if clerk is None else clerk.id,
        people=board(hearing),
        help=tuple(task for task in hearing.help_tasks if task.is_open),
        messages=tuple(asked[-MESSAGES_AT_A_GLANCE:]),
        trouble=trouble,
        recorder=recorder,
    )
