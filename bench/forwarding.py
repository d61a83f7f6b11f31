"""What live forwarding costs: the packet engine by itself, a whole hearing, aiortc's MediaRelay, and a floor in C.

Every server runs in a process of its own and is measured by that process's CPU time (user and system) alone; packets
are really encrypted, by other processes. Usage: `.venv/bin/python bench/forwarding.py [--seconds 8] [--quick]`

1. Engine: one stream of 1100-byte VP8 packets to 1, 2, 5 and 11 viewers, with all bookkeeping (loss, history,
   transport-wide feedback, send times), in bursts of 32 and one packet at a time, with both SRTP profiles.
2. Floor: the same datagrams through a plain recv/send loop in C, without encryption.
3. Hearing: three people, 640x360 VP8 and Opus, everyone sees everyone, through the whole media plane by real DTLS and
   ICE, beside MediaRelay.
"""

import argparse
import asyncio
import json
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pylibsrtp import Policy

from bench.engine_load import PAYLOAD_TYPE, SSRC, session
from bench.room_load import PEOPLE
from cloudcourt.domain.ports import MediaAnswer
from cloudcourt.observability.tasks import Crew
from tests.bed.rtc_client import OPUS, VP8, RtcClient, seq_of, timestamp_of
from tests.bed.rtp_source import RtpSource

ROOT = Path(__file__).resolve().parent.parent
FAN_OUTS = (1, 2, 5, 11)
SIZE, BURST, LIGHT_PER_S = 1100, 32, 200
CLIP_S, WARM_UP_S = 10, 3
HEARING_IN_PER_S = 540
"""Packets of a three-party 720p hearing, by reference measurements: 390 video and 150 audio."""
PLANNED_LOAD = 0.6


class Cost(NamedTuple):
    us_per_packet: float
    delays_ms: list[float]


