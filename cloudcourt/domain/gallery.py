"""The public gallery (OLR 27): what of the program the public may see, and when. Values and arithmetic only."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from cloudcourt.domain.value import Value


class OpenGallery(Value):
    """Let the public watch from now on, with the court's delay."""

    kind: Literal["open_gallery"] = "open_gallery"


class CutGallery(Value):
    """Shut the gallery at once; what waits in the delay is never shown."""

    kind: Literal["cut_gallery"] = "cut_gallery"


class GalleryOpened(Value):
    kind: Literal["gallery_opened"] = "gallery_opened"


class GalleryCut(Value):
    kind: Literal["gallery_cut"] = "gallery_cut"


class Airing(Value):
    """A stretch of the hearing that is for the public. `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None = None


class Gallery(Value):
    """Whether the judge has opened the gallery, and what of the hearing is for the public.

    Nothing from before `cut_at`, the last cut, is shown any more: neither what had been, nor what waited in the delay.
    """

    is_open: bool = False
    airings: tuple[Airing, ...] = ()
    cut_at: datetime | None = None

    @property
    def is_on_air(self) -> bool:
        """True while what happens in court will be shown."""
        return bool(self.airings) and self.airings[-1].ended_at is None

    def may_show(self, began_at: datetime, ended_at: datetime, now: datetime, delay: timedelta) -> bool:
        """True when this whole stretch of the program may be seen by the public now.

        It may span a recess, in which nothing is recorded; never a cut, nor anything before an opening.
        """
        if ended_at <= began_at or now < ended_at + delay:
            return False
        if self.cut_at is not None and began_at < self.cut_at:
            return False
        starts_in = any(_has_begun(airing, began_at) and not _is_past(airing, began_at) for airing in self.airings)
        return starts_in and any(airing.began_at < ended_at and _lasts(airing, ended_at) for airing in self.airings)


def _has_begun(airing: Airing, at: datetime) -> bool:
    return airing.began_at <= at


def _is_past(airing: Airing, at: datetime) -> bool:
    return airing.ended_at is not None and airing.ended_at <= at


def _lasts(airing: Airing, at: datetime) -> bool:
    return airing.ended_at is None or airing.ended_at >= at


def ended(airings: Iterable[Airing], at: datetime) -> tuple[Airing, ...]:
    """The same airings, the one under way ended."""
    return tuple(airing if airing.ended_at else airing.model_copy(update={"ended_at": at}) for airing in airings)
