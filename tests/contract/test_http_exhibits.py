"""Exhibits over HTTP: real files, known by their content, read by whom they concern, never replaced."""

import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image
from pypdfium2.version import PDFIUM_INFO

from cloudcourt.documents.exhibit_examiner import LONGEST_SIDE_PX
from cloudcourt.documents.exhibit_shelf import _bare_environment
from cloudcourt.domain.exhibit_commands import ExhibitReceived
from tests.bed.http_court import Answer, Browser, HttpCourt, Unannounced, open_court, schedule
from tests.bed.papers import pdf, photograph, png_bomb, scripted_pdf, silence

pytestmark = pytest.mark.contract

LIMIT_MIB = 1


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    settings: dict[str, Any] = {"exhibit_mib": LIMIT_MIB, "exhibit_pages": 3}
    async with open_court(tmp_path, migrated_sqlite, settings) as court:
        yield court


def path_of(seat: Any, rest: str = "") -> str:
    return f"/api/hearings/{seat['hearing_id']}/exhibits{rest}"


async def hand_in(browser: Browser, seat: Any, content: bytes, rest: str = "", title: str = "借条") -> Answer:
    headers = {"Authorization": f"Bearer {seat['seat_token']}", "X_Exhibit_Title": quote(title)}
    return await browser.ask("POST", path_of(seat, rest), content, Content_Type="text/html", **headers)


async def read(browser: Browser, seat: Any, rest: str) -> Answer:
    return await browser.get(path_of(seat, rest), Authorization=f"Bearer {seat['seat_token']}")


async def test_a_paper_is_kept_under_its_hash_and_read_by_the_court_and_the_parties(court: HttpCourt) -> None:
    desk = await court.desk()
    hearing = await schedule(desk)
    browser, plaintiff = await court.guest(hearing, "plaintiff")
    clerks, clerk = await court.guest(hearing, "clerk")
    content = pdf()
    answer = await hand_in(browser, plaintiff, content)
    assert answer.status == 201, answer.content
    sha256 = hashlib.sha256(content).hexdigest()
    assert answer.json == {
        "kind": "pdf",
        "media_type": "application/pdf",
        "suffix": "pdf",
        "bytes": len(content),
        "sha256": sha256,
        "pages": 3,
    }
    kept = court.folder(hearing) / "exhibits" / f"{sha256}.pdf"
    assert kept.read_bytes() == content
    whole = await read(clerks, clerk, f"/{sha256}")
    assert whole.content == content
    assert whole.headers["Content-Disposition"] == "attachment"
    page = await read(clerks, clerk, f"/{sha256}/pages/3")
    assert (page.status, page.headers["Content-Type"], page.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    for rest in (
        f"/{sha256}/pages/4",
        f"/{sha256}/pages/0",
        f"/{sha256}/pages/%C2%B2",
        f"/{'0' * 64}",
        "/..%2f..%2fkey",
    ):
        assert (await read(clerks, clerk, rest)).code == "not_found"
    stranger, other = await court.guest(await schedule(desk, case_number="（2026）云0101民初99号"), "plaintiff")
    assert (await read(stranger, {**other, "hearing_id": hearing["id"]}, f"/{sha256}")).code == "not_found"
    assert (await (await court.browser()).get(path_of(plaintiff, f"/{sha256}"))).code == "not_signed_in"


async def test_versions_are_linked_and_what_was_there_stays(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    browser, plaintiff = await court.guest(hearing, "plaintiff")
    first = (await hand_in(browser, plaintiff, photograph())).json
    second = (await hand_in(browser, plaintiff, silence(), "?exhibit=1&original=1", title="")).json
    assert (first["kind"], second["kind"], second["pages"]) == ("image", "audio", 0)
    again = await hand_in(browser, plaintiff, photograph(), "?exhibit=1")
    assert again.json == first
    names = sorted(path.name for path in (court.folder(hearing) / "exhibits").iterdir())
    assert names == sorted([f"{first['sha256']}.jpg", f"{first['sha256']}-0001.jpg", f"{second['sha256']}.wav"])
    assert (await hand_in(browser, plaintiff, photograph((1, 2, 3)), "?exhibit=7")).code == "no_such_exhibit"
    assert (await hand_in(browser, plaintiff, photograph(), "?exhibit=x")).code == "invalid_input"
    assert (await hand_in(browser, plaintiff, photograph(), title="")).code == "invalid_input"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unknown_file_kind"),
        (b"<html><script>alert(1)</script>", "unknown_file_kind"),
        (b"%PDF-1.7 and nothing more", "unknown_file_kind"),
        (photograph()[:300], "unknown_file_kind"),
        (pdf(((1, 1, 1),) * 4), "too_many_pages"),
        (Unannounced(b"%PDF-" + b"x" * (LIMIT_MIB << 20)), "too_large"),
        (png_bomb(30_000), "unknown_file_kind"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n", "unknown_file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unknown_file_kind"),
    ],
    ids=["nothing", "page", "no pdf", "cut", "long", "large", "bomb", "playlist", "drawing with a script"],
)
async def test_what_is_no_exhibit_is_refused_and_leaves_nothing(court: HttpCourt, content: bytes, code: str) -> None:
    hearing = await schedule(await court.desk())
    browser, plaintiff = await court.guest(hearing, "plaintiff")
    assert (await hand_in(browser, plaintiff, content)).code == code
    assert list((court.folder(hearing) / "exhibits").iterdir()) == []


async def test_a_stated_hash_is_kept_beside_the_one_of_the_bytes(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    browser, plaintiff = await court.guest(hearing, "plaintiff")
    whole = pdf()
    stated, altered = hashlib.sha256(whole).hexdigest(), whole[:7] + b"6" + whole[8:]
    for content in (whole, altered):
        said = await hand_in(browser, plaintiff, content, f"?sha256={stated.upper()}")
        assert (said.status, said.json["sha256"]) == (201, hashlib.sha256(content).hexdigest())
    log = await court.store.record.since(hearing["id"], 1)
    received = [stored.event for stored in log if isinstance(stored.event, ExhibitReceived)]
    assert [event.stated_sha256 == event.file.sha256 for event in received] == [True, False]
    for wrong in ("", "1234", "g" * 64):
        assert (await hand_in(browser, plaintiff, photograph((9, 9, 9)), f"?sha256={wrong}")).code == "invalid_input"


async def test_a_paper_with_a_script_and_a_giant_page_is_drawn_small_and_never_opened_here(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    browser, plaintiff = await court.guest(hearing, "plaintiff")
    paper = (await hand_in(browser, plaintiff, scripted_pdf(side_pt=14_400))).json
    page = await read(browser, plaintiff, f"/{paper['sha256']}/pages/1")
    with Image.open(io.BytesIO(page.content)) as drawn:
        assert drawn.format == "JPEG" and max(drawn.size) <= LONGEST_SIDE_PX
    file = await read(browser, plaintiff, f"/{paper['sha256']}")
    assert file.headers["Content-Disposition"] == "attachment"
    assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_the_examiner_learns_nothing_of_the_courts_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCOURT_DATABASE_URL", "postgresql://court:secret@db/court")
    assert "secret" not in str(_bare_environment())


def test_papers_are_drawn_by_a_library_that_runs_no_scripts() -> None:
    assert not {"V8", "XFA"} & set(PDFIUM_INFO.flags)
