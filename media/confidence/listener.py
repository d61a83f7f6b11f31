"""Listens to everyone's written sound, of all hearings that it was asked to follow."""

from pathlib import Path

import structlog

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.value import Value
from cloudcourt.domain.written import Heard
from media.confidence.ear import SECOND_NS, Ear
from media.confidence.journal_tail import JournalTail
from media.record.folders import JOURNAL, SAFE_ID, hearing_folder
from media.record.wall import as_datetime

log = structlog.get_logger()

SETTLED_NS = 3 * SECOND_NS
"""After so long a second is whole: lost packets were awaited for 2 s, and everything is on the disk."""
_SOUND = "-audio"


class Following(Value):
    """One line to the listening process: what to follow from now on, and nothing else."""

    hearings: tuple[HearingId, ...]


class News(Value):
    """One line of the listening process: what is new of one hearing."""

    hearing_id: HearingId
    heard: Heard


class _Hearing:
    """The tracks of one hearing."""

    def __init__(self, folder: Path) -> None:
        self._journal = folder / JOURNAL
        self._tracks: dict[str, tuple[JournalTail, Ear]] = {}

    def listen(self, now_ns: int) -> Heard:
        """Everything that is new; a track that can't be read is left for the next time."""
        until_s = (now_ns - SETTLED_NS) // SECOND_NS
        seconds = []
        for tail, ear in self._found().values():
            try:
                for written in tail.read():
                    ear.take(written)
            except (OSError, ValueError) as failure:
                log.warning("track not listened to", exc_info=failure)
            seconds += ear.seconds(until_s, is_open=tail.is_open)
        return Heard(until=as_datetime(until_s * SECOND_NS), seconds=tuple(sorted(seconds, key=lambda s: s.at)))

    def _found(self) -> dict[str, tuple[JournalTail, Ear]]:
        for folder in self._journal.glob(f"*{_SOUND}"):
            if folder.name not in self._tracks and folder.is_dir():
                whose = ParticipantId(folder.name.removesuffix(_SOUND))
                self._tracks[folder.name] = (JournalTail(folder), Ear(whose))
        return self._tracks


class Listener:
    """`follow` says which hearings; each `listen` goes once through all of them."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._hearings: dict[HearingId, _Hearing] = {}

    def follow(self, wanted: Following) -> None:
        """From now on these, and no others."""
        known = [hearing_id for hearing_id in wanted.hearings if SAFE_ID.fullmatch(hearing_id)]
        self._hearings = {
            hearing_id: self._hearings.get(hearing_id) or _Hearing(hearing_folder(self._data_dir, hearing_id))
            for hearing_id in known
        }

    def listen(self, now_ns: int) -> list[News]:
        """What is new at a time of the wall clock."""
        return [
            News(hearing_id=hearing_id, heard=hearing.listen(now_ns)) for hearing_id, hearing in self._hearings.items()
        ]
