"""`.../recording/marks`: the film's sections and what happened when, for a player with chapters."""

from collections.abc import Sequence
from datetime import datetime

from cloudcourt.api.access import RECORD_PERMISSIONS, Reader, Record
from cloudcourt.api.answers import Nothing
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.api.withholding import withheld_spans
from cloudcourt.domain.film_time import FilmSection, film_second, film_sections
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.record_marks import Mark, marks, withheld
from cloudcourt.domain.record_orders import Ground, RecordOrder, SealedSpan, sealed_spans
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.value import Value

RECORD_WITH_NOTES = Record(RECORD_PERMISSIONS | {Permission.READ_NOTES})

routes = RouteTable()


class SealedStretch(Value):
    """A sealed span on the film's line."""

    order: int
    began_at: datetime
    ended_at: datetime
    from_s: float
    to_s: float
    reason: str
    ground: Ground | None
    participant: ParticipantId | None
    """Whose own tracks alone are sealed."""
    ordered_at: datetime


class MarkList(Value):
    """`sections` turn a second of the film into wall-clock time and back; `film_s` of each mark is that already."""

    sections: tuple[FilmSection, ...]
    marks: tuple[Mark, ...]
    sealed: tuple[SealedStretch, ...]
    """Told to everyone: from when to when, and on which ground; not what."""


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/marks",
    body=Nothing,
    returns=MarkList,
    access=RECORD_WITH_NOTES,
    summary="What happened when, in wall-clock time and in film time; log notes included.",
)
async def read_marks(call: Call[Nothing, Reader]) -> MarkList:
    """As it stands now, while the hearing goes on too. Raises NotFound."""
    hearing_id = HearingId(call.named("hearing_id"))
    hearing = await call.house.court.hearing(hearing_id)
    manifest = await call.house.record_room.manifest(hearing)
    until = hearing.ended_at or call.house.clock.now()
    sections = film_sections(manifest.spans, manifest.gaps, until)
    found = marks(await call.house.log.since(hearing_id, 0), sections)
    orders = await call.house.orders.orders(hearing_id)
    return MarkList(
        sections=sections,
        marks=withheld(found, await withheld_spans(call)),
        sealed=tuple(_stretch(span, orders, sections) for span in sealed_spans(orders)),
    )


def _stretch(span: SealedSpan, orders: Sequence[RecordOrder], sections: Sequence[FilmSection]) -> SealedStretch:
    order = orders[span.order - 1]
    why = {"reason": order.reason, "ground": order.ground, "ordered_at": order.at}
    from_s, to_s = (film_second(sections, at) or 0.0 for at in (span.began_at, span.ended_at))
    return SealedStretch(**span.model_dump(), from_s=from_s, to_s=to_s, **why)
