"""Where check-in meets the world: who vouches for an identity, and where snapshots are kept.

Built in are a one-time code, and a snapshot that the clerk compares; a court with an identity service of its own wires
another adapter in `cloudcourt.app`.
"""

from typing import Protocol

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.value import Value


class IdentityDesk(Protocol):
    """Gives one-time codes to the clerk and knows them again; `number` counts a person's codes in one hearing."""

    async def code(self, hearing_id: HearingId, participant_id: ParticipantId, number: int) -> str:
        """Six digits for the clerk to tell the person by a way they trust."""
        ...

    async def matches(self, hearing_id: HearingId, participant_id: ParticipantId, number: int, code: str) -> bool: ...


class Snapshot(Value):
    """A kept picture of a person with their document."""

    sha256: str
    bytes: int


class Snapshots(Protocol):
    """Snapshots taken at check-in, kept for a time and then destroyed; the hearing's log holds only their hashes."""

    async def keep(self, hearing_id: HearingId, picture: bytes) -> Snapshot:
        """Make a plain JPEG of it and keep that. Raises InvalidInput for what is no picture."""
        ...

    async def read(self, hearing_id: HearingId, sha256: str) -> bytes:
        """The JPEG. Raises NotFound, also after its time."""
        ...
