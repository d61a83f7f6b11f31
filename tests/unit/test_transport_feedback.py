"""Transport-wide feedback: what its sender reads is what we saw."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.congestion.feedback import MAX_GAP, MAX_LATE, TICK_US, FeedbackWriter, read_feedback

pytestmark = pytest.mark.unit

MS = 1_000_000
WRAP_US = (1 << 24) * 64_000
MAX_BYTES = 1100


def received(packets: list[bytes]) -> dict[int, int]:
    return {seq: at for packet in packets for seq, at in read_feedback(packet)[1] if at is not None}


def reported(packets: list[bytes]) -> list[int]:
    return [seq for packet in packets for seq, _ in read_feedback(packet)[1]]


def ticked(arrived_ns: int) -> int:
    """The arrival as the sender should read it, in us."""
    return arrived_ns // (TICK_US * 1000) * TICK_US % WRAP_US


def steps_in_ms(most: int) -> st.SearchStrategy[list[tuple[int, float]]]:
    """How far the number and the time go on from packet to packet."""
    return st.lists(st.tuples(st.integers(1, most), st.floats(0, 20)), min_size=1, max_size=600)


@given(st.integers(0, 0xFFFF), st.integers(0, 1 << 62), steps_in_ms(4))
def test_what_came_and_what_did_not(first: int, began_ns: int, steps: list[tuple[int, float]]) -> None:
    number, at_ns, arrivals = first, began_ns, []
    for further, later_ms in steps:
        arrivals.append((number & 0xFFFF, at_ns))
        number, at_ns = number + further, at_ns + int(later_ms * MS)
    packets = FeedbackWriter(7).write(42, arrivals)
    assert all(len(packet) < MAX_BYTES and len(packet) % 4 == 0 for packet in packets)
    assert received(packets) == {seq: ticked(at) for seq, at in arrivals}
    last = arrivals[-1][0]
    assert reported(packets) == [n & 0xFFFF for n in range(first, first + ((last - first) & 0xFFFF) + 1)]
    assert [packet[19] for packet in packets] == list(range(len(packets)))


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 60_000 * MS)), max_size=400))
def test_whatever_comes_in_whatever_order_is_reported_once_and_small(arrivals: list[tuple[int, int]]) -> None:
    writer = FeedbackWriter(7)
    for at in range(0, len(arrivals), 40):
        packets = writer.write(42, arrivals[at : at + 40])
        assert all(len(packet) < MAX_BYTES for packet in packets)
        for seq, at_us in received(packets).items():
            assert at_us in {ticked(ns) for number, ns in arrivals if number == seq}


def test_the_bytes_are_those_of_the_draft() -> None:
    """Numbers 10 to 12 of which 11 is missing, 70 ms and 80 ms after the clock's zero."""
    (packet,) = FeedbackWriter(0x01020304).write(0x0A0B0C0D, [(10, 70 * MS), (12, 80 * MS)])
    assert packet == struct.pack(
        "!BBHIIHHIHBB",
        0x8F,
        205,
        5,
        0x01020304,
        0x0A0B0C0D,
        10,
        3,
        1 << 8,  # 64 ms, and the first feedback
        0b1010_0000_0000_0000 | 0b1000_0000_0000_0000 | 1 << 11,  # a vector of one bit each: 1 0 1
        24,  # 6 ms
        40,  # 10 ms
    )


def test_long_runs_take_one_chunk() -> None:
    (packet,) = FeedbackWriter(1).write(2, [(n, n * MS) for n in range(100)])
    assert len(packet) == 20 + 2 + 100 + 2
    assert packet[20:22] == struct.pack("!H", 1 << 13 | 100)


def test_losses_between_two_reports_are_told() -> None:
    writer = FeedbackWriter(1)
    writer.write(2, [(0xFFFD, MS)])
    base, statuses = read_feedback(writer.write(2, [(1, 2 * MS)])[0])
    assert base == 0xFFFE
    assert statuses == [(0xFFFE, None), (0xFFFF, None), (0, None), (1, ticked(2 * MS))]
    assert writer.write(2, []) == []


def test_a_late_packet_is_told_with_all_that_came_after_it() -> None:
    writer = FeedbackWriter(1)
    writer.write(2, [(0xFFFE, MS), (1, 2 * MS), (2, 3 * MS)])
    (packet,) = writer.write(2, [(0xFFFF, 30 * MS), (3, 31 * MS)])
    assert [(seq, at) for seq, at in read_feedback(packet)[1]] == [
        (0xFFFF, 30_000),
        (0, None),
        (1, 2_000),
        (2, 3_000),
        (3, 31_000),
    ]


