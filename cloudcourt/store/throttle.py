"""The brake on guessing passwords."""

from datetime import datetime, timedelta

from cloudcourt.domain.errors import TooFast


class SignInThrottle:
    """At most `limit` failed sign-ins per user name and `window`, whether or not the name exists.

    Kept in memory: a restart forgets it. At most `capacity` names are kept; the one longest untouched goes first.
    """

    def __init__(self, limit: int = 5, window: timedelta = timedelta(minutes=15), capacity: int = 10_000) -> None:
        self._limit = limit
        self._window = window
        self._capacity = capacity
        self._attempts: dict[str, list[datetime]] = {}

    def admit(self, name: str, now: datetime) -> None:
        """Count an attempt as failed until `forgive`, so that parallel guesses count too. Raises TooFast."""
        recent = [at for at in self._attempts.get(name, ()) if now - at < self._window]
        if len(recent) >= self._limit:
            raise TooFast
        self._attempts.pop(name, None)
        self._attempts[name] = [*recent, now]
        if len(self._attempts) > self._capacity:
            del self._attempts[next(iter(self._attempts))]

    def forgive(self, name: str) -> None:
        """The right password was given: start from nothing."""
        self._attempts.pop(name, None)
