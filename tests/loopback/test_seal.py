"""The seal: signed once, whatever crashes in between, and stamped by an outside authority when it can be reached."""

import asyncio
import base64
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from cloudcourt.domain.commands import CloseHearing
from cloudcourt.domain.evidence import Seal, seal_message
from cloudcourt.domain.recording import FilmState
from media.record.court_key import HEARING_KEY
from media.record.log_file import LOG
from media.record.seal_file import read_seal
from media.record.timestamp import NotATimestamp, read_response, read_token, request
from media.record.verify import render, verify_folder
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court
from tests.bed.time_authority import ToyAuthority, toy_authority

pytestmark = pytest.mark.loopback


async def held(court: SmallCourt) -> None:
    """A hearing that needs only to be closed."""
    await court.enters(court.judge, court.clerk)
    await court.opens()
    await court.speaks([RtpSource(court.judge)], 1)


async def until_stamped(court: SmallCourt) -> Seal:
    async with asyncio.timeout(60):
        while True:
            seal = await asyncio.to_thread(read_seal, court.folder)
            if seal is not None and seal.timestamp.state == "stamped":
                return seal
            await asyncio.sleep(0.02)


async def test_a_seal_is_stamped_by_an_authority_that_anyone_can_check(tmp_path: Path) -> None:
    async with toy_authority(tmp_path / "tsa") as (authority, url), small_court(tmp_path, stamp_url=url) as court:
        await held(court)
        await court.closes()
        seal = await until_stamped(court)
        token = base64.b64decode(seal.timestamp.token)
        assert read_token(token).at == seal.timestamp.at
        assert await asyncio.to_thread(authority.vouches_for, token, seal_message(seal.statement))
        assert not await asyncio.to_thread(authority.vouches_for, token, b"something else")
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0 and f"by {url}" in render(findings)


async def test_while_the_authority_is_away_the_seal_says_so_and_waits(tmp_path: Path) -> None:
    async with toy_authority(tmp_path / "tsa") as (authority, url):
        authority.is_there = False
        async with small_court(tmp_path, stamp_url=url) as court:
            await held(court)
            await court.closes()
            async with asyncio.timeout(30):
                await authority.refused.wait()
            findings = verify_folder(court.folder)
            assert findings.exit_code == 0 and "had not answered" in render(findings)
            sitting = court.sitting
        authority.is_there = True
        async with small_court(tmp_path, sitting=sitting, stamp_url=url) as court:  # after a restart
            await court.registry.finish_record(court.hearing_id)
            await until_stamped(court)
            assert verify_folder(court.folder).exit_code == 0


async def test_a_timestamp_for_something_else_is_not_taken(tmp_path: Path) -> None:
    async with toy_authority(tmp_path / "tsa") as (authority, url), small_court(tmp_path, stamp_url=url) as court:
        authority.spoil = await asyncio.to_thread(authority.answer, request(hashlib.sha256(b"other").digest(), 7))
        await held(court)
        await court.closes()
        async with asyncio.timeout(30):
            while authority.asked < 2:
                await asyncio.sleep(0.02)
        seal = read_seal(court.folder)
        assert seal is not None and seal.timestamp.state == "queued"


async def test_requests_and_answers_are_what_openssl_says(tmp_path: Path) -> None:
    authority = ToyAuthority(tmp_path / "tsa")
    await asyncio.to_thread(authority.make_keys)
    digest = hashlib.sha256(b"seal").digest()
    for nonce in (1, 127, 128, 255, 2**63 - 1):
        answer = await asyncio.to_thread(authority.answer, request(digest, nonce))
        token = read_response(answer, digest, nonce)
        assert (token.digest, token.nonce, token.at.tzname()) == (digest, nonce, "UTC")
        with pytest.raises(NotATimestamp):
            read_response(answer, digest, nonce + 1)
        with pytest.raises(NotATimestamp):
            read_response(answer, hashlib.sha256(b"other").digest(), nonce)
    for end in range(len(answer)):
        with pytest.raises(NotATimestamp):
            read_response(answer[:end], digest, nonce)
    with pytest.raises(NotATimestamp, match="status 2"):
        read_response(bytes.fromhex("30053003020102"), digest, nonce)


STEPS = (
    "media.record.sealing._write_companions",
    "media.record.record_log.SealEntry",
    "media.record.record_log.FolderRecordLog._checkpoint",
    "media.record.record_log.SealStatement",
    "media.record.record_log.write_seal",
    "media.record.record_log.destroy_hearing_key",
)


@pytest.mark.parametrize("step", STEPS)
async def test_a_seal_that_was_interrupted_anywhere_is_completed_and_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise OSError("the power went")

    async with small_court(tmp_path) as court:
        await held(court)
        with monkeypatch.context() as patch:
            await court.asks(court.judge, CloseHearing())
            async with asyncio.timeout(30):  # the log is told to its end before the seal begins
                while (court.folder / LOG).read_bytes().count(b'"kind":"hearing_closed"') == 0:
                    await asyncio.sleep(0.02)
            await (await court.room())._scribe.finish(30)
            patch.setattr(step, dies)
            await _until_given_up(court)
        sitting = court.sitting
    async with small_court(tmp_path, sitting=sitting) as court:
        await court.registry.finish_record(court.hearing_id)
        await court.sealed()
        await court.registry.finish_record(court.hearing_id)
        assert not (court.folder / HEARING_KEY).exists()
        log = [json.loads(line)[1]["kind"] for line in (court.folder / LOG).read_bytes().splitlines()]
        assert log.count("seal") == 1 and log[-2:] == ["seal", "checkpoint"]
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0, render(findings)


async def _until_given_up(court: SmallCourt) -> None:
    async with asyncio.timeout(60):
        while court.hearing_id not in court.record_room._films:
            await asyncio.sleep(0.02)
        while court.hearing_id in court.record_room._jobs:
            await asyncio.sleep(0.02)


async def test_a_film_that_can_not_be_made_does_not_keep_the_record_from_its_seal(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await held(court)
        (court.folder / "composite.mp4").mkdir()  # the film can't be put where it belongs
        await court.closes()
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0 and "no film could be made" in render(findings)
        sealed = (court.folder / "manifest.json").read_bytes()
        assert json.loads(sealed)["sealed"]
        shutil.rmtree(court.folder / "composite.mp4")
        await court.registry.finish_record(court.hearing_id)  # as at the next start
        await court.record_room.wait_finished(court.hearing_id)
        findings = verify_folder(court.folder)
        assert findings.exit_code == 0 and "the film was finished" in render(findings)
        assert (court.folder / "manifest.json").read_bytes() == sealed
        manifest = await court.record_room.manifest((await court.room()).hearing)
        assert manifest.film.state is FilmState.READY and manifest.film.chunks
