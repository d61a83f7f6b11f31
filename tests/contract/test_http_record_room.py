"""The record room over HTTP: finding a record, its marks, and copies that need a reason, resume, and leave a trace."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from sqlalchemy.exc import OperationalError

from cloudcourt.api.application import ROUTES
from cloudcourt.domain.events import (
    Event,
    HearingClosed,
    HearingOpened,
    HearingSuspended,
    PhaseChanged,
    RecessCalled,
)
from cloudcourt.domain.hearing import Phase, SessionState
from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.log_note import NoteAdded
from media.copies.order import CopyFacts
from tests.bed.http_court import Browser, HttpCourt, open_court, person_of, schedule, token_of
from tests.bed.recordings import WallClock

pytestmark = pytest.mark.contract

FILM = bytes(range(256)) * 12_000
WITHIN_S = 120


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


@pytest.fixture
async def desk(court: HttpCourt) -> Browser:
    return await court.desk()


async def held(court: HttpCourt, desk: Browser, **case: object) -> Any:
    """A hearing that was opened, had a phase, a note, a recess, a fault and a close; and a film beside it."""
    hearing = await schedule(desk, **case)
    clerk = person_of(hearing, "clerk")
    now = WallClock().now() - timedelta(hours=1)
    happened: list[tuple[int, Event]] = [
        (0, HearingOpened()),
        (10, PhaseChanged(phase=Phase.DEBATE)),
        (20, NoteAdded(participant_id=ParticipantId(clerk), text="借条原件")),
        (30, RecessCalled(note="午休")),
        (90, HearingSuspended(note="judge lost")),
        (120, HearingClosed()),
    ]
    for number, (seconds, event) in enumerate(happened, start=1):
        at = now + timedelta(seconds=seconds)
        await court.store.record.append(hearing["id"], number, [event], at=at, actor=clerk)
    await court.store.record.note_session(hearing["id"], SessionState.CLOSED)
    (court.folder(hearing) / "composite.mp4").write_bytes(FILM)
    return hearing


def path_of(hearing: Any, part: str) -> str:
    return f"/api/hearings/{hearing['id']}/recording{part}"


async def found(browser: Browser, query: str = "", **headers: str) -> list[str]:
    answer = await browser.get(f"/api/recordings{query}", **headers)
    assert answer.status == 200, answer.content
    return [card["hearing_id"] for card in answer.json["records"]]


# --- finding -----------------------------------------------------------------------------------------


async def test_the_clerk_finds_every_record_and_a_judge_those_of_the_case(court: HttpCourt, desk: Browser) -> None:
    mine = await held(court, desk)
    other = await held(court, desk, case_number="（2026）云0101民初28号")
    await schedule(desk, case_number="（2026）云0101民初29号")  # never opened: there is no record of it
    assert set(await found(desk)) == {mine["id"], other["id"]}
    assert await found(desk, "?words=%E6%B0%91%E5%88%9D28") == [other["id"]]
    today = (WallClock().now() - timedelta(hours=1)).astimezone().date()
    assert await found(desk, f"?from_day={today + timedelta(days=2)}") == []
    assert len(await found(desk, f"?from_day={today - timedelta(days=1)}&to_day={today + timedelta(days=1)}")) == 2
    assert await found(desk, "?state=sealed") == []
    assert len(await found(desk, "?state=has_faults&words=&page=1")) == 2
    program = await court.browser()
    for role in ("judge", "clerk"):
        assert await found(program, Authorization=f"Bearer {token_of(mine, role)}") == [mine["id"]]
    for role in ("plaintiff", "bench_member"):
        answer = await program.get("/api/recordings", Authorization=f"Bearer {token_of(mine, role)}")
        assert (answer.status, answer.code) == (403, "not_allowed")
    assert (await program.get("/api/recordings")).code == "not_signed_in"


HOSTILE_QUERIES = {
    "page=0": "page",
    "page=-1": "page",
    "page=1e9": "page",
    "page=99999": "page",
    "from_day=yesterday": "from_day",
    "from_day=0001-01-01": "day",
    "to_day=9999-12-31": "day",
    "state=deleted": "state",
    "surprise=1": "surprise",
    "page=1&page=2": "page",
    "words=" + "x" * 101: "words",
    "words=" + "a+" * 9: "words",
    "words=" + "x" * 3_000: "query",
}


async def test_a_query_that_does_not_fit_is_refused_by_name(desk: Browser) -> None:
    for query, where in HOSTILE_QUERIES.items():
        answer = await desk.get(f"/api/recordings?{query}")
        assert (answer.status, answer.code) == (400, "invalid_input"), query
        assert answer.json["error"]["fields"]["where"] == where, query
    assert await found(desk, "?words=%00%27%3B--") == []


# --- marks -------------------------------------------------------------------------------------------


async def test_marks_tell_wall_clock_and_film_time(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)
    told = (await desk.get(path_of(hearing, "/marks"))).json
    assert [(mark["kind"], mark["film_s"]) for mark in told["marks"]] == [
        *(("opened", 0), ("phase", 10), ("note", 20), ("recess", 30), ("suspended", 32), ("closed", 34)),
    ]
    assert [(s["reason"], s["from_s"], s["length_s"]) for s in told["sections"]] == [
        *((None, 0, 30), ("RECESS", 30, 2), ("FAULT", 32, 2)),
    ]
    note = told["marks"][2]
    assert (note["text"], note["person"]["role"]) == ("借条原件", "clerk")
    bench, plaintiff = [token_of(hearing, role) for role in ("bench_member", "plaintiff")]
    program = await court.browser()
    for token in (bench, plaintiff):
        assert (await program.get(path_of(hearing, "/marks"), Authorization=f"Bearer {token}")).code == "not_found"


# --- copies to take away -----------------------------------------------------------------------------

WISH = {"subject": "film", "purpose": "appeal", "reason": "移送二审"}


@dataclass
class Line:
    """A raw connection to the court, to be cut at will."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, court: HttpCourt, desk: Browser, path: str) -> "Line":
        host, port = court.url.removeprefix("http://").split(":")
        line = cls(*await asyncio.open_connection(host, int(port)))
        cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
        line.writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
        return line

    async def hangs_up(self, after_bytes: int) -> tuple[bytes, bytes]:
        """The head and that much of the body; then the line is dead."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        body = await self.reader.readexactly(after_bytes)
        self.writer.transport.abort()
        return head, body


async def granted(desk: Browser, hearing: Any, **wish: object) -> Any:
    answer = await desk.post(path_of(hearing, "/downloads"), {**WISH, **wish})
    assert answer.status == 201, answer.content
    return answer.json


async def openings(desk: Browser, hearing: Any) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await desk.get(path_of(hearing, "/access"))).json["entries"]
    return entries


async def test_a_download_that_breaks_off_resumes_and_gives_the_same_bytes(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)
    ticket = await granted(desk, hearing)
    assert (ticket["state"], ticket["bytes"], ticket["number"], ticket["bytes_sent"]) == ("ready", len(FILM), 1, 0)
    assert ticket["name"].startswith("（2026）云0101民初27号_庭审录像_2")
    head, begun = await (await Line.to(court, desk, ticket["url"])).hangs_up(700_000)
    tag = next(line for line in head.decode().split("\r\n") if line.lower().startswith("etag")).partition(": ")[2]
    rest = await desk.get(ticket["url"], Range=f"bytes={len(begun)}-", If_Range=tag)
    assert rest.status == 206
    assert hashlib.sha256(begun + rest.content).hexdigest() == hashlib.sha256(FILM).hexdigest()
    assert (await desk.get(ticket["url"].removesuffix("/file"))).json["bytes_sent"] == len(FILM)

    async with asyncio.timeout(WITHIN_S):  # the broken one's figures come when the server notices
        while not all(entry["bytes"] for entry in await openings(desk, hearing)):
            await asyncio.sleep(0.05)
    first, second = await openings(desk, hearing)
    for entry in (first, second):
        assert (entry["number"], entry["purpose"], entry["reason"]) == (1, "appeal", "移送二审")
        assert (entry["file"], entry["who"], entry["download_id"]) == ("composite.mp4", "staff:zhaomin", ticket["id"])
    assert (first["range_from"], first["is_complete"]) == (0, False)
    assert len(begun) <= first["bytes"] < len(FILM)
    assert (second["range_from"], second["bytes"], second["is_complete"]) == (
        *(len(begun), len(FILM) - len(begun), True),
    )


async def test_a_film_that_changed_meanwhile_is_sent_anew(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)
    ticket = await granted(desk, hearing)
    answer = await desk.get(ticket["url"], Range="bytes=0-9")
    by_date = [answer.headers["Last-Modified"], "Thu, 01 Jan 1998 00:00:00 GMT", "yesterday"]
    asked = [await desk.get(ticket["url"], Range="bytes=10-19", If_Range=date) for date in by_date]
    assert [one.status for one in asked] == [206, 200, 200]
    (court.folder(hearing) / "composite.mp4").write_bytes(b"another film")
    again = await desk.get(ticket["url"], Range="bytes=10-", If_Range=answer.headers["ETag"])
    assert (again.status, again.content) == (200, b"another film")


async def test_what_was_played_is_counted_too(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)
    film = path_of(hearing, "/composite.mp4")
    for asked in ("bytes=0-99", "bytes=5000-5999"):
        await desk.get(film, Range=asked)
    (entry,) = await openings(desk, hearing)
    assert (entry["bytes"], entry["is_complete"], entry["purpose"], entry["download_id"]) == (1_100, False, None, None)


BAD_WISHES: list[dict[str, object]] = [
    {"purpose": "curiosity"},
    {"purpose": "other", "reason": "   "},
    {"reason": "x" * 201},
    {"reason": "a\u202eb"},
    {"subject": "everything"},
    {"subject": "track"},
    {"subject": "film", "file": "tracks/a.webm"},
    {"subject": "bundle", "is_marked": True, "recipient": "王芳"},
    {"is_marked": True},
    {"is_marked": True, "recipient": "x" * 61},
    {"who": "staff:judge"},
]


async def test_without_a_purpose_there_is_no_copy(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)
    for wish in BAD_WISHES:
        answer = await desk.post(path_of(hearing, "/downloads"), {**WISH, **wish})
        assert (answer.status, answer.code) == (400, "invalid_input"), wish
    for nothing in (
        {"subject": "track", "file": "tracks/none.webm"},
        {"subject": "track", "file": "../../cloudcourt.sqlite3"},
        {"subject": "bundle"},
    ):
        assert (await desk.post(path_of(hearing, "/downloads"), {**WISH, **nothing})).code == "not_found", nothing
    assert await openings(desk, hearing) == []


async def test_a_ticket_is_for_one_person_one_hearing_and_a_day(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)
    other = await held(court, desk, case_number="（2026）云0101民初28号")
    ticket = await granted(desk, hearing)
    judge, _ = await court.guest(hearing, "judge")
    assert (await judge.get(ticket["url"])).code == "not_found"
    assert (await desk.get(ticket["url"].replace(hearing["id"], other["id"]))).code == "not_found"
    assert (await (await court.browser()).get(ticket["url"])).code == "not_signed_in"
    assert (await judge.post(path_of(hearing, "/downloads"), WISH)).json["number"] == 2
    plaintiff = f"Bearer {token_of(hearing, 'plaintiff')}"
    program = await court.browser()
    assert (await program.post(path_of(hearing, "/downloads"), WISH, Authorization=plaintiff)).code == "not_found"
    assert await openings(desk, hearing) == []


class Later(WallClock):
    def now(self) -> Any:
        return super().now() + timedelta(hours=13)


async def test_an_expired_ticket_gives_nothing(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite) as court:
        desk = await court.desk()
        hearing = await held(court, desk)
        ticket = await granted(desk, hearing)
        judge = token_of(hearing, "judge")
        mine = (
            await (await court.browser()).post(path_of(hearing, "/downloads"), WISH, Authorization=f"Bearer {judge}")
        ).json
    async with open_court(tmp_path, migrated_sqlite, clock=Later()) as court:
        program = await court.browser()
        for url in (mine["url"], mine["url"].removesuffix("/file"), ticket["url"]):
            assert (await program.get(url, Authorization=f"Bearer {judge}")).code == "not_found"


class FullLog:
    """An access log on a full disk."""

    def __init__(self, log: Any) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def note(self, entry: object) -> int:
        raise OperationalError("INSERT", {}, Exception("disk full"))


async def test_what_cannot_be_logged_is_not_given(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite) as court:
        hearing = await held(court, await court.desk())
        full = FullLog(court.store.access)
    async with open_court(tmp_path, migrated_sqlite) as court:
        full = FullLog(court.store.access)
    async with open_court(tmp_path, migrated_sqlite, access=full) as court:
        full._log = court.store.access
        judge, _ = await court.guest(hearing, "judge")
        ticket = (await judge.post(path_of(hearing, "/downloads"), WISH)).json
        for url in (ticket["url"], path_of(hearing, "/composite.mp4")):
            answer = await judge.get(url)
            assert (answer.status, answer.code) == (500, "internal")


def write_film(path: Path, seconds: int = 3) -> None:
    """A small real film: grey pictures and a tone."""
    with av.open(str(path), "w", format="mp4") as film:
        picture = film.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = 640, 360, "yuv420p"
        sound = film.add_stream("aac", rate=48_000)
        sound.layout = "mono"
        for number in range(25 * seconds):
            frame = av.VideoFrame.from_ndarray(np.full((540, 640), 90, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            film.mux(picture.encode(frame))
            wave = np.sin(np.arange(1920) * 0.05 + number * 96).astype(np.float32).reshape(1, -1)
            tone = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
            tone.sample_rate, tone.pts, tone.time_base = 48_000, number * 1920, Fraction(1, 48_000)
            film.mux(sound.encode(tone))
        film.mux(picture.encode(None))
        film.mux(sound.encode(None))


def content_of(path: Path) -> tuple[list[Any], list[bytes]]:
    """Decoded pictures (brightness), and the sound's packets."""
    with av.open(str(path)) as film:
        pictures = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    with av.open(str(path)) as film:
        return pictures, [bytes(packet) for packet in film.demux(audio=0) if packet.size]


