"""From packets to the film and its sealed manifest, in the folder of a hearing, with the real processes."""

import shutil
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from cloudcourt.domain.hearing import Gap, GapReason, Hearing, SessionState
from cloudcourt.domain.ids import HearingId
from cloudcourt.domain.recording import FilmState, Manifest
from media.film.header import CLOCK, HUNDREDTHS
from media.film.layout import Box, plan
from media.film.maker import make_film
from media.record.folders import FILM, hearing_folder
from media.record.hearing_facts import hearing_facts
from media.record.record_room import FolderRecordRoom
from media.record.sidecar import read_sidecars, write_sidecar
from media.record.verify import FileState, verify_folder
from tests.bed.recordings import (
    DEFENDANT,
    HEARING_ID,
    JUDGE,
    PLAINTIFF,
    WallClock,
    beep_onsets,
    flash_onsets,
    hearing_from,
    onsets,
    pictures,
    record,
    sound,
    tone_level,
)
from tests.bed.rtp_source import RtpSource

pytestmark = pytest.mark.loopback

SOURCES = (
    RtpSource(JUDGE, colour=(170, 60, 50), tone_hz=500, size=(640, 360)),
    RtpSource(PLAINTIFF, colour=(40, 130, 70), tone_hz=800, size=(360, 640), codec="h264"),
    RtpSource(DEFENDANT, colour=(50, 80, 170), tone_hz=1300),
)
SECONDS = 6


async def recorded(data_dir: Path, sources: tuple[RtpSource, ...], seconds: float, gap: bool = False) -> Hearing:
    """Record a hearing; with a gap, its third second is a recess."""
    folder = hearing_folder(data_dir, HEARING_ID)
    await record(folder, sources, seconds)
    opened_at = min(sidecar.started_at for sidecar in read_sidecars(folder))
    recess = Gap(
        reason=GapReason.RECESS,
        began_at=opened_at + timedelta(seconds=2),
        ended_at=opened_at + timedelta(seconds=3),
    )
    return hearing_from(opened_at, seconds, [recess] if gap else [])


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[FolderRecordRoom]:
    room = FolderRecordRoom(tmp_path, WallClock())
    yield room
    await room.close()


async def finished(room: FolderRecordRoom, hearing: Hearing) -> Manifest:
    await room.finish(hearing)
    await room.wait_finished(hearing.id)
    return await room.manifest(hearing)


def mean_colour(picture: NDArray[np.uint8], box: Box) -> NDArray[np.float64]:
    part = picture[box.top : box.top + box.height, box.left : box.left + box.width]
    mean: NDArray[np.float64] = np.median(part.reshape(-1, 3), axis=0)
    return mean


async def test_the_film_shows_and_sounds_the_whole_record(tmp_path: Path, room: FolderRecordRoom) -> None:
    hearing = await recorded(tmp_path, SOURCES, SECONDS, gap=True)
    manifest = await finished(room, hearing)
    film = room.file(hearing.id, FILM)
    assert film is not None and manifest.film.state is FilmState.READY
    assert manifest.film.duration_s == pytest.approx(SECONDS - 1 + 2, abs=0.1)
    shown = [picture for _, picture in pictures(film)]
    assert len(shown) == 25 * (SECONDS + 1)
    assert shown[0].shape == (720, 1280, 3)
    _check_tiles(shown[40])
    _check_tiles(shown[-10])
    _check_clock_and_card(shown)
    heard, _ = sound(film)
    in_court, in_card = heard[24_000:72_000], heard[110_000:180_000]
    for source in SOURCES:
        assert tone_level(in_court, source.tone_hz) > 0.08, "everyone is heard"
        assert tone_level(in_card, source.tone_hz) < 0.01, "nobody is heard in a recess"
    _check_container(film)


