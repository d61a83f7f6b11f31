"""Runs the niced processes behind a finished record: what mends it, the film maker and the inventory."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cloudcourt.observability.tasks import Crew
from media.record.inventory import FileFacts

_SILENCE_DEADLINE_S = 900.0
"""Going on with a film may take a decoder through a long stretch without a key picture."""
_STDERR_KEPT_BYTES = 2000
_FACTS = TypeAdapter(dict[str, FileFacts])
_LINE_LIMIT_BYTES = 64 * 1024 * 1024


class JobFailed(Exception):
    """A process ended with an error, or said nothing for too long; the text says why."""


async def make_film(folder: Path, on_progress: Callable[[float], None]) -> None:
    """Make `composite.mp4` as `hearing.json` tells, to the hearing's end if it still runs. Raises JobFailed.

    The process ends with this one, whatever ends it: it lives as long as its standard input.
    """
    async with _process("media.film", folder, "--attended", stdin=PIPE) as process:
        async for line in _lines(process):
            try:
                on_progress(min(1.0, max(0.0, float(json.loads(line)["progress"]))))
            except (ValueError, KeyError, TypeError):
                continue


async def rebuild_torn(folder: Path) -> None:
    """Close torn segments of the journal, and make torn tracks anew from it. Raises JobFailed."""
    async with _process("media.record.rebuild", folder) as process:
        async for _ in _lines(process):
            pass


async def take_inventory(folder: Path, *names: str) -> dict[str, FileFacts]:
    """Measure every media file of the hearing, or those named. Raises JobFailed."""
    async with _process("media.record.inventory", folder, *names) as process:
        said = [line async for line in _lines(process)]
    try:
        return _FACTS.validate_python(json.loads(said[-1])["files"])
    except (IndexError, KeyError, ValueError, ValidationError):
        raise JobFailed("the inventory can't be read") from None


@asynccontextmanager
async def _process(module: str, folder: Path, *options: str, stdin: int = DEVNULL) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        str(folder),
        *options,
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
        limit=_LINE_LIMIT_BYTES,
    )
    crew = Crew(module)
    stderr = crew.start(_tail(process), name="stderr")
    try:
        yield process
        code = await process.wait()
        if code:
            raise JobFailed(f"{module} ended with {code}: {await stderr}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await crew.dismiss()


async def _lines(process: Process) -> AsyncIterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - PIPE was asked for
    while True:
        try:
            async with asyncio.timeout(_SILENCE_DEADLINE_S):
                line = await process.stdout.readline()
        except TimeoutError:
            raise JobFailed("the process fell silent") from None
        if not line:
            return
        yield line


async def _tail(process: Process) -> str:
    kept = b""
    while process.stderr is not None and (piece := await process.stderr.read(4096)):
        kept = (kept + piece)[-_STDERR_KEPT_BYTES:]
    return kept.decode(errors="replace").strip()
