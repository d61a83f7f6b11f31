"""Password hashes: argon2id, off the event loop, a few at a time."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from cloudcourt.domain.errors import TooFast


class Passwords:
    """Makes and checks argon2id hashes (OWASP's 19 MiB, 2 passes, 1 lane: it shares its cores with live media).

    Two are worked on at a time and `queue_limit` wait; whoever comes beyond that is told TooFast. The
    constructor itself hashes once: call it in a thread.
    """

    def __init__(self, queue_limit: int = 32) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._nobodys_hash = self._hasher.hash(secrets.token_urlsafe())
        self._desks = asyncio.Semaphore(2)
        self._most_present = 2 + queue_limit
        self._present = 0

    async def hash(self, password: str) -> str:
        """The hash with its salt and parameters, as text."""
        async with self._desk():
            return await asyncio.to_thread(self._hasher.hash, _octets(password))

    async def match(self, password: str, stored_hash: str | None) -> bool:
        """True for the right password. Without a stored hash: the same work, and False."""
        async with self._desk():
            return await asyncio.to_thread(self._verify, password, stored_hash)

    def _verify(self, password: str, stored_hash: str | None) -> bool:
        try:
            self._hasher.verify(stored_hash or self._nobodys_hash, _octets(password))
        except VerifyMismatchError:
            return False
        return stored_hash is not None

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[None]:
        if self._present >= self._most_present:
            raise TooFast
        self._present += 1
        try:
            async with self._desks:
                yield
        finally:
            self._present -= 1


def _octets(password: str) -> bytes:
    # JSON can carry half a surrogate pair: a wrong password, not a bug.
    return password.encode("utf-8", "surrogatepass")
