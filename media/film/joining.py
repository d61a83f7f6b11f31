"""Joins the finished chunks into `composite.mp4`, playable from its first byte, without coding anything anew."""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer, core

from cloudcourt.domain.film_statement import Chapter
from media.film.coding import film_head
from media.film.program import Program
from media.record.folders import FILM, sync_folder

_MS = Fraction(1, 1000)


def join(folder: Path, program: Program, chapters: Sequence[Chapter], on_chunk: Callable[[int], None]) -> Path:
    """Write the film anew; an old one is replaced as a whole. Raises OSError, av.FFmpegError, ValueError."""
    for leftover in folder.glob(f".{FILM}.*.tmp"):
        leftover.unlink(missing_ok=True)
    temporary = folder / f".{FILM}.{os.getpid()}.tmp"
    try:
        _write(temporary, program, chapters, on_chunk)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(folder / FILM)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(folder)
    return folder / FILM


def _write(path: Path, program: Program, chapters: Sequence[Chapter], on_chunk: Callable[[int], None]) -> None:
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as film:
        streams = _streams(film, program.chunk(1))
        film.set_chapters(list(_marked(chapters, program.lines[-1].ends_ms)))
        for line in program.lines:
            for kind, packet in _packets(program.chunk(line.number)):
                packet.stream = streams[kind]
                film.mux(packet)
            on_chunk(line.number)


def _streams(film: OutputContainer, chunk: bytes) -> dict[str, av.stream.Stream]:
    with av.open(io.BytesIO(film_head().content + chunk), "r") as first:
        return {
            stream.type: film.add_stream_from_template(stream)
            for stream in (*first.streams.video, *first.streams.audio)
        }


def _packets(chunk: bytes) -> "Iterator[tuple[str, av.Packet[Any]]]":
    with av.open(io.BytesIO(film_head().content + chunk), "r") as container:
        for packet in container.demux():
            if packet.pts is not None:
                yield packet.stream.type, packet


def _marked(chapters: Sequence[Chapter], ends_ms: int) -> "Iterator[core.Chapter]":
    ends = [*(chapter.film_ms for chapter in chapters[1:]), ends_ms]
    for number, (chapter, end_ms) in enumerate(zip(chapters, ends, strict=True)):
        if chapter.film_ms < end_ms:
            yield {
                "id": number,
                "start": chapter.film_ms,
                "end": end_ms,
                "time_base": _MS,
                "metadata": {"title": chapter.title},
            }
