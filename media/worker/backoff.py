"""How long to wait before a worker that died is started again. Pure."""

FORGIVEN_AFTER_S = 60.0
LOOPS_FROM = 3
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0


class Backoff:
    """One death is answered at once; each further one doubles the wait, until a worker has lived for a minute."""

    def __init__(self) -> None:
        self._strikes = 0

    def died(self, lived_s: float) -> float:
        """A worker died after so many seconds; how many seconds to wait before the next is started."""
        self._strikes = 1 if lived_s >= FORGIVEN_AFTER_S else self._strikes + 1
        return 0.0 if self._strikes < 2 else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(16, self._strikes - 2))

    def is_looping(self, lives_s: float) -> bool:
        """True while workers die so fast that someone should look; `lives_s`: the age of the present one, 0 if none."""
        return self._strikes >= LOOPS_FROM and lives_s < FORGIVEN_AFTER_S
