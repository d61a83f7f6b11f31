"""The mixer's arithmetic: who is in whose mix, how loud, and that nothing of a voice outlives the plan that gave it."""

import random

import numpy as np
import pytest

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import Flow, Routing
from media.mix.mixer import BITS_PER_S, Mixer
from media.mix.voice import CONCEALED_PACKETS, LONGEST_TARGET, SPARE, Voice
from media.mix.voices import LOW, voices_of
from media.mix.words import FRAME_TICKS, Mix, Mixed, Plan, Sound, to_mixer, to_worker
from tests.bed.rtp_source import RtpSource
from tests.bed.tones import decoded, loudness_of

pytestmark = pytest.mark.unit

HZ = (450.0, 950.0, 1550.0, 2450.0)
SECOND = 50
"""Frames."""


def tone(hz: float, seconds: float = 2.0, loudness: float = 0.2) -> list[bytes]:
    """A person's packets, 20 ms each."""
    source = RtpSource(ParticipantId("p"), tone_hz=hz, loudness=loudness)
    return [arrival.packet for arrival in source.arrivals(seconds, kinds=("audio",)) if arrival.packet]


class Bench:
    """A mixer that is given a packet of each voice and asked for a frame, in turn."""

    def __init__(self, *voices: list[bytes]) -> None:
        self.mixer = Mixer()
        self.sent: dict[int, list[Mixed]] = {}
        self._voices = [iter(voice) for voice in voices]
        self._generation = 0

    def plan(self, mixes: dict[int, dict[int, float]]) -> None:
        self._generation += 1
        wanted = tuple(Mix(listener=listener, voices=voices) for listener, voices in mixes.items())
        self.mixer.obey(Plan(generation=self._generation, mixes=wanted))

    def runs(self, frames: int) -> dict[int, list[Mixed]]:
        """What was made meanwhile, by listener."""
        made: dict[int, list[Mixed]] = {}
        for _ in range(frames):
            for number, voice in enumerate(self._voices):
                if (packet := next(voice, None)) is not None:
                    self.mixer.hear(number, packet)
            for mixed in self.mixer.tick():
                assert mixed.generation == self._generation
                made.setdefault(mixed.listener, []).append(mixed)
        return made


def heard(made: list[Mixed], skip: int = 8) -> list[float]:
    """How loud each tone is in them, without the first frames."""
    wave = decoded([b"\x80\x6f" + bytes(10) + mixed.payload for mixed in made])[skip * FRAME_TICKS :]
    return [loudness_of(wave, hz) for hz in HZ]


def test_each_listener_hears_their_own_voices_at_their_gains() -> None:
    bench = Bench(*(tone(hz) for hz in HZ[:3]))
    bench.plan({0: {1: 1.0, 2: 0.2}, 1: {0: 1.0}})
    made = bench.runs(80)
    assert heard(made[0]) == pytest.approx([0, 0.2, 0.04, 0], abs=0.02)
    assert heard(made[1]) == pytest.approx([0.2, 0, 0, 0], abs=0.02)
    assert [mixed.ticks for mixed in made[0]] == [number * FRAME_TICKS for number in range(80)]


def test_a_voice_that_a_plan_takes_away_is_gone_with_the_next_frame() -> None:
    bench = Bench(*(tone(hz) for hz in HZ[:2]))
    bench.plan({7: {0: 1.0, 1: 1.0}})
    bench.runs(40)
    bench.plan({7: {1: 1.0}})
    after = bench.runs(40)[7]
    # From the very first sample on: the coder begins anew too.
    assert heard(after, skip=0)[0] < 0.001
    assert heard(after)[1] == pytest.approx(0.2, abs=0.02)


def test_what_arrived_before_a_voice_was_given_is_not_heard() -> None:
    secret, then = tone(HZ[0], 0.4), tone(HZ[1], 1.0)
    bench = Bench([*secret, *renumbered(then, after=secret[-1])])
    bench.plan({5: {0: 1.0}})  # somebody else may hear it all
    bench.runs(len(secret))
    bench.plan({5: {0: 1.0}, 6: {0: 1.0}})
    made = bench.runs(30)
    assert heard(made[6], skip=0)[0] < 0.001
    assert heard(made[6])[1] > 0.1


def test_a_listener_of_nobody_is_sent_nothing() -> None:
    bench = Bench(tone(HZ[0], 0.5))
    bench.plan({0: {}, 1: {0: 1.0}})
    assert set(bench.runs(10)) == {1}
    bench.plan({})
    assert bench.runs(10) == {}


