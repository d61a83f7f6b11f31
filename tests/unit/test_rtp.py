"""RTP and RTCP as bytes."""

import struct

import pytest
from aiortc.rtp import RtcpPacket, RtcpPsfbPacket, RtcpRrPacket, RtcpRtpfbPacket, RtcpSrPacket, unpack_remb_fci
from hypothesis import given
from hypothesis import strategies as st

from media import rtcp
from media.rtp import (
    FIXED_HEADER,
    SEQ_TIME_SSRC,
    is_rtcp,
    mid_extension,
    payload_offset,
    starts_h264_key_frame,
    starts_key_frame,
    starts_vp8_key_frame,
    unwrap,
    unwrap_repair,
)

pytestmark = pytest.mark.unit

u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)


def packet(payload: bytes, *, first: int = 0x80, second: int = 96, seq: int = 7, more: bytes = b"") -> bytes:
    return FIXED_HEADER.pack(first, second, seq, 1000, 42) + more + payload


@given(st.binary(max_size=80))
def test_no_bytes_make_the_readers_raise(data: bytes) -> None:
    offset = payload_offset(data)
    assert -1 <= offset <= len(data)
    if offset >= 0:
        starts_vp8_key_frame(data, offset)
        starts_h264_key_frame(data, offset)
        original = unwrap_repair(data, offset, 96, 1)
        assert original is None or payload_offset(original) == 12


@given(st.binary(max_size=200))
def test_no_bytes_make_the_rtcp_reader_raise_anything_but_value_error(data: bytes) -> None:
    try:
        for notice in rtcp.read_compound(data):
            assert not isinstance(notice, rtcp.Nack) or len(notice.seqs) <= rtcp.MAX_NACKED
    except ValueError:
        pass


def test_the_payload_follows_sources_and_extension() -> None:
    assert payload_offset(packet(b"p")) == 12
    assert payload_offset(packet(b"p", first=0x82, more=bytes(8))) == 20
    extension = mid_extension(3, "12")
    assert payload_offset(packet(b"p", first=0x90, more=extension)) == 12 + len(extension)
    assert payload_offset(packet(b"p\x00\x02", first=0xA0)) == 12
    assert payload_offset(packet(b"p", first=0x40)) == -1


@given(st.integers(0, 1 << 40), st.integers(-0x8000, 0x7FFF))
def test_a_number_unwraps_to_the_nearest(near: int, apart: int) -> None:
    there = near + 0x10000 + apart
    assert unwrap(there & 0xFFFF, near + 0x10000) == there


def test_rtcp_is_told_by_its_second_byte() -> None:
    assert is_rtcp(200)
    assert is_rtcp(206)
    assert not is_rtcp(96)
    assert not is_rtcp(0x80 | 111)


@pytest.mark.parametrize(
    ("descriptor", "begins"),
    [
        (b"\x10", True),
        (b"\x90\x80\x12", True),
        (b"\x90\x80\x92\x34", True),
        (b"\x90\xe0\x92\x34\x01\x20", True),
        (b"\x00", False),  # goes on
        (b"\x11", False),  # another partition
    ],
)
def test_vp8_key_frames(descriptor: bytes, begins: bool) -> None:
    assert starts_vp8_key_frame(packet(descriptor + b"\x10\x02\x00"), 12) is begins
    assert not starts_vp8_key_frame(packet(descriptor + b"\x11\x02\x00"), 12)
    assert not starts_vp8_key_frame(packet(descriptor), 12)


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        (b"\x67\x42", True),
        (b"\x65\x88", True),
        (b"\x41\x9a", False),
        (b"\x78\x00\x02\x67\x42\x00\x02\x68\xce", True),
        (b"\x78\x00\x02\x09\xf0\x00\x02\x41\x9a", False),
        (b"\x7c\x85", True),
        (b"\x7c\x05", False),
        (b"\x7c\x81", False),
        (b"", False),
    ],
)
def test_h264_key_frames(payload: bytes, begins: bool) -> None:
    assert starts_h264_key_frame(packet(payload), 12) is begins


def test_sound_can_begin_anywhere() -> None:
    assert starts_key_frame("opus", packet(b""), 12)
    assert not starts_key_frame("vp8", packet(b""), 12)
    assert not starts_key_frame("h264", packet(b""), 12)


