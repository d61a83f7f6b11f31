"""The log of a record: that no entry was changed, left out, added or moved, and who signed it."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from media.verifier.ed25519 import is_signed
from media.verifier.files import Listed
from media.verifier.findings import ALTERED, OK, FileFinding

LOG, LOG_FORMAT = "record.log", "cloudcourt-record/1"
_LINE = re.compile(rb'\["([0-9a-f]{64})",(\{.*\})\]', re.S)
_PATH = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
ENDS = ("hearing_closed", "hearing_adjourned", "hearing_converted_offline", "hearing_cancelled")
Entry = dict[str, Any]


def canonical(value: object) -> bytes:
    """JSON as it was signed: names in order, no blanks (RFC 8785; all our names are plain letters)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seconds_of(text: str) -> float:
    """Seconds since 1970. Raises ValueError."""
    return datetime.fromisoformat(text).timestamp()


@dataclass
class Log:
    """Its good entries by number, the hash that each line states, and the first trouble: where, and what is wrong."""

    entries: dict[int, Entry] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)
    trouble: tuple[int, str] | None = None
    checkpoints: int = 0

    @property
    def opening(self) -> Entry:
        return self.entries.get(1, {})

    def of(self, kind: str) -> Iterator[Entry]:
        """Every good entry of a kind, in order."""
        return (self.entries[n] for n in sorted(self.entries) if self.entries[n]["kind"] == kind)

    def blame(self, entry: int, why: str) -> None:
        """Note trouble, unless there is some earlier in the log."""
        if self.trouble is None or entry < self.trouble[0]:
            self.trouble = entry, why

    def moment(self, *kinds: str) -> str | None:
        """When the first event of one of these kinds happened."""
        return next((entry["at"] for entry in self.of("event") if entry["event"]["kind"] in kinds), None)

    def signs(self, count: object, head: object, signature: object) -> bool:
        """True when the hearing's key signed for so many entries."""
        said = {
            "count": count,
            "head": head,
            "hearing": self.opening.get("hearing"),
            "means": "cloudcourt-checkpoint/1",
        }
        return is_signed(str(self.opening.get("public_key")), canonical(said), str(signature))

    def finding(self) -> FileFinding:
        if self.trouble is not None:
            return FileFinding(LOG, ALTERED, None, *self.trouble)
        proved = (
            f"order and wholeness of {len(self.hashes)} entries, {self.checkpoints} checkpoints by the hearing's key"
        )
        return FileFinding(LOG, OK, detail=f"proved: {proved}")


def read_log(content: bytes) -> Log:
    """Read every line, and look at the chain, the numbers and the signatures."""
    log, previous, expected = Log(), "0" * 64, 1
    lines = content.split(b"\n")
    if lines.pop() or not lines:
        log.blame(len(lines) + 1, "the last line is cut")
    for line in lines:
        match = _LINE.fullmatch(line)
        entry = _entry(match[2]) if match else None
        if match is None or entry is None:
            log.blame(expected, "it can't be read")
            previous, expected = "", expected + 1
            continue
        number, stated = entry["n"], match[1].decode()
        if number > expected:
            log.blame(expected, f"entries {expected} to {number - 1} are missing")
        elif number < expected:
            log.blame(expected, f"entry {number} stands here again")
        elif previous and hashlib.sha256(b"\x00" + bytes.fromhex(previous) + match[2]).hexdigest() != stated:
            log.blame(number, "it is not what its hash was taken of")
        else:
            log.entries[number] = entry
        log.hashes[number], previous, expected = stated, stated, max(expected, number) + 1
    _check_signatures(log)
    for number, entry in enumerate(log.of("event"), start=1):
        if entry["seq"] != number:
            log.blame(entry["n"], f"event {number} should stand here")
            break
    return log


def _entry(line: bytes) -> Entry | None:
    try:
        entry: Entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if type(entry.get("n")) is int and isinstance(entry.get("kind"), str) else None


def _check_signatures(log: Log) -> None:
    told = log.opening
    key = {"hearing": told.get("hearing"), "means": "cloudcourt-hearing-key/1", "public_key": told.get("public_key")}
    if not is_signed(str(told.get("court_key")), canonical(key), str(told.get("court_signature"))):
        log.blame(1, "the court did not sign for this hearing's key")
    good = 1
    for entry in log.of("checkpoint") if told else ():
        number, head = entry["n"], entry["head"]
        if not log.signs(entry["count"], head, entry["signature"]):
            log.blame(number, "the checkpoint is not signed by the hearing's key")
        elif entry["count"] != number - 1 or head != log.hashes.get(number - 1, head):
            log.blame(good, f"something from here to the checkpoint in entry {number} was written anew")
        else:
            log.checkpoints, good = log.checkpoints + 1, number + 1


def listed_in(log: Log) -> dict[str, Listed]:
    """What the log says of files: torn rests, segments of the journal, and those finished at the seal."""
    found, opened_at = {}, log.moment("hearing_opened")
    for kind in ("torn", "segment", "file"):
        for entry in log.of(kind):
            told, began_s = entry.get("segment", entry), None
            if kind == "segment" and opened_at is not None:
                began_s = round(max(0.0, seconds_of(told["began_at"]) - seconds_of(opened_at)), 3)
            if _PATH.fullmatch(told["file"]):
                found[told["file"]] = Listed(told["file"], told["bytes"], told["sha256"], (), began_s)
    return found


def account(manifest: dict[str, Any], log: Log) -> str:
    """What keeps opened..closed from being the manifest's spans and the log's gaps, to a second; empty when it is."""
    gaps = [(gap["reason"], gap["began_at"], gap["ended_at"]) for gap in manifest["gaps"]]
    if gaps != [(gap["reason"], gap["began_at"], gap["ended_at"]) for gap in log.of("gap")]:
        return "the manifest and the log tell of different gaps"
    opened_at, ended_at = log.moment("hearing_opened"), log.moment(*ENDS)
    if opened_at is None or ended_at is None:
        return "" if opened_at is None else "the hearing has no end"
    reached = seconds_of(opened_at)
    for piece in sorted([*manifest["spans"], *manifest["gaps"]], key=lambda piece: seconds_of(piece["began_at"])):
        if abs(seconds_of(piece["began_at"]) - reached) > 1:
            return f"neither recorded nor excused, or both, at {piece['began_at']}"
        reached = max(reached, seconds_of(piece["ended_at"]))
    return "" if abs(reached - seconds_of(ended_at)) <= 1 else f"spans and gaps do not end at {ended_at}"
