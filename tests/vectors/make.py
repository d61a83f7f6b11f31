"""Makes the test vectors of the record format: `python -m tests.vectors.make` writes `tests/vectors/record/*.json`.

The keys come from fixed words, so that everyone makes the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloudcourt.domain.evidence import NO_HASH, canonical, entry_hash, stored_line
from media.record.verify import Findings, verify_folder
from media.verifier.countersignatures import COUNTERSIGNATURES as SIGNATURES
from tests.bed.sealed_record import rechained
from tests.vectors.countersigned import countersigned, stolen
from tests.vectors.destroyed import destroyed_cases
from tests.vectors.filmed import film_cases
from tests.vectors.keys import CLOSED, COURT, FORGERS, HEARING, OPENED, OURS, RECESS, RESUMED, public, sha256
from tests.vectors.ordered import order_cases
from tests.vectors.redacted import copy_cases

HERE = Path(__file__).parent / "record"
Files = dict[str, bytes]


# --- JSON, chain, signatures --------------------------------------------------------------------------


def canonical_vectors() -> Any:
    values: list[Any] = [
        None,
        True,
        0,
        -1,
        2**53 - 1,
        "",
        "午休",
        'a"b\\c/d',
        "\b\t\n\f\r\x00\x1f\x7f",
        "\u2028😀",
        [],
        {},
        [1, [2, {"a": None}]],
        {"b": 1, "a": 2, "A": 3, "": 4},
        {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7},
    ]
    return [{"value": value, "canonical": canonical(value).decode()} for value in values]


def chain_vectors() -> Any:
    head, told = NO_HASH, []
    for entry in (
        {"n": 1, "kind": "a"},
        {"n": 2, "kind": "b", "note": "午休"},
        {"n": 3, "kind": "c", "event": {"z": [1]}},
    ):
        line = canonical(entry)
        previous, head = head, entry_hash(head, line)
        stored = stored_line(head, line).decode()
        told.append({"previous": previous, "line": line.decode(), "hash": head, "stored": stored})
    return told


def signature_vectors() -> Any:
    said = {"count": 4, "head": "ab" * 32, "hearing": HEARING, "means": "cloudcourt-checkpoint/1"}
    signature = OURS.sign(canonical(said)).hex()
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(bytes.fromhex(signature)[32:], "little")
    malleable = signature[:64] + (scalar + order).to_bytes(32, "little").hex()
    good: dict[str, Any] = {"public_key": public(OURS), "said": said, "signature": signature, "is_good": True}
    bad: list[dict[str, Any]] = [
        {"public_key": public(COURT)},
        {"said": {**said, "count": 5}},
        {"signature": f"{'00' if signature[:2] != '00' else '01'}{signature[2:]}"},
        {"signature": signature[:-2]},
        {"signature": malleable},
        {"signature": "zz" * 64},
        {"public_key": "ff" * 32},
    ]
    return [good, *({**good, **change, "is_good": False} for change in bad)]


# --- whole records --------------------------------------------------------------------------------------


def whole_record(*, awaits_film: bool = False, retention: str | None = None) -> Files:
    files: Files = {
        name: hashlib.shake_256(name.encode()).digest(3_000)
        for name in ("tracks/p_judge-audio-1.webm", "composite.mp4", "journal/p_judge-audio/000001_20261124T010000Z.cj")
    }
    files["index.html"] = b"<!doctype html><title>vector</title>\n"
    manifest, entries = _manifest(files), _entries(files)
    if retention is not None:
        entries[1]["event"]["retention"] = retention
    if awaits_film:
        manifest["film"] = {"state": "waiting", "file": None, "bytes": 0, "sha256": None, "chunks": []}
        entries = [entry for entry in entries if entry.get("file") != "composite.mp4"]
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False).encode()
    entries[-2] |= {"manifest_sha256": sha256(files["manifest.json"])}
    files["record.log"] = rechained(entries, sign_checkpoint)
    files["seal.json"] = seal(files)
    return files


def sign_checkpoint(entry: dict[str, Any], by: Ed25519PrivateKey = OURS) -> None:
    said = {"count": entry["count"], "head": entry["head"], "hearing": HEARING, "means": "cloudcourt-checkpoint/1"}
    entry["signature"] = by.sign(canonical(said)).hex()


def _manifest(files: Files) -> Any:
    gap = {"reason": "RECESS", "began_at": RECESS, "ended_at": RESUMED, "note": "午休"}
    track = {
        "track_id": "p_judge-audio-1",
        "participant_id": "p_judge",
        "role": "judge",
        **_described(files, "tracks/p_judge-audio-1.webm"),
    }
    return {
        "format": "cloudcourt-recording/1",
        "hearing_id": HEARING,
        "sealed": True,
        "log": "record.log",
        "opened_at": OPENED,
        "ended_at": CLOSED,
        "spans": [{"began_at": OPENED, "ended_at": RECESS}, {"began_at": RESUMED, "ended_at": CLOSED}],
        "gaps": [gap],
        "tracks": [track],
        "film": {"state": "ready", **_described(files, "composite.mp4")},
    }


def _described(files: Files, name: str) -> dict[str, Any]:
    content = files[name]
    chunks = [
        {"from_s": second, "offset": second * 1000, "length": 1000, "sha256": sha256(content[second * 1000 :][:1000])}
        for second in range(3)
    ]
    return {"file": name, "bytes": len(content), "sha256": sha256(content), "chunks": chunks}


def _entries(files: Files) -> list[dict[str, Any]]:
    named = canonical({"hearing": HEARING, "means": "cloudcourt-hearing-key/1", "public_key": public(OURS)})
    opening = {
        "kind": "opened_log",
        "at": OPENED,
        "hearing": HEARING,
        "case_number": "（2026）云0101民初27号",
        "format": "cloudcourt-record/1",
        "software": "vectors",
        "public_key": public(OURS),
        "court_key": public(COURT),
        "court_signature": COURT.sign(named).hex(),
    }
    segment = next(name for name in files if name.startswith("journal/"))
    told = {"file": segment, "bytes": len(files[segment]), "sha256": sha256(files[segment]), "began_at": RESUMED}
    gap = {"kind": "gap", "at": RESUMED, "reason": "RECESS", "began_at": RECESS, "ended_at": RESUMED, "note": "午休"}
    finished = [
        {"kind": "file", "at": CLOSED, "file": name, "bytes": len(files[name]), "sha256": sha256(files[name])}
        for name in ("tracks/p_judge-audio-1.webm", "composite.mp4", "index.html")
    ]
    return [
        opening,
        _event(1, OPENED, "hearing_scheduled"),
        _event(2, OPENED, "hearing_opened"),
        {"kind": "attendance", "at": OPENED, "participant": "p_judge", "role": "judge", "present": True},
        {"kind": "checkpoint", "at": OPENED},
        _event(3, RECESS, "recess_called"),
        _event(4, RESUMED, "hearing_resumed"),
        gap,
        {"kind": "segment", "at": RESUMED, "segment": told},
        {"kind": "checkpoint", "at": RESUMED},
        _event(5, CLOSED, "hearing_closed"),
        {"kind": "checkpoint", "at": CLOSED},
        *finished,
        {"kind": "seal", "at": CLOSED, "files": len(finished)},
        {"kind": "checkpoint", "at": CLOSED},
    ]


def _event(seq: int, at: str, kind: str) -> dict[str, Any]:
    return {"kind": "event", "at": at, "seq": seq, "actor": "p_judge", "event": {"kind": kind}}


def seal(files: Files) -> bytes:
    lines = files["record.log"].splitlines()
    statement = {
        "format": "cloudcourt-seal/1",
        "hearing": HEARING,
        "sealed_at": CLOSED,
        "manifest_sha256": sha256(files["manifest.json"]),
        "count": len(lines),
        "head": json.loads(lines[-1])[0],
        "hearing_key": public(OURS),
        "court_key": public(COURT),
    }
    message = canonical(statement)
    stamp: dict[str, Any] = {"state": "none", "authority": "", "token": "", "at": None}
    stamped = {"means": "cloudcourt-timestamp/1", "seal": sha256(message), "timestamp": stamp}
    stamp_signature = COURT.sign(canonical(stamped)).hex()
    told = {
        "statement": statement,
        "hearing_signature": OURS.sign(message).hex(),
        "court_signature": COURT.sign(message).hex(),
        "timestamp": {**stamp, "court_signature": stamp_signature},
    }
    return canonical(told) + b"\n"


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _without_line(content: bytes, number: int) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: number - 1] + lines[number:])


def _without(files: Files, name: str) -> Files:
    return {other: content for other, content in files.items() if other != name}


def _entries_in(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line)[1] for line in content.splitlines()]


def _rewritten(content: bytes, sign: Callable[[dict[str, Any]], None] | None = None) -> bytes:
    entries = _entries_in(content)
    del entries[7]  # the gap
    return rechained(entries, sign)


def _forged_checkpoint(content: bytes) -> bytes:
    entries = _entries_in(content)
    sign_checkpoint(entries[9], FORGERS)
    return rechained(entries)


def _of_format_9(content: bytes) -> bytes:
    entries = _entries_in(content)
    entries[0]["format"] = "cloudcourt-record/9"
    return rechained(entries)


def record_vectors() -> Any:
    whole = whole_record()
    log, film, track = whole["record.log"], "composite.mp4", "tracks/p_judge-audio-1.webm"
    segment = next(name for name in whole if name.startswith("journal/"))
    checkpoints = [entry for entry in _entries_in(log) if entry["kind"] == "checkpoint"]
    heads = [{name: entry[name] for name in ("count", "head", "signature")} for entry in checkpoints]
    kept = json.dumps({"format": "cloudcourt-heads/1", "hearing": HEARING, "heads": heads})
    swapped = log.splitlines(keepends=True)
    swapped[5], swapped[6] = swapped[6], swapped[5]
    stripped = {name: whole[name] for name in (film, track, "manifest.json")}
    bare = {**stripped, "manifest.json": whole["manifest.json"].replace(b'"log": "record.log", ', b"")}
    after = countersigned(whole["seal.json"])
    signed, lines = {**whole, SIGNATURES: after}, after.splitlines(keepends=True)
    elsewhen = whole["manifest.json"].replace(b"01:00", b"01:01", 1)
    later = whole["seal.json"].replace(b"01:09", b"01:08", 1)
    logs = {
        "a role changed in the log": log.replace(b'"role":"judge"', b'"role":"clerk"'),
        "the gap removed from the log": _without_line(log, 8),
        "two entries swapped": b"".join(swapped),
        "the log cut at an entry": b"".join(log.splitlines(keepends=True)[:-3]),
        "the log cut within an entry": log[:-40],
        "the gap removed and the chain made anew": _rewritten(log),
        "the same, signed with another key": _rewritten(log, lambda entry: sign_checkpoint(entry, FORGERS)),
        "a checkpoint signed with another key": _forged_checkpoint(log),
        "a log of a later format": _of_format_9(log),
    }
    cases: list[tuple[str, Files, str | None, str | None]] = [
        ("untouched, with the court's key and a party's checkpoints", whole, public(COURT), kept),
        ("another court's key", whole, public(FORGERS), None),
        ("a flipped bit in the film's second second", {**whole, film: _flipped(whole[film], 1500)}, None, None),
        ("a track cut short", {**whole, track: whole[track][:2500]}, None, None),
        ("a track lengthened", {**whole, track: whole[track] + b"more"}, None, None),
        ("a segment of another hearing", {**whole, segment: whole[film]}, None, None),
        ("a missing track", _without(whole, track), None, None),
        ("an added track", {**whole, "tracks/stranger-audio-1.webm": b"?"}, None, None),
        ("a time changed in the manifest", {**whole, "manifest.json": elsewhen}, None, None),
        ("a changed seal", {**whole, "seal.json": later}, None, None),
        ("no seal", _without(whole, "seal.json"), None, None),
        ("no log", _without(whole, "record.log"), None, None),
        *((name, {**whole, "record.log": content}, None, None) for name, content in logs.items()),
        ("signed anew with the true key", {**whole, "record.log": _rewritten(log, sign_checkpoint)}, None, kept),
        ("checkpoints of another hearing", whole, None, kept.replace(HEARING, "h_other")),
        ("everything that is signed taken away", stripped, None, None),
        ("confirmed, refused and signed after the seal", signed, None, None),
        ("a confirmation taken away", {**signed, SIGNATURES: b"".join(lines[1:])}, None, None),
        (
            "a signature of another person's",
            {**signed, SIGNATURES: b"".join([*lines[:3], stolen(lines)])},
            None,
            None,
        ),
        ("an entry that the court didn't write", {**signed, SIGNATURES: _flipped(signed[SIGNATURES], 400)}, None, None),
        ("after the seal, the last line cut", {**signed, SIGNATURES: signed[SIGNATURES][:-9]}, None, None),
        ("without log and seal, untouched", bare, None, None),
        ("without log and seal, a flipped bit", {**bare, film: _flipped(whole[film], 2999)}, None, None),
        ("nothing to judge by", {film: whole[film]}, None, None),
        *((name, files, None, None) for name, files in film_cases(whole_record(awaits_film=True))),
        *((name, files, None, None) for name, files in order_cases(whole)),
        *((name, files, None, None) for name, files in copy_cases()),
        *((name, files, None, None) for name, files in destroyed_cases(whole_record(retention="long"), whole)),
    ]
    packed = {name: base64.b64encode(content).decode() for name, content in whole.items()}
    return {"whole": packed, "records": [_vector(whole, *case) for case in cases]}


def _vector(whole: Files, name: str, files: Files, court_key: str | None, kept: str | None) -> Any:
    """`files`: names of those that are as in the whole record, and the others' bytes in base64."""
    same = sorted(path for path, content in files.items() if whole.get(path) == content)
    other = {path: base64.b64encode(files[path]).decode() for path in sorted(files) if path not in same}
    return {"name": name, "same": same, "other": other, "court_key": court_key, "kept": kept}


