"""A court day from the door to the sealed record: six people in six browsers, one of them on a phone on the road.

`python -m bench.court_day`, as root: it makes network namespaces. Says where the day has come to; ends with an error
where something isn't as it must be. A script, and no test yet: it has not been seen to pass.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.court_day import CourtDay, court_day
from tests.bed.fake_devices import LOOKS
from tests.e2e.test_exhibit_in_court import all_see_page, hands_in
from tests.e2e.test_order_kept import hears_only
from tests.e2e.test_private_rooms import LAWYER, PARTY, talks_privately
from tests.e2e.test_record_proved import command, exported
from tests.e2e.test_three_in_court import hears_again, quiet, rises

# --- before the court sits ------------------------------------------------------------------------------------


async def at_the_door(day: CourtDay) -> None:
    """The bench is there first; whoever comes goes through every step, and the clerk compares faces with papers."""
    for role in ("clerk", "judge"):
        await day.people[role].goes_in(day.links[role])
        await day.people[role].sees("courtroom")
    await day.people["clerk"].presses("btn-board")
    for role in ("plaintiff", "representative", "witness"):
        await checks_in(day, role)
    await day.people["clerk"].presses("btn-board-close")
    await day.outside.shuts_the_door()
    assert await day.outside.media() == {"open": 0, "bytes": 0, "packets": 0}


async def checks_in(day: CourtDay, role: str) -> None:
    clerk, who = day.people["clerk"], day.ids[role]
    await day.people[role].checks_in(day.links[role])
    await clerk.presses(f"btn-identity-{who}")
    await clerk.sees("identity-picture")
    await clerk.part("way-accept").check()
    await clerk.part("dialog-identity").get_by_test_id("btn-confirm").click()
    await expect(clerk.part(f"board-{who}")).to_have_attribute("data-lacks", "", timeout=PATIENCE_MS)


async def party_and_lawyer_talk_in_private(day: CourtDay) -> None:
    """By invitation and acceptance; sound goes both ways, and not a packet of it into the courtroom."""
    party, lawyer, ids = day.people["plaintiff"], day.people["representative"], day.ids
    async with day.off_the_record("private talk"):
        by_name = {PARTY: ids["plaintiff"], LAWYER: ids["representative"]}
        await talks_privately(party, lawyer, day.people["judge"], by_name)
        assert (await day.people["clerk"].received())["audio"] == 0
        assert day.written() == {}


async def court_opens(day: CourtDay) -> None:
    """Open, with a countdown; it empties the private room into court, and the phases begin."""
    judge = day.people["judge"]
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await judge.sees("countdown")
    present = day.others("defendant")
    await all_sit(present)
    for person in present:
        await person.sees("rec-sign")
    await judge.presses("btn-next-phase")
    await judge.presses("phase-evidence")
    for person in present:
        await expect(person.page.locator(".phase-place")).to_have_text("5/10", timeout=PATIENCE_MS)


async def all_sit(people: tuple[Person, ...]) -> None:
    for person in people:
        await person.sees("courtroom")
        for cover in ("countdown", "recess-overlay", "suspended-overlay"):
            await person.does_not_see(cover)
    await asyncio.gather(*(hears_and_sees(person) for person in people))


async def hears_and_sees(person: Person) -> None:
    for what in ("audio", "frames"):
        await rises(person, what, 20)


# --- the court sits -------------------------------------------------------------------------------------------


async def the_defendant_comes_late(day: CourtDay) -> None:
    """On a phone, by mobile network: the same steps, and then one tap of the judge."""
    judge, clerk, phone = day.people["judge"], day.people["clerk"], day.people["defendant"]
    await clerk.presses("btn-board")
    await checks_in(day, "defendant")
    await clerk.presses("btn-board-close")
    assert (await phone.received())["packets"] == 0, "nothing of the sitting court comes through its door"
    await judge.sees("banner-late")
    await judge.presses("btn-late-admit")
    await all_sit((phone,))
    await hears_again(phone, day.ids["judge"], LOOKS["judge"].tone_hz)
    await hears_again(day.people["plaintiff"], day.ids["defendant"], LOOKS["defendant"].tone_hz)


async def hands_are_raised(day: CourtDay) -> None:
    """In floor mode the one who is called is heard, and nobody else but the bench."""
    judge, party, phone = (day.people[role] for role in ("judge", "plaintiff", "defendant"))
    await phone.presses("btn-hand")
    await judge.sees(f"hand-{day.ids['defendant']}")
    await party.presses("btn-hand")
    await expect(party.part("hand-place")).to_have_text("2", timeout=PATIENCE_MS)
    await judge.presses("switch-floor-mode")
    await party.sees("sign-floor-mode")
    await judge.presses("btn-call-next")
    await phone.sees("floor-line")
    await hears_again(judge, day.ids["defendant"], LOOKS["defendant"].tone_hz)
    await hears_only(judge, day.ids["defendant"], day.ids["plaintiff"], LOOKS["defendant"].tone_hz)
    await judge.presses("btn-take-floor")
    await judge.does_not_see("floor-holder")
    await judge.presses("btn-call-next")
    await judge.sees("floor-holder")
    await hears_again(judge, day.ids["plaintiff"], LOOKS["plaintiff"].tone_hz)
    await judge.presses("switch-floor-mode")
    await party.does_not_see("sign-floor-mode")


async def an_exhibit_is_shown(day: CourtDay) -> None:
    """Every page follows the judge's; whoever reloads finds the page that is shown."""
    judge, everyone = day.people["judge"], day.others()
    await hands_in(day.people["representative"], day.server.data_dir)
    await judge.presses("btn-exhibits")
    await judge.presses("btn-present-1")
    await all_see_page(everyone, 1)
    await judge.presses("btn-page-on")
    await all_see_page(everyone, 2)
    await day.people["plaintiff"].page.reload()
    await all_see_page(everyone, 2)
    await judge.presses("btn-put-away")
    for person in everyone:
        await person.does_not_see("exhibit-stage")


