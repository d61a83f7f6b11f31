"""Every route, one by one: whatever goes wrong, the answer has the one shape."""

import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from cloudcourt.api.access import Anyone, Paced
from cloudcourt.api.answers import ErrorBody, Nothing
from cloudcourt.api.application import ROUTES
from cloudcourt.api.body import BODY_BYTES_LIMIT
from cloudcourt.api.routes import Route
from cloudcourt.domain.error_codes import ErrorCode
from tests.bed.http_court import Answer, HttpCourt, Unannounced, open_court

pytestmark = pytest.mark.contract

GUARDED = [route for route in ROUTES if not isinstance(route.access, Anyone | Paced)]
SEATS_ONLY = (("seat",), ("record", "seat"))
WITH_BODY = [route for route in ROUTES if route.body is not Nothing and route.access.schemes not in SEATS_ONLY]
"""Where a desk may come; what only a seat may ask is asked in `test_http_seal.py`."""
HOSTILE = {
    "empty": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "half a surrogate": b'{"case_number": "\\ud800"}',
    "a list": b"[]",
    "a string": b'"x"',
    "null": b"null",
    "deep": b"[" * 30_000,
    "deep inside": b'{"a":' * 10_000,
    "a number without end": b'{"case_id": ' + b"9" * 60_000 + b"}",
    "infinity": b'{"scheduled_at": 1e999999999}',
    "not a number": b'{"scheduled_at": NaN}',
    "unknown field": b'{"surprise": 1}',
    "prototype": b'{"__proto__": {}, "__class__": "x"}',
}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def path_of(route: Route) -> str:
    """The route's path with ids that nothing has."""
    return re.sub(r"\{(\w)\w*\}", r"\1_none", route.path)


def test_the_walk_covers_what_it_should() -> None:
    assert len(ROUTES) >= 19
    assert {named(route) for route in ROUTES if route not in GUARDED} == {
        "POST /api/join",
        "POST /api/session",
        "GET /api/court-rules",
        "GET /api/court-key",
        "GET /api/hearings/{hearing_id}/gallery",
        "POST /api/hearings/{hearing_id}/gallery/seat",
        "GET /healthz",
        "GET /metrics",
        "GET /openapi.json",
    }
    assert {named(route) for route in WITH_BODY} == {
        "POST /api/join",
        "POST /api/session",
        "POST /api/cases",
        "POST /api/hearings",
        "POST /api/hearings/{hearing_id}/people",
        "POST /api/hearings/{hearing_id}/acts",
        "POST /api/hearings/{hearing_id}/recording/downloads",
        "POST /api/hearings/{hearing_id}/recording/orders/proposals",
    }


def assert_told(answer: Answer, status: int, code: ErrorCode) -> Any:
    body = ErrorBody.model_validate(answer.json)
    assert (answer.status, body.error.code) == (status, code), answer.content
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert body.error.message
    assert body.error.incident_id is None
    return body.error.fields


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


async def test_without_a_right(court: HttpCourt) -> None:
    browser = await court.browser()
    for route in GUARDED:
        answer = await browser.ask(route.method, path_of(route))
        assert_told(answer, 401, ErrorCode.NOT_SIGNED_IN)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_strangers_learn_nothing_from_their_bodies(court: HttpCourt) -> None:
    """The right is asked for before a byte of the body is looked at."""
    browser = await court.browser()
    for route in (route for route in WITH_BODY if route in GUARDED):
        for raw in (b"{", b"x" * (BODY_BYTES_LIMIT + 1)):
            answer = await browser.ask(route.method, path_of(route), raw)
            assert_told(answer, 401, ErrorCode.NOT_SIGNED_IN)


async def test_in_the_language_asked_for(court: HttpCourt) -> None:
    browser = await court.browser()
    assert "请先登录" in (await browser.get("/api/cases")).json["error"]["message"]
    english = await browser.get("/api/cases", Accept_Language="en-GB,en;q=0.9,zh;q=0.5")
    assert english.json["error"]["message"] == "Please sign in first."


