"""The rules about people: arriving, being admitted, losing the link, leaving, devices, and the court's mute."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain import commands as ask
from cloudcourt.domain import events as happened
from cloudcourt.domain.check_in import Lack
from cloudcourt.domain.check_in_guard import check_may_enter, lacks
from cloudcourt.domain.connectivity import Leaving
from cloudcourt.domain.errors import CheckInIncomplete, MutedByCourt, NotAllowed, WrongParticipantState, WrongState
from cloudcourt.domain.floor_rules import check_own_microphone, is_locked_for
from cloudcourt.domain.hearing import LINKED, Hearing, Participant, ParticipantState, SessionState
from cloudcourt.domain.order_errors import ReasonNeeded
from cloudcourt.domain.order_rules import walk_out
from cloudcourt.domain.panel import may_now, presides
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.ruling import Asking, Events, asker, moved, seat_of
from cloudcourt.domain.value import Value


def connected(hearing: Hearing, command: ask.Connected, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if person.state in LINKED:
        return ()
    back_to = person.held or ParticipantState.CHECKING_IN
    lobby = _lobby_opens_for(hearing, person)
    return (*lobby, moved(person, back_to))


def _lobby_opens_for(hearing: Hearing, person: Participant) -> Events:
    """The first of the court's own people to arrive opens the waiting room."""
    if hearing.session is SessionState.SCHEDULED and may(person.role, Permission.OPEN_LOBBY):
        return (happened.LobbyOpened(),)
    return ()


def report_ready(hearing: Hearing, command: ask.ReportReady, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if Lack.PARKED in lacks(hearing, person):
        raise CheckInIncomplete(person.id, Lack.PARKED)
    is_shut = is_locked_for(hearing, person) and not (
        person.state is ParticipantState.IN_COURT and person.microphone_on
    )
    devices = _devices(person, command.microphone_on and not is_shut, command.camera_on)
    if person.state in (ParticipantState.READY_IN_LOBBY, ParticipantState.IN_COURT):
        return devices
    to = (
        ParticipantState.IN_COURT
        if may(person.role, Permission.ENTER_COURT_UNCALLED)
        else ParticipantState.READY_IN_LOBBY
    )
    return (*devices, moved(person, to))


def admit(hearing: Hearing, command: ask.Admit, asking: Asking) -> Events:
    if hearing.session in (SessionState.SCHEDULED,) or hearing.is_over:
        raise WrongState(now=hearing.session, wanted=SessionState.IN_SESSION)
    person = seat_of(hearing, command.participant_id)
    if person.state is ParticipantState.IN_COURT:
        return ()
    if person.state not in (ParticipantState.READY_IN_LOBBY, ParticipantState.CALLED):
        raise WrongParticipantState(person.id, person.state, ParticipantState.IN_COURT)
    check_may_enter(hearing, person)
    return (moved(person, ParticipantState.IN_COURT),)


def return_to_lobby(hearing: Hearing, command: ask.ReturnToLobby, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if may(person.role, Permission.ENTER_COURT_UNCALLED):
        raise NotAllowed
    if person.state is ParticipantState.READY_IN_LOBBY:
        return ()
    if person.held is ParticipantState.IN_COURT:  # not here now, but must not come back into court
        return (
            happened.ParticipantMoved(participant_id=person.id, to=person.state, held=ParticipantState.READY_IN_LOBBY),
        )
    return (moved(person, ParticipantState.READY_IN_LOBBY),)


def remove(hearing: Hearing, command: ask.Remove, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if presides(hearing, person) or person.id == asking.actor:
        raise NotAllowed
    if hearing.opened_at and not command.reason:
        raise ReasonNeeded
    return (moved(person, ParticipantState.REMOVED, reason=command.reason),)


def leave(hearing: Hearing, command: ask.Leave, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if person.state is ParticipantState.LEFT:
        return ()
    said_so = Leaving(how="said_so", confidence="clear", at=asking.now) if person.state in LINKED else None
    return (*walk_out(hearing, person, said_so), moved(person, ParticipantState.LEFT))


def unseat(hearing: Hearing, command: ask.Unseat, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if person.state is ParticipantState.REMOVED:
        return ()
    return (moved(person, ParticipantState.REMOVED, reason=command.reason),)


def link_lost(hearing: Hearing, command: ask.LinkLost, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if person.state not in LINKED:
        return ()
    return (moved(person, ParticipantState.RECONNECTING, held=person.state),)


def grace_elapsed(hearing: Hearing, command: ask.GraceElapsed, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if person.state is not ParticipantState.RECONNECTING:
        return ()
    gone = moved(person, ParticipantState.DISCONNECTED, held=person.held)
    return (*walk_out(hearing, person, command.leaving), gone)


def set_devices(hearing: Hearing, command: ask.SetDevices, asking: Asking) -> Events:
    person = asker(hearing, asking)
    if person.muted_by_court and command.microphone_on and not person.microphone_on:
        raise MutedByCourt
    check_own_microphone(hearing, person, command.microphone_on)
    return _devices(person, command.microphone_on, command.camera_on)


def _devices(person: Participant, microphone_on: bool, camera_on: bool) -> Events:
    if (person.microphone_on, person.camera_on) == (microphone_on, camera_on):
        return ()
    return (happened.DevicesChanged(participant_id=person.id, microphone_on=microphone_on, camera_on=camera_on),)


def set_court_mute(hearing: Hearing, command: ask.SetCourtMute, asking: Asking) -> Events:
    person = seat_of(hearing, command.participant_id)
    if presides(hearing, person):
        raise NotAllowed  # nobody mutes the presiding judge
    return _mute(person, command.muted)


def set_court_mute_all(hearing: Hearing, command: ask.SetCourtMuteAll, asking: Asking) -> Events:
    concerned = (p for p in hearing.seating if not may_now(hearing, p, Permission.SPEAK_UNASKED))
    return tuple(event for person in concerned for event in _mute(person, command.muted))


def _mute(person: Participant, muted: bool) -> Events:
    if person.muted_by_court is muted or person.state is ParticipantState.REMOVED:
        return ()
    return (happened.CourtMuteChanged(participant_id=person.id, muted=muted),)


NEEDED: dict[type[Value], Permission] = {
    ask.Admit: Permission.ADMIT,
    ask.ReturnToLobby: Permission.ADMIT,
    ask.Remove: Permission.REMOVE,
    ask.SetCourtMute: Permission.MUTE_OTHERS,
    ask.SetCourtMuteAll: Permission.MUTE_OTHERS,
}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {
    ask.ReportReady: report_ready,
    ask.Admit: admit,
    ask.ReturnToLobby: return_to_lobby,
    ask.Remove: remove,
    ask.SetCourtMute: set_court_mute,
    ask.SetCourtMuteAll: set_court_mute_all,
    ask.SetDevices: set_devices,
    ask.Leave: leave,
    ask.Connected: connected,
    ask.LinkLost: link_lost,
    ask.GraceElapsed: grace_elapsed,
    ask.Unseat: unseat,
}
