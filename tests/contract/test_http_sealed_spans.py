"""What a judge seals is absent from every byte that others are served: film, tracks, ranges, copies to take away."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from cloudcourt.domain.events import Event, HearingClosed, HearingOpened
from cloudcourt.domain.hearing import SessionState
from cloudcourt.domain.ids import ParticipantId, TrackId
from cloudcourt.domain.log_note import NoteAdded
from cloudcourt.domain.recording import Film, FilmState, Manifest, TrackEntry
from cloudcourt.domain.roles import Role
from media.record.court_key import CourtKey
from media.verifier.chain import Log
from media.verifier.orders import check_orders
from tests.bed.http_court import Answer, Browser, HttpCourt, open_court, person_of, schedule
from tests.bed.recordings import WallClock

pytestmark = pytest.mark.contract

WITHIN_S = 180
LENGTH_S = 7
FROM_S, TO_S = 3.0, 5.0
GREY = 200
"""Brightness of every picture that isn't sealed; the card is dark."""


@pytest.fixture
async def court(tmp_path: Path, migrated_sqlite: Path) -> AsyncIterator[HttpCourt]:
    async with open_court(tmp_path, migrated_sqlite) as court:
        yield court


def write_media(path: Path, *, picture: str | None, sound: str | None) -> None:
    """Real media: bright pictures, 25 a second, and a tone."""
    with av.open(str(path), "w") as out:
        streams: list[Any] = [
            codec and out.add_stream(codec, rate=rate) for codec, rate in ((picture, 25), (sound, 48_000))
        ]
        seen, heard = streams
        if seen:
            seen.width, seen.height, seen.pix_fmt, seen.codec_context.gop_size = 320, 180, "yuv420p", 25
        if heard:
            heard.layout = "mono"
        for number in range(25 * LENGTH_S):
            if seen:
                frame = av.VideoFrame.from_ndarray(np.full((270, 320), GREY, np.uint8), format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 25)
                out.mux(seen.encode(frame))
            for at in (number * 1920, number * 1920 + 960) if heard else ():
                wave = (np.sin(np.arange(at, at + 960) * 0.06) * 0.5).astype(np.float32).reshape(1, -1)
                tone = av.AudioFrame.from_ndarray(wave, format="flt", layout="mono")
                tone.sample_rate, tone.pts, tone.time_base = 48_000, at, Fraction(1, 48_000)
                out.mux(heard.encode(tone))
        for stream in filter(None, streams):
            out.mux(stream.encode(None))


class Held:
    """A hearing that is over, with a sealed manifest, a film, and the plaintiff's sound and picture."""

    def __init__(self, court: HttpCourt, hearing: Any, opened_at: datetime) -> None:
        self.court, self.hearing, self.opened_at = court, hearing, opened_at
        self.folder = court.folder(hearing)

    @classmethod
    async def in_(cls, court: HttpCourt, desk: Browser, notes: tuple[tuple[float, str], ...] = ()) -> "Held":
        hearing = await schedule(desk)
        held = cls(court, hearing, WallClock().now().replace(microsecond=0) - timedelta(minutes=5))
        written = [(at, NoteAdded(participant_id=person_of(hearing, "clerk"), text=text)) for at, text in notes]
        happened: list[tuple[float, Event]] = [(0, HearingOpened()), *written, (LENGTH_S, HearingClosed())]
        for number, (seconds, event) in enumerate(happened, start=1):
            at = held.opened_at + timedelta(seconds=seconds)
            await court.store.record.append(hearing["id"], number, [event], at=at, actor=person_of(hearing, "clerk"))
        await court.store.record.note_session(hearing["id"], SessionState.CLOSED)
        film, speech, view = ("libx264", "aac"), (None, "libopus"), ("libvpx", None)
        files = (("composite.mp4", *film), ("tracks/s.webm", *speech), ("tracks/p.webm", *view))
        for name, picture, sound in files:
            await asyncio.to_thread(write_media, held.folder / name, picture=picture, sound=sound)
        told = Manifest.model_validate((await desk.get(held.path(""))).json)
        tracks = tuple(held._track(file, kind, codec) for file, kind, codec in (
            ("tracks/s.webm", "audio", "opus"), ("tracks/p.webm", "video", "vp8"),
        ))  # fmt: skip
        made = Film(state=FilmState.READY, progress=1.0, file="composite.mp4", duration_s=LENGTH_S)
        whole = told.model_copy(update={"sealed": True, "tracks": tracks, "film": made})
        (held.folder / "manifest.json").write_text(whole.model_dump_json())
        return held

    def _track(self, file: str, kind: Any, codec: Any) -> TrackEntry:
        return TrackEntry(
            track_id=TrackId(Path(file).stem), participant_id=ParticipantId(person_of(self.hearing, "plaintiff")),
            role=Role.PLAINTIFF, name="李秀英", kind=kind, codec=codec, file=file, started_at=self.opened_at,
            duration_s=LENGTH_S, bytes=(self.folder / file).stat().st_size, sha256="0" * 64,
        )  # fmt: skip

    def path(self, part: str) -> str:
        return f"/api/hearings/{self.hearing['id']}/recording{part}"

    def sealing(self, from_s: float = FROM_S, to_s: float = TO_S) -> dict[str, str]:
        began, ended = ((self.opened_at + timedelta(seconds=second)).isoformat() for second in (from_s, to_s))
        return {"kind": "sealed", "reason": "涉及商业秘密", "began_at": began, "ended_at": ended}

    async def shown(self, browser: Browser, file: str) -> Answer:
        """Once the copy is there; until then not a byte of the file is given."""
        async with asyncio.timeout(WITHIN_S):
            while (answer := await browser.get(self.path(file))).status != 200:
                assert (answer.status, answer.code) == (403, "record_withheld")
                await asyncio.sleep(0.1)
        return answer


