"""A court with a full check-in: its steps, the waiting rooms, a private talk, and the clerk's board of who is ready."""

import asyncio
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import expect

from tests.bed.browsers import Person
from tests.bed.filed_case import files_case
from tests.bed.walk.visit import BOTH, EVERY, PHONE, Visit, until_still

STEPS_MOST = 30
JUDGE, CLERK, PARTY, LAWYER, OTHER, WITNESS = "陈明远", "赵敏", "李秀英", "何静", "王建国", "孙丽"
ROLES = {"judge": JUDGE, "clerk": CLERK, "plaintiff": PARTY, "representative": LAWYER, "defendant": OTHER}
PEOPLE: list[dict[str, Any]] = [
    {"role": "judge", "name": JUDGE},
    {"role": "clerk", "name": CLERK},
    {"role": "plaintiff", "name": PARTY},
    {"role": "representative", "name": LAWYER, "ties": {"side": "a"}},
    {"role": "defendant", "name": OTHER},
    {"role": "witness", "name": WITNESS},
]


async def files(visit: Visit) -> None:
    """A case with everybody whom a court of first instance sees."""
    roles = {name: role for role, name in (*ROLES.items(), ("witness", WITNESS))}
    visit.hearing_id, links, ids = await files_case(visit.server, PEOPLE)
    visit.links = {roles[name]: link for name, link in links.items()}
    visit.ids = {roles[name]: each for name, each in ids.items()}


async def check_in(visit: Visit) -> None:
    """Every step of it, and the waiting room behind it."""
    defendant = await visit.enters("defendant")
    await defendant.page.goto(visit.links["defendant"])
    await defendant.sees("check-in")
    seen: set[str] = set()
    for _ in range(STEPS_MOST):
        with suppress(PlaywrightError, AssertionError):  # the step changes, or its button rests, or it was the last
            step = str(await defendant.part("check-in").get_attribute("data-step", timeout=3_000))
            if step not in {*seen, "done"}:
                seen.add(step)
                await visit.looks(defendant, f"check-in-{len(seen)}-{step}", (PHONE,))
            await defendant.part("btn-next").click(timeout=3_000)
            await expect(defendant.part("check-in")).not_to_have_attribute("data-step", step, timeout=5_000)
        if await defendant.part("waiting-room").count():
            break
    await defendant.sees("waiting-room")
    await until_still(defendant)
    await visit.looks(defendant, "waiting", EVERY)


async def clerk_comes(visit: Visit) -> None:
    """With the clerk the court's rooms open."""
    clerk = await visit.beside("defendant", "clerk")
    await clerk.goes_in(visit.links["clerk"])
    await clerk.sees("courtroom")


async def private_room(visit: Visit) -> None:
    """A party asks her lawyer in; he is asked; they talk."""
    party, lawyer = await visit.enters("plaintiff"), await visit.beside("defendant", "representative")
    await party.checks_in(visit.links["plaintiff"])
    await lawyer.checks_in(visit.links["representative"])
    await party.presses("btn-consult")
    await visit.looks(party, "private-question", (PHONE,))
    await party.presses("btn-confirm")
    await lawyer.sees("invitation")
    await visit.looks(lawyer, "private-invitation", (PHONE,))
    await lawyer.presses("btn-accept")
    await lawyer.sees("private-sign")
    await party.page.locator(".tile").nth(1).wait_for()
    await until_still(party)
    await visit.looks(party, "private-room", EVERY)


async def witness_waits(visit: Visit) -> None:
    witness = await visit.beside("defendant", "witness")
    await witness.checks_in(visit.links["witness"])
    await until_still(witness)
    await visit.looks(witness, "witness-waiting", (PHONE,))


async def board(visit: Visit) -> None:
    """Who is where and lacks what; a picture is compared; the court is late."""
    clerk, defendant = visit.people["clerk"], visit.people["defendant"]
    await defendant.presses("btn-help")
    await defendant.presses("btn-help-sound")
    desk = defendant.part("help-dialog")
    await desk.get_by_test_id("message-text").fill("我在服务区，有点吵")
    await desk.get_by_test_id("btn-send").click()
    await clerk.presses("btn-board")
    await clerk.sees(f"task-sound-{visit.ids['defendant']}")
    await asyncio.sleep(1)  # the message has come too
    await until_still(clerk)
    await visit.looks(clerk, "board")
    await clerk.presses(f"btn-identity-{visit.ids['defendant']}")
    await clerk.sees("identity-picture")
    await visit.looks(clerk, "board-identity", BOTH)
    await leaves_dialog(clerk)
    await clerk.presses("btn-delay")
    await visit.looks(clerk, "board-delay", (PHONE,))


async def leaves_dialog(person: Person) -> None:
    await person.page.keyboard.press("Escape")
