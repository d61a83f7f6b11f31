"""`POST /api/join` and the staff session, at the door of a running server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bed.http_court import STAFF_PASSWORD, HttpCourt, open_court, person_of, schedule, token_of

pytestmark = pytest.mark.contract


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


async def test_a_link_becomes_the_seat_that_it_stands_for(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    browser = await court.browser()
    answer = await browser.post("/api/join", {"link_token": token_of(hearing, "plaintiff")})
    assert answer.status == 200
    seat = answer.json
    assert len(seat.pop("seat_token")) == 22
    assert seat == {
        "hearing_id": hearing["id"],
        "participant_id": person_of(hearing, "plaintiff"),
        "role": "plaintiff",
        "name": "李秀英",
        "case_number": hearing["case_number"],
        "cause": hearing["cause"],
        "scheduled_at": hearing["scheduled_at"],
    }
    assert browser.cookies == {}, "a party's browser holds nothing that opens a record"


@pytest.mark.parametrize("role", ["judge", "clerk"])
async def test_judge_and_clerk_also_get_the_key_to_the_record_alone(court: HttpCourt, role: str) -> None:
    hearing = await schedule(await court.desk())
    browser = await court.browser()
    answer = await browser.post("/api/join", {"link_token": token_of(hearing, role)})
    (cookie,) = answer.headers.getall("Set-Cookie")
    name, *attributes = cookie.split("; ")
    assert name == f"cc_record_{hearing['id']}={answer.json['seat_token']}"
    assert set(attributes) == {"HttpOnly", "SameSite=Strict", f"Path=/api/hearings/{hearing['id']}/recording"}


async def test_a_bench_member_gets_no_key_to_the_record(court: HttpCourt) -> None:
    browser, _ = await court.guest(await schedule(await court.desk()), "bench_member")
    assert browser.cookies == {}


async def test_cookies_are_secure_where_the_browser_speaks_tls(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    browser = await court.browser()
    answer = await browser.post("/api/join", {"link_token": token_of(hearing, "judge")}, X_Forwarded_Proto="https")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")


async def test_cookies_are_secure_where_the_operator_says_so(tmp_path: Path, migrated_sqlite: Path) -> None:
    async with open_court(tmp_path, migrated_sqlite, secure_cookies=True) as court:
        await court.desk()
        body = {"user_name": "zhaomin", "password": STAFF_PASSWORD}
        answer = await (await court.browser()).post("/api/session", body)
        assert "Secure" in answer.headers["Set-Cookie"].split("; ")


NO_LINKS = ["", "x", "A" * 22, "孙" * 40, "' OR 1=1 --", "\x00\x00"]


async def test_a_link_that_is_none_is_told_as_such(court: HttpCourt) -> None:
    browser = await court.browser()
    for token in NO_LINKS:
        answer = await browser.post("/api/join", {"link_token": token})
        assert (answer.status, answer.code) == (404, "link_not_valid"), token


async def test_no_payload_can_name_a_role(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    body = {"link_token": token_of(hearing, "plaintiff"), "role": "judge"}
    answer = await (await court.browser()).post("/api/join", body)
    assert (answer.status, answer.code) == (400, "invalid_input")
    assert answer.json["error"]["fields"]["where"] == "role"


async def test_guessing_is_slowed_by_address_and_others_are_let_in(court: HttpCourt) -> None:
    hearing = await schedule(await court.desk())
    guesser, guest = await court.browser(), await court.browser()
    codes = [
        (await guesser.post("/api/join", {"link_token": f"guess-{n:018}"}, X_Forwarded_For="203.0.113.7")).code
        for n in range(31)
    ]
    assert codes == ["link_not_valid"] * 30 + ["too_fast"]
    refused = await guesser.post("/api/join", {"link_token": "x"}, X_Forwarded_For="8.8.8.8, 203.0.113.7")
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0
    welcome = await guest.post("/api/join", {"link_token": token_of(hearing, "judge")}, X_Forwarded_For="203.0.113.8")
    assert welcome.status == 200


async def test_staff_sign_in_and_out(court: HttpCourt) -> None:
    desk = await court.desk()
    assert (await desk.get("/api/session")).json == {"user_name": "zhaomin", "display_name": "书记员 赵敏"}
    stolen = desk.cookies["cc_staff"]
    out = await desk.delete("/api/session")
    assert (out.status, out.content) == (204, b"")
    assert desk.cookies == {}
    again = await (await court.browser()).get("/api/session", Cookie=f"cc_staff={stolen}")
    assert (again.status, again.code) == (401, "not_signed_in"), "the session ended at the server too"


async def test_the_staff_cookie_is_out_of_reach(court: HttpCourt) -> None:
    await court.desk()
    body = {"user_name": "zhaomin", "password": STAFF_PASSWORD}
    answer = await (await court.browser()).post("/api/session", body)
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("cc_staff=")
    assert set(attributes) == {"HttpOnly", "SameSite=Strict", "Path=/"}


async def test_wrong_name_and_wrong_password_are_told_alike(court: HttpCourt) -> None:
    await court.desk()
    browser = await court.browser()
    bodies = [
        (await browser.post("/api/session", {"user_name": name, "password": "wrong password"})).content
        for name in ("zhaomin", "nobody")
    ]
    assert bodies[0] == bodies[1]
    assert b"wrong_credentials" in bodies[0]
