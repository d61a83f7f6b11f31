"""Looks at pages as they are shown, with axe-core and for what doesn't fit, and keeps what is harmful."""

from collections.abc import Sequence

from tests.bed import axe
from tests.bed.browsers import Person
from tests.bed.fitting import ILL_FITTING, SMALL_SIZES, WIDE_SIZES
from tests.bed.walk.visit import DESK, PHONE, SHAPES, speaks

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Inspector:
    """Looks at screens as they are shown, and keeps what is harmful."""

    def __init__(self) -> None:
        self.found: list[str] = []

    async def looks(self, person: Person, name: str) -> None:
        """In the language that the person has chosen, in light and dark; and nothing may be wider than the page."""
        language = await person.page.evaluate("document.documentElement.lang")
        harm = await axe.harm_in_both(person.page)
        self.found += [f"{name} {language} {each}" for each in harm]
        if await person.page.evaluate(OVERFLOW) > 0:
            self.found.append(f"{name} {language}: wider than the page")

    async def passes(self, person: Person, name: str, shapes: Sequence[str]) -> None:
        """A screen of the walk: Chinese in light, English in dark; then what doesn't fit, in every size."""
        width, height = SHAPES[shapes[0]]
        await person.page.set_viewport_size({"width": width, "height": height})
        for language, theme in (("zh-CN", "light"), ("en", "dark")):
            await speaks(person, language)
            await person.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.found += [f"{name} {language} {theme}: {each}" for each in await axe.harm(person.page)]
        for size in (SMALL_SIZES if PHONE in shapes else ()) + (WIDE_SIZES if DESK in shapes else ()):
            await person.page.set_viewport_size({"width": size[0], "height": size[1]})
            self.found += [f"{name} {size[0]}x{size[1]}: {each}" for each in await person.page.evaluate(ILL_FITTING)]
        await person.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        await speaks(person, "zh-CN")
