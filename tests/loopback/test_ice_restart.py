"""A browser that changes networks: a new path for the same connection, or a new connection beside the old one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloudcourt.domain.ids import ParticipantId
from cloudcourt.domain.routing import MediaKind
from media import browser_link
from media.browser_link import BrowserLink
from media.engine.engine import UdpPath
from media.ice import lite
from media.record.sidecar import read_sidecars
from tests.bed.live_person import Layer, LivePerson
from tests.bed.roads import LOOPBACK
from tests.bed.rtc_client import RtcClient, until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import (
    HEARING,
    KINDS,
    Courtroom,
    clip,
    everyone,
    is_forward_in_time,
    is_without_holes,
)

pytestmark = pytest.mark.loopback

CLIP_S = 0.4
ELSEWHERE = "127.0.0.2"


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    await room.route(everyone(*KINDS))
    yield room
    await room.close()


class Talk:
    """A person's sound and picture, stretch by stretch; each must reach the viewer whole."""

    def __init__(self, speaker: RtcClient, viewer: RtcClient, person: ParticipantId = JUDGE) -> None:
        self.speaker = speaker
        self._person, self._source = person, RtpSource(person)
        self._from_s = 0.0
        self.goes_to(viewer)

    def goes_to(self, viewer: RtcClient) -> None:
        self.viewer = viewer
        self._heard: dict[MediaKind, int] = {kind: len(viewer.stream(self._person, kind)) for kind in KINDS}

    def say(self, kind: MediaKind) -> list[bytes]:
        return clip(self._source, kind, CLIP_S, self._from_s)

    async def goes_on(self) -> None:
        for kind in KINDS:
            packets = self.say(kind)
            self._heard[kind] += len(packets)
            await self.speaker.send(*packets)
            came = await self.viewer.receives(self._person, kind, self._heard[kind])
            assert len(came) == self._heard[kind]
            assert is_without_holes(came)
            assert is_forward_in_time(came)
        self._from_s += CLIP_S


