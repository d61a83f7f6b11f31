"""A sealed record of a real short hearing, exported, to be tampered with; and somebody who would forge it."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.commands import CallRecess, ResumeHearing, SetPhase
from cloudcourt.domain.evidence import NO_HASH, canonical, entry_hash, stored_line
from cloudcourt.domain.hearing import Phase, SessionState
from cloudcourt.domain.ids import HearingId, TrackId
from cloudcourt.domain.record_orders import OrderAsk
from cloudcourt.domain.recording import SegmentClosed
from media.record.export import export
from media.record.orders import FolderOrderLedger
from tests.bed.recordings import WallClock
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court

SECONDS = 3
SEGMENTS = 3


@dataclass(frozen=True)
class SealedRecord:
    """Where it was exported to, whose it is, and what a party kept of it."""

    folder: Path
    hearing_id: HearingId
    court_key: str
    kept: bytes


def make_sealed_record(data_dir: Path, out: Path, case_number: str) -> SealedRecord:
    """Hold a hearing with two phases, a recess and two people heard, close it, and export what was sealed."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_make(data_dir, out, case_number))


async def _make(data_dir: Path, out: Path, case_number: str) -> SealedRecord:
    async with small_court(data_dir, case_number=case_number, checkpoint_every_s=0.4) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        for number in range(1, SEGMENTS + 1):
            _close_segment(court, number)
        await court.speaks([RtpSource(court.judge), RtpSource(court.plaintiff)], SECONDS)
        await court.asks(court.judge, CallRecess(note="午休"))
        await court.asks(court.judge, ResumeHearing(countdown_ms=0))
        await court.until(lambda hearing: hearing.session is SessionState.IN_SESSION)
        await court.asks(court.judge, SetPhase(phase=Phase.DEBATE))
        await court.closes()
        weathers = court.ears.weathers[court.plaintiff]
        heads = {json.dumps(told["checkpoint"]): told["checkpoint"] for told in weathers if told["checkpoint"]}
        kept = {"format": "cloudcourt-heads/1", "hearing": court.hearing_id, "heads": list(heads.values())}
        await _order(court)
        await asyncio.to_thread(export, court.folder, out)
        return SealedRecord(out, court.hearing_id, court.court_key.public, json.dumps(kept).encode())


async def _order(court: SmallCourt) -> None:
    """The judge seals a span, sets a hold, and unseals the span."""
    ledger, now = FolderOrderLedger(court.data_dir, WallClock(), court.court_key), WallClock().now()
    for ask in (
        OrderAsk(kind="sealed", reason="涉及商业秘密", began_at=now - timedelta(seconds=2), ended_at=now),
        OrderAsk(kind="held", reason="当事人申诉，待处理"),
        OrderAsk(kind="unsealed", reason="保密期满", of=1),
    ):
        await ledger.add(court.hearing_id, ask, court.judge)


def _close_segment(court: SmallCourt, number: int) -> None:
    """A segment of a journal, as the recorder of the courtroom's own microphone would close it."""
    now = WallClock().now()
    name = f"journal/courtroom-audio-1/{number:06}_{now:%Y%m%dT%H%M%SZ}.cj"
    content = hashlib.shake_256(f"{court.hearing_id} {number}".encode()).digest(2_000 + number)
    path = court.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    segment = SegmentClosed(
        track_id=TrackId("courtroom-audio-1"),
        participant_id=court.judge,
        kind="audio",
        codec="opus",
        number=number,
        file=name,
        began_at=now,
        ended_at=now,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        packets=500,
        lost=0,
        reason="time",
    )
    court.notes(segment)


def rechained(entries: list[dict[str, Any]], sign: Callable[[dict[str, Any]], None] | None = None) -> bytes:
    """The log with these entries, numbered and chained as if it had always been so; `sign` may sign checkpoints."""
    head, log = NO_HASH, b""
    for number, entry in enumerate(entries, start=1):
        entry["n"] = number
        if entry["kind"] == "checkpoint":
            entry["count"], entry["head"] = number - 1, head
            if sign is not None:
                sign(entry)
        line = canonical(entry)
        head = entry_hash(head, line)
        log += stored_line(head, line)
    return log


def entries_of(log: bytes) -> list[dict[str, Any]]:
    return [json.loads(line)[1] for line in log.splitlines()]


class Forger:
    """Somebody with everything but the court's keys."""

    def __init__(self) -> None:
        self._hearing, self._court = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        self._hearing_id = ""

    def sign_checkpoint(self, entry: dict[str, Any]) -> None:
        said = {"count": entry["count"], "head": entry["head"], "hearing": self._hearing_id}
        message = canonical({**said, "means": "cloudcourt-checkpoint/1"})
        entry["signature"] = self._hearing.sign(message).hex()

    def forges(self, folder: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """Change the log and sign all of it anew, opening to seal: a record that holds together."""
        entries = entries_of((folder / "record.log").read_bytes())
        change(entries)
        opening = entries[0]
        self._hearing_id = opening["hearing"]
        opening["public_key"] = self._hearing.public_key().public_bytes_raw().hex()
        opening["court_key"] = self._court.public_key().public_bytes_raw().hex()
        key = {"hearing": self._hearing_id, "means": "cloudcourt-hearing-key/1", "public_key": opening["public_key"]}
        opening["court_signature"] = self._court.sign(canonical(key)).hex()
        log = rechained(entries, self.sign_checkpoint)
        (folder / "record.log").write_bytes(log)
        self._seal(folder, opening, len(entries), json.loads(log.splitlines()[-1])[0])

    def _seal(self, folder: Path, opening: dict[str, Any], count: int, head: str) -> None:
        seal = json.loads((folder / "seal.json").read_bytes())
        statement = seal["statement"]
        statement |= {"count": count, "head": head}
        statement |= {"hearing_key": opening["public_key"], "court_key": opening["court_key"]}
        message = canonical(statement)
        seal["hearing_signature"] = self._hearing.sign(message).hex()
        seal["court_signature"] = self._court.sign(message).hex()
        told = {name: value for name, value in seal["timestamp"].items() if name != "court_signature"}
        stamped = {"means": "cloudcourt-timestamp/1", "seal": hashlib.sha256(message).hexdigest(), "timestamp": told}
        seal["timestamp"]["court_signature"] = self._court.sign(canonical(stamped)).hex()
        (folder / "seal.json").write_bytes(canonical(seal) + b"\n")
        self._sign_film(folder, statement)
        self._sign_orders(folder)

    def _sign_film(self, folder: Path, sealed: dict[str, Any]) -> None:
        film = json.loads((folder / "film.json").read_bytes())
        film["statement"] |= {"court_key": sealed["court_key"], "seal": hashlib.sha256(canonical(sealed)).hexdigest()}
        film["court_signature"] = self._court.sign(canonical(film["statement"])).hex()
        (folder / "film.json").write_bytes(canonical(film) + b"\n")

    def _sign_orders(self, folder: Path) -> None:
        previous, written = NO_HASH, b""
        for line in (folder / "orders.jsonl").read_bytes().splitlines():
            entry = {**json.loads(line)["entry"], "previous": previous}
            signed = canonical({"court_signature": self._court.sign(canonical(entry)).hex(), "entry": entry})
            previous, written = hashlib.sha256(signed).hexdigest(), written + signed + b"\n"
        (folder / "orders.jsonl").write_bytes(written)
