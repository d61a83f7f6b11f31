"""The rules about phases: the order is advised; going back and merging are the judge's, each with its mark (ICP 13)."""

from collections.abc import Callable
from typing import Any

from cloudcourt.domain.commands import SetPhase
from cloudcourt.domain.errors import NotAllowed
from cloudcourt.domain.events import PhaseChanged
from cloudcourt.domain.hearing import Hearing, Phase, PhaseMark
from cloudcourt.domain.order_errors import ConsentNeeded
from cloudcourt.domain.panel import presides
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.ruling import Asking, Events, asker, check_sitting
from cloudcourt.domain.value import Value

ORDER: tuple[Phase, ...] = tuple(Phase)


def set_phase(hearing: Hearing, command: SetPhase, asking: Asking) -> Events:
    """The clerk moves on the judge's word, which needs a judge in court; merging is the judge's alone."""
    check_sitting(hearing)
    is_presiding = presides(hearing, asker(hearing, asking))
    merged = tuple(phase for phase in ORDER if phase in command.merges and phase is not command.phase)
    if not is_presiding and (merged or not hearing.judge_in_court):
        raise NotAllowed
    if merged and not command.by_consent:
        raise ConsentNeeded
    if (hearing.phase, hearing.merged_phases) == (command.phase, merged):
        return ()
    mark = _mark(hearing.phase, command.phase, merged)
    return (PhaseChanged(phase=command.phase, merged=merged, mark=mark, on_judges_word=not is_presiding),)


def _mark(now: Phase, to: Phase, merged: tuple[Phase, ...]) -> PhaseMark:
    if merged:
        return "merged"
    return "returned" if ORDER.index(to) < ORDER.index(now) else ""


NEEDED: dict[type[Value], Permission] = {SetPhase: Permission.CHANGE_PHASE}

RULES: dict[type[Value], Callable[[Hearing, Any, Asking], Events]] = {SetPhase: set_phase}