def test_many_loud_voices_are_turned_down_and_not_cut_off() -> None:
    bench = Bench(*(tone(hz, loudness=0.8) for hz in HZ))
    bench.plan({9: dict.fromkeys(range(4), 1.0)})
    made = bench.runs(90)[9]
    wave = decoded([b"\x80\x6f" + bytes(10) + mixed.payload for mixed in made])[20 * FRAME_TICKS :]
    assert np.abs(wave).max() <= 1.0
    # Added up and cut off, a third of all samples would stand at full scale; the coder overshoots now and then.
    assert np.mean(np.abs(wave) > 0.99) < 0.02
    # All in the same measure.
    levels = heard(made, skip=20)
    assert max(levels) / min(levels) < 1.35
    assert min(levels) > 0.1


def test_a_gain_changes_without_a_leap() -> None:
    bench = Bench(tone(HZ[0]))
    bench.plan({0: {0: 1.0}})
    bench.runs(40)
    bench.plan({0: {0: 0.2}})
    assert heard(bench.runs(40)[0])[0] == pytest.approx(0.04, abs=0.01)


def test_a_mix_fits_what_was_promised() -> None:
    bench = Bench(*(tone(hz) for hz in HZ))
    bench.plan({9: dict.fromkeys(range(4), 1.0)})
    made = bench.runs(90)[9]
    kbps = sum(len(mixed.payload) + 68 for mixed in made) * 8 / (len(made) * 0.02) / 1000
    assert kbps == pytest.approx(BITS_PER_S / 1000 + 68 * 8 * 50 / 1000, abs=0.1)
    assert kbps < 52


def test_lost_packets_are_filled_and_late_ones_left_out() -> None:
    packets = tone(HZ[0], 0.5)
    voice = Voice()
    for packet in (*packets[:3], *packets[4:6]):
        voice.take(packet, 1)
    voice.take(packets[3], 1)
    voice.take(b"\x80", 1)
    voice.take(packets[6][:20] + b"\xff\xff\xff", 1)
    frames = 0
    while voice.next_frame() is not None:
        frames += 1
    assert frames == 6
    for packet in packets[8 + CONCEALED_PACKETS :]:  # too many are missing to invent them
        voice.take(packet, 1)
    assert voice.waiting_samples == len(packets[8 + CONCEALED_PACKETS :]) * FRAME_TICKS


def test_a_voice_never_lags_far_behind() -> None:
    voice, longest = Voice(), 0
    packets = tone(HZ[0], 3.0)
    for number, packet in enumerate(packets):
        voice.take(packet, 1)
        if number % 10 == 0:  # its clock is a tenth too fast
            continue
        voice.next_frame()
        longest = max(longest, voice.waiting_samples)
    assert longest <= LONGEST_TARGET + 2 * SPARE + FRAME_TICKS


def test_messages_are_read_as_they_were_written() -> None:
    plan = Plan(generation=3, mixes=(Mix(listener=2, voices={0: 1.0, 1: 0.2}),))
    assert to_mixer(plan.packed()) == plan
    assert to_mixer(Sound(4, b"rtp").packed()) == Sound(4, b"rtp")
    assert to_worker(Mixed(9, 2, 960, b"opus").packed()) == Mixed(9, 2, 960, b"opus")
    for wrong in (b"", b"X123", b"S\x00", b"P{}", b"M\x00"):
        with pytest.raises(ValueError, match=r"message|JSON|valid"):
            to_mixer(wrong)
        with pytest.raises(ValueError, match=r"message|JSON|valid"):
            to_worker(wrong)


def test_a_mix_is_made_of_the_flows_to_its_listener_and_of_nothing_else() -> None:
    chance = random.Random(24)
    people = [ParticipantId(f"p_{number}") for number in range(7)]
    for _ in range(500):
        flows = frozenset(
            Flow(a, b, kind)
            for a in people
            for b in people
            for kind in ("audio", "video", "screen")
            if a != b and chance.random() < 0.4
        )
        low = frozenset(flow for flow in flows if flow.kind == "audio" and chance.random() < 0.3)
        plan = Routing(flows=flows, mixed=frozenset(people), low=low)
        for listener in people:
            voices = voices_of(plan, listener)
            assert listener not in voices
            assert {Flow(source, listener, "audio") for source in voices} == {
                flow for flow in flows if flow.listener == listener and flow.kind == "audio"
            }
            assert {source for source, gain in voices.items() if gain == LOW} == {
                flow.source for flow in low if flow.listener == listener
            }


def renumbered(packets: list[bytes], *, after: bytes) -> list[bytes]:
    """These packets as the ones that follow `after` in its stream."""
    first = int.from_bytes(after[2:4], "big") + 1
    return [p[:2] + (first + number & 0xFFFF).to_bytes(2, "big") + p[4:] for number, p in enumerate(packets)]
