"""The browser's verifier says of every test vector of the record format what the one in Python says."""

import subprocess

import pytest

from tests.meta.test_static import TOOLS, node

pytestmark = pytest.mark.meta


def test_the_pages_verifier_agrees_on_every_vector() -> None:
    done = subprocess.run(
        [node(), "--test", "record.mjs"], capture_output=True, text=True, cwd=TOOLS, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
