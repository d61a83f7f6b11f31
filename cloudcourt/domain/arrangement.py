"""How the court is arranged while it sits, by name: who takes part, and what becomes of the record. Values only."""

from enum import StrEnum
from typing import Literal

from cloudcourt.domain.value import Value


class Arrangement(StrEnum):
    OPEN_COURT = "open_court"  # everyone in court
    SIDEBAR = "sidebar"  # bench and lawyers; sealed
    SEALED = "sealed"  # the case's own people, no observers; sealed
    MEDIATION = "mediation"  # everyone in court and the mediator; off the record
    CAUCUS_A = "caucus_a"  # judge or mediator with the plaintiff's side; off the record
    CAUCUS_B = "caucus_b"  # judge or mediator with the defendant's side; off the record


SEALED: frozenset[Arrangement] = frozenset({Arrangement.SIDEBAR, Arrangement.SEALED})
"""Recorded into files of their own, and not for the public (CPL 137, REC 4)."""
MEDIATING: frozenset[Arrangement] = frozenset({Arrangement.MEDIATION, Arrangement.CAUCUS_A, Arrangement.CAUCUS_B})
"""Off the record (REC 3)."""


class Arrange(Value):
    """Arrange the sitting court anew."""

    kind: Literal["arrange"] = "arrange"
    arrangement: Arrangement


class ArrangementChanged(Value):
    kind: Literal["arrangement_changed"] = "arrangement_changed"
    arrangement: Arrangement
