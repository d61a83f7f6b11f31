"""Sends a file or a part of it, and counts what went out."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from cloudcourt.domain.errors import RangeNotSatisfiable

PIECE_BYTES = 256 * 1024


class MeteredFile(web.StreamResponse):
    """The bytes from `first` to before `end` of a file; `sent` counts what the network took of them.

    Part of a file where a range was asked for (RFC 9110 14), the whole otherwise. The tag is the one that aiohttp
    gives to files: it changes with the file's size or time.
    """

    def __init__(self, path: Path, request: web.Request) -> None:
        """Looks at the disk: call it from a thread. Raises OSError, RangeNotSatisfiable."""
        stat = path.stat()
        first, end, is_part = _bounds(request, stat)
        super().__init__(status=206 if is_part else 200)
        self._path = path
        self.first, self.end, self.size, self.sent = first, end, stat.st_size, 0
        self.etag = _tag(stat)
        self.last_modified = stat.st_mtime
        self.content_length = end - first
        self.headers["Accept-Ranges"] = "bytes"
        if is_part:
            self.headers["Content-Range"] = f"bytes {first}-{end - 1}/{stat.st_size}"

    @property
    def is_complete(self) -> bool:
        """True once the file's last byte went out."""
        return self.first + self.sent == self.size

    async def send(self, request: web.Request, on_piece: Callable[[], None] | None = None) -> None:
        """Send it all; a reader that goes away ends it early, and `sent` tells how far it came."""
        await self.prepare(request)
        if request.method == "HEAD":
            return
        with await asyncio.to_thread(self._path.open, "rb") as file:
            await asyncio.to_thread(file.seek, self.first)
            while left := self.end - self.first - self.sent:
                piece = await asyncio.to_thread(file.read, min(left, PIECE_BYTES))
                if not piece:  # the file became shorter: never pretend that this was all
                    if request.transport is not None:
                        request.transport.abort()
                    return
                try:
                    await self.write(piece)
                except ConnectionError:
                    return
                self.sent += len(piece)
                if on_piece is not None:
                    on_piece()


def _tag(stat: os.stat_result) -> str:
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


def _bounds(request: web.Request, stat: os.stat_result) -> tuple[int, int, bool]:
    """First byte, end, and whether it is a part. Raises RangeNotSatisfiable."""
    size = stat.st_size
    if "Range" not in request.headers or not _is_this_version(request, stat):
        return 0, size, False
    try:
        wanted = request.http_range
    except ValueError:
        raise RangeNotSatisfiable(size_bytes=size) from None
    start = wanted.start or 0
    if start >= size:
        raise RangeNotSatisfiable(size_bytes=size)
    if start < 0:
        return max(0, size + start), size, True
    return start, size if wanted.stop is None else min(wanted.stop, size), True


def _is_this_version(request: web.Request, stat: os.stat_result) -> bool:
    """False where `If-Range` names another version of the file (RFC 9110 13.1.5): a tag compares strongly."""
    condition = request.headers.get("If-Range", "")
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        return condition == f'"{_tag(stat)}"'
    return request.if_range is not None and int(stat.st_mtime) <= request.if_range.timestamp()
