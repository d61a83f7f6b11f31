"""Runs the process that makes one copy, and tells how far it is."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable

from media.copies.hole_order import HoleOrder
from media.copies.order import CopyOrder
from media.copies.redact_order import RedactOrder
from media.record.folders import write_atomically

_SILENCE_DEADLINE_S = 300.0


class CopyFailed(Exception):
    """The process ended with an error, or said nothing for too long; the text says why."""


async def make_copy(
    order: CopyOrder | HoleOrder | RedactOrder, on_progress: Callable[[float], None], program: str = "media.copies"
) -> None:
    """Make it in a process of its own, ended with this task. Raises CopyFailed, OSError."""
    told = order.out.with_name(f".{order.out.name}.order.json")
    await asyncio.to_thread(write_atomically, told, order.model_dump_json().encode(), durable=False)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", program, str(told), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        while line := await asyncio.wait_for(process.stdout.readline(), _SILENCE_DEADLINE_S):
            on_progress(float(json.loads(line)["progress"]))
        code = await process.wait()
        if code:
            raise CopyFailed(f"{program} ended with {code}")
    except (TimeoutError, ValueError, KeyError, TypeError) as silence:
        raise CopyFailed(f"{program} can't be understood") from silence
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        told.unlink(missing_ok=True)