async def test_a_restart_keeps_streams_and_keys(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    there, back = Talk(judge, plaintiff), Talk(plaintiff, judge, PLAINTIFF)
    await there.goes_on()
    await back.goes_on()
    assert judge.answer is not None
    first, first_road = judge.answer, judge.ice
    ssrcs = [judge.ssrc_of(PLAINTIFF, kind) for kind in KINDS]
    answer = await judge.restart(court.plane, HEARING, JUDGE)
    assert answer.seats == first.seats
    assert ufrag_of(answer.sdp) != ufrag_of(first.sdp)
    assert [judge.ssrc_of(PLAINTIFF, kind) for kind in KINDS] == ssrcs
    assert judge.ice.local != first_road.local
    heard_before = first_road.came
    await there.goes_on()
    await back.goes_on()
    assert first_road.came == heard_before, "nothing more comes the old way"
    assert judge.ice.came > 0
    assert court.gallery.links == [(JUDGE, True), (PLAINTIFF, True)]


async def test_a_restart_keeps_the_recording_in_its_files(court: Courtroom) -> None:
    judge = await court.enters(JUDGE)
    await court.plane.start_recording(HEARING)
    live = LivePerson(judge, Layer("l", 0x1000, size=(160, 120)))

    def lasts_s() -> float:
        return min((track.duration_s for track in read_sidecars(court.folder)), default=0.0)

    await until(lambda: lasts_s() > 1, "a second is on the disk")
    await judge.restart(court.plane, HEARING, JUDGE)
    moved_at_s = lasts_s()
    await until(lambda: lasts_s() > moved_at_s + 1, "another second is on the disk")
    await court.plane.stop_recording(HEARING)
    await live.close()
    assert sorted(track.kind for track in read_sidecars(court.folder)) == ["audio", "video"], "one file each"


def ufrag_of(sdp: str) -> str:
    return next(line for line in sdp.splitlines() if line.startswith("a=ice-ufrag:"))


async def test_the_old_path_serves_until_the_new_one_is_nominated(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    there, back = Talk(judge, plaintiff), Talk(plaintiff, judge, PLAINTIFF)
    await there.goes_on()
    old = judge.ice
    answer = await judge.offer_restart(court.plane, HEARING, JUDGE)
    came = old.came
    await there.goes_on()
    await back.goes_on()
    assert old.came > came
    await judge.reach(answer)
    await there.goes_on()
    await back.goes_on()


async def test_a_restart_that_comes_to_nothing_is_forgotten(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    there, back = Talk(judge, plaintiff), Talk(plaintiff, judge, PLAINTIFF)
    for _ in range(3):
        await judge.offer_restart(court.plane, HEARING, JUDGE)
        await there.goes_on()
    await judge.restart(court.plane, HEARING, JUDGE)
    await there.goes_on()
    await back.goes_on()
    assert court.plane.snapshot()["people_connected"] == 2


def at_home_and_away(client: RtcClient) -> tuple[str, str]:
    hosts = [LOOPBACK, ELSEWHERE]
    hosts.remove(home := client.ice.local[0])
    return home, hosts[0]


def path_of(court: Courtroom, person: ParticipantId) -> tuple[str, int]:
    """Where the server sends this person's media."""
    link = court.plane._stages[HEARING]._peers[person].link
    assert isinstance(link, BrowserLink)
    assert isinstance(link._path, UdpPath)
    host, port = link._path.address
    return str(host), int(port)


async def test_media_follow_a_walk_to_another_address_and_back(
    court: Courtroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lite, "SETTLE_NS", 0)
    judge = await court.enters(JUDGE, hosts=(LOOPBACK, ELSEWHERE))
    plaintiff = await court.enters(PLAINTIFF)
    there, back = Talk(judge, plaintiff), Talk(plaintiff, judge, PLAINTIFF)
    await there.goes_on()
    home, away = at_home_and_away(judge)
    for host in (away, home, away):
        await judge.ice.walk(host)
        assert path_of(court, JUDGE) == judge.ice.local
        await there.goes_on()
        await back.goes_on()
    assert court.gallery.links == [(JUDGE, True), (PLAINTIFF, True)]


async def test_a_late_check_on_the_path_just_left_does_not_undo_the_move(court: Courtroom) -> None:
    judge = await court.enters(JUDGE, hosts=(LOOPBACK, ELSEWHERE))
    plaintiff = await court.enters(PLAINTIFF)
    home, away = at_home_and_away(judge)
    await judge.ice.walk(away)
    arrived = judge.ice.local
    await judge.ice.walk(home)
    assert path_of(court, JUDGE) == arrived
    await Talk(plaintiff, judge, PLAINTIFF).goes_on()


async def test_a_new_connection_takes_over_only_when_it_stands(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    there, back = Talk(judge, plaintiff), Talk(plaintiff, judge, PLAINTIFF)
    await there.goes_on()
    newer = court.browser()
    answer = await court.plane.connect(HEARING, JUDGE, await newer.offer())
    await there.goes_on()
    await back.goes_on()
    assert judge.dtls.state == "connected"
    await newer.take(answer)
    await until(lambda: court.gallery.links[-2:] == [(JUDGE, False), (JUDGE, True)], "it takes over")
    await until(lambda: judge.dtls.state == "closed", "the older one is told goodbye")
    assert court.plane.snapshot()["people_connected"] == 2
    there.speaker = newer
    await there.goes_on()
    back.goes_to(newer)
    await back.goes_on()


async def test_one_that_never_stands_leaves_the_old_one_alone(
    court: Courtroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    monkeypatch.setattr(browser_link, "CONNECT_DEADLINE_S", 0.3)
    sessions = len(court.plane._board.ice._sessions)
    await court.plane.connect(HEARING, JUDGE, await court.browser().offer())
    assert len(court.plane._board.ice._sessions) == sessions + 1
    await until(lambda: len(court.plane._board.ice._sessions) == sessions, "it is given up")
    await Talk(judge, plaintiff).goes_on()
    await Talk(plaintiff, judge, PLAINTIFF).goes_on()
    assert court.gallery.links == [(JUDGE, True), (PLAINTIFF, True)]


async def test_a_newer_offer_replaces_one_that_does_not_stand_yet(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    sessions = len(court.plane._board.ice._sessions)
    for _ in range(3):
        await court.plane.connect(HEARING, JUDGE, await court.browser().offer())
    await until(lambda: len(court.plane._board.ice._sessions) == sessions + 1, "only the newest is waited for")
    await Talk(judge, plaintiff).goes_on()


async def test_disconnecting_ends_the_old_and_the_coming_one(court: Courtroom) -> None:
    judge = await court.enters(JUDGE)
    newer = court.browser()
    await court.plane.connect(HEARING, JUDGE, await newer.offer())
    await court.plane.disconnect(HEARING, JUDGE)
    assert court.gallery.links == [(JUDGE, True), (JUDGE, False)]
    await until(lambda: judge.dtls.state == "closed", "the browser is told")
    await until(lambda: not court.plane._board.ice._sessions, "nobody is expected")
    assert court.plane.snapshot()["people_connected"] == 0


async def test_a_restart_of_a_coming_connection_is_its_own(court: Courtroom) -> None:
    judge, plaintiff = await court.enters(JUDGE), await court.enters(PLAINTIFF)
    newer = court.browser()
    await court.plane.connect(HEARING, JUDGE, await newer.offer())
    answer = await newer.offer_restart(court.plane, HEARING, JUDGE)
    await Talk(judge, plaintiff).goes_on()
    await newer.take(answer)
    await until(lambda: court.gallery.links[-1] == (JUDGE, True), "the newer one takes over")
    await Talk(plaintiff, newer, PLAINTIFF).goes_on()
