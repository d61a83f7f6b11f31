"""`seal.json`: what hearing and court signed at the end, and what an outside authority says about the time."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from cloudcourt.domain.evidence import Seal, SealStatement, Timestamp, canonical, timestamp_message
from media.record.court_key import CourtKey
from media.record.folders import write_atomically

SEAL = "seal.json"


def read_seal(folder: Path) -> Seal | None:
    """The seal of a hearing's folder, if it is there and can be read."""
    try:
        return Seal.model_validate_json((folder / SEAL).read_bytes())
    except (OSError, ValidationError):
        return None


def write_seal(folder: Path, seal: Seal) -> None:
    """Raises OSError."""
    write_atomically(folder / SEAL, canonical(seal.model_dump(mode="json")) + b"\n")


def sign_timestamp(
    court_key: CourtKey,
    statement: SealStatement,
    state: Literal["none", "queued", "stamped"],
    *,
    authority: str = "",
    token: str = "",
    at: datetime | None = None,
) -> Timestamp:
    """What is known of the outside time, vouched for by the court: a token can't be swapped or dropped unseen."""
    unsigned = Timestamp(state=state, authority=authority, token=token, at=at, court_signature="")
    signature = court_key.sign(timestamp_message(statement, unsigned.model_dump(mode="json")))
    return unsigned.model_copy(update={"court_signature": signature})
