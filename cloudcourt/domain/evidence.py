"""The evidence log's values and arithmetic: entries, their canonical lines, the hash chain, and what is signed.

`docs/record-format.md` says the same for a stranger; `tests/vectors/record` holds both to it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, cast

from cloudcourt.domain.events import Event, FaultStated, StoredEvent
from cloudcourt.domain.hearing import Gap, GapReason, Hearing, ParticipantState
from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.isolation import IsolationStated
from cloudcourt.domain.log_note import NoteAdded
from cloudcourt.domain.message import MessageSent
from cloudcourt.domain.recording import SegmentClosed
from cloudcourt.domain.roles import Role
from cloudcourt.domain.value import Value

RECORD_FORMAT: Final = "cloudcourt-record/1"
SEAL_FORMAT: Final = "cloudcourt-seal/1"
NO_HASH: Final = "0" * 64
"""The hash before the first entry."""
GREATEST_INT: Final = 2**53 - 1
"""Beyond it a number is not the same number in every language (RFC 8785 section 3.2.2.3)."""


class OpenedLog(Value):
    """Always entry 1: which hearing this is the record of, and the key that its checkpoints are signed with."""

    kind: Literal["opened_log"] = "opened_log"
    at: datetime
    hearing: HearingId
    case_number: str
    format: Literal["cloudcourt-record/1"] = RECORD_FORMAT
    software: str
    public_key: str
    """The hearing's own Ed25519 key, 64 hex digits."""
    court_key: str
    court_signature: str
    """By the court's key over `hearing_key_message`."""


class EventEntry(Value):
    """One stored event of the court."""

    kind: Literal["event"] = "event"
    at: datetime
    seq: int
    actor: str
    event: dict[str, Any]
    """The event's own kind and fields."""


class AttendanceEntry(Value):
    """Somebody came into the courtroom or went out of it. Names stand in event 1 and where somebody is seated later."""

    kind: Literal["attendance"] = "attendance"
    at: datetime
    participant: ParticipantId
    role: Role
    present: bool


class SegmentEntry(Value):
    kind: Literal["segment"] = "segment"
    at: datetime
    segment: SegmentClosed


class GapEntry(Value):
    """A stretch that is not on the record, once it has ended."""

    kind: Literal["gap"] = "gap"
    at: datetime
    reason: GapReason
    began_at: datetime
    ended_at: datetime
    note: str = ""


class StatementEntry(Value):
    """What the judge states about a fault (REC 4)."""

    kind: Literal["statement"] = "statement"
    at: datetime
    actor: str
    text: str


class IsolationEntry(Value):
    """Between these times a witness outside the courtroom was sent so many media packets (OLR 26).

    Nothing is claimed about the time before `counted_since`.
    """

    kind: Literal["isolation"] = "isolation"
    at: datetime
    participant: ParticipantId
    began_at: datetime
    ended_at: datetime
    packets: int
    counted_since: datetime


class FileEntry(Value):
    """A finished file of the record; a later entry for the same file takes the earlier one's place."""

    kind: Literal["file"] = "file"
    at: datetime
    file: str
    bytes: int
    sha256: str


class TornEntry(Value):
    """A crash tore the log's last line: what was left of it is kept in `file`."""

    kind: Literal["torn"] = "torn"
    at: datetime
    file: str
    bytes: int
    sha256: str


class CheckpointEntry(Value):
    """A signature over everything before it."""

    kind: Literal["checkpoint"] = "checkpoint"
    at: datetime
    count: int
    head: str
    signature: str


class SealEntry(Value):
    """The record is whole: only a last checkpoint follows."""

    kind: Literal["seal"] = "seal"
    at: datetime
    manifest_sha256: str
    files: int


Entry = (
    OpenedLog
    | EventEntry
    | AttendanceEntry
    | SegmentEntry
    | GapEntry
    | StatementEntry
    | IsolationEntry
    | FileEntry
    | TornEntry
    | CheckpointEntry
    | SealEntry
)


class Checkpoint(Value):
    """How long the log was, its last entry's hash, and the hearing's signature over both: what parties keep."""

    count: int
    head: str
    signature: str


class SealStatement(Value):
    """What hearing and court sign at the end."""

    format: Literal["cloudcourt-seal/1"] = SEAL_FORMAT
    hearing: HearingId
    sealed_at: datetime
    manifest_sha256: str
    count: int
    head: str
    hearing_key: str
    court_key: str


class Timestamp(Value):
    """What an outside authority says about the time of the seal (RFC 3161).

    `none`: no authority is set; `queued`: it could not be reached yet; `stamped`: `token` is its answer, in base64.
    """

    state: Literal["none", "queued", "stamped"]
    authority: str = ""
    token: str = ""
    at: datetime | None = None
    """The time in the token."""
    court_signature: str
    """By the court's key over `timestamp_message`."""


class Seal(Value):
    """`seal.json`."""

    statement: SealStatement
    hearing_signature: str
    court_signature: str
    timestamp: Timestamp


