"""Puts the page `/verify` into one file that works from a disk: it goes into every bundle, beside `verify.py`."""

import base64
import json
import posixpath
import re
from functools import lru_cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_STATIC = (_ROOT / "cloudcourt" / "_static", _ROOT / "static")
"""Inside an installed wheel, or in a checkout."""
_ENTRY = "js/main-verify.js"
_STYLES = ("tokens", "dark", "layout", "parts", "desk", "appearance")
_IMPORTED = re.compile(r"""(\bfrom\s*)(["'])(\.{1,2}/[^"']+)\2""")
_HEAD = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>核验庭审记录 · 云法庭</title>
"""
_BODY = """</head>
<body>
<div id="app"></div>
<noscript><p>此页面需要 JavaScript；也可以运行 verify.py。</p>
<p lang="en">This page needs JavaScript; verify.py does the same.</p></noscript>
</body>
</html>
"""


@lru_cache(maxsize=1)
def single_page() -> str:
    """The page with its modules and styles in it. Raises OSError, StopIteration where the browser's files are gone."""
    static = next(folder for folder in _STATIC if folder.is_dir())
    imports = {name: _as_address(source) for name, source in sorted(_modules(static).items())}
    styles = "".join(_style(static, name) for name in _STYLES)
    wiring = f'<script type="importmap">{json.dumps({"imports": imports})}</script>\n'
    return f'{_HEAD}{styles}{wiring}<script type="module">import "{_ENTRY}";</script>\n{_BODY}'


def _modules(static: Path) -> dict[str, str]:
    """Everything that the page's entry imports, by its place in `static`, importing by those names."""
    found: dict[str, str] = {}
    waiting = [_ENTRY]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue

        def renamed(match: re.Match[str], folder: str = posixpath.dirname(name)) -> str:
            wanted = posixpath.normpath(posixpath.join(folder, match[3]))
            waiting.append(wanted)
            return f'{match[1]}"{wanted}"'

        found[name] = _IMPORTED.sub(renamed, (static / name).read_text())
    return found


def _as_address(source: str) -> str:
    return "data:text/javascript;charset=utf-8;base64," + base64.b64encode(source.encode()).decode()


def _style(static: Path, name: str) -> str:
    chosen = ' id="dark" media="(prefers-color-scheme: dark)"' if name == "dark" else ""
    return f"<style{chosen}>\n{(static / 'css' / f'{name}.css').read_text()}</style>\n"
