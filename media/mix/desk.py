"""One hearing's mixing as its stage has it: who is to hear whom in one sound, and the process that makes it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

import structlog

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.observability.tasks import Crew
from media.engine.engine import PacketEngine
from media.engine.incoming import Incoming, Tap, Tapped
from media.mix.mixed_sound import MixedSound
from media.mix.mixer_process import DIES_WITHIN_S, MixerProcess
from media.mix.words import Mix, Mixed, Plan, Sound
from media.publication import Publication
from media.worker.backoff import Backoff

log = structlog.get_logger()

Voices = Mapping[ParticipantId, float]
"""Whom one listener is to hear, and how loud: 1 is as it came."""

RING_PACKETS = 512
TURN_S = 0.005
HUNG_AFTER_NS = 1_000_000_000
"""A mixer of which nothing came for so long, while somebody should hear somebody, is killed."""
COMES_UP_WITHIN_NS = 15_000_000_000


class _Ear:
    """Keeps the ring on whatever stream a person's sound has at present."""

    def __init__(self, publication: Publication, engine: PacketEngine, ring: "deque[Tapped]") -> None:
        self.publication = publication
        self._engine, self._ring = engine, ring
        self._stream: Incoming | None = None
        publication.add(self)
        self.layers_changed()

    def layers_changed(self) -> None:
        layer = self.publication.layers[0]
        stream = None if layer is None else layer.stream
        if stream is not self._stream:
            self._take_off()
            self._stream = stream
            if stream is not None:
                self._engine.set_ear(stream, Tap(self._ring, self.publication.label()))

    def close(self) -> None:
        self.publication.remove(self)
        self._take_off()

    def _take_off(self) -> None:
        if self._stream is not None:
            self._engine.set_ear(self._stream, None)
            self._stream = None


