"""People who sound one tone each, and what of which tone is in the Opus packets that somebody was sent."""

import asyncio
import time
from collections.abc import Sequence

import av
import numpy as np
from numpy.typing import NDArray

from cloudcourt.domain.ids import ParticipantId
from media.rtp import payload_offset
from tests.bed.rtc_client import RtcClient
from tests.bed.rtp_source import RtpSource

RATE_HZ = 48_000
_CLIP_S = 1.0


class ToneSpeaker:
    """Sends a tone in real time until cancelled. `sent_at` is when each packet left, by `time.monotonic()`."""

    def __init__(self, client: RtcClient, person: ParticipantId, hz: float, loudness: float = 0.3) -> None:
        self.sent_at: list[float] = []
        self._client = client
        self._source = RtpSource(person, tone_hz=hz, loudness=loudness)

    async def speak(self) -> None:
        began_s, from_s = time.monotonic(), 0.0
        coming = await asyncio.to_thread(self._clip, from_s)
        while True:
            from_s += _CLIP_S
            clip, following = coming, asyncio.get_running_loop().run_in_executor(None, self._clip, from_s)
            for at_s, packet in clip:
                await asyncio.sleep(max(0.0, at_s - (time.monotonic() - began_s)))
                try:
                    await self._client.send(packet)
                except ConnectionError:
                    return
                self.sent_at.append(time.monotonic())
            coming = await following

    def _clip(self, from_s: float) -> Sequence[tuple[float, bytes]]:
        arrivals = self._source.arrivals(_CLIP_S, from_s=from_s, kinds=("audio",))
        return [(arrival.at_s, arrival.packet) for arrival in arrivals if arrival.packet]


def decoded(packets: Sequence[bytes]) -> NDArray[np.float32]:
    """The sound of RTP packets, in the order given."""
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, av.AudioCodecContext)
    decoder.sample_rate, decoder.layout = RATE_HZ, "mono"
    waves = [
        frame.to_ndarray().astype(np.float32).mean(axis=0) / 32768
        for packet in packets
        for frame in decoder.decode(av.Packet(packet[payload_offset(packet) :]))
    ]
    return np.concatenate(waves) if waves else np.zeros(0, np.float32)


def loudness_of(wave: NDArray[np.float32], hz: float) -> float:
    """The amplitude of a tone in a sound."""
    if not len(wave):
        return 0.0
    turns = np.exp(-2j * np.pi * hz * np.arange(len(wave)) / RATE_HZ)
    window = np.hanning(len(wave))
    return float(2 * abs((wave * window * turns).sum()) / window.sum())