async def evidence_is_sealed(day: CourtDay) -> None:
    """The judge's choice in plain words; everyone in it sees the sign, and it ends with one press."""
    judge, party = day.people["judge"], day.people["plaintiff"]
    await judge.presses("btn-arrange")
    await judge.presses("arrange-sealed")
    await judge.presses("btn-confirm")
    for person in day.others():
        sign = person.part("arrangement-sign")
        await expect(sign).to_have_attribute("data-arrangement", "sealed", timeout=PATIENCE_MS)
    await rises(party, "audio", 100)
    await judge.presses("btn-open-court")
    for person in day.others():
        await person.does_not_see("arrangement-sign")
    await rises(party, "audio", 50)


async def the_witness_is_heard(day: CourtDay) -> None:
    """Called, heard and dismissed: before and after, nothing of the court reaches the place outside."""
    judge, witness, outside, who = day.people["judge"], day.people["witness"], day.outside, day.ids["witness"]
    await outside.nothing_came()
    await judge.presses(f"btn-call-{who}")
    await witness.sees("called")
    await outside.nothing_came()
    await witness.presses("btn-answer-call")
    await all_sit((witness,))
    await judge.sees(f"tile-{who}")
    await hears_again(witness, day.ids["judge"], LOOKS["judge"].tone_hz)
    await hears_again(day.people["defendant"], who, LOOKS["witness"].tone_hz)
    assert (await outside.media())["bytes"] > 0
    await judge.presses(f"more-{who}")
    await judge.presses(f"btn-return-{who}")
    await witness.sees("waiting-room")
    await outside.shuts_the_door()


# --- interruptions --------------------------------------------------------------------------------------------


