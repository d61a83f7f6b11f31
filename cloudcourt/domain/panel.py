"""Who presides, and what each person may do in this hearing now: the role table, moved by a hand-over."""

from cloudcourt.domain.hearing import LINKED, Hearing, Participant, ParticipantState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import MAY_PRESIDE, PERMISSIONS, Permission, Role

_OF_A_JUDGE_AT_REST = PERMISSIONS[Role.BENCH_MEMBER] | {Permission.DOWNLOAD_RECORD, Permission.READ_ACCESS_LOG}
"""A judge who has handed over sits as a member of the panel, and keeps what concerns the record."""


def presides(hearing: Hearing, person: Participant) -> bool:
    """True for whom the hearing was handed to; before any hand-over, for the judge. Never for who was removed."""
    if person.state is ParticipantState.REMOVED:
        return False
    return person.id == hearing.presiding if hearing.presiding else person.role is Role.JUDGE


def presiding_id(hearing: Hearing) -> ParticipantId | None:
    """Who presides, or None where the case has no judge."""
    return next((person.id for person in hearing.seating if presides(hearing, person)), None)


def rights(hearing: Hearing, person: Participant) -> frozenset[Permission]:
    """Everything that a person may do now."""
    if hearing.presiding is None:
        return PERMISSIONS[person.role]
    if presides(hearing, person):
        return PERMISSIONS[Role.JUDGE]
    return _OF_A_JUDGE_AT_REST if person.role is Role.JUDGE else PERMISSIONS[person.role]


def may_now(hearing: Hearing, person: Participant, permission: Permission) -> bool:
    """True when the person may do that in this hearing now."""
    return permission in rights(hearing, person)


def presiding_is_lost(hearing: Hearing) -> bool:
    """True while nobody who presides is connected."""
    return not any(presides(hearing, p) and p.state in LINKED for p in hearing.participants.values())


def can_preside(person: Participant) -> bool:
    """The judge and the members of the panel."""
    return person.role in MAY_PRESIDE
