"""The recorder's parts by themselves: packets, order, samples, clocks, spans."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudcourt.domain.hearing import Gap, GapReason
from cloudcourt.domain.ids import HearingId
from media.record.depacketise import Codec, depacketiser, opus_duration_ms, vp8_descriptor_bytes
from media.record.folders import hearing_folder
from media.record.hearing_facts import spans
from media.record.packets import RtpPacket, parse_rtp, signed_distance
from media.record.reorder import HOLE_WAIT_NS, Reorder
from media.record.wall import PublisherClock, StreamClock
from tests.bed.recordings import hearing_from
from tests.bed.rtp_source import vp8_payloads

pytestmark = pytest.mark.unit

MS = 1_000_000
S = 1_000_000_000


def packet(sequence: int, payload: bytes = b"x", timestamp: int = 0, marker: bool = False) -> RtpPacket:
    return RtpPacket(sequence & 0xFFFF, timestamp, 1, marker, payload)


@given(st.binary(max_size=80))
def test_any_bytes_are_parsed_or_refused(noise: bytes) -> None:
    found = parse_rtp(noise)
    assert found is None or len(found.payload) <= len(noise) - 12


def test_header_extensions_sources_and_padding_are_no_payload() -> None:
    header = bytes([0xB1, 0xE0]) + (7).to_bytes(2, "big") + (9).to_bytes(4, "big") + (5).to_bytes(4, "big")
    found = parse_rtp(header + b"CSRC" + b"\xbe\xde\x00\x01EXT." + b"payload" + b"\x00\x00\x03")
    assert found == RtpPacket(sequence=7, timestamp=9, ssrc=5, marker=True, payload=b"payload")


@given(st.integers(0, 0xFFFF), st.integers(-0x7FFF, 0x7FFF))
def test_distance_survives_the_wrap(start: int, distance: int) -> None:
    assert signed_distance((start + distance) & 0xFFFF, start, 16) == distance


@given(st.integers(0, 0xFFFF), st.integers(0, 2**32))
def test_shuffled_packets_come_out_in_order(start: int, seed: int) -> None:
    order = list(range(1, 60))
    shuffler = random.Random(seed)
    for at in range(0, len(order) - 8, 8):
        part = order[at : at + 8]
        shuffler.shuffle(part)
        order[at : at + 8] = part
    reorder, out = Reorder(), []
    for at, number in enumerate([0, *order]):
        out += [ready.sequence for ready, _, _ in reorder.push(packet(start + number), at * MS)]
    assert out == [(start + number) & 0xFFFF for number in range(60)]


def test_a_hole_is_waited_for_and_then_named() -> None:
    reorder = Reorder()
    assert [hole for _, _, hole in reorder.push(packet(0), 0)] == [True]
    assert not list(reorder.push(packet(2), 10 * MS))
    assert not list(reorder.pop(10 * MS + HOLE_WAIT_NS))
    assert [(p.sequence, hole) for p, _, hole in reorder.pop(11 * MS + HOLE_WAIT_NS)] == [(2, True)]
    assert not list(reorder.push(packet(1), 320 * MS)), "too late"
    assert [(p.sequence, hole) for p, _, hole in reorder.push(packet(3), 330 * MS)] == [(3, False)]


def test_numbers_may_jump_anywhere_after_a_silence() -> None:
    reorder = Reorder()
    list(reorder.push(packet(100), 0))
    came = [(p.sequence, hole) for p, _, hole in reorder.push(packet(100 + 40_000), 800 * S)]
    assert came == [((100 + 40_000) & 0xFFFF, True)]


@given(st.sampled_from(["opus", "vp8", "h264"]), st.lists(st.binary(max_size=60), max_size=30))
def test_any_payload_is_survived(codec: Codec, payloads: list[bytes]) -> None:
    feeder = depacketiser(codec)
    for number, payload in enumerate(payloads):
        feeder.feed(packet(number, payload, marker=number % 3 == 0), follows_hole=number % 7 == 0)


def test_a_picture_with_a_lost_part_is_left_out() -> None:
    key = b"\x10\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00" + bytes(3000)
    delta = b"\x11\x00\x00" + bytes(2000)
    feeder = depacketiser("vp8")
    parts = vp8_payloads(key, 1)
    done = [feeder.feed(packet(n, p, 0, n == len(parts) - 1), n == 0) for n, p in enumerate(parts)]
    assert done[-1] is not None and done[-1].is_key and done[-1].content == key
    broken = vp8_payloads(delta, 2)
    assert feeder.feed(packet(9, broken[1], 3000, True), True) is None
    assert feeder.wants_key_frame
    assert all(feeder.feed(packet(20, p, 6000, True), False) is None for p in vp8_payloads(b"\x11\x00\x00\x00", 3))


def test_vp8_descriptors_of_every_length() -> None:
    assert vp8_descriptor_bytes(b"\x10\x00") == 1
    assert vp8_descriptor_bytes(b"\x90\x80\x05\x00") == 3
    assert vp8_descriptor_bytes(b"\x90\xf0\x85\x05\x01\x02\x00") == 6
    assert vp8_descriptor_bytes(b"\x90\xf0\x85\x05\x01\x02") is None


@pytest.mark.parametrize(("first", "ms"), [(0xFC, 20), (0x78, 20), (0x08, 20), (0x18, 60), (0x79, 40), (0xE0, 2)])
def test_opus_durations(first: int, ms: int) -> None:
    assert opus_duration_ms(bytes([first, 0])) == ms


def test_a_slow_drift_is_followed_without_a_jump() -> None:
    """A sound card that runs 100 ppm fast: after an hour, times are still right to 5 ms."""
    clock = StreamClock("audio")
    worst_ns, last_wall_ns = 0, 0
    for second in range(3600):
        timestamp = round(second * 48_000 * 1.0001) & 0xFFFFFFFF
        clock.arrive(timestamp, second * S + 20 * MS)
        clock.report(timestamp, second * S)
        wall_ns = clock.wall_ns(timestamp)
        assert wall_ns > last_wall_ns or second == 0
        last_wall_ns = wall_ns
        worst_ns = max(worst_ns, abs(wall_ns - second * S))
    assert worst_ns < 5 * MS
    assert not clock.has_jumped


def test_a_report_sets_the_origin_and_a_later_step_is_a_jump() -> None:
    clock = StreamClock("video")
    clock.arrive(0, 10 * S + 80 * MS)
    clock.report(0, 10 * S)
    assert (clock.wall_ns(90_000), clock.take_origin_moved_ns()) == (11 * S, -80 * MS)
    clock.arrive(20 * 90_000, 30 * S)
    clock.report(20 * 90_000, 31 * S)
    assert clock.has_jumped


def test_both_kinds_share_the_offset_of_the_fastest_report() -> None:
    publisher = PublisherClock()
    ntp = 5000 << 32
    publisher.report("audio", ntp, 1, 100 * S + 300 * MS)
    publisher.report("video", ntp, 2, 100 * S + 20 * MS)
    assert publisher.captured() == {"audio": (1, 100 * S + 20 * MS), "video": (2, 100 * S + 20 * MS)}


def test_spans_and_gaps_make_up_the_hearing() -> None:
    opened = datetime(2026, 11, 24, 2, tzinfo=UTC)

    def gap(begin: int, end: int | None) -> Gap:
        ended = opened + timedelta(seconds=end) if end is not None else None
        return Gap(reason=GapReason.RECESS, began_at=opened + timedelta(seconds=begin), ended_at=ended)

    hearing = hearing_from(opened, 100, [gap(10, 20), gap(50, 60)])
    found = [
        ((s.began_at - opened).seconds, (s.ended_at - opened).seconds if s.ended_at else None) for s in spans(hearing)
    ]
    assert found == [(0, 10), (20, 50), (60, 100)]
    in_recess = spans(hearing_from(opened, 100, [gap(10, None)]))
    assert [(s.ended_at - s.began_at).seconds for s in in_recess if s.ended_at] == [10]
    assert spans(hearing.model_copy(update={"opened_at": None})) == ()


@pytest.mark.parametrize("name", ["..", "a/b", "", ".", "/etc", "a\x00b", "a\n"])
def test_hearing_ids_never_leave_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="hearing id"):
        hearing_folder(Path("/data"), HearingId(name))
