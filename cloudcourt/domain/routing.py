"""Who hears and sees whom, as one pure function. The media plane executes it; nothing else decides it."""

from enum import StrEnum
from typing import Literal, NamedTuple

from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState, RecordMode, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.value import Value

MediaKind = Literal["audio", "video"]


class Configuration(StrEnum):
    """A named arrangement of the courtroom's media."""

    SHUT = "shut"  # nobody hears or sees the courtroom
    FACES_ONLY = "faces_only"  # pictures but no sound: the countdown
    OPEN_COURT = "open_court"  # everyone in court hears and sees everyone in court


_S = SessionState

CONFIGURATIONS: dict[SessionState, Configuration] = {
    _S.SCHEDULED: Configuration.SHUT,
    _S.LOBBY_OPEN: Configuration.SHUT,
    _S.COUNTDOWN: Configuration.FACES_ONLY,
    _S.IN_SESSION: Configuration.OPEN_COURT,
    _S.RECESS: Configuration.SHUT,
    _S.SUSPENDED: Configuration.SHUT,
    _S.TRANSCRIPT_REVIEW: Configuration.OPEN_COURT,
    _S.CLOSED: Configuration.SHUT,
    _S.ADJOURNED: Configuration.SHUT,
    _S.CONVERTED_OFFLINE: Configuration.SHUT,
    _S.CANCELLED: Configuration.SHUT,
}

KINDS: dict[Configuration, frozenset[MediaKind]] = {
    Configuration.SHUT: frozenset(),
    Configuration.FACES_ONLY: frozenset({"video"}),
    Configuration.OPEN_COURT: frozenset({"audio", "video"}),
}


class Flow(NamedTuple):
    """One person's sound or picture on its way to one other person."""

    source: ParticipantId
    listener: ParticipantId
    kind: MediaKind


class Taken(NamedTuple):
    """One person's sound or picture on its way to the record."""

    source: ParticipantId
    kind: MediaKind


class Routing(Value):
    """The whole matrix: a flow that isn't in it doesn't exist."""

    flows: frozenset[Flow] = frozenset()
    recorded: frozenset[Taken] = frozenset()


NO_ROUTING = Routing()


def routing(hearing: Hearing) -> Routing:
    """Compute who hears, sees and is recorded, from the hearing's state alone."""
    kinds = KINDS[CONFIGURATIONS[hearing.session]]
    in_court = [p for p in hearing.participants.values() if _is_in_court(p)]
    taken = frozenset(Taken(p.id, kind) for p in in_court for kind in kinds if _gives(p, kind))
    flows = frozenset(
        Flow(given.source, listener.id, given.kind)
        for given in taken
        for listener in in_court
        if listener.id != given.source
    )
    on_record = hearing.record_mode in (RecordMode.ON_RECORD, RecordMode.SEALED)
    return Routing(flows=flows, recorded=taken if on_record else frozenset())


def _is_in_court(person: Participant) -> bool:
    """A seat whose signaling link is being restored keeps its media: the picture may well have survived."""
    if person.state is ParticipantState.RECONNECTING:
        return person.held is ParticipantState.IN_COURT
    return person.state is ParticipantState.IN_COURT


def _gives(person: Participant, kind: MediaKind) -> bool:
    if kind == "audio":
        return may(person.role, Permission.SPEAK) and person.microphone_on and not person.muted_by_court
    return may(person.role, Permission.BE_SEEN) and person.camera_on
