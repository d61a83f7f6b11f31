"""What a copy is made from and how, and what is kept of it afterwards."""

from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.value import Value

COPY_FORMAT: Final = "cloudcourt-copy/1"


class CopyOrder(Value):
    """One copy to make: a zip of the whole record where there is no `mark`, else a film with its lines burnt in."""

    hearing_id: HearingId
    record: Path
    """The hearing's folder; nothing in it is touched."""
    out: Path
    number: int
    mark: tuple[str, ...]
    recipient: str
    at: datetime


class CopyFacts(Value):
    """The manifest entry of a marked copy. It stands beside the copy and outlives it."""

    format: Literal["cloudcourt-copy/1"] = COPY_FORMAT
    hearing_id: HearingId
    number: int
    recipient: str
    mark: tuple[str, ...]
    at: datetime
    made_from: str
    made_from_sha256: str
    bytes: int
    sha256: str