async def court_rises_for_a_recess(day: CourtDay) -> None:
    """Every microphone is cut at the server before anyone is told; nothing is heard, and nothing written."""
    judge = day.people["judge"]
    await judge.presses("btn-recess")
    await judge.presses("btn-confirm")
    for person in day.others():
        await person.sees("recess-overlay")
    await nothing_is_heard_or_recorded(day, "recess")
    await judge.presses("btn-resume")
    await all_sit(day.others())


async def the_judges_line_dies(day: CourtDay) -> None:
    """Without its judge the court is suspended by itself; it is the judge who goes on."""
    judge, others = day.people["judge"], day.others("judge")
    await day.breaks_line("judge")
    await judge.sees("banner-reconnecting")
    for person in others:
        await person.sees("suspended-overlay")
    await day.mends_line("judge")
    await judge.does_not_see("banner-reconnecting")
    await judge.sees("suspended-overlay")
    await nothing_is_heard_or_recorded(day, "suspension")
    await judge.presses("btn-resume")
    await all_sit(day.others())
    await hears_again(day.people["defendant"], day.ids["judge"], LOOKS["judge"].tone_hz)


async def nothing_is_heard_or_recorded(day: CourtDay, what: str) -> None:
    """Once the last packet has come, not one more does, and no file grows; the log is held against it later."""
    people = day.others()
    await asyncio.gather(day.nothing_is_written(), *(quiet(person) for person in people))
    written = day.written()
    async with day.off_the_record(what):
        heard = [(await person.received())["audio"] for person in people]
        await asyncio.gather(*(quiet(person) for person in people))
        assert [(await person.received())["audio"] for person in people] == heard
    assert day.written() == written


# --- the end, and what is left --------------------------------------------------------------------------------


async def court_closes(day: CourtDay) -> None:
    """The witness too learns that it is over; until then, since they were sent out, nothing came to them."""
    judge = day.people["judge"]
    await day.outside.nothing_came()
    await judge.closes_the_hearing()
    for person in day.people.values():
        await person.sees("closed-page")


async def the_record_holds_it(day: CourtDay) -> None:
    bundle = day.server.data_dir / "record.zip"
    await exported(day.server, day.hearing_id, bundle)
    code, said = await command("verify", bundle)
    assert code == 0, said
    entries = day.log()
    stated = [entry for entry in entries if entry["kind"] == "isolation"]
    assert [(entry["participant"], entry["packets"]) for entry in stated] == [(day.ids["witness"], 0)] * 2
    segments = [entry["segment"] for entry in entries if entry["kind"] == "segment"]
    assert {segment["participant_id"] for segment in segments} == set(day.ids.values())
    for silence in day.silences:
        for segment in segments:
            began_at, ended_at = (datetime.fromisoformat(segment[key]) for key in ("began_at", "ended_at"))
            assert ended_at <= silence.began_at or began_at >= silence.ended_at, (silence, segment)
    gaps = [entry["reason"] for entry in entries if entry["kind"] == "gap"]
    assert [gap for gap in gaps if gap != "FAULT"] == ["SEALED_EVIDENCE", "RECESS"]
    assert "FAULT" in gaps, "the judge's line"


STATIONS: tuple[Callable[[CourtDay], Awaitable[None]], ...] = (
    at_the_door,
    party_and_lawyer_talk_in_private,
    court_opens,
    the_defendant_comes_late,
    hands_are_raised,
    an_exhibit_is_shown,
    evidence_is_sealed,
    the_witness_is_heard,
    court_rises_for_a_recess,
    the_judges_line_dies,
    court_closes,
    the_record_holds_it,
)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with court_day(Path(folder)) as day:
            for station in STATIONS:
                print(station.__name__.replace("_", " "), flush=True)
                await station(day)
            assert "Traceback" not in day.server.log(), day.server.log()
            assert not [c for person in day.others("judge") for c in person.complaints]
            died = [c for c in day.people["judge"].complaints if "net::ERR_" not in c]
            assert not died, "the judge's page complains of nothing but the line that died"


if __name__ == "__main__":
    asyncio.run(main())
