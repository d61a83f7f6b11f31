"""The record format's test vectors, for our verifier: its modules and the one file that is made of them."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudcourt.domain.evidence import canonical, entry_hash, stored_line
from media.record.verify import Findings, render, verify_folder
from media.verifier.chain import canonical as verifiers_canonical
from media.verifier.ed25519 import is_signed
from media.verifier.single_file import single_file
from tests.vectors.make import HERE, VECTORS, judged, told

pytestmark = pytest.mark.unit

RECORDS = json.loads((HERE / "records.json").read_text())


def kept(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text())


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_are_what_the_code_makes(name: str) -> None:
    made = json.loads(json.dumps(VECTORS[name]()))
    stored = kept(name)
    if name == "records":
        stored["records"] = [{k: v for k, v in vector.items() if k != "says"} for vector in stored["records"]]
    assert made == stored


@pytest.mark.parametrize("vector", kept("canonical"), ids=lambda vector: vector["canonical"][:20])
def test_canonical_json(vector: Any) -> None:
    assert canonical(vector["value"]).decode() == vector["canonical"]
    if "\ufb33" not in vector["canonical"]:  # the verifier's own needs plain names only
        assert verifiers_canonical(vector["value"]).decode() == vector["canonical"]


@pytest.mark.parametrize("vector", kept("chain"), ids=lambda vector: vector["line"][:20])
def test_the_chain(vector: Any) -> None:
    line = vector["line"].encode()
    assert entry_hash(vector["previous"], line) == vector["hash"]
    assert stored_line(vector["hash"], line).decode() == vector["stored"]


@pytest.mark.parametrize("vector", kept("signatures"), ids=lambda vector: str(vector["is_good"]))
def test_signatures(vector: Any) -> None:
    message = canonical(vector["said"])
    assert is_signed(vector["public_key"], message, vector["signature"]) is vector["is_good"]


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every record's folder, named by its number."""
    return tmp_path_factory.mktemp("records")


@cache
def findings_of(number: int, laid_out: Path) -> Findings:
    """What our modules say of a record, judged once."""
    return judged(RECORDS["whole"], RECORDS["records"][number], laid_out / str(number))


@pytest.mark.parametrize("number", range(len(RECORDS["records"])), ids=lambda n: RECORDS["records"][n]["name"])
def test_records(number: int, laid_out: Path) -> None:
    assert told(findings_of(number, laid_out)) == RECORDS["records"][number]["says"]


_EVERY_RECORD = """
import contextlib, io, json, sys
program = compile(open("verify.py", encoding="utf-8").read(), "verify.py", "exec")
answers = []
for arguments in json.load(sys.stdin):
    sys.argv = ["verify.py", *arguments]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            exec(program, {"__name__": "__main__", "__file__": "verify.py"})
        except SystemExit as end:
            answers.append([end.code, out.getvalue(), err.getvalue()])
json.dump(answers, sys.stdout)
"""


def test_the_one_file_says_the_same_of_every_item(laid_out: Path) -> None:
    """Run anew for each record, all in one interpreter that knows neither us nor any package."""
    (laid_out / "verify.py").write_text(single_file())
    expected, commands = [], []
    for number, vector in enumerate(RECORDS["records"]):
        expected.append([vector["says"]["exit"], render(findings_of(number, laid_out)) + "\n", ""])
        commands.append([str(number), *(["--court-key", vector["court_key"]] if vector["court_key"] else [])])
        if vector["kept"]:
            (laid_out / f"{number}.heads").write_text(vector["kept"])
            commands[-1] += ["--heads", f"{number}.heads"]
    program = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _EVERY_RECORD]
    done = subprocess.run(program, cwd=laid_out, input=json.dumps(commands), stdout=-1, check=True, text=True)
    answers = json.loads(done.stdout)
    for vector, wanted, answer in zip(RECORDS["records"], expected, answers, strict=True):
        assert answer == wanted, vector["name"]


def test_the_one_file_starts_by_itself(tmp_path: Path) -> None:
    """As anyone starts it, without a folder's name and with a file that is no record."""
    script = tmp_path / "verify.py"
    script.write_text(single_file())
    done = subprocess.run([sys.executable, "-I", "-S", str(script), str(script)], capture_output=True, check=False)
    assert done.returncode == verify_folder(script).exit_code
    assert done.stdout.decode() == render(verify_folder(script)) + "\n"


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300), st.data())
def test_our_own_ed25519_agrees_with_the_library(seed: bytes, message: bytes, data: st.DataObject) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw().hex()
    signature = private.sign(message)
    assert is_signed(public, message, signature.hex())
    bit = data.draw(st.integers(0, 511))
    spoilt = bytearray(signature)
    spoilt[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public, message, spoilt.hex())
    assert not is_signed(public, message + b"!", signature.hex())


@given(st.text(max_size=140), st.binary(max_size=10), st.text(max_size=140))
def test_signatures_of_any_shape_are_judged(key: str, message: bytes, signature: str) -> None:
    assert not is_signed(key, message, signature)
