"""What the court was shown for a while, beside the people: an exhibit's page."""

from collections.abc import Iterator
from datetime import datetime

from cloudcourt.domain.exhibits import PLAYED, Exhibits
from cloudcourt.domain.value import Value


class Shown(Value):
    """One span in which a page was before the court; the next page is the next span. `ended_at` is None while it lasts.

    `image` is a picture of the page (PNG, WebP or JPEG), as a path below the hearing's folder.
    """

    began_at: datetime
    ended_at: datetime | None = None
    title: str = ""
    """As the court calls it: `证据3 租赁合同 第2页`."""
    image: str

    def covers(self, at: datetime) -> bool:
        """True while it is shown."""
        return self.began_at <= at and (self.ended_at is None or at < self.ended_at)


def shown_pages(exhibits: Exhibits) -> tuple[Shown, ...]:
    """Every page that stood before the court; a sound has none."""
    return tuple(_shown(exhibits))


def _shown(exhibits: Exhibits) -> Iterator[Shown]:
    for span in exhibits.shown:
        exhibit = exhibits.get(span.exhibit)
        version = exhibit.version(span.version) if exhibit is not None else None
        if exhibit is None or version is None or not version.file.pages:
            continue
        page = "" if version.file.kind in PLAYED else f" 第{span.page}页"
        yield Shown(
            began_at=span.began_at,
            ended_at=span.ended_at,
            title=f"证据{exhibit.number} {exhibit.title}{page}",
            image=version.file.page_name(span.page),
        )
