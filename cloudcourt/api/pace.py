"""A brake on floods: so many calls per caller and minute, in bounded memory."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from cloudcourt.domain.errors import TooFast


class Pace:
    """A sliding window per caller. Kept in memory: a restart forgets it.

    At most `callers_limit` callers are remembered; the one longest silent goes first.
    """

    def __init__(self, calls: int = 30, window: timedelta = timedelta(minutes=1), callers_limit: int = 10_000) -> None:
        self._calls = calls
        self._window = window
        self._callers_limit = callers_limit
        self._callers: OrderedDict[str, deque[datetime]] = OrderedDict()

    def admit(self, caller: str, now: datetime) -> None:
        """Count a call. Raises TooFast; a refused call isn't counted, so patience is rewarded."""
        calls = self._callers.setdefault(caller, deque(maxlen=self._calls))
        self._callers.move_to_end(caller)
        while calls and now - calls[0] >= self._window:
            calls.popleft()
        if len(calls) >= self._calls:
            raise TooFast
        calls.append(now)
        if len(self._callers) > self._callers_limit:
            self._callers.popitem(last=False)

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._callers)
