"""How long each party has spoken: counted in what the recorder wrote, for the judge to keep the balance. Pure.

A hint, no verdict, and no part of the record: whoever wants it exactly counts it in the tracks.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from cloudcourt.domain.hearing import Hearing, Participant
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.roles import Role
from cloudcourt.domain.side import Side, side_of
from cloudcourt.domain.value import Value
from cloudcourt.domain.written import Heard

_COURTS_OWN = frozenset({Role.JUDGE, Role.BENCH_MEMBER, Role.CLERK})


class Party(StrEnum):
    """For whom somebody speaks."""

    A = "a"  # the plaintiff's side
    B = "b"  # the defendant's side
    COURT = "court"
    OTHERS = "others"  # witnesses, mediators, interpreters of nobody


class PersonSpoke(Value):
    participant_id: ParticipantId
    party: Party
    ms: int


class PartySpoke(Value):
    party: Party
    ms: int


class SpeechTime(Value):
    """Up to `until`, some seconds ago, and since when it is counted: anew after the server was started again."""

    since: datetime
    until: datetime
    parties: tuple[PartySpoke, ...]
    """Both sides always, in this order; court and others once they have spoken."""
    people: tuple[PersonSpoke, ...]
    """Whoever has spoken, bench first."""


class Count(Value):
    """What was counted so far: milliseconds of speech by person, each second of the record once."""

    since: datetime | None = None
    until: datetime | None = None
    ms: dict[ParticipantId, int] = Field(default_factory=dict)
    counted: dict[ParticipantId, datetime] = Field(default_factory=dict)
    """The newest second of each person that is in it."""


def counted(count: Count, heard: Heard) -> Count:
    """The count with what is new in `heard`."""
    ms, newest = dict(count.ms), dict(count.counted)
    for second in heard.seconds:
        who = second.participant_id
        if who in newest and second.at <= newest[who]:
            continue
        ms[who] = ms.get(who, 0) + second.voiced_ms
        newest[who] = second.at
    first = heard.seconds[0].at if heard.seconds else heard.until
    return Count(since=count.since or first, until=heard.until, ms=ms, counted=newest)


def speech_time(hearing: Hearing, count: Count) -> SpeechTime | None:
    """The count as the judge is told it; None before anything was heard."""
    if count.since is None or count.until is None:
        return None
    people = tuple(
        PersonSpoke(participant_id=p.id, party=party_of(hearing.participants, p), ms=count.ms[p.id])
        for p in hearing.seating
        if count.ms.get(p.id)
    )
    sums = {party: sum(each.ms for each in people if each.party is party) for party in Party}
    shown = tuple(PartySpoke(party=party, ms=ms) for party, ms in sums.items() if ms or party in (Party.A, Party.B))
    return SpeechTime(since=count.since, until=count.until, parties=shown, people=people)


def party_of(people: Mapping[ParticipantId, Participant], person: Participant) -> Party:
    """The court's own people speak for the court; an interpreter or a lawyer for the side they belong to."""
    if person.role in _COURTS_OWN:
        return Party.COURT
    side = None if person.role is Role.WITNESS else side_of(people, person.id)
    return {Side.A: Party.A, Side.B: Party.B, None: Party.OTHERS}[side]
