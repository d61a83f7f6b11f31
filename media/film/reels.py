"""A person's tracks of one kind end to end along the wall clock, decoded as far as they are written."""

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Generic, TypeVar, cast

import av
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

from cloudcourt.domain.ids import TrackId
from media.film.timeline import as_ns
from media.film.track_reader import TrackPacket, TrackReader
from media.record.depacketise import Codec
from media.record.sidecar import Sidecar

MOST_PIXELS = 4096 * 2304
_MS = Fraction(1, 1000)
_LONG_PAST_NS = 5_000_000_000
_LEAD_MS = {"audio": 200, "video": 0}
"""How much earlier than asked decoding begins: an Opus decoder has to settle (RFC 7845 section 4.6)."""
Frame = TypeVar("Frame", av.AudioFrame, av.VideoFrame)


class Reel(Generic[Frame]):
    """Gives frames with their wall time, never one that is older than the one before.

    `know` is told the tracks as they stand, and may be told again: tracks grow, and new ones follow. `from_ns` spares
    the decoding of what was before. What can't be decoded is left out.
    """

    def __init__(self, folder: Path, from_ns: int = 0) -> None:
        self._folder, self._from_ns = folder, from_ns
        self._to_play: deque[Sidecar] = deque()
        self._begun: set[TrackId] = set()
        self._playing: _Playback[Frame] | None = None
        self._ready: deque[tuple[int, Frame]] = deque()
        self._newest_ns = 0

    def know(self, tracks: Sequence[Sidecar]) -> None:
        """All tracks of this person and kind that there are."""
        ordered = sorted(tracks, key=lambda track: (track.started_at, track.track_id))
        self._to_play = deque(
            track for track in ordered if track.track_id not in self._begun and self._is_wanted(track)
        )
        for track in ordered:
            if self._playing is not None and track.track_id == self._playing.track_id:
                self._playing.began_ns = as_ns(track.started_at)

    def read(self) -> tuple[int, Frame] | None:
        """The next frame and its wall time in ns; None when nothing more is written (yet)."""
        while not self._ready:
            if self._playing is not None and (read := self._playing.read()) is not None:
                self._take(read)
            elif self._to_play:
                self._go_on()
            else:
                return None
        return self._ready.popleft()

    def close(self) -> None:
        """Let the file go."""
        if self._playing is not None:
            self._playing.end()
            self._playing = None

    def _take(self, frames: list[tuple[int, Frame]]) -> None:
        for wall_ns, frame in frames:
            if wall_ns >= self._newest_ns:
                self._newest_ns = wall_ns
                self._ready.append((wall_ns, frame))

    def _go_on(self) -> None:
        if self._playing is not None:
            self._take(self._playing.end())
        track = self._to_play.popleft()
        self._begun.add(track.track_id)
        self._playing = _Playback(self._folder, track, self._from_ns)

    def _is_wanted(self, track: Sidecar) -> bool:
        ended_ns = as_ns(track.started_at) + round(track.duration_s * 1e9)
        is_long_past = track.closed and ended_ns < self._from_ns - _LONG_PAST_NS
        return not is_long_past and (track.width or 0) * (track.height or 0) <= MOST_PIXELS


class _Playback(Generic[Frame]):
    """One track file and its decoder."""

    def __init__(self, folder: Path, track: Sidecar, from_ns: int) -> None:
        self.track_id = track.track_id
        self.began_ns = as_ns(track.started_at)
        self._codec = track.codec
        self._reader = TrackReader(folder / track.file)
        self._decoder: AudioCodecContext | VideoCodecContext | None = None
        if (into_ms := (from_ns - self.began_ns) // 1_000_000 - _LEAD_MS[track.kind]) > 0:
            self._reader.skip_to(into_ms)

    def read(self) -> list[tuple[int, Frame]] | None:
        """What the next packet holds; None when there is no next one (yet)."""
        packet = self._reader.read()
        return None if packet is None else self._decoded(packet)

    def end(self) -> list[tuple[int, Frame]]:
        """What the decoder holds back; the file is let go."""
        self._reader.close()
        return self._decoded(None) if self._decoder is not None else []

    def _decoded(self, packet: TrackPacket | None) -> list[tuple[int, Frame]]:
        coded = None
        if packet is not None:
            coded = av.Packet(packet.content)
            coded.pts = coded.dts = packet.at_ms
            coded.time_base = _MS
        try:
            if self._decoder is None:
                self._decoder = _decoder(self._codec, self._reader.codec_private)
            frames = self._decoder.decode(coded)
        except (av.FFmpegError, ValueError):
            return []
        return [
            (self.began_ns + frame.pts * 1_000_000, cast(Frame, frame)) for frame in frames if frame.pts is not None
        ]


def _decoder(codec: Codec, private: bytes) -> AudioCodecContext | VideoCodecContext:
    decoder: AudioCodecContext | VideoCodecContext
    if codec == "opus":
        decoder = av.AudioCodecContext.create(codec, "r")
        decoder.sample_rate, decoder.layout = 48_000, "stereo"
    else:
        decoder = av.VideoCodecContext.create(codec, "r")
        decoder.extradata = private or None
    decoder.thread_type = "NONE"
    return decoder
