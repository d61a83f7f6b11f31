"""A sealed, exported record of a real hearing, tampered with in two hundred seeded ways: each is found and named."""

import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cloudcourt.domain.evidence import canonical
from media.record.export import export
from media.record.verify import FileFinding, FileState, Findings, render, verify_folder
from media.verifier.orders import ORDERS_FILE
from tests.bed.sealed_record import Forger, SealedRecord, entries_of, make_sealed_record, rechained
from tests.bed.tampered_orders import ORDER_WAYS, Tampering, tamper_orders
from tests.meta.test_static import run_node
from tests.vectors.make import told

pytestmark = pytest.mark.loopback

LOG, MANIFEST, SEAL, FILM_FILE = "record.log", "manifest.json", "seal.json", "film.json"
TAMPERINGS = 200


class Named(NamedTuple):
    """Where a tampering must be found: the items, and of the log the entries that may be named as the first bad one."""

    items: frozenset[str]
    entries: range | None = None
    second: float | None = None


class Hand:
    """Somebody's hand on a copy of a record, with another court hearing's record beside it."""

    def __init__(self, folder: Path, other: Path, chance: random.Random) -> None:
        self.folder, self.other, self.chance = folder, other, chance

    def names(self, *suffixes: str) -> list[str]:
        """Files that the record itself names, and what it names them in; orders have ways of their own."""
        files = (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.rglob("*")) if path.is_file())
        return [name for name in files if name != ORDERS_FILE and (not suffixes or name.endswith(suffixes))]

    def any_of(self, *suffixes: str) -> str:
        return self.chance.choice(self.names(*suffixes))

    def lines(self) -> list[bytes]:
        return (self.folder / LOG).read_bytes().splitlines(keepends=True)

    def writes(self, lines: list[bytes]) -> None:
        (self.folder / LOG).write_bytes(b"".join(lines))

    def entry_of(self, *kinds: str) -> int:
        """The number of some entry of these kinds; never the first or the last two, which the seal speaks of."""
        entries = entries_of((self.folder / LOG).read_bytes())
        return int(self.chance.choice([entry["n"] for entry in entries[1:-2] if entry["kind"] in kinds]))

    def next_checkpoint(self, number: int) -> int:
        entries = entries_of((self.folder / LOG).read_bytes())
        return next(int(entry["n"]) for entry in entries if entry["n"] >= number and entry["kind"] == "checkpoint")

    def checkpoint_before(self, number: int) -> int:
        entries = entries_of((self.folder / LOG).read_bytes())
        return max(
            (entry["n"] for entry in entries if entry["n"] < number and entry["kind"] == "checkpoint"), default=0
        )


def at(*items: str, entries: range | None = None, second: float | None = None) -> Named:
    return Named(frozenset(items), entries, second)


def line_at(content: bytes, offset: int) -> int:
    return content[:offset].count(b"\n") + 1


def flip(hand: Hand) -> Named:
    """One bit of one file of any kind."""
    name = hand.any_of()
    path = hand.folder / name
    content = bytearray(path.read_bytes())
    offset = hand.chance.randrange(len(content))
    if name == LOG:
        number = line_at(bytes(content), offset)
    second = second_of(hand, name, offset)
    content[offset] ^= 1 << hand.chance.randrange(8)
    path.write_bytes(content)
    return at(name, entries=range(number, number + 2) if name == LOG else None, second=second)


def second_of(hand: Hand, name: str, offset: int) -> float | None:
    """The media second in whose bytes an offset lies."""
    manifest = json.loads((hand.folder / MANIFEST).read_bytes())
    film = json.loads((hand.folder / FILM_FILE).read_bytes())["statement"]
    for entry in (*manifest["tracks"], film):
        for chunk in entry["chunks"] if entry["file"] == name else ():
            if chunk["offset"] <= offset < chunk["offset"] + chunk["length"]:
                return float(chunk["from_s"]) if "from_s" in chunk else chunk["from_ms"] / 1000
    return None


def trim(hand: Hand) -> Named:
    """Some bytes are cut from an end."""
    name = hand.any_of()
    path = hand.folder / name
    content = path.read_bytes()
    left = len(content) - hand.chance.randint(1, min(len(content), 4000))
    path.write_bytes(content[:left])
    return at(name, entries=range(line_at(content, left), line_at(content, left) + 1) if name == LOG else None)


def lengthen(hand: Hand) -> Named:
    name = hand.any_of(".webm", ".mp4", ".cj", ".html", ".md", ".py")
    path = hand.folder / name
    path.write_bytes(path.read_bytes() + hand.chance.randbytes(hand.chance.randint(1, 99)))
    return at(name)


