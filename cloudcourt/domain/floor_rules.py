"""The rules of the floor: hands in their order, the word given and taken, locked microphones."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.errors import NotAllowed, WrongParticipantState
from cloudcourt.domain.events import CourtMuteChanged, DevicesChanged
from cloudcourt.domain.floor import (
    CallNext,
    FloorGiven,
    FloorModeChanged,
    FloorTaken,
    GiveFloor,
    HandLowered,
    HandRaised,
    LowerAllHands,
    LowerHand,
    MicrophoneLockChanged,
    RaiseHand,
    SetFloorMode,
    SetMicrophoneLock,
    TakeFloor,
)
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.order_errors import MicrophonesLocked, NoHandRaised
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker, check_sitting, seat_of
from cloudcourt.domain.value import Value


def raise_hand(hearing: Hearing, command: RaiseHand, asking: Asking) -> Events:
    check_sitting(hearing)
    person = asker(hearing, asking)
    if person.state is not ParticipantState.IN_COURT:
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    return () if _has_hand_up(hearing, person.id) else (HandRaised(participant_id=person.id),)


def lower_hand(hearing: Hearing, command: LowerHand, asking: Asking) -> Events:
    own = asker(hearing, asking)
    person = seat_of(hearing, command.participant_id) if command.participant_id else own
    if person.id != own.id and not may_now(hearing, own, Permission.MUTE_OTHERS):
        raise NotAllowed
    return (HandLowered(participant_id=person.id),) if _has_hand_up(hearing, person.id) else ()


def lower_all_hands(hearing: Hearing, command: LowerAllHands, asking: Asking) -> Events:
    return tuple(HandLowered(participant_id=hand.participant_id) for hand in hearing.floor.hands)


def set_floor_mode(hearing: Hearing, command: SetFloorMode, asking: Asking) -> Events:
    if command.is_on:
        check_sitting(hearing)
    return () if hearing.floor.is_exclusive is command.is_on else (FloorModeChanged(is_on=command.is_on),)


def give_floor(hearing: Hearing, command: GiveFloor, asking: Asking) -> Events:
    check_sitting(hearing)
    person = seat_of(hearing, command.participant_id)
    if person.state is not ParticipantState.IN_COURT:
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    if not may_now(hearing, person, Permission.SPEAK):
        raise NotAllowed
    unmuted = (CourtMuteChanged(participant_id=person.id, muted=False),) if person.muted_by_court else ()
    given = FloorGiven(participant_id=person.id, seconds=command.seconds)
    return (*_shut_again(hearing, person.id), *unmuted, given)


def call_next(hearing: Hearing, command: CallNext, asking: Asking) -> Events:
    check_sitting(hearing)
    here = (
        hand.participant_id
        for hand in hearing.floor.hands
        if hearing.participants[hand.participant_id].state is ParticipantState.IN_COURT
    )
    first = next(here, None)
    if first is None:
        raise NoHandRaised
    return give_floor(hearing, GiveFloor(participant_id=first, seconds=command.seconds), asking)


def take_floor(hearing: Hearing, command: TakeFloor, asking: Asking) -> Events:
    holder = hearing.floor.holder
    if holder is None:
        return ()
    return (*_shut_again(hearing, None), FloorTaken(participant_id=holder))


def set_microphone_lock(hearing: Hearing, command: SetMicrophoneLock, asking: Asking) -> Events:
    if command.is_on:
        check_sitting(hearing)
    return () if hearing.floor.is_locked is command.is_on else (MicrophoneLockChanged(is_on=command.is_on),)


def is_locked_for(hearing: Hearing, person: Participant) -> bool:
    """True while this person can't switch their own microphone on."""
    floor = hearing.floor
    return floor.is_locked and floor.holder != person.id and not may_now(hearing, person, Permission.SPEAK_UNASKED)


def check_own_microphone(hearing: Hearing, person: Participant, wants_it_on: bool) -> None:
    """Raises MicrophonesLocked for someone who would un-mute themselves while that is locked."""
    if wants_it_on and not person.microphone_on and is_locked_for(hearing, person):
        raise MicrophonesLocked


def _shut_again(hearing: Hearing, next_holder: ParticipantId | None) -> Events:
    """While microphones are locked, whoever gives the word back is muted as before."""
    holder = hearing.floor.holder
    if holder is None or holder == next_holder or not hearing.floor.is_locked:
        return ()
    person = hearing.participants[holder]
    if not person.microphone_on or may_now(hearing, person, Permission.SPEAK_UNASKED):
        return ()
    return (DevicesChanged(participant_id=holder, microphone_on=False, camera_on=person.camera_on),)


def _has_hand_up(hearing: Hearing, participant_id: ParticipantId) -> bool:
    return any(hand.participant_id == participant_id for hand in hearing.floor.hands)


NEEDED: dict[type[Value], Permission] = {
    RaiseHand: Permission.RAISE_HAND,
    LowerAllHands: Permission.MUTE_OTHERS,
    SetFloorMode: Permission.MUTE_OTHERS,
    GiveFloor: Permission.MUTE_OTHERS,
    CallNext: Permission.MUTE_OTHERS,
    TakeFloor: Permission.MUTE_OTHERS,
    SetMicrophoneLock: Permission.MUTE_OTHERS,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    RaiseHand: raise_hand,
    LowerHand: lower_hand,
    LowerAllHands: lower_all_hands,
    SetFloorMode: set_floor_mode,
    GiveFloor: give_floor,
    CallNext: call_next,
    TakeFloor: take_floor,
    SetMicrophoneLock: set_microphone_lock,
}
