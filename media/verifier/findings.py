"""What a check found, item by item, and the verdict."""

from dataclasses import dataclass
from enum import StrEnum


class FileState(StrEnum):
    OK = "ok"
    MISSING = "missing"
    ALTERED = "altered"
    UNLISTED = "unlisted"
    DESTROYED = "destroyed"
    """Gone, and the court signed under which rule."""


OK, MISSING, ALTERED, DESTROYED = FileState.OK, FileState.MISSING, FileState.ALTERED, FileState.DESTROYED


@dataclass(frozen=True)
class FileFinding:
    """What became of one item; `first_bad_s` is a second of the media, `entry` the number of a log entry."""

    file: str
    state: FileState
    first_bad_s: float | None = None
    entry: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Findings:
    """The verdict on a record. `cannot_judge` says why nothing could be compared; empty otherwise."""

    files: tuple[FileFinding, ...] = ()
    cannot_judge: str = ""
    not_proved: tuple[str, ...] = ()
    is_sealed: bool = False

    @property
    def exit_code(self) -> int:
        """0 intact, 1 tampered, 2 incomplete, 3 cannot judge."""
        states = {finding.state for finding in self.files}
        if states & {ALTERED, FileState.UNLISTED}:
            return 1
        return 3 if self.cannot_judge else 2 if MISSING in states else 0


def render(findings: Findings) -> str:
    """The findings as lines for a person: one per item, then what is not proved, the verdict last."""
    lines = [_line(finding) for finding in findings.files]
    lines += [f"not proved: {what}" for what in findings.not_proved]
    if findings.exit_code == 3:
        return "\n".join([*lines, f"cannot judge: {findings.cannot_judge}"])
    destroyed = sum(finding.state is DESTROYED for finding in findings.files)
    bad = sum(finding.state is not OK for finding in findings.files) - destroyed
    verdict = ("intact", "TAMPERED", "INCOMPLETE")[findings.exit_code]
    what = "items" if findings.is_sealed else "files"
    gone = f", {destroyed} destroyed under the court's rules" if destroyed else ""
    return "\n".join([*lines, f"{verdict}: {len(findings.files)} {what}, {bad} with findings{gone}"])


def _line(finding: FileFinding) -> str:
    line = f"{finding.state:9} {finding.file}"
    if finding.first_bad_s is not None:
        minutes, seconds = divmod(int(finding.first_bad_s), 60)
        line += f", first bad second {finding.first_bad_s:g} ({minutes // 60:02}:{minutes % 60:02}:{seconds:02})"
    line += "" if finding.entry is None else f", first bad entry {finding.entry}"
    return f"{line}: {finding.detail}" if finding.detail else line
