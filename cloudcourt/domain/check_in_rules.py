"""The rules of check-in: each step in its turn, and the clerk's word on who somebody is."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain import check_in_commands as ask
from cloudcourt.domain import check_in_events as happened
from cloudcourt.domain.check_in import (
    IDENTITY_CHECKED,
    Connection,
    Devices,
    DeviceState,
    Grade,
    IdentityMethod,
    IdentityState,
    Place,
    grade,
)
from cloudcourt.domain.check_in_guard import check_in_of, must_check_in
from cloudcourt.domain.court_rules import COURT_RULES
from cloudcourt.domain.errors import InvalidInput, NotAllowed, TooFast
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.help_desk import HelpProblem
from cloudcourt.domain.help_desk_rules import followed
from cloudcourt.domain.linked_rules import place_of, placed
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker, moved, seat_of
from cloudcourt.domain.value import Value

CODE_TRIES = 5
"""Wrong codes until a new one is made."""
CODES_LIMIT = 4
"""Codes for one person in one hearing; then the clerk must find another way."""


def choose_language(hearing: Hearing, command: ask.ChooseLanguage, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if check_in_of(hearing, person).language == command.language:
        return ()
    return (happened.LanguageChosen(participant_id=person.id, language=command.language),)


def confirm_self(hearing: Hearing, command: ask.ConfirmSelf, asking: Asking) -> Events:
    person = asker(hearing, asking)
    told = followed(hearing, person.id, HelpProblem.NOT_ME, is_trouble=not command.is_me)
    if check_in_of(hearing, person).is_self is command.is_me:
        return told
    return (happened.SelfConfirmed(participant_id=person.id, is_me=command.is_me), *told)


def enter_code(hearing: Hearing, command: ask.EnterCode, asking: Asking) -> Events:
    person = asker(hearing, asking)
    identity = check_in_of(hearing, person).identity
    if identity.code_matched:
        return ()
    if identity.wrong_codes >= CODE_TRIES * CODES_LIMIT:
        raise TooFast
    return (happened.CodeEntered(participant_id=person.id, matched=asking.code_matches),)


def code_number(wrong_codes: int) -> int:
    """Which of a person's codes is good now, counted from 0."""
    return wrong_codes // CODE_TRIES


