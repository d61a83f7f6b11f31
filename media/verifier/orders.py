"""The judge's orders beside a record: spans that were sealed and unsealed, a legal hold set and lifted."""

import hashlib
import json
from typing import Any

from media.verifier.chain import Log, canonical
from media.verifier.ed25519 import is_signed
from media.verifier.findings import ALTERED, OK, FileFinding

ORDERS_FILE = "orders.jsonl"
_ORDER_MEANS = "cloudcourt-order/1"


def check_orders(content: bytes | None, log: Log, sealed: dict[str, Any] | None = None) -> list[FileFinding]:
    """One finding an order, saying what was ordered. Nothing where none was, or nothing tells whose they should be.

    `sealed` is the statement of a seal that holds: it tells of hearing and court where the log can't.
    """
    told = sealed or log.opening
    if content is None or "court_key" not in told:
        return []
    ours = str(told["hearing"]), str(told["court_key"])
    found, previous, lines = [], "0" * 64, content.split(b"\n")
    if lines.pop():
        found.append(FileFinding(ORDERS_FILE, ALTERED, detail="its last line is cut"))
    for number, line in enumerate(lines, start=1):
        try:
            is_good, said = _judged_order(line, number, previous, ours)
        except (ValueError, LookupError, TypeError, RecursionError):
            is_good, said = False, "it is not as the court wrote it"
        found.append(FileFinding(f"order {number}", OK if is_good else ALTERED, detail=said))
        previous = hashlib.sha256(line).hexdigest()
    return found


def _judged_order(line: bytes, number: int, previous: str, ours: tuple[str, str]) -> tuple[bool, str]:
    """Whether it is good, and what it says. Raises ValueError, LookupError, TypeError for what is not ours."""
    told = json.loads(line)
    entry, (hearing, court_key) = told["entry"], ours
    if canonical(told) != line or not is_signed(court_key, canonical(entry), told["court_signature"]):
        return False, "the court did not sign for it"
    if (entry["means"], entry["hearing"]) != (_ORDER_MEANS, hearing):
        return False, "it is of another hearing"
    if (entry["n"], entry["previous"]) != (number, previous):
        return False, "another order should stand here"
    what = {
        "sealed": f"sealed from {entry['began_at']} to {entry['ended_at']}",
        "unsealed": f"what order {entry['of']} sealed is unsealed",
        "held": "a legal hold was set",
        "released": "the legal hold was lifted",
    }[entry["kind"]]
    return True, f"{what}, on {entry['at']}: {entry['reason']}"
