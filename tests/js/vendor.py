"""Copy the browser's libraries from `node_modules` (pinned by `package-lock.json`) into `static/vendor`.

Run `npm ci` in this folder first. Without arguments the files, their licences and `vendor.json` are written; with
`--check` nothing is written and any difference is an error. Bare imports (`from"preact"`) become relative ones,
so that pages need no import map, and source-map comments are dropped; nothing else is changed.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parents[1] / "static" / "vendor"


class Library(NamedTuple):
    """One file taken from one package."""

    package: str
    source: str
    file: str


LIBRARIES = (
    Library("preact", "dist/preact.mjs", "preact.js"),
    Library("preact", "hooks/dist/hooks.mjs", "preact-hooks.js"),
    Library("htm", "dist/htm.mjs", "htm.js"),
    Library("@preact/signals-core", "dist/signals-core.mjs", "signals-core.js"),
    Library("@preact/signals", "dist/signals.mjs", "signals.js"),
    Library("socket.io-client", "dist/socket.io.esm.min.js", "socket.io.js"),
)
RELATIVE = {
    "preact": "./preact.js",
    "preact/hooks": "./preact-hooks.js",
    "@preact/signals-core": "./signals-core.js",
}
BARE_IMPORT = re.compile(r'\bfrom"([^"./][^"]*)"')
SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=\S+\n?$")


def rewritten(source: str) -> str:
    """The file as it is served."""
    with_relative = BARE_IMPORT.sub(lambda found: f'from"{RELATIVE[found[1]]}"', source)
    return SOURCE_MAP.sub("", with_relative).rstrip("\n") + "\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def licence_file(package: str) -> str:
    return f"LICENSE-{package.removeprefix('@').replace('/', '-')}"


def wanted() -> dict[str, bytes]:
    """Every file of `static/vendor` that this script answers for, by name."""
    files: dict[str, bytes] = {}
    entries = []
    for library in LIBRARIES:
        folder = MODULES / library.package
        about = json.loads((folder / "package.json").read_text())
        source = (folder / library.source).read_bytes()
        content = rewritten(source.decode()).encode()
        licence = licence_file(library.package)
        files[library.file] = content
        files[licence] = (folder / "LICENSE").read_bytes()
        entries.append(
            {
                "file": library.file,
                "package": library.package,
                "version": about["version"],
                "licence": about["license"],
                "licence_file": licence,
                "source": library.source,
                "source_sha256": sha256(source),
                "sha256": sha256(content),
            }
        )
    files["vendor.json"] = (json.dumps({"files": entries}, indent=2) + "\n").encode()
    return files


def main() -> int:
    """Write, or with `--check` compare; the exit code says whether all is in order."""
    files = wanted()
    different = [name for name, content in files.items() if _present(name) != content]
    if "--check" in sys.argv[1:]:
        for name in different:
            print(f"static/vendor/{name} isn't what the pinned package holds")
        return 1 if different else 0
    for name in different:
        (VENDOR / name).write_bytes(files[name])
        print(f"wrote static/vendor/{name}")
    return 0


def _present(name: str) -> bytes | None:
    path = VENDOR / name
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
