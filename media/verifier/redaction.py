"""A redacted copy: what the court signed of it, its film, and the orders that sealed what is left out."""

import json
from typing import Any

from media.verifier.bundle import Bundle
from media.verifier.chain import Log, seconds_of
from media.verifier.files import Listed, OnProgress, check_chunks, examine
from media.verifier.findings import ALTERED, MISSING, OK, FileFinding, Findings
from media.verifier.orders import ORDERS_FILE, check_orders
from media.verifier.signed import signed_statement

REDACTION, REDACTED_FILM = "redaction.json", "redacted.mp4"
_CARD_MS = 2000
_NOT_PROVED_OF_COPY = (
    "that outside the redactions it is as the record: so says the court; who holds the record can compare",
    "that nothing else should have been taken out, or less",
)


def verify_copy(bundle: Bundle, tell: OnProgress | None, court_key: str | None) -> Findings:
    """Judge a redacted copy. Raises LookupError, TypeError, ValueError, AttributeError for what is not ours."""
    told = _read_copy(bundle.read(REDACTION) or b"")
    if told is None:
        return Findings((FileFinding(REDACTION, ALTERED, detail="it is not as the court signed it"),), is_sealed=True)
    statement, listed = told
    redactions = statement["redactions"]
    proved = (
        f"proved: signed by the court; redacted copy {statement['number']} of hearing {statement['hearing']}, made on"
        f" {statement['made_at']} of the film with SHA-256 {statement['source']['sha256']} in the record with the"
        f" check value {statement['source']['seal']}"
    )
    found = [FileFinding(REDACTION, OK, detail=proved)]
    if court_key is not None:
        is_theirs = court_key.strip().lower() == statement["court_key"]
        found.append(FileFinding("court key", OK if is_theirs else ALTERED, detail="it is to be the one you gave"))
    found += check_orders(bundle.read(ORDERS_FILE), Log(), statement)
    orders = bundle.read(ORDERS_FILE)
    if orders is None and any(one["order"] is not None for one in redactions):
        found.append(FileFinding(ORDERS_FILE, MISSING, detail="nothing tells what was sealed"))
    spans = None if orders is None else _sealed_by(orders)
    found += [_judged_redaction(number, one, spans) for number, one in enumerate(redactions, start=1)]
    left_out = {one["order"] for one in redactions}
    found += [
        FileFinding(f"order {number}", ALTERED, detail="what it seals is not left out")
        for number in sorted(spans or ())
        if number not in left_out
    ]
    files = examine(bundle, [listed], set(), tell)
    ours = f"that {statement['court_key']} is the court's key: compare it with what the court gives out"
    unproved = (*_NOT_PROVED_OF_COPY, *[ours] * (court_key is None))
    return Findings((*found, *files), "", unproved, is_sealed=True)


def _read_copy(content: bytes) -> tuple[dict[str, Any], Listed] | None:
    """The statement and the film that it speaks of; None when it isn't as the court signed it."""
    try:
        statement = signed_statement(content, "cloudcourt-redacted/1")
        if statement["file"] != REDACTED_FILM:
            return None
        chunks = tuple(
            (part["from_ms"] / 1000, part["offset"], part["length"], part["sha256"]) for part in statement["chunks"]
        )
        check_chunks(chunks, statement["bytes"])
        return statement, Listed(REDACTED_FILM, statement["bytes"], statement["sha256"], chunks)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _sealed_by(orders: bytes) -> dict[int, tuple[str, str]]:
    """What is sealed by the orders beside a copy, by the number of the order; good or not, they were looked at."""
    spans: dict[int, tuple[str, str]] = {}
    for line in orders.split(b"\n")[:-1]:
        try:
            entry = json.loads(line)["entry"]
            if entry["kind"] == "sealed":
                spans[entry["n"]] = (entry["began_at"], entry["ended_at"])
            elif entry["kind"] == "unsealed":
                spans.pop(entry["of"], None)
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
    return spans


def _judged_redaction(number: int, one: dict[str, Any], spans: dict[int, tuple[str, str]] | None) -> FileFinding:
    """What it says; wrong where it claims an order that does not seal just that. `spans` is None where none tells."""
    item, who = f"redaction {number}", f" of {one['participant']}" if one["participant"] else ""
    said = f"{one['means']}{who} from {one['began_at']} to {one['ended_at']}: {one['reason']}"
    if one["order"] is None or spans is None:
        return FileFinding(item, OK, detail=said)
    if one["order"] not in spans:
        return FileFinding(item, ALTERED, detail=f"order {one['order']} seals nothing")
    began, ended = (seconds_of(moment) for moment in spans[one["order"]])
    length_ms = round(1000 * (ended - began))
    is_same = (seconds_of(one["began_at"]), seconds_of(one["ended_at"])) == (began, ended)
    if not is_same or one["to_ms"] - one["from_ms"] > length_ms + _CARD_MS:
        return FileFinding(item, ALTERED, detail=f"it is wider or narrower than what order {one['order']} seals")
    return FileFinding(item, OK, detail=f"{said}, by order {one['order']}")
