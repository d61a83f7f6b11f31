"""The rules of order beside the floor: requests, warnings, walk-outs, and a seat asked for by a second device."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.connectivity import Leaving
from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.exhibit_rules import allowed
from cloudcourt.domain.hearing import LINKED, Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.order_changes import walk_out_evidence
from cloudcourt.domain.order_errors import NoSuchRequest, NoTakeover
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.request import (
    AnswerRequest,
    AskCourt,
    CourtAsked,
    Request,
    RequestAnswered,
    RequestKind,
    WithdrawRequest,
)
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker, check_sitting, seat_of
from cloudcourt.domain.session_rules import recess_for
from cloudcourt.domain.takeover import (
    AnswerTakeover,
    AskTakeover,
    TakeoverAnswered,
    TakeoverAsked,
    WithdrawTakeover,
)
from cloudcourt.domain.value import Value
from cloudcourt.domain.warning import (
    AcknowledgeWarning,
    PersonWarned,
    RuleOnWalkOut,
    WalkOutDrafted,
    WalkOutRuled,
    Warn,
    WarningSeen,
    WarningStep,
)

ASKING: dict[RequestKind, Permission] = {
    RequestKind.RECESS: Permission.ASK_RECESS,
    RequestKind.PRESENT: Permission.ASK_TO_PRESENT,
}
"""The permission to ask for each thing."""


def ask_court(hearing: Hearing, command: AskCourt, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if not may_now(hearing, person, ASKING[command.request]):
        raise NotAllowed
    check_sitting(hearing)
    if person.state is not ParticipantState.IN_COURT:
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    if any(each.participant_id == person.id and each.request is command.request for each in hearing.requests):
        return ()
    return (CourtAsked(participant_id=person.id, request=command.request, note=command.note),)


def withdraw_request(hearing: Hearing, command: WithdrawRequest, asking: Asking) -> Events:
    open_request = _request(hearing, command.number)
    if open_request.participant_id != asking.actor:
        raise NotAllowed
    return (_answered(open_request, None),)


def answer_request(hearing: Hearing, command: AnswerRequest, asking: Asking) -> Events:
    open_request = _request(hearing, command.number)
    answered = _answered(open_request, command.is_granted)
    if open_request.request is not RequestKind.RECESS or not command.is_granted:
        is_to_present = open_request.request is RequestKind.PRESENT and command.is_granted
        person = seat_of(hearing, open_request.participant_id)
        return (answered, *allowed(hearing, person, is_allowed=True)) if is_to_present else (answered,)
    if not may_now(hearing, asker(hearing, asking), Permission.RECESS):
        raise NotAllowed
    return (answered, *recess_for(hearing, open_request.note))


def warn(hearing: Hearing, command: Warn, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if hearing.is_over or hearing.opened_at is None:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    if may_now(hearing, person, Permission.REMOVE) or person.id == asking.actor:
        raise NotAllowed  # the court doesn't warn itself
    if not person.sits_in_court:
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    is_first = not any(each.participant_id == person.id for each in hearing.warnings)
    step = WarningStep.NOTICE if is_first else WarningStep.WARNING
    return (PersonWarned(participant_id=person.id, step=step, reason=command.reason),)


def acknowledge_warning(hearing: Hearing, command: AcknowledgeWarning, asking: Asking) -> Events:
    person = asker(hearing, asking)
    unread = any(each.participant_id == person.id and each.seen_at is None for each in hearing.warnings)
    return (WarningSeen(participant_id=person.id),) if unread else ()


def walk_out(hearing: Hearing, person: Participant, leaving: Leaving | None) -> Events:
    """What the log notes when a person leaves in spite of warnings: the judge decides what it was.

    They said so while connected, or closed the page and did not come back. Whoever lost the network, or whose phone
    put the page to sleep, has a fault for an excuse (OLR 25): nothing is drafted.
    """
    if leaving is None or leaving.how not in ("said_so", "closed_page"):
        return ()
    evidence = walk_out_evidence(hearing, person.id)
    is_drafted = any(each.participant_id == person.id and each.finding is None for each in hearing.walk_outs)
    if not evidence or is_drafted:
        return ()
    numbers = tuple(each.number for each in evidence)
    return (WalkOutDrafted(participant_id=person.id, warnings=numbers, leaving=leaving),)


def rule_on_walk_out(hearing: Hearing, command: RuleOnWalkOut, asking: Asking) -> Events:
    draft = next((each for each in hearing.walk_outs if each.number == command.number), None)
    if draft is None:
        raise NoSuchRequest
    if (draft.finding, draft.note) == (command.finding, command.note):
        return ()
    ruled = WalkOutRuled(
        number=draft.number, participant_id=draft.participant_id, finding=command.finding, note=command.note
    )
    return (ruled,)


def ask_takeover(hearing: Hearing, command: AskTakeover, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if person.state not in LINKED or hearing.is_over or _is_asked_for(hearing, command.participant_id):
        return ()
    return (TakeoverAsked(participant_id=person.id),)


def withdraw_takeover(hearing: Hearing, command: WithdrawTakeover, asking: Asking) -> Events:
    if not _is_asked_for(hearing, command.participant_id):
        return ()
    return (TakeoverAnswered(participant_id=command.participant_id, is_granted=None),)


def answer_takeover(hearing: Hearing, command: AnswerTakeover, asking: Asking) -> Events:
    own = asker(hearing, asking)
    if own.id != command.participant_id and not may_now(hearing, own, Permission.ADMIT):
        raise NotAllowed
    if not _is_asked_for(hearing, command.participant_id):
        raise NoTakeover
    return (TakeoverAnswered(participant_id=command.participant_id, is_granted=command.is_granted),)


def _is_asked_for(hearing: Hearing, participant_id: str) -> bool:
    return any(each.participant_id == participant_id for each in hearing.takeovers)


def _request(hearing: Hearing, number: int) -> Request:
    open_request = next((each for each in hearing.requests if each.number == number), None)
    if open_request is None:
        raise NoSuchRequest
    return open_request


def _answered(open_request: Request, is_granted: bool | None) -> RequestAnswered:
    return RequestAnswered(
        number=open_request.number,
        participant_id=open_request.participant_id,
        request=open_request.request,
        is_granted=is_granted,
    )


NEEDED: dict[type[Value], Permission] = {
    AnswerRequest: Permission.ANSWER_REQUESTS,
    Warn: Permission.REMOVE,
    RuleOnWalkOut: Permission.CLOSE,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    AskCourt: ask_court,
    WithdrawRequest: withdraw_request,
    AnswerRequest: answer_request,
    Warn: warn,
    AcknowledgeWarning: acknowledge_warning,
    RuleOnWalkOut: rule_on_walk_out,
    AskTakeover: ask_takeover,
    WithdrawTakeover: withdraw_takeover,
    AnswerTakeover: answer_takeover,
}
