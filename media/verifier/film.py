"""What the court signed of the film, which is made after the seal."""

import hashlib
from dataclasses import dataclass
from typing import Any

from media.verifier.bundle import Bundle
from media.verifier.chain import Log, canonical
from media.verifier.files import Listed, listed_entry
from media.verifier.findings import ALTERED, MISSING, OK, FileFinding, FileState
from media.verifier.seal import trusted_seal
from media.verifier.signed import signed_statement

FILM, FILM_FILE = "composite.mp4", "film.json"


@dataclass(frozen=True)
class FilmCheck:
    """What was found, the film's file if the court vouches for one, and files that nothing more is said of."""

    findings: tuple[FileFinding, ...] = ()
    listed: tuple[Listed, ...] = ()
    unjudged: frozenset[str] = frozenset()


def check_film(bundle: Bundle, manifest: dict[str, Any] | None, log: Log) -> FilmCheck:
    """`manifest` is None when it isn't this record's. Early records tell of the film there, and nowhere else."""
    content = bundle.read(FILM_FILE)
    if content is None:
        if manifest is None or manifest["film"]["state"] not in ("waiting", "making"):
            return FilmCheck(unjudged=frozenset() if manifest else frozenset({FILM}))
        return _blamed_film(
            MISSING, "the film was not made yet, or was taken away with this: nothing vouches for a film"
        )
    told = _read_film(content)
    if told is None:
        return _blamed_film(ALTERED, "it is not as the court signed it")
    statement, listed = told
    if not _is_film_of(statement, bundle, log):
        return _blamed_film(ALTERED, "it is of another record")
    if statement["state"] != "ready":
        return FilmCheck((FileFinding(FILM_FILE, OK, detail="proved: the court signed that no film could be made"),))
    detail = f"proved: signed by the court; the film was finished at {statement['made_at']} by the court's clock"
    return FilmCheck((FileFinding(FILM_FILE, OK, detail=detail),), listed)


def _blamed_film(state: FileState, why: str) -> FilmCheck:
    return FilmCheck((FileFinding(FILM_FILE, state, detail=why),), unjudged=frozenset({FILM}))


def _read_film(content: bytes) -> tuple[dict[str, Any], tuple[Listed, ...]] | None:
    """The statement and the file that it speaks of, if there is one; None when it isn't as the court signed it."""
    try:
        statement = signed_statement(content, "cloudcourt-film/1")
        if statement["state"] != "ready":
            return statement, ()
        parts = [{**part, "from_s": part["from_ms"] / 1000} for part in statement["chunks"]]
        return statement, (listed_entry({**statement, "chunks": parts}),)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_film_of(statement: dict[str, Any], bundle: Bundle, log: Log) -> bool:
    """Whether it speaks of this record: of its seal or, where that can't be relied on, of the log's hearing."""
    sealed = trusted_seal(bundle, log)
    if sealed is not None:
        digest = hashlib.sha256(canonical(sealed)).hexdigest()
        wanted = (sealed["hearing"], sealed["court_key"], digest)
        return wanted == (statement["hearing"], statement["court_key"], statement["seal"])
    told = log.opening
    return not told or (told.get("hearing"), told.get("court_key")) == (statement["hearing"], statement["court_key"])
