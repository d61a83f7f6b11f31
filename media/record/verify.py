"""Checks a record offline, as anyone can: what was changed, left out or added, and what is not proved.

A sealed record is judged by its log and its seal. One of the first versions has neither, and can only be compared
with its manifest; where a later one lacks them, they were taken away.
"""

import argparse
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from media.verifier.bundle import Bundle
from media.verifier.chain import LOG, LOG_FORMAT, account, listed_in, read_log
from media.verifier.countersignatures import COUNTERSIGNATURES, check_countersignatures
from media.verifier.destroyed import DESTROYED_FILE, check_destroyed
from media.verifier.files import NoManifest, OnProgress, examine, read_manifest
from media.verifier.film import FILM_FILE, check_film
from media.verifier.findings import ALTERED, MISSING, OK, FileFinding, FileState, Findings, render
from media.verifier.orders import ORDERS_FILE, check_orders
from media.verifier.redaction import REDACTION, verify_copy
from media.verifier.seal import MANIFEST, SEAL, check_kept, check_seal, trusted_seal

__all__ = ["FileFinding", "FileState", "Findings", "render", "verify_folder"]

_COMPANIONS = {
    LOG,
    SEAL,
    "index.html",
    "FORMAT.md",
    "verify.py",
    COUNTERSIGNATURES,
    FILM_FILE,
    ORDERS_FILE,
    DESTROYED_FILE,
}
# Of a record itself; beside a redacted copy stand none of them.
_RECORDS = {LOG, SEAL, MANIFEST, FILM_FILE}
_NOBODY_SIGNED = ("who made this record, when, and that its manifest is the first one: nothing here is signed",)
_ASSERTED = ("who the persons are, and that sound and picture are true to life: that is the court's assertion",)


def verify_folder(
    path: Path, on_progress: OnProgress | None = None, *, court_key: str | None = None, heads: bytes | None = None
) -> Findings:
    """Judge a folder or a zip. Never raises for what it holds.

    `court_key` is the public key that the court gives out; `heads` a file of checkpoints that a party kept.
    """
    try:
        bundle = Bundle(path)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as failure:
        return Findings(cannot_judge=f"there is no manifest.json: nothing can be read here ({type(failure).__name__})")
    try:
        if REDACTION in bundle.names and not _RECORDS & bundle.names:
            return verify_copy(bundle, on_progress, court_key)
    except (LookupError, TypeError, ValueError, AttributeError):
        return Findings((FileFinding(REDACTION, ALTERED, detail="its entries are not ours"),), is_sealed=True)
    if _COMPANIONS & bundle.names or _speaks_of_log(bundle.read(MANIFEST)):
        try:
            return _sealed(bundle, on_progress, court_key, heads)
        except (LookupError, TypeError, ValueError, AttributeError):
            return Findings((FileFinding(LOG, ALTERED, detail="its entries are not ours"),), is_sealed=True)
    try:
        _, listed = read_manifest(bundle.read(MANIFEST))
    except NoManifest as why:
        return Findings(cannot_judge=str(why))
    # Only a log tells of the journal.
    unjudged = {name for name in bundle.names if name.startswith("journal/")}
    return Findings(tuple(examine(bundle, list(listed), unjudged, on_progress)), not_proved=_NOBODY_SIGNED)


def _speaks_of_log(manifest: bytes | None) -> bool:
    """True for the manifest of a record that had a log: where nothing signed is left, it was taken away."""
    try:
        return bool(json.loads(manifest or b"")["log"] == LOG)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def _sealed(bundle: Bundle, on_progress: OnProgress | None, court_key: str | None, heads: bytes | None) -> Findings:
    content, manifest_bytes = bundle.read(LOG), bundle.read(MANIFEST)
    log = read_log(content or b"")
    if log.opening.get("format", LOG_FORMAT) != LOG_FORMAT:
        return Findings(cannot_judge=f"the log is not in the format {LOG_FORMAT}")
    found = check_seal(bundle.read(SEAL), manifest_bytes, log)
    if any(finding.file == SEAL and finding.state is OK for finding in found):
        found += check_countersignatures(bundle.read(COUNTERSIGNATURES), bundle.read(SEAL), log)
    found += check_orders(bundle.read(ORDERS_FILE), log, trusted_seal(bundle, log))
    destroyed = check_destroyed(bundle.read(DESTROYED_FILE), bundle.read(ORDERS_FILE), log)
    found += destroyed.findings
    found += [] if heads is None else [check_kept(heads, log)]
    if court_key is not None:
        is_theirs = court_key.strip().lower() == log.opening.get("court_key")
        found.append(FileFinding("court key", OK if is_theirs else ALTERED, detail="it is to be the one you gave"))
    # Where the first entry is bad, or of another hearing, nothing that follows it counts.
    is_ours = content is not None and (log.trouble is None or log.trouble[0] > 1)
    listed = listed_in(log) if is_ours else {}
    manifest: dict[str, Any] | None = None
    if not any(finding.file == MANIFEST and finding.state is not OK for finding in found):
        try:
            manifest, media = read_manifest(manifest_bytes)
            listed.update({entry.file: entry for entry in media})
            if log.trouble is None:
                why = account(manifest, log)
                gaps = f"proved: opened to closed is {len(manifest['spans'])} spans and {len(manifest['gaps'])} gaps"
                found.append(FileFinding("gaps", MISSING if why else OK, detail=why or gaps))
        except NoManifest as why_not:
            found.append(FileFinding(MANIFEST, MISSING, detail=str(why_not)))
    first = log.finding() if content is not None else FileFinding(LOG, MISSING, detail="nothing is proved without it")
    # A damaged entry may be the only one that names a file: the entry is at fault then, not the file.
    known = set() if log.trouble is None else set(bundle.names)
    film = check_film(bundle, manifest, log)
    found += film.findings
    listed.update({entry.file: entry for entry in film.listed})
    files = examine(bundle, list(listed.values()), known | film.unjudged, on_progress)
    files = destroyed.account_for(files, list(listed.values()))
    ours = f"that {log.opening.get('court_key')} is the court's key: compare it with what the court gives out"
    return Findings((first, *found, *files), "", (*_ASSERTED, *[ours] * (court_key is None)), is_sealed=True)


def main() -> int:
    """`verify.py [PATH] [--court-key HEX] [--heads FILE]`: 0 intact, 1 tampered, 2 incomplete, 3 cannot judge."""
    parser = argparse.ArgumentParser(description="Check a hearing's record offline.")
    parser.add_argument("path", type=Path, nargs="?", default=Path(__file__).parent, help="folder or zip file")
    parser.add_argument("--court-key", help="the court's public key, as the court gives it out")
    parser.add_argument("--heads", type=Path, help="a file of checkpoints that a party kept")
    options = parser.parse_args()
    heads = options.heads.read_bytes() if options.heads else None
    findings = verify_folder(options.path, court_key=options.court_key, heads=heads)
    sys.stdout.write(render(findings) + "\n")
    return findings.exit_code


if __name__ == "__main__":
    sys.exit(main())
