"""What the court destroyed of a record under its rules of retention, and signed for: tombstones."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from media.verifier.chain import ENDS, Log, canonical, seconds_of
from media.verifier.ed25519 import is_signed
from media.verifier.files import Listed
from media.verifier.findings import ALTERED, DESTROYED, MISSING, OK, FileFinding

DESTROYED_FILE = "destroyed.jsonl"
_TOMBSTONE_MEANS = "cloudcourt-destroyed/1"


@dataclass
class Destroyed:
    """Findings about the tombstones themselves, and of each file in the good ones its hash, size and rule."""

    findings: list[FileFinding] = field(default_factory=list)
    files: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def account_for(self, found: Iterable[FileFinding], listed: Sequence[Listed]) -> list[FileFinding]:
        """A file that is gone, and of which a tombstone tells just what the record tells, is not missing."""
        known = {entry.file: (entry.sha256, entry.size) for entry in listed}
        return [self._accounted(finding, known) for finding in found]

    def _accounted(self, finding: FileFinding, known: dict[str, tuple[str, int]]) -> FileFinding:
        told = self.files.get(finding.file)
        if finding.state is not MISSING or told is None or told[:2] != known.get(finding.file):
            return finding
        return replace(finding, state=DESTROYED, detail=told[2])


def check_destroyed(content: bytes | None, orders: bytes | None, log: Log) -> Destroyed:
    """One finding a tombstone. `orders` is what judges ordered: nothing may be destroyed under a legal hold."""
    told = Destroyed()
    if content is None:
        return told
    previous, lines = "0" * 64, content.split(b"\n")
    if lines.pop():
        told.findings.append(FileFinding(DESTROYED_FILE, ALTERED, detail="its last line is cut"))
    for number, line in enumerate(lines, start=1):
        item = f"destruction {number}"
        try:
            entry, why = _judged_tombstone(line, number, previous, orders, log)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            entry, why = {}, "it is not as the court wrote it"
        if why:
            told.findings.append(FileFinding(item, ALTERED, detail=why))
        else:
            rule = f"under the rule {entry['retention']}: {entry['data']} for {entry['years']} years"
            told.findings.append(FileFinding(item, OK, detail=f"{len(entry['files'])} files, {rule}"))
            said = f"destroyed on {entry['at']} {rule}; the court signed for it"
            told.files.update({file["file"]: (file["sha256"], file["bytes"], said) for file in entry["files"]})
        previous = hashlib.sha256(line).hexdigest()
    return told


def _judged_tombstone(
    line: bytes, number: int, previous: str, orders: bytes | None, log: Log
) -> tuple[dict[str, Any], str]:
    """What it says, and what is wrong with it. Raises ValueError, LookupError, TypeError for what is not ours."""
    told = json.loads(line)
    entry, court_key = told["entry"], str(log.opening["court_key"])
    if canonical(told) != line or not is_signed(court_key, canonical(entry), told["court_signature"]):
        return entry, "the court did not sign for it"
    if (entry["means"], entry["hearing"]) != (_TOMBSTONE_MEANS, log.opening["hearing"]):
        return entry, "it is of another hearing"
    if (entry["n"], entry["previous"]) != (number, previous):
        return entry, "another tombstone should stand here"
    founding = next(log.of("event"))["event"]
    if entry["retention"] != founding.get("retention", "permanent"):
        return entry, "the hearing was scheduled under another rule"
    ended_at = log.moment(*ENDS)
    if ended_at is None or seconds_of(entry["at"]) < seconds_of(_due_at(ended_at, entry["years"])):
        return entry, "the time of its rule was not over"
    return entry, "a legal hold was set" if _was_held(orders, entry["at"]) else ""


def _due_at(ended_at: str, years: int) -> str:
    """So many years later; what began on 29 February ends on 1 March."""
    moment = datetime.fromisoformat(ended_at)
    try:
        return moment.replace(year=moment.year + years).isoformat()
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1).isoformat()


def _was_held(orders: bytes | None, at: str) -> bool:
    """Whether the last order about a hold before that time set one."""
    entries = [json.loads(line)["entry"] for line in (orders or b"").split(b"\n")[:-1]]
    holds = [order for order in entries if order["kind"] in ("held", "released")]
    kinds = [order["kind"] for order in holds if seconds_of(order["at"]) <= seconds_of(at)]
    return kinds[-1:] == ["held"]
