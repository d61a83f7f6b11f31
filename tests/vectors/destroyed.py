"""Vectors of what was destroyed under a rule of retention, with a tombstone, and of what only looks so."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.evidence import canonical
from tests.vectors.keys import CLOSED, COURT, FORGERS, HEARING, sha256

DESTROYED_FILE, ORDERS_FILE = "destroyed.jsonl", "orders.jsonl"
LATER = "2086-11-25T01:00:00Z"
Files = dict[str, bytes]


def _line(entry: dict[str, Any], by: Ed25519PrivateKey = COURT) -> bytes:
    return canonical({"court_signature": by.sign(canonical(entry)).hex(), "entry": entry}) + b"\n"


def tombstone(files: Files, names: list[str], *, by: Ed25519PrivateKey = COURT, **changed: Any) -> bytes:
    """A line that says that these files went after sixty years."""
    told = [{"file": name, "bytes": len(files[name]), "sha256": sha256(files[name])} for name in names]
    entry = {"means": "cloudcourt-destroyed/1", "n": 1, "previous": "0" * 64, "hearing": HEARING, "at": LATER}
    rule = {"data": "record", "retention": "long", "years": 60, "ended_at": CLOSED}
    return _line({**entry, **rule, "files": told, **changed}, by)


def _orders(*acts: tuple[str, str]) -> bytes:
    written, previous = b"", "0" * 64
    for number, (kind, at) in enumerate(acts, start=1):
        entry = {"means": "cloudcourt-order/1", "n": number, "previous": previous, "hearing": HEARING, "at": at}
        rest = {"by": "p_judge", "reason": "申诉", "kind": kind, "began_at": None, "ended_at": None, "of": None}
        line = _line({**entry, **rest})
        written, previous = written + line, sha256(line[:-1])
    return written


def destroyed_cases(long: Files, permanent: Files) -> list[tuple[str, Files]]:
    """Of a record that was to be kept for long, and of one that was to be kept for ever."""
    track, film = "tracks/p_judge-audio-1.webm", "composite.mp4"
    gone = {name: content for name, content in long.items() if name != track}
    stone = tombstone(long, [track])
    held, freed = ("held", "2030-01-01T00:00:00Z"), ("released", "2040-01-01T00:00:00Z")
    kept = {name: content for name, content in permanent.items() if name != track}
    return [
        ("a track destroyed when its time was over", {**gone, DESTROYED_FILE: stone}),
        ("a tombstone, and the track still there", {**long, DESTROYED_FILE: stone}),
        ("a track destroyed, a bit of the film flipped", {**gone, film: b"?" + gone[film][1:], DESTROYED_FILE: stone}),
        ("a track gone that no tombstone names", {**gone, DESTROYED_FILE: tombstone(long, [film])}),
        ("a tombstone of another content", {**gone, DESTROYED_FILE: tombstone({track: b"other"}, [track])}),
        ("a tombstone signed with another key", {**gone, DESTROYED_FILE: tombstone(long, [track], by=FORGERS)}),
        ("destroyed a day too early", {**gone, DESTROYED_FILE: tombstone(long, [track], at="2086-11-23T01:00:00Z")}),
        ("destroyed under another rule", {**kept, DESTROYED_FILE: tombstone(permanent, [track])}),
        ("destroyed under a legal hold", {**gone, DESTROYED_FILE: stone, ORDERS_FILE: _orders(held)}),
        ("destroyed after a hold was lifted", {**gone, DESTROYED_FILE: stone, ORDERS_FILE: _orders(held, freed)}),
        ("a tombstone that is cut", {**gone, DESTROYED_FILE: stone[:-7]}),
        ("a tombstone of another hearing", {**gone, DESTROYED_FILE: tombstone(long, [track], hearing="h_other")}),
    ]