async def test_a_marked_copy_bears_number_and_recipient_and_leaves_the_film_alone(
    court: HttpCourt, desk: Browser, tmp_path: Path
) -> None:
    hearing = await held(court, desk)
    source = court.folder(hearing) / "composite.mp4"
    write_film(source)
    before = source.read_bytes()
    ticket = await granted(desk, hearing, is_marked=True, recipient="王芳律师")
    assert ticket["name"].endswith("_副本1.mp4")
    assert (await desk.get(ticket["url"])).code in ("not_found",) or ticket["state"] == "ready"
    async with asyncio.timeout(WITHIN_S):
        while ticket["state"] == "making":
            await asyncio.sleep(0.1)
            ticket = (await desk.get(ticket["url"].removesuffix("/file"))).json
    assert (ticket["state"], ticket["progress"]) == ("ready", 1.0)
    answer = await desk.get(ticket["url"])
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(answer.content)

    assert source.read_bytes() == before
    (plain, sound), (marked, same_sound) = content_of(source), content_of(copy)
    assert len(marked) == len(plain) == 75
    assert same_sound == sound
    for picture in (marked[0], marked[-1]):
        differs = np.abs(picture.astype(int) - 90) > 40
        rows = np.flatnonzero(differs.any(axis=1))
        for part in (rows < 120, (rows > 120) & (rows < 240), rows > 240):
            assert part.any(), "the mark is missing from a third of the picture"
        assert differs.mean() < 0.2, "the picture can't be seen for marks"
    (entry_file,) = (court.data_dir / "copies" / hearing["id"]).glob("*.json")
    facts = CopyFacts.model_validate_json(entry_file.read_bytes())
    assert (facts.number, facts.recipient, facts.bytes) == (1, "王芳律师", len(answer.content))
    assert facts.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert facts.made_from_sha256 == hashlib.sha256(before).hexdigest()
    (row,) = [row for row in await openings(desk, hearing) if row["is_complete"]]
    assert (row["recipient"], row["number"], row["bytes"]) == ("王芳律师", 1, len(answer.content))


