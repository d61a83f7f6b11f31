"""Redacted copies over HTTP: new objects with proofs of their own; the record they are made from is never touched."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cloudcourt.domain.film_statement import FilmStatement
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.recording import Seat, Span
from cloudcourt.domain.roles import Role
from media.record.court_key import CourtKey
from media.record.film_file import film_statement, sign_film
from media.record.folders import HEARING
from media.record.hearing_facts import HearingFacts
from media.record.inventory import measure
from media.record.seal_file import read_seal
from media.record.verify import render, verify_folder
from tests.bed.http_court import Answer, Browser, HttpCourt, open_court, person_of
from tests.contract.test_http_seal import sealed
from tests.contract.test_http_sealed_spans import LENGTH_S, Held, pictures, sound

pytestmark = pytest.mark.contract

WITHIN_S = 120
REASON = "当事人身份证号"


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


async def held(court: HttpCourt, desk: Browser) -> Held:
    """A hearing that is over, sealed, with a film that the court signed for."""
    told = await Held.in_(court, desk)
    facts = HearingFacts(
        hearing_id=HearingId(told.hearing["id"]),
        case_number=told.hearing["case_number"],
        cause=told.hearing["cause"],
        opened_at=told.opened_at,
        ended_at=told.opened_at + timedelta(seconds=LENGTH_S),
        seats=(Seat(participant_id=ParticipantId(person_of(told.hearing, "judge")), role=Role.JUDGE, name="陈明远"),),
        spans=(Span(began_at=told.opened_at, ended_at=told.opened_at + timedelta(seconds=LENGTH_S)),),
        gaps=(),
    )
    (told.folder / HEARING).write_text(facts.model_dump_json())
    sealed(court, told.hearing)
    sign_film(told.folder, signed_film(told.folder, facts), CourtKey.at(court.data_dir))
    return told


def signed_film(folder: Path, facts: HearingFacts) -> FilmStatement:
    seal = read_seal(folder)
    assert seal is not None
    return film_statement(seal, facts.ended_at or seal.statement.sealed_at, measure(folder / "composite.mp4"), ())


def redaction(told: Held, means: str, from_s: float, to_s: float, **changes: Any) -> dict[str, Any]:
    began, ended = ((told.opened_at + timedelta(seconds=second)).isoformat() for second in (from_s, to_s))
    return {"began_at": began, "ended_at": ended, "means": means, "reason": REASON, **changes}


def ask(*redactions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"purpose": "publication", "redactions": list(redactions), **changes}


async def made(browser: Browser, told: Held, number: int = 1) -> Any:
    """What is said of a copy once it is there."""
    async with asyncio.timeout(WITHIN_S):
        while (copy := (await browser.get(told.path("/redactions"))).json["copies"][number - 1])["state"] == "making":
            await asyncio.sleep(0.1)
    assert copy["state"] == "ready", copy
    return copy


async def taken(browser: Browser, told: Held, number: int = 1) -> Answer:
    wish = {"subject": "redacted", "file": f"redacted/{number:04}.zip", "purpose": "other", "reason": "公开"}
    ticket = await browser.post(told.path("/downloads"), wish)
    return ticket if ticket.status != 201 else await browser.get(ticket.json["url"])


async def test_a_redacted_copy_proves_itself_and_leaves_the_record_alone(court: HttpCourt, tmp_path: Path) -> None:
    desk = await court.desk()
    told = await held(court, desk)
    clerk, _ = await court.guest(told.hearing, "clerk")
    before = {p: p.read_bytes() for p in sorted(told.folder.rglob("*")) if p.is_file()}
    wanted = ask(redaction(told, "blank", 1, 2), redaction(told, "silence", 1, 2), redaction(told, "bleep", 4, 5))
    answer = await clerk.post(told.path("/redactions"), wanted)
    assert answer.status == 201, answer.content
    copy = await made(desk, told)
    answer = await taken(desk, told)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    (tmp_path / "copy.zip").write_bytes(answer.content)
    assert {p: p.read_bytes() for p in sorted(told.folder.rglob("*")) if p.is_file()} == before

    key = CourtKey.at(court.data_dir).public
    findings = verify_folder(tmp_path / "copy.zip", court_key=key)
    assert findings.exit_code == 0, render(findings)
    zipfile.ZipFile(tmp_path / "copy.zip").extractall(tmp_path / "copy")
    statement = json.loads((tmp_path / "copy" / "redaction.json").read_bytes())["statement"]
    seal = read_seal(told.folder)
    assert seal is not None
    assert statement["source"]["sha256"] == hashlib.sha256(before[told.folder / "composite.mp4"]).hexdigest()
    assert (statement["ordered_by"], statement["number"]) == (person_of(told.hearing, "clerk"), 1)
    assert statement["sha256"] == copy["sha256"] == measure(tmp_path / "copy" / "redacted.mp4").sha256
    assert REASON in (tmp_path / "copy" / "index.html").read_text()

    film = pictures(tmp_path / "copy" / "redacted.mp4")
    assert len(film) == 25 * LENGTH_S
    assert all((brightness < 80) == (1 - 0.001 <= at < 2 - 0.001) for at, brightness in film), film
    times, loudness = sound(tmp_path / "copy" / "redacted.mp4")
    assert loudness[(times >= 1) & (times <= 2)].max() < 1e-4
    assert min(loudness[times < 0.9].max(), loudness[times > 2.2].max()) > 0.3
    bleeped = loudness[(times >= 4.05) & (times <= 4.95)]
    assert 0.05 < bleeped.max() < 0.15, "a quiet tone instead of the loud one"
    rows = (await desk.get(told.path("/access"))).json["entries"]
    assert [(row["file"], row["purpose"], row["is_complete"]) for row in rows] == [("redacted/0001.zip", "other", True)]


async def test_what_a_judge_sealed_is_left_out_of_every_copy(court: HttpCourt, tmp_path: Path) -> None:
    desk = await court.desk()
    told = await held(court, desk)
    judge, _ = await court.guest(told.hearing, "judge")
    await judge.post(told.path("/redactions"), ask(redaction(told, "bleep", 1, 2)))
    await made(judge, told)
    assert (await taken(desk, told)).status == 200
    await judge.post(told.path("/orders"), told.sealing(3, 5))
    assert (await desk.get(told.path("/redactions"))).json["copies"][0]["is_withheld"]
    assert (await taken(desk, told)).code == "record_withheld", "the copy from before shows what is sealed now"
    assert (await taken(judge, told)).status == 200
    await judge.post(told.path("/redactions"), ask(redaction(told, "bleep", 1, 2)))
    await made(judge, told, 2)
    content = (await taken(desk, told, 2)).content
    (tmp_path / "copy.zip").write_bytes(content)
    findings = verify_folder(tmp_path / "copy.zip")
    assert findings.exit_code == 0, render(findings)
    assert {"order 1", "redaction 1", "redaction 2", "redaction 3"} <= {found.file for found in findings.files}
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    assert all(
        (brightness < 80) == (3 - 0.001 <= at < 5 - 0.001) for at, brightness in pictures(tmp_path / "redacted.mp4")
    )
    times, loudness = sound(tmp_path / "redacted.mp4")
    assert np.abs(loudness[(times >= 3) & (times <= 5)]).max() < 1e-4


BAD: list[dict[str, Any]] = [
    {"purpose": "fun"},
    {"purpose": "other"},
    {"redactions": []},
    {"note": "x" * 201},
]
BAD_SPANS: list[dict[str, Any]] = [
    {"means": "pixelate"},
    {"means": "cover"},
    {"means": "silence", "participant": "p"},
    {"reason": " "},
    {"reason": "x" * 201},
    {"ended_at": "2020-01-01T00:00:00Z"},
    {"began_at": "2020-01-01T00:00:00"},
    {"participant": "x" * 41},
]


async def test_only_judge_and_clerk_redact_and_only_what_makes_sense(court: HttpCourt) -> None:
    desk = await court.desk()
    told = await Held.in_(court, desk)
    clerk, _ = await court.guest(told.hearing, "clerk")
    good = redaction(told, "bleep", 1, 2)
    stranger, seated = await court.guest(told.hearing, "plaintiff")
    bearer = {"Authorization": f"Bearer {seated['seat_token']}"}
    assert (await stranger.post(told.path("/redactions"), ask(good), **bearer)).code == "not_allowed"
    assert (await desk.post(told.path("/redactions"), ask(good))).code == "not_allowed"
    assert (await stranger.post(told.path("/redactions"), ask(good))).code == "not_signed_in"
    for change in BAD:
        assert (await clerk.post(told.path("/redactions"), ask(good, **change))).code == "invalid_input", change
    for change in BAD_SPANS:
        answer = await clerk.post(told.path("/redactions"), ask({**good, **change}))
        assert answer.code == "invalid_input", change
    assert (await clerk.post(told.path("/redactions"), ask(*[good] * 61))).code == "invalid_input"
    unknown = ask(redaction(told, "cover", 1, 2, participant="p_nobody"))
    assert (await clerk.post(told.path("/redactions"), unknown)).code == "no_such_person"
    assert (await clerk.post(told.path("/redactions"), ask(good))).code == "record_not_sealed"
    assert (await taken(desk, told)).code == "not_found"
    shown = (await clerk.get(told.path("/redactions"))).json
    assert (shown["copies"], shown["may_redact"]) == ([], True)
