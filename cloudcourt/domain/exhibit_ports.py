"""Where exhibits are kept."""

from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Protocol

from cloudcourt.domain.exhibits import ExhibitFile
from cloudcourt.domain.ids import HearingId


class ExhibitShelf(Protocol):
    """Files of exhibits in the hearing's folder, each under its hash: never overwritten."""

    async def receive(self, hearing_id: HearingId, pieces: AsyncIterator[bytes]) -> ExhibitFile:
        """Write to the disk, hash, find out what it is, and draw its pages.

        Raises TooLarge, UnknownFileKind, TooManyPages, NoRoomForFiles, OSError.
        """
        ...

    def path(self, hearing_id: HearingId, name: str) -> PurePath | None:
        """The real path of an exhibit's file or page picture; None when there is no such file."""
        ...