async def test_a_copy_that_cannot_be_made_says_so_and_the_next_is_tried_again(court: HttpCourt, desk: Browser) -> None:
    hearing = await held(court, desk)  # its film is no film
    for number in (1, 2):
        ticket = await granted(desk, hearing, is_marked=True, recipient="王芳律师")
        async with asyncio.timeout(WITHIN_S):
            while ticket["state"] == "making":
                await asyncio.sleep(0.1)
                ticket = (await desk.get(ticket["url"].removesuffix("/file"))).json
        assert (ticket["number"], ticket["state"], ticket["reason"]) == (number, "failed", "failed")
        assert (await desk.get(ticket["url"])).code == "not_found"


def test_nothing_of_a_record_can_be_deleted_or_replaced() -> None:
    """No route, no page and no book has a way to: only sign-ins, links and seats end."""
    assert {route.method for route in ROUTES if "recording" in route.path} == {"GET", "POST"}
    deleting = {route.path for route in ROUTES if route.method not in ("GET", "POST")}
    assert all(path.startswith(("/api/session", "/api/hearings/{hearing_id}/people/")) for path in deleting)
    root = Path(__file__).parents[2]
    pages = [*(root / "static/js").glob("archive*.js"), *(root / "static/js").rglob("record*.js")]
    assert len(pages) >= 8
    assert not [page.name for page in pages if re.search(r"'(DELETE|PUT|PATCH)'", page.read_text())]
    books = [root / f"cloudcourt/store/{book}.py" for book in ("access_log", "record_index", "court_record")]
    assert not [book.name for book in books if re.search(r"\bdelete\(", book.read_text())]