def canonical(value: object) -> bytes:
    """JSON as RFC 8785 writes it, for text, whole numbers, booleans, null, lists and objects.

    Raises ValueError for floats (say milliseconds), for numbers that not every language can hold, for text that is
    not Unicode, and for anything else.
    """
    try:
        return _written(value).encode()
    except UnicodeEncodeError:
        raise ValueError("text must be Unicode, without lone surrogates") from None


def _written(value: object) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > GREATEST_INT:
            raise ValueError("a number must be exact in every language")
        return str(int(value))
    if isinstance(value, list | tuple):
        return "[" + ",".join(_written(item) for item in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=_utf16)
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in keys) + "}"
    raise ValueError(f"{type(value).__name__} has no canonical form here")


def _utf16(key: object) -> bytes:
    """Names sort by their UTF-16 code units (RFC 8785 section 3.2.3)."""
    if not isinstance(key, str):
        raise ValueError("names must be text")
    return key.encode("utf-16-be")


def entry_line(number: int, entry: Entry) -> bytes:
    """An entry's canonical line: its fields and its number `n`, counted from 1. Raises ValueError."""
    return canonical({**entry.model_dump(mode="json"), "n": number})


def entry_hash(previous: str, line: bytes) -> str:
    """SHA-256 over a zero byte, the hash before, and the line; 64 hex digits."""
    return hashlib.sha256(b"\x00" + bytes.fromhex(previous) + line).hexdigest()


def stored_line(entry_sha256: str, line: bytes) -> bytes:
    """A line of `record.log`: a canonical array of the entry's hash and the entry, and a line feed."""
    return b'["' + entry_sha256.encode() + b'",' + line + b"]\n"


def hearing_key_message(hearing: HearingId, public_key: str) -> bytes:
    """What the court's key signs about a hearing's key."""
    return canonical({"hearing": hearing, "means": "cloudcourt-hearing-key/1", "public_key": public_key})


def checkpoint_message(hearing: HearingId, count: int, head: str) -> bytes:
    """What a checkpoint's signature is over."""
    return canonical({"count": count, "head": head, "hearing": hearing, "means": "cloudcourt-checkpoint/1"})


def seal_message(statement: SealStatement) -> bytes:
    """What both keys sign, and what an outside authority stamps, at the end."""
    return canonical(statement.model_dump(mode="json"))


def timestamp_message(statement: SealStatement, timestamp: Mapping[str, object]) -> bytes:
    """What the court's key signs about a timestamp; `timestamp` holds its other fields."""
    sealed = hashlib.sha256(seal_message(statement)).hexdigest()
    told = {name: value for name, value in timestamp.items() if name != "court_signature"}
    return canonical({"means": "cloudcourt-timestamp/1", "seal": sealed, "timestamp": told})


def entries_of(before: Hearing | None, after: Hearing, stored: StoredEvent) -> tuple[Entry, ...]:
    """Everything the log must hold of one event: itself, a statement, who came or went by it, the gaps it ended."""
    told = EventEntry(at=stored.at, seq=stored.seq, actor=stored.actor, event=_handed_out(stored.event))
    statements: tuple[Entry, ...] = (*_stated(stored), *_isolated(stored))
    return (told, *statements, *_attendance(before, after, stored), *_ended_gaps(before, after, stored))


def _handed_out(event: Event) -> dict[str, Any]:
    """An event as strangers may read it: the words of notes and of messages to the court are not for them."""
    return event.model_dump(mode="json", exclude={"text"} if isinstance(event, NoteAdded | MessageSent) else None)


def _stated(stored: StoredEvent) -> tuple[StatementEntry, ...]:
    if not isinstance(stored.event, FaultStated):
        return ()
    return (StatementEntry(at=stored.at, actor=stored.actor, text=stored.event.text),)


def _isolated(stored: StoredEvent) -> tuple[IsolationEntry, ...]:
    if not isinstance(told := stored.event, IsolationStated):
        return ()
    fields = told.model_dump(exclude={"kind", "participant_id"})
    return (IsolationEntry(at=stored.at, participant=told.participant_id, **fields),)


def _attendance(before: Hearing | None, after: Hearing, stored: StoredEvent) -> tuple[AttendanceEntry, ...]:
    was = before.participants if before else {}
    return tuple(
        AttendanceEntry(at=stored.at, participant=person.id, role=person.role, present=_is_present(person.state))
        for person in after.participants.values()
        if _is_present(person.state) != (person.id in was and _is_present(was[person.id].state))
    )


def _is_present(state: ParticipantState) -> bool:
    return state is ParticipantState.IN_COURT


def _ended_gaps(before: Hearing | None, after: Hearing, stored: StoredEvent) -> tuple[GapEntry, ...]:
    open_before = {index for index, gap in enumerate(before.gaps if before else ()) if gap.ended_at is None}
    known = len(before.gaps) if before else 0
    ended = [gap for index, gap in enumerate(after.gaps) if gap.ended_at and (index in open_before or index >= known)]
    return tuple(_gap_entry(gap, stored.at) for gap in ended)


def _gap_entry(gap: Gap, at: datetime) -> GapEntry:
    ended_at = cast(datetime, gap.ended_at)
    return GapEntry(at=at, reason=gap.reason, began_at=gap.began_at, ended_at=ended_at, note=gap.note)
