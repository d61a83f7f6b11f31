"""One sound instead of many, mixed by the real mixer process and forwarded by the real plane: who hears what."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import NO_ROUTING, Flow, Routing
from cloudcourt.observability.tasks import Crew
from media.plane import InProcessMediaPlane
from tests.bed.media_hearing import MediaHearing, WallClock, everyone
from tests.bed.rtc_client import RtcClient, until
from tests.bed.tones import ToneSpeaker, decoded, loudness_of
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF

pytestmark = pytest.mark.loopback

HZ = {JUDGE: 500.0, PLAINTIFF: 1100.0, DEFENDANT: 1900.0}
LOUDNESS = 0.2
OTHERS = (JUDGE, PLAINTIFF)
IP_UDP_OCTETS = 28
SRTP_OCTETS = 16
HEARD = 0.08
UNHEARD = 0.01


class Sitting:
    """Three people who sound a tone each; the defendant takes part by sound only."""

    def __init__(self, plane: InProcessMediaPlane, folder: Path) -> None:
        self.plane, self.hearing = plane, MediaHearing(plane, folder)
        self.clients: dict[ParticipantId, RtcClient] = {}
        self._crew = Crew("speakers")

    async def begin(self) -> None:
        await self.hearing.open()
        for person, hz in HZ.items():
            self.clients[person] = await self.hearing.enters(person)
            speaker = ToneSpeaker(self.clients[person], person, hz, LOUDNESS)
            self._crew.start(speaker.speak(), name=person)

    async def end(self) -> None:
        await self._crew.dismiss()
        await self.hearing.leave()

    async def routed(self, routing: Routing) -> None:
        await self.plane.set_routing(self.hearing.id, routing)

    async def is_mixed(self) -> None:
        """Wait until the defendant is sent a mix."""
        await until(lambda: self.figure("people_sent_a_mix") == 1, "a mix is sent", 30.0)

    def figure(self, name: str) -> int:
        return self.plane.snapshot()[name]

    def lines(self) -> dict[ParticipantId, list[bytes]]:
        """What came to the defendant so far, by the line's seat."""
        return {source: self.clients[DEFENDANT].stream(source, "audio") for source in OTHERS}

    async def hears(self, packets: int = 60) -> dict[ParticipantId, float]:
        """How loud each tone is in what comes to the defendant from now on, on whatever line."""
        before = {source: len(came) for source, came in self.lines().items()}

        def since() -> list[list[bytes]]:
            return [came[before[source] :] for source, came in self.lines().items()]

        await until(lambda: max(map(len, since())) >= packets, "sound comes")
        heard = dict.fromkeys(HZ, 0.0)
        for came in since():
            wave = decoded(came)[9_600:]
            for person, hz in HZ.items():
                heard[person] = max(heard[person], loudness_of(wave, hz))
        return heard

    async def comes_to_hear(self, holds: Callable[[dict[ParticipantId, float]], bool], what: str) -> None:
        """Wait until what is heard is so: a voice begins some frames after it may."""
        for _ in range(6):
            heard = await self.hears(30)
            if holds(heard):
                return
        raise AssertionError(f"{what}: {heard}")


def by_sound_only(routing: Routing) -> Routing:
    """The defendant is sent no pictures, and a mix."""
    flows = frozenset(f for f in routing.flows if f.listener != DEFENDANT or f.kind == "audio")
    return routing.model_copy(update={"flows": flows, "mixed": frozenset({DEFENDANT})})


def without(routing: Routing, source: ParticipantId) -> Routing:
    """That person is muted by the court."""
    return routing.model_copy(update={"flows": frozenset(f for f in routing.flows if f.source != source)})


OPEN_COURT = by_sound_only(everyone("audio"))


@pytest.fixture
async def sitting(tmp_path: Path) -> AsyncIterator[Sitting]:
    plane = InProcessMediaPlane(data_dir=tmp_path, clock=WallClock())
    sitting = Sitting(plane, tmp_path)
    try:
        await sitting.begin()
        yield sitting
    finally:
        await sitting.end()
        await plane.close()


async def test_the_listener_hears_each_of_the_others_and_not_themselves(sitting: Sitting) -> None:
    await sitting.routed(OPEN_COURT)
    await sitting.is_mixed()
    await sitting.comes_to_hear(
        lambda heard: all(abs(heard[p] - LOUDNESS) < LOUDNESS / 4 for p in OTHERS) and heard[DEFENDANT] < UNHEARD,
        "both others at their level",
    )
    counts = {source: len(came) for source, came in sitting.lines().items()}
    await sitting.hears()
    grown = sorted(len(came) - counts[source] for source, came in sitting.lines().items())
    assert grown[0] == 0, "one line carries everything"
    # Those who did not choose it are sent each sound for itself.
    assert len(sitting.clients[JUDGE].stream(DEFENDANT, "audio")) > 50
    assert len(sitting.clients[JUDGE].stream(PLAINTIFF, "audio")) > 50


