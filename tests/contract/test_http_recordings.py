"""The record over HTTP: who may open it, in which parts, under which name, and who is told of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.bed.http_court import Browser, HttpCourt, open_court, person_of, schedule, token_of

pytestmark = pytest.mark.contract

FILM = bytes(range(256)) * 400


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


@pytest.fixture
async def desk(court: HttpCourt) -> Browser:
    return await court.desk()


@pytest.fixture
async def hearing(court: HttpCourt, desk: Browser) -> Any:
    """A hearing with a film."""
    hearing = await schedule(desk)
    (court.folder(hearing) / "composite.mp4").write_bytes(FILM)
    return hearing


@pytest.fixture
async def recorded(court: HttpCourt, hearing: Any) -> Any:
    """The same with a judge's tracks."""
    await court.record(hearing, "judge")
    return hearing


def record_path(hearing: Any, file: str = "") -> str:
    return f"/api/hearings/{hearing['id']}/recording{file}"


async def rows(desk: Browser, hearing: Any) -> list[tuple[str, str, int]]:
    entries = (await desk.get(record_path(hearing, "/access"))).json["entries"]
    return [(entry["who"], entry["file"], entry["range_from"]) for entry in entries]


PARTS = ("", "/composite.mp4", "/tracks/{track}", "/access")


async def parts(desk: Browser, hearing: Any) -> list[str]:
    manifest = (await desk.get(record_path(hearing))).json
    track = manifest["tracks"][0]["file"].removeprefix("tracks/")
    return [record_path(hearing, part.format(track=track)) for part in PARTS]


async def test_staff_judge_and_clerk_open_every_part(court: HttpCourt, desk: Browser, recorded: Any) -> None:
    readers = [desk, (await court.guest(recorded, "judge"))[0], (await court.guest(recorded, "clerk"))[0]]
    for path in await parts(desk, recorded):
        assert [(await reader.get(path)).status for reader in readers] == [200, 200, 200], path


@pytest.mark.parametrize("kind", ["seat", "link"])
async def test_a_bearer_token_opens_every_part_too(court: HttpCourt, desk: Browser, recorded: Any, kind: str) -> None:
    _, seat = await court.guest(recorded, "judge")
    token = seat["seat_token"] if kind == "seat" else token_of(recorded, "judge")
    program = await court.browser()
    for path in await parts(desk, recorded):
        assert (await program.get(path, Authorization=f"Bearer {token}")).status == 200, path


async def test_wrong_people_learn_not_even_that_there_is_a_record(
    court: HttpCourt, desk: Browser, recorded: Any
) -> None:
    """The same status and body as for a hearing that doesn't exist, part by part (T5)."""
    other = await schedule(desk, case_number="（2026）云0101民初28号")
    tokens = [
        (await court.guest(recorded, "plaintiff"))[1]["seat_token"],
        (await court.guest(recorded, "bench_member"))[1]["seat_token"],
        (await court.guest(other, "judge"))[1]["seat_token"],
        token_of(other, "clerk"),
    ]
    program = await court.browser()
    for path in await parts(desk, recorded):
        missing = path.replace(recorded["id"], "h_missing")
        for token in tokens:
            real, none = [await program.get(p, Authorization=f"Bearer {token}") for p in (path, missing)]
            assert (real.status, real.code) == (404, "not_found"), path
            assert (none.status, none.content) == (real.status, real.content), path
    assert await rows(desk, recorded) == []


NOBODYS = [None, "Bearer", "Bearer ", "Bearer nonsense", "Basic eDp5"]


async def test_nobody_in_particular_is_asked_to_sign_in(court: HttpCourt, desk: Browser, recorded: Any) -> None:
    program = await court.browser()
    for path in await parts(desk, recorded):
        for asked in (path, path.replace(recorded["id"], "h_missing")):
            for authorization in NOBODYS:
                headers = {} if authorization is None else {"Authorization": authorization}
                answer = await program.get(asked, **headers)
                assert (answer.status, answer.code) == (401, "not_signed_in"), (asked, authorization)


async def test_a_wrong_bearer_token_is_not_made_good_by_a_cookie(desk: Browser, hearing: Any) -> None:
    assert (await desk.get(record_path(hearing), Authorization="Bearer nonsense")).status == 401


async def test_one_hearings_key_fits_no_other_record(court: HttpCourt, desk: Browser, hearing: Any) -> None:
    other = await schedule(desk, case_number="（2026）云0101民初28号")
    judge, _ = await court.guest(hearing, "judge")
    key = judge.cookies[f"cc_record_{hearing['id']}"]
    forged = f"cc_record_{other['id']}={key}"
    answer = await (await court.browser()).get(record_path(other), Cookie=forged)
    assert (answer.status, answer.code) == (404, "not_found")


RANGES = [
    ("bytes=0-", 0, len(FILM) - 1),
    ("bytes=0-0", 0, 0),
    ("bytes=1000-1999", 1000, 1999),
    ("bytes=102000-", 102000, len(FILM) - 1),
    ("bytes=102000-999999999", 102000, len(FILM) - 1),
    ("bytes=-5", len(FILM) - 5, len(FILM) - 1),
    ("bytes=-999999999", 0, len(FILM) - 1),
]


async def test_a_player_gets_the_part_it_asks_for(desk: Browser, hearing: Any) -> None:
    for asked, first, last in RANGES:
        answer = await desk.get(record_path(hearing, "/composite.mp4?download=1"), Range=asked)
        assert answer.status == 206, asked
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"
        assert answer.content == FILM[first : last + 1]
    assert [start for _, _, start in await rows(desk, hearing)] == [first for _, first, _ in RANGES]


