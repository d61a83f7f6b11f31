"""The seal over HTTP: each seat sees the check value, and does with it what its role may, once there is one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.api.body import BODY_BYTES_LIMIT
from cloudcourt.domain.countersignature import countersigned_message
from cloudcourt.domain.evidence import Seal, SealStatement, seal_message
from cloudcourt.domain.ids import HearingId, ParticipantId
from media.record.court_key import CourtKey
from media.record.seal_file import sign_timestamp, write_seal
from tests.bed.http_court import Answer, Browser, HttpCourt, open_court, person_of, schedule

pytestmark = pytest.mark.contract


class Seat:
    """A person with their seat's token, and no cookie."""

    def __init__(self, browser: Browser, hearing: Any, seated: Any) -> None:
        self.id = seated["participant_id"]
        self.hearing = hearing["id"]
        self._browser, self._token = browser, seated["seat_token"]

    async def asks(self, method: str, what: str = "", body: object = None, hearing: str | None = None) -> Answer:
        path = f"/api/hearings/{hearing or self.hearing}/seal{what}"
        return await self._browser.ask(method, path, body, Authorization=f"Bearer {self._token}")


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


@pytest.fixture
async def hearing(court: HttpCourt) -> Any:
    return await schedule(await court.desk())


async def seat(court: HttpCourt, hearing: Any, role: str) -> Seat:
    _, seated = await court.guest(hearing, role)
    return Seat(await court.browser(), hearing, seated)


def sealed(court: HttpCourt, hearing: Any) -> None:
    """As a closed hearing's record is."""
    key, ours = CourtKey.at(court.data_dir), Ed25519PrivateKey.generate()
    statement = SealStatement(
        hearing=HearingId(hearing["id"]),
        sealed_at=datetime.now(UTC),
        manifest_sha256="0" * 64,
        count=1,
        head="0" * 64,
        hearing_key=ours.public_key().public_bytes_raw().hex(),
        court_key=key.public,
    )
    message = seal_message(statement)
    seal = Seal(
        statement=statement,
        hearing_signature=ours.sign(message).hex(),
        court_signature=key.sign(message),
        timestamp=sign_timestamp(key, statement, "none"),
    )
    write_seal(court.folder(hearing), seal)


def signature(seat: Seat, value: str) -> dict[str, str]:
    at, key = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"), Ed25519PrivateKey.generate()
    message = countersigned_message(HearingId(seat.hearing), ParticipantId(seat.id), value, at)
    public = key.public_key().public_bytes_raw().hex()
    return {"algorithm": "Ed25519", "public_key": public, "signature": key.sign(message).hex(), "signed_at": at}


async def test_before_the_seal_there_is_nothing_to_sign(court: HttpCourt, hearing: Any) -> None:
    plaintiff, clerk = await seat(court, hearing, "plaintiff"), await seat(court, hearing, "clerk")
    assert (await plaintiff.asks("GET")).json["check_value"] is None
    for asked in (
        await plaintiff.asks("POST", "/signature", signature(plaintiff, "0" * 64)),
        await clerk.asks("POST", "/confirmation"),
        await clerk.asks("POST", "/refusal", {"participant_id": plaintiff.id, "reason": "不愿签署"}),
    ):
        assert (asked.status, asked.code) == (409, "record_not_sealed")


async def test_each_role_does_what_it_may(court: HttpCourt, hearing: Any) -> None:
    sealed(court, hearing)
    judge, plaintiff = await seat(court, hearing, "judge"), await seat(court, hearing, "plaintiff")
    told = (await plaintiff.asks("GET")).json
    value = told["check_value"]
    assert len(value) == 64 and told["awaited"] == []
    assert (await judge.asks("POST", "/signature", signature(judge, value))).status == 403
    assert (await plaintiff.asks("POST", "/confirmation")).status == 403
    assert (await plaintiff.asks("POST", "/refusal", {"participant_id": judge.id, "reason": "x"})).status == 403
    confirmed = (await judge.asks("POST", "/confirmation")).json
    assert [mark["name"] for mark in confirmed["confirmed"]] == ["陈明远"]
    noted = await judge.asks("POST", "/refusal", {"participant_id": plaintiff.id, "reason": "需先核对"})
    assert [(mark["name"], mark["reason"]) for mark in noted.json["refused"]] == [("李秀英", "需先核对")]
    for nobody in (judge.id, person_of(hearing, "clerk"), "p_none"):
        answer = await judge.asks("POST", "/refusal", {"participant_id": nobody, "reason": "x"})
        assert (answer.status, answer.code) == (404, "no_such_person")
    signed = await plaintiff.asks("POST", "/signature", signature(plaintiff, value))
    assert [mark["participant_id"] for mark in signed.json["signed"]] == [plaintiff.id]
    assert signed.json["refused"] == []
    again = await plaintiff.asks("POST", "/signature", signature(plaintiff, value))
    assert (again.status, again.code) == (409, "already_signed")
    assert [m["name"] for m in (await judge.asks("GET")).json["signed"]] == ["李秀英"]


async def test_others_have_no_part_in_it(court: HttpCourt, hearing: Any) -> None:
    sealed(court, hearing)
    plaintiff = await seat(court, hearing, "plaintiff")
    assert (await plaintiff.asks("GET", hearing="h_other")).status == 404
    stranger = await court.browser()
    assert (await stranger.get(f"/api/hearings/{hearing['id']}/seal")).code == "not_signed_in"


async def test_what_does_not_fit_is_refused(court: HttpCourt, hearing: Any) -> None:
    sealed(court, hearing)
    plaintiff = await seat(court, hearing, "plaintiff")
    value = (await plaintiff.asks("GET")).json["check_value"]
    good = signature(plaintiff, value)
    for change in (
        {"algorithm": "none"},
        {"public_key": good["public_key"].upper()},
        {"public_key": good["public_key"][:-2]},
        {"signature": "zz" * 64},
        {"signed_at": "yesterday"},
        {"surprise": "1"},
    ):
        answer = await plaintiff.asks("POST", "/signature", good | change)
        assert (answer.status, answer.code) == (400, "invalid_input"), change
    for raw, status in ((b"{", 400), (b"[" * 30_000, 400), (b" " * (BODY_BYTES_LIMIT + 1), 413)):
        assert (await plaintiff.asks("POST", "/signature", raw)).status == status
    wrong = await plaintiff.asks("POST", "/signature", signature(plaintiff, "1" * 64))
    assert (wrong.status, wrong.code) == (400, "signature_not_valid")
    assert not (court.folder(hearing) / "countersignatures.jsonl").exists()
