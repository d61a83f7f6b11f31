"""Linked people (a party and their interpreter or supporter) move together, or not at all.

`together` looks at what any command decided: whoever's move takes a linked person along takes them in the same
decision, and where that can't be, the command is refused.
"""

from cloudcourt.domain import events as happened
from cloudcourt.domain.hearing import PARTICIPANT_MOVES, Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.room_errors import LinkedPersonAway
from cloudcourt.domain.rooms import Stay
from cloudcourt.domain.ruling import Events
from cloudcourt.domain.side import group_of

_P = ParticipantState
_INWARD = frozenset({_P.IN_COURT, _P.IN_ROOM, _P.CALLED})
_PLACES = _INWARD | {_P.READY_IN_LOBBY}
_GONE = frozenset({_P.LEFT, _P.REMOVED})
"""Who is gone for good binds nobody."""
_AWAY = frozenset({_P.RECONNECTING, _P.DISCONNECTED})


def place_of(person: Participant) -> ParticipantState:
    """Where a person is, or where their seat is held."""
    return person.held or person.state


def placed(person: Participant, place: ParticipantState, stay: Stay | None = None) -> happened.ParticipantMoved:
    """Put a person there; for one who is away, it is the held seat that moves."""
    if person.state in _AWAY:
        return happened.ParticipantMoved(participant_id=person.id, to=person.state, held=place, stay=stay)
    return happened.ParticipantMoved(participant_id=person.id, to=place, stay=stay)


def brought_back(person: Participant) -> happened.ParticipantMoved:
    """Out of a room, to where the person came from."""
    from_court = person.stay is not None and person.stay.from_court
    return placed(person, _P.IN_COURT if from_court else _P.READY_IN_LOBBY)


def together(hearing: Hearing, events: Events) -> Events:
    """The same events, and the moves of those who are linked. Raises LinkedPersonAway."""
    moves = {event.participant_id: event for event in events if isinstance(event, happened.ParticipantMoved)}
    added: dict[ParticipantId, happened.ParticipantMoved] = {}
    for participant_id, move in moves.items():
        for other_id in sorted(group_of(hearing.participants, participant_id) - set(moves) - set(added)):
            person, other = hearing.participants[participant_id], hearing.participants[other_id]
            if (follows := _follows(person, move, other)) is not None:
                added[other_id] = follows
    return (*events, *added.values())


def _follows(
    person: Participant, move: happened.ParticipantMoved, other: Participant
) -> happened.ParticipantMoved | None:
    """The move that another one's move causes; None where it causes none."""
    target = move.held if move.to in _AWAY else move.to
    if target == place_of(person):  # a link that comes and goes moves nobody
        return None
    if target in _GONE:
        return brought_back(other) if _share_a_room(person, other) else None
    if target in _INWARD:
        return _comes_along(move, target, other)
    if target is _P.READY_IN_LOBBY and place_of(person) in _INWARD and place_of(other) in _INWARD:
        return placed(other, _P.READY_IN_LOBBY)
    return None


def _comes_along(
    move: happened.ParticipantMoved, target: ParticipantState, other: Participant
) -> happened.ParticipantMoved | None:
    place = place_of(other)
    if other.state in _GONE or (place is target and _room(other.stay) == _room(move.stay)):
        return None
    may_move = place in _PLACES and target in PARTICIPANT_MOVES[place] and other.state is not _P.DISCONNECTED
    if not may_move or (place is _P.IN_ROOM and target is _P.CALLED):
        raise LinkedPersonAway(other.id)
    stay = move.stay.model_copy(update={"from_court": place is _P.IN_COURT}) if move.stay else None
    return placed(other, target, stay)


def _share_a_room(person: Participant, other: Participant) -> bool:
    return person.stay is not None and _room(person.stay) == _room(other.stay)


def _room(stay: Stay | None) -> str | None:
    return stay.room_id if stay else None
