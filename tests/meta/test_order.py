"""The project's own order: sizes, rooms, links, and that what is promised in words exists."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cloudcourt.domain
from cloudcourt.domain.commands import AskedCommand
from cloudcourt.domain.error_codes import ErrorCode
from cloudcourt.domain.errors import CourtError
from cloudcourt.settings import Settings

pytestmark = pytest.mark.meta

ROOT = Path(__file__).parents[2]
PACKAGES = ("cloudcourt", "signaling", "media")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_files_and_functions_stay_small() -> None:
    too_long = []
    for path in sources(*PACKAGES):
        text = path.read_text()
        if text.count("\n") > LONGEST_FILE:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.body[0].lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert not too_long


def test_packages_say_nothing_on_import() -> None:
    talkative = [
        path.relative_to(ROOT)
        for path in sources(*PACKAGES)
        if path.name == "__init__.py" and path.read_text().strip() and path.parent != ROOT / "cloudcourt"
    ]
    assert not talkative


def test_private_names_of_the_media_libraries_stand_only_in_the_seam() -> None:
    imports = re.compile(r"^\s*(from|import) (aiortc|aioice|pylibsrtp)\b.*\b_\w+|\b_binding\b", re.M)
    offenders = [
        path.relative_to(ROOT)
        for path in sources(*PACKAGES)
        if path.name != "seam.py" and imports.search(path.read_text())
    ]
    assert not offenders


def test_every_module_and_every_test_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT)
        for path in sources(*PACKAGES, "tests", "bench")
        if path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
        and path.name != "__init__.py"
    ]
    assert not silent


def test_every_test_module_declares_its_tier() -> None:
    undeclared = [path.relative_to(ROOT) for path in sources("tests") if path.name.startswith("test_")]
    declares = re.compile(r"^pytestmark = \[?pytest\.mark\.", re.M)
    undeclared = [path for path in undeclared if not declares.search((ROOT / path).read_text())]
    assert not undeclared


@pytest.mark.parametrize(
    "page", [*sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("docs/**/*.md")), "README.md"]
)
def test_links_in_the_docs_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text()):
        assert (path.parent / target).exists(), f"{page} links to {target}"


def test_files_named_in_the_architecture_exist() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    for name in re.findall(r"`((?:cloudcourt|signaling|media|static)/[\w/.]+)`", text):
        assert (ROOT / name).exists(), name


def _refusals(kind: type[CourtError]) -> list[type[CourtError]]:
    return [each for one in kind.__subclasses__() for each in (one, *_refusals(one))]


def test_every_error_has_a_code_a_status_and_two_sentences() -> None:
    for module in pkgutil.iter_modules(cloudcourt.domain.__path__):
        importlib.import_module(f"cloudcourt.domain.{module.name}")
    concrete = _refusals(CourtError)
    assert {kind.code for kind in concrete} == set(ErrorCode) - {ErrorCode.INTERNAL}
    for kind in concrete:
        assert 400 <= kind.http_status < 600
        assert set(kind.sentences) == {"zh-CN", "en"}


def test_every_command_is_in_the_protocol_document() -> None:
    text = (ROOT / "docs/hearing-protocol.md").read_text()
    union = AskedCommand.__args__[0]
    for command in union.__args__:
        kind = command.model_fields["kind"].default
        assert f"`{kind}" in text, kind


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_exact_pins_of_the_media_libraries() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    locked = (ROOT / "constraints.txt").read_text()
    for library in ("aiortc", "aioice", "pylibsrtp", "av"):
        pin = re.search(rf'"({library}==[\d.]+)"', project)
        assert pin, library
        assert re.search(rf"^{re.escape(pin[1])}$", locked, re.M), library
