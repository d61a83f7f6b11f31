"""A browser's stand-in that speaks ICE, DTLS and SRTP, and holds every packet in its hands."""

import asyncio
from collections.abc import Callable
from typing import cast

from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceTransport

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import MediaAnswer, MediaPlane
from cloudcourt.domain.routing import LineKind
from media import rtcp
from media.sdp import LEVEL_EXTENSION, REPAIRED_RID_EXTENSION, RID_EXTENSION, SEND_TIME_EXTENSION, WIDE_EXTENSION
from tests.bed.roads import LOOPBACK, Roads, TcpRoad, UdpRoad

OPUS, VP8, RTX, H264, H264_RTX = 111, 96, 97, 102, 103
LEVEL_ID, SEND_TIME_ID, WIDE_ID, MID_ID, RID_ID, REPAIRED_RID_ID = 1, 2, 3, 4, 5, 6

_AUDIO = f"""\
a=rtpmap:{OPUS} opus/48000/2
a=rtcp-fb:{OPUS} transport-cc
a=fmtp:{OPUS} minptime=10;useinbandfec=1
"""
_VP8 = f"""\
a=rtpmap:{VP8} VP8/90000
a=rtcp-fb:{VP8} goog-remb
a=rtcp-fb:{VP8} ccm fir
a=rtcp-fb:{VP8} nack
a=rtcp-fb:{VP8} nack pli
"""
_VP8_RTX = f"a=rtpmap:{RTX} rtx/90000\na=fmtp:{RTX} apt={VP8}\n"
_H264 = f"""\
a=rtpmap:{H264} H264/90000
a=rtcp-fb:{H264} nack
a=rtcp-fb:{H264} nack pli
a=fmtp:{H264} level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtpmap:{H264_RTX} rtx/90000
a=fmtp:{H264_RTX} apt={H264}
"""


async def until(condition: Callable[[], object], what: str = "it happens", within_s: float = 10.0) -> None:
    """Wait until `condition` holds; fail after `within_s`."""
    try:
        async with asyncio.timeout(within_s):
            while not condition():
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"waited {within_s} s in vain until {what}") from None


class _Dtls(RTCDtlsTransport):
    """Hands decrypted packets over instead of parsing them."""

    def __init__(self, roads: Roads, certificate: RTCCertificate) -> None:
        super().__init__(cast(RTCIceTransport, roads), [certificate])
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.rtcp_at: list[float] = []
        """When each of these came, by the event loop's clock."""

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        self.rtp.append(data)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self.rtcp.append(data)
        self.rtcp_at.append(asyncio.get_running_loop().time())


