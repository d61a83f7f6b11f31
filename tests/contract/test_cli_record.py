"""`cloudcourt export` and `cloudcourt verify`, as an operator types them: what they say and how they exit."""

import base64
import json
import zipfile
from pathlib import Path

import pytest

from cloudcourt.cli.main import main
from tests.vectors.keys import HEARING
from tests.vectors.make import HERE, whole_record

pytestmark = pytest.mark.contract

RECORDS = json.loads((HERE / "records.json").read_text())["records"]
KEPT = next(vector["kept"] for vector in RECORDS)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder with one sealed record."""
    folder = tmp_path / "court" / "hearings" / HEARING
    for name, content in whole_record().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return tmp_path / "court"


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


@pytest.mark.parametrize("out", ["bundle", "bundle.zip"])
def test_a_sealed_record_is_exported_and_verifies(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    assert run("export", HEARING, "--out", tmp_path / out, "--data-dir", data_dir) == 0
    assert "7 files, intact" in capsys.readouterr().out
    assert run("verify", tmp_path / out) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("intact: ")
    assert run("export", HEARING, "--out", tmp_path / out, "--data-dir", data_dir) == 2, "nothing is written over"


def test_a_damaged_bundle_exits_1_and_names_the_first_bad_second(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("export", HEARING, "--out", tmp_path / "bundle", "--data-dir", data_dir)
    film = tmp_path / "bundle" / "composite.mp4"
    content = bytearray(film.read_bytes())
    content[1234] ^= 8
    film.write_bytes(content)
    assert run("verify", tmp_path / "bundle") == 1
    assert "altered   composite.mp4, first bad second 1 (00:00:01)" in capsys.readouterr().out


def test_a_party_hands_its_checkpoints_in(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, kept = data_dir / "hearings" / HEARING, tmp_path / "kept.json"
    kept.write_text(KEPT)
    assert run("verify", folder, "--heads", kept) == 0
    assert "the log still holds all 4" in capsys.readouterr().out
    assert run("verify", folder, "--heads", tmp_path / "nothing.json") == 3
    assert run("verify", folder, "--court-key", "00" * 32) == 1


def test_what_is_not_sealed_is_not_exported(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_dir / "hearings" / HEARING / "seal.json").unlink()
    assert run("export", HEARING, "--out", tmp_path / "b.zip", "--data-dir", data_dir) == 2
    assert "not sealed" in capsys.readouterr().err
    assert run("export", "h_none", "--out", tmp_path / "b.zip", "--data-dir", data_dir) == 2
    assert run("export", "../../etc", "--out", tmp_path / "b.zip", "--data-dir", data_dir) == 2
    assert not (tmp_path / "b.zip").exists()


def test_hostile_zips_are_judged_and_not_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = whole_record()
    twice = tmp_path / "twice.zip"
    with zipfile.ZipFile(twice, "w") as bundle, pytest.warns(UserWarning, match="Duplicate name"):
        for name, content in whole.items():
            bundle.writestr(name, content)
        bundle.writestr("composite.mp4", b"another film for another reader")
    assert run("verify", twice) == 2
    assert "missing   composite.mp4" in capsys.readouterr().out
    squeezed = tmp_path / "squeezed.zip"
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in whole.items():
            bundle.writestr(f"record/{name}", content)
    assert run("verify", squeezed) == 0
    for spoilt in (b"", b"PK\x05\x06", base64.b64decode("UEsDBA==") + b"\x00" * 99):
        (tmp_path / "spoilt.zip").write_bytes(spoilt)
        assert run("verify", tmp_path / "spoilt.zip") == 3
