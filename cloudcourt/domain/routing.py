"""Who hears and sees whom, as one pure function. The media plane executes it; nothing else decides it."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from cloudcourt.domain.audible import may_be_heard
from cloudcourt.domain.configurations import ROOMS_ALLOWED, TERMS, Configuration, configuration, takes_part
from cloudcourt.domain.configurations import MediaKind as MediaKind
from cloudcourt.domain.hearing import Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Permission, may
from cloudcourt.domain.side import side_of
from cloudcourt.domain.value import Value

LineKind = Literal["audio", "video", "screen"]
"""What one line of a person's connection carries; a screen is a picture on a line of its own."""


def recorded_as(kind: LineKind) -> MediaKind:
    """As what a line's content stands in the record."""
    return "audio" if kind == "audio" else "video"


class Flow(NamedTuple):
    """One person's sound, picture or screen on its way to one other person."""

    source: ParticipantId
    listener: ParticipantId
    kind: LineKind


class Taken(NamedTuple):
    """One person's sound, picture or screen on its way to the record."""

    source: ParticipantId
    kind: LineKind


class Routing(Value):
    """The whole matrix: a flow that isn't in it doesn't exist."""

    flows: frozenset[Flow] = frozenset()
    recorded: frozenset[Taken] = frozenset()
    mixed: frozenset[ParticipantId] = frozenset()
    """Who is sent one sound instead of many, where the plane can: made of the sounds in `flows` and of no other."""
    low: frozenset[Flow] = frozenset()
    """Of the flows, those that a mix plays at a fifth: the court behind a chosen interpreter."""


NO_ROUTING = Routing()


def routing(hearing: Hearing) -> Routing:
    """Compute who hears, sees and is recorded, from the hearing's state alone.

    The courtroom and each private room are spaces of their own; of a private room nothing is ever recorded. Two in
    a word of help are heard by each other alone meanwhile.
    """
    named = configuration(hearing)
    in_court = _taking_part(hearing, named, (p for p in hearing.participants.values() if _is_in_court(p)))
    given = _given(hearing, named, in_court)
    flows = _flows(hearing, given, in_court)
    if hearing.session in ROOMS_ALLOWED:
        for room in hearing.open_rooms:
            inside = _taking_part(hearing, Configuration.PRIVATE_ROOM, hearing.members(room.id))
            flows |= _flows(hearing, _given(hearing, Configuration.PRIVATE_ROOM, inside), inside)
    for talk in hearing.help_talks:
        pair = [hearing.participants[each] for each in talk.pair]
        flows |= _flows(hearing, _given(hearing, Configuration.PRIVATE_ROOM, pair), pair)
    is_recorded = hearing.record_mode in TERMS[named].records
    mixed = frozenset(p.id for p in hearing.participants.values() if p.sound_only)
    return Routing(
        flows=flows,
        recorded=given if is_recorded else frozenset(),
        mixed=mixed,
        low=frozenset(flow for flow in flows if flow.listener in mixed and _is_low(hearing, flow)),
    )


def ending(before: Hearing, after: Hearing) -> Routing | None:
    """What is left while people are told of a change: what flowed before it and still may. None if nothing ends.

    A new arrangement has files of its own, so until it has begun nothing more goes into those of the old one.
    """
    was, will = routing(before), routing(after)
    same_files = (before.record_mode, before.arrangement) == (after.record_mode, after.arrangement)
    left = was.model_copy(
        update={
            "flows": was.flows & will.flows,
            "recorded": was.recorded & will.recorded if same_files else frozenset(),
        }
    )
    return None if left == was else left


def _taking_part(hearing: Hearing, named: Configuration, people: Iterable[Participant]) -> list[Participant]:
    terms = TERMS[named]
    return [p for p in people if takes_part(terms, p.role, side_of(hearing.participants, p.id))]


def _given(hearing: Hearing, named: Configuration, people: list[Participant]) -> frozenset[Taken]:
    kinds = TERMS[named].kinds
    in_court = named is not Configuration.PRIVATE_ROOM
    given = {Taken(p.id, kind) for p in people for kind in kinds if _gives(hearing, p, kind, in_court=in_court)}
    sharing = hearing.exhibits.screen
    if in_court and "video" in kinds:
        given |= {Taken(p.id, "screen") for p in people if p.id == sharing}
    return frozenset(given)


def _flows(hearing: Hearing, given: frozenset[Taken], listeners: list[Participant]) -> frozenset[Flow]:
    people = hearing.participants
    return frozenset(
        Flow(taken.source, listener.id, taken.kind)
        for taken in given
        for listener in listeners
        if _reaches(hearing, people[taken.source], listener, taken.kind)
    )


def _reaches(hearing: Hearing, source: Participant, listener: Participant, kind: LineKind) -> bool:
    """Screened people never reach each other; an interpreter's channel reaches those who chose it."""
    if source.id == listener.id or hearing.are_screened(source, listener):
        return False
    if listener.sound_only and kind != "audio":
        return False
    if kind != "audio" or not source.speaks_to_channel or source.stay is not None:
        return True
    return listener.listens_to == source.id


def _is_low(hearing: Hearing, flow: Flow) -> bool:
    """As a browser plays it that gets every sound for itself: the chosen interpreter in full, the others low."""
    chosen = hearing.participants[flow.listener].listens_to
    if flow.kind != "audio" or chosen is None or chosen == flow.source:
        return False
    return hearing.participants[chosen].sits_in_court


def _is_in_court(person: Participant) -> bool:
    """A seat whose signaling link is being restored keeps its media: the picture may well have survived."""
    if person.state is ParticipantState.RECONNECTING:
        return person.held is ParticipantState.IN_COURT
    return person.state is ParticipantState.IN_COURT


def _gives(hearing: Hearing, person: Participant, kind: MediaKind, *, in_court: bool) -> bool:
    """In a private room only a person's own switches count: the court's mute and the floor end at its door."""
    if kind == "video":
        return may(person.role, Permission.BE_SEEN) and person.camera_on
    is_aside = any(person.id in talk.pair for talk in hearing.help_talks)
    is_free = not in_court or (not person.muted_by_court and not is_aside and may_be_heard(hearing, person))
    return may(person.role, Permission.SPEAK) and person.microphone_on and is_free
