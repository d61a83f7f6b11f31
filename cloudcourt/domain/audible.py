"""Who may be heard in the courtroom, as far as order goes: in floor mode the bench and who has the word."""

from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.panel import may_now
from cloudcourt.domain.roles import Permission


def may_be_heard(hearing: Hearing, person: Participant) -> bool:
    """False for whoever must wait for the word. Their own switch and the court's mute come on top of it."""
    floor = hearing.floor
    return not floor.is_exclusive or floor.holder == person.id or may_now(hearing, person, Permission.SPEAK_UNASKED)
