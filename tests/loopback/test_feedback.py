"""What the server tells a publisher's browser about its packets, and what it learns of links, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.ports import LinkWeather
from media import rtcp
from media.congestion.feedback import read_feedback
from media.key_frames import KEY_FRAME_EVERY_NS
from tests.bed.live_person import LOUD, SOUND_SSRC, Layer, LivePerson
from tests.bed.rtc_client import OPUS, WIDE_ID, RtcClient, seq_of, until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF
from tests.golden.wire import Rtp
from tests.loopback.test_forwarding import KINDS, Courtroom, clip, everyone
from tests.loopback.test_layers import FALLS, Estimate, LayeredCourt, flows

pytestmark = pytest.mark.loopback

PATIENCE_S = 20.0
FEEDBACK, RECEIVER_REPORT = (15, 205), (1, 201)
"""Format or count, and packet type."""


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[LayeredCourt]:
    room = LayeredCourt(tmp_path)
    await room.open()
    yield room
    await room.close()


def feedback(client: RtcClient) -> list[bytes]:
    return [c for c in client.dtls.rtcp if (c[0] & 0x1F, c[1]) == FEEDBACK]


def reading(client: RtcClient) -> list[tuple[int, int | None]]:
    """Every number that was reported so far, with its arrival in us or None, in the order of the reports."""
    return [one for packet in feedback(client) for one in read_feedback(packet)[1]]


def blocks(client: RtcClient, ssrc: int) -> list[rtcp.ReceiverReport]:
    return [n for n in client.notices() if isinstance(n, rtcp.ReceiverReport) and n.ssrc == ssrc]


async def test_feedback_says_when_each_packet_came_and_which_did_not(court: LayeredCourt) -> None:
    client = await court.enters(JUDGE, rids=("l", "h"), has_wide=True)
    lost: list[int] = []
    live = LivePerson(client, Layer("l", 0x1000, kbps=50), Layer("h", 0x1001, kbps=100))

    def drops(datagram: bytes) -> bool:
        if 192 <= datagram[1] <= 223 or len(live.sent_wide) % 9 != 7:
            return False
        lost.append(live.sent_wide[-1])
        return True

    client.roads.drops = drops
    await until(lambda: len(reading(client)) > 200, "two hundred packets are reported", PATIENCE_S)
    await live.close()
    client.roads.drops = lambda _datagram: False
    last = len(live.sent_wide)
    await client.send(Rtp(OPUS, last, 0, SOUND_SSRC, b"", fields={WIDE_ID: last.to_bytes(2, "big")}).octets())
    await until(lambda: reading(client)[-1][0] == last, "the last one is reported", PATIENCE_S)
    reported = reading(client)
    assert [number for number, _ in reported] == [*live.sent_wide, last], "each once, in order"
    assert [number for number, arrived in reported if arrived is None] == lost
    arrivals = [arrived for _, arrived in reported if arrived is not None]
    assert all(a <= b for a, b in pairwise(arrivals))
    counts = [packet[19] for packet in feedback(client)]
    assert counts == list(range(len(counts)))


async def test_feedback_comes_in_turns_of_a_tenth_of_a_second(court: LayeredCourt) -> None:
    client, _ = await court.appears(JUDGE, l=50)
    await until(lambda: len(feedback(client)) > 12, "a second's worth has come", PATIENCE_S)
    ends = [max(a for _, a in read_feedback(p)[1] if a is not None) for p in feedback(client)]
    pauses = sorted(after - before for before, after in pairwise(ends))
    assert 80_000 <= pauses[len(pauses) // 2] <= 500_000, "in us, by the middle one"


@pytest.mark.parametrize("has_wide", [True, False])
async def test_a_limit_is_told_only_to_browsers_without_feedback(court: LayeredCourt, has_wide: bool) -> None:
    client = await court.enters(JUDGE, has_wide=has_wide)
    await client.send(*clip(RtpSource(JUDGE), "video"))
    await until(lambda: len(blocks(client, 0x1111)) > 1, "reports came", PATIENCE_S)
    told = [c for c in client.dtls.rtcp if b"REMB" in c]
    assert bool(told) is not has_wide
    assert client.answer is not None
    publishing = client.answer.sdp.split("m=")[2]
    assert ("transport-cc" in publishing, "goog-remb" in publishing) == (has_wide, not has_wide)


async def test_reports_count_what_was_lost(court: LayeredCourt) -> None:
    judge = await court.enters(JUDGE)
    sent = clip(RtpSource(JUDGE), "video", 2.4)
    lost = sent[5:-1:4]
    await judge.send(*(packet for packet in sent if packet not in lost))
    last = seq_of(sent[-1])
    await until(
        lambda: any(block.highest_seq & 0xFFFF == last for block in blocks(judge, 0x1111)),
        "all is reported",
        PATIENCE_S,
    )
    found = blocks(judge, 0x1111)
    assert found[-1].lost == len(lost)
    worst = max(block.fraction_lost for block in found)
    assert worst == pytest.approx(256 * len(lost) / len(sent), abs=40)
    await until(lambda: blocks(judge, 0x1111)[-1].fraction_lost == 0, "nothing more is lost", PATIENCE_S)
    assert blocks(judge, 0x1111)[-1].lost == len(lost)


async def test_reports_echo_the_publishers_own(court: LayeredCourt) -> None:
    judge = await court.enters(JUDGE)
    sent = clip(RtpSource(JUDGE), "video")
    await judge.send(*sent, rtcp.sender_report(0x1111, 0x1122_3344_5566_7788, 1, 1, 1))
    await until(lambda: any(b.last_report for b in blocks(judge, 0x1111)), "the report is echoed", PATIENCE_S)
    echo = next(b for b in blocks(judge, 0x1111) if b.last_report)
    assert echo.last_report == 0x3344_5566
    assert 0 <= echo.delay < PATIENCE_S * 65536


async def test_one_request_serves_all_who_want_a_key_frame_of_a_layer(court: LayeredCourt) -> None:
    strong, weak = await court.enters(PLAINTIFF), await court.enters(DEFENDANT)
    await court.route(everyone(*KINDS))
    judge, live = await court.appears(JUDGE, l=60, h=250)
    narrow = Estimate(weak, JUDGE)
    await narrow.until(lambda: flows(strong, JUDGE, "h")() and flows(weak, JUDGE, "h")(), "both see the best layer")
    await narrow.until(flows(weak, JUDGE, "l"), "one sees the lower layer", changes=FALLS)
    await live.close()
    await asyncio.sleep(KEY_FRAME_EVERY_NS / 1e9)  # what was asked for before doesn't count
    await court.heard_out(judge)
    before = {ssrc: requests(judge, ssrc) for ssrc in (0x1000, 0x1001)}
    for _ in range(20):
        await strong.ask_key_frame(JUDGE)
        await weak.ask_key_frame(JUDGE)
    await court.heard_out(strong)
    await court.heard_out(weak)
    for ssrc, count in before.items():
        await until(lambda: requests(judge, ssrc) > count, f"{ssrc} is asked")  # noqa: B023 - waited for at once
    assert {ssrc: requests(judge, ssrc) - count for ssrc, count in before.items()} == {0x1000: 1, 0x1001: 1}


def requests(client: RtcClient, ssrc: int) -> int:
    return sum(isinstance(n, rtcp.KeyFrameWanted) and n.ssrc == ssrc for n in client.notices())


async def test_lost_packets_are_asked_for_again_no_sooner_than_an_answer_can_come(court: LayeredCourt) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    speaking = LivePerson(plaintiff)
    delay_s = 0.4
    await echo_reports(judge, PLAINTIFF, court, delay_s)
    sent = clip(RtpSource(JUDGE), "video", 1.2)
    await judge.send(*sent[:5], *sent[6:])

    def asked() -> list[float]:
        found = zip(judge.dtls.rtcp, judge.dtls.rtcp_at, strict=True)
        return [at for c, at in found for n in rtcp.read_compound(c) if isinstance(n, rtcp.Nack)]

    await until(lambda: len(asked()) >= 3, "it is asked for a third time", PATIENCE_S)
    await speaking.close()
    pauses = [after - before for before, after in pairwise(asked())]
    assert pauses[0] >= delay_s
    assert pauses[1] >= 2 * delay_s


async def echo_reports(client: RtcClient, source: ParticipantId, court: Courtroom, delay_s: float) -> None:
    """Answer sender reports of a person's sound late, and say nothing of it, until the server believes the delay."""
    ssrc, loop = client.ssrc_of(source, "audio"), asyncio.get_running_loop()
    answered = 0

    def believes() -> bool:
        mine = weather_of(court, JUDGE)
        return mine is not None and mine.rtt_ms is not None and mine.rtt_ms >= delay_s * 1000

    async with asyncio.timeout(PATIENCE_S):
        while not believes():
            found = list(zip(client.dtls.rtcp, client.dtls.rtcp_at, strict=True))
            reports = [(n, at) for c, at in found for n in rtcp.read_compound(c) if isinstance(n, rtcp.SenderReport)]
            due = [n for n, at in reports if n.ssrc == ssrc and loop.time() - at > delay_s]
            for report in due[answered:]:
                block = rtcp.ReceiverReport(ssrc, 0, 0, 100, 0, report.ntp >> 16 & 0xFFFFFFFF, 0)
                await client.send(rtcp.receiver_report(1, [block]))
            answered = len(due)
            await asyncio.sleep(0.01)


