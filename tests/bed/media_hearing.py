"""A hearing of three in a media plane, with people who are real connections."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cloudcourt.domain.ids import HearingId, ParticipantId
from cloudcourt.domain.ports import HearingMedia, MediaListener, MediaPlane, MediaWeather
from cloudcourt.domain.recording import Seat, SegmentClosed
from cloudcourt.domain.roles import Role
from cloudcourt.domain.routing import Flow, LineKind, Routing, Taken
from tests.bed.rtc_client import RtcClient, until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF

PEOPLE = (JUDGE, PLAINTIFF, DEFENDANT)
_ROLES = (Role.JUDGE, Role.PLAINTIFF, Role.DEFENDANT)
_CLIP_S = 2.0


def everyone(*kinds: LineKind) -> Routing:
    """Open court on the record, for these kinds."""
    return Routing(
        flows=frozenset(Flow(a, b, kind) for a in PEOPLE for b in PEOPLE for kind in kinds if a != b),
        recorded=frozenset(Taken(a, kind) for a in PEOPLE for kind in kinds),
    )


class Court(MediaListener):
    """Hears what the plane tells of its hearing, and keeps it in order."""

    def __init__(self, hearing_id: HearingId) -> None:
        self._hearing_id = hearing_id
        self.told: list[tuple[str, str]] = []
        """(what, of whom or why)"""
        self.weather = MediaWeather()
        self.stalled_since: datetime | None = None
        self.segments: list[SegmentClosed] = []
        self.pictures_are_kept: bool | None = None

    def media_link_changed(self, hearing_id: HearingId, participant_id: ParticipantId, connected: bool) -> None:
        self._note(hearing_id, "connected" if connected else "gone", participant_id)

    def media_weather(self, hearing_id: HearingId, weather: MediaWeather) -> None:
        assert hearing_id == self._hearing_id
        self.weather = weather

    def media_lost(self, hearing_id: HearingId) -> None:
        self._note(hearing_id, "lost", "")

    def recorder_stalled(self, hearing_id: HearingId, since: datetime, reason: str) -> None:
        self.stalled_since = since
        self._note(hearing_id, "stalled", reason)

    def recorder_recovered(self, hearing_id: HearingId) -> None:
        self._note(hearing_id, "recovered", "")

    def pictures_kept(self, hearing_id: HearingId, are_kept: bool) -> None:
        assert hearing_id == self._hearing_id
        self.pictures_are_kept = are_kept

    def segment_closed(self, hearing_id: HearingId, segment: SegmentClosed) -> None:
        assert hearing_id == self._hearing_id
        self.segments.append(segment)

    def _note(self, hearing_id: HearingId, what: str, of: str) -> None:
        assert hearing_id == self._hearing_id
        self.told.append((what, of))

    async def hears(self, what: str, of: str = "", *, times: int = 1) -> None:
        """Wait until it has been told so often."""
        await until(lambda: self.told.count((what, of)) >= times, f"{what} {of} was told {times} times", 30.0)


class MediaHearing:
    """One hearing of a plane. The owner of the plane closes it; `leave` closes the people's ends."""

    def __init__(self, plane: MediaPlane, data_dir: Path, hearing_id: str = "h_media") -> None:
        self.id = HearingId(hearing_id)
        self.folder = data_dir / "hearings" / hearing_id
        self.court = Court(self.id)
        self.pairs = len(PEOPLE) - 1
        """So many other seats does a browser offer lines for."""
        self._plane = plane
        self._clients: list[RtcClient] = []

    def media(self, *, under_way: bool = False) -> HearingMedia:
        seats = tuple(Seat(participant_id=p, role=r, name="-") for p, r in zip(PEOPLE, _ROLES, strict=True))
        return HearingMedia(hearing_id=self.id, case_number="1", cause="-", seats=seats, under_way=under_way)

    async def open(self) -> None:
        await self._plane.open_hearing(self.media(), self.court)

    def browser(self, *, screens: bool = False) -> RtcClient:
        """Somebody's browser, not connected yet."""
        client = RtcClient(pairs=self.pairs, screens=screens)
        self._clients.append(client)
        return client

    async def enters(self, person: ParticipantId, *, screens: bool = False) -> RtcClient:
        """Connect, and wait until the plane has told so."""
        client = self.browser(screens=screens)
        before = self.court.told.count(("connected", person))
        await client.join(self._plane, self.id, person)
        await self.court.hears("connected", person, times=before + 1)
        return client

    async def leave(self) -> None:
        for client in self._clients:
            await client.close()


class Speaker:
    """Sends a person's sound and a small picture in real time until cancelled, or until nobody takes it."""

    def __init__(self, client: RtcClient, person: ParticipantId) -> None:
        self._client = client
        self._source = RtpSource(person, size=(160, 120), fps=10)
        self._from_s = 0.0

    async def speak(self) -> None:
        coming = await asyncio.to_thread(self._next)
        began_s = time.monotonic()
        while True:
            clip, following = coming, asyncio.get_running_loop().run_in_executor(None, self._next)
            for at_s, packet in clip:
                await asyncio.sleep(max(0.0, at_s - (time.monotonic() - began_s)))
                try:
                    await self._client.send(packet)
                except ConnectionError:
                    return
            coming = await following

    def _next(self) -> Sequence[tuple[float, bytes]]:
        arrivals = self._source.arrivals(_CLIP_S, from_s=self._from_s)
        self._from_s += _CLIP_S
        return [(arrival.at_s, arrival.packet) for arrival in arrivals if arrival.packet]


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
