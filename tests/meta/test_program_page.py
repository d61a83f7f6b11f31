"""The player of the program keeps its distance: the page's own arithmetic, run by node."""

import subprocess

import pytest

from tests.meta.test_static import TOOLS, node

pytestmark = pytest.mark.meta


def test_the_player_stays_close_behind() -> None:
    done = subprocess.run(
        [node(), "--test", "program.mjs"], capture_output=True, text=True, cwd=TOOLS, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
