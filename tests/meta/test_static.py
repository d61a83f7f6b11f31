"""The browser's files: strict pages, complete languages, no forgotten word, and their own unit tests."""

import json
import re
import shutil
import subprocess
import sys
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cloudcourt.domain.hearing import GapReason, ParticipantState, Phase, SessionState
from cloudcourt.domain.recording import FilmState
from cloudcourt.domain.roles import SEAT_LABELS, Role

pytestmark = pytest.mark.meta

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
TOOLS = ROOT / "tests" / "js"
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
PAGES = sorted(STATIC.glob("*.html"))
STYLES = sorted((STATIC / "css").glob("*.css"))
LONGEST_FILE = 400


def node() -> str:
    """The node of this environment, which the development tools bring along."""
    own = Path(sys.executable).parent / "node"
    found = str(own) if own.exists() else shutil.which("node")
    assert found, "node is missing: install the development tools"
    return found


def run_node(*arguments: str) -> str:
    done = subprocess.run([node(), *arguments], capture_output=True, text=True, cwd=TOOLS, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def catalogues() -> dict[str, dict[str, dict[str, str]]]:
    answer: dict[str, dict[str, dict[str, str]]] = json.loads(run_node("catalogues.mjs"))
    return answer


# --- pages ------------------------------------------------------------------------------------------


class PageReader(HTMLParser):
    """Collects what a strict content policy would refuse, and every address."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.addresses: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        given = dict(attrs)
        self.refused += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.addresses += [given[name] or "" for name in ("src", "href") if name in given]

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style") and data.strip():
            self.refused.append(f"inline <{self._inside}>")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_keep_the_strict_content_policy_and_name_existing_files(page: Path) -> None:
    reader = PageReader()
    reader.feed(page.read_text())
    assert not reader.refused
    assert reader.addresses
    for address in reader.addresses:
        assert address.startswith("/static/"), address
        assert (STATIC / address.removeprefix("/static/")).is_file(), address


def test_every_import_leads_to_a_file_of_ours() -> None:
    for script in [*SCRIPTS, *(STATIC / "i18n").glob("*.js")]:
        for name in re.findall(r"^(?:import|export)\b[^;]*?from '([^']+)';", script.read_text(), re.M):
            assert name.startswith("."), f"{script.name} imports {name}"
            assert (script.parent / name).resolve().is_file(), f"{script.name} imports {name}"


def test_every_script_is_reachable_from_a_page() -> None:
    todo = [
        STATIC / address
        for page in PAGES
        for address in re.findall(r'<script (?:type="module" )?src="/static/([^"]+)"', page.read_text())
    ]
    seen: set[Path] = set()
    while todo:
        script = todo.pop().resolve()
        if script in seen:
            continue
        seen.add(script)
        names = re.findall(r"(?:from|import) '([^']+)'", re.sub(r"/\*\*.*?\*/", "", script.read_text(), flags=re.S))
        todo += [script.parent / name for name in names]
    idle = {path.resolve() for path in SCRIPTS} - seen
    assert {path.name for path in idle} == {"types.js"}  # types only


# --- scripts and styles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_write_text_and_never_markup(script: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|new Function"
    assert not re.findall(forbidden, script.read_text())
    assert not re.findall(r'style="|style=\$\{[`\']', script.read_text()), "style comes from classes"
    assert not re.findall(r"https?://", script.read_text()), "no address outside this court"


def test_files_stay_small_and_say_what_they_are() -> None:
    for path in [*SCRIPTS, *STYLES, *(STATIC / "i18n").glob("*.js")]:
        text = path.read_text()
        assert text.count("\n") <= LONGEST_FILE, path.name
        assert text.startswith(("/*", "//")), path.name


def test_styles_bring_nothing_from_outside() -> None:
    for style in STYLES:
        assert not re.findall(r"@import|url\(", style.read_text()), style.name


def test_no_text_is_smaller_than_fifteen_pixels() -> None:
    for style in STYLES:
        for size, unit in re.findall(r"font-size: ([\d.]+)(rem|px|em)\b", style.read_text()):
            pixels = float(size) * (1 if unit == "px" else 16)
            assert pixels >= 15, f"{style.name}: {size}{unit}"
    assert "--small: 0.9375rem" in (STATIC / "css/tokens.css").read_text()


# --- languages ------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_words(catalogues: dict[str, dict[str, dict[str, str]]]) -> None:
    kinds = catalogues["kinds"]
    assert kinds["zh-CN"] == kinds["en"]
    assert set(kinds["en"].values()) <= {"string", "function"}


def test_no_word_is_empty_and_both_languages_fill_in_the_same_fields(
    catalogues: dict[str, dict[str, dict[str, str]]],
) -> None:
    chinese, english = catalogues["filled"]["zh-CN"], catalogues["filled"]["en"]
    for key, sentence in chinese.items():
        assert sentence and english[key], key
        fields = re.findall(r"<\w+>", sentence)
        assert set(fields) == set(re.findall(r"<\w+>", english[key])), key


def test_english_is_english_and_chinese_is_chinese(catalogues: dict[str, dict[str, dict[str, str]]]) -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    filled = catalogues["filled"]
    assert [k for k, v in filled["en"].items() if han.search(v)] == ["case.number_example"]
    wordless = [k for k, v in filled["zh-CN"].items() if not han.search(v)]
    assert set(wordless) == {"list.comma", "list.colon"}


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("role", Role),
        ("session", SessionState),
        ("state", ParticipantState),
        ("phase", Phase),
        ("gap", GapReason),
        ("film", FilmState),
    ],
    ids=lambda given: given if isinstance(given, str) else given.__name__,
)
def test_every_value_of_the_court_has_a_word(
    catalogues: dict[str, dict[str, dict[str, str]]], language: str, family: str, values: type[StrEnum]
) -> None:
    missing = [value for value in values if f"{family}.{value.value}" not in catalogues["kinds"][language]]
    assert not missing


def test_seat_labels_agree_with_those_in_the_film(catalogues: dict[str, dict[str, dict[str, str]]]) -> None:
    for role, (chinese, english) in SEAT_LABELS.items():
        assert catalogues["filled"]["zh-CN"][f"role.{role.value}"] == chinese
        assert catalogues["filled"]["en"][f"role.{role.value}"] == english


def test_people_are_not_shown_the_words_of_the_trade(catalogues: dict[str, dict[str, dict[str, str]]]) -> None:
    trade = re.compile(r"\b(ICE|SDP|RTP|WebRTC|socket|websocket|token|codec|HTTPS?|API|JSON|TURN|peer)\b", re.I)
    shown = [sentence for words in catalogues["filled"].values() for sentence in words.values()]
    assert not [sentence for sentence in shown if trade.search(sentence)]


def test_every_word_is_used(catalogues: dict[str, dict[str, dict[str, str]]]) -> None:
    families = {"role", "session", "state", "phase", "gap", "gone", "gone_words", "refused", "refused_words"}
    text = "\n".join(path.read_text() for path in SCRIPTS)
    patterns = [
        re.escape(prefix) + r"\w+" + re.escape(suffix)
        for prefix, suffix in re.findall(r"[`']([\w.]*?)\$\{[^`]*?\}([\w.]*)[`']", text)
        if prefix
    ]
    idle = [
        key
        for key in catalogues["kinds"]["en"]
        if f"'{key}'" not in text
        and key.split(".")[0] not in families
        and f'"{key}"' not in text
        and not any(re.fullmatch(pattern, key) for pattern in patterns)
    ]
    assert not idle


# --- the client's own tests -------------------------------------------------------------------------------


def test_the_pure_parts_pass_their_unit_tests() -> None:
    run_node("--test", "unit.mjs")


@pytest.mark.skipif(not (TOOLS / "node_modules" / "typescript").exists(), reason="npm packages are not installed")
def test_types_hold() -> None:
    run_node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json")