def take_away(hand: Hand) -> Named:
    """A file that is gone is incomplete, not altered; the log's or the manifest's own absence too."""
    name = hand.any_of()
    (hand.folder / name).unlink()
    return at(name)


def swap(hand: Hand) -> Named:
    """Two files change places."""
    one, two = hand.chance.sample(hand.names(".webm", ".cj", ".mp4"), 2)
    a, b = (hand.folder / one).read_bytes(), (hand.folder / two).read_bytes()
    (hand.folder / one).write_bytes(b)
    (hand.folder / two).write_bytes(a)
    return at(one, two)


def replay_file(hand: Hand) -> Named:
    """A track, a segment or the film of another hearing, in the place of one of this."""
    suffix = hand.chance.choice([".webm", ".cj", ".mp4", "index.html"])
    name = hand.any_of(suffix)
    others = sorted(path for path in hand.other.rglob("*") if path.name.endswith(suffix))
    shutil.copyfile(hand.chance.choice(others), hand.folder / name)
    return at(name)


def replay_frame(hand: Hand) -> Named:
    """The log, the seal, the manifest, or what was signed of the film, of another hearing."""
    name = hand.chance.choice([LOG, SEAL, MANIFEST, FILM_FILE])
    shutil.copyfile(hand.other / name, hand.folder / name)
    return at(name, entries=range(1, 2) if name == LOG else None)


def smuggle(hand: Hand) -> Named:
    """Another hearing's file is added under a name of its own."""
    suffix = hand.chance.choice([".webm", ".cj", ".mp4"])
    source = hand.chance.choice(sorted(path for path in hand.other.rglob("*") if path.name.endswith(suffix)))
    folder = {".webm": "tracks", ".cj": "journal/witness-audio-1", ".mp4": "."}[suffix]
    target = hand.folder / folder / f"added{suffix}"
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)
    return at(target.relative_to(hand.folder).as_posix())


def drop_entry(hand: Hand, *kinds: str) -> Named:
    number = hand.entry_of(*(kinds or ("event", "attendance", "segment", "checkpoint", "file")))
    lines = hand.lines()
    del lines[number - 1]
    hand.writes(lines)
    return at(LOG, entries=range(number, number + 1))


def drop_gap(hand: Hand) -> Named:
    return drop_entry(hand, "gap")


def drop_event(hand: Hand) -> Named:
    return drop_entry(hand, "event")


def move_entry(hand: Hand) -> Named:
    """Two neighbours change places."""
    number = hand.chance.randint(2, len(hand.lines()) - 1)
    lines = hand.lines()
    lines[number - 1], lines[number] = lines[number], lines[number - 1]
    hand.writes(lines)
    return at(LOG, entries=range(number, number + 1))


def repeat_entry(hand: Hand) -> Named:
    number, place = hand.entry_of("event", "segment", "attendance"), hand.chance.randint(2, len(hand.lines()))
    lines = hand.lines()
    lines.insert(place - 1, lines[number - 1])
    hand.writes(lines)
    place += place == number  # put before itself, the second one is the copy
    return at(LOG, entries=range(place, place + 2))


def replay_entry(hand: Hand) -> Named:
    """A line of another hearing's log in the place of one of this."""
    number = hand.entry_of("event", "segment", "attendance", "checkpoint", "gap")
    lines, others = hand.lines(), (hand.other / LOG).read_bytes().splitlines(keepends=True)
    place = min(number, len(others)) - 1
    lines[number - 1] = others[place]
    hand.writes(lines)
    return at(LOG, entries=range(number, number + 1))


def edited(hand: Hand, kind: str, edit: Callable[[dict[str, Any]], None]) -> Named:
    """One entry says something else; its hash is taken anew, the rest stays."""
    number = hand.entry_of(kind)
    lines = hand.lines()
    stated, entry = json.loads(lines[number - 1])
    edit(entry)
    lines[number - 1] = b'["' + stated.encode() + b'",' + canonical(entry) + b"]\n"
    hand.writes(lines)
    return at(LOG, entries=range(number, number + 1))


def change_role(hand: Hand) -> Named:
    return edited(hand, "attendance", lambda entry: entry.update(role="witness"))


def change_time(hand: Hand) -> Named:
    kind = hand.chance.choice(["event", "attendance", "gap", "segment"])
    return edited(hand, kind, lambda entry: entry.update(at="2026-01-01T00:00:00Z"))


def change_manifest(hand: Hand) -> Named:
    """A role, a time or a gap is changed in the manifest."""
    manifest = json.loads((hand.folder / MANIFEST).read_bytes())
    match hand.chance.choice(["role", "time", "gap", "name"]):
        case "role":
            manifest["tracks"][0]["role"] = "witness"
        case "time":
            manifest["opened_at"] = "2026-01-01T00:00:00Z"
        case "gap":
            manifest["gaps"] = []
        case "name":
            manifest["seats"][1]["name"] = "somebody"
    (hand.folder / MANIFEST).write_text(json.dumps(manifest))
    return at(MANIFEST)


