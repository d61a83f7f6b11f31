"""A party and her lawyer talk in private before the hearing, and a witness waits outside: nobody else gets a packet."""

import asyncio
import json
from typing import Any

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.caller import Caller, Refused
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import LOOKS
from tests.bed.filed_case import files_case
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import hears_again, rises

pytestmark = pytest.mark.e2e

PARTY, LAWYER, OTHER, JUDGE, WITNESS = "李秀英", "何静", "王建国", "陈明远", "孙丽"
PEOPLE: list[dict[str, Any]] = [
    {"role": "judge", "name": JUDGE},
    {"role": "plaintiff", "name": PARTY},
    {"role": "representative", "name": LAWYER, "ties": {"side": "a"}},
    {"role": "defendant", "name": OTHER},
    {"role": "witness", "name": WITNESS},
]


def log_of(server: CourtServer, hearing_id: str) -> list[dict[str, Any]]:
    lines = (server.data_dir / "hearings" / hearing_id / "record.log").read_text().splitlines()
    return [json.loads(line)[1] for line in lines]


async def learned(person: Caller) -> list[str]:
    """The kinds of everything that this person was told of, but for what is about themselves."""
    told = [event["event"] for event in person.events if event["event"]]
    return [event["kind"] for event in told if event.get("participant_id") != person.participant_id]


async def test_private_talk_and_an_isolated_witness(server: CourtServer, enter: Enter) -> None:
    hearing_id, links, ids = await files_case(server, PEOPLE)
    judge, party = await enter("judge"), await enter("plaintiff", phone=True)
    lawyer = await enter("representative", language="en")
    witness = Caller(server.url)
    await party.goes_in(links[PARTY])
    await lawyer.goes_in(links[LAWYER])
    await judge.goes_in(links[JUDGE])
    await witness.joins(links[WITNESS])
    await witness.asks("report_ready")
    await judge.sees("courtroom")

    await talks_privately(party, lawyer, judge, ids)

    # The countdown empties the room into court; the witness learns nothing of the trial.
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    for person in (party, lawyer):
        await person.sees("courtroom")
        await expect(person.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await rises(party, "audio", 50)
    await seals_evidence(judge, party)
    assert await learned(witness) == []
    assert (witness.view["session"], witness.view["people"]) == ("lobby_open", [witness.view["you"]])
    with pytest.raises(Refused) as refusal:
        await witness.calls("media_offer", {"sdp": "v=0\r\n"})
    assert refusal.value.code == "wrong_participant_state"

    await judge.presses(f"btn-call-{ids[WITNESS]}")
    await witness.until_view(lambda view: view["you"]["state"] == "called")
    assert await learned(witness) == []
    await witness.asks("answer_call")
    await judge.sees(f"tile-{ids[WITNESS]}")
    assert witness.view["session"] == "in_session"
    await judge.closes_the_hearing()
    await party.sees("closed-page")
    await witness.leaves()
    await look_at_the_log(server, hearing_id, ids)
    assert not [c for person in (judge, party, lawyer) for c in person.complaints]


async def talks_privately(party: Person, lawyer: Person, judge: Person, ids: dict[str, str]) -> None:
    """By invitation and acceptance; sound goes both ways, and not a packet of it into the courtroom."""
    await party.presses("btn-consult")
    await party.presses("btn-confirm")
    await party.sees("private-sign")
    await lawyer.sees("invitation")
    await lawyer.presses("btn-accept")
    await lawyer.sees("private-sign")
    await asyncio.gather(rises(party, "audio", 100), rises(lawyer, "audio", 100), rises(lawyer, "frames", 20))
    await hears_again(party, ids[LAWYER], LOOKS["representative"].tone_hz)
    await hears_again(lawyer, ids[PARTY], LOOKS["plaintiff"].tone_hz)
    assert (await judge.received())["packets"] == 0
    await party.presses("btn-lock")
    await expect(lawyer.part("btn-lock")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)


async def seals_evidence(judge: Person, party: Person) -> None:
    """The judge's choice in plain words; everyone in it sees the sign, and it ends with one press."""
    await judge.presses("btn-arrange")
    await judge.presses("arrange-sealed")
    await judge.presses("btn-confirm")
    await expect(party.part("arrangement-sign")).to_have_attribute("data-arrangement", "sealed", timeout=PATIENCE_MS)
    await rises(party, "audio", 100)
    await judge.presses("btn-open-court")
    await party.does_not_see("arrangement-sign")
    await rises(party, "audio", 50)


async def look_at_the_log(server: CourtServer, hearing_id: str, ids: dict[str, str]) -> None:
    async with asyncio.timeout(60):
        while not (server.data_dir / "hearings" / hearing_id / "seal.json").exists():
            await asyncio.sleep(0.2)
    entries = log_of(server, hearing_id)
    (opened_at,) = (e["at"] for e in entries if e["kind"] == "event" and e["event"]["kind"] == "hearing_opened")
    segments = [entry["segment"] for entry in entries if entry["kind"] == "segment"]
    assert {s["participant_id"] for s in segments} >= {ids[JUDGE], ids[PARTY], ids[LAWYER]}
    assert min(s["began_at"] for s in segments) >= opened_at[:19], "nothing of the private talk was recorded"
    reasons = [e["reason"] for e in entries if e["kind"] == "gap"]
    assert "SEALED_EVIDENCE" in reasons
    assert set(reasons) <= {"SEALED_EVIDENCE", "FAULT"}
    (stated,) = (entry for entry in entries if entry["kind"] == "isolation")
    assert (stated["participant"], stated["packets"]) == (ids[WITNESS], 0)
    assert stated["counted_since"] == stated["began_at"] < opened_at < stated["ended_at"]
