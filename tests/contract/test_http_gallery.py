"""The program over HTTP: to those who may listen to the record at once, to the public what it may see by now."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cloudcourt.domain import commands as ask
from cloudcourt.domain.gallery import CutGallery, OpenGallery
from cloudcourt.domain.hearing import Hearing, Phase
from cloudcourt.domain.ids import HearingId, ParticipantId
from tests.bed.http_court import Browser, HttpCourt, open_court, schedule, token_of
from tests.bed.program_stream import CODECS, ProgramStream
from tests.courthouse import CLERK, DEFENDANT, JUDGE, PLAINTIFF, CourtDay

pytestmark = pytest.mark.contract

GALLERY = "/api/hearings/h_1/gallery"
SEATS = 4


class OpenRooms:
    """The court's desk with one hearing under way, and its clock."""

    def __init__(self) -> None:
        self.day = CourtDay(is_public=True)

    def now(self) -> datetime:
        return self.day.now

    def sitting(self, hearing_id: HearingId) -> Hearing | None:
        return self.day.hearing if hearing_id == self.day.hearing.id else None

    async def hearing(self, hearing_id: HearingId) -> Hearing:
        return self.day.hearing

    async def link_revoked(self, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        return None


@dataclass
class Gallery:
    """A hearing in session whose judge has opened the gallery, and its program stream."""

    court: HttpCourt
    day: CourtDay
    program: ProgramStream

    async def visitor(self, address: str = "203.0.113.9") -> "Visitor":
        browser = await self.court.browser()
        answer = await browser.post(f"{GALLERY}/seat", X_Forwarded_For=address)
        assert answer.status == 201, answer.content
        return Visitor(browser, answer.json["ticket"])


@dataclass
class Visitor:
    browser: Browser
    ticket: str

    async def asks(self, path: str) -> int:
        return (await self.browser.get(f"{GALLERY}/program{path}", Authorization=f"Bearer {self.ticket}")).status

    async def sees(self, since: int = 0) -> list[int]:
        """The numbers of the chunks that can be seen now; each is there, and no other."""
        answer = await self.browser.get(f"{GALLERY}/program?since={since}", Authorization=f"Bearer {self.ticket}")
        assert answer.status == 200, answer.content
        numbers = [chunk["number"] for chunk in answer.json["chunks"]]
        for number in range(since + 1, 13):
            assert await self.asks(f"/chunk-{number:06}.m4s") == (200 if number in numbers else 404), number
        assert await self.asks("/init.mp4") == (200 if answer.json["last"] else 404)
        return numbers


@pytest.fixture
async def gallery(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[Gallery]:
    rooms = OpenRooms()
    day = rooms.day
    async with open_court(
        tmp_path, migrated_sqlite, clock=rooms, court=rooms, gallery_delay_s=10.0, gallery_seats=SEATS
    ) as court:
        day.arrives(JUDGE, CLERK, PLAINTIFF, DEFENDANT)
        day.asks(JUDGE, OpenGallery())
        day.opens()
        yield Gallery(court, day, ProgramStream(court.data_dir / "hearings" / "h_1", day.now))


async def state(gallery: Gallery) -> str:
    answer = await (await gallery.court.browser()).get(GALLERY)
    assert answer.status == 200, answer.content
    return str(answer.json["state"])


async def test_a_visitor_sees_what_is_older_than_the_delay(gallery: Gallery) -> None:
    visitor = await gallery.visitor()
    assert await state(gallery) == "on_air"
    assert await visitor.sees() == []
    gallery.program.write(4)
    gallery.day.passes(13.9)
    assert await visitor.sees() == [], "the first four seconds end ten seconds before"
    gallery.day.passes(0.1)
    assert await visitor.sees() == [1]
    gallery.day.passes(9)
    assert await visitor.sees() == [1, 2, 3]
    assert await visitor.sees(since=2) == [3]
    for name in ("chunk-1.m4s", "chunk-000000.m4s", "film.jsonl", "..%2f..%2fhearing.json", "chunk-000001.m4s%00"):
        assert await visitor.asks(f"/{name}") == 404, name


async def test_a_cut_takes_back_what_waits_and_shuts_the_gallery(gallery: Gallery) -> None:
    visitor = await gallery.visitor()
    gallery.program.write(5)
    gallery.day.passes(20)
    assert await visitor.sees() == [1, 2]
    gallery.day.asks(JUDGE, CutGallery())
    assert await state(gallery) == "closed"
    assert await visitor.sees() == []
    gallery.day.passes(20)
    gallery.day.asks(JUDGE, OpenGallery())
    gallery.program.write(3, skip=timedelta(seconds=20))
    gallery.day.passes(16)
    visitor = await gallery.visitor()
    assert await visitor.sees() == [6], "3 to 5 waited when the cut came: they are never aired"


async def test_it_rests_in_a_recess_and_shuts_for_mediation_and_at_the_end(gallery: Gallery) -> None:
    day, visitor = gallery.day, await gallery.visitor()
    gallery.program.write(3)
    day.passes(12)
    day.asks(JUDGE, ask.CallRecess())
    assert await state(gallery) == "paused"
    day.passes(10)
    assert await visitor.sees() == [1, 2, 3], "what was said before the recess may still be heard"
    day.resumes()
    day.asks(CLERK, ask.SetPhase(phase=Phase.MEDIATION))
    assert await state(gallery) == "closed"
    assert await visitor.sees() == []
    day.asks(CLERK, ask.SetPhase(phase=Phase.PRONOUNCEMENT))
    day.asks(JUDGE, OpenGallery())
    assert await state(gallery) == "on_air"
    day.asks(JUDGE, ask.CloseHearing())
    for path in ("", "/init.mp4", "/chunk-000001.m4s"):
        assert await visitor.asks(path) == 404
    assert (await visitor.browser.get(GALLERY)).status == 404


async def test_a_closed_case_has_no_gallery(tmp_path: Path, migrated_sqlite: Path) -> None:
    rooms = OpenRooms()
    rooms.day = CourtDay(is_public=False)
    async with open_court(tmp_path, migrated_sqlite, clock=rooms, court=rooms) as court:
        browser = await court.browser()
        assert (await browser.get(GALLERY)).status == 404
        assert (await browser.post(f"{GALLERY}/seat")).status == 404


async def test_seats_are_few_and_kept_by_watching(gallery: Gallery) -> None:
    first, second = [await gallery.visitor("203.0.113.9") for _ in range(2)]
    crowd = await gallery.court.browser()
    refused = await crowd.post(f"{GALLERY}/seat", X_Forwarded_For="203.0.113.9")
    assert refused.code == "gallery_full", "one address has half of the seats at most"
    third, _ = [await gallery.visitor(f"198.51.100.{n}") for n in range(2)]
    refused = await crowd.post(f"{GALLERY}/seat", X_Forwarded_For="192.0.2.1", Accept_Language="en")
    assert (refused.status, refused.code) == (503, "gallery_full")
    assert "4" in refused.json["error"]["message"]
    gallery.day.passes(20)
    assert await first.asks("") == await third.asks("") == 200
    gallery.day.passes(15)
    assert await second.asks("") == 401, "who asks for nothing for half a minute has left"
    assert await first.asks("") == 200
    assert (await crowd.get(GALLERY)).json["taken"] == 2
    stranger = Visitor(crowd, "nobody's")
    assert (
        await stranger.asks("") == await stranger.asks("/init.mp4") == await stranger.asks("/chunk-000001.m4s") == 401
    )


async def test_court_listens_to_what_was_written_and_parties_do_not(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite) as court:
        desk = await court.desk()
        hearing = await schedule(desk)
        path = f"/api/hearings/{hearing['id']}/recording/program"
        nothing = (await desk.get(path)).json
        assert (nothing["codecs"], nothing["last"], nothing["chunks"]) == (None, 0, [])
        stream = ProgramStream(court.folder(hearing), datetime.fromisoformat(hearing["scheduled_at"]))
        stream.write(3)
        seats = {role: f"Bearer {token_of(hearing, role)}" for role in ("judge", "bench_member", "clerk", "plaintiff")}
        browser = await court.browser()
        for role, who in seats.items():
            for part in ("", "/init.mp4", "/chunk-000002.m4s"):
                answer = await browser.get(path + part, Authorization=who)
                assert answer.status == (404 if role == "plaintiff" else 200), (role, part)
        entries = (await desk.get(f"/api/hearings/{hearing['id']}/recording/access")).json["entries"]
        assert [entry["file"] for entry in entries] == ["program"] * 3, "one row a listener, and none for the refused"
        told = (await browser.get(f"{path}?since=1", Authorization=seats["clerk"])).json
        assert (told["codecs"], told["last"]) == (CODECS, 3)
        assert [chunk["number"] for chunk in told["chunks"]] == [2, 3]
        assert told["chunks"][0]["film_ms"] == 4000
        stream.write(1)
        assert (await browser.get(path, Authorization=seats["clerk"])).json["last"] == 4
        (stream.folder / "film.jsonl").rename(stream.folder / "older.jsonl")
        lines = (stream.folder / "older.jsonl").read_text().splitlines(keepends=True)
        (stream.folder / "film.jsonl").write_text("".join(lines[:3]) + '{"number": 3, "kin')
        again = (await browser.get(f"{path}?since=4", Authorization=seats["clerk"])).json
        assert (again["last"], again["chunks"]) == (2, []), "a shorter index is read anew, and whole lines only"
        assert (await browser.get(f"{path}?since=-1", Authorization=seats["clerk"])).status == 400
        outside = tmp_path / "outside.mp4"
        outside.write_bytes(b"no")
        (stream.folder / "chunk-000009.m4s").symlink_to(outside)
        assert (await desk.get(f"{path}/chunk-000009.m4s")).status == 404