def pictures(path: Path) -> list[tuple[float, float]]:
    """When each picture is shown, and how bright it is amid its edges."""
    with av.open(str(path)) as media:
        return [(frame.time or 0.0, float(frame.to_ndarray(format="gray").mean())) for frame in media.decode(video=0)]


def sound(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each sample sounds, and how loud it is."""
    times, waves = [], []
    with av.open(str(path)) as media:
        for frame in media.decode(audio=0):
            wave = frame.to_ndarray().reshape(-1).astype(np.float64)
            times.append((frame.time or 0.0) + np.arange(wave.size) / frame.sample_rate)
            waves.append(np.abs(wave))
    return np.concatenate(times), np.concatenate(waves)


async def test_a_sealed_span_is_in_no_byte_that_others_are_served(court: HttpCourt, tmp_path: Path) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk)
    judge, _ = await court.guest(held.hearing, "judge")
    files = ("/composite.mp4", "/tracks/s.webm", "/tracks/p.webm")
    before = {file: (held.folder / file[1:]).read_bytes() for file in files}
    assert (await desk.get(held.path(files[0]))).content == before[files[0]]

    answer = await judge.post(held.path("/orders"), held.sealing())
    assert answer.status == 201, answer.content
    assert [span["order"] for span in answer.json["sealed"]] == [1]
    given = {}
    for file in files:
        first = await desk.get(held.path(file), Range="bytes=0-99")
        assert (first.status, first.code) == (403, "record_withheld"), "nothing is given before the copy is there"
        given[file] = (await held.shown(desk, file)).content
        assert given[file] != before[file]
        part = await desk.get(held.path(file), Range="bytes=1000-50000")
        assert (part.status, part.content) == (206, given[file][1000:50001])
        assert (await judge.get(held.path(file))).content == before[file] == (held.folder / file[1:]).read_bytes()
        (tmp_path / Path(file).name).write_bytes(given[file])

    film = pictures(tmp_path / "composite.mp4")
    assert len(film) == 25 * LENGTH_S, "the film's clock stays as it was"
    for at, brightness in film:
        is_sealed = at + 0.001 >= FROM_S and at < TO_S - 0.001
        assert (brightness < 80) == is_sealed, (at, brightness)
    times, loudness = sound(tmp_path / "composite.mp4")
    assert loudness[(times >= FROM_S) & (times <= TO_S)].max() < 1e-4
    assert min(loudness[times < FROM_S - 0.1].max(), loudness[times > TO_S + 0.1].max()) > 0.3
    times, loudness = sound(tmp_path / "s.webm")
    assert loudness[(times >= FROM_S) & (times <= TO_S)].max() < 1e-3
    assert min(loudness[times < FROM_S - 1.2].max(), loudness[times > TO_S + 1.2].max()) > 0.3
    seen = [at for at, _ in pictures(tmp_path / "p.webm")]
    assert not [at for at in seen if FROM_S - 0.04 < at < TO_S]
    assert min(seen) < 0.1
    assert max(seen) > LENGTH_S - 0.2
    with av.open(str(tmp_path / "s.webm")) as media:
        assert "Sealed by order" in media.metadata["title"]


async def test_a_copy_that_fails_is_tried_again_and_the_page_is_told(court: HttpCourt) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk)
    judge, _ = await court.guest(held.hearing, "judge")
    film, stat = held.folder / "composite.mp4", (held.folder / "composite.mp4").stat()
    content = film.read_bytes()

    def write(content: bytes) -> None:
        film.write_bytes(content)
        os.utime(film, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    write(bytes(len(content)))
    told = (await judge.post(held.path("/orders"), held.sealing())).json
    assert [copy["file"] for copy in told["copies"]] == ["composite.mp4"], "it is begun before anyone asks"
    async with asyncio.timeout(WITHIN_S):
        while not (copy := (await desk.get(held.path("/orders"))).json["copies"][0])["failures"]:
            await asyncio.sleep(0.1)
    assert copy["reason"] == "failed"
    assert (await desk.get(held.path("/composite.mp4"))).code == "record_withheld"
    write(content)
    assert (await held.shown(desk, "/composite.mp4")).content not in (b"", content), "no restart was needed"
    async with asyncio.timeout(WITHIN_S):
        while (await desk.get(held.path("/orders"))).json["copies"]:
            await asyncio.sleep(0.1)


async def test_one_persons_tracks_are_sealed_and_anothers_are_not(court: HttpCourt) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk)
    judge, _ = await court.guest(held.hearing, "judge")
    whole = {file: (held.folder / file[1:]).read_bytes() for file in ("/tracks/s.webm", "/composite.mp4")}
    other = {**held.sealing(), "participant": person_of(held.hearing, "clerk")}
    assert (await judge.post(held.path("/orders"), {**other, "participant": "p_nobody"})).code == "no_such_person"
    assert (await judge.post(held.path("/orders"), other)).status == 201
    assert (await desk.get(held.path("/tracks/s.webm"))).content == whole["/tracks/s.webm"], "the plaintiff's is whole"
    assert (await held.shown(desk, "/composite.mp4")).content != whole["/composite.mp4"], "all are mixed in the film"
    own = {**held.sealing(), "participant": person_of(held.hearing, "plaintiff")}
    assert (await judge.post(held.path("/orders"), own)).json["sealed"][1]["participant"] == own["participant"]
    assert (await held.shown(desk, "/tracks/s.webm")).content != whole["/tracks/s.webm"]


async def test_notes_of_a_sealed_span_have_no_words_and_the_hole_is_told_to_everyone(court: HttpCourt) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk, notes=((1.0, "开场"), (4.0, "客户名单"), (6.0, "接着记：客户名单")))
    clerk, judge = [(await court.guest(held.hearing, role))[0] for role in ("clerk", "judge")]

    async def words(browser: Browser) -> list[tuple[str, bool]]:
        marks = (await browser.get(held.path("/marks"))).json["marks"]
        return [(mark["text"], mark["is_sealed"]) for mark in marks if mark["kind"] == "note"]

    whole = [("开场", False), ("客户名单", False), ("接着记：客户名单", False)]
    assert await words(clerk) == await words(judge) == whole
    await judge.post(held.path("/orders"), held.sealing())
    for browser in (desk, clerk):
        assert await words(browser) == [("开场", False), ("", True), ("", True)], "what was finished just after too"
    assert await words(judge) == whole
    for browser in (desk, clerk, judge):
        (hole,) = (await browser.get(held.path("/marks"))).json["sealed"]
        assert (hole["from_s"], hole["to_s"], hole["reason"]) == (FROM_S, TO_S, "涉及商业秘密")
    await judge.post(held.path("/orders"), {"kind": "unsealed", "reason": "误封", "of": 1})
    assert await words(clerk) == whole


async def test_what_can_only_be_given_whole_is_not_given(court: HttpCourt) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk)
    judge, _ = await court.guest(held.hearing, "judge")
    earlier = (await desk.post(held.path("/downloads"), {"subject": "film", "purpose": "appeal"})).json
    marked = {"subject": "film", "purpose": "appeal", "is_marked": True, "recipient": "王芳"}
    made = (await desk.post(held.path("/downloads"), marked)).json
    await judge.post(held.path("/orders"), held.sealing())
    for wish in (marked, {"subject": "bundle", "purpose": "case_file"}):
        assert (await desk.post(held.path("/downloads"), wish)).code == "record_withheld"
    for path in (made["url"], made["url"].removesuffix("/file")):
        assert (await desk.get(path)).code == "record_withheld", "what was asked for before the order neither"
    async with asyncio.timeout(WITHIN_S):
        while (ticket := (await desk.get(earlier["url"].removesuffix("/file"))).json)["state"] == "making":
            await asyncio.sleep(0.1)
    answer = await desk.get(earlier["url"])
    original = (held.folder / "composite.mp4").read_bytes()
    assert answer.content != original
    assert len(answer.content) == ticket["bytes"]
    assert (await judge.post(held.path("/orders"), {"kind": "unsealed", "reason": "保密期满", "of": 1})).status == 201
    assert (await desk.get(earlier["url"])).content == original


async def test_the_clerk_proposes_and_the_judge_decides(court: HttpCourt) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk)
    clerk, judge = [(await court.guest(held.hearing, role))[0] for role in ("clerk", "judge")]
    ask = {**held.sealing(), "ground": "trade_secret"}
    hold = {"kind": "held", "reason": "拟申诉"}
    for browser, wish in ((clerk, ask), (desk, hold)):
        answer = await browser.post(held.path("/orders/proposals"), wish)
        assert answer.status == 201, answer.content
        assert answer.json["sealed"] == [], "nothing changes yet"
        assert not answer.json["is_held"]
        assert (await browser.post(held.path("/orders/proposals"), wish)).code == "order_changes_nothing"
    nothing = {"kind": "released", "reason": "无"}
    assert (await clerk.post(held.path("/orders/proposals"), nothing)).code == "order_changes_nothing"
    assert (await (await court.browser()).post(held.path("/orders/proposals"), ask)).code == "not_signed_in"
    yes, no = {"is_granted": True, "reason": "成立"}, {"is_granted": False, "reason": "不成立"}
    for browser in (clerk, desk):
        assert (await browser.post(held.path("/orders/proposals/1/answer"), yes)).code == "not_allowed"
    told = (await judge.post(held.path("/orders/proposals/1/answer"), yes)).json
    assert [(order["kind"], order["ground"]) for order in told["orders"]] == [("sealed", "trade_secret")]
    told = (await judge.post(held.path("/orders/proposals/2/answer"), no)).json
    assert [(one["state"], one["reason"]) for one in told["proposals"]] == [("granted", "成立"), ("declined", "不成立")]
    assert not told["is_held"]
    for number in ("1", "2", "3", "01", "x"):
        assert (await judge.post(held.path(f"/orders/proposals/{number}/answer"), yes)).code == "not_found"
    assert (await judge.post(held.path("/orders"), {**hold, "ground": "privacy"})).code == "invalid_input"


BAD_ORDERS: list[dict[str, object]] = [
    {"kind": "deleted"},
    {"kind": "sealed"},
    {"kind": "held", "reason": "  "},
    {"kind": "held", "reason": "x" * 201},
    {"kind": "held", "of": 1},
    {"kind": "unsealed"},
    {"kind": "unsealed", "of": 0},
    {"kind": "sealed", "began_at": "2026-01-01T10:00:00Z", "ended_at": "2026-01-01T10:00:00Z"},
    {"kind": "sealed", "began_at": "2026-01-01T10:00:00", "ended_at": "2026-01-01T11:00:00"},
    {"kind": "held", "began_at": "2026-01-01T10:00:00Z"},
]


async def test_orders_are_a_judges_alone_and_signed_in_order(court: HttpCourt) -> None:
    desk = await court.desk()
    held = await Held.in_(court, desk)
    clerk, judge = [(await court.guest(held.hearing, role))[0] for role in ("clerk", "judge")]
    for browser in (desk, clerk):
        answer = await browser.post(held.path("/orders"), held.sealing())
        assert (answer.status, answer.code) == (403, "not_allowed")
    assert (await (await court.browser()).post(held.path("/orders"), held.sealing())).code == "not_signed_in"
    for order in BAD_ORDERS:
        assert (await judge.post(held.path("/orders"), {"reason": "须保密", **order})).code == "invalid_input", order
    hold = {"kind": "held", "reason": "当事人申诉，待处理"}
    for ask in (held.sealing(), hold, {"kind": "unsealed", "reason": "误封", "of": 1}):
        assert (await judge.post(held.path("/orders"), ask)).status == 201
    for ask in (hold, {"kind": "unsealed", "reason": "误封", "of": 1}, {"kind": "unsealed", "reason": "误封", "of": 9}):
        assert (await judge.post(held.path("/orders"), ask)).code == "order_changes_nothing"
    told = (await desk.get(held.path("/orders"))).json
    assert [order["kind"] for order in told["orders"]] == ["sealed", "held", "unsealed"]
    assert (told["sealed"], told["is_held"], told["may_order"]) == ([], True, False)
    assert told["orders"][0]["by"] == person_of(held.hearing, "judge")

    content = (held.folder / "orders.jsonl").read_bytes()
    log = Log(entries={1: {"hearing": held.hearing["id"], "court_key": CourtKey.at(court.data_dir).public}})
    assert [(found.file, found.state) for found in check_orders(content, log)] == [
        (f"order {number}", "ok") for number in (1, 2, 3)
    ]
    lines = content.split(b"\n")
    for altered in (b"\n".join(lines[1:]), content.replace("误封".encode(), "误判".encode()), content[:-5]):
        assert any(found.state != "ok" for found in check_orders(altered, log))
    (held.folder / "orders.jsonl").write_bytes(content.replace("误封".encode(), "误判".encode()))
    answer = await desk.get(held.path("/composite.mp4"))
    assert answer.status == 500, "where orders can't be trusted nothing is shown"
    assert answer.code == "internal"
