"""axe-core in a page: what someone with a screen reader, with weak eyes or without a mouse would stumble over."""

from pathlib import Path

from playwright.async_api import Page

SOURCE = Path(__file__).parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"
HARMFUL = ("serious", "critical")

LOOK = """
async ([rules, harmful]) => {
  const only = rules ? {runOnly: {type: 'rule', values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ['violations'], ...only});
  return found.violations.filter(({impact}) => harmful.includes(impact)).flatMap(({id, impact, nodes}) =>
    nodes.map(({target, html, failureSummary: why}) =>
      `${impact} ${id}: ${target.join(' ')} | ${html.slice(0, 160)} | ${why.slice(0, 240)}`));
}
"""


async def harm(page: Page, rules: list[str] | None = None) -> list[str]:
    """Every serious or critical finding on the page as it stands; only those of `rules` if some are named.

    The script comes in by the browser's debugging line, so that the page's content policy stays as strict as it is.
    """
    assert SOURCE.is_file(), "axe-core is missing: run `npm ci` in tests/js, as `make check` does"
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SOURCE.read_text())
    found: list[str] = await page.evaluate(LOOK, [rules, HARMFUL])
    return found


async def harm_in_both(page: Page) -> list[str]:
    """The same in light and dark: everything in light, and in dark the one thing that a theme changes, contrast."""
    found: list[str] = []
    for theme, rules in (("light", None), ("dark", ["color-contrast"])):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{theme}: {each}" for each in await harm(page, rules)]
    return found
