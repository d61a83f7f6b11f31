"""Vectors of redacted copies: some that hold, and what can happen to one."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.evidence import canonical
from tests.vectors.keys import CLOSED, COURT, FORGERS, HEARING, OPENED, RECESS, RESUMED, public, sha256
from tests.vectors.ordered import ORDERS, order_lines

REDACTION, FILM = "redaction.json", "redacted.mp4"
MADE_AT = "2026-11-26T02:00:00Z"
Files = dict[str, bytes]


def redaction_file(
    film: bytes, redactions: list[dict[str, Any]], by: Ed25519PrivateKey = COURT, **changes: Any
) -> bytes:
    """`redaction.json` of a copy of the vectors' hearing."""
    parts = [
        {
            "from_ms": second * 1000,
            "offset": second * 1000,
            "length": 1000,
            "sha256": sha256(film[second * 1000 :][:1000]),
        }
        for second in range(3)
    ]
    statement: dict[str, Any] = {
        "format": "cloudcourt-redacted/1",
        "hearing": HEARING,
        "case_number": "（2026）云0101民初27号",
        "number": 1,
        "purpose": "publication",
        "note": "",
        "ordered_by": "p_judge",
        "ordered_at": MADE_AT,
        "made_at": MADE_AT,
        "source": {"seal": sha256(b"seal"), "file": "composite.mp4", "sha256": sha256(b"film")},
        "redactions": redactions,
        "file": FILM,
        "bytes": 3000,
        "duration_ms": 3000,
        "sha256": sha256(film),
        "chunks": parts,
        "court_key": public(COURT),
        **changes,
    }
    return canonical({"court_signature": by.sign(canonical(statement)).hex(), "statement": statement}) + b"\n"


def _one(means: str, from_ms: int, to_ms: int, **changes: Any) -> dict[str, Any]:
    told = {"from_ms": from_ms, "to_ms": to_ms, "began_at": RESUMED, "ended_at": CLOSED, "means": means}
    return {**told, "participant": None, "reason": "未成年人姓名", "order": None, **changes}


def copy_cases() -> list[tuple[str, Files]]:
    """Copies, each in a folder of its own: a stranger has nothing else."""
    film = hashlib.shake_256(FILM.encode()).digest(3000)
    plain = [_one("bleep", 500, 900), _one("cover", 1200, 2000, participant="p_a")]
    told = {"began_at": OPENED, "ended_at": RECESS, "order": 1, "reason": "依令封存 Sealed by order"}
    left_out = [_one(means, 0, 300_000, **told) for means in ("silence", "blank")]
    copy = {REDACTION: redaction_file(film, plain), FILM: film}
    ordered = {REDACTION: redaction_file(film, [*left_out, *plain]), FILM: film, ORDERS: order_lines(1)[0]}
    wider = [{**one, "ended_at": RESUMED} for one in left_out]
    longer = [{**one, "to_ms": 400_000} for one in left_out]
    other = film[:1500] + bytes([film[1500] ^ 8]) + film[1501:]
    changed = copy[REDACTION].replace("未成年人姓名".encode(), "某人姓名".encode())
    unsealed = b"".join(order_lines(3))
    return [
        ("a redacted copy", copy),
        ("a redacted copy, with what was sealed left out", ordered),
        ("a redacted copy, a bit of its second second flipped", {**copy, FILM: other}),
        ("a redacted copy without its film", {REDACTION: copy[REDACTION]}),
        ("a redacted copy, a reason changed", {**copy, REDACTION: changed}),
        ("a redacted copy, signed with another key", {**copy, REDACTION: redaction_file(film, plain, FORGERS)}),
        ("a redacted copy of another format", {**copy, REDACTION: redaction_file(film, plain, format="other/1")}),
        ("a redacted copy, chunks that leave a gap", {**copy, REDACTION: redaction_file(film, plain, bytes=3001)}),
        ("a copy whose hole is wider than its order", {**ordered, REDACTION: redaction_file(film, wider)}),
        ("a copy whose hole is longer than its order", {**ordered, REDACTION: redaction_file(film, longer)}),
        ("a copy that shows what is sealed", {**ordered, REDACTION: redaction_file(film, plain)}),
        ("a copy whose order was undone", {**ordered, ORDERS: unsealed}),
        ("a copy whose orders are gone", {REDACTION: ordered[REDACTION], FILM: film}),
        ("a copy with a forged order", {**ordered, ORDERS: order_lines(1, by=FORGERS)[0]}),
        ("a copy with a film more", {**copy, "tracks/p_a-audio-1.webm": film}),
        ("a copy whose redactions are no list", {**copy, REDACTION: redaction_file(film, json.loads("7"))}),
    ]
