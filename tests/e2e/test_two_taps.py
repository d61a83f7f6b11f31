"""On the smallest phone every act of the hearing stands before its owner after two taps at most (F16).

The pages say themselves what there is: every control they hold, shown or folded away, at rest and behind each tap.
What opens something says so too, as it does for a screen reader (`aria-haspopup`, `aria-expanded`, a tab, a fold).
"""

import asyncio

import pytest
from playwright.async_api import expect

from tests.bed.browsers import PATIENCE_MS, PHONE, Person
from tests.bed.court_server import CourtServer
from tests.bed.fake_devices import SMALL
from tests.bed.walk.visit import until_still
from tests.e2e.conftest import Enter
from tests.e2e.test_three_in_court import seat_ids

pytestmark = pytest.mark.e2e

LOOKS_AROUND = """
async () => {
  for (let drawn = 0; drawn < 3; drawn++) await new Promise(requestAnimationFrame);
  const named = [...document.querySelectorAll(
    'button[data-testid], summary[data-testid], select[data-testid], input[data-testid]')]
    .filter((part) => !part.closest('.court-tools, .toasts') && part.dataset.testid !== 'btn-theme');
  const canBeTapped = (part) => {
    if (!part.checkVisibility({visibilityProperty: true})) return false;
    part.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const {left, right, top, bottom} = part.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return Boolean(there) && (part.contains(there) || (part.closest('label')?.contains(there) ?? false));
  };
  const before = named.filter(canBeTapped);
  const opens = '[aria-haspopup], [aria-expanded=false], [aria-controls], summary';
  const ids = (parts) => [...new Set(parts.map((part) => part.dataset.testid))];
  return {all: ids(named), before: ids(before), doors: ids(before.filter((part) => part.matches(opens)))};
}
"""
"""All controls there are, those that a finger reaches, and those of them that open something.

The tools and the theme at the head of a wide page aren't counted: a phone has the same behind "more", and no keys.
"""

FOLDS = "() => document.querySelectorAll('details.person-more').forEach((fold) => { fold.open = false; })"

ACTS = {
    "judge": {
        *("btn-recess", "btn-close", "btn-next-phase", "btn-merge", "btn-mute-all", "switch-lock", "switch-floor-mode"),
        *("btn-suspend", "btn-adjourn", "btn-arrange", "btn-exhibits", "btn-board", "btn-leave", "note-text"),
        *("btn-give-{defendant}", "btn-warn-{defendant}", "btn-remove-{defendant}", "btn-return-{defendant}"),
        *("btn-connectivity-{defendant}", "btn-call-next", "btn-monitor"),
    },
    "clerk": {"btn-board", "btn-return-{defendant}", "btn-next-phase", "btn-exhibits", "note-text"},
    "defendant": {"btn-mic", "btn-camera", "btn-hand", "btn-ask-recess", "btn-exhibits", "layout-grid", "message-text"},
}
"""Some that must be among what is found, so that a page that holds nothing can't pass."""


class Finger:
    """One person's thumb on the courtroom: what it has found after how many taps."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.all: set[str] = set()
        self.reached: set[str] = set()

    async def looks(self) -> list[str]:
        seen = await self._person.page.evaluate(LOOKS_AROUND)
        self.all |= set(seen["all"])
        self.reached |= set(seen["before"])
        return list(seen["doors"])

    async def rests(self) -> None:
        """Back to the courtroom with nothing open over it."""
        page = self._person.page
        while await page.locator("dialog[open]").count():
            await page.keyboard.press("Escape")
        await page.evaluate(FOLDS)
        if await self._person.part("btn-panel-close").is_visible():
            await self._person.presses("btn-panel-close")

    async def taps(self, *testids: str) -> list[str]:
        await self.rests()
        for testid in testids:
            await self._person.presses(testid)  # a click is done when it returns; a tap's may come later
        return await self.looks()

    async def tries_all(self) -> None:
        """Every door at rest, and every door behind it."""
        await until_still(self._person)
        at_rest = await self.taps()
        for first in at_rest:
            for second in await self.taps(first):
                if second not in at_rest:
                    await self.taps(first, second)
        await self.rests()


async def beside(judge: Person, role: str) -> Person:
    """Another phone in the judge's browser."""
    context = await judge.browser.new_context(locale="zh-CN", **PHONE)  # type: ignore[arg-type]
    await context.grant_permissions(["camera", "microphone"])
    return Person(role, judge.browser, context, await context.new_page())


async def test_every_act_is_two_taps_away(server: CourtServer, enter: Enter) -> None:
    demo = await server.demo()
    ids = await seat_ids(demo["links"], server.url)
    judge = await enter("judge", phone=True, lens=SMALL)
    clerk, defendant = [await beside(judge, role) for role in ("clerk", "defendant")]
    people = (judge, clerk, defendant)
    for person in people:
        await person.goes_in(demo["links"][person.role])
    await judge.presses("btn-open")
    await judge.presses("btn-confirm")
    await defendant.sees("btn-hand")
    await expect(defendant.part("countdown")).to_have_count(0, timeout=PATIENCE_MS)
    await defendant.presses("btn-hand")
    fingers = [Finger(person) for person in people]
    await asyncio.gather(*(finger.tries_all() for finger in fingers))
    for person, finger in zip(people, fingers, strict=True):
        acts = {act.format(**ids) for act in ACTS[person.role]}
        assert acts <= finger.all, f"{person.role} has no {sorted(acts - finger.all)}"
        assert finger.all <= finger.reached, f"{person.role} taps oftener for {sorted(finger.all - finger.reached)}"
    assert judge.complaints == []