def change_seal(hand: Hand) -> Named:
    seal = json.loads((hand.folder / SEAL).read_bytes())
    place, name, value = hand.chance.choice(
        [
            ("statement", "sealed_at", "2026-01-01T00:00:00Z"),
            ("statement", "count", 7),
            ("timestamp", "state", "queued"),
            ("timestamp", "authority", "https://tsa.example"),
        ]
    )
    seal[place][name] = value
    (hand.folder / SEAL).write_bytes(canonical(seal) + b"\n")
    return at(SEAL)


def change_film(hand: Hand) -> Named:
    """What the court signed of the film says something else."""
    film = json.loads((hand.folder / FILM_FILE).read_bytes())
    name, value = hand.chance.choice([("made_at", "2026-01-01T00:00:00Z"), ("duration_ms", 7), ("state", "failed")])
    film["statement"][name] = value
    (hand.folder / FILM_FILE).write_bytes(canonical(film) + b"\n")
    return at(FILM_FILE)


def rewrite(hand: Hand) -> Named:
    """An entry is dropped, and everything after it numbered and chained anew: only the signatures tell."""
    number = hand.entry_of("event", "segment", "attendance", "gap")
    entries = entries_of((hand.folder / LOG).read_bytes())
    del entries[number - 1]
    (hand.folder / LOG).write_bytes(rechained(entries))
    return at(LOG, entries=range(hand.checkpoint_before(number) + 1, number + 200))


def forge_checkpoint(hand: Hand) -> Named:
    """A checkpoint is signed by another key, and the chain put right behind it."""
    entries = entries_of((hand.folder / LOG).read_bytes())
    number, forger = hand.entry_of("checkpoint"), Forger()
    forger.sign_checkpoint(entries[number - 1])
    (hand.folder / LOG).write_bytes(rechained(entries))
    return at(LOG, entries=range(number, number + 1))


def forge_all_checkpoints(hand: Hand) -> Named:
    """History is rewritten with another key throughout; the opening still names the true one."""
    number = hand.entry_of("event", "attendance", "gap")
    entries = entries_of((hand.folder / LOG).read_bytes())
    del entries[number - 1]
    forger = Forger()
    (hand.folder / LOG).write_bytes(rechained(entries, forger.sign_checkpoint))
    return at(LOG, entries=range(1, len(entries) + 1))


def ordered(way: Tampering) -> Callable[[Hand], Named]:
    """Something is done to the judge's orders."""

    def tamper(hand: Hand) -> Named:
        return at(*tamper_orders(way, hand.folder, hand.other, hand.chance))

    tamper.__name__ = way.__name__
    return tamper


WAYS: tuple[Callable[[Hand], Named], ...] = (
    flip,
    flip,
    flip,
    trim,
    lengthen,
    take_away,
    swap,
    replay_file,
    replay_frame,
    smuggle,
    drop_entry,
    drop_gap,
    drop_event,
    move_entry,
    repeat_entry,
    replay_entry,
    change_role,
    change_time,
    change_manifest,
    change_seal,
    change_film,
    rewrite,
    forge_checkpoint,
    forge_all_checkpoints,
    *map(ordered, ORDER_WAYS),
)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> tuple[SealedRecord, SealedRecord]:
    """Two hearings of one court: the one that is tampered with, and another to take things from."""
    home = tmp_path_factory.mktemp("records")
    return (
        make_sealed_record(home / "court", home / "record", "（2026）粤0192民初1号"),
        make_sealed_record(home / "court", home / "other", "（2026）粤0192民初2号"),
    )


def bad(findings: Findings) -> list[FileFinding]:
    return [finding for finding in findings.files if finding.state is not FileState.OK]


