"""The court's media arrangements by name: one literal table of who takes part, with what, and what is recorded."""

from enum import StrEnum
from typing import Literal, NamedTuple

from cloudcourt.domain.arrangement import Arrangement
from cloudcourt.domain.hearing import WRITES, Hearing, Participant, RecordMode, SessionState
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side, side_of

MediaKind = Literal["audio", "video"]


class Configuration(StrEnum):
    """A named arrangement of one space's media."""

    SHUT = "shut"  # nobody hears or sees anything: before the opening, after the end
    FACES_ONLY = "faces_only"  # pictures but no sound: the countdown
    OPEN_COURT = "open_court"  # everyone in court hears and sees everyone in court
    INTERPRETED = "interpreted"  # open court, and an interpreter who speaks to those who chose the channel
    SIDEBAR = "sidebar"  # bench and lawyers alone
    SEALED = "sealed"  # everyone in court but observers
    MEDIATION = "mediation"  # everyone in court, the mediator too
    CAUCUS_A = "caucus_a"  # judge or mediator with the plaintiff's side
    CAUCUS_B = "caucus_b"  # judge or mediator with the defendant's side
    RECESS = "recess"  # all microphones and cameras of the court are cut
    PRIVATE_ROOM = "private_room"  # those in one room among themselves
    WITNESS_WAITING = "witness_waiting"  # not one packet


class Terms(NamedTuple):
    """Whoever has one of the roles or is of the side takes part: gives and gets these kinds. Nobody else does."""

    kinds: frozenset[MediaKind]
    roles: frozenset[Role]
    side: Side | None = None
    records: frozenset[RecordMode] = frozenset()
    """The record modes in which what is given is recorded."""


_ALL: frozenset[MediaKind] = frozenset({"audio", "video"})
_NONE: frozenset[MediaKind] = frozenset()
_EVERYONE = frozenset(Role)
_COURT = _EVERYONE - {Role.MEDIATOR}  # a mediator joins mediation only
_LAWYERS = frozenset({Role.JUDGE, Role.BENCH_MEMBER, Role.CLERK, Role.REPRESENTATIVE})
_BETWEEN = frozenset({Role.JUDGE, Role.MEDIATOR})

TERMS: dict[Configuration, Terms] = {
    Configuration.SHUT: Terms(_NONE, frozenset()),
    Configuration.FACES_ONLY: Terms(frozenset({"video"}), _COURT),
    Configuration.OPEN_COURT: Terms(_ALL, _COURT, records=WRITES),
    Configuration.INTERPRETED: Terms(_ALL, _COURT, records=WRITES),
    Configuration.SIDEBAR: Terms(_ALL, _LAWYERS, records=WRITES),
    Configuration.SEALED: Terms(_ALL, _COURT - {Role.OBSERVER}, records=WRITES),
    Configuration.MEDIATION: Terms(_ALL, _EVERYONE - {Role.OBSERVER}),
    Configuration.CAUCUS_A: Terms(_ALL, _BETWEEN, side=Side.A),
    Configuration.CAUCUS_B: Terms(_ALL, _BETWEEN, side=Side.B),
    Configuration.RECESS: Terms(_NONE, frozenset()),
    Configuration.PRIVATE_ROOM: Terms(_ALL, _EVERYONE - {Role.WITNESS}),
    Configuration.WITNESS_WAITING: Terms(_NONE, frozenset()),
}

_S = SessionState

CONFIGURATIONS: dict[SessionState, Configuration] = {
    _S.SCHEDULED: Configuration.SHUT,
    _S.LOBBY_OPEN: Configuration.SHUT,
    _S.COUNTDOWN: Configuration.FACES_ONLY,
    _S.IN_SESSION: Configuration.OPEN_COURT,
    _S.RECESS: Configuration.RECESS,
    _S.SUSPENDED: Configuration.RECESS,
    _S.TRANSCRIPT_REVIEW: Configuration.OPEN_COURT,
    _S.CLOSED: Configuration.SHUT,
    _S.ADJOURNED: Configuration.SHUT,
    _S.CONVERTED_OFFLINE: Configuration.SHUT,
    _S.CANCELLED: Configuration.SHUT,
}
"""The courtroom's, unless the judge has arranged it otherwise."""

ROOMS_ALLOWED: frozenset[SessionState] = frozenset({_S.LOBBY_OPEN, _S.RECESS})
"""While there may be private rooms: never while the court sits."""

ARRANGED: dict[Arrangement, Configuration] = {
    Arrangement.OPEN_COURT: Configuration.OPEN_COURT,
    Arrangement.SIDEBAR: Configuration.SIDEBAR,
    Arrangement.SEALED: Configuration.SEALED,
    Arrangement.MEDIATION: Configuration.MEDIATION,
    Arrangement.CAUCUS_A: Configuration.CAUCUS_A,
    Arrangement.CAUCUS_B: Configuration.CAUCUS_B,
}


def configuration(hearing: Hearing) -> Configuration:
    """How the courtroom is arranged now."""
    named = CONFIGURATIONS[hearing.session]
    if hearing.session is SessionState.IN_SESSION:
        named = ARRANGED[hearing.arrangement]
    if named is Configuration.OPEN_COURT and any(
        p.speaks_to_channel and p.sits_in_court for p in hearing.participants.values()
    ):
        return Configuration.INTERPRETED
    return named


def takes_part(terms: Terms, role: Role, side: Side | None) -> bool:
    """True when a person of that role and side gives and gets under these terms."""
    return role in terms.roles or (terms.side is not None and side is terms.side and role is not Role.WITNESS)


def is_included(hearing: Hearing, person: Participant) -> bool:
    """True when the person takes part in the court as it is arranged; while nobody does, it shuts nobody out."""
    terms = TERMS[configuration(hearing)]
    return not terms.kinds or takes_part(terms, person.role, side_of(hearing.participants, person.id))


def share_the_court(hearing: Hearing, one: Participant, other: Participant) -> bool:
    """True when both take part in the court as it is arranged."""
    return is_included(hearing, one) and is_included(hearing, other)
