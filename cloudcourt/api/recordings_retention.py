"""`.../recording/retention`: how long a record is kept, what is due when, and what was destroyed by rule."""

from datetime import datetime

from cloudcourt.api.access import RECORD, Reader
from cloudcourt.api.answers import Nothing
from cloudcourt.api.routes import Call, RouteTable
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.record_orders import is_held
from cloudcourt.domain.retention import RecordData, RetentionClass, rules_of
from cloudcourt.domain.value import Value

routes = RouteTable()


class DueData(Value):
    """When data of a kind are due; while a legal hold stands, not before it is lifted."""

    data: RecordData
    due_at: datetime


class DestroyedData(Value):
    """What went at once under a rule: how much, not what it held."""

    data: RecordData
    at: datetime
    years: int
    files: int
    bytes: int


class RetentionState(Value):
    """`due` is empty for a record that is kept for ever, and before the hearing has ended."""

    retention: RetentionClass
    is_held: bool
    due: tuple[DueData, ...]
    destroyed: tuple[DestroyedData, ...]


@routes.route(
    "GET",
    "/api/hearings/{hearing_id}/recording/retention",
    body=Nothing,
    returns=RetentionState,
    access=RECORD,
    summary="How long a record is kept, and what of it was destroyed by rule.",
)
async def read_retention(call: Call[Nothing, Reader]) -> RetentionState:
    """Raises NotFound."""
    house = call.house
    hearing = await house.court.hearing(HearingId(call.named("hearing_id")))
    stones = await house.destroyer.tombstones(hearing.id)
    gone = {stone.data for stone in stones}
    rules = () if hearing.ended_at is None else rules_of(hearing.retention, hearing.ended_at)
    return RetentionState(
        retention=hearing.retention,
        is_held=is_held(await house.orders.orders(hearing.id)),
        due=tuple(DueData(data=rule.data, due_at=rule.due_at) for rule in rules if rule.data not in gone),
        destroyed=tuple(
            DestroyedData(
                data=stone.data,
                at=stone.at,
                years=stone.years,
                files=len(stone.files),
                bytes=sum(file.bytes for file in stone.files),
            )
            for stone in stones
        ),
    )
