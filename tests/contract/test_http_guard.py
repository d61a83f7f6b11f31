"""What keeps other websites out: origins, headers, and files that are not for the world."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from cloudcourt.api.guard import CONTENT_SECURITY_POLICY
from tests.bed.http_court import CASE, HttpCourt, open_court, schedule

pytestmark = pytest.mark.contract

PAGES = {
    "/": "index.html",
    "/join": "join.html",
    "/desk": "desk.html",
    "/recordings/h_1": "recordings.html",
    "/verify": "verify.html",
}


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    """Pages and files of the test's own, and some that must not be given."""
    folder = tmp_path / "static"
    for name in (*PAGES.values(), "js/court.js", "css/court.css", "vendor/LICENSE-htm", ".hidden", "js/.hidden/x.js"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"法庭 {name}")
    (tmp_path / "secret.js").write_text("secret")
    (folder / "js/out.js").symlink_to(tmp_path / "secret.js")
    (folder / "out").symlink_to(tmp_path)
    return folder


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path, static_dir: Path) -> AsyncIterator[HttpCourt]:
    changes: dict[str, Any] = {"static_dir": static_dir, "allowed_origins": frozenset({"https://portal.example"})}
    async with open_court(tmp_path, migrated_sqlite, **changes) as court:
        yield court


def filled(headers: dict[str, str], court: HttpCourt) -> dict[str, str]:
    return {
        name: value.format(own=court.url, host=court.url.removeprefix("http://")) for name, value in headers.items()
    }


FOREIGN: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "{own}.evil.example"},
    {"Origin": "http://evil.{host}"},
    {"Origin": "http://localhost:1"},
    {"Origin": "{own}@evil.example"},
    {"Origin": "{own}, https://evil.example"},
    {"Origin": "https://portal.example.evil.example"},
    {"Origin": "http://portal.example"},
    {"Origin": "{own}", "Sec_Fetch_Site": "cross-site"},
    {"Origin": "{own}", "X_Forwarded_Proto": "https"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
]


async def test_foreign_pages_change_nothing(court: HttpCourt) -> None:
    """Wrong, null, look-alike and downgraded origins are refused even with the clerk's cookie (T14)."""
    desk = await court.desk()
    for headers in FOREIGN:
        for method, path, body in (("POST", "/api/cases", CASE), ("DELETE", "/api/session", None)):
            answer = await desk.ask(method, path, body, **filled(headers, court))
            assert (answer.status, answer.code) == (403, "foreign_origin"), headers
    assert (await desk.get("/api/cases")).json == {"cases": []}


OWN: list[dict[str, str]] = [
    {},
    {"Origin": "{own}"},
    {"Origin": "{own}", "Sec_Fetch_Site": "same-origin"},
    {"Origin": "https://{host}", "X_Forwarded_Proto": "https"},
    {"Origin": "https://{host}"},
    {"Origin": "https://portal.example", "Sec_Fetch_Site": "cross-site"},
]


async def test_own_pages_and_programs_are_heard(court: HttpCourt) -> None:
    desk = await court.desk()
    for number, headers in enumerate(OWN):
        answer = await desk.post("/api/cases", {**CASE, "case_number": str(number)}, **filled(headers, court))
        assert answer.status == 201, headers


async def test_the_public_address_is_an_own_origin(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite, public_url="https://Court.example/hall/") as court:
        desk = await court.desk()
        assert (await desk.post("/api/cases", CASE, Origin="https://court.example")).status == 201
        assert (await desk.post("/api/cases", CASE, Origin="http://court.example")).code == "foreign_origin"


async def test_no_answer_lets_another_site_read_it(court: HttpCourt) -> None:
    desk = await court.desk()
    for method in ("GET", "OPTIONS"):
        answer = await desk.ask(method, "/api/cases", Origin="https://portal.example")
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


EVERYWHERE = [
    "/",
    "/static/js/court.js",
    "/api/cases",
    "/api/nothing",
    "/nothing",
    "/healthz",
    "/favicon.ico",
    "/socket.io/",
]


