"""Who is in the picture, who is large, who is marked as speaking: decided from what was heard, calmly."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import Field

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.recording import Seat
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value

BENCH: Final = frozenset({Role.JUDGE, Role.BENCH_MEMBER, Role.CLERK})
_ALWAYS_SEEN: Final = frozenset({Role.JUDGE, Role.PLAINTIFF, Role.DEFENDANT})
"""Once they came their place stays: that they are away is worth seeing."""
HOLD_NS = 2_000_000_000
"""A mark outlives the last word by this much while nobody else speaks."""
_YIELD_NS = 1_000_000_000
"""And by this much when somebody else does."""
CALM_NS = 3_000_000_000
"""The picture's division stays at least this long."""
_WORD_NS = 1_000_000_000
"""Who speaks for less than this doesn't become large."""
_SETTLING_NS = 1_500_000_000
_GONE_NS = 60_000_000_000


class Turn(Value):
    """One person's speaking: since when without a long pause, and when last; nanoseconds since 1970."""

    began_ns: int
    last_ns: int


class Arrangement(Value):
    """What the picture is divided for."""

    seats: tuple[ParticipantId, ...] = ()
    close_up: ParticipantId | None = None
    shows: bool = False


class DirectorMemory(Value):
    """All that the director knows of the past."""

    arrangement: Arrangement = Arrangement()
    since_ns: int = 0
    cut_ns: int = 0
    turns: dict[ParticipantId, Turn] = Field(default_factory=dict)
    last_there: dict[ParticipantId, int] = Field(default_factory=dict)
    """When each was last seen or heard."""


class Director:
    """Decides for one frame after another; the same past gives the same decisions."""

    def __init__(self, seats: Sequence[Seat], memory: DirectorMemory | None = None) -> None:
        memory = memory or DirectorMemory()
        self._seats = tuple(seats)
        self.arrangement = memory.arrangement
        self._since_ns = memory.since_ns
        self._cut_ns = memory.cut_ns
        self._turns = dict(memory.turns)
        self._last_there = dict(memory.last_there)

    def memory(self) -> DirectorMemory:
        """What another director needs to go on."""
        return DirectorMemory(
            arrangement=self.arrangement,
            since_ns=self._since_ns,
            cut_ns=self._cut_ns,
            turns=dict(self._turns),
            last_there=dict(self._last_there),
        )

    def seat(self, seats: Sequence[Seat]) -> None:
        """Everybody of the hearing in seating order, as known now."""
        self._seats = tuple(seats)

    def cut(self, at_ns: int) -> None:
        """A stretch of the record begins: until its people are there, nothing need wait."""
        self._cut_ns = at_ns

    def decide(self, at_ns: int, there: Mapping[ParticipantId, bool], *, shows: bool) -> Arrangement:
        """The picture's division at a time.

        `there` holds everybody who is seen or heard now, true for those who speak; `shows` says that there is a
        screen or an exhibit.
        """
        for person, speaks in there.items():
            self._last_there[person] = at_ns
            if speaks:
                self._speaks(person, at_ns)
        wanted = Arrangement(seats=self._present(at_ns), close_up=self._close_up(at_ns), shows=shows)
        is_calm = at_ns - self._since_ns >= CALM_NS or at_ns - self._cut_ns < _SETTLING_NS
        if wanted != self.arrangement and is_calm:
            self.arrangement = wanted
            self._since_ns = at_ns
        return self.arrangement

    def speaking(self, at_ns: int) -> tuple[ParticipantId, ...]:
        """Who is marked as speaking now, in seating order."""
        newest_ns = max((turn.last_ns for turn in self._turns.values()), default=0)
        marked = {
            person
            for person, turn in self._turns.items()
            if at_ns - turn.last_ns < (HOLD_NS if turn.last_ns == newest_ns else _YIELD_NS)
        }
        return tuple(seat.participant_id for seat in self._seats if seat.participant_id in marked)

    def has_come(self, person: ParticipantId) -> bool:
        """Whether that person was ever seen or heard."""
        return person in self._last_there

    def _speaks(self, person: ParticipantId, at_ns: int) -> None:
        turn = self._turns.get(person)
        goes_on = turn is not None and at_ns - turn.last_ns < HOLD_NS
        self._turns[person] = Turn(began_ns=turn.began_ns if turn and goes_on else at_ns, last_ns=at_ns)

    def _present(self, at_ns: int) -> tuple[ParticipantId, ...]:
        found = []
        for seat in self._seats:
            last_ns = self._last_there.get(seat.participant_id)
            if last_ns is not None and (seat.role in _ALWAYS_SEEN or at_ns - last_ns < _GONE_NS):
                found.append(seat.participant_id)
        return tuple(found) or tuple(seat.participant_id for seat in self._seats[:1])

    def _close_up(self, at_ns: int) -> ParticipantId | None:
        """Whoever of the floor speaks; they stay large until another of the floor does, and they don't."""
        kept = self.arrangement.close_up
        turn = self._turns.get(kept) if kept is not None else None
        if turn is not None and at_ns - turn.last_ns < _YIELD_NS:
            return kept
        for person in self.speaking(at_ns):
            turn = self._turns[person]
            if person in self._floor() and turn.last_ns - turn.began_ns >= _WORD_NS:
                return person
        return kept

    def _floor(self) -> frozenset[ParticipantId]:
        """Everybody but the one on top."""
        return frozenset(seat.participant_id for seat in self._seats[1:])
