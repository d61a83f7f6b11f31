"""What was added after the seal: who confirmed it, who signed its value on a device of their own, who would not."""

import hashlib
import json
from typing import Any

from media.verifier.chain import Log, canonical
from media.verifier.ed25519 import is_signed
from media.verifier.findings import ALTERED, OK, FileFinding
from media.verifier.p256 import is_signed_p256

COUNTERSIGNATURES = "countersignatures.jsonl"
_MEANS = "cloudcourt-after-seal/1"
_CONFIRMS = ("judge", "clerk")


def seal_value(statement: object) -> str:
    """The integrity check value (REC 9): SHA-256 over what hearing and court signed at the end."""
    return hashlib.sha256(canonical(statement)).hexdigest()


def party_signature_holds(told: dict[str, Any]) -> bool:
    """True when a `signed` entry's key signed for this seal, hearing, person and time."""
    said = {
        "at": told["signed_at"],
        "hearing": told["hearing"],
        "means": "cloudcourt-countersignature/1",
        "participant": told["participant"],
        "seal": told["seal"],
    }
    check = {"Ed25519": is_signed, "ES256": is_signed_p256}[told["algorithm"]]
    return check(told["public_key"], canonical(said), told["signature"])


def check_countersignatures(content: bytes | None, seal: bytes | None, log: Log) -> list[FileFinding]:
    """One finding an entry, with the person's name as the log has it. Nothing without a seal that can be read."""
    if content is None:
        return []
    try:
        statement = json.loads(seal or b"")["statement"]
        value, court_key = seal_value(statement), str(statement["court_key"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
    found, previous, lines = [], "0" * 64, content.split(b"\n")
    if lines.pop():
        found.append(FileFinding(COUNTERSIGNATURES, ALTERED, detail="its last line is cut"))
    for number, line in enumerate(lines, start=1):
        item = f"countersignature {number}"
        try:
            said = _judged(line, number, previous, (str(statement["hearing"]), value, court_key), log)
        except (ValueError, LookupError, TypeError, RecursionError):
            found.append(FileFinding(item, ALTERED, detail="it is not as the court wrote it"))
        else:
            found.append(said if isinstance(said, FileFinding) else FileFinding(item, OK, detail=said))
        previous = hashlib.sha256(line).hexdigest()
    return found


def _judged(line: bytes, number: int, previous: str, ours: tuple[str, str, str], log: Log) -> FileFinding | str:
    """What an entry says, if it is good. Raises ValueError, LookupError, TypeError for what is not ours."""
    told, item = json.loads(line), f"countersignature {number}"
    entry, (hearing, value, court_key) = told["entry"], ours
    if canonical(told) != line or not is_signed(court_key, canonical(entry), told["court_signature"]):
        return FileFinding(item, ALTERED, detail="the court did not sign for it")
    if (entry["means"], entry["hearing"], entry["seal"]) != (_MEANS, hearing, value):
        return FileFinding(item, ALTERED, detail="it is of another seal")
    if (entry["n"], entry["previous"]) != (number, previous):
        return FileFinding(item, ALTERED, detail="another entry should stand here")
    if entry["kind"] == "signed":
        is_valid = party_signature_holds(entry)
        said = (
            f"signed by {_person(entry['participant'], log)} on {entry['at']}: {'valid' if is_valid else 'NOT VALID'}"
        )
        return said if is_valid else FileFinding(item, ALTERED, detail=said)
    if entry["kind"] == "refused":
        by = _person(entry["noted_by"], log)
        return f"{_person(entry['participant'], log)} did not sign, noted by {by} on {entry['at']}: {entry['reason']}"
    if (
        entry["kind"] != "confirmed"
        or _people(log).get(entry["participant"], {"role": "judge"})["role"] not in _CONFIRMS
    ):
        return FileFinding(item, ALTERED, detail="nobody who may confirm the seal has done so")
    return f"the seal was confirmed by {_person(entry['participant'], log)} on {entry['at']}"


def _people(log: Log) -> dict[str, dict[str, Any]]:
    """Who had a seat: of the case file in event 1, and whoever was seated later."""
    told = [entry["event"] for entry in log.of("event")]
    filed = told[0].get("people", ()) if told else ()
    later = [event["person"] for event in told if event.get("kind") == "person_seated"]
    return {person["id"]: person for person in (*filed, *later)}


def _person(participant: str, log: Log) -> str:
    person = _people(log).get(participant)
    return participant if person is None else f"{person['role']} {person['name']}"
