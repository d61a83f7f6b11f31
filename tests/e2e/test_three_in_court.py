"""The main job: three people in real browsers hold a hearing, and the film shows and sounds it."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.bed.browsers import Listener, Person
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.bed.film_reader import box_of_colour, read_film, share_of_colour, tone_level
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

ROLES = ("judge", "plaintiff", "defendant")
RGB = {"judge": (0, 68, 220), "plaintiff": (218, 70, 42), "defendant": (48, 190, 44)}
SILENT_WITHIN_S = 20
FILM_WITHIN_S = 120


async def rises(person: Listener, what: str, by: float) -> None:
    """Wait until one received figure has grown by that much."""
    before = (await person.received())[what]
    async with asyncio.timeout(30):
        while (await person.received())[what] < before + by:
            await asyncio.sleep(0.2)


async def quiet(person: Person) -> None:
    """Nothing of the courtroom's sound arrives: over two seconds not one audio packet, once the last has come."""
    async with asyncio.timeout(SILENT_WITHIN_S):
        while True:
            before = (await person.received())["audio"]
            await asyncio.sleep(2)
            if (await person.received())["audio"] == before:
                return


async def test_three_people_hold_a_hearing(server: CourtServer, enter: Enter, tmp_path: Path) -> None:
    demo = await server.demo()
    people = {
        "judge": await enter("judge"),
        "plaintiff": await enter("plaintiff", language="en"),
        "defendant": await enter("defendant", phone=True),
    }
    judge, plaintiff, defendant = people.values()
    ids = await seat_ids(demo["links"], server.url)

    # The waiting room: seen by the judge, hearing nothing.
    await plaintiff.goes_in(demo["links"]["plaintiff"])
    await defendant.goes_in(demo["links"]["defendant"])
    await judge.goes_in(demo["links"]["judge"])
    for party in (plaintiff, defendant):
        await party.sees("waiting-room")
        assert (await party.received())["packets"] == 0
    await judge.presses(f"btn-admit-{ids['plaintiff']}")
    await plaintiff.sees("courtroom")
    await judge.sees("courtroom")
    assert (await plaintiff.received())["audio"] == 0, "admitted, but the court is not open"

    # Open, with a countdown in which pictures may flow and sound may not.
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await defendant.sees("countdown")
    await defendant.does_not_see("countdown")
    for person in people.values():
        await rises(person, "frames", 40)
        for role in ROLES:
            if role != person.role:
                hz, level = await person.tone_from(ids[role])
                assert abs(hz - LOOKS[role].tone_hz) < 20, f"{person.role} hears {role} at {hz} Hz ({level} dB)"
        await person.sees("rec-sign")

    # The court's mute is the server's.
    await judge.presses(f"btn-mute-{ids['defendant']}")
    await hears_nothing_from(plaintiff, ids["defendant"])
    await judge.presses(f"btn-mute-{ids['defendant']}")
    await hears_again(plaintiff, ids["defendant"], LOOKS["defendant"].tone_hz)

    # Recess: every microphone is cut at the server.
    await judge.presses("btn-recess")
    await judge.presses("btn-confirm")
    for person in people.values():
        await person.sees("recess-overlay")
    await asyncio.gather(*(quiet(person) for person in people.values()))
    await judge.presses("btn-resume")
    for person in people.values():
        await person.does_not_see("recess-overlay")
    await hears_again(plaintiff, ids["defendant"], LOOKS["defendant"].tone_hz)

    # A reload lands in the same seat.
    await defendant.page.reload()
    await defendant.sees("courtroom")
    await rises(defendant, "frames", 20)
    await hears_again(plaintiff, ids["defendant"], LOOKS["defendant"].tone_hz)
    await asyncio.sleep(3)

    await judge.closes_the_hearing()
    for person in people.values():
        await person.sees("closed-page")
    await look_at_the_record(server, demo["hearing_id"], demo["links"]["clerk"], tmp_path)
    assert not [c for person in people.values() for c in person.complaints]


async def seat_ids(links: dict[str, str], url: str) -> dict[str, str]:
    ids = {}
    async with aiohttp.ClientSession() as http:
        for role, link in links.items():
            async with http.post(f"{url}/api/join", json={"link_token": link.split("#")[1]}) as answer:
                ids[role] = (await answer.json())["participant_id"]
    return ids


async def hears_nothing_from(person: Person, participant_id: str) -> None:
    async with asyncio.timeout(20):
        while (await person.tone_from(participant_id))[1] > -90:
            await asyncio.sleep(0.2)


async def hears_again(person: Listener, participant_id: str, tone_hz: int) -> None:
    async with asyncio.timeout(30):
        while True:
            hz, level = await person.tone_from(participant_id)
            if level > -60 and abs(hz - tone_hz) < 20:
                return


async def look_at_the_record(server: CourtServer, hearing_id: str, clerk_link: str, tmp_path: Path) -> None:
    """The clerk downloads the film; it shows three labelled tiles, a clock that advances, and every tone."""
    manifest, film_path = await download(server, hearing_id, clerk_link, tmp_path)
    assert manifest["sealed"]
    assert [gap["reason"] for gap in manifest["gaps"]] == ["RECESS"]
    assert {(t["name"], t["kind"]) for t in manifest["tracks"]} == {
        (name, kind) for name in ("陈明远", "李秀英", "王建国") for kind in ("audio", "video")
    }
    film = read_film(film_path, every=25)
    assert (film.width, film.height) == (1280, 720)
    late = film.frames[-3]
    boxes = []
    for role in ROLES:
        assert share_of_colour(late, RGB[role]) > 0.05, f"{role} is not in the picture"
        boxes.append(box_of_colour(late, RGB[role]))
    assert len(set(boxes)) == 3
    for role in ROLES:
        level = tone_level(film.sound[-5 * 48_000 : -48_000], LOOKS[role].tone_hz)
        assert level > 25, f"{role} is not in the sound: {level:.0f} dB"
    clocks = {frame[: frame.shape[0] // 10].tobytes() for frame in film.frames[-4:]}
    assert len(clocks) == 4, "the clock does not advance"


async def download(
    server: CourtServer, hearing_id: str, clerk_link: str, tmp_path: Path
) -> tuple[dict[str, Any], Path]:
    headers = {"Authorization": f"Bearer {clerk_link.split('#')[1]}"}
    url = f"{server.url}/api/hearings/{hearing_id}/recording"
    path = tmp_path / "film.mp4"
    async with aiohttp.ClientSession(headers=headers) as http, asyncio.timeout(FILM_WITHIN_S):
        while True:
            async with http.get(url) as answer:
                manifest = await answer.json()
            if manifest["film"]["state"] in ("ready", "failed") and manifest["sealed"]:
                break
            await asyncio.sleep(1)
        assert manifest["film"]["state"] == "ready"
        async with http.get(f"{url}/composite.mp4?download=1") as answer:
            assert answer.status == 200
            assert "UTF-8''" in answer.headers["Content-Disposition"]
            path.write_bytes(await answer.read())
    return manifest, path
