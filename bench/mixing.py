"""What mixing costs: CPU of the mixer per listener, and how long a packet takes from the worker and back.

`python -m bench.mixing [VOICES] [SECONDS]`: a mixer process as a media worker starts it, with that many voices that
all listeners hear. The time is from the packet in which a tone begins to the mixed packet in which it is heard, the
codec's own look-ahead (6.5 ms) included; CPU is the process's own count.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import av
import numpy as np

from media.mix.mixer_process import MixerProcess
from media.mix.words import FRAME_TICKS, Mix, Mixed, Plan, Sound

FRAME_S = 0.02
LOUD = 0.02
BURST_EVERY = 25
"""Packets: a tone for 100 ms in each half second."""


def coded(frames: int) -> list[bytes]:
    """RTP packets of a voice that is silent but for its bursts."""
    coder = av.CodecContext.create("libopus", "w")
    assert isinstance(coder, av.AudioCodecContext)
    coder.sample_rate, coder.layout, coder.format, coder.bit_rate = 48_000, "mono", "flt", 32_000
    packets = []
    for number in range(frames):
        ticks = np.arange(FRAME_TICKS) + number * FRAME_TICKS
        level = 0.3 if number % BURST_EVERY < 5 else 0.0
        wave = (np.sin(2 * np.pi * 700 * ticks / 48_000) * level).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts = 48_000, number * FRAME_TICKS
        for packet in coder.encode(frame):
            head = b"\x80\x6f" + (number & 0xFFFF).to_bytes(2, "big") + (number * FRAME_TICKS).to_bytes(4, "big")
            packets.append(head + b"mix!" + bytes(packet))
    return packets


class Listening:
    """Decodes what one listener is sent, and notes when each burst was first heard."""

    def __init__(self) -> None:
        self.heard_at: list[float] = []
        self.packets = 0
        self.octets = 0
        decoder = av.CodecContext.create("libopus", "r")
        assert isinstance(decoder, av.AudioCodecContext)
        decoder.sample_rate, decoder.layout = 48_000, "mono"
        self._decoder = decoder
        self._is_loud = False

    def take(self, mixed: Mixed) -> None:
        self.octets += len(mixed.payload)
        self.packets += 1
        if mixed.listener != 0:
            return
        peak = max(np.abs(f.to_ndarray()).max() for f in self._decoder.decode(av.Packet(mixed.payload))) / 32768
        if peak > LOUD and not self._is_loud:
            self.heard_at.append(time.monotonic())
        self._is_loud = peak > LOUD


async def measure(listeners: int, voices: int, seconds: float) -> None:
    """Print one line."""
    ear, packets = Listening(), coded(round(seconds / FRAME_S))
    mixer = await MixerProcess.spawn(ear.take)
    mixes = tuple(Mix(listener=n, voices=dict.fromkeys(range(voices), 1.0)) for n in range(listeners))
    mixer.tell(Plan(generation=1, mixes=mixes))
    while not ear.packets:
        await asyncio.sleep(0.01)
    start_cpu, began_s, sent_at = cpu_s(mixer.pid), time.monotonic(), []
    for number, packet in enumerate(packets):
        await asyncio.sleep(max(0.0, began_s + number * FRAME_S - time.monotonic()))
        if number % BURST_EVERY == 0:
            sent_at.append(time.monotonic())
        for voice in range(voices):
            mixer.tell(Sound(voice, packet))
    share = (cpu_s(mixer.pid) - start_cpu) / (time.monotonic() - began_s)
    await mixer.end()
    late = [1000 * (min((h for h in ear.heard_at if h > sent), default=sent + 9) - sent) for sent in sent_at[1:-1]]
    late = [ms for ms in late if ms < 400]
    print(
        f"{listeners:3} listeners, {voices} voices: {100 * share:5.1f} % of a core, "
        f"{100 * share / listeners:4.2f} % a listener; {statistics.median(late):5.1f} ms in the middle, "
        f"{max(late):5.1f} ms at most; {ear.octets / ear.packets:.0f} octets a packet, dropped {mixer.dropped}"
    )


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def main() -> None:
    voices = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
    for listeners in (1, 4, 12):
        await measure(listeners, voices, seconds)


if __name__ == "__main__":
    asyncio.run(main())
