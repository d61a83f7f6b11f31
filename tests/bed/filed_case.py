"""A case of the test's own people, filed and scheduled at a running server as the clerk does it."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import CookieJar

from tests.bed.court_server import CourtServer

Filed = tuple[str, dict[str, str], dict[str, str]]
"""The hearing's id, and everyone's link and participant id by name."""


async def files_case(server: CourtServer, people: list[dict[str, Any]]) -> Filed:
    """The server's demonstration has made the clerk's account; names must differ."""
    await server.demo()
    async with server.http(cookie_jar=CookieJar(unsafe=True)) as http:  # it takes cookies from an address too
        signs_in = {"user_name": "clerk", "password": server.staff_password()}
        async with http.post(f"{server.url}/api/session", json=signs_in) as answer:
            assert answer.status == 200, await answer.text()
        new = {"case_number": "（2026）云0101民初301号", "cause": "民间借贷纠纷", "people": people}
        async with http.post(f"{server.url}/api/cases", json=new) as answer:
            assert answer.status == 201, await answer.text()
            case_id = (await answer.json())["id"]
        today = datetime.now(UTC).replace(microsecond=0)  # the court books nothing that has long passed
        booked = {"case_id": case_id, "scheduled_at": today.isoformat()}
        async with http.post(f"{server.url}/api/hearings", json=booked) as answer:
            assert answer.status == 201, await answer.text()
            hearing = await answer.json()
    links = {link["name"]: link["url"] for link in hearing["links"]}
    return hearing["id"], links, {link["name"]: link["participant_id"] for link in hearing["links"]}
