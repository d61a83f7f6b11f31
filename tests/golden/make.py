"""Writes the golden vectors beside this file: `python -m tests.golden.make`. The engine has no part in it."""

import json
from collections.abc import Iterator
from pathlib import Path

from tests.golden.scenarios import SCENARIOS
from tests.golden.script import Script

FOLDER = Path(__file__).parent


def vectors() -> Iterator[tuple[str, str]]:
    """Name and text of every file, in order."""
    for name, (scenario, profiles) in SCENARIOS.items():
        for profile in profiles:
            script = Script(scenario.__doc__ or "", profile)
            scenario(script)
            yield f"{name}.{profile}.json", json.dumps(script.finished(), indent=1) + "\n"


def main() -> None:
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for name, text in vectors():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
