"""The seal, the outside time, and checkpoints that a party kept."""

import base64
import hashlib
import json
from typing import Any

from media.verifier.bundle import Bundle
from media.verifier.chain import Log, canonical
from media.verifier.ed25519 import is_signed
from media.verifier.findings import ALTERED, MISSING, OK, FileFinding

SEAL, MANIFEST, KEPT = "seal.json", "manifest.json", "kept checkpoints"
_PARTS = {"statement", "hearing_signature", "court_signature", "timestamp"}
_OURS, _THEIRS = ("hearing", "hearing_key", "court_key"), ("hearing", "public_key", "court_key")
_NO_TIME = {"none": "no outside authority was asked", "queued": "the outside authority had not answered"}


def check_seal(content: bytes | None, manifest: bytes | None, log: Log) -> list[FileFinding]:
    """The seal and the manifest; a log that isn't what was sealed is blamed in the log."""
    told = _read(content or b"")
    digest = None if manifest is None else hashlib.sha256(manifest).hexdigest()
    wanted = next((entry["manifest_sha256"] for entry in log.of("seal")), None)
    if content is None:
        found = [FileFinding(SEAL, MISSING, detail="the record is not sealed")]
    elif told is None:
        found = [FileFinding(SEAL, ALTERED, detail="it is not as the court signed it")]
    elif digest != told["statement"]["manifest_sha256"] and told["statement"]["hearing"] != log.opening.get("hearing"):
        found = [FileFinding(SEAL, ALTERED, detail="it is the seal of another hearing")]
    else:
        found, wanted = [_time_of(told)], told["statement"]["manifest_sha256"]
        _compare(log, told["statement"])
    if digest is None:
        found.append(FileFinding(MANIFEST, MISSING))
    elif wanted is not None:
        found.append(FileFinding(MANIFEST, OK if digest == wanted else ALTERED))
    return found


def trusted_seal(bundle: Bundle, log: Log) -> dict[str, Any] | None:
    """The seal's statement, when its signatures hold and it is not of another hearing."""
    told = _read(bundle.read(SEAL) or b"")
    if told is None:
        return None
    statement: dict[str, Any] = told["statement"]
    is_of_manifest = hashlib.sha256(bundle.read(MANIFEST) or b"").hexdigest() == statement["manifest_sha256"]
    return statement if is_of_manifest or statement["hearing"] == log.opening.get("hearing") else None


def _read(content: bytes) -> dict[str, Any] | None:
    """The seal, when it is written as ours are and every signature in it holds."""
    try:
        told: dict[str, Any] = json.loads(content)
        statement, time = told["statement"], dict(told["timestamp"])
        message, time_signature = canonical(statement), time.pop("court_signature")
        sealed = hashlib.sha256(message).hexdigest()
        stamped = canonical({"means": "cloudcourt-timestamp/1", "seal": sealed, "timestamp": time})
        is_good = (
            canonical(told) + b"\n" == content
            and set(told) == _PARTS
            and statement["format"] == "cloudcourt-seal/1"
            and is_signed(statement["hearing_key"], message, told["hearing_signature"])
            and is_signed(statement["court_key"], message, told["court_signature"])
            and is_signed(statement["court_key"], stamped, time_signature)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return told if is_good else None


def _compare(log: Log, sealed: dict[str, Any]) -> None:
    last, count = max(log.hashes, default=0), sealed["count"]
    if [sealed[name] for name in _OURS] != [log.opening.get(name) for name in _THEIRS]:
        log.blame(1, "it is not the log that was sealed")
    elif last < count:
        log.blame(last + 1, f"entries {last + 1} to {count} are missing")
    elif last > count:
        log.blame(count + 1, "it was added after the seal")
    elif log.hashes[last] != sealed["head"]:
        log.blame(last, "the log does not end in what was sealed")


def _time_of(told: dict[str, Any]) -> FileFinding:
    stamp, statement = told["timestamp"], told["statement"]
    proved = f"proved: signed by hearing and court; sealed at {statement['sealed_at']} by the court's clock"
    if stamp["state"] != "stamped":
        return FileFinding(SEAL, OK, detail=f"{proved}, {_NO_TIME[stamp['state']]}")
    if hashlib.sha256(canonical(statement)).digest() not in base64.b64decode(stamp["token"]):
        return FileFinding(SEAL, ALTERED, detail="its timestamp is for something else")
    return FileFinding(SEAL, OK, detail=f"{proved}, at {stamp['at']} by {stamp['authority']}")


def check_kept(content: bytes, log: Log) -> FileFinding:
    """Checkpoints that somebody kept while the hearing ran: the log must still hold exactly them."""
    try:
        kept = json.loads(content)
        heads = sorted((head["count"], head["head"], head["signature"]) for head in kept["heads"])
        is_ours = kept["hearing"] == log.opening["hearing"] and len(heads) > 0
    except (ValueError, KeyError, TypeError, RecursionError):
        return FileFinding(KEPT, MISSING, detail="they can't be read")
    if not is_ours or not all(log.signs(*head) for head in heads):
        return FileFinding(KEPT, MISSING, detail="they are not signed by this hearing's key, and so say nothing")
    for count, head, _ in heads:
        if log.hashes.get(count) != head:
            log.blame(min(count, max(log.hashes) + 1), f"a party holds another signed state of {count} entries")
            return FileFinding(KEPT, ALTERED, None, count, "the log is not what was signed then")
    return FileFinding(KEPT, OK, detail=f"proved: the log still holds all {len(heads)}")
