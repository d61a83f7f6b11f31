"""`cloudcourt demo`, as whoever tries the program out types it: links that stay, for people and for programs."""

import json
import re
from pathlib import Path

import pytest

from cloudcourt.cli.main import main

pytestmark = pytest.mark.contract


def said(capsys: pytest.CaptureFixture[str], data_dir: Path, *options: str) -> str:
    assert main(["demo", *options, "--data-dir", str(data_dir)]) == 0
    return capsys.readouterr().out


def test_the_same_links_are_told_again_and_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = json.loads(said(capsys, tmp_path, "--json", "--port", "8123"))
    assert first["base_url"] == "http://localhost:8123"
    assert set(first["links"]) == {"judge", "clerk", "plaintiff", "defendant"}
    assert all(re.fullmatch(r"http://localhost:8123/join#\S{20,}", link) for link in first["links"].values())
    assert json.loads(said(capsys, tmp_path, "--json", "--port", "8123")) == first
    for_people = said(capsys, tmp_path, "--port", "8123")
    assert all(link in for_people for link in first["links"].values())
    assert "http://localhost:8123/desk" in for_people
