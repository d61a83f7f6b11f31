"""What the court was shown for a while, beside the people: an exhibit's page."""

from datetime import datetime

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
