"""What one person may know of check-in and waiting: their own matters; for the court's desk, everyone's."""

from typing import Final

from cloudcourt.domain import check_in_events as steps
from cloudcourt.domain.check_in import CheckIn, CheckInKind, Grade, Identity, Lack, Step, grade
from cloudcourt.domain.check_in_guard import check_in_of, lacks, must_check_in
from cloudcourt.domain.delay import Delay
from cloudcourt.domain.hearing import COURT_SITS, Hearing, Participant, ParticipantState
from cloudcourt.domain.help_desk import TASKS_SHOWN, HelpAsked, HelpClosed, HelpTaken, HelpTask
from cloudcourt.domain.help_talk import HelpTalkBegan, HelpTalkEnded, HelpTalkView
from cloudcourt.domain.help_talk_rules import talks_view
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.message import MESSAGES_SHOWN, Message
from cloudcourt.domain.roles import Permission, Role, may
from cloudcourt.domain.value import Value

PRIVATE_STEPS: Final = (
    steps.LanguageChosen,
    steps.SelfConfirmed,
    steps.CodeEntered,
    steps.IdentityDeferred,
    steps.SnapshotSubmitted,
    steps.IdentityDecided,
    steps.RulesSigned,
    steps.PlaceAnswered,
    steps.DevicesReported,
    steps.ConnectionReported,
    HelpAsked,
    HelpTaken,
    HelpClosed,
    HelpTalkBegan,
    HelpTalkEnded,
)
"""Events that only the person they are about and the court's desk learn of."""


class OwnCheckIn(Value):
    """Your own way through the door."""

    kind: CheckInKind
    must: bool
    """You go through every step, and `lacks` keeps you out of the courtroom."""
    step: Step
    """The first that is not done."""
    lacks: tuple[Lack, ...]
    done: CheckIn
    grade: Grade | None


class Readiness(Value):
    """One line of the clerk's board."""

    participant_id: ParticipantId
    role: Role
    name: str
    state: ParticipantState
    must: bool
    lacks: tuple[Lack, ...]
    step: Step
    check_in: CheckIn
    grade: Grade | None
    kept_from: tuple[ParticipantId, ...]
    """Whom the court keeps this person apart from, whichever of the two it stands with."""


class LobbyView(Value):
    """Check-in, waiting and help, as one person may know them."""

    check_in: OwnCheckIn
    delay: Delay | None
    help: tuple[HelpTask, ...]
    """Your own tasks; for the court's desk, everyone's."""
    talks: tuple[HelpTalkView, ...]
    """The word of help that you are in; for the court's desk, every one."""
    messages: tuple[Message, ...]
    """Between you and the court, oldest first; for the court's desk, everyone's."""
    board: tuple[Readiness, ...]
    """For the court's desk; empty for all others."""


def lobby_view(hearing: Hearing, you: Participant) -> LobbyView:
    """Build one person's. A clerk's reading of a code and of a refusal stays between court and person."""
    runs = may(you.role, Permission.RUN_CHECK_IN)
    done = check_in_of(hearing, you)
    return LobbyView(
        check_in=OwnCheckIn(
            kind=hearing.check_in,
            must=must_check_in(hearing, you),
            step=done.next_step,
            lacks=lacks(hearing, you),
            done=done if runs else done.model_copy(update={"identity": _told(done.identity)}),
            grade=_graded(done),
        ),
        delay=None if hearing.session in COURT_SITS else hearing.delay,
        help=tuple(t for t in hearing.help_tasks if runs or t.participant_id == you.id)[-TASKS_SHOWN:],
        talks=talks_view(hearing, you),
        messages=tuple(m for m in hearing.messages if runs or m.concerns(you.id))[-MESSAGES_SHOWN:],
        board=board(hearing) if runs else (),
    )


def board(hearing: Hearing) -> tuple[Readiness, ...]:
    """Everyone's readiness, in seating order."""
    return tuple(_line(hearing, person) for person in hearing.seating)


def _line(hearing: Hearing, person: Participant) -> Readiness:
    done = check_in_of(hearing, person)
    return Readiness(
        participant_id=person.id,
        role=person.role,
        name=person.name,
        state=person.state,
        must=must_check_in(hearing, person),
        lacks=lacks(hearing, person),
        step=done.next_step,
        check_in=done,
        grade=_graded(done),
        kept_from=tuple(p.id for p in hearing.seating if hearing.are_screened(person, p)),
    )


def _told(identity: Identity) -> Identity:
    return identity.model_copy(update={"decided_by": None})


def _graded(done: CheckIn) -> Grade | None:
    return None if done.connection is None else grade(done.connection)
