"""`cloudcourt export HEARING --out DIR|FILE.zip`: a sealed record to hand over, and a first check of it."""

import argparse
import sys

from cloudcourt.settings import Settings
from media.record.export import NotSealed, export
from media.record.folders import hearing_folder
from media.record.verify import verify_folder


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the record and check what was written; the exit code is the check's, or 2 when there is none."""
    try:
        folder = hearing_folder(settings.data_dir, options.hearing)
        names = export(folder, options.out)
    except NotSealed:
        print(
            "cloudcourt: this record is not sealed: the hearing is not over, or its film is being made", file=sys.stderr
        )
        return 2
    except (OSError, ValueError) as failure:
        print(f"cloudcourt: {failure}", file=sys.stderr)
        return 2
    findings = verify_folder(options.out)
    print(f"{options.out}: {len(names)} files, {'intact' if findings.exit_code == 0 else 'NOT INTACT: run verify'}")
    return findings.exit_code