def judged(whole: Any, vector: Any, folder: Path) -> Findings:
    """What our verifier says of a vector, laid out in a folder."""
    for name, content in {**{name: whole[name] for name in vector["same"]}, **vector["other"]}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
    kept = None if vector["kept"] is None else vector["kept"].encode()
    return verify_folder(folder, court_key=vector["court_key"], heads=kept)


def told(findings: Findings) -> Any:
    """What every verifier must say alike: the exit code, and each finding that isn't good."""
    bad = [
        {"item": f.file, "state": str(f.state), "entry": f.entry, "second": f.first_bad_s}
        for f in findings.files
        if f.state != "ok"
    ]
    return {"exit": findings.exit_code, "bad": bad}


VECTORS: dict[str, Callable[[], Any]] = {
    "canonical": canonical_vectors,
    "chain": chain_vectors,
    "signatures": signature_vectors,
    "records": record_vectors,
}


def main() -> None:
    """Write them all; of whole records only the bytes: what is to be said of them is written by hand, and kept."""
    for name, make in VECTORS.items():
        path = HERE / f"{name}.json"
        vectors = make()
        if name == "records":
            known = {v["name"]: v["says"] for v in json.loads(path.read_text())["records"]} if path.exists() else {}
            vectors["records"] = [{**vector, "says": known.get(vector["name"])} for vector in vectors["records"]]
        path.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
