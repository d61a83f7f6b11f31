"""Where the presenter points and how near they look: passing, so it has no number in the log."""

from typing import Annotated

from pydantic import Field

from cloudcourt.domain.value import Value

Share = Annotated[float, Field(ge=0, le=1)]
"""A place along the page's width or height."""


class Pointing(Value):
    """What the presenter's own screen shows of the page, for everyone to follow."""

    x: Share | None = None
    """Where the pointer is; None while it is nowhere."""
    y: Share | None = None
    zoom: Annotated[float, Field(ge=1, le=8)] = 1
    left: Share = 0
    """Where the visible part begins."""
    top: Share = 0
