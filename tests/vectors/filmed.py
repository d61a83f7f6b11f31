"""Vectors of films that were made after the seal, and of what can happen to them."""

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.evidence import canonical
from tests.vectors.keys import COURT, FORGERS

FILM, FILM_FILE = "composite.mp4", "film.json"
Files = dict[str, bytes]


def film_file(seal: bytes, film: bytes | None, by: Ed25519PrivateKey = COURT) -> bytes:
    """`film.json` of a record with this seal; without a film, that none could be made."""
    sealed = json.loads(seal)["statement"]
    parts = [
        {
            "from_ms": second * 1000,
            "offset": second * 1000,
            "length": 1000,
            "sha256": hashlib.sha256(film[second * 1000 :][:1000]).hexdigest(),
        }
        for second in range(3 if film else 0)
        if film
    ]
    statement: dict[str, Any] = {
        "format": "cloudcourt-film/1",
        "hearing": sealed["hearing"],
        "seal": hashlib.sha256(canonical(sealed)).hexdigest(),
        "made_at": "2026-11-24T01:10:00Z",
        "state": "ready" if film else "failed",
        "file": FILM if film else None,
        "bytes": len(film or b""),
        "duration_ms": 3000 if film else 0,
        "sha256": hashlib.sha256(film).hexdigest() if film else None,
        "chunks": parts,
        "chapters": [{"film_ms": 0, "title": "开庭 Opening"}] if film else [],
        "court_key": sealed["court_key"],
    }
    return canonical({"statement": statement, "court_signature": by.sign(canonical(statement)).hex()}) + b"\n"


def film_cases(sealed: Files) -> list[tuple[str, Files]]:
    """Records made of a sealed one that holds a film and doesn't tell of it yet."""
    film, seal = sealed[FILM], sealed["seal.json"]
    bare = {name: content for name, content in sealed.items() if name != FILM}
    whole = {**sealed, FILM_FILE: film_file(seal, film)}
    foreign = json.loads(seal)
    foreign["statement"]["hearing"] = "h_other"
    altered = whole[FILM_FILE].replace(b'"duration_ms":3000', b'"duration_ms":4000')
    flipped = film[:2500] + bytes([film[2500] ^ 4]) + film[2501:]
    return [
        ("a film signed for after the seal", whole),
        ("the film not made yet", bare),
        ("what was signed of the film taken away", sealed),
        ("the film taken away", {**bare, FILM_FILE: whole[FILM_FILE]}),
        ("a flipped bit in the third second of a film made after the seal", {**whole, FILM: flipped}),
        ("what was signed of the film changed", {**whole, FILM_FILE: altered}),
        ("another film, signed with another key", {**whole, FILM_FILE: film_file(seal, flipped, FORGERS)}),
        ("the film of another record", {**whole, FILM_FILE: film_file(canonical(foreign), film)}),
        ("no film could be made", {**bare, FILM_FILE: film_file(seal, None)}),
        ("no film could be made, and there is one", {**sealed, FILM_FILE: film_file(seal, None)}),
        ("a film signed for, and no seal", {name: whole[name] for name in whole if name != "seal.json"}),
    ]
