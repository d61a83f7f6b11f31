"""A hearing in browsers, exported, and checked by a party: on the court's page, and with the command."""

import asyncio
import json
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.e2e.conftest import Enter

pytestmark = pytest.mark.e2e

SEALED_WITHIN_S = 120
NOT_SEALED = 2
HEADS = "() => Object.entries(localStorage).find(([key]) => key.startsWith('cloudcourt.heads.'))?.[1] ?? '[]'"


async def test_a_party_proves_the_record(server: CourtServer, enter: Enter, tmp_path: Path) -> None:
    demo = await server.demo()
    judge, party = await enter("judge"), await enter("plaintiff", language="en")
    await party.goes_in(demo["links"]["plaintiff"])
    await judge.goes_in(demo["links"]["judge"])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await party.sees("rec-sign")
    await keeps_heads(party, 2)
    await judge.closes_the_hearing()
    await party.sees("closed-page")
    kept = tmp_path / "kept.json"
    async with party.page.expect_download() as download:
        await party.presses("btn-keep-heads")
    await (await download.value).save_as(kept)
    assert json.loads(kept.read_text())["hearing"] == demo["hearing_id"]

    bundle = tmp_path / "record.zip"
    await exported(server, demo["hearing_id"], bundle)
    async with server.http() as http, http.get(f"{server.url}/api/court-key") as answer:
        court_key = (await answer.json())["public_key"]
    code, said = await command("verify", bundle, "--heads", kept, "--court-key", court_key)
    assert code == 0, said
    assert "the log still holds all" in said

    await party.page.goto(f"{server.url}/verify")
    await party.part("verify-kept").set_input_files(kept)
    await party.part("verify-zip").set_input_files(bundle)
    await judged(party, 0)
    await expect(party.part("whose-key")).to_contain_text("this court’s own")
    await expect(party.page.locator('[data-item="kept checkpoints"][data-state=ok]')).to_have_count(1)

    await party.presses("btn-again")
    await party.part("verify-zip").set_input_files(damaged(bundle, tmp_path / "damaged.zip", "composite.mp4"))
    await judged(party, 1)
    bad = party.page.locator("[data-testid=finding]:not([data-state=ok])")
    await expect(bad).to_have_count(1)
    await expect(bad).to_contain_text("composite.mp4")
    await expect(bad).to_contain_text("first bad second")

    with zipfile.ZipFile(bundle) as whole:
        whole.extractall(tmp_path / "record")
    await party.presses("btn-again")
    await party.part("verify-folder").set_input_files(tmp_path / "record")
    await judged(party, 0)
    await reads_without_a_script(judge, tmp_path / "record" / "index.html")
    assert not [c for person in (judge, party) for c in person.complaints]


async def keeps_heads(person: Person, number: int) -> None:
    async with asyncio.timeout(60):
        while len(json.loads(await person.page.evaluate(HEADS))) < number:
            await asyncio.sleep(0.2)


async def judged(person: Person, code: int) -> None:
    await expect(person.part("verdict")).to_have_attribute("data-exit", str(code), timeout=PATIENCE_MS)


async def reads_without_a_script(person: Person, page: Path) -> None:
    await person.page.goto(page.as_uri())
    await expect(person.page.locator("table", has_text="李秀英").first).to_be_visible()
    await person.page.wait_for_function("document.querySelector('video').readyState >= 1")


async def exported(server: CourtServer, hearing_id: str, out: Path) -> None:
    """Export once the record is sealed and its film is signed for."""
    told = NOT_SEALED, ""
    async with asyncio.timeout(SEALED_WITHIN_S):
        while told[0] == NOT_SEALED:
            await asyncio.sleep(0.5)
            await asyncio.to_thread(out.unlink, missing_ok=True)  # without its film, if it came that early
            told = await command("export", hearing_id, "--out", out, "--data-dir", server.data_dir)
    assert told[0] == 0 and "intact" in told[1], told


async def command(*arguments: object) -> tuple[int, str]:
    program = [sys.executable, "-m", "cloudcourt", *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(
        *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def damaged(bundle: Path, out: Path, name: str) -> Path:
    """The same zip, one bit of one file flipped."""
    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(out, "w") as spoilt:
        for entry in whole.namelist():
            content = bytearray(whole.read(entry))
            if entry == name:
                content[len(content) // 2] ^= 1
            spoilt.writestr(entry, bytes(content))
    return out
