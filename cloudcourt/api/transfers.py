"""How far each download has come, for the page that shows it."""

from collections import OrderedDict

REMEMBERED_LIMIT = 1_000


class Transfers:
    """The furthest byte that went out of each download since this server started. Weather, never the record of it."""

    def __init__(self) -> None:
        self._furthest: OrderedDict[str, int] = OrderedDict()

    def reached(self, download_id: str, byte: int) -> None:
        """Everything before `byte` went out, now or earlier."""
        self._furthest[download_id] = max(byte, self.furthest(download_id))
        self._furthest.move_to_end(download_id)
        if len(self._furthest) > REMEMBERED_LIMIT:
            self._furthest.popitem(last=False)

    def furthest(self, download_id: str) -> int:
        """0 where nothing went out yet."""
        return self._furthest.get(download_id, 0)
