"""The film's chunks by themselves: reading tracks that grow, writing fragments, keeping the program's index."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.ids import HearingId, ParticipantId, TrackId
from media.film.coding import PICTURE_TICKS, SOUND_TICKS, SoundCoder, coded_pictures, film_head
from media.film.fragment import PICTURE_TRACK, SOUND_TRACK, Run, fragment
from media.film.program import ChunkLine, Program, chunk_name, locked, what_is_told
from media.film.readiness import Written
from media.film.stage import StageMemory
from media.film.timeline import CHUNK_FRAMES, Card, Take, as_ns
from media.film.track_reader import TrackReader
from media.record.depacketise import Sample
from media.record.sidecar import Sidecar, write_sidecar
from media.record.track_file import TrackFile

pytestmark = pytest.mark.unit
HEARING = HearingId("h_1")
BEGAN = datetime(2026, 11, 24, 2, tzinfo=UTC)
TONE = (np.sin(np.arange(48_000 * 9) * 0.05) * 0.4).astype(np.float32)


class Busy(Exception):
    """Somebody else makes this film."""


def refuse(_: float) -> None:
    raise Busy


def written_track(path: Path, seconds: float) -> None:
    file = TrackFile(path, "opus", Sample(b"\x08\x00", 0, True, 20, b""))
    for number in range(round(seconds * 50)):
        file.write(Sample(bytes([0x08, number & 0xFF]), 0, True, 20, b""), number * 20)
    file.close()


def test_a_track_is_read_as_it_grows_and_from_any_place(tmp_path: Path) -> None:
    written_track(tmp_path / "whole.webm", 3)
    content = (tmp_path / "whole.webm").read_bytes()
    growing = tmp_path / "growing.webm"
    growing.write_bytes(b"")
    reader, times, reached = TrackReader(growing), [], 0
    for end in [*range(7, len(content), 211), len(content)]:
        with growing.open("ab") as file:
            file.write(content[reached:end])
        reached = end
        while (packet := reader.read()) is not None:
            times.append(packet.at_ms)
            assert packet.content[0] == 0x08
    reader.close()
    assert times == list(range(0, 3000, 20))
    later = TrackReader(growing)
    later.skip_to(1990)
    packet = later.read()
    later.close()
    assert packet is not None and packet.at_ms == 1980 and reader.read() is None


@pytest.mark.parametrize("content", [b"", b"\x1aE", b"noise" * 100, bytes(50)])
def test_what_is_no_track_of_ours_holds_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.webm").write_bytes(content)
    reader = TrackReader(tmp_path / "x.webm")
    assert reader.read() is None
    reader.skip_to(100)
    assert reader.read() is None
    reader.close()
    assert TrackReader(tmp_path / "missing.webm").read() is None


def chunk(number: int, sound: SoundCoder) -> bytes:
    first, packets = sound.next_packet, []
    for frame in range(25):
        at = ((number - 1) * 25 + frame) * 1920
        packets += sound.code(at, TONE[at : at + 1920])
    grey = av.VideoFrame.from_ndarray(np.full((1080, 1280), 40 * number, np.uint8), format="yuv420p")
    pictures = coded_pictures(grey for _ in range(25))
    return fragment(
        number,
        Run(PICTURE_TRACK, (number - 1) * 25 * PICTURE_TICKS, PICTURE_TICKS, pictures),
        Run(SOUND_TRACK, first * SOUND_TICKS, SOUND_TICKS, packets),
    )


def test_chunks_stand_at_their_own_time_and_sound_goes_on_without_a_hole() -> None:
    sound = SoundCoder()
    content = [chunk(number, sound) for number in (1, 2, 3)]
    with av.open(io.BytesIO(film_head().content + b"".join(content)), "r") as container:
        packets = [(p.stream.type, p.pts, p.duration) for p in container.demux() if p.pts is not None]
    assert [pts for kind, pts, _ in packets if kind == "video"] == [n * 512 for n in range(75)]
    heard = [pts for kind, pts, _ in packets if kind == "audio"]
    assert heard == [n * 1024 for n in range(len(heard))] and 3 * 48_000 - heard[-1] <= 4 * 1024
    with av.open(io.BytesIO(film_head().content + content[2]), "r") as container:
        frames = list(container.decode(video=0))
    assert (len(frames), frames[0].time) == (25, 2.0)
    assert abs(int(frames[0].to_ndarray()[100, 100]) - 120) < 4
    assert film_head().codecs == "avc1.64001f,mp4a.40.2"


def test_sound_that_is_gone_on_with_is_what_it_would_have_been() -> None:
    straight = SoundCoder()
    whole = [straight.code(at, TONE[at : at + 1920]) for at in range(0, 384_000, 1920)]
    again = SoundCoder(next_packet=sum(len(packets) for packets in whole[:100]))
    for at in range(96_000, 192_000, 1920):  # the run-up
        assert again.code(at, TONE[at : at + 1920]) == []
    rest = [again.code(at, TONE[at : at + 1920]) for at in range(192_000, 384_000, 1920)]
    assert [len(packets) for packets in rest] == [len(packets) for packets in whole[100:]]


def line_for(section: Take | Card, number: int, film_ms: int, content: bytes) -> ChunkLine:
    kind, reason, began_at, ended_at, duration_ms = what_is_told(section)
    return ChunkLine(
        number=number,
        kind=kind,
        reason=reason,
        began_at=began_at,
        ended_at=ended_at,
        film_ms=film_ms,
        duration_ms=duration_ms,
        bytes=len(content),
        sha256="00",
        seats=(ParticipantId("judge-1"),),
        made_at=BEGAN,
        next_packet=185,
        memory=StageMemory(),
    )


def kept(folder: Path) -> list[int]:
    with locked(folder, refuse):
        return [line.number for line in Program(folder, HEARING).lines]


def test_the_index_keeps_what_is_whole_and_no_more(tmp_path: Path) -> None:
    take = Take(as_ns(BEGAN), CHUNK_FRAMES)
    gap = Gap(reason=GapReason.RECESS, began_at=BEGAN + timedelta(seconds=4), ended_at=BEGAN + timedelta(seconds=9))
    card = Card(gap, BEGAN + timedelta(seconds=9))
    with locked(tmp_path, refuse):
        with pytest.raises(Busy), locked(tmp_path, refuse):
            pass
        program = Program(tmp_path, HEARING)
        sections: tuple[Take | Card, ...] = (take, card, take)
        for number, section in enumerate(sections, start=1):
            program.add(line_for(section, number, 4000 * number, b"abc"), b"abc")
        assert program.lines[0].is_of(take) and program.lines[1].is_of(card) and not program.lines[1].is_of(take)
    index = tmp_path / "film" / "film.jsonl"
    assert [json.loads(line).get("number") for line in index.read_bytes().splitlines()] == [None, 1, 2, 3]
    with index.open("ab") as file:
        file.write(b'{"number": 4, "ki')
    (tmp_path / "film" / chunk_name(4)).write_bytes(b"of nobody")
    assert kept(tmp_path) == [1, 2, 3] and not (tmp_path / "film" / chunk_name(4)).exists()
    assert index.read_bytes().endswith(b"}\n"), "half a line is gone"
    (tmp_path / "film" / chunk_name(2)).write_bytes(b"a")
    assert kept(tmp_path) == [1]
    with locked(tmp_path, refuse):
        assert Program(tmp_path, HearingId("h_2")).lines == [], "another hearing's, or another version's"


def test_a_stretch_is_ready_when_its_tracks_are_written_past_it_or_silent_or_too_late(tmp_path: Path) -> None:
    (tmp_path / "tracks").mkdir()
    written_track(tmp_path / "tracks" / "a-audio-1.webm", 3)
    track = Sidecar(
        track_id=TrackId("a-audio-1"),
        participant_id=ParticipantId("a"),
        kind="audio",
        codec="opus",
        file="tracks/a-audio-1.webm",
        started_at=BEGAN,
        started_at_from="arrival",
        alive_at=BEGAN,
    )

    def ready(ended_s: float, now_s: float, *, is_over: bool = False, closed: bool = False) -> bool:
        now = BEGAN + timedelta(seconds=now_s)
        write_sidecar(tmp_path, track.model_copy(update={"alive_at": now, "closed": closed}), durable=False)
        written = Written(tmp_path)
        try:
            return written.reaches(as_ns(BEGAN + timedelta(seconds=ended_s)), now, is_over=is_over)
        finally:
            written.close()

    assert [ready(2, now) for now in (4.9, 5.0)] == [False, True], "what is lost is awaited"
    assert [ready(4, now) for now in (7, 11.9, 12)] == [False, False, True], "late, but not for ever"
    assert ready(6, 9), "a microphone that has been silent holds nothing up"
    assert ready(3.9, 4, is_over=True, closed=True) and not ready(3.9, 4, closed=True)