class RtcClient:
    """One person's browser.

    `h264_only` offers no VP8; `repairs` offers RTX. `rids` offers that many layers, lowest first. `has_wide` offers
    what Chromium does: transport-wide numbers, audio levels and send times. `hosts` are its own addresses. `screens`
    offers a line for one's own screen and one for the court's; then packets of pictures must be `on_line`.
    """

    def __init__(
        self,
        *,
        pairs: int,
        repairs: bool = True,
        h264_only: bool = False,
        sends: bool = True,
        rids: tuple[str, ...] = (),
        has_wide: bool = False,
        by_tcp: bool = False,
        hosts: tuple[str, ...] = (LOOPBACK,),
        screens: bool = False,
    ) -> None:
        self.roads = Roads()
        self.ice = UdpRoad(self.roads, hosts)
        self._agents = [self.ice]
        self._certificate = RTCCertificate.generateCertificate()
        self.dtls = _Dtls(self.roads, self._certificate)
        self._pairs, self._repairs, self._h264_only, self._sends = pairs, repairs, h264_only, sends
        self._rids, self._has_wide, self._by_tcp = rids, has_wide, by_tcp
        self._kinds = ["audio", "video"] * (1 + pairs) + ["video", "video"] * screens
        self._own_screen = 2 + 2 * pairs
        """The number, and name, of the line for one's own screen, where there is one."""
        self._courts_screen: tuple[int, int] | None = None
        self._ssrcs: dict[tuple[ParticipantId, LineKind], tuple[int, int]] = {}
        self.answer: MediaAnswer | None = None

    async def offer(self) -> str:
        if not self.ice.local_candidates:
            await self.ice.gather_candidates()
        count = len(self._kinds)
        head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        head.append("a=group:BUNDLE " + " ".join(str(n) for n in range(count)))
        return "\r\n".join([*head, *(line for n in range(count) for line in self._media(n))]) + "\r\n"

    def _media(self, number: int) -> list[str]:
        prints = self._certificate.getFingerprints()
        kind = self._kinds[number]
        if kind == "audio":
            codecs, listed = _AUDIO, f"{OPUS}"
        elif self._h264_only:
            codecs, listed = _H264, f"{H264} {H264_RTX}"
        elif self._repairs:
            codecs, listed = _VP8 + _VP8_RTX + _H264, f"{VP8} {RTX} {H264} {H264_RTX}"
        else:
            codecs, listed = _VP8, f"{VP8}"
        is_own = number in (0, 1, self._own_screen)
        direction = ("sendonly" if self._sends else "inactive") if is_own else "recvonly"
        return [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {listed}",
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{self.ice.local_username}",
            f"a=ice-pwd:{self.ice.local_password}",
            f"a=fingerprint:sha-256 {prints[0].value}",
            "a=setup:actpass",
            f"a=mid:{number}",
            f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid",
            *self._more(number),
            # An address where nobody is: the server must not care.
            "a=candidate:1 1 udp 2130706431 192.0.2.77 9 typ host",
            f"a={direction}",
            "a=rtcp-mux",
            "a=rtcp-rsize",
            *codecs.splitlines(),
        ]

    async def join(self, plane: MediaPlane, hearing_id: HearingId, participant_id: ParticipantId) -> None:
        """Offer, take the answer, and connect."""
        await self.take(await plane.connect(hearing_id, participant_id, await self.offer()))

    def _more(self, number: int) -> list[str]:
        """What only newer browsers say of a line."""
        lines = []
        if self._has_wide:
            lines += [f"a=extmap:{SEND_TIME_ID} {SEND_TIME_EXTENSION}", f"a=extmap:{WIDE_ID} {WIDE_EXTENSION}"]
            lines += [f"a=extmap:{LEVEL_ID} {LEVEL_EXTENSION}"] if number % 2 == 0 else []
            lines += [f"a=rtcp-fb:{VP8} transport-cc"] if number % 2 and not self._h264_only else []
        if self._rids and number == 1:
            lines += [f"a=extmap:{RID_ID} {RID_EXTENSION}", f"a=extmap:{REPAIRED_RID_ID} {REPAIRED_RID_EXTENSION}"]
            lines += [f"a=rid:{rid} send" for rid in self._rids]
            lines.append("a=simulcast:send " + ";".join(self._rids))
        return lines

    async def take(self, answer: MediaAnswer) -> None:
        self.answer = answer
        self._read_ssrcs(answer)
        await self._reach(answer)
        found = _attributes(answer.sdp.splitlines())
        async with asyncio.timeout(10):
            self.dtls._set_role("server" if found["setup"][0] == "active" else "client")
            prints = [RTCDtlsFingerprint(*value.split(" ")) for value in found["fingerprint"][:1]]
            await self.dtls.start(RTCDtlsParameters(fingerprints=prints))
        assert self.dtls.state == "connected"

    async def _reach(self, answer: MediaAnswer) -> None:
        found = _attributes(answer.sdp.splitlines())
        there = found["candidate"], found["ice-ufrag"][0], found["ice-pwd"][0]
        async with asyncio.timeout(10):
            if self._by_tcp:
                self.roads.take(await TcpRoad.reach(self.roads, there[0], self.ice.local_username, *there[1:]))
            else:
                await self.ice.reach(*there)
                self.roads.take(self.ice)

    async def restart(self, plane: MediaPlane, hearing_id: HearingId, participant_id: ParticipantId) -> MediaAnswer:
        """An ICE restart: the same certificate, new credentials, and with them a new path."""
        await self.reach(answer := await self.offer_restart(plane, hearing_id, participant_id))
        return answer

    async def offer_restart(
        self, plane: MediaPlane, hearing_id: HearingId, participant_id: ParticipantId
    ) -> MediaAnswer:
        """The first half of a restart: the old path is still in use."""
        self.ice = UdpRoad(self.roads)
        self._agents.append(self.ice)
        return await plane.connect(hearing_id, participant_id, await self.offer())

    async def reach(self, answer: MediaAnswer) -> None:
        """The second half."""
        self.answer = answer
        self._read_ssrcs(answer)
        await self._reach(answer)

    def _read_ssrcs(self, answer: MediaAnswer) -> None:
        sections = answer.sdp.split("\r\nm=")[1:]
        by_mid = {_attributes(section.splitlines())["mid"][0]: section.splitlines() for section in sections}
        for seat in answer.seats:
            mids: dict[LineKind, str] = {"audio": seat.audio_mid, "video": seat.video_mid}
            for kind, mid in mids.items():
                ssrcs = [int(value.split(" ")[0]) for value in _attributes(by_mid[mid]).get("ssrc", [])]
                self._ssrcs[seat.participant_id, kind] = (ssrcs[0], ssrcs[-1])
        if answer.screen_mid is not None:
            ssrcs = [int(value.split(" ")[0]) for value in _attributes(by_mid[answer.screen_mid])["ssrc"]]
            self._courts_screen = ssrcs[0], ssrcs[-1]

    def on_own_screen(self, packets: list[bytes]) -> list[bytes]:
        """These packets of a picture, named for the line of one's own screen."""
        return [on_line(packet, str(self._own_screen)) for packet in packets]

    def courts_screen(self) -> list[bytes]:
        """What came so far on the line of the screen that the court is shown, whosever it is."""
        assert self._courts_screen is not None
        return self._of(self._courts_screen[0])

    def ssrc_of(self, source: ParticipantId, kind: LineKind) -> int:
        return self._ssrcs[source, kind][0]

    def stream(self, source: ParticipantId, kind: LineKind) -> list[bytes]:
        """What came of that person so far, in order of arrival, repairs not included."""
        return self._of(self._ssrcs[source, kind][0])

    async def receives(self, source: ParticipantId, kind: LineKind, count: int) -> list[bytes]:
        """Wait for that many packets of a stream; all that came are returned."""
        await until(lambda: len(self.stream(source, kind)) >= count, f"{count} packets of {source}'s {kind} came")
        return self.stream(source, kind)

    def repairs(self, source: ParticipantId) -> list[bytes]:
        return self._of(self._ssrcs[source, "video"][1])

    def _of(self, ssrc: int) -> list[bytes]:
        return [packet for packet in self.dtls.rtp if int.from_bytes(packet[8:12], "big") == ssrc]

    def notices(self) -> list[rtcp.Notice]:
        """Sender reports, NACKs and key frame requests that came so far."""
        return [notice for compound in self.dtls.rtcp for notice in rtcp.read_compound(compound)]

    def nacked(self) -> set[int]:
        return {seq for n in self.notices() if isinstance(n, rtcp.Nack) for seq in n.seqs}

    def key_frame_requests(self) -> int:
        return sum(isinstance(n, rtcp.KeyFrameWanted) for n in self.notices())

    async def send(self, *packets: bytes) -> None:
        for packet in packets:
            await self.dtls._send_rtp(packet)

    def lose_every(self, nth: int, source: ParticipantId) -> list[int]:
        """Lose every `nth` packet of that person's video the first time it comes. The list of numbers grows."""
        ssrc, seen, lost = self.ssrc_of(source, "video"), set[int](), list[int]()

        def loses(datagram: bytes) -> bool:
            if int.from_bytes(datagram[8:12], "big") != ssrc or (seq := seq_of(datagram)) in seen:
                return False
            seen.add(seq)
            if len(seen) % nth == 0:
                lost.append(seq)
            return len(seen) % nth == 0

        self.roads.loses = loses
        return lost

    async def ask_again(self, source: ParticipantId, *seqs: int) -> None:
        """NACK some of a person's video."""
        await self.send(rtcp.nack(1, self.ssrc_of(source, "video"), seqs))

    async def ask_key_frame(self, source: ParticipantId) -> None:
        await self.send(rtcp.picture_loss(1, self.ssrc_of(source, "video")))

    @property
    def address(self) -> tuple[str, int]:
        """Where the server was found."""
        return self.ice.server

    async def close(self) -> None:
        pump = self.dtls._task
        await self.dtls.stop()
        for agent in self._agents:
            await agent.close()
        await self.roads.close()
        if pump is not None:
            await asyncio.wait([pump])


def on_line(packet: bytes, mid: str) -> bytes:
    """A packet of `tests.bed.rtp_source` with its line's name (of one letter) where its extension has room."""
    assert packet[12:20] == b"\xbe\xde\x00\x01\x10\x80\x00\x00"
    return packet[:18] + bytes([MID_ID << 4]) + mid.encode() + packet[20:]


def repair_of(packet: bytes, *, seq: int, ssrc: int = 0x77777777, payload_type: int = RTX) -> bytes:
    """The RTX packet that brings `packet` again (its header extension left out)."""
    offset = 12
    if packet[0] & 0x10:
        offset += 4 + 4 * int.from_bytes(packet[14:16], "big")
    head = bytes([0x80, packet[1] & 0x80 | payload_type]) + seq.to_bytes(2, "big")
    return head + packet[4:8] + ssrc.to_bytes(4, "big") + packet[2:4] + packet[offset:]


def seq_of(packet: bytes) -> int:
    return int.from_bytes(packet[2:4], "big")


def timestamp_of(packet: bytes) -> int:
    return int.from_bytes(packet[4:8], "big")


def _attributes(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("a="):
            name, _, value = line[2:].partition(":")
            found.setdefault(name, []).append(value)
    return found
