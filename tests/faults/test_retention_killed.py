"""The job that removes what is due is killed at each file: the next run finishes; the record is proved meanwhile."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.retention import DataClass, RetentionClass, Rule
from media.record.court_key import SigningKey
from media.record.destruction import FolderDestroyer
from media.record.verify import verify_folder
from tests.bed.retained import Calendar
from tests.vectors.keys import CLOSED, COURT, HEARING, public
from tests.vectors.make import whole_record

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
RULE = Rule(retention=RetentionClass.LONG, data=DataClass.RECORD, years=60, ended_at=datetime.fromisoformat(CLOSED))
LATER = datetime(2087, 1, 1, tzinfo=UTC)
QUESTIONS = 4
"""How often a run asks whether a hold stands: before it signs, before each of two files, before their copies go."""


def destroy(data_dir: Path, dies_at: int) -> int:
    """One run; it dies by SIGKILL at so many questions. How many files went."""
    asked = 0

    def is_held() -> bool:
        nonlocal asked
        asked += 1
        if asked == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    destroyer = FolderDestroyer(data_dir, Calendar(LATER), SigningKey(COURT))
    return asyncio.run(destroyer.destroy(HearingId(HEARING), RULE, is_held, dry_run=False)).files


@pytest.mark.parametrize("dies_at", range(1, QUESTIONS + 1))
def test_killed_in_the_middle_and_run_again(tmp_path: Path, dies_at: int) -> None:
    folder = tmp_path / "hearings" / HEARING
    for name, content in whole_record(retention="long").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    died = subprocess.run([sys.executable, "-m", __name__, str(tmp_path), str(dies_at)], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL

    between = verify_folder(folder, court_key=public(COURT))
    gone = {finding.file for finding in between.files if finding.state == "destroyed"}
    assert between.exit_code == 0, "nothing is ever gone without its tombstone"
    assert len(gone) == max(0, dies_at - 2)

    destroy(tmp_path, dies_at=0)
    after = verify_folder(folder, court_key=public(COURT))
    gone = {finding.file for finding in after.files if finding.state == "destroyed"}
    assert after.exit_code == 0
    assert gone == {name for name in whole_record() if name.startswith(("tracks/", "journal/"))}
    assert not any((folder / name).exists() for name in gone)
    assert len((folder / "destroyed.jsonl").read_bytes().splitlines()) == 1, "one tombstone, however often it died"


if __name__ == "__main__":
    destroy(Path(sys.argv[1]), int(sys.argv[2]))