async def test_from_a_foreign_page(court: HttpCourt) -> None:
    browser = await court.browser()
    for route in (route for route in ROUTES if route.method != "GET"):
        answer = await browser.ask(route.method, path_of(route), Origin="https://evil.example")
        assert_told(answer, 403, ErrorCode.FOREIGN_ORIGIN)


async def test_with_a_method_that_is_not_there(court: HttpCourt) -> None:
    browser = await court.browser()
    for route in ROUTES:
        answer = await browser.ask("PATCH", path_of(route))
        fields = assert_told(answer, 405, ErrorCode.INVALID_INPUT)
        assert fields["where"] == "method"
        assert route.method in answer.headers["Allow"].split(",")


async def test_where_nothing_is(court: HttpCourt) -> None:
    browser = await court.browser()
    for path in ("/api", "/api/", "/api/nothing", "/api/cases/", "/api/%00", "/api/hearings/x/y"):
        assert_told(await browser.get(path), 404, ErrorCode.NOT_FOUND)


@pytest.mark.parametrize("route", WITH_BODY, ids=named)
async def test_with_a_body_that_does_not_fit(court: HttpCourt, route: Route) -> None:
    desk = await court.desk()
    for name, raw in HOSTILE.items():
        answer = await desk.ask(route.method, path_of(route), raw)
        fields = assert_told(answer, 400, ErrorCode.INVALID_INPUT)
        assert fields["where"], name
        assert len(answer.content) < 1000, "an error doesn't echo what was sent"


@pytest.mark.parametrize("route", WITH_BODY, ids=named)
async def test_with_too_large_a_body(court: HttpCourt, route: Route) -> None:
    """Announced, unannounced, and packed so that it only grows here."""
    desk = await court.desk()
    big = b'{"x": "' + b"x" * BODY_BYTES_LIMIT + b'"}'
    bomb = gzip.compress(b" " * 50_000_000)
    answers = [
        await desk.ask(route.method, path_of(route), big),
        await desk.ask(route.method, path_of(route), Unannounced(big)),
        await desk.ask(route.method, path_of(route), bomb, Content_Encoding="gzip"),
    ]
    for answer in answers:
        assert assert_told(answer, 413, ErrorCode.TOO_LARGE) == {"limit_bytes": BODY_BYTES_LIMIT}


async def test_with_a_body_that_is_no_json(court: HttpCourt) -> None:
    """A form of another site could send these without asking first."""
    desk = await court.desk()
    for route in WITH_BODY:
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"):
            answer = await desk.ask(route.method, path_of(route), b"{}", Content_Type=content_type)
            assert assert_told(answer, 400, ErrorCode.INVALID_INPUT)["where"] == "content-type"


async def test_with_garbage_that_claims_to_be_packed(court: HttpCourt) -> None:
    desk = await court.desk()
    answer = await desk.ask("POST", "/api/cases", b"no gzip at all", Content_Encoding="gzip")
    assert_told(answer, 400, ErrorCode.INVALID_INPUT)


class Broken:
    """A case book whose every page is a bug."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("李秀英's file is torn")


async def test_a_bug_is_logged_once_and_told_by_number(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite, cases=Broken()) as court:
        desk = await court.desk()
        with capture_logs() as logs:
            answer = await desk.get("/api/cases?secret=1", Accept_Language="en")
    body = ErrorBody.model_validate(answer.json)
    assert (answer.status, body.error.code) == (500, ErrorCode.INTERNAL)
    assert body.error.incident_id
    assert body.error.incident_id in body.error.message
    assert "李秀英" not in answer.content.decode()
    (entry,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert entry["incident_id"] == body.error.incident_id
    assert entry["route"] == "/api/cases"
    assert "secret" not in json.dumps({**entry, "exc_info": ""})