async def test_the_court_behind_a_chosen_interpreter_is_low(sitting: Sitting) -> None:
    low = frozenset({Flow(JUDGE, DEFENDANT, "audio")})
    await sitting.routed(OPEN_COURT.model_copy(update={"low": low}))
    await sitting.is_mixed()
    await sitting.comes_to_hear(
        lambda heard: 0.025 < heard[JUDGE] < 0.055 and heard[PLAINTIFF] > 0.15, "the judge at a fifth"
    )


async def test_who_is_muted_is_out_of_the_mix_when_the_routing_is_set(sitting: Sitting) -> None:
    await sitting.routed(OPEN_COURT)
    await sitting.is_mixed()
    await sitting.comes_to_hear(lambda heard: heard[PLAINTIFF] > HEARD, "the plaintiff is heard")
    await sitting.routed(without(OPEN_COURT, PLAINTIFF))
    # What is on its way by now has been sent before: from here on nothing of the muted tone may come.
    await asyncio.sleep(0.05)
    heard = await sitting.hears()
    assert heard[PLAINTIFF] < UNHEARD
    assert heard[JUDGE] > HEARD
    await sitting.routed(OPEN_COURT)
    await sitting.comes_to_hear(lambda heard: heard[PLAINTIFF] > HEARD, "the plaintiff is heard again")


async def test_a_recess_is_silent(sitting: Sitting) -> None:
    await sitting.routed(OPEN_COURT)
    await sitting.is_mixed()
    await sitting.hears(20)
    await sitting.routed(NO_ROUTING.model_copy(update={"mixed": frozenset({DEFENDANT})}))
    await asyncio.sleep(0.05)
    sent = (await sitting.plane.packets_sent(sitting.hearing.id)).by_listener[DEFENDANT]
    await asyncio.sleep(0.5)
    assert (await sitting.plane.packets_sent(sitting.hearing.id)).by_listener[DEFENDANT] == sent
    await sitting.routed(OPEN_COURT)
    await sitting.comes_to_hear(lambda heard: heard[JUDGE] > HEARD, "the court is heard again")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hung"])
async def test_without_the_mixer_the_separate_sounds_come_and_then_a_new_mixer(
    sitting: Sitting, end: signal.Signals
) -> None:
    await sitting.routed(OPEN_COURT)
    await sitting.is_mixed()
    counts = {source: len(came) for source, came in sitting.lines().items()}
    pid = sitting.plane.mixer_pid(sitting.hearing.id)
    assert pid is not None
    os.kill(pid, end)
    await until(
        lambda: all(len(came) > counts[source] + 3 for source, came in sitting.lines().items()),
        "each comes for itself",
        3.0,
    )
    await until(lambda: sitting.figure("mixer_restarts") >= 1, "it is noted")
    await sitting.is_mixed()
    assert sitting.plane.mixer_pid(sitting.hearing.id) not in (None, pid)


async def test_the_mixer_ends_when_nobody_wants_it(sitting: Sitting) -> None:
    await sitting.routed(OPEN_COURT)
    await sitting.is_mixed()
    pid = sitting.plane.mixer_pid(sitting.hearing.id)
    assert pid is not None
    await sitting.routed(everyone("audio"))
    await until(lambda: not Path(f"/proc/{pid}").exists(), "the process is gone")
    await sitting.comes_to_hear(lambda heard: all(heard[p] > HEARD for p in OTHERS), "each comes for itself")
    assert sitting.figure("people_sent_a_mix") == 0


async def test_a_listener_by_sound_only_takes_less_than_60_kbit_on_the_wire(sitting: Sitting) -> None:
    await sitting.routed(by_sound_only(everyone("audio", "video")))
    await sitting.is_mixed()
    client = sitting.clients[DEFENDANT]
    sound, reports = len(client.dtls.rtp), len(client.dtls.rtcp)
    began_s = asyncio.get_running_loop().time()
    await until(lambda: len(client.dtls.rtp) - sound >= 250, "five seconds of sound came", 20.0)
    seconds = asyncio.get_running_loop().time() - began_s
    came = client.dtls.rtp[sound:] + client.dtls.rtcp[reports:]
    kbps = sum(len(packet) + SRTP_OCTETS + IP_UDP_OCTETS for packet in came) * 8 / seconds / 1000
    assert 30 < kbps < 60
    assert not client.stream(JUDGE, "video")
    assert sitting.hearing.court.weather.people
    await until(
        lambda: (
            [link.is_mixed for link in sitting.hearing.court.weather.people if link.participant_id == DEFENDANT]
            == [True]
        ),
        "the weather says so",
    )
