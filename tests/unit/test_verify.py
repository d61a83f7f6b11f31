"""The offline check: intact, altered (which file, which second), missing, added, and what can't be judged."""

import hashlib
import json
from pathlib import Path

import pytest

from media.record.verify import FileFinding, FileState, render, verify_folder

pytestmark = pytest.mark.unit
SECONDS = 5
SECOND_BYTES = 1000
NAMES = ("tracks/judge-audio-1.webm", "tracks/judge-video-1.mkv", "composite.mp4")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    (tmp_path / "tracks").mkdir()
    entries = [_make(tmp_path, name) for name in NAMES]
    manifest = {
        "format": "cloudcourt-recording/1",
        "sealed": True,
        "tracks": entries[:2],
        "film": entries[2],
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def _make(folder: Path, name: str) -> dict[str, object]:
    content = hashlib.shake_256(name.encode()).digest(SECONDS * SECOND_BYTES)
    (folder / name).write_bytes(content)
    chunks = [
        {
            "from_s": float(n),
            "offset": n * SECOND_BYTES,
            "length": SECOND_BYTES,
            "sha256": hashlib.sha256(content[n * SECOND_BYTES : (n + 1) * SECOND_BYTES]).hexdigest(),
        }
        for n in range(SECONDS)
    ]
    return {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "chunks": chunks}


def test_an_untouched_record_is_intact(record: Path) -> None:
    seen: list[float] = []
    findings = verify_folder(record, lambda share, _: seen.append(share))
    assert findings.exit_code == 0
    assert [finding.file for finding in findings.files] == list(NAMES)
    assert seen == sorted(seen) and seen[-1] == 1.0
    assert render(findings).splitlines()[-1] == "intact: 3 files, 0 with findings"


@pytest.mark.parametrize("second", range(SECONDS))
def test_one_flipped_bit_names_the_file_and_the_second(record: Path, second: int) -> None:
    path = record / NAMES[1]
    content = bytearray(path.read_bytes())
    content[second * SECOND_BYTES + 17] ^= 1
    path.write_bytes(content)
    findings = verify_folder(record)
    assert findings.exit_code == 1
    assert findings.files[1] == FileFinding(NAMES[1], FileState.ALTERED, float(second))
    assert {finding.state for finding in findings.files} == {FileState.OK, FileState.ALTERED}
    assert f"first bad second {second}" in render(findings)


def test_cut_and_lengthened_files_are_altered(record: Path) -> None:
    path = record / NAMES[0]
    whole = path.read_bytes()
    path.write_bytes(whole[: 2 * SECOND_BYTES + 5])
    assert verify_folder(record).files[0] == FileFinding(NAMES[0], FileState.ALTERED, 2.0)
    path.write_bytes(whole + b"more")
    assert verify_folder(record).files[0] == FileFinding(NAMES[0], FileState.ALTERED, SECONDS - 1.0)


def test_a_missing_file_makes_it_incomplete_and_an_added_one_tampered(record: Path) -> None:
    (record / NAMES[0]).unlink()
    findings = verify_folder(record)
    assert (findings.exit_code, findings.files[0].state) == (2, FileState.MISSING)
    (record / "tracks" / "stranger-audio-1.webm").write_bytes(b"?")
    findings = verify_folder(record)
    assert (findings.exit_code, findings.files[-1].state) == (1, FileState.UNLISTED)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sealed": False}, "not sealed"),
        ({"format": "other/1"}, "format"),
        ({"tracks": [{"file": "../../etc/passwd", "bytes": 0, "sha256": "", "chunks": []}]}, "damaged"),
        ({"tracks": [{"file": NAMES[0], "bytes": 9, "sha256": "", "chunks": []}]}, "damaged"),
        ({"tracks": 7}, "damaged"),
        ({"film": None}, "damaged"),
    ],
)
def test_an_unusable_manifest_judges_nothing(record: Path, change: dict[str, object], why: str) -> None:
    path = record / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    findings = verify_folder(record)
    assert findings.exit_code == 3
    assert why in render(findings)


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_no_manifest_no_judgement(record: Path, content: bytes | None) -> None:
    path = record / "manifest.json"
    path.unlink() if content is None else path.write_bytes(content)
    assert verify_folder(record).exit_code == 3
