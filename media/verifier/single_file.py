"""Puts the verifier into one file that needs nothing but Python: it goes into every bundle."""

import ast
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).parent
_PARTS = (
    "findings",
    "ed25519",
    "bundle",
    "files",
    "chain",
    "seal",
    "signed",
    "film",
    "p256",
    "countersignatures",
    "orders",
    "destroyed",
    "redaction",
)
_LAST = _PACKAGE.parent / "record" / "verify.py"
_HEAD = '''#!/usr/bin/env python3
"""Checks the record of a hearing offline: python3 verify.py [FOLDER or ZIP]. FORMAT.md says what it checks.

Needs Python 3.11 or newer and nothing else; it only reads, and asks no network."""
'''


def single_file() -> str:
    """The verifier's source, imports first, in the order in which its parts build on each other."""
    modules: set[str] = set()
    names: dict[str, set[str]] = {}
    bodies = []
    for path in (*(_PACKAGE / f"{part}.py" for part in _PARTS), _LAST):
        source = path.read_text()
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith("media."):
                names.setdefault(node.module, set()).update(alias.name for alias in node.names)
        bodies.append(_body(source))
    imports = [f"import {name}" for name in sorted(modules)]
    imports += [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]
    return "\n".join([_HEAD + "\n".join(imports), *bodies])


def _body(source: str) -> str:
    """A module without its docstring and its imports."""
    left_out: set[int] = set()
    for number, node in enumerate(ast.parse(source).body):
        if number == 0 or isinstance(node, ast.Import | ast.ImportFrom) or _is_export_list(node):
            left_out |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return "\n".join(_single_spaced([line for number, line in lines if number not in left_out]))


def _is_export_list(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _single_spaced(lines: list[str]) -> Iterator[str]:
    """One blank line before what the other parts use, and no others."""
    was_blank = True
    for line in lines:
        if was_blank and line.startswith(("def ", "class ", "@")) and not line.startswith("def _"):
            yield ""
        if line:
            yield line
        was_blank = not line
