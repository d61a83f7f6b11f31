"""What a step of the check-in changes: one person's own facts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cloudcourt.domain import check_in_events as happened
from cloudcourt.domain.check_in import NOT_CHECKED_IN, Declaration, IdentityState
from cloudcourt.domain.hearing import Hearing
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.value import Value

Change = dict[str, Any]


def _noted(hearing: Hearing, participant_id: ParticipantId, **facts: object) -> Change:
    known = hearing.check_ins.get(participant_id, NOT_CHECKED_IN)
    return {"check_ins": {**hearing.check_ins, participant_id: known.model_copy(update=facts)}}


def _identity(hearing: Hearing, participant_id: ParticipantId, **facts: object) -> Change:
    known = hearing.check_ins.get(participant_id, NOT_CHECKED_IN).identity
    return _noted(hearing, participant_id, identity=known.model_copy(update=facts))


def _language_chosen(hearing: Hearing, event: happened.LanguageChosen, at: datetime) -> Change:
    return _noted(hearing, event.participant_id, language=event.language)


def _self_confirmed(hearing: Hearing, event: happened.SelfConfirmed, at: datetime) -> Change:
    return _noted(hearing, event.participant_id, is_self=event.is_me)


def _code_entered(hearing: Hearing, event: happened.CodeEntered, at: datetime) -> Change:
    known = hearing.check_ins.get(event.participant_id, NOT_CHECKED_IN).identity
    wrong = known.wrong_codes + (not event.matched)
    return _identity(hearing, event.participant_id, code_matched=event.matched, wrong_codes=wrong)


def _deferred(hearing: Hearing, event: happened.IdentityDeferred, at: datetime) -> Change:
    return _identity(hearing, event.participant_id, state=IdentityState.DEFERRED, reason="")


def _snapshot_submitted(hearing: Hearing, event: happened.SnapshotSubmitted, at: datetime) -> Change:
    facts = {"state": IdentityState.SUBMITTED, "snapshot_sha256": event.sha256, "reason": ""}
    return _identity(hearing, event.participant_id, **facts)


def _decided(hearing: Hearing, event: happened.IdentityDecided, at: datetime) -> Change:
    return _identity(
        hearing,
        event.participant_id,
        state=IdentityState.ACCEPTED if event.accepted else IdentityState.REFUSED,
        method=event.method,
        reason=event.reason,
        decided_by=event.by,
        decided_at=at,
    )


def _rules_signed(hearing: Hearing, event: happened.RulesSigned, at: datetime) -> Change:
    signed = Declaration(version=event.version, language=event.language, sha256=event.sha256, at=at)
    return _noted(hearing, event.participant_id, declaration=signed)


def _place_answered(hearing: Hearing, event: happened.PlaceAnswered, at: datetime) -> Change:
    return _noted(hearing, event.participant_id, place=event.place)


def _devices_reported(hearing: Hearing, event: happened.DevicesReported, at: datetime) -> Change:
    return _noted(hearing, event.participant_id, devices=event.devices)


def _connection_reported(hearing: Hearing, event: happened.ConnectionReported, at: datetime) -> Change:
    return _noted(hearing, event.participant_id, connection=event.connection)


CHANGES: dict[type[Value], Callable[[Hearing, Any, datetime], Change]] = {
    happened.LanguageChosen: _language_chosen,
    happened.SelfConfirmed: _self_confirmed,
    happened.CodeEntered: _code_entered,
    happened.IdentityDeferred: _deferred,
    happened.SnapshotSubmitted: _snapshot_submitted,
    happened.IdentityDecided: _decided,
    happened.RulesSigned: _rules_signed,
    happened.PlaceAnswered: _place_answered,
    happened.DevicesReported: _devices_reported,
    happened.ConnectionReported: _connection_reported,
}
