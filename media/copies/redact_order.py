"""What a redacted film is made from and how, and where in a film a redaction lies."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cloudcourt.domain.film_time import FilmSection, film_second
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.record_orders import SealedSpan
from cloudcourt.domain.redaction import RedactedSpan, Redaction
from cloudcourt.domain.value import Value

SEALED_REASON = "依令封存 Sealed by order"


class RedactOrder(Value):
    """One redacted film to make. Nothing of the record is touched; what was measured is written beside `out`."""

    record: Path
    out: Path
    case_number: str
    source_sha256: str
    """Of the film that the court signed for: another one is not redacted."""
    redactions: tuple[RedactedSpan, ...]

    @property
    def measured(self) -> Path:
        return self.out.with_suffix(".measured.json")


def placed(
    asked: Sequence[Redaction], sealed: Sequence[SealedSpan], sections: Sequence[FilmSection]
) -> tuple[RedactedSpan, ...]:
    """Where in the film each redaction lies, in order of time; what is sealed is silent and blank in every copy."""
    found = [
        _span(sections, one.began_at, one.ended_at).model_copy(
            update={
                "means": one.means,
                "reason": one.reason,
                "participant": None if one.participant is None else ParticipantId(one.participant),
            }
        )
        for one in asked
    ]
    for span in sealed:
        whole = _span(sections, span.began_at, span.ended_at)
        found += [whole.model_copy(update={"means": means, "order": span.order}) for means in ("silence", "blank")]
    return tuple(sorted(found, key=lambda one: (one.from_ms, one.to_ms)))


def _span(sections: Sequence[FilmSection], began_at: datetime, ended_at: datetime) -> RedactedSpan:
    from_ms, to_ms = (round(1000 * (film_second(sections, at) or 0.0)) for at in (began_at, ended_at))
    return RedactedSpan(
        from_ms=from_ms, to_ms=to_ms, began_at=began_at, ended_at=ended_at, means="blank", reason=SEALED_REASON
    )