NO_RANGES = [
    f"bytes={len(FILM)}-",
    "bytes=9-3",
    "bytes=",
    "bytes=-",
    "parsecs=1-2",
    "bytes=0-1,5-9",
    f"bytes={'9' * 5000}-",
]


async def test_what_no_file_has_is_refused_with_its_size(desk: Browser, hearing: Any) -> None:
    for asked in NO_RANGES:
        answer = await desk.get(record_path(hearing, "/composite.mp4"), Range=asked)
        assert (answer.status, answer.code) == (416, "range_not_satisfiable"), asked
        assert answer.headers["Content-Range"] == f"bytes */{len(FILM)}"
    assert await rows(desk, hearing) == []


async def test_the_whole_file_comes_without_a_range(desk: Browser, hearing: Any) -> None:
    answer = await desk.get(record_path(hearing, "/composite.mp4"))
    assert (answer.status, answer.content) == (200, FILM)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_part_of_another_version_is_never_mixed_in(desk: Browser, hearing: Any) -> None:
    path = record_path(hearing, "/composite.mp4")
    tag = (await desk.get(path)).headers["ETag"]
    same = await desk.get(path, Range="bytes=5-9", If_Range=tag)
    assert (same.status, same.content) == (206, FILM[5:10])
    other = await desk.get(path, Range="bytes=5-9", If_Range='"another-version"')
    assert (other.status, other.content) == (200, FILM)


async def test_head_tells_the_size_and_leaves_no_row(desk: Browser, hearing: Any) -> None:
    answer = await desk.ask("HEAD", record_path(hearing, "/composite.mp4"))
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(FILM)))
    assert await rows(desk, hearing) == []


async def test_real_tracks_come_with_their_type_and_name(court: HttpCourt, desk: Browser, recorded: Any) -> None:
    manifest = (await desk.get(record_path(recorded))).json
    assert [(track["kind"], track["role"]) for track in manifest["tracks"]] == [("audio", "judge"), ("video", "judge")]
    for track, label in zip(manifest["tracks"], ("录音", "录像"), strict=True):
        answer = await desk.get(record_path(recorded, f"/{track['file']}"))
        assert answer.content == (court.folder(recorded) / track["file"]).read_bytes()
        assert answer.headers["Content-Type"] == f"{track['kind']}/webm"
        name = unquote(answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
        assert name.startswith(f"（2026）云0101民初27号_审判长_{label}_2")


async def test_a_download_is_an_attachment_with_a_chinese_and_a_plain_name(desk: Browser, hearing: Any) -> None:
    path = record_path(hearing, "/composite.mp4")
    shown, saved = await desk.get(path), await desk.get(f"{path}?download=1")
    kind, plain, full = saved.headers["Content-Disposition"].split("; ")
    assert kind == "attachment"
    assert plain == f'filename="{hearing["id"]}_hearing.mp4"'
    assert full.isascii()
    assert unquote(full) == "filename*=UTF-8''（2026）云0101民初27号_庭审录像.mp4"
    assert shown.headers["Content-Disposition"] == f"inline; {plain}; {full}"
    assert saved.headers["Content-Type"] == "video/mp4"


NO_FILES = [
    "/tracks/nothing.webm",
    "/tracks/..%2Fcomposite.mp4",
    "/tracks/..%2F..%2F..%2Fcloudcourt.sqlite3",
    "/tracks/%2Fetc%2Fpasswd",
    "/tracks/x%00.webm",
    "/tracks/hearing.json",
    "/tracks/",
    "/manifest.json",
    "/../../../cloudcourt.sqlite3",
]


async def test_nothing_else_in_the_folder_or_outside_is_given(desk: Browser, hearing: Any) -> None:
    for file in NO_FILES:
        assert (await desk.get(record_path(hearing, file))).status == 404, file
    assert await rows(desk, hearing) == []


async def test_a_link_out_of_the_folder_is_not_followed(court: HttpCourt, desk: Browser, hearing: Any) -> None:
    (court.folder(hearing) / "tracks/escape.webm").symlink_to(court.data_dir / "cloudcourt.sqlite3")
    assert (await desk.get(record_path(hearing, "/tracks/escape.webm"))).code == "not_found"


async def test_every_opening_is_a_row_and_seeking_is_not(court: HttpCourt, desk: Browser, hearing: Any) -> None:
    film = record_path(hearing, "/composite.mp4")
    judge, seat = await court.guest(hearing, "judge")
    await judge.get(film, Range="bytes=500-")  # the first of this person
    for seek in (700, 300, 900):
        await judge.get(film, Range=f"bytes={seek}-{seek + 9}")
    await judge.get(film, Range="bytes=0-99")
    await judge.get(f"{film}?download=1", Range="bytes=700-")
    await desk.get(film, Range="bytes=700-")
    who = f"participant:{person_of(hearing, 'judge')}"
    expected = [(who, 500), (who, 0), (who, 700), ("staff:zhaomin", 700)]
    assert await rows(judge, hearing) == [(person, "composite.mp4", start) for person, start in expected]
    entries = (await judge.get(record_path(hearing, "/access"))).json["entries"]
    assert {entry["name"] for entry in entries} == {seat["name"], "书记员 赵敏"}


async def test_a_hearing_without_a_record_has_an_empty_manifest(desk: Browser) -> None:
    hearing = await schedule(desk)
    manifest = (await desk.get(record_path(hearing))).json
    assert (manifest["tracks"], manifest["film"]["state"], manifest["sealed"]) == ([], "none", False)
    assert (await desk.get(record_path(hearing, "/composite.mp4"))).code == "not_found"
    assert (await desk.get(record_path({"id": "h_missing"}))).code == "not_found"
