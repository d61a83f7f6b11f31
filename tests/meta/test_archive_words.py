"""Every mark, purpose, filter and reason of the record room has its words, and the pages know all of them."""

import re

import pytest

from cloudcourt.domain.record_access import Purpose
from cloudcourt.domain.record_index import RecordFilter
from cloudcourt.domain.record_marks import MarkKind
from tests.meta.test_static import STATIC, run_node

pytestmark = pytest.mark.meta


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_value_has_a_word(language: str) -> None:
    text = (STATIC / f"i18n/archive-{language}.js").read_text()
    keys = set(re.findall(r"^  '([\w.]+)':", text, re.M))
    wanted = {f"mark.{kind.value}" for kind in MarkKind} | {f"purpose.{purpose.value}" for purpose in Purpose}
    wanted |= {f"archive.state.{state.value}" for state in RecordFilter}
    wanted |= {f"copy.failed_{reason}" for reason in ("disk_full", "not_sealed", "no_film", "failed")}
    assert not wanted - keys


def test_film_time_in_the_browser() -> None:
    run_node("--test", "film-clock.mjs")


def test_the_pages_know_all_of_them() -> None:
    families = re.search(r"FAMILIES = \{(.*?)\};", (STATIC / "js/film-clock.js").read_text(), re.S)
    assert families
    assert set(re.findall(r"(\w+): '", families[1])) == {kind.value for kind in MarkKind}
    purposes = re.search(r"PURPOSES = .*?\(\[(.*?)\]\)", (STATIC / "js/recordings.js").read_text())
    assert purposes
    assert re.findall(r"'(\w+)'", purposes[1]) == [purpose.value for purpose in Purpose]
    filters = re.search(r"FILTERS = .*?\(\[(.*?)\]\)", (STATIC / "js/archive.js").read_text())
    assert filters
    assert re.findall(r"'(\w+)'", filters[1]) == [state.value for state in RecordFilter]
