"""Order and floor as one participant may know them."""

from collections.abc import Callable

from cloudcourt.domain.events import Event
from cloudcourt.domain.floor import Floor, FloorGiven, FloorTaken, HandLowered, HandRaised
from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.panel import may_now, presiding_id
from cloudcourt.domain.request import CourtAsked, Request, RequestAnswered
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.takeover import Takeover, TakeoverAnswered, TakeoverAsked
from cloudcourt.domain.value import Value
from cloudcourt.domain.warning import PersonWarned, WalkOut, WalkOutDrafted, WalkOutRuled, Warned, WarningSeen


class OrderView(Value):
    """What the page shows of order in the courtroom."""

    presiding: ParticipantId | None
    floor: Floor
    """Without hands and holder for those who aren't in court."""
    requests: tuple[Request, ...]
    """All for those who answer them, else your own."""
    warnings: tuple[Warned, ...]
    """All for those who warn, else your own."""
    walk_outs: tuple[WalkOut, ...]
    """For the court alone."""
    takeovers: tuple[Takeover, ...]
    """All for those who admit, else your own seat's."""


def order_view(hearing: Hearing, you: Participant) -> OrderView:
    """What `you` may know of it."""
    is_inside = you.sits_in_court or may_now(hearing, you, Permission.SEE_EVERYONE)

    def shown(permission: Permission, participant_id: ParticipantId) -> bool:
        return participant_id == you.id or may_now(hearing, you, permission)

    return OrderView(
        presiding=presiding_id(hearing) if is_inside else None,
        floor=hearing.floor if is_inside else Floor(),
        requests=tuple(r for r in hearing.requests if shown(Permission.ANSWER_REQUESTS, r.participant_id)),
        warnings=tuple(w for w in hearing.warnings if shown(Permission.REMOVE, w.participant_id)),
        walk_outs=hearing.walk_outs if may_now(hearing, you, Permission.REMOVE) else (),
        takeovers=tuple(t for t in hearing.takeovers if shown(Permission.ADMIT, t.participant_id)),
    )


_OF_THE_COURTROOM: frozenset[type[Value]] = frozenset({HandRaised, HandLowered, FloorGiven, FloorTaken, PersonWarned})
"""Known to whoever may know of that person."""

_OF_A_PERSON: dict[type[Value], Permission] = {
    CourtAsked: Permission.ANSWER_REQUESTS,
    RequestAnswered: Permission.ANSWER_REQUESTS,
    WarningSeen: Permission.REMOVE,
    TakeoverAsked: Permission.ADMIT,
    TakeoverAnswered: Permission.ADMIT,
}
"""Known to the person, and to those with the permission."""

_OF_THE_COURT: frozenset[type[Value]] = frozenset({WalkOutDrafted, WalkOutRuled})
"""Never told to the parties: the judge decides what it comes to."""


def may_know_order_event(
    hearing: Hearing,
    viewer: Participant,
    event: Event,
    subject: ParticipantId,
    may_know: Callable[[Participant, Participant], bool],
) -> bool:
    """True when `viewer` may know of an event of order about the person `subject`; of any other event, always."""
    kind = type(event)
    if kind in _OF_THE_COURTROOM:
        return may_know(viewer, hearing.participants[subject])
    if kind in _OF_A_PERSON:
        return subject == viewer.id or may_now(hearing, viewer, _OF_A_PERSON[kind])
    return kind not in _OF_THE_COURT or may_now(hearing, viewer, Permission.REMOVE)
