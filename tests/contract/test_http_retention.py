"""How long a record is kept is chosen when its hearing is scheduled, and told; nothing over HTTP removes any of it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cloudcourt.domain.events import Event, HearingClosed, HearingOpened
from tests.bed.http_court import HttpCourt, open_court, person_of, schedule
from tests.bed.recordings import WallClock

pytestmark = pytest.mark.contract


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


async def test_the_class_is_chosen_once_and_told(court: HttpCourt) -> None:
    desk = await court.desk()
    first = await schedule(desk)
    told = (await desk.get(f"/api/hearings/{first['id']}/recording/retention")).json
    assert told == {"retention": "permanent", "is_held": False, "due": [], "destroyed": []}
    ask = {"case_id": first["case_id"], "scheduled_at": WallClock().now().isoformat(), "retention": "short"}
    assert (await desk.post("/api/hearings", {**ask, "retention": "a while"})).code == "invalid_input"
    short = (await desk.post("/api/hearings", ask)).json
    opened_at = WallClock().now().replace(microsecond=0) - timedelta(hours=1)
    happened: list[Event] = [HearingOpened(), HearingClosed()]
    for number, event in enumerate(happened, start=1):
        at = opened_at + timedelta(minutes=number)
        await court.store.record.append(short["id"], number, [event], at=at, actor=person_of(short, "clerk"))
    told = (await desk.get(f"/api/hearings/{short['id']}/recording/retention")).json
    assert told["retention"] == "short"
    years = {due["data"]: datetime.fromisoformat(due["due_at"]).year - opened_at.year for due in told["due"]}
    assert years == {"film": 10, "record": 30}


async def test_no_address_removes_any_of_a_record(court: HttpCourt) -> None:
    paths = (await (await court.browser()).get("/openapi.json")).json["paths"]
    assert [path for path, acts in paths.items() if "/recording" in path and "delete" in acts] == []
    assert list(paths["/api/hearings/{hearing_id}/recording/retention"]) == ["get"]
