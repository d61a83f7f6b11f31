"""The page of `docs/screens`: every picture in its folder, by screen, in the order in which a hearing meets them."""

import re
from pathlib import Path

NAMES = {
    "home": "The first page",
    "link-refused": "A link that is no good",
    "no-such-page": "An address that leads nowhere",
    "in-a-chat-app": "A link opened inside a chat app",
    "old-browser": "A browser that is too old",
    "sign-in": "Staff sign-in",
    "desk": "The clerk’s desk",
    "new-case": "A new case",
    "schedule": "A hearing is scheduled",
    "desk-hearing": "One hearing at the desk, with its links",
    "courtrooms": "Several courtrooms at one glance",
    "check-in-1-language": "Check-in: language",
    "check-in-2-self": "Check-in: who you are",
    "check-in-3-identity": "Check-in: identity",
    "check-in-4-rules": "Check-in: the court’s rules",
    "check-in-5-place": "Check-in: the place",
    "check-in-6-devices": "Check-in: camera and microphone",
    "check-in-7-connection": "Check-in: the connection",
    "waiting": "The waiting room",
    "witness-waiting": "A witness waits",
    "private-question": "Asking for a private talk",
    "private-invitation": "Being asked in",
    "private-room": "The private room",
    "board": "The clerk’s board: who is ready",
    "board-identity": "A face and its document",
    "board-delay": "The court is late",
    "preview": "Before going in (short check-in)",
    "before-the-opening": "The judge before the opening",
    "question-before-opening": "Who will be in court",
    "countdown": "The countdown",
    "court-party": "In session, a party",
    "court-judge": "In session, the judge",
    "court-witness": "In session, a witness",
    "panel-floor": "The judge’s panel: the floor",
    "panel-people": "The panel: people",
    "panel-phases": "The panel: parts of the hearing",
    "panel-more": "The panel: more",
    "help": "Help, messages, a check of the device",
    "devices-and-view": "Devices and view",
    "leave": "Before leaving",
    "keys": "The keys",
    "question-recess": "Before a recess",
    "question-close": "Before the close",
    "arrangements": "Who hears and sees whom",
    "connection-of-a-person": "How somebody’s connection does",
    "exhibits-empty": "No exhibits yet",
    "exhibit-opinion": "An opinion on an exhibit",
    "exhibits": "The exhibits",
    "exhibit-on-stage-party": "An exhibit before the court, a party",
    "exhibit-on-stage-judge": "An exhibit before the court, the judge",
    "monitor": "What has just been recorded",
    "question-gallery": "Before the public watches",
    "gallery-door": "The public gallery: its rules",
    "gallery": "The public gallery",
    "left": "Having left",
    "recess": "The recess, a party",
    "recess-judge": "The recess, the judge",
    "question-suspend": "Before an interruption",
    "suspended": "Interrupted, a party",
    "suspended-judge": "Interrupted, the judge",
    "after-the-close": "After the close, a party",
    "after-the-close-judge": "After the close, the judge",
    "record-room-empty": "The record room before its first record",
    "record-room": "The record room",
    "record": "A record: film, marks, tracks",
    "record-copy": "A copy to take away",
    "record-redaction": "A redacted copy is ordered",
    "record-span": "A span is marked under the film",
    "record-sealing": "Before a span is sealed",
    "record-kept": "How long a record is kept",
    "record-openings": "Who opened the record",
    "verify": "Check a record",
}
"""What each screen is called on the page; one that isn't named here stands last, under its file's name."""

HEAD = """# Every screen

Taken in real Chromium from demonstration hearings by `python -m bench.screens docs/screens`, each at its true size:
phone 360x640, desktop 1440x900, landscape 640x360. The moving pictures are the test's plain colours.
`dark` is Chinese, dark.

| screen | phone | landscape | desktop |
|---|---|---|---|
"""
PICTURE = re.compile(r"(?P<screen>.+)-(?P<shape>phone|landscape|desktop)-(?P<kind>zh|en|dark)\.webp")


def write_page(folder: Path) -> None:
    """Write `README.md` beside the pictures."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.glob("*.webp")):
        if match := PICTURE.fullmatch(path.name):
            kept = found.setdefault(match["screen"], {"phone": [], "landscape": [], "desktop": []})
            kept[match["shape"]].append(f"[{match['kind']}]({path.name})")
    order = [*NAMES, *sorted(set(found) - set(NAMES))]
    lines = [_line(screen, found[screen]) for screen in order if screen in found]
    (folder / "README.md").write_text(HEAD + "\n".join(lines) + "\n")


def _line(screen: str, kept: dict[str, list[str]]) -> str:
    cells = " | ".join(" ".join(kept[shape]) for shape in ("phone", "landscape", "desktop"))
    return f"| {NAMES.get(screen, screen)} | {cells} |"
