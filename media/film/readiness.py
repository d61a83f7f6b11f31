"""Whether everything that a stretch of the film shows has reached the disk."""

from datetime import datetime
from pathlib import Path

from cloudcourt.domain.ids import TrackId
from media.film.timeline import as_ns
from media.film.track_reader import TrackReader
from media.record.catalogue import alive
from media.record.sidecar import Sidecar, read_sidecars

SETTLED_NS = 3_000_000_000
"""By then what was captured has arrived, or was awaited in vain (2 s), and is written (clusters of 0.5 s)."""
_FLOWS_NS = 2_000_000_000
"""A track without anything new for so long before the stretch's end is silent, not late."""
LATEST_NS = 8_000_000_000
"""The film waits no longer for a track that is late."""


class Written:
    """Follows the tracks that are being written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._readers: dict[TrackId, TrackReader] = {}
        self._newest_ms: dict[TrackId, int] = {}

    def reaches(self, ended_ns: int, now: datetime, *, is_over: bool) -> bool:
        """True when nothing is to be expected any more of what was before that time; `is_over`: the hearing is."""
        open_tracks = [track for track in read_sidecars(self._folder) if alive(track, now)]
        self._forget_all_but({track.track_id for track in open_tracks})
        since_ns = as_ns(now) - ended_ns
        if is_over and not open_tracks:
            return True
        if since_ns < SETTLED_NS:
            return False
        newest_ns = [self._newest_ns(track) for track in open_tracks]
        is_late = any(ended_ns - _FLOWS_NS <= newest < ended_ns for newest in newest_ns)
        return not is_late or since_ns >= LATEST_NS

    def close(self) -> None:
        """Let all files go."""
        self._forget_all_but(set())

    def _newest_ns(self, track: Sidecar) -> int:
        reader = self._readers.get(track.track_id)
        if reader is None:
            reader = self._readers[track.track_id] = TrackReader(self._folder / track.file)
        while (packet := reader.read()) is not None:
            self._newest_ms[track.track_id] = packet.at_ms
        return as_ns(track.started_at) + self._newest_ms.get(track.track_id, 0) * 1_000_000

    def _forget_all_but(self, kept: set[TrackId]) -> None:
        for track_id in self._readers.keys() - kept:
            self._readers.pop(track_id).close()
