"""What a recorded file is called when it is saved, and what kind of media it is."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from cloudcourt.domain.court_time import COURT_ZONE
from cloudcourt.domain.record_access import REDACTED_COPY
from cloudcourt.domain.recording import Manifest
from cloudcourt.domain.roles import SEAT_LABELS
from cloudcourt.domain.routing import MediaKind

FILM = "composite.mp4"
BUNDLE = "record.zip"
"""Everything of a record, as it is handed out; no file of the record itself."""

_FILM_LABEL = "庭审录像"
_BUNDLE_LABEL = "庭审记录"
_REDACTED_LABEL = "庭审录像_遮蔽副本"
_KIND_LABELS: dict[MediaKind, str] = {"audio": "录音", "video": "录像"}
_MEDIA_TYPES: dict[tuple[MediaKind, str], str] = {
    ("audio", ".mkv"): "audio/x-matroska",
    ("audio", ".ogg"): "audio/ogg",
    ("audio", ".webm"): "audio/webm",
    ("video", ".mkv"): "video/x-matroska",
    ("video", ".webm"): "video/webm",
}
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%]+')
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_ATTR_CHARS = "!#$&+-.^_`|~"
"""RFC 8187 3.2.1: what stands unescaped beside letters and digits."""


@dataclass(frozen=True)
class FileLabel:
    """`name` is for people, `plain_name` for software that knows ASCII only."""

    media_type: str
    name: str
    plain_name: str

    def disposition(self, *, is_download: bool) -> str:
        """A `Content-Disposition` (RFC 6266) with both names."""
        kind = "attachment" if is_download else "inline"
        return f"{kind}; filename=\"{self.plain_name}\"; filename*=UTF-8''{quote(self.name, safe=_ATTR_CHARS)}"


def label_of(manifest: Manifest, file: str) -> FileLabel | None:
    """Name the film, a track or the bundle by case number, seat, kind and date; None for what isn't of the record."""
    suffix = PurePosixPath(file).suffix
    if file == FILM:
        return FileLabel("video/mp4", *_names(manifest, _FILM_LABEL, "hearing", manifest.opened_at, suffix))
    if file == BUNDLE:
        return FileLabel("application/zip", *_names(manifest, _BUNDLE_LABEL, "record", manifest.opened_at, suffix))
    if redacted := REDACTED_COPY.fullmatch(file):
        number = int(redacted[1])
        names = _names(manifest, f"{_REDACTED_LABEL}{number}", f"redacted-{number}", manifest.opened_at, suffix)
        return FileLabel("application/zip", *names)
    track = next((track for track in manifest.tracks if track.file == file), None)
    if track is None:
        return None
    part = f"{SEAT_LABELS[track.role][0]}_{_KIND_LABELS[track.kind]}"
    names = _names(manifest, part, f"{track.role.value}-{track.kind}", track.started_at, suffix)
    return FileLabel(_MEDIA_TYPES.get((track.kind, suffix), "application/octet-stream"), *names)


def _names(manifest: Manifest, part: str, plain_part: str, at: datetime | None, suffix: str) -> tuple[str, str]:
    date = "" if at is None else f"_{at.astimezone(COURT_ZONE):%Y-%m-%d_%H%M}"
    name = f"{manifest.case_number}_{part}{date}{suffix}"
    plain_name = f"{manifest.hearing_id}_{plain_part}{date}{suffix}"
    return _NOT_IN_FILE_NAMES.sub("_", name).lstrip("."), _NOT_PLAIN.sub("_", plain_name)
