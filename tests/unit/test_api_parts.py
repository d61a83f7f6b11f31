"""The small parts of the HTTP door: language, pace, addresses, labels, openings, QR codes."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from aiohttp.test_utils import make_mocked_request

from cloudcourt.api import caller
from cloudcourt.api.access import Reader
from cloudcourt.api.file_label import label_of
from cloudcourt.api.language import language_of
from cloudcourt.api.openings import QUIET, REMEMBERED_LIMIT, Openings
from cloudcourt.api.pace import Pace
from cloudcourt.documents.qr import svg_address
from cloudcourt.domain.errors import TooFast
from cloudcourt.domain.ids import HearingId, ParticipantId, TrackId
from cloudcourt.domain.recording import Film, Manifest, TrackEntry
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import MediaKind
from cloudcourt.observability.metrics import Metrics

pytestmark = pytest.mark.unit

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
HEARING = HearingId("h_1")
JUDGE = Reader(who="participant:p_judge", name="陈明远")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh-CN"),
        ("", "zh-CN"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh-TW,en;q=0.9", "zh-CN"),
        ("en;q=0.3, zh;q=0.4", "zh-CN"),
        ("de, fr;q=0.9, en;q=0.1", "en"),
        ("de", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=nonsense", "zh-CN"),
        (";;;,,=", "zh-CN"),
    ],
)
def test_language(header: str | None, language: str) -> None:
    headers = {} if header is None else {"Accept-Language": header}
    assert language_of(make_mocked_request("GET", "/", headers=headers)) == language


def test_a_pace_lets_thirty_through_a_minute_and_forgets() -> None:
    pace = Pace(calls=30, window=timedelta(minutes=1))
    for second in range(30):
        pace.admit("a", MORNING + timedelta(seconds=second))
    with pytest.raises(TooFast):
        pace.admit("a", MORNING + timedelta(seconds=59))
    pace.admit("b", MORNING + timedelta(seconds=59))
    pace.admit("a", MORNING + timedelta(seconds=60))
    with pytest.raises(TooFast):
        pace.admit("a", MORNING + timedelta(seconds=60))


def test_a_flood_from_everywhere_fills_no_memory() -> None:
    pace = Pace(calls=1, callers_limit=100)
    for caller_number in range(1000):
        pace.admit(str(caller_number), MORNING)
    assert len(pace) == 100
    with pytest.raises(TooFast):
        pace.admit("999", MORNING)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("8.8.4.4", None, "8.8.4.4"),
        ("8.8.4.4", "198.51.100.1", "8.8.4.4"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("fe80::1%eth0", None, "fe80::/64"),
        ("", None, "unknown"),
    ],
)
def test_the_callers_address(peer: str, forwarded: str | None, address: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=peer)
    assert caller.address(request) == address


def test_openings() -> None:
    openings = Openings()

    def asks(range_from: int, at_s: float, reader: Reader = JUDGE, file: str = "composite.mp4") -> bool:
        now = MORNING + timedelta(seconds=at_s)
        is_opening = openings.row(reader, HEARING, file, range_from, now) is None
        if is_opening:
            openings.noted(reader, HEARING, file, now, row=1)
        return is_opening

    assert asks(500, 0)
    assert not asks(700, 1)
    assert asks(0, 2)
    assert not asks(700, 3)
    assert asks(700, 3, file="tracks/a.webm")
    assert asks(700, 3, reader=Reader(who="staff:zhaomin", name="赵敏"))
    assert not asks(700, 2 + QUIET.total_seconds() - 1)
    assert asks(700, 2 + QUIET.total_seconds())


def test_openings_forget_the_oldest_first() -> None:
    openings = Openings()
    for number in range(REMEMBERED_LIMIT + 1):
        openings.noted(JUDGE, HEARING, str(number), MORNING, row=number)
    assert openings.row(JUDGE, HEARING, "0", 5, MORNING) is None
    assert openings.row(JUDGE, HEARING, "1", 5, MORNING) == 1


def track(kind: MediaKind, file: str) -> TrackEntry:
    return TrackEntry(
        track_id=TrackId("t"),
        participant_id=ParticipantId("p_1"),
        role=Role.PLAINTIFF,
        name="李秀英",
        kind=kind,
        codec="opus" if kind == "audio" else "vp8",
        file=file,
        started_at=datetime(2026, 11, 23, 17, 5, tzinfo=UTC),
        duration_s=1.0,
        bytes=1,
    )


def manifest(case_number: str, *tracks: TrackEntry) -> Manifest:
    return Manifest(
        hearing_id=HEARING,
        case_number=case_number,
        cause="民间借贷纠纷",
        sealed=False,
        opened_at=MORNING,
        ended_at=None,
        seats=(),
        spans=(),
        gaps=(),
        tracks=tracks,
        film=Film(),
    )


@pytest.mark.parametrize(
    ("kind", "suffix", "media_type"),
    [
        ("audio", ".webm", "audio/webm"),
        ("video", ".webm", "video/webm"),
        ("video", ".mkv", "video/x-matroska"),
        ("audio", ".ogg", "audio/ogg"),
    ],
)
def test_a_track_is_labelled_by_case_seat_and_date_of_the_court(kind: MediaKind, suffix: str, media_type: str) -> None:
    file = f"tracks/p_1{suffix}"
    label = label_of(manifest("（2026）云0101民初27号", track(kind, file)), file)
    assert label is not None
    assert label.media_type == media_type
    word = {"audio": "录音", "video": "录像"}[kind]
    assert label.name == f"（2026）云0101民初27号_原告_{word}_2026-11-24_0105{suffix}"
    assert label.plain_name == f"h_1_plaintiff-{kind}_2026-11-24_0105{suffix}"
    assert label_of(manifest("x"), file) is None


def test_a_case_number_cannot_break_out_of_a_header_or_a_folder() -> None:
    label = label_of(manifest('../"; x="%0d\r\n/甲\\乙:*?'), "composite.mp4")
    assert label is not None
    assert label.name == "_; x=_0d_甲_乙__庭审录像_2026-11-24_0900.mp4"
    disposition = label.disposition(is_download=True)
    assert disposition.isascii()
    assert disposition.isprintable()
    kind, plain, full = disposition.split("; ")
    assert (kind, plain) == ("attachment", 'filename="h_1_hearing_2026-11-24_0900.mp4"')
    assert unquote(full.partition("''")[2]) == label.name


def test_a_qr_code_is_a_picture_by_itself() -> None:
    address = svg_address("https://court.example/join#AAAAAAAAAAAAAAAAAAAAAA")
    scheme, _, picture = address.partition(",")
    assert scheme == "data:image/svg+xml;charset=utf-8"
    svg = unquote(picture)
    assert svg.startswith("<svg xmlns='http://www.w3.org/2000/svg'")
    assert "<script" not in svg
    assert '"' not in address
    assert svg_address("https://court.example/join#BBBBBBBBBBBBBBBBBBBBBB") != address


def test_figures_are_kept_apart_and_added_up() -> None:
    one, other = Metrics(), Metrics()
    one.count("media_nack")
    one.count("media_nack", 4)
    one.signaling_error("too_fast")
    one.sockets_now(3)
    one.hearings_now({"scheduled": 2, "in_session": 1})
    one.hearings_now({"scheduled": 1})
    lines = one.text().decode().splitlines()
    assert 'cloudcourt_events_total{name="media_nack"} 5.0' in lines
    assert 'cloudcourt_signaling_errors_total{code="too_fast"} 1.0' in lines
    assert "cloudcourt_sockets 3.0" in lines
    assert 'cloudcourt_hearings{session="scheduled"} 1.0' in lines
    assert not any("in_session" in line for line in lines)
    assert b"media_nack" not in other.text()