def zipped(folder: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", compression) as bundle:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                bundle.write(file, f"record/{file.relative_to(folder).as_posix()}")
    return path


def test_the_untouched_record_passes_in_both_forms(records: tuple[SealedRecord, SealedRecord], tmp_path: Path) -> None:
    record, _ = records
    for path in (record.folder, zipped(shutil.copytree(record.folder, tmp_path / "copy"))):
        findings = verify_folder(path, court_key=record.court_key, heads=record.kept)
        assert findings.exit_code == 0, render(findings)
        assert {finding.file for finding in findings.files} >= {
            LOG,
            SEAL,
            MANIFEST,
            "gaps",
            "court key",
            "composite.mp4",
            *(f"order {number}" for number in (1, 2, 3)),
        }


@pytest.mark.parametrize("seed", range(TAMPERINGS))
def test_every_tampering_is_found_and_named(
    records: tuple[SealedRecord, SealedRecord], tmp_path: Path, seed: int
) -> None:
    record, other = records
    folder = shutil.copytree(record.folder, tmp_path / "record")
    way = WAYS[seed % len(WAYS)]
    named = way(Hand(folder, other.folder, random.Random(seed)))
    findings = verify_folder(zipped(folder) if seed % 5 == 4 else folder)
    assert findings.exit_code == (2 if way is take_away else 1), f"{way.__name__}\n{render(findings)}"
    found = bad(findings)
    assert {finding.file for finding in found} == named.items, f"{way.__name__} {named}\n{render(findings)}"
    for finding in found:
        if finding.file == LOG and named.entries is not None:
            assert finding.entry in named.entries, f"{way.__name__} {named}\n{render(findings)}"
        if named.second is not None:
            assert finding.first_bad_s == named.second, render(findings)


def test_a_record_forged_throughout_holds_together_until_it_meets_the_key_or_a_party(
    records: tuple[SealedRecord, SealedRecord], tmp_path: Path
) -> None:
    record, _ = records
    folder = shutil.copytree(record.folder, tmp_path / "forged")

    def without_the_gap(entries: list[dict[str, Any]]) -> None:
        entries.remove(next(entry for entry in entries if entry["kind"] == "attendance"))

    Forger().forges(folder, without_the_gap)
    alone = verify_folder(folder)
    assert alone.exit_code == 0
    assert any("court's key" in what for what in alone.not_proved)
    assert [f.file for f in bad(verify_folder(folder, court_key=record.court_key))] == ["court key"]


def test_a_party_finds_a_log_that_the_court_itself_rewrote(
    records: tuple[SealedRecord, SealedRecord], tmp_path: Path
) -> None:
    """Kept checkpoints bind the court too: a signed log without an entry is not the one they were signed for."""
    record, _ = records
    kept = json.loads(record.kept)
    honest = verify_folder(record.folder, heads=record.kept)
    assert honest.exit_code == 0
    lie = {**kept, "heads": [*kept["heads"], {**kept["heads"][-1], "signature": "00" * 64}]}
    unsigned = verify_folder(record.folder, heads=json.dumps(lie).encode())
    assert (unsigned.exit_code, [f.file for f in bad(unsigned)]) == (2, ["kept checkpoints"])


def test_the_single_file_says_the_same_alone(records: tuple[SealedRecord, SealedRecord], tmp_path: Path) -> None:
    record, _ = records
    folder = shutil.copytree(record.folder, tmp_path / "record")
    command = [sys.executable, "-I", "-S", str(folder / "verify.py")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == render(verify_folder(folder)) + "\n"
    assert (folder / "verify.py").read_text().count("\n") < 1000
    film = folder / "composite.mp4"
    content = bytearray(film.read_bytes())
    content[len(content) // 2] ^= 1
    film.write_bytes(content)
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 1 and "altered   composite.mp4, first bad second" in said.stdout


@pytest.mark.parametrize("name", ["", "composite.mp4", "record.log", "journal", "seal.json", "orders.jsonl"])
def test_the_page_says_the_same_of_a_zip(records: tuple[SealedRecord, SealedRecord], tmp_path: Path, name: str) -> None:
    record, _ = records
    folder = shutil.copytree(record.folder, tmp_path / "record")
    if name:
        path = next(path for path in sorted(folder.rglob("*")) if path.is_file() and name in path.as_posix())
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    said = run_node("judge.mjs", str(zipped(folder, zipfile.ZIP_DEFLATED if name == "journal" else zipfile.ZIP_STORED)))
    assert json.loads(said) == told(verify_folder(folder))


def test_an_export_is_the_whole_record_and_the_same_each_time(
    records: tuple[SealedRecord, SealedRecord], tmp_path: Path
) -> None:
    record, _ = records
    export(record.folder, tmp_path / "a.zip")
    export(record.folder, tmp_path / "b.zip")
    assert json.loads(run_node("judge.mjs", str(tmp_path / "a.zip")))["exit"] == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert verify_folder(tmp_path / "a.zip").exit_code == 0
    page = (record.folder / "index.html").read_text()
    manifest = json.loads((record.folder / MANIFEST).read_bytes())
    for word in (*(t["sha256"] for t in manifest["tracks"]), *(s["name"] for s in manifest["seats"]), "Recess"):
        assert word in page
    assert "<script" not in page
    with pytest.raises(FileExistsError):
        export(record.folder, tmp_path / "a.zip")