class MixDesk:
    """Runs a mixer while somebody is to be sent a mix. `changed` is called when a mix begins to flow, or stops.

    All methods belong to the event loop. Nothing here decides who may hear whom: `plan` is told it.
    """

    def __init__(self, hearing_id: HearingId, engine: PacketEngine, changed: Callable[[], None]) -> None:
        self.restarts = 0
        self._hearing_id, self._engine, self._changed = hearing_id, engine, changed
        self._numbers: dict[ParticipantId, int] = {}
        self._wanted: dict[ParticipantId, dict[ParticipantId, float]] = {}
        self._generation = 0
        self._ears: dict[ParticipantId, _Ear] = {}
        self._sounds: dict[ParticipantId, MixedSound] = {}
        self._ring: deque[Tapped] = deque(maxlen=RING_PACKETS)
        self._mixer: MixerProcess | None = None
        self._began_ns = 0
        self._manning: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._crew = Crew(f"mixing {hearing_id}")

    @property
    def pid(self) -> int | None:
        """Of the mixer that runs, if one does."""
        return None if self._mixer is None else self._mixer.pid

    @property
    def listeners(self) -> int:
        """How many are sent a mix now."""
        return sum(sound.is_live for sound in self._sounds.values())

    def sound_of(self, listener: ParticipantId) -> MixedSound | None:
        """What to send this listener instead of the separate sounds; None where those must do."""
        sound = self._sounds.get(listener)
        return sound if sound is not None and sound.is_live and sound.voices else None

    def plan(
        self, wanted: Mapping[ParticipantId, Voices], publications: Mapping[ParticipantId, Publication | None]
    ) -> None:
        """From now on these listeners hear these voices. When it returns, no packet with another voice is let out."""
        self._pump()  # what came until now came under the plan of until now
        self._listen({source for voices in wanted.values() for source in voices}, publications)
        new = {listener: dict(voices) for listener, voices in wanted.items()}
        if new == self._wanted:
            return
        self._generation += 1
        self._wanted = new
        self._tell()
        if not new:
            self._stop()
        elif self._manning is None:
            self._manning = self._crew.start(self._man(), name="mixer")

    def _listen(self, sources: set[ParticipantId], publications: Mapping[ParticipantId, Publication | None]) -> None:
        wanted = {source: found for source in sources if (found := publications.get(source)) is not None}
        for source, ear in list(self._ears.items()):
            if wanted.get(source) is not ear.publication:
                ear.close()
                del self._ears[source]
        for source, publication in wanted.items():
            if source not in self._ears:
                self._ears[source] = _Ear(publication, self._engine, self._ring)

    def _tell(self) -> None:
        """Bind every mix to the newest plan, and tell the mixer."""
        if self._mixer is None:
            return
        for listener in self._sounds.keys() - self._wanted.keys():
            self._sounds.pop(listener).close()
        for listener, voices in self._wanted.items():
            numbered = {self._number(source): gain for source, gain in voices.items()}
            sound = self._sounds.get(listener)
            if sound is None:
                sound = self._sounds[listener] = MixedSound(self._engine)
            if numbered != sound.voices:
                if not sound.voices:
                    sound.heard_ns = time.monotonic_ns()
                sound.voices, sound.least = numbered, self._generation
        mixes = tuple(
            Mix(listener=self._number(listener), voices=sound.voices) for listener, sound in self._sounds.items()
        )
        self._mixer.tell(Plan(generation=self._generation, mixes=mixes))

    def _number(self, person: ParticipantId) -> int:
        return self._numbers.setdefault(person, len(self._numbers))

    # --- the process ---------------------------------------------------------------------------------------

    async def _man(self) -> None:
        backoff, loop = Backoff(), asyncio.get_running_loop()
        while True:
            began_s = loop.time()
            try:
                await self._serve()
            except OSError as failure:
                log.error("mixer can't be started", hearing_id=self._hearing_id, exc_info=failure)
            self.restarts += 1
            await asyncio.sleep(max(TURN_S, backoff.died(loop.time() - began_s)))

    async def _serve(self) -> None:
        """One process from its beginning to its end."""
        mixer = await MixerProcess.spawn(self._mixed)
        self._mixer, self._began_ns = mixer, time.monotonic_ns()
        turns = self._crew.start(self._turns(mixer), name="turns")
        try:
            self._tell()
            await mixer.over()
            log.warning("mixer ended", hearing_id=self._hearing_id, mixer=mixer.pid)
        finally:
            turns.cancel()
            if self._mixer is mixer:
                self._fall_back()
            await mixer.end()

    def _fall_back(self) -> None:
        """Nothing is mixed: everybody gets the separate sounds again."""
        self._mixer = None
        sounds, self._sounds = self._sounds, {}
        for sound in sounds.values():
            sound.close()
        if sounds:
            self._changed()

    def _stop(self) -> None:
        manning, self._manning = self._manning, None
        if manning is not None:
            self._leaving.add(manning)
            manning.add_done_callback(self._leaving.discard)
            manning.cancel()
        self._mixer = None
        for sound in self._sounds.values():
            sound.close()
        self._sounds = {}

    async def _turns(self, mixer: MixerProcess) -> None:
        while True:
            await asyncio.sleep(TURN_S)
            self._pump()
            if self._is_hung(time.monotonic_ns()):
                log.error("mixer is silent", hearing_id=self._hearing_id, mixer=mixer.pid)
                mixer.kill()
                return

    def _pump(self) -> None:
        """Hand the mixer what came; without one, throw it away."""
        ring, mixer = self._ring, self._mixer
        while ring:
            tapped = ring.popleft()
            if mixer is not None and tapped.label.source in self._ears:
                mixer.tell(Sound(self._number(tapped.label.source), tapped.packet))

    def _is_hung(self, now_ns: int) -> bool:
        due = [sound for sound in self._sounds.values() if sound.voices]
        if not due or now_ns - max(sound.heard_ns for sound in due) < HUNG_AFTER_NS:
            return False
        is_up = any(sound.is_live for sound in due)
        return is_up or now_ns - self._began_ns > COMES_UP_WITHIN_NS

    def _mixed(self, mixed: Mixed) -> None:
        for listener, sound in self._sounds.items():
            if self._numbers[listener] == mixed.listener:
                was_live = sound.is_live
                if sound.play(mixed) and not was_live:
                    self._changed()
                return

    async def close(self) -> None:
        """End the mixer, and listen to nobody any more. Idempotent."""
        for ear in self._ears.values():
            ear.close()
        self._ears, self._wanted = {}, {}
        self._stop()
        if self._leaving:  # they bury their process; a second cancel would leave it unburied
            await asyncio.wait(self._leaving, timeout=DIES_WITHIN_S)
        await self._crew.dismiss()
