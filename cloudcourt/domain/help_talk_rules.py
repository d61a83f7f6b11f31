"""The rules of a word of help: the clerk's alone, with a party, a lawyer, an interpreter; never with a witness.

A witness outside is sent not one packet (OLR 26), and a judge does not talk with one side alone: these use messages.
What the two say is heard by nobody else and is in no record: their microphones leave the courtroom meanwhile.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain.errors import NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.help_talk import (
    BeginHelpTalk,
    EndHelpTalk,
    HelpTalk,
    HelpTalkBegan,
    HelpTalkEnded,
    HelpTalkView,
)
from cloudcourt.domain.roles import Permission, Role, may
from cloudcourt.domain.ruling import Asking, Events, asker, seat_of
from cloudcourt.domain.value import Value

_P = ParticipantState


def begin(hearing: Hearing, command: BeginHelpTalk, asking: Asking) -> Events:
    by, person = asker(hearing, asking), seat_of(hearing, command.participant_id)
    if hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.LOBBY_OPEN)
    if may(person.role, Permission.ENTER_COURT_UNCALLED) or person.role is Role.WITNESS:
        raise NotAllowed
    if by.state is not _P.IN_COURT:
        raise WrongParticipantState(by.id, by.state, _P.IN_COURT)
    if person.state not in (_P.IN_COURT, _P.READY_IN_LOBBY):
        raise WrongParticipantState(person.id, person.state, _P.READY_IN_LOBBY)
    talks = [talk_of(hearing, by), talk_of(hearing, person)]
    if talks[0] is not None and talks[0] == talks[1]:
        return ()
    if any(talk is not None for talk in talks):
        raise WrongParticipantState(person.id, person.state, _P.READY_IN_LOBBY)
    return (HelpTalkBegan(participant_id=person.id, by=by.id, in_court=person.state is _P.IN_COURT),)


def end(hearing: Hearing, command: EndHelpTalk, asking: Asking) -> Events:
    person = asker(hearing, asking)
    talk = talk_of(hearing, person)
    return () if talk is None else (HelpTalkEnded(participant_id=talk.participant_id, by=person.id),)


def talk_of(hearing: Hearing, person: Participant) -> HelpTalk | None:
    """The talk that a person is in."""
    return next((talk for talk in hearing.help_talks if person.id in talk.pair), None)


def talks_view(hearing: Hearing, you: Participant) -> tuple[HelpTalkView, ...]:
    """Your own talk; for the court's desk, every one."""
    return tuple(
        _shown(hearing, talk, you)
        for talk in hearing.help_talks
        if you.id in talk.pair or may(you.role, Permission.RUN_CHECK_IN)
    )


def _shown(hearing: Hearing, talk: HelpTalk, you: Participant) -> HelpTalkView:
    other = hearing.participants[talk.participant_id if you.id == talk.by else talk.by]
    return HelpTalkView(
        participant_id=talk.participant_id,
        with_id=other.id,
        with_role=other.role,
        with_name=other.name,
        is_yours=you.id in talk.pair,
        in_court=talk.in_court,
        began_at=talk.began_at,
    )


def followed(hearing: Hearing) -> Hearing:
    """A talk is over when the hearing is, or when one of the two goes elsewhere or loses the link."""
    kept = tuple(talk for talk in hearing.help_talks if not hearing.is_over and _goes_on(hearing, talk))
    return hearing if len(kept) == len(hearing.help_talks) else hearing.model_copy(update={"help_talks": kept})


def _goes_on(hearing: Hearing, talk: HelpTalk) -> bool:
    place = _P.IN_COURT if talk.in_court else _P.READY_IN_LOBBY
    states = hearing.participants[talk.participant_id].state, hearing.participants[talk.by].state
    return states == (place, _P.IN_COURT)


def _began(hearing: Hearing, event: HelpTalkBegan, at: datetime) -> dict[str, Any]:
    talk = HelpTalk(participant_id=event.participant_id, by=event.by, in_court=event.in_court, began_at=at)
    return {"help_talks": (*hearing.help_talks, talk)}


def _ended(hearing: Hearing, event: HelpTalkEnded, at: datetime) -> dict[str, Any]:
    return {"help_talks": tuple(t for t in hearing.help_talks if t.participant_id != event.participant_id)}


NEEDED: dict[type[Value], Permission] = {BeginHelpTalk: Permission.TALK_TO_ONE}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {BeginHelpTalk: begin, EndHelpTalk: end}

CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], dict[str, Any]]] = {
    HelpTalkBegan: _began,
    HelpTalkEnded: _ended,
}
