"""The vendored browser libraries are what their list says, and the list is whole."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.meta

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
TOOLS = ROOT / "tests" / "js"
ENTRIES = json.loads((VENDOR / "vendor.json").read_text())["files"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_each_file_has_the_content_of_its_list_entry(entry: dict[str, str]) -> None:
    content = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert (VENDOR / entry["licence_file"]).read_text().strip()


def test_nothing_stands_beside_the_list() -> None:
    listed = {entry["file"] for entry in ENTRIES} | {entry["licence_file"] for entry in ENTRIES}
    present = {path.name for path in VENDOR.iterdir()} - {"vendor.json", "README.md"}
    types = {f"{Path(entry['file']).stem}.d.ts" for entry in ENTRIES}
    assert present == listed | types


def test_no_vendored_file_reaches_outside() -> None:
    for entry in ENTRIES:
        text = (VENDOR / entry["file"]).read_text()
        imported = re.findall(r'\b(?:from|import)\s*\(?"([^"]+)"', text)
        assert all(name.startswith("./") for name in imported), entry["file"]
        assert "sourceMappingURL" not in text


def test_versions_agree_with_the_pinned_packages_and_the_readme() -> None:
    pinned = json.loads((TOOLS / "package.json").read_text())["devDependencies"]
    locked = json.loads((TOOLS / "package-lock.json").read_text())["packages"]
    readme = (VENDOR / "README.md").read_text()
    for entry in ENTRIES:
        package, version = entry["package"], entry["version"]
        assert pinned[package] == version
        assert locked[f"node_modules/{package}"]["version"] == version
        assert f"{package} | {version} | {entry['licence']}" in readme


def test_the_lock_file_names_no_package_host() -> None:
    assert "://" not in re.sub(r'"url": "[^"]*"', "", (TOOLS / "package-lock.json").read_text())


@pytest.mark.skipif(not (TOOLS / "node_modules" / "preact").exists(), reason="npm packages are not installed")
def test_the_files_come_from_the_pinned_packages() -> None:
    check = subprocess.run(
        [sys.executable, str(TOOLS / "vendor.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, check.stdout
