"""Vectors of a judge's orders beside a record, and of what can happen to them."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.evidence import NO_HASH, canonical
from tests.vectors.keys import COURT, FORGERS, HEARING, OPENED, RECESS, sha256

ORDERS = "orders.jsonl"
ORDERED_AT = "2026-11-25T02:00:00Z"
Files = dict[str, bytes]
_ACTS: tuple[dict[str, Any], ...] = (
    {"kind": "sealed", "reason": "涉及商业秘密", "began_at": OPENED, "ended_at": RECESS},
    {"kind": "held", "reason": "当事人申诉，待处理"},
    {"kind": "unsealed", "reason": "保密期满", "of": 1},
    {"kind": "released", "reason": "申诉已驳回"},
)


def order_lines(count: int = 4, *, hearing: str = HEARING, by: Ed25519PrivateKey = COURT) -> list[bytes]:
    """The first of four orders, each a line."""
    lines: list[bytes] = []
    for number, act in enumerate(_ACTS[:count], start=1):
        entry = {
            "means": "cloudcourt-order/1",
            "n": number,
            "previous": sha256(lines[-1][:-1]) if lines else NO_HASH,
            "hearing": hearing,
            "at": ORDERED_AT,
            "by": "p_judge",
            "began_at": None,
            "ended_at": None,
            "of": None,
            **act,
        }
        lines.append(canonical({"court_signature": by.sign(canonical(entry)).hex(), "entry": entry}) + b"\n")
    return lines


def order_cases(whole: Files) -> list[tuple[str, Files]]:
    """Records made of a sealed one by putting orders beside it."""
    lines, forged = order_lines(), order_lines(by=FORGERS)
    told = {
        "a sealed span, intact": lines[:1],
        "sealed, held, unsealed and released": lines,
        "an order that the court did not sign": [lines[0], forged[1]],
        "the first order removed": lines[1:],
        "an order removed between others": [lines[0], *lines[2:]],
        "two orders swapped": [lines[1], lines[0]],
        "an order repeated": [lines[0], lines[0]],
        "the span of an order changed": [lines[0].replace(b"01:05", b"01:04")],
        "an order that has no sense": [_resigned(lines[0], kind="burnt")],
        "the last order cut": [*lines[:3], lines[3][:-9]],
        "orders of another hearing": order_lines(2, hearing="h_other"),
    }
    found = [(name, {**whole, ORDERS: b"".join(content)}) for name, content in told.items()]
    bare = {name: content for name, content in whole.items() if name not in ("record.log", "seal.json")}
    unopened = {**whole, "record.log": whole["record.log"].replace(b'"opened_log"', b'"opened_l0g"', 1)}
    return [
        *found,
        ("orders, and a log whose first entry is altered", {**unopened, ORDERS: lines[0]}),
        ("orders, and neither log nor seal", {**bare, ORDERS: b"".join(lines)}),
        ("a forged order, and no log", {**_without(whole, "record.log"), ORDERS: forged[0]}),
    ]


def _resigned(line: bytes, **changes: str) -> bytes:
    """An order that says something else, signed by the court."""
    entry = json.loads(line)["entry"] | changes
    return canonical({"court_signature": COURT.sign(canonical(entry)).hex(), "entry": entry}) + b"\n"


def _without(files: Files, name: str) -> Files:
    return {other: content for other, content in files.items() if other != name}
