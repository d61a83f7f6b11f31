"""What the events of order change: floor, requests, warnings, who presides, and who asks for a seat."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from cloudcourt.domain import floor, request, takeover, warning
from cloudcourt.domain.floor import Floor, RaisedHand
from cloudcourt.domain.hearing import COURT_SITS, LINKED, Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.presiding import PresidingChanged
from cloudcourt.domain.value import Value

Change = dict[str, Any]
"""The fields of `Hearing` that an event sets."""


def followed(hearing: Hearing) -> Hearing:
    """The hearing with its queue as the seats demand: who isn't in court has no hand up, no word, no request."""
    here = {p.id for p in hearing.participants.values() if p.sits_in_court} if not hearing.is_over else set()
    linked = {p.id for p in hearing.participants.values() if p.state in LINKED} if not hearing.is_over else set()
    changes: Change = {}
    now = hearing.floor
    hands = tuple(hand for hand in now.hands if hand.participant_id in here)
    if len(hands) != len(now.hands) or (now.holder and now.holder not in here):
        holder_goes = {} if now.holder in here else {"holder": None, "given_at": None, "ends_at": None}
        changes["floor"] = now.model_copy(update={"hands": hands, **holder_goes})
    for name, stays in (("requests", here), ("takeovers", linked)):
        kept = tuple(each for each in getattr(hearing, name) if each.participant_id in stays)
        if len(kept) != len(getattr(hearing, name)):
            changes[name] = kept
    return hearing.model_copy(update=changes) if changes else hearing


def _of_floor(change: Callable[[Floor, Any, datetime], Change]) -> Callable[[Hearing, Any, datetime], Change]:
    return lambda hearing, event, at: {"floor": hearing.floor.model_copy(update=change(hearing.floor, event, at))}


def _without_hand(now: Floor, participant_id: ParticipantId) -> tuple[RaisedHand, ...]:
    return tuple(hand for hand in now.hands if hand.participant_id != participant_id)


def _hand_raised(now: Floor, event: floor.HandRaised, at: datetime) -> Change:
    return {"hands": (*now.hands, RaisedHand(participant_id=event.participant_id, raised_at=at))}


def _hand_lowered(now: Floor, event: floor.HandLowered, at: datetime) -> Change:
    return {"hands": _without_hand(now, event.participant_id)}


def _floor_given(now: Floor, event: floor.FloorGiven, at: datetime) -> Change:
    ends_at = at + timedelta(seconds=event.seconds) if event.seconds else None
    hands = _without_hand(now, event.participant_id)
    return {"holder": event.participant_id, "given_at": at, "ends_at": ends_at, "hands": hands}


def _floor_taken(now: Floor, event: floor.FloorTaken, at: datetime) -> Change:
    return {"holder": None, "given_at": None, "ends_at": None}


def _asked(hearing: Hearing, event: request.CourtAsked, at: datetime) -> Change:
    # A log has no holes: this event has the number after the hearing's last.
    new = request.Request(
        number=hearing.seq + 1,
        participant_id=event.participant_id,
        request=event.request,
        asked_at=at,
        note=event.note,
    )
    return {"requests": (*hearing.requests, new)}


def _answered(hearing: Hearing, event: request.RequestAnswered, at: datetime) -> Change:
    return {"requests": tuple(each for each in hearing.requests if each.number != event.number)}


def _warned(hearing: Hearing, event: warning.PersonWarned, at: datetime) -> Change:
    step = warning.Warned(
        number=hearing.seq + 1, participant_id=event.participant_id, step=event.step, reason=event.reason, at=at
    )
    return {"warnings": (*hearing.warnings, step)}


def _seen(hearing: Hearing, event: warning.WarningSeen, at: datetime) -> Change:
    def read(each: warning.Warned) -> warning.Warned:
        is_theirs = each.participant_id == event.participant_id and each.seen_at is None
        return each.model_copy(update={"seen_at": at}) if is_theirs else each

    return {"warnings": tuple(read(each) for each in hearing.warnings)}


def _drafted(hearing: Hearing, event: warning.WalkOutDrafted, at: datetime) -> Change:
    draft = warning.WalkOut(
        number=hearing.seq + 1,
        participant_id=event.participant_id,
        left_at=event.leaving.at if event.leaving else at,
        warnings=tuple(each for each in hearing.warnings if each.number in event.warnings),
        leaving=event.leaving,
    )
    return {"walk_outs": (*hearing.walk_outs, draft)}


def _ruled(hearing: Hearing, event: warning.WalkOutRuled, at: datetime) -> Change:
    found = {"finding": event.finding, "note": event.note}
    return {
        "walk_outs": tuple(
            each.model_copy(update=found) if each.number == event.number else each for each in hearing.walk_outs
        )
    }


def _presiding(hearing: Hearing, event: PresidingChanged, at: datetime) -> Change:
    return {"presiding": event.participant_id}


def _takeover_asked(hearing: Hearing, event: takeover.TakeoverAsked, at: datetime) -> Change:
    new = takeover.Takeover(participant_id=event.participant_id, asked_at=at)
    return {"takeovers": (*hearing.takeovers, new)}


def _takeover_answered(hearing: Hearing, event: takeover.TakeoverAnswered, at: datetime) -> Change:
    return {"takeovers": tuple(each for each in hearing.takeovers if each.participant_id != event.participant_id)}


def walk_out_evidence(hearing: Hearing, participant_id: ParticipantId) -> tuple[warning.Warned, ...]:
    """The warnings that make a person's leaving now a walk-out for the judge to look at; empty where it is none.

    It needs a sitting court, the person in it, and a notice and a warning at least. Whether a connection that is gone
    was a fault, which excuses (OLR 25), is for the caller to know.
    """
    person = hearing.participants[participant_id]
    if hearing.session not in COURT_SITS or not person.sits_in_court:
        return ()
    told = tuple(each for each in hearing.warnings if each.participant_id == participant_id)
    return told if len(told) >= warning.WARNINGS_BEFORE_WALK_OUT else ()


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], Change]] = {
    floor.HandRaised: _of_floor(_hand_raised),
    floor.HandLowered: _of_floor(_hand_lowered),
    floor.FloorModeChanged: _of_floor(lambda now, event, at: {"is_exclusive": event.is_on}),
    floor.FloorGiven: _of_floor(_floor_given),
    floor.FloorTaken: _of_floor(_floor_taken),
    floor.MicrophoneLockChanged: _of_floor(lambda now, event, at: {"is_locked": event.is_on}),
    request.CourtAsked: _asked,
    request.RequestAnswered: _answered,
    warning.PersonWarned: _warned,
    warning.WarningSeen: _seen,
    warning.WalkOutDrafted: _drafted,
    warning.WalkOutRuled: _ruled,
    PresidingChanged: _presiding,
    takeover.TakeoverAsked: _takeover_asked,
    takeover.TakeoverAnswered: _takeover_answered,
}