def packets(profile: str, count: int) -> list[bytes]:
    """SRTP packets of one picture stream that begins with a key frame, with a transport-wide sequence number."""
    sending = session(profile, Policy.SSRC_ANY_OUTBOUND)
    made = []
    for number in range(count):
        head = struct.pack("!BBHII", 0x90, PAYLOAD_TYPE, number + 1 & 0xFFFF, number // 4 * 3000, SSRC)
        extension = b"\xbe\xde\x00\x02\x40\x31\x31" + struct.pack("!H", number & 0xFFFF) + b"\0\0\0"
        payload = b"\x90\x80\x80\x01" + (b"\x10\x00" if number == 0 else b"\x11\x01") + b"\x9d\x01\x2a"
        made.append(sending.protect(head + extension + payload + bytes(SIZE - len(payload))))
    return made


class Child:
    """A measured process that answers one line of JSON with another."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def ask(self, question: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def udp() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    return one


def measure_engine(profile: str, fan_out: int, seconds: float, *, light: bool) -> Cost:
    publisher, viewers = udp(), [udp() for _ in range(fan_out)]
    child = Child("bench/engine_load.py")
    address = tuple(
        child.ask(
            {
                "profile": profile,
                "publisher": publisher.getsockname(),
                "viewers": [viewer.getsockname() for viewer in viewers],
            }
        )
    )
    made = packets(profile, int(seconds * LIGHT_PER_S) if light else int(seconds * 3000))
    publisher.connect(address)
    publisher.send(made[0])
    time.sleep(0.1)
    cpu_s, before = child.ask({})
    delays = one_by_one(publisher, viewers[-1], made[1:]) if light else in_bursts(publisher, made[1:])
    cpu_now_s, after = child.ask({})
    child.end()
    for one in (publisher, *viewers):
        one.close()
    return Cost((cpu_now_s - cpu_s) / max(1, after - before) * 1e6, delays)


def in_bursts(publisher: socket.socket, made: list[bytes]) -> list[float]:
    for at in range(0, len(made), BURST):
        for packet in made[at : at + BURST]:
            publisher.send(packet)
        time.sleep(0.004)
    time.sleep(0.1)
    return []


def one_by_one(publisher: socket.socket, viewer: socket.socket, made: list[bytes]) -> list[float]:
    """Send at a steady pace; the last viewer's packet comes back when everybody was served."""
    viewer.settimeout(0.5)
    viewer.recv(2048)
    delays = []
    for packet in made:
        began = time.monotonic()
        publisher.send(packet)
        viewer.recv(2048)
        delays.append((time.monotonic() - began) * 1000)
        time.sleep(max(0.0, began + 1 / LIGHT_PER_S - time.monotonic()))
    return delays


def floor_us(fan_out: int) -> float | None:
    """None where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "floor"
        subprocess.run([compiler, "-O2", "-o", str(program), str(ROOT / "bench/floor.c")], check=True)
        command = [str(program), str(fan_out), str(SIZE + 36), "20000", str(BURST)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def print_engine(seconds: float, profiles: tuple[str, ...], fan_outs: tuple[int, ...]) -> float:
    """Returns what bursts cost at fan-out 2 with the dearer profile (us)."""
    print(f"\n1. engine, {SIZE}-byte packets, us of CPU per inbound packet (and what is added on the way, light load)")
    print("   profile fan-out    bursts     light    delay p50   p99 ms    C floor, no SRTP")
    wanted = 0.0
    for profile in profiles:
        for fan_out in fan_outs:
            burst = measure_engine(profile, fan_out, seconds, light=False)
            light = measure_engine(profile, fan_out, seconds, light=True)
            floor = floor_us(fan_out)
            half, most = percentile(light.delays_ms, 0.5), percentile(light.delays_ms, 0.99)
            below = "no compiler" if floor is None else f"{floor:10.1f} ({burst.us_per_packet / floor:.1f}x)"
            print(
                f"   {profile:7} {fan_out:7d} {burst.us_per_packet:9.1f} {light.us_per_packet:9.1f} "
                f"{half:12.2f} {most:8.2f} {below}"
            )
            if (profile, fan_out) == ("CM", 2):
                wanted = burst.us_per_packet
    return wanted


async def publish(client: RtcClient, clip: list[tuple[float, bytes]]) -> None:
    """Send the clip over and over, in step with the clock."""
    rates = {OPUS: 48_000, VP8: 90_000}
    counts = {number: sum(packet[1] & 0x7F == number for _, packet in clip) for number in rates}
    began, turn = time.monotonic(), 0
    while True:
        for at_s, packet in clip:
            await asyncio.sleep(max(0.0, began + turn * CLIP_S + at_s - time.monotonic()))
            number = packet[1] & 0x7F
            seq = (seq_of(packet) + turn * counts[number]) & 0xFFFF
            ticks = (timestamp_of(packet) + turn * CLIP_S * rates[number]) & 0xFFFFFFFF
            await client.send(packet[:2] + seq.to_bytes(2, "big") + ticks.to_bytes(4, "big") + packet[8:])
        turn += 1


class Room(NamedTuple):
    cores: float
    audio_per_s: float
    video_per_s: float

    @property
    def us_per_packet(self) -> float:
        return self.cores / (self.audio_per_s + self.video_per_s) * 1e6


async def measure_room(which: str, clip: list[tuple[float, bytes]], seconds: float) -> Room:
    child, crew = Child("bench/room_load.py", which), Crew("bench")
    clients = {person: RtcClient(pairs=2) for person in PEOPLE}
    try:
        for person, client in clients.items():
            reply = await asyncio.to_thread(child.ask, {"person": person, "sdp": await client.offer()})
            await client.take(MediaAnswer.model_validate(reply))
            crew.start(publish(client, clip), name=f"publish {person}")
        await asyncio.sleep(WARM_UP_S)
        cpu_s, began = (await asyncio.to_thread(child.ask, {}))["cpu_s"], time.monotonic()
        for client in clients.values():
            client.dtls.rtp.clear()
        await asyncio.sleep(seconds)
        used_s = (await asyncio.to_thread(child.ask, {}))["cpu_s"] - cpu_s
        wall_s = time.monotonic() - began
        kinds = [packet[1] & 0x7F for client in clients.values() for packet in client.dtls.rtp]
        return Room(used_s / wall_s, kinds.count(OPUS) / wall_s, kinds.count(VP8) / wall_s)
    finally:
        await crew.dismiss()
        for client in clients.values():
            await client.close()
        child.end()


async def print_rooms(seconds: float, rounds: int) -> float:
    """Returns how many times less CPU our plane takes per forwarded packet than MediaRelay."""
    source = RtpSource(PEOPLE[0], size=(640, 360), fps=20)
    clip = [(arrival.at_s, arrival.packet) for arrival in source.arrivals(CLIP_S) if arrival.packet]
    print(f"\n3. a hearing of three, {len(clip) / CLIP_S:.0f} packets/s from each, through DTLS and ICE")
    found: dict[str, list[Room]] = {"plane": [], "relay": []}
    for _ in range(rounds):
        for which, rooms in found.items():
            rooms.append(await measure_room(which, clip, seconds))
            cores, audio, video = rooms[-1]
            print(
                f"   {which:6} {cores * 100:6.2f} % of a core, out: {audio:5.1f} sounds + {video:5.1f} pictures/s, "
                f"{rooms[-1].us_per_packet:7.1f} us per forwarded packet"
            )
    ours, relay = (statistics.median(room.us_per_packet for room in found[which]) for which in found)
    return relay / ours


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each measurement lasts")
    parser.add_argument("--quick", action="store_true", help="fewer rows, one round")
    asked = parser.parse_args()
    profiles = ("CM",) if asked.quick else ("CM", "GCM")
    engine = print_engine(asked.seconds, profiles, (2,) if asked.quick else FAN_OUTS)
    hearings = 1e6 / (engine * HEARING_IN_PER_S)
    print(
        f"\n2. hearings of three in 720p a core, CM: {hearings:.0f} at full load, {hearings * PLANNED_LOAD:.0f} planned"
    )
    ratio = asyncio.run(print_rooms(asked.seconds, 1 if asked.quick else 2))
    print(f"   {ratio:.1f} times less CPU per forwarded packet than MediaRelay")


if __name__ == "__main__":
    main()
