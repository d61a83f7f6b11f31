"""Another judge takes over while the court sits: session and recording go on, and who was replaced is out at once."""

import asyncio
from pathlib import Path

import pytest

from cloudcourt.domain.commands import Remove
from cloudcourt.domain.floor import RaiseHand
from cloudcourt.domain.hearing import SessionState
from cloudcourt.domain.presiding import HandOverPresiding
from cloudcourt.domain.recording import RecorderState
from cloudcourt.domain.roles import Role
from cloudcourt.domain.seating import NewPerson
from cloudcourt.domain.view import view
from tests.bed.rtc_client import RtcClient, until
from tests.bed.rtp_source import RtpSource
from tests.bed.small_court import SmallCourt, small_court

pytestmark = pytest.mark.loopback


async def connects(court: SmallCourt, person: str, pairs: int) -> RtcClient:
    room, client = await court.room(), RtcClient(pairs=pairs)
    participant = next(p for p in room.hearing.participants if p == person)
    await client.take(await room.connect_media(participant, await client.offer()))
    return client


async def test_a_second_judge_takes_over_and_the_first_is_out_at_once(tmp_path: Path) -> None:
    async with small_court(tmp_path) as court:
        await court.enters(court.judge, court.clerk, court.plaintiff)
        await court.opens()
        old = await connects(court, court.judge, 3)
        await court.asks(court.plaintiff, RaiseHand())
        person = NewPerson(role=Role.JUDGE, name="何静")
        new_judge = await court.registry.seat(court.hearing_id, person, "staff:desk", None)
        await court.enters(new_judge)
        room = await court.room()
        assert [hand.participant_id for hand in view(room.hearing, new_judge).order.floor.hands] == [court.plaintiff]
        plaintiff, new = await connects(court, court.plaintiff, 4), await connects(court, new_judge, 4)
        voice = RtpSource(court.plaintiff)
        said = [a.packet for a in voice.arrivals(0.4, kinds=("audio",)) if a.packet]
        await plaintiff.send(*said)
        await new.receives(court.plaintiff, "audio", len(said))
        await old.receives(court.plaintiff, "audio", len(said))

        await court.asks(court.judge, HandOverPresiding(participant_id=new_judge))
        await court.asks(new_judge, Remove(participant_id=court.judge, reason="回避"))
        known = len(old.stream(court.plaintiff, "audio"))
        more = [a.packet for a in voice.arrivals(0.4, from_s=0.4, kinds=("audio",)) if a.packet]
        await plaintiff.send(*more)
        await new.receives(court.plaintiff, "audio", len(said) + len(more))
        assert len(old.stream(court.plaintiff, "audio")) == known, "not one packet after the removal was answered"
        await until(lambda: old.dtls.state == "closed", "the line is cut", within_s=2.0)

        hearing = room.hearing
        assert (hearing.session, hearing.gaps, hearing.presiding) == (SessionState.IN_SESSION, (), new_judge)
        assert court.plane.recorder_health(court.hearing_id).state is RecorderState.WRITING
        assert court.ears.told[court.judge][-1] == {"message": "goodbye", "reason": "removed"}
        await asyncio.gather(*(client.close() for client in (old, plaintiff, new)))