@given(u16, u32, st.booleans(), st.binary(min_size=1, max_size=50), st.integers(0, 9))
def test_a_repair_brings_the_original_back(seq: int, timestamp: int, last: bool, payload: bytes, padding: int) -> None:
    repair = struct.pack("!BBHII", 0xA0 if padding else 0x80, 97 | last << 7, 5, timestamp, 99)
    repair += struct.pack("!H", seq) + payload
    if padding:
        repair += bytes(padding - 1) + bytes([padding])
    original = unwrap_repair(repair, payload_offset(repair), 96, 42)
    assert original is not None
    assert original[1] == 96 | last << 7
    assert SEQ_TIME_SSRC.unpack_from(original, 2) == (seq, timestamp, 42)
    assert original[12:] == payload


def test_an_empty_repair_is_a_probe() -> None:
    assert unwrap_repair(packet(b"", second=97), 12, 96, 42) is None
    assert unwrap_repair(packet(b"\x00\x01\x00\x00\x00\x04", first=0xA0, second=97), 12, 96, 42) is None


def test_a_mid_extension_is_whole_words() -> None:
    assert mid_extension(4, "7") == b"\xbe\xde\x00\x01\x40\x37\x00\x00"
    assert len(mid_extension(14, "abcdefgh")) % 4 == 0
    for extension_id, mid in ((0, "1"), (15, "1"), (1, ""), (1, "x" * 17)):
        with pytest.raises(ValueError, match="one-byte"):
            mid_extension(extension_id, mid)


@given(st.lists(u16, min_size=1, max_size=200, unique=True), u32, u32)
def test_aiortc_reads_our_nacks_and_so_do_we(seqs: list[int], reporter: int, ssrc: int) -> None:
    compound = rtcp.nack(reporter, ssrc, seqs)
    (parsed,) = RtcpPacket.parse(compound)
    assert isinstance(parsed, RtcpRtpfbPacket)
    # aiortc forgets to wrap at 65536.
    asked = {seq & 0xFFFF for seq in parsed.lost}
    assert (parsed.ssrc, parsed.media_ssrc, asked) == (reporter, ssrc, set(seqs))
    (notice,) = rtcp.read_compound(compound)
    assert isinstance(notice, rtcp.Nack)
    assert set(notice.seqs) == set(seqs)


def test_nacks_of_a_run_share_items_across_the_wrap() -> None:
    assert len(rtcp.nack(1, 2, [0xFFFE, 0xFFFF, 0, 1, 14])) == 12 + 4
    assert len(rtcp.nack(1, 2, [0xFFFE, 15])) == 12 + 8


def test_aiortc_reads_our_reports() -> None:
    block = rtcp.ReceiverReport(42, 64, -3, 70_000, 9, 0x1234, 77)
    compound = rtcp.receiver_report(1, [block]) + rtcp.bandwidth_allowed(1, 2_000_000, [42, 43])
    report, allowed = RtcpPacket.parse(compound)
    assert isinstance(report, RtcpRrPacket)
    assert isinstance(allowed, RtcpPsfbPacket)
    (parsed,) = report.reports
    assert (parsed.ssrc, parsed.fraction_lost, parsed.packets_lost) == (42, 64, -3)
    assert (parsed.highest_sequence, parsed.jitter, parsed.lsr, parsed.dlsr) == (70_000, 9, 0x1234, 77)
    bits_per_s, ssrcs = unpack_remb_fci(allowed.fci)
    assert bits_per_s == pytest.approx(2_000_000, rel=1e-4)
    assert ssrcs == [42, 43]


@given(st.integers(1, 1 << 40))
def test_an_allowance_keeps_its_leading_bits(bits_per_s: int) -> None:
    parsed, _ = unpack_remb_fci(rtcp.bandwidth_allowed(1, bits_per_s, [])[12:])
    assert parsed == pytest.approx(bits_per_s, rel=1e-4)
    assert parsed <= bits_per_s


@given(u32, st.integers(0, (1 << 64) - 1), u32)
def test_a_sender_report_comes_back(ssrc: int, ntp: int, timestamp: int) -> None:
    compound = rtcp.sender_report(ssrc, ntp, timestamp, 5, 6) + rtcp.description(ssrc, "abcd")
    assert list(rtcp.read_compound(compound)) == [rtcp.SenderReport(ssrc, ntp, timestamp)]
    parsed = RtcpPacket.parse(compound)
    assert isinstance(parsed[0], RtcpSrPacket)
    assert parsed[0].sender_info.packet_count == 5


def test_key_frames_are_wanted_by_loss_and_by_request() -> None:
    full = struct.pack("!BBHIIIBBH", 0x84, 206, 4, 1, 0, 42, 1, 0, 0)
    assert list(rtcp.read_compound(rtcp.picture_loss(1, 41) + full)) == [
        rtcp.KeyFrameWanted(41),
        rtcp.KeyFrameWanted(42),
    ]
