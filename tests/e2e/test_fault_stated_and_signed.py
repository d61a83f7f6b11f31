"""The recording breaks off in a sitting court: seen, overridden, stated; then the record is sealed and signed."""

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_server import CourtServer
from tests.e2e.conftest import Enter
from tests.e2e.test_record_proved import command, exported, judged

pytestmark = pytest.mark.e2e

SEALED_WITHIN_MS = 120_000


@pytest.fixture
async def patient_server(tmp_path: Path) -> AsyncIterator[CourtServer]:
    """Waits long for a recorder that is out, so that a slow machine has the time to override it."""
    server = CourtServer(tmp_path / "court", recorder_grace_s="120")
    await server.start()
    yield server
    await server.stop()


@asynccontextmanager
async def no_journal(folder: Path) -> AsyncIterator[None]:
    """A file stands where the journal's folder was: nothing can be recorded."""
    journal, away = folder / "journal", folder / "journal.away"
    await asyncio.to_thread(journal.rename, away)
    await asyncio.to_thread(journal.write_bytes, b"")
    yield
    await asyncio.to_thread(journal.unlink)
    await asyncio.to_thread(away.rename, journal)


async def test_a_fault_is_overridden_stated_sealed_and_signed(
    patient_server: CourtServer, enter: Enter, tmp_path: Path
) -> None:
    server = patient_server
    demo = await server.demo()
    judge, party = await enter("judge"), await enter("defendant", phone=True)
    await party.goes_in(demo["links"]["defendant"])
    await judge.goes_in(demo["links"]["judge"])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await expect(judge.part("rec-sign")).to_have_attribute("data-state", "writing", timeout=PATIENCE_MS)
    await sits_through_a_fault(judge, party, server.data_dir / "hearings" / demo["hearing_id"])
    await is_closed_with_a_statement(judge)
    await is_confirmed_and_signed(judge, party)

    bundle = tmp_path / "record.zip"
    await exported(server, demo["hearing_id"], bundle)
    code, said = await command("verify", bundle)
    assert code == 0, said
    assert "signed by defendant " in said and ": valid" in said
    assert "the seal was confirmed by judge " in said
    await reads_the_statement(bundle)
    await party.page.goto(f"{server.url}/verify")
    await party.part("verify-zip").set_input_files(bundle)
    await judged(party, 0)
    signed = party.page.locator('[data-item="countersignature 2"][data-state=ok]')
    await expect(signed).to_contain_text("签名有效")
    assert not [c for person in (judge, party) for c in person.complaints]


async def sits_through_a_fault(judge: Person, party: Person, folder: Path) -> None:
    async with no_journal(folder):
        await judge.presses("phase-debate")  # new segments are begun, and can't be
        await judge.sees("record-out")
        await expect(judge.part("rec-sign")).to_have_attribute("data-state", "stalled", timeout=PATIENCE_MS)
        await expect(judge.part("record-suspends")).to_be_visible(timeout=PATIENCE_MS)
        await party.does_not_see("record-out")
        await judge.presses("btn-override")
        await judge.part("override-reason").fill("当事人正在陈述，先继续。")
        await judge.presses("btn-confirm")
        await judge.sees("record-overridden")
    await expect(judge.part("rec-sign")).to_have_attribute("data-state", "writing", timeout=PATIENCE_MS)
    await judge.does_not_see("record-overridden")


async def is_closed_with_a_statement(judge: Person) -> None:
    """The server's draft stands there, is changed and stated; then one press closes."""
    await judge.sees("unstated")
    await judge.presses("btn-close")
    await judge.sees("dialog-statement")
    draft = await judge.part("statement-text").input_value()
    assert "中断 1 次" in draft and "历时" in draft
    await judge.part("statement-text").fill(f"{draft}\n已更换存储设备。")
    await judge.presses("btn-confirm")
    await judge.sees("dialog-close")
    await judge.presses("btn-confirm")


async def is_confirmed_and_signed(judge: Person, party: Person) -> None:
    await expect(party.part("check-value")).to_be_visible(timeout=SEALED_WITHIN_MS)
    await expect(judge.part("check-value")).to_be_visible(timeout=SEALED_WITHIN_MS)
    value = await party.part("check-value").get_attribute("data-value")
    assert value and value == await judge.part("check-value").get_attribute("data-value")
    await judge.presses("btn-confirm-seal")
    await judge.sees("seal-confirmed")
    await party.presses("btn-sign")
    await party.sees("seal-signed")
    await expect(judge.page.locator("[data-testid=seal-person][data-state=signed]")).to_have_count(
        1, timeout=PATIENCE_MS
    )
    await party.page.reload()  # the link goes on working, and knows what was signed
    await party.sees("seal-signed")


async def reads_the_statement(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as whole:
        entries = [json.loads(line)[1] for line in whole.read("record.log").splitlines()]
    (statement,) = (entry["text"] for entry in entries if entry["kind"] == "statement")
    assert statement.endswith("已更换存储设备。")
    kinds = [entry["event"]["kind"] for entry in entries if entry["kind"] == "event"]
    told = [kind for kind in kinds if kind.startswith("record") or kind in ("fault_stated", "hearing_closed")]
    assert told == [
        "recording_interrupted",
        "recorder_overridden",
        "recording_resumed",
        "fault_stated",
        "hearing_closed",
    ]
    assert [entry["reason"] for entry in entries if entry["kind"] == "gap"] == ["FAULT"]
