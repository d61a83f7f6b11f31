"""One file of one person's sound or picture: WebM for Opus and VP8, Matroska for H.264, muxed without decoding.

Clusters close every 500 ms and are flushed, so what a killed process leaves plays to within a second.
"""

import contextlib
import io
import os
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer

from media.record.depacketise import Codec, Sample, vp8_size

_LIVE = {"live": "1", "cluster_time_limit": "500", "flush_packets": "1"}
_MS = Fraction(1, 1000)


class _SyncedFile:
    """A file that counts what was written and what is known to be on the disk. PyAV writes into it."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self.written = 0
        self.synced = 0

    def write(self, content: bytes) -> int:
        view = memoryview(content)
        while view:
            count = os.write(self._handle, view)
            self.written += count
            view = view[count:]
        return len(content)

    def sync(self) -> int:
        """Bring everything to the disk; how many bytes that were new. Raises OSError."""
        fresh = self.written - self.synced
        if fresh:
            os.fdatasync(self._handle)
            self.synced += fresh
        return fresh

    def shut(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class TrackFile:
    """A file being written.

    Every method may raise: a plain OSError when the disk refuses, av.FFmpegError or ValueError when the muxer
    refuses the content. Then call `abandon`.
    """

    def __init__(self, path: Path, codec: Codec, first: Sample) -> None:
        self.codec = codec
        self.shape = first.shape
        self.size: tuple[int, int] | None = None
        self.duration_ms = 0
        self._last_ms = -1
        self._file = _SyncedFile(path)
        try:
            self._container, self._stream = self._open(first)
        except BaseException:
            self._file.shut()
            path.unlink(missing_ok=True)
            raise

    def _open(self, first: Sample) -> tuple[OutputContainer, av.stream.Stream]:
        form = "matroska" if self.codec == "h264" else "webm"
        container = av.open(self._file, "w", format=form, options=_LIVE)
        stream: av.stream.Stream
        if self.codec == "opus":
            sound = container.add_stream("libopus", rate=48_000)
            sound.layout = "stereo"
            return container, sound
        if self.codec == "vp8":
            self.size = vp8_size(first.shape)
            stream = container.add_mux_stream("vp8", width=self.size[0], height=self.size[1])
            return container, stream
        with av.open(io.BytesIO(first.content), format="h264") as probe:
            picture = probe.streams.video[0]
            self.size = (picture.codec_context.width, picture.codec_context.height)
            stream = container.add_stream_from_template(picture)
        return container, stream

    @property
    def unsynced(self) -> int:
        """Bytes handed to the operating system but not known to be on the disk."""
        return self._file.written - self._file.synced

    def write(self, sample: Sample, at_ms: int) -> None:
        """Add a sample at a time within the file; times only grow."""
        at_ms = max(at_ms, self._last_ms + 1)
        packet = av.Packet(sample.content)
        packet.stream = self._stream
        packet.time_base = _MS
        packet.pts = packet.dts = at_ms
        packet.duration = sample.duration_ms
        packet.is_keyframe = sample.is_key
        self._container.mux_one(packet)
        self._last_ms = at_ms
        self.duration_ms = at_ms + sample.duration_ms

    def sync(self) -> int:
        """fdatasync; how many bytes that brought to the disk."""
        return self._file.sync()

    def close(self) -> int:
        """Close the last cluster and sync; how many bytes that brought to the disk."""
        try:
            self._container.close()
            return self._file.sync()
        finally:
            self._file.shut()

    def abandon(self) -> None:
        """Let go of a file that can't be written any more; what is in it stays."""
        with contextlib.suppress(OSError, av.FFmpegError, ValueError):
            self._container.close()
        self._file.shut()
