"""A word of help through the real media plane: the two hear each other, nobody else does, and no packet is recorded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloudcourt.domain.commands import CallRecess, ReturnToLobby
from cloudcourt.domain.errors import WrongParticipantState
from cloudcourt.domain.help_talk import BeginHelpTalk, EndHelpTalk
from cloudcourt.domain.ids import ParticipantId
from media.confidence.journal_tail import JournalTail
from media.record.folders import JOURNAL
from media.record.journal import EntryKind
from media.record.packets import parse_rtp
from media.rtp import payload_offset
from tests.bed.rtc_client import RtcClient, until
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court

pytestmark = pytest.mark.loopback


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[SmallCourt]:
    """It sits, with judge, clerk and plaintiff."""
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        yield court


class Talker:
    """A person's browser and voice; what they say is told apart by RTP sequence numbers."""

    def __init__(self, court: SmallCourt, person: ParticipantId) -> None:
        self.id = person
        self.client = RtcClient(pairs=3)
        self._court, self._source, self._at_s = court, RtpSource(person), 0.0

    async def connects(self) -> "Talker":
        room = await self._court.room()
        await self.client.take(await room.connect_media(self.id, await self.client.offer()))
        return self

    async def says(self, *listeners: "Talker") -> list[bytes]:
        """A short stretch; returns when every listener has all of it."""
        packets = [a.packet for a in self._source.arrivals(0.4, from_s=self._at_s, kinds=("audio",)) if a.packet]
        self._at_s += 0.4
        before = {listener: len(listener.client.stream(self.id, "audio")) for listener in listeners}
        await self.client.send(*packets)
        for listener in listeners:
            heard = await listener.client.receives(self.id, "audio", before[listener] + len(packets))
            assert payloads(heard[before[listener] :]) == payloads(packets)
        return packets

    async def goes(self) -> None:
        await self.client.close()

    def heard(self, source: "Talker") -> list[bytes]:
        return self.client.stream(source.id, "audio")


def payloads(packets: list[bytes]) -> list[bytes]:
    return [packet[payload_offset(packet) :] for packet in packets]


def sequences(packets: list[bytes]) -> set[int]:
    return {found.sequence for packet in packets if (found := parse_rtp(packet)) is not None}


def recorded(court: SmallCourt, person: ParticipantId) -> set[int]:
    """The numbers of every packet of that person's sound in the journal."""
    folder = court.folder / JOURNAL / f"{person}-audio"
    entries = JournalTail(folder).read() if folder.is_dir() else iter(())
    return sequences([entry.payload for entry in entries if entry.kind is EntryKind.PACKET])


async def test_in_court_the_two_are_heard_by_each_other_alone_and_the_court_goes_on(court: SmallCourt) -> None:
    judge, clerk, plaintiff = [
        await Talker(court, person).connects() for person in (court.judge, court.clerk, court.plaintiff)
    ]
    before = [await plaintiff.says(judge, clerk), await clerk.says(judge, plaintiff)]
    await court.asks(clerk.id, BeginHelpTalk(participant_id=plaintiff.id))
    known = len(judge.heard(plaintiff)), len(judge.heard(clerk))
    asides = [await plaintiff.says(clerk), await clerk.says(plaintiff)]
    goes_on = await judge.says(clerk, plaintiff)
    assert (len(judge.heard(plaintiff)), len(judge.heard(clerk))) == known
    await court.asks(plaintiff.id, EndHelpTalk())
    after = [await plaintiff.says(judge, clerk), await clerk.says(judge, plaintiff)]
    await court.asks(court.judge, CallRecess())  # the tracks are closed
    for person in (judge, clerk, plaintiff):
        await person.goes()
    for person, said, aside, later in zip((plaintiff, clerk), before, asides, after, strict=True):
        kept = recorded(court, person.id)
        assert sequences(said) | sequences(later) <= kept
        assert not sequences(aside) & kept, "not a packet of it is in the record"
    assert sequences(goes_on) <= recorded(court, judge.id)


async def test_who_waits_outside_is_heard_by_the_clerk_and_gets_nothing_of_the_court(court: SmallCourt) -> None:
    judge, clerk = [await Talker(court, person).connects() for person in (court.judge, court.clerk)]
    await court.asks(judge.id, ReturnToLobby(participant_id=court.plaintiff))
    waiting, room = Talker(court, court.plaintiff), await court.room()
    with pytest.raises(WrongParticipantState):
        await room.connect_media(waiting.id, "v=0")
    await court.asks(clerk.id, BeginHelpTalk(participant_id=waiting.id))
    await waiting.connects()
    asides = [await waiting.says(clerk), await clerk.says(waiting)]
    await judge.says(clerk)
    assert waiting.heard(judge) == []
    assert judge.heard(waiting) == []
    await court.asks(clerk.id, EndHelpTalk())
    await until(lambda: waiting.client.dtls.state == "closed", "the line to the waiting room is gone")
    in_court = await clerk.says(judge)
    await court.asks(court.judge, CallRecess())  # the tracks are closed
    for person in (judge, clerk, waiting):
        await person.goes()
    assert recorded(court, waiting.id) == set()
    assert not sequences(asides[1]) & recorded(court, clerk.id)
    assert sequences(in_court) <= recorded(court, clerk.id)
