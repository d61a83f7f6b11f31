"""A file that holds one statement and the court's signature under it: `film.json`, `redaction.json`."""

import json
from typing import Any

from media.verifier.chain import canonical
from media.verifier.ed25519 import is_signed


def signed_statement(content: bytes, form: str) -> dict[str, Any]:
    """The statement, when the file is written as ours are and the signature in it holds.

    Raises ValueError, KeyError, TypeError or RecursionError when it isn't.
    """
    told: dict[str, Any] = json.loads(content)
    statement: dict[str, Any] = told["statement"]
    is_ours = (
        canonical(told) + b"\n" == content
        and set(told) == {"statement", "court_signature"}
        and statement["format"] == form
        and is_signed(statement["court_key"], canonical(statement), told["court_signature"])
    )
    if not is_ours:
        raise ValueError("the court did not sign it")
    return statement