def weather_of(court: Courtroom, person: ParticipantId) -> LinkWeather | None:
    return next((one for one in court.gallery.weather.people if one.participant_id == person), None)


async def test_the_weather_is_what_it_is(court: LayeredCourt) -> None:
    viewer = await court.enters(PLAINTIFF)
    await court.route(everyone(*KINDS))
    client, judge = await court.appears(JUDGE, l=200)
    judge.level = LOUD
    kept = client.roads
    sent = 0

    def drops(datagram: bytes) -> bool:
        nonlocal sent
        sent += 1
        return not 192 <= datagram[1] <= 223 and sent % 10 == 0

    kept.drops = drops
    ssrc, highest, lost = viewer.ssrc_of(JUDGE, "audio"), 1000, 0

    def weather() -> tuple[LinkWeather, LinkWeather] | None:
        up, down = weather_of(court, JUDGE), weather_of(court, PLAINTIFF)
        return None if up is None or down is None else (up, down)

    def settled() -> bool:
        found = weather()
        return found is not None and found[1].rtt_ms is not None and found[1].loss_down_percent > 0 < found[0].up_kbps

    async with asyncio.timeout(PATIENCE_S):
        while not settled():
            reports = [n for n in viewer.notices() if isinstance(n, rtcp.SenderReport) and n.ssrc == ssrc]
            if reports:
                highest, lost = highest + 100, lost + 25
                echo = reports[-1].ntp >> 16 & 0xFFFFFFFF
                await viewer.send(
                    rtcp.receiver_report(1, [rtcp.ReceiverReport(ssrc, 64, lost, highest, 0, echo, 65536)])
                )
            await asyncio.sleep(0.1)
    found = weather()
    assert found is not None
    up, down = found
    assert up.level_dbov == -LOUD
    assert down.level_dbov == -127
    assert up.loss_up_percent == pytest.approx(10, abs=8)
    assert down.loss_up_percent == 0
    assert down.loss_down_percent == pytest.approx(25, abs=1)
    assert 100 < up.up_kbps < 400
    assert 100 < down.down_kbps < 400
    assert down.up_kbps < 10
    assert (up.transport, down.transport) == ("udp", "udp")
    assert court.gallery.weather.speaker is None or court.gallery.weather.speaker == JUDGE