async def test_every_answer_carries_the_security_headers(court: HttpCourt) -> None:
    browser = await court.browser()
    plain = [await browser.get(path) for path in EVERYWHERE]
    encrypted = [await browser.get(path, X_Forwarded_Proto="https") for path in EVERYWHERE]
    for answer in (*plain, *encrypted):
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=(self)" in answer.headers["Permissions-Policy"].split(", ")
        assert "geolocation=()" in answer.headers["Permissions-Policy"].split(", ")
        assert answer.headers["Server"] == "cloudcourt"
    assert not any("Strict-Transport-Security" in answer.headers for answer in plain)
    assert all(answer.headers["Strict-Transport-Security"].startswith("max-age=") for answer in encrypted)


def test_the_policy_allows_no_inline_script_and_no_other_site() -> None:
    directives = dict(directive.split(" ", 1) for directive in CONTENT_SECURITY_POLICY.split("; "))
    assert directives.pop("default-src") == "'none'"
    allowed = {source for sources in directives.values() for source in sources.split()}
    assert allowed == {"'self'", "'none'", "data:", "blob:", "ws:", "wss:"}


async def test_pages_are_sent_and_asked_after(court: HttpCourt) -> None:
    browser = await court.browser()
    for path, file in PAGES.items():
        page = await browser.get(path)
        assert (page.status, page.content.decode()) == (200, f"法庭 {file}")
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["Cache-Control"] == "no-cache"
        again = await browser.get(path, If_None_Match=page.headers["ETag"])
        assert (again.status, again.content) == (304, b"")


FILES = [("js/court.js", "text/javascript"), ("css/court.css", "text/css"), ("vendor/LICENSE-htm", "text/plain")]


async def test_static_files_are_sent_as_what_they_are(court: HttpCourt) -> None:
    browser = await court.browser()
    for name, media_type in FILES:
        answer = await browser.get(f"/static/{name}")
        assert (answer.status, answer.content.decode()) == (200, f"法庭 {name}")
        assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"


NO_FILES = [
    "",
    "js",
    "js/",
    "nothing.js",
    ".hidden",
    "js/.hidden/x.js",
    "js/out.js",
    "out/secret.js",
    "../secret.js",
    "..%2Fsecret.js",
    "%2e%2e/secret.js",
    "js/%2e%2e/%2e%2e/secret.js",
    "js/..%5C..%5Csecret.js",
    "%2Fetc/passwd",
    "/etc/passwd",
    "js//court.js",
    "js/court.js%00.css",
    "js/" + "a" * 300,
]


async def test_nothing_else_is_given(court: HttpCourt) -> None:
    browser = await court.browser()
    for name in NO_FILES:
        answer = await browser.get(f"/static/{name}", Accept_Language="en")
        assert answer.status == 404, name
        assert "There is nothing here by that name." in answer.content.decode()


async def test_the_icon_that_browsers_ask_for(court: HttpCourt, static_dir: Path) -> None:
    browser = await court.browser()
    assert (await browser.get("/favicon.ico")).status == 204
    (static_dir / "icons").mkdir()
    (static_dir / "icons/favicon.ico").write_bytes(b"\0\0\1\0")
    icon = await browser.get("/favicon.ico")
    assert (icon.content, icon.headers["Content-Type"]) == (b"\0\0\1\0", "image/x-icon")


async def test_signaling_passes_through_the_door(court: HttpCourt) -> None:
    _, seat = await court.guest(await schedule(await court.desk()), "judge")
    client = socketio.AsyncClient()
    auth = {"token": seat["seat_token"], "protocol": 1}
    await client.connect(court.url, auth=auth, headers={"Origin": court.url}, transports=["websocket"])
    async with asyncio.timeout(10):
        view = (await client.call("resume", {"since": 0}))["view"]
    assert view["you"]["id"] == seat["participant_id"]
    await client.disconnect()


async def test_a_peer_who_leaves_at_the_last_moment_keeps_nobody_waiting(court: HttpCourt) -> None:
    """Nothing takes any more what is to be sent to them: an end of their connection must not wait for it."""
    _, seat = await court.guest(await schedule(await court.desk()), "judge")
    client = socketio.AsyncClient(reconnection=False)
    auth = {"token": seat["seat_token"], "protocol": 1}
    await client.connect(court.url, auth=auth, headers={"Origin": court.url}, transports=["websocket"])
    ((name, transport),) = court.door._sio.eio.sockets.items()
    transport.queue.put_nowait(None)  # its writer ends
    async with asyncio.timeout(10):
        await court.door._hang_up(name)
    await client.disconnect()
