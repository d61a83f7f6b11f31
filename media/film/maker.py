"""Makes `composite.mp4`: H.264 and AAC, 1280 x 720, 25 pictures a second, playable from its first byte."""

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer

from media.film.layout import HEIGHT, WIDTH
from media.film.sounds import RATE_HZ, Wave
from media.film.stage import FRAME_SAMPLES, Stage, card_moment
from media.film.timeline import FPS, FRAME_NS, Section, Take, as_ns, timeline
from media.record.folders import FILM, HEARING, sync_folder
from media.record.hearing_facts import HearingFacts
from media.record.sidecar import Sidecar, read_sidecars

_PICTURE_OPTIONS = {"preset": "veryfast", "crf": "26", "threads": "1"}
_SOUND_BITS_PER_S = 96_000
_PROGRESS_FRAMES = 2 * FPS
_BT601 = 6


def make_film(folder: Path, on_progress: Callable[[float], None]) -> Path:
    """Make the film of a hearing's folder from `hearing.json` and its tracks; an old film is replaced.

    Raises OSError, and pydantic.ValidationError for a `hearing.json` that can't be read.
    """
    facts = HearingFacts.model_validate_json((folder / HEARING).read_bytes())
    tracks = read_sidecars(folder)
    sections = timeline(facts, _record_ends_ns(tracks))
    for leftover in folder.glob(f".{FILM}.*.tmp"):
        leftover.unlink(missing_ok=True)
    temporary = folder / f".{FILM}.{os.getpid()}.tmp"
    try:
        _write(temporary, _moments(folder, facts, tracks, sections), _Progress(sections, on_progress))
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(folder / FILM)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(folder)
    on_progress(1.0)
    return folder / FILM


class _Progress:
    def __init__(self, sections: tuple[Section, ...], on_progress: Callable[[float], None]) -> None:
        self._total = max(1, sum(section.frames for section in sections))
        self._tell = on_progress

    def at(self, frame: int) -> None:
        if frame % _PROGRESS_FRAMES == 0:
            self._tell(round(0.99 * frame / self._total, 4))


def _record_ends_ns(tracks: tuple[Sidecar, ...]) -> int:
    return max((as_ns(track.started_at) + round(track.duration_s * 1e9) for track in tracks), default=0)


def _moments(
    folder: Path, facts: HearingFacts, tracks: tuple[Sidecar, ...], sections: tuple[Section, ...]
) -> Iterator[tuple[av.VideoFrame, Wave]]:
    stage = Stage(folder)
    for section in sections:
        if isinstance(section, Take):
            stage.know(facts, tracks, section.began_ns + section.frames * FRAME_NS)
            for number in range(section.frames):
                yield stage.moment(section.began_ns + number * FRAME_NS)
        else:
            for _ in range(section.frames):
                yield card_moment(section, facts.case_number)
    stage.close()


def _write(path: Path, moments: Iterator[tuple[av.VideoFrame, Wave]], progress: _Progress) -> None:
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        picture = _picture_stream(container)
        sound = container.add_stream("aac", rate=RATE_HZ)
        sound.bit_rate = _SOUND_BITS_PER_S
        sound.layout = "mono"
        for number, (frame, wave) in enumerate(moments):
            frame.pts = number
            frame.time_base = Fraction(1, FPS)
            container.mux(picture.encode(frame))
            container.mux(sound.encode(_sound_frame(wave, number)))
            progress.at(number)
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))


def _picture_stream(container: OutputContainer) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=FPS, options=_PICTURE_OPTIONS)
    stream.width, stream.height = WIDTH, HEIGHT
    stream.pix_fmt = "yuv420p"
    stream.gop_size = 2 * FPS
    context = stream.codec_context
    context.colorspace = context.color_primaries = context.color_trc = _BT601
    context.color_range = 1  # video range
    return stream


def _sound_frame(wave: Wave, number: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate = RATE_HZ
    frame.time_base = Fraction(1, RATE_HZ)
    frame.pts = number * FRAME_SAMPLES
    return frame
