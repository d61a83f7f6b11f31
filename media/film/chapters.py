"""The film's chapters: what a viewer goes to, from the events in the record's log or, without one, from the gaps."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from cloudcourt.domain.events import StoredEvent
from cloudcourt.domain.film_statement import Chapter
from cloudcourt.domain.film_time import FilmSection, film_sections
from cloudcourt.domain.hearing import GapReason, Phase
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_marks import marks
from media.record.hearing_facts import HearingFacts
from media.record.log_file import LOG

PHASE_TITLES: Final = {
    Phase.ROLL_CALL: "核对身份 Roll call",
    Phase.RIGHTS_AND_RECUSAL: "告知权利 Rights and recusal",
    Phase.CLAIM_AND_DEFENCE: "诉辩 Claim and defence",
    Phase.INVESTIGATION: "法庭调查 Investigation",
    Phase.EVIDENCE: "举证质证 Evidence",
    Phase.DEBATE: "法庭辩论 Debate",
    Phase.FINAL_STATEMENT: "最后陈述 Final statements",
    Phase.MEDIATION: "调解 Mediation",
    Phase.PRONOUNCEMENT: "宣判 Pronouncement",
    Phase.TRANSCRIPT_CHECK: "核对笔录 Transcript check",
}
GAP_CHAPTERS: Final = {
    GapReason.RECESS: "休庭 Recess",
    GapReason.SEALED_EVIDENCE: "不公开质证 Sealed evidence",
    GapReason.MEDIATION: "调解 Mediation",
    GapReason.FAULT: "技术故障 Technical fault",
}
_OPENING, _GOES_ON = "开庭 Opening", "继续开庭 Resumed"


def chapters(folder: Path, facts: HearingFacts, ended_at: datetime) -> tuple[Chapter, ...]:
    """The chapters in order, at most one at any place: where two begin together, the phase has its name."""
    sections = film_sections(facts.spans, facts.gaps, ended_at)
    named = {round(section.from_s * 1000): _title(section, number) for number, section in enumerate(sections)}
    for mark in marks(_events(folder, facts.hearing_id), sections):
        if mark.phase is not None and mark.film_s is not None:
            named[round(mark.film_s * 1000)] = PHASE_TITLES[mark.phase]
    return tuple(Chapter(film_ms=at_ms, title=named[at_ms]) for at_ms in sorted(named))


def _title(section: FilmSection, number: int) -> str:
    if section.reason is not None:
        return GAP_CHAPTERS[section.reason]
    return _GOES_ON if number else _OPENING


def _events(folder: Path, hearing_id: HearingId) -> Iterator[StoredEvent]:
    """The stored events that the record's log tells in full; none where there is no log."""
    try:
        lines = (folder / LOG).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            entry = json.loads(line)[1]
            if entry["kind"] == "event":
                told = {name: entry[name] for name in ("seq", "at", "actor", "event")}
                yield StoredEvent.model_validate({"hearing_id": hearing_id, **told})
        except (ValueError, LookupError, TypeError):
            continue