def _check_tiles(picture: NDArray[np.uint8]) -> None:
    for source, tile in zip(SOURCES, plan(3).tiles, strict=True):
        box = tile.picture
        middle = Box(box.left + box.width * 9 // 20, box.top + box.height // 8, box.width // 10, box.height // 8)
        assert np.abs(mean_colour(picture, middle) - source.colour).max() < 16
    portrait = plan(3).tiles[1].picture
    side = Box(portrait.left + 4, portrait.top + 4, 40, portrait.height - 8)
    assert mean_colour(picture, side).max() < 60, "letterboxed, not stretched"


def _check_clock_and_card(shown: list[NDArray[np.uint8]]) -> None:
    clock = np.s_[8:40, CLOCK.left : HUNDREDTHS.left - 4]
    hundredths = np.s_[HUNDREDTHS.top : HUNDREDTHS.top + HUNDREDTHS.height, HUNDREDTHS.left : HUNDREDTHS.left + 44]
    assert all(np.abs(shown[n][hundredths].astype(int) - shown[n + 1][hundredths]).max() > 40 for n in (20, 21, 22))
    # Within two seconds of record the seconds change at least once, at most twice.
    changes = [
        number
        for number in range(1, 50)
        if np.abs(shown[number][clock].astype(int) - shown[number - 1][clock]).max() > 60
    ]
    assert 1 <= len(changes) <= 2
    assert all(np.abs(shown[60].astype(int) - shown[n]).mean() < 3 for n in (55, 90)), "a card stands still"
    assert np.abs(shown[60].astype(int) - shown[40]).mean() > 20


def _check_container(film: Path) -> None:
    content = film.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat"), "plays from its first byte"
    with av.open(film) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert video.average_rate == 25
        assert audio.rate == 48_000


async def test_lips_and_words_stay_together_in_the_film(tmp_path: Path, room: FolderRecordRoom) -> None:
    hearing = await recorded(tmp_path, (RtpSource(JUDGE, blinks=True),), SECONDS)
    await finished(room, hearing)
    film = hearing_folder(tmp_path, HEARING_ID) / FILM
    tile = plan(1).tiles[0].picture
    brightness = [(at_s, float(mean_colour(picture, tile).mean())) for at_s, picture in pictures(film)]
    flashes, beeps = onsets(brightness, 200), beep_onsets(film)
    assert len(flashes) == len(beeps) == SECONDS
    offsets_ms = [1000 * (beep - flash) for flash, beep in zip(flashes, beeps, strict=True)]
    assert max(abs(offset) for offset in offsets_ms) < 40, offsets_ms
    video = next(t for t in read_sidecars(film.parent) if t.kind == "video")
    assert len(flash_onsets(film.parent / video.file)) == SECONDS


async def test_the_sealed_manifest_finds_what_is_changed_later(tmp_path: Path, room: FolderRecordRoom) -> None:
    hearing = await recorded(tmp_path, SOURCES[:1], SECONDS)
    before = await room.manifest(hearing)
    assert not before.sealed and before.tracks[0].sha256 is None and before.film.state is FilmState.WAITING
    manifest = await finished(room, hearing)
    folder = hearing_folder(tmp_path, HEARING_ID)
    assert manifest.sealed
    assert manifest == Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    assert [(t.kind, t.torn) for t in manifest.tracks] == [("audio", False), ("video", False)]
    assert verify_folder(folder).exit_code == 0
    listed = [(track.file, track.chunks) for track in manifest.tracks]
    for name, chunks in [*listed, (manifest.film.file or "", manifest.film.chunks)]:
        assert [chunk.from_s for chunk in chunks] == [float(s) for s in range(SECONDS)], name
        path = folder / name
        whole = path.read_bytes()
        third = chunks[3]
        altered = bytearray(whole)
        altered[third.offset + third.length // 2] ^= 0x40
        path.write_bytes(altered)
        findings = verify_folder(folder)
        assert findings.exit_code == 1
        bad = [finding for finding in findings.files if finding.state is FileState.ALTERED]
        assert [(finding.file, finding.first_bad_s) for finding in bad] == [(name, 3.0)]
        path.write_bytes(whole)
    (folder / manifest.tracks[0].file).unlink()
    assert verify_folder(folder).exit_code == 2


async def test_finish_is_idempotent_and_tells_of_the_film(tmp_path: Path) -> None:
    told: list[HearingId] = []
    room = FolderRecordRoom(tmp_path, WallClock(), told.append)
    hearing = await recorded(tmp_path, SOURCES[:1], 2)
    await room.finish(hearing)
    await room.finish(hearing)
    await room.wait_finished(hearing.id)
    count = len(told)
    assert count >= 2 and set(told) == {HEARING_ID}
    sealed = (hearing_folder(tmp_path, HEARING_ID) / "manifest.json").stat().st_mtime_ns
    await finished(room, hearing)
    assert len(told) == count
    assert (hearing_folder(tmp_path, HEARING_ID) / "manifest.json").stat().st_mtime_ns == sealed
    await room.close()


async def test_an_interrupted_film_is_made_at_the_next_start(tmp_path: Path) -> None:
    hearing = await recorded(tmp_path, SOURCES, SECONDS)
    first = FolderRecordRoom(tmp_path, WallClock())
    await first.finish(hearing)
    await first.close()
    folder = hearing_folder(tmp_path, HEARING_ID)
    assert not (folder / "manifest.json").exists()
    second = FolderRecordRoom(tmp_path, WallClock())
    assert (await finished(second, hearing)).sealed
    assert not list(folder.glob(".*.tmp"))
    await second.close()


async def test_a_film_that_fails_leaves_a_sealed_record_and_can_be_tried_again(
    tmp_path: Path, room: FolderRecordRoom
) -> None:
    hearing = await recorded(tmp_path, SOURCES[:1], 2)
    folder = hearing_folder(tmp_path, HEARING_ID)
    (folder / FILM).mkdir()  # the film can't be put where it belongs
    manifest = await finished(room, hearing)
    assert manifest.sealed and manifest.film.state is FilmState.FAILED and manifest.film.file is None
    assert verify_folder(folder).exit_code == 0
    (folder / FILM).rmdir()
    assert (await finished(room, hearing)).film.state is FilmState.READY
    assert verify_folder(folder).exit_code == 0


async def test_torn_and_damaged_tracks_still_make_a_film(tmp_path: Path, room: FolderRecordRoom) -> None:
    hearing = await recorded(tmp_path, SOURCES, 3)
    folder = hearing_folder(tmp_path, HEARING_ID)
    tracks = {(t.participant_id, t.kind): t for t in read_sidecars(folder)}
    torn = tracks[JUDGE, "video"]
    content = (folder / torn.file).read_bytes()
    (folder / torn.file).write_bytes(content[: len(content) * 2 // 3])
    long_ago = torn.alive_at - timedelta(minutes=5)
    write_sidecar(
        folder, torn.model_copy(update={"closed": False, "duration_s": 0.0, "alive_at": long_ago}), durable=True
    )
    noise = np.random.default_rng(3).bytes(5000)
    (folder / tracks[PLAINTIFF, "video"].file).write_bytes(noise)
    (folder / tracks[DEFENDANT, "audio"].file).write_bytes(b"")
    manifest = await finished(room, hearing)
    assert manifest.sealed and manifest.film.state is FilmState.READY
    entry = next(t for t in manifest.tracks if t.track_id == torn.track_id)
    assert entry.torn and 1 < entry.duration_s < 3
    whole = next(t for t in manifest.tracks if t.track_id == f"{torn.track_id}-recovered")
    assert whole.recovered and not whole.torn and whole.duration_s == pytest.approx(3, abs=0.1)
    assert abs((whole.started_at - torn.started_at).total_seconds()) < 0.01
    assert len(pictures(folder / whole.file)) == 75
    assert not (folder / "reserve.bin").exists(), "what was set aside is the seal's"
    assert verify_folder(folder).exit_code == 0


async def test_seats_that_never_appear_take_no_room(tmp_path: Path) -> None:
    hearing = await recorded(tmp_path, SOURCES[2:], 2)
    folder = hearing_folder(tmp_path, HEARING_ID)
    (folder / "hearing.json").write_text(hearing_facts(hearing).model_dump_json())
    told: list[float] = []
    film = make_film(folder, WallClock(), told.append, time.sleep)
    assert told == sorted(told) and told[-1] == 1.0
    (_, picture), *_ = pictures(film)[20:]
    tile = plan(1).tiles[0].picture
    corner = Box(tile.left + tile.width // 2, tile.top + 20, 40, 40)
    assert np.abs(mean_colour(picture, corner) - SOURCES[2].colour).max() < 16


async def test_a_hearing_that_never_opened_has_no_film(tmp_path: Path, room: FolderRecordRoom) -> None:
    hearing = (await recorded(tmp_path, SOURCES[:1], 1)).model_copy(
        update={"opened_at": None, "session": SessionState.CANCELLED}
    )
    shutil.rmtree(hearing_folder(tmp_path, HEARING_ID))
    manifest = await finished(room, hearing)
    assert manifest.film.state is FilmState.NONE
    assert (manifest.tracks, manifest.spans) == ((), ())
    assert room.last_written_at(hearing.id) is None


async def test_only_the_hearings_own_files_are_handed_out(tmp_path: Path, room: FolderRecordRoom) -> None:
    await recorded(tmp_path, SOURCES[:1], 1)
    tracks = hearing_folder(tmp_path, HEARING_ID) / "tracks"
    secret = tmp_path / "court.db"
    secret.write_bytes(b"secret")
    (tracks / "link-audio-1.webm").symlink_to(secret)
    (tracks / "sub").mkdir()
    (tmp_path / "hearings" / "other").symlink_to(tmp_path)
    assert room.file(HEARING_ID, "tracks/judge-1-audio-1.webm") == tracks / "judge-1-audio-1.webm"
    hostile = [
        "tracks/link-audio-1.webm",
        "tracks/none-audio-1.webm",
        "tracks/judge-1-audio-1.json",
        "tracks/../tracks/judge-1-audio-1.webm",
        "/etc/passwd",
        "../../court.db",
        "tracks/sub",
        "hearing.json",
        "slate.bin",
        "composite.mp4",
        "",
        "tracks/judge-1-audio-1.webm\n",
    ]
    assert [name for name in hostile if room.file(HEARING_ID, name) is not None] == []
    assert room.file(HearingId("../hearings/hearing-1"), "tracks/judge-1-audio-1.webm") is None
    assert room.file(HearingId("other"), "court.db") is None
    written = room.last_written_at(HEARING_ID)
    secret_ns = secret.stat().st_mtime_ns  # written after the tracks, and reached by the link
    assert written is not None and round(written.timestamp() * 1e6) < secret_ns // 1000
