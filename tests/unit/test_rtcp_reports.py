"""What viewers' browsers tell: how streams arrive, and how much the browsers think they can receive."""

import struct

import pytest
from aiortc.rtp import RtcpReceiverInfo, RtcpRrPacket, RtcpSenderInfo, RtcpSrPacket
from hypothesis import given
from hypothesis import strategies as st

from media import rtcp

pytestmark = pytest.mark.unit

u8 = st.integers(0, 0xFF)
u32 = st.integers(0, 0xFFFFFFFF)
reports = st.builds(rtcp.ReceiverReport, u32, u8, st.integers(-0x800000, 0x7FFFFF), u32, u32, u32, u32)


def as_aiortc(report: rtcp.ReceiverReport) -> RtcpReceiverInfo:
    return RtcpReceiverInfo(
        ssrc=report.ssrc,
        fraction_lost=report.fraction_lost,
        packets_lost=report.lost,
        highest_sequence=report.highest_seq,
        jitter=report.jitter,
        lsr=report.last_report,
        dlsr=report.delay,
    )


@given(st.lists(reports, max_size=31))
def test_report_blocks_come_back(blocks: list[rtcp.ReceiverReport]) -> None:
    assert list(rtcp.read_compound(rtcp.receiver_report(1, blocks))) == blocks


@given(st.lists(reports, max_size=31))
def test_we_read_aiortcs_reports_also_those_of_senders(blocks: list[rtcp.ReceiverReport]) -> None:
    infos = [as_aiortc(block) for block in blocks]
    receives = RtcpRrPacket(ssrc=1, reports=infos)
    sends = RtcpSrPacket(ssrc=2, sender_info=RtcpSenderInfo(3, 4, 5, 6), reports=infos)
    notices = list(rtcp.read_compound(bytes(receives) + bytes(sends)))
    assert notices == [*blocks, rtcp.SenderReport(2, 3, 4), *blocks]


@given(st.integers(0, 1 << 60), st.lists(u32, max_size=255))
def test_an_estimate_comes_back(bits_per_s: int, ssrcs: list[int]) -> None:
    (notice,) = rtcp.read_compound(rtcp.bandwidth_allowed(1, bits_per_s, ssrcs))
    assert isinstance(notice, rtcp.BandwidthEstimate)
    assert notice.ssrcs == tuple(ssrcs)
    assert bits_per_s * (1 - 2**-17) <= notice.bits_per_s <= bits_per_s


def test_other_messages_of_the_application_layer_are_none_of_ours() -> None:
    assert list(rtcp.read_compound(struct.pack("!BBHII4s", 0x8F, 206, 3, 1, 0, b"GOOG"))) == []
    assert list(rtcp.read_compound(struct.pack("!BBHII", 0x8F, 206, 2, 1, 0))) == []


@pytest.mark.parametrize(
    "compound",
    [
        struct.pack("!BBHII4sI", 0x8F, 206, 4, 1, 0, b"REMB", 200 << 24),  # 200 streams, none of them there
        struct.pack("!BBHII4s", 0x8F, 206, 3, 1, 0, b"REMB"),
        struct.pack("!BBHI", 0x81, 201, 1, 1),  # a block is missing
        struct.pack("!BBHIQIII", 0x82, 200, 6, 1, 2, 3, 4, 5),
        struct.pack("!BBH", 0x81, 201, 0),
        struct.pack("!BBHI", 0xA0, 201, 1, 1 << 8),  # padding of no bytes
        struct.pack("!BBHI", 0xA0, 201, 1, 3),  # padding that isn't whole words
        struct.pack("!BBHI", 0xA0, 201, 1, 8),  # padding that reaches into the header
        struct.pack("!BBH", 0xA0, 201, 0),
    ],
)
def test_what_lies_about_its_size_is_a_value_error(compound: bytes) -> None:
    with pytest.raises(ValueError, match=r"RTCP padding|REMB|block"):
        list(rtcp.read_compound(compound))


def test_padding_asks_for_nothing_again() -> None:
    padded = bytearray(rtcp.nack(1, 2, [7]) + bytes(3) + b"\x04")
    padded[0] |= 0x20
    padded[3] += 1
    assert list(rtcp.read_compound(bytes(padded))) == [rtcp.Nack(2, (7,))]


def test_kinds_that_we_ignore_do_not_hide_the_rest() -> None:
    """BYE, APP, XR and transport-wide feedback, before something that counts."""
    ignored = struct.pack("!BBHI", 0x81, 203, 1, 9) + struct.pack("!BBHI4s", 0x80, 204, 2, 9, b"name")
    ignored += struct.pack("!BBHIBBHQ", 0x80, 207, 4, 9, 4, 0, 2, 77)
    ignored += struct.pack("!BBHIIHHIHH", 0x8F, 205, 5, 1, 2, 0, 1, 0, 0x2001, 0)
    assert list(rtcp.read_compound(ignored + rtcp.picture_loss(1, 5))) == [rtcp.KeyFrameWanted(5)]
