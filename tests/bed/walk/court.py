"""A hearing from the preview to the opening, in session, what opens over it, recess and interruption, and its end."""

from pathlib import Path

from playwright.async_api import Route, expect

from tests.bed.browsers import PATIENCE_MS, Person
from tests.bed.walk.visit import BOTH, DESK, EVERY, LYING, PHONE, Visit, until_still

INTENTS = Path(__file__).parents[3] / "static" / "js" / "intents.js"
TABS = ("floor", "people", "phases", "more")


async def preview(visit: Visit) -> None:
    """The links of a short check-in: one page, one button."""
    plaintiff, defendant = await visit.enters("plaintiff"), await visit.enters("defendant")
    await plaintiff.goes_in(visit.links["plaintiff"])
    await defendant.page.goto(visit.links["defendant"])
    await defendant.sees("join-enter")
    await visit.looks(defendant, "preview", EVERY)
    await defendant.presses("join-enter")
    witness = await visit.beside("defendant", "witness")
    await witness.goes_in(visit.links["witness"])


async def opening(visit: Visit) -> None:
    """Before it, the question, the countdown. The judge's page counts longer here, so that there is time to look."""
    judge, defendant = await visit.enters("judge"), visit.people["defendant"]
    await judge.page.route("**/js/intents.js", _counts_longer)
    await judge.goes_in(visit.links["judge"])
    await judge.sees("courtroom")
    await until_still(judge)
    await visit.looks(judge, "before-the-opening", EVERY)
    await visit.asked(judge, "btn-open", "question-before-opening")
    await judge.presses("btn-confirm")
    await visit.sized(judge, DESK)
    await defendant.sees("countdown")
    await visit.looks(defendant, "countdown", (PHONE, LYING))
    await expect(defendant.part("countdown")).to_have_count(0, timeout=2 * PATIENCE_MS)
    await judge.page.unroute("**/js/intents.js")
    await judge.page.reload()
    await judge.sees("btn-recess")


async def _counts_longer(route: Route) -> None:
    script = INTENTS.read_text().replace("COUNTDOWN_MS = 5000", "COUNTDOWN_MS = 25_000")
    await route.fulfill(content_type="text/javascript", body=script)


async def in_session(visit: Visit) -> None:
    """As judge, party and witness see it; a hand is up, somebody has the word."""
    judge, defendant, witness = (visit.people[role] for role in ("judge", "defendant", "witness"))
    await judge.presses(f"btn-call-{visit.ids['witness']}")
    await witness.presses("btn-answer-call")
    await judge.sees(f"tile-{visit.ids['witness']}")
    for person in (judge, defendant, witness):
        await until_still(person)
    await visit.looks(defendant, "court-party", EVERY)
    await visit.looks(judge, "court-judge", EVERY)
    await visit.looks(witness, "court-witness", (PHONE,))
    await visit.people["plaintiff"].presses("btn-hand")
    await judge.sees(f"hand-{visit.ids['plaintiff']}")


async def panel(visit: Visit) -> None:
    """The four leaves of the judge's panel on a phone."""
    judge = visit.people["judge"]
    await until_still(judge)
    await visit.sized(judge, PHONE)
    await judge.presses("btn-panel")
    for tab in TABS:
        await visit.sized(judge, PHONE)
        await judge.presses(f"tab-{tab}")
        await visit.looks(judge, f"panel-{tab}", (PHONE,))
    await visit.sized(judge, PHONE)
    await judge.presses("btn-panel-close")
    await visit.sized(judge, DESK)


async def dialogs(visit: Visit) -> None:
    """What opens over the courtroom."""
    judge, defendant = visit.people["judge"], visit.people["defendant"]
    for button, name in (("btn-help", "help"), ("btn-devices", "devices-and-view"), ("btn-leave", "leave")):
        await defendant.presses(button)
        await visit.looks(defendant, name, (PHONE, LYING) if name == "help" else (PHONE,))
        await defendant.page.keyboard.press("Escape")
    await judge.page.keyboard.press("?")
    await visit.looks(judge, "keys", (DESK,))
    await judge.page.keyboard.press("Escape")
    for button, name in (("btn-recess", "question-recess"), ("btn-close", "question-close")):
        await visit.asked(judge, button, name)
        await judge.page.keyboard.press("Escape")
    await visit.sized(judge, DESK)
    await judge.presses("btn-arrange")
    await visit.looks(judge, "arrangements", (DESK,))
    await judge.page.keyboard.press("Escape")
    await judge.presses(f"more-{visit.ids['defendant']}")
    await judge.presses(f"btn-connectivity-{visit.ids['defendant']}")
    await expect(judge.part("connectivity-finding")).to_be_visible(timeout=PATIENCE_MS)
    await visit.looks(judge, "connection-of-a-person", BOTH)
    await judge.page.keyboard.press("Escape")


async def interruptions(visit: Visit) -> None:
    """The recess and a technical fault, as a party and as the judge sees them."""
    judge, defendant = visit.people["judge"], visit.people["defendant"]
    await judge.presses("btn-recess")
    await judge.part("note").fill("休庭十分钟")
    await judge.presses("btn-confirm")
    await defendant.sees("recess-overlay")
    await both_look(visit, "recess")
    await judge.presses("btn-resume")
    await judge.sees("btn-recess")
    await judge.part("more-acts").locator("summary").click()
    await judge.presses("btn-suspend")
    await visit.looks(judge, "question-suspend", (DESK,))
    await judge.presses("btn-confirm")
    await defendant.sees("suspended-overlay")
    await both_look(visit, "suspended")


async def both_look(visit: Visit, name: str) -> None:
    judge, defendant = visit.people["judge"], visit.people["defendant"]
    for person, shapes in ((judge, BOTH), (defendant, EVERY)):
        await until_still(person)
        await visit.looks(person, name if person is defendant else f"{name}-judge", shapes)


async def closes(visit: Visit) -> None:
    """The statement about faults if there were any, the close, and the page that stays."""
    judge, defendant = visit.people["judge"], visit.people["defendant"]
    await judge.closes_the_hearing()
    for person, name in ((defendant, "after-the-close"), (judge, "after-the-close-judge")):
        await person.sees("closed-page")
        await expect(person.part("check-value")).to_be_visible(timeout=4 * PATIENCE_MS)
        await visit.looks(person, name)


async def left(visit: Visit) -> None:
    """Whoever has left sees where they are."""
    witness: Person = visit.people["witness"]
    await witness.presses("btn-leave")
    await witness.presses("btn-confirm")
    await witness.sees("gone-page")
    await visit.looks(witness, "left", (PHONE,))
