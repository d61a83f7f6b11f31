"""`cloudcourt export HEARING --out DIR|FILE.zip`: a sealed record to hand over, and a first check of it."""

import argparse
import sys

from cloudcourt.settings import Settings
from media.record.export import NotSealed, export
from media.record.folders import hearing_folder
from media.record.verify import verify_folder

_VERDICTS = {0: "intact", 2: "INCOMPLETE: its film is not made yet, or a file is missing; run verify"}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the record and check what was written; the exit code is the check's, or 2 when there is none."""
    try:
        folder = hearing_folder(settings.data_dir, options.hearing)
        names = export(folder, options.out)
    except NotSealed:
        print("cloudcourt: this record is not sealed: the hearing is not over, or is being sealed", file=sys.stderr)
        return 2
    except (OSError, ValueError) as failure:
        print(f"cloudcourt: {failure}", file=sys.stderr)
        return 2
    findings = verify_folder(options.out)
    print(f"{options.out}: {len(names)} files, {_VERDICTS.get(findings.exit_code, 'NOT INTACT: run verify')}")
    return findings.exit_code