def defer_identity(hearing: Hearing, command: ask.DeferIdentity, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if check_in_of(hearing, person).identity.state not in (IdentityState.NONE, IdentityState.REFUSED):
        return ()
    told: Events = ()
    if person.role in IDENTITY_CHECKED:
        told = followed(hearing, person.id, HelpProblem.IDENTITY, is_trouble=True)
    return (happened.IdentityDeferred(participant_id=person.id), *told)


def snapshot_kept(hearing: Hearing, command: ask.SnapshotKept, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    identity = check_in_of(hearing, person).identity
    is_known = identity.state is IdentityState.SUBMITTED and identity.snapshot_sha256 == command.sha256
    if is_known or identity.state is IdentityState.ACCEPTED:
        return ()
    return (
        happened.SnapshotSubmitted(participant_id=person.id, sha256=command.sha256, bytes=command.bytes),
        *followed(hearing, person.id, HelpProblem.IDENTITY, is_trouble=False),
    )


def decide_identity(hearing: Hearing, command: ask.DecideIdentity, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if not check_in_of(hearing, person).identity.snapshot_sha256:
        raise InvalidInput(where="participant_id", why="there is no snapshot to compare")
    if not command.accepted and not command.reason:
        raise InvalidInput(where="reason", why="a refusal needs a reason")
    return _decided(hearing, person, asking, command.accepted, IdentityMethod.COMPARED, command.reason)


def vouch_for(hearing: Hearing, command: ask.VouchFor, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    return _decided(hearing, person, asking, True, IdentityMethod.VOUCHED, command.reason)


def _decided(
    hearing: Hearing, person: Participant, asking: Asking, accepted: bool, method: IdentityMethod, reason: str
) -> Events:
    clerk = asker(hearing, asking)
    if person.id == clerk.id:
        raise NotAllowed
    told = happened.IdentityDecided(
        participant_id=person.id, accepted=accepted, method=method, reason=reason, by=clerk.id
    )
    if accepted:
        return (told, *followed(hearing, person.id, HelpProblem.IDENTITY, is_trouble=False))
    # Whoever turns out to be somebody else does not stay in court.
    leaves = place_of(person) is ParticipantState.IN_COURT and must_check_in(hearing, person)
    return (told, placed(person, ParticipantState.READY_IN_LOBBY)) if leaves else (told,)


def sign_rules(hearing: Hearing, command: ask.SignRules, asking: Asking) -> Events:
    person = asker(hearing, asking)
    shown = COURT_RULES[command.language]
    if (command.version, command.sha256) != (shown.version, shown.sha256):
        raise InvalidInput(where="sha256", why="these are not the rules of court of today")
    signed = check_in_of(hearing, person).declaration
    if signed is not None and signed.sha256 == shown.sha256:
        return ()
    return (
        happened.RulesSigned(
            participant_id=person.id, version=shown.version, language=shown.language, sha256=shown.sha256
        ),
    )


def answer_place(hearing: Hearing, command: ask.AnswerPlace, asking: Asking) -> Events:
    person = asker(hearing, asking)
    place = Place(driving=command.driving, quiet=command.quiet, alone=command.alone)
    told = followed(hearing, person.id, HelpProblem.DRIVING, is_trouble=command.driving)
    if check_in_of(hearing, person).place == place:
        return told
    answered = happened.PlaceAnswered(participant_id=person.id, place=place)
    return (answered, *told, *_turned_to_the_test(hearing, person, is_testing=not command.driving))


def _turned_to_the_test(hearing: Hearing, person: Participant, is_testing: bool) -> Events:
    """From the questions to the devices, and back when somebody turns out to be driving."""
    here, there = ParticipantState.CHECKING_IN, ParticipantState.TESTING
    was, to = (here, there) if is_testing else (there, here)
    if not must_check_in(hearing, person) or person.state is not was:
        return ()
    return (moved(person, to),)


def report_devices(hearing: Hearing, command: ask.ReportDevices, asking: Asking) -> Events:
    person = asker(hearing, asking)
    known = check_in_of(hearing, person).devices
    heard = known.speaker_heard if known and command.speaker_heard is None else command.speaker_heard
    devices = Devices(
        microphone=command.microphone,
        camera=command.camera,
        speaker_heard=heard,
        confirmed=command.confirmed or (known is not None and known.confirmed),
    )
    told = (
        *_device_told(hearing, person, HelpProblem.MICROPHONE, command.microphone),
        *_device_told(hearing, person, HelpProblem.CAMERA, command.camera),
        *followed(hearing, person.id, HelpProblem.SOUND, is_trouble=heard is False),
    )
    if known == devices:
        return told
    return (happened.DevicesReported(participant_id=person.id, devices=devices), *told)


def _device_told(hearing: Hearing, person: Participant, problem: HelpProblem, state: DeviceState) -> Events:
    is_trouble = state not in (DeviceState.WORKS, DeviceState.UNNEEDED)
    return followed(hearing, person.id, problem, is_trouble=is_trouble)


def report_connection(hearing: Hearing, command: ask.ReportConnection, asking: Asking) -> Events:
    person = asker(hearing, asking)
    tested = Connection.model_validate(command.model_dump(exclude={"kind"}))
    told = followed(hearing, person.id, HelpProblem.CONNECTION, is_trouble=grade(tested) is Grade.BAD)
    return (happened.ConnectionReported(participant_id=person.id, connection=tested), *told)


NEEDED: dict[type[Value], Permission] = {
    ask.DecideIdentity: Permission.RUN_CHECK_IN,
    ask.VouchFor: Permission.RUN_CHECK_IN,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    ask.ChooseLanguage: choose_language,
    ask.ConfirmSelf: confirm_self,
    ask.EnterCode: enter_code,
    ask.DeferIdentity: defer_identity,
    ask.SnapshotKept: snapshot_kept,
    ask.DecideIdentity: decide_identity,
    ask.VouchFor: vouch_for,
    ask.SignRules: sign_rules,
    ask.AnswerPlace: answer_place,
    ask.ReportDevices: report_devices,
    ask.ReportConnection: report_connection,
}
