"""Check-in over HTTP: the rules of court, a snapshot's way to the clerk, one-time codes, and the board."""

import asyncio
import hashlib
import io
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cloudcourt.documents.code_desk import CodeDesk
from cloudcourt.documents.snapshots import FolderSnapshots
from cloudcourt.domain.errors import NotFound
from cloudcourt.domain.ids import HearingId, ParticipantId
from tests.bed.http_court import Browser, HttpCourt, Unannounced, open_court, person_of, schedule

pytestmark = pytest.mark.contract

HEARING, PERSON = HearingId("h_1"), ParticipantId("p_1")


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite, {"check_in": "full"}) as court:
        yield court


def picture(width: int = 800, height: int = 600, kind: str = "JPEG", **extras: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (200, 60, 40)).save(file, kind, **extras)
    return file.getvalue()


async def hand_in(browser: Browser, seat: Any, content: bytes, kind: str = "image/jpeg") -> Any:
    path = f"/api/hearings/{seat['hearing_id']}/snapshot"
    return await browser.ask("POST", path, content, Authorization=f"Bearer {seat['seat_token']}", Content_Type=kind)


async def test_everyone_can_read_what_they_sign(court: HttpCourt) -> None:
    answer = await (await court.browser()).get("/api/court-rules")
    texts = {text["language"]: text for text in answer.json["texts"]}
    assert set(texts) == {"zh-CN", "en"}
    for text in texts.values():
        assert len(text["clauses"]) == 8
        words = "\n".join([text["version"], *text["clauses"]])
        assert hashlib.sha256(words.encode()).hexdigest() == text["sha256"]


async def test_a_snapshot_reaches_the_clerk_and_nobody_else(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    browser, plaintiff = await court.guest(hearing, "plaintiff")
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    answer = await hand_in(browser, plaintiff, picture(3000, 2000, exif=exif))
    assert answer.status == 201, answer.content
    kept = answer.json
    path = f"/api/hearings/{hearing['id']}/snapshots/{kept['sha256']}"
    _, clerk = await court.guest(hearing, "clerk")
    seen = await browser.get(path, Authorization=f"Bearer {clerk['seat_token']}")
    assert (seen.status, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert seen.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(seen.content).hexdigest() == kept["sha256"]
    assert b"where I live" not in seen.content
    assert max(Image.open(io.BytesIO(seen.content)).size) == 1600
    assert (await desk.get(path)).status == 200
    assert (await browser.get(path, Authorization=f"Bearer {plaintiff['seat_token']}")).code == "not_found"
    assert (await (await court.browser()).get(path)).code == "not_signed_in"

    board = (await desk.get(f"/api/hearings/{hearing['id']}/board")).json["people"]
    line = next(each for each in board if each["participant_id"] == person_of(hearing, "plaintiff"))
    assert line["lacks"] == ["identity", "declaration"]
    assert line["check_in"]["identity"]["state"] == "submitted"
    assert line["check_in"]["identity"]["snapshot_sha256"] == kept["sha256"]
    assert (await browser.get(f"/api/hearings/{hearing['id']}/board")).code == "not_signed_in"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"no picture at all", "image/jpeg", "invalid_input"),
        (picture(kind="GIF"), "image/jpeg", "invalid_input"),
        (picture()[:200], "image/jpeg", "invalid_input"),
        (picture(), "application/json", "invalid_input"),
        (Unannounced(b"\xff\xd8" + b"x" * (2 * 1024 * 1024)), "image/jpeg", "too_large"),
    ],
    ids=["text", "gif", "cut", "not said to be one", "too large"],
)
async def test_what_is_no_picture_is_refused(court: HttpCourt, content: bytes, kind: str, code: str) -> None:
    browser, plaintiff = await court.guest(await schedule(await court.desk()), "plaintiff")
    assert (await hand_in(browser, plaintiff, content, kind)).code == code


async def test_a_seat_hands_in_for_its_own_hearing_alone(court: HttpCourt) -> None:
    desk = await court.desk()
    browser, plaintiff = await court.guest(await schedule(desk), "plaintiff")
    other = await schedule(desk, case_number="（2026）云0101民初28号")
    answer = await hand_in(browser, {**plaintiff, "hearing_id": other["id"]}, picture())
    assert answer.code == "not_found"


async def test_the_clerk_reads_a_code_that_the_person_does_not(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    browser, clerk = await court.guest(hearing, "clerk")
    _, plaintiff = await court.guest(hearing, "plaintiff")
    path = f"/api/hearings/{hearing['id']}/people/{plaintiff['participant_id']}/code"
    code = (await browser.get(path, Authorization=f"Bearer {clerk['seat_token']}")).json["code"]
    assert len(code) == 6 and code.isdigit()
    assert (await browser.get(path, Authorization=f"Bearer {plaintiff['seat_token']}")).code == "not_found"
    nobody = path.replace(plaintiff["participant_id"], "p_nobody")
    assert (await browser.get(nobody, Authorization=f"Bearer {clerk['seat_token']}")).code == "no_such_person"


async def test_codes_differ_and_survive_a_restart(tmp_path: Path) -> None:
    desk = CodeDesk(tmp_path)
    codes = [await desk.code(HEARING, PERSON, number) for number in range(20)]
    assert len(set(codes)) > 15
    assert await desk.code(HearingId("h_2"), PERSON, 0) != codes[0]
    assert await CodeDesk(tmp_path).matches(HEARING, PERSON, 3, codes[3])
    assert not await desk.matches(HEARING, PERSON, 4, codes[3])
    assert (tmp_path / "identity.key").stat().st_mode & 0o077 == 0


async def test_snapshots_are_destroyed_after_their_time(tmp_path: Path) -> None:
    shelf = FolderSnapshots(tmp_path)
    now = datetime.now(UTC)
    old = await shelf.keep(HEARING, picture())
    assert await shelf.read(HEARING, old.sha256)
    (file,) = (tmp_path / "identity" / HEARING).glob("*.jpg")
    aged = (now - timedelta(days=31)).timestamp()
    await asyncio.to_thread(os.utime, file, (aged, aged))
    new = await shelf.keep(HearingId("h_2"), picture())
    oldest, nobody = now - timedelta(days=30), frozenset[HearingId]()
    assert await shelf.destroy_older_than(oldest, frozenset({HEARING}), dry_run=False) == {}, "it is held"
    assert await shelf.destroy_older_than(oldest, nobody, dry_run=True) == {HEARING: 1}
    assert await shelf.read(HEARING, old.sha256)
    assert await shelf.destroy_older_than(oldest, nobody, dry_run=False) == {HEARING: 1}
    with pytest.raises(NotFound):
        await shelf.read(HEARING, old.sha256)
    assert await shelf.read(HearingId("h_2"), new.sha256)
    for bad in ("../../court", "0" * 63, "G" * 64):
        with pytest.raises(NotFound):
            await shelf.read(HEARING, bad)
