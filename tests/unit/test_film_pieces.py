"""Of the court's own films only those pieces are coded anew that a hole reaches into."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from media.copies.film_holes import cut_film
from media.copies.film_pieces import is_ours
from media.copies.hole_order import Hole, HoleOrder
from tests.bed.own_film import CHUNK_S, write_own_film

pytestmark = pytest.mark.unit

CHUNKS = 4
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def packets(path: Path) -> list[tuple[int, bool, bytes]]:
    with av.open(path) as film:
        told = [packet for packet in film.demux(video=0) if packet.dts is not None]
        return [(packet.dts or 0, packet.is_keyframe, bytes(packet)) for packet in told]


def brightness(path: Path) -> list[float]:
    with av.open(path) as film:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in film.decode(video=0)]


def loudness(path: Path, from_s: float, to_s: float) -> float:
    with av.open(path) as film:
        heard = [
            float(np.abs(frame.to_ndarray()).max())
            for frame in film.decode(audio=0)
            if from_s <= (frame.time or 0.0) and (frame.time or 0.0) + 1024 / 48_000 <= to_s
        ]
    return max(heard)


def hole(from_s: float, to_s: float) -> Hole:
    began, ended = NOON + timedelta(seconds=from_s), NOON + timedelta(seconds=to_s)
    return Hole(from_s=from_s, to_s=to_s, began_at=began, ended_at=ended)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "composite.mp4"
    write_own_film(path, CHUNKS)
    return path


@pytest.mark.parametrize(
    ("holes", "touched"),
    [
        ([hole(5.0, 6.0)], {1}),
        ([hole(3.9, 8.02)], {0, 1, 2}),
        ([hole(4.0, 8.0)], {1}),
        ([hole(0.0, 0.5), hole(15.0, 99.0)], {0, 3}),
    ],
    ids=["within a piece", "over two borders", "from border to border", "begin and end"],
)
def test_pieces_without_a_hole_are_the_same_bytes(
    film: Path, tmp_path: Path, holes: list[Hole], touched: set[int]
) -> None:
    out = tmp_path / "copy.mp4"
    cut_film(HoleOrder(source=film, out=out, kind="film", case_number="1", holes=tuple(holes)), out, lambda _: None)
    before, after = packets(film), packets(out)
    assert [(dts, is_key) for dts, is_key, _ in after] == [(dts, is_key) for dts, is_key, _ in before]
    size = round(CHUNK_S * 25)
    same = {number for number in range(CHUNKS) if before[number * size :][:size] == after[number * size :][:size]}
    assert same == set(range(CHUNKS)) - touched
    seen = brightness(out)
    assert len(seen) == len(before), "every picture decodes, over each border"
    for number, light in enumerate(seen):
        at_s = number / 25
        is_sealed = any(one.from_s < at_s + 0.039 and at_s < one.to_s - 0.001 for one in holes)
        assert (light < 80) == is_sealed, (at_s, light)
    for one in holes:
        assert loudness(out, one.from_s, min(one.to_s, CHUNKS * CHUNK_S)) < 1e-4


def test_a_film_of_another_maker_is_not_cut_up(tmp_path: Path, film: Path) -> None:
    other = tmp_path / "other.mp4"
    with av.open(other, "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((1080, 1280), 128, np.uint8), format="yuv420p")
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with av.open(film) as ours, av.open(other) as theirs:
        assert is_ours(ours.streams.video[0])
        assert not is_ours(theirs.streams.video[0])