def test_a_copy_is_not_told_again() -> None:
    writer = FeedbackWriter(1)
    writer.write(2, [(5, MS), (6, 2 * MS)])
    assert writer.write(2, [(5, 9 * MS)]) == []
    assert received(writer.write(2, [(6, 9 * MS), (7, 10 * MS), (7, 11 * MS)])) == {7: 10_000}


def test_what_is_too_late_is_left_out() -> None:
    writer = FeedbackWriter(1)
    writer.write(2, [(1000, MS)])
    assert received(writer.write(2, [(1000 - MAX_LATE - 1, 2 * MS), (1001, 2 * MS)])) == {1001: 2_000}
    assert 1001 - MAX_LATE in received(writer.write(2, [(1001 - MAX_LATE, 3 * MS)]))


def test_a_sender_that_counts_from_elsewhere_is_followed() -> None:
    writer = FeedbackWriter(1)
    writer.write(2, [(40_000, MS)])
    base, statuses = read_feedback(writer.write(2, [(20_000, 2 * MS), (20_001, 3 * MS)])[0])
    assert (base, len(statuses)) == (20_000, 2)
    assert reported(writer.write(2, [(20_003, 4 * MS)])) == [20_002, 20_003]


def test_a_jump_is_not_a_loss() -> None:
    writer = FeedbackWriter(1)
    packets = writer.write(2, [(0, MS), (MAX_GAP, 2 * MS), (2 * MAX_GAP + 1, 3 * MS)])
    assert [(read_feedback(packet)[0], len(read_feedback(packet)[1])) for packet in packets] == [
        (0, MAX_GAP + 1),
        (2 * MAX_GAP + 1, 1),
    ]
    (packet,) = writer.write(2, [(50_000, 4 * MS)])
    assert reported([packet]) == [50_000]


def test_numbers_that_leap_all_the_time_cost_little() -> None:
    leaps = [(n * 30_011 & 0xFFFF, n * MS) for n in range(2000)]
    packets = FeedbackWriter(1).write(2, leaps)
    assert sum(len(packet) for packet in packets) < 64 * 2000


def test_a_delta_out_of_range_begins_a_new_packet() -> None:
    longest_ns = 0x7FFF * TICK_US * 1000
    packets = FeedbackWriter(1).write(2, [(0, 0), (1, longest_ns), (2, 2 * longest_ns + TICK_US * 1000)])
    assert [read_feedback(packet)[0] for packet in packets] == [0, 2]
    assert received(packets)[2] == (2 * 0x7FFF + 1) * TICK_US


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        bytes(20),
        struct.pack("!BBHIIHHI", 0x8F, 205, 4, 1, 2, 0, 1, 0),  # no chunk
        struct.pack("!BBHIIHHIHH", 0x8F, 205, 5, 1, 2, 0, 9, 0, 0x2009, 0),  # too few deltas
        struct.pack("!BBHIIHHIHH", 0x8F, 205, 5, 1, 2, 0, 7, 0, 0x6007, 0),  # status 3 in a run
        struct.pack("!BBHIIHHIHH", 0x8F, 205, 5, 1, 2, 0, 7, 0, 0xF000, 0),  # status 3 in a vector
        struct.pack("!BBHIIHHIHH", 0x8F, 205, 9, 1, 2, 0, 1, 0, 0x2001, 0),  # length lies
        struct.pack("!BBHIIHHIHH", 0x81, 205, 5, 1, 2, 0, 1, 0, 0x2001, 0),  # a NACK
        struct.pack("!BBHIIHHIHH", 0x8F, 205, 5, 1, 2, 0, 0xFFFF, 0, 0, 0),  # chunks of nothing
    ],
)
def test_what_is_malformed_is_a_value_error(packet: bytes) -> None:
    with pytest.raises(ValueError, match=r"feedback|chunks|deltas|status"):
        read_feedback(packet)


@given(st.binary(max_size=60))
def test_nothing_but_a_value_error_comes_of_rubbish(rubbish: bytes) -> None:
    packet = struct.pack("!BBH", 0x8F, 205, 4 + len(rubbish) // 4) + bytes(8) + b"\0\0" + rubbish
    for candidate in (rubbish, packet):
        try:
            _, statuses = read_feedback(candidate)
        except ValueError:
            continue
        assert len(statuses) <= 0xFFFF
