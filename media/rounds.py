"""What is done for everybody in a hearing in regular turns: feedback, reports, who speaks, what whom is sent."""

import asyncio
import time
from collections.abc import Callable, Iterable

import structlog

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import LinkWeather, MediaWeather
from cloudcourt.domain.recording import Seat
from media.congestion.allocation import rank_of
from media.congestion.speaker import ActiveSpeaker, Level
from media.mix.voices import is_sent_a_mix
from media.peer import Peer

log = structlog.get_logger()

TURN_S = 0.1
SPEAKER_EVERY = 2
ALLOCATION_EVERY = 5
SECOND_EVERY = 10
"""In turns."""
MAX_BITS_PER_S = 2_000_000
MIN_BITS_PER_S = 400_000
VIEWER_BITS_PER_S = 6_000_000
"""What all the pictures that one viewer receives may add up to."""
SILENCE_DBOV = -127


class Rounds:
    """Of one hearing. `people` is who is connected now, `audible` whose sound the routing lets flow."""

    def __init__(
        self,
        hearing_id: HearingId,
        seats: tuple[Seat, ...],
        people: Callable[[], Iterable[Peer]],
        audible: Callable[[], frozenset[ParticipantId]],
        silent: Callable[[Peer], None],
        tell: Callable[[MediaWeather], None],
    ) -> None:
        self._hearing_id, self._people, self._audible = hearing_id, people, audible
        self._silent, self._tell = silent, tell
        self._speaker = ActiveSpeaker()
        self._levels: dict[ParticipantId, int] = {}
        self.seat(seats)

    def seat(self, seats: tuple[Seat, ...]) -> None:
        """So many sit here from now on."""
        self._roles = {seat.participant_id: seat.role for seat in seats}
        others = max(1, len(seats) - 1)
        self._allowed_bits_per_s = max(MIN_BITS_PER_S, min(MAX_BITS_PER_S, VIEWER_BITS_PER_S // others))

    async def run(self) -> None:
        turn, second_ns, turn_ns = 0, time.monotonic_ns(), time.monotonic_ns()
        while True:
            await asyncio.sleep(TURN_S)
            turn += 1
            now_ns = time.monotonic_ns()
            self._turn(turn, now_ns, (now_ns - turn_ns) / 1e9)
            turn_ns = now_ns
            if turn % SECOND_EVERY == 0:
                self._second(now_ns, (now_ns - second_ns) / 1e9)
                second_ns = now_ns

    def _turn(self, turn: int, now_ns: int, seconds: float) -> None:
        if turn % SPEAKER_EVERY == 0:
            self._listen(now_ns)
        ranks = {p: rank_of(role, p == self._speaker.speaker) for p, role in self._roles.items()}
        for peer in list(self._people()):
            try:
                peer.uplink.give_feedback()
                for publication in peer.publications.values():
                    publication.turn(now_ns)
                peer.downlink.probe(now_ns, seconds)
                if turn % ALLOCATION_EVERY == 0:
                    peer.downlink.allocate(peer.id, ranks, now_ns)
            except Exception:  # one person's fault must not leave the others without feedback
                log.exception("media turn failed", hearing_id=self._hearing_id, participant_id=peer.id)

    def _listen(self, now_ns: int) -> None:
        """Take the levels of those whose sound flows; whoever is cut off can't be the speaker."""
        levels: dict[ParticipantId, Level] = {}
        self._levels = {}
        audible = self._audible()
        for peer in self._people():
            publication = peer.publications.get("audio")
            layer = None if publication is None else publication.layers[0]
            if layer is None:
                continue
            level = Level(*layer.stream.take_levels())
            if peer.id in audible:
                levels[peer.id] = level
                self._levels[peer.id] = -level.average if level.packets else SILENCE_DBOV
        self._speaker.poll(levels, now_ns)

    def _second(self, now_ns: int, seconds: float) -> None:
        for peer in list(self._people()):
            if peer.is_silent(now_ns):
                self._silent(peer)
                continue
            try:
                peer.second_passed(now_ns, seconds, self._allowed_bits_per_s)
            except Exception:
                log.exception("media reports failed", hearing_id=self._hearing_id, participant_id=peer.id)
        self._tell(self._weather())

    def _weather(self) -> MediaWeather:
        people = list(self._people())
        return MediaWeather(
            speaker=self._speaker.speaker,
            people=tuple(self._link_weather(peer) for peer in people),
            paused=tuple(paused for peer in people for paused in peer.downlink.paused),
        )

    def _link_weather(self, peer: Peer) -> LinkWeather:
        return LinkWeather(
            participant_id=peer.id,
            connected=True,
            transport=peer.link.transport,
            rtt_ms=peer.downlink.rtt_ms,
            loss_up_percent=round(peer.uplink.loss_percent, 1),
            loss_down_percent=round(peer.downlink.loss_percent, 1),
            up_kbps=peer.uplink.kbps,
            down_kbps=peer.downlink.kbps,
            level_dbov=self._levels.get(peer.id, SILENCE_DBOV),
            is_mixed=is_sent_a_mix(peer),
        )
