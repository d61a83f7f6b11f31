"""`.../recording/marks`: the film's sections and what happened when, for a player with chapters."""

from cloudcourt.api.access import RECORD_PERMISSIONS, Reader, Record
from cloudcourt.api.answers import Nothing
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.film_time import FilmSection, film_sections
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_marks import Mark, marks
from cloudcourt.domain.roles import Permission
from cloudcourt.domain.value import Value

RECORD_WITH_NOTES = Record(RECORD_PERMISSIONS | {Permission.READ_NOTES})

routes = RouteTable()


class MarkList(Value):
    """`sections` turn a second of the film into wall-clock time and back; `film_s` of each mark is that already."""

    sections: tuple[FilmSection, ...]
    marks: tuple[Mark, ...]


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
    return MarkList(sections=sections, marks=marks(await call.house.log.since(hearing_id, 0), sections))
