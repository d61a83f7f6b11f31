"""A browser's stand-in that speaks ICE, DTLS and SRTP, and holds every packet in its hands."""

import asyncio
from collections.abc import Callable
from typing import Any

from aioice import ice
from aioice.candidate import Candidate
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceParameters, RTCIceTransport

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import MediaAnswer, MediaPlane
from cloudcourt.domain.routing import MediaKind
from media import rtcp

OPUS, VP8, RTX, H264, H264_RTX = 111, 96, 97, 102, 103
MID_ID = 4
_LOOPBACK = "127.0.0.1"

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


class _LoopbackIce(ice.Connection):
    """An agent that lives on 127.0.0.1 only, and may lose what comes."""

    loses: Callable[[bytes], bool] = staticmethod(lambda _datagram: False)

    def data_received(self, data: bytes, component: int) -> None:
        if not self.loses(data):
            super().data_received(data, component)

    async def get_component_candidates(self, component: int, addresses: list[str], timeout: int = 5) -> list[Candidate]:
        return await super().get_component_candidates(component, [_LOOPBACK], timeout)


class _Dtls(RTCDtlsTransport):
    """Hands decrypted packets over instead of parsing them."""

    def __init__(self, transport: RTCIceTransport, certificate: RTCCertificate) -> None:
        super().__init__(transport, [certificate])
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        self.rtp.append(data)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self.rtcp.append(data)


class RtcClient:
    """One person's browser. `h264_only` offers no VP8; `repairs` offers RTX."""

    def __init__(self, *, pairs: int, repairs: bool = True, h264_only: bool = False, sends: bool = True) -> None:
        gatherer = RTCIceGatherer(iceServers=[])
        self.ice = gatherer._connection = _LoopbackIce(ice_controlling=True)
        self._gatherer = gatherer
        self._ice = RTCIceTransport(gatherer)
        self._certificate = RTCCertificate.generateCertificate()
        self.dtls = _Dtls(self._ice, self._certificate)
        self._pairs, self._repairs, self._h264_only, self._sends = pairs, repairs, h264_only, sends
        self._ssrcs: dict[tuple[ParticipantId, MediaKind], tuple[int, int]] = {}
        self.answer: MediaAnswer | None = None

    async def offer(self) -> str:
        await self._gatherer.gather()
        count = 2 + 2 * self._pairs
        head = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0"]
        head.append("a=group:BUNDLE " + " ".join(str(n) for n in range(count)))
        return "\r\n".join([*head, *(line for n in range(count) for line in self._media(n))]) + "\r\n"

    def _media(self, number: int) -> list[str]:
        mine, prints = self._gatherer.getLocalParameters(), self._certificate.getFingerprints()
        kind = ("audio", "video")[number % 2]
        if kind == "audio":
            codecs, listed = _AUDIO, f"{OPUS}"
        elif self._h264_only:
            codecs, listed = _H264, f"{H264} {H264_RTX}"
        elif self._repairs:
            codecs, listed = _VP8 + _VP8_RTX + _H264, f"{VP8} {RTX} {H264} {H264_RTX}"
        else:
            codecs, listed = _VP8, f"{VP8}"
        direction = ("sendonly" if self._sends else "inactive") if number < 2 else "recvonly"
        return [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {listed}",
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{mine.usernameFragment}",
            f"a=ice-pwd:{mine.password}",
            f"a=fingerprint:sha-256 {prints[0].value}",
            "a=setup:actpass",
            f"a=mid:{number}",
            f"a=extmap:{MID_ID} urn:ietf:params:rtp-hdrext:sdes:mid",
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

    async def take(self, answer: MediaAnswer) -> None:
        self.answer = answer
        self._read_ssrcs(answer)
        found = _attributes(answer.sdp.splitlines())
        for line in found["candidate"]:
            candidate = Candidate.from_sdp(line)
            if ":" not in candidate.host:
                await self.ice.add_remote_candidate(candidate)
        await self.ice.add_remote_candidate(None)
        async with asyncio.timeout(10):
            await self._ice.start(RTCIceParameters(found["ice-ufrag"][0], found["ice-pwd"][0]))
            assert self._ice.state == "completed"
            self.dtls._set_role("server" if found["setup"][0] == "active" else "client")
            prints = [RTCDtlsFingerprint(*value.split(" ")) for value in found["fingerprint"][:1]]
            await self.dtls.start(RTCDtlsParameters(fingerprints=prints))
        assert self.dtls.state == "connected"

    def _read_ssrcs(self, answer: MediaAnswer) -> None:
        sections = answer.sdp.split("\r\nm=")[1:]
        by_mid = {_attributes(section.splitlines())["mid"][0]: section.splitlines() for section in sections}
        for seat in answer.seats:
            mids: dict[MediaKind, str] = {"audio": seat.audio_mid, "video": seat.video_mid}
            for kind, mid in mids.items():
                ssrcs = [int(value.split(" ")[0]) for value in _attributes(by_mid[mid]).get("ssrc", [])]
                self._ssrcs[seat.participant_id, kind] = (ssrcs[0], ssrcs[-1])

    def ssrc_of(self, source: ParticipantId, kind: MediaKind) -> int:
        return self._ssrcs[source, kind][0]

    def stream(self, source: ParticipantId, kind: MediaKind) -> list[bytes]:
        """What came of that person so far, in order of arrival, repairs not included."""
        return self._of(self._ssrcs[source, kind][0])

    async def receives(self, source: ParticipantId, kind: MediaKind, count: int) -> list[bytes]:
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

        self.ice.loses = loses
        return lost

    async def ask_again(self, source: ParticipantId, *seqs: int) -> None:
        """NACK some of a person's video."""
        await self.send(rtcp.nack(1, self.ssrc_of(source, "video"), seqs))

    async def ask_key_frame(self, source: ParticipantId) -> None:
        await self.send(rtcp.picture_loss(1, self.ssrc_of(source, "video")))

    @property
    def address(self) -> tuple[str, int]:
        """Where the server was found."""
        pair: Any = self.ice._nominated[1]
        host, port = pair.remote_addr
        return str(host), int(port)

    async def close(self) -> None:
        pump = self.dtls._task
        await self.dtls.stop()
        await self._ice.stop()
        if pump is not None:
            await asyncio.wait([pump])


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
