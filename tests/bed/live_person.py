"""A person who speaks and is filmed in real time, in one or more layers, as their browser would send it."""

import asyncio
import re
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
from av.video.frame import PictureType

from cloudcourt.observability.tasks import Crew
from media import rtcp
from media.rtp import payload_offset
from tests.bed.rtc_client import LEVEL_ID, MID_ID, OPUS, RID_ID, VP8, WIDE_ID, RtcClient
from tests.golden.wire import Picture, Rtp, vp8

FPS = 10
SOUNDS_PER_FRAME = 5
FRAME_TICKS, SOUND_TICKS = 90_000 // FPS, 48_000 // (FPS * SOUNDS_PER_FRAME)
SOUND_SSRC = 0x5000
QUIET, LOUD = 80, 20
"""-dBov."""
_PACKET_OCTETS = 1000
_CONTENT = re.compile(rb"<([a-z]) (\d+) \d+>")
_FIRST_NTP = 3_900_000_000 << 32


class Shown(NamedTuple):
    """What a synthetic picture says of itself."""

    rid: str
    frame: int


def shown(packet: bytes) -> Shown:
    """Which layer and which frame a forwarded packet is of."""
    found = _CONTENT.search(packet, payload_offset(packet))
    assert found is not None
    return Shown(found[1].decode(), int(found[2]))


class Layer:
    """One layer of a camera: so many kilobits/s, or a real picture of that size."""

    def __init__(self, rid: str, ssrc: int, *, kbps: int = 0, size: tuple[int, int] | None = None) -> None:
        self.rid, self.ssrc = rid, ssrc
        self.is_on = True
        self.key_due = True
        self._octets = kbps * 125 // FPS
        self._seq, self._first_timestamp, self._picture = ssrc & 0x3FFF, ssrc * 65_537 & 0xFFFFFFFF, ssrc & 0x7F
        self._encoder = None if size is None else _encoder(size)

    def timestamp(self, frame: int) -> int:
        return self._first_timestamp + frame * FRAME_TICKS & 0xFFFFFFFF

    def packets(self, frame: int) -> list[Rtp]:
        key, self.key_due = self.key_due, False
        contents = self._synthetic(frame) if self._encoder is None else self._encoded(frame, key)
        picture = Picture(self._picture, 15)
        self._picture = self._picture + 1 & 0x7FFF
        found = []
        for number, content in enumerate(contents):
            payload = vp8(content, picture, starts=number == 0, key=key)
            if self._encoder is not None and number == 0:  # its first octet is the frame's own
                payload = payload.replace(bytes([0x10 if key else 0x11]) + content, content)
            packet = Rtp(VP8, self._seq, self.timestamp(frame), self.ssrc, payload, number == len(contents) - 1)
            self._seq = self._seq + 1 & 0xFFFF
            found.append(packet)
        return found

    def _synthetic(self, frame: int) -> list[bytes]:
        count = max(1, -(-self._octets // _PACKET_OCTETS))
        return [b"<%s %d %d>" % (self.rid.encode(), frame, n) + bytes(self._octets // count) for n in range(count)]

    def _encoded(self, frame: int, key: bool) -> list[bytes]:
        assert self._encoder is not None
        image = np.full((self._encoder.height, self._encoder.width, 3), 60, np.uint8)
        image[:, frame % self._encoder.width] = 200
        picture = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format="yuv420p")
        picture.pts = frame
        picture.pict_type = PictureType.I if key else PictureType.NONE
        coded = b"".join(bytes(packet) for packet in self._encoder.encode(picture))
        return [coded[at : at + _PACKET_OCTETS] for at in range(0, len(coded), _PACKET_OCTETS)]


def _encoder(size: tuple[int, int]) -> av.VideoCodecContext:
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    encoder.gop_size = 10_000
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    return encoder


class LivePerson:
    """Sends until closed. Key frames are made where the server asks for them."""

    def __init__(self, client: RtcClient, *layers: Layer, level: int = QUIET) -> None:
        self.layers = {layer.rid: layer for layer in layers}
        self.level = level
        self.sent_wide: list[int] = []
        """Transport-wide numbers, in order of sending."""
        self._client = client
        self._crew = Crew("person")
        self._frame = self._sounds = self._read = 0
        self._crew.start(self._live(), name="live")

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while True:
                self._hear_requests()
                if self._sounds % SOUNDS_PER_FRAME == 0:
                    await self._show()
                await self._sound()
                await asyncio.sleep(max(0.0, began + self._sounds / (FPS * SOUNDS_PER_FRAME) - loop.time()))
        except ConnectionError:
            return  # the server has closed the connection

    def _hear_requests(self) -> None:
        fresh, self._read = self._client.dtls.rtcp[self._read :], len(self._client.dtls.rtcp)
        wanted = {n.ssrc for c in fresh for n in rtcp.read_compound(c) if isinstance(n, rtcp.KeyFrameWanted)}
        for layer in self.layers.values():
            layer.key_due |= layer.ssrc in wanted

    async def _show(self) -> None:
        for layer in self.layers.values():
            if layer.is_on:
                for packet in layer.packets(self._frame):
                    await self._send(packet, {MID_ID: b"1", RID_ID: layer.rid.encode()})
                if self._frame % FPS == 0:
                    await self._report(layer.ssrc, layer.timestamp(self._frame))
        if self._frame % FPS == 0:
            await self._report(SOUND_SSRC, self._sounds * SOUND_TICKS)
        self._frame += 1

    async def _sound(self) -> None:
        packet = Rtp(OPUS, self._sounds & 0xFFFF, self._sounds * SOUND_TICKS, SOUND_SSRC, bytes(60))
        self._sounds += 1
        await self._send(packet, {LEVEL_ID: bytes([0x80 | self.level])})

    async def _send(self, packet: Rtp, fields: dict[int, bytes]) -> None:
        number = len(self.sent_wide) & 0xFFFF
        self.sent_wide.append(number)
        packet.fields = {**fields, WIDE_ID: number.to_bytes(2, "big")}
        packet.__post_init__()
        await self._client.send(packet.octets())

    async def _report(self, ssrc: int, timestamp: int) -> None:
        ntp = _FIRST_NTP + (self._frame << 32) // FPS
        await self._client.send(rtcp.sender_report(ssrc, ntp, timestamp, 1, 1))

    async def close(self) -> None:
        await self._crew.dismiss()
