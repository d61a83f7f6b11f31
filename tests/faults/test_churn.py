"""Someone joins and leaves two hundred times: nothing of it stays, neither in tables nor in memory."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from cloudcourt.domain.ids import ParticipantId
from tests.bed.live_person import Layer, LivePerson
from tests.bed.rtc_client import RtcClient, until
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import HEARING, KINDS, Courtroom, everyone

pytestmark = pytest.mark.faults

CYCLES, WARM_UP = 200, 40
PATIENCE_S = 20.0
SAMPLES, SAMPLE_S = 50, 0.02
MAY_GROW_KIB = 6 * 1024


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    yield room
    await room.close()


def resident_kib() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def tables(court: Courtroom) -> dict[str, int]:
    """The size of everything that grows with people, and of what the process holds open."""
    board, stage = court.plane._board, court.plane._stages[HEARING]
    ice, ports = board.ice, board.engine._ports  # type: ignore[attr-defined]
    peers = list(stage._peers.values())
    assert board._tcp is not None
    return {
        "sessions": len(ice._sessions),
        "credentials": len(ice._generations),
        "paths": len(ice._paths),
        "addresses": sum(len(port.peers) for port in ports),
        "tcp connections": len(board._tcp),
        "peers": len(peers),
        "coming": len(stage._coming),
        "leaving": len(stage._leaving),
        "closing": len(stage._crew),
        "streams": sum(len(peer.link.peer.streams) for peer in peers),
        "repairs": sum(len(peer.link.peer.repairs) for peer in peers),
        "routes": sum(len(s.routes) + len(s.aspirants) for peer in peers for s in peer.link.peer.streams.values()),
        "subscribers": sum(len(p._subscribers) for peer in peers for p in peer.publications.values()),
        "tasks": len(asyncio.all_tasks()),
        "descriptors": len(descriptors()),
    }


def descriptors() -> list[str]:
    """What is open, by name; what closes meanwhile is not."""
    names = []
    for fd in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(fd.readlink()))
    return sorted(names)


async def passes_by(court: Courtroom, person: ParticipantId, seen_by: RtcClient, number: int) -> None:
    """Join, be seen by somebody, and leave: by goodbye, by the court's doing, or replaced by oneself first."""
    client = RtcClient(pairs=2, has_wide=True, by_tcp=number % 5 == 4)
    await client.join(court.plane, HEARING, person)
    live = LivePerson(client, Layer("l", 0x9000 + number, size=(64, 48)))
    came = len(seen_by.stream(person, "audio"))
    await seen_by.receives(person, "audio", came + 2)
    await until(lambda: client.stream(JUDGE, "audio"), "the newcomer hears the judge")
    if number % 5 == 1:
        await client.restart(court.plane, HEARING, person)
    if number % 5 == 2:
        await court.plane.connect(HEARING, person, await client_beside(client))
    if number % 2:
        await court.plane.disconnect(HEARING, person)
    await live.close()
    await client.close()
    await until(lambda: court.gallery.links[-1] == (person, False), "they are gone")


async def client_beside(client: RtcClient) -> str:
    """The offer of a second connection that never comes."""
    other = RtcClient(pairs=2)
    offer = await other.offer()
    await other.close()
    return offer


async def test_two_hundred_visits_leave_nothing_behind(court: Courtroom) -> None:
    judge, plaintiff = [await court.enters(person, has_wide=True) for person in (JUDGE, PLAINTIFF)]
    await court.plane.start_recording(HEARING)
    await court.route(everyone(*KINDS))
    people = [
        LivePerson(client, Layer("l", 0x1000 + number, size=(64, 48)))
        for number, client in enumerate((judge, plaintiff))
    ]
    for number in range(WARM_UP):
        await passes_by(court, DEFENDANT, judge, number)
        forget(judge, plaintiff)
    await settled(court)
    base, base_kib = await usual(court), resident_kib()
    for number in range(WARM_UP, CYCLES):
        await passes_by(court, DEFENDANT, judge, number)
        forget(judge, plaintiff)
    await settled(court)
    await until(lambda: all(n <= base[what] for what, n in tables(court).items()), f"all is as {base}", PATIENCE_S)
    grown = resident_kib() - base_kib
    print(f"\n{CYCLES - WARM_UP} visits after the first {WARM_UP}: {grown} KiB more, tables {base}")
    assert grown < MAY_GROW_KIB
    for person in people:
        await person.close()
    await court.plane.stop_recording(HEARING)


async def usual(court: Courtroom) -> dict[str, int]:
    """The sizes without what comes and goes, as a folder that is just being synced."""
    found = tables(court)
    for _ in range(SAMPLES):
        await asyncio.sleep(SAMPLE_S)
        found = {what: min(size, found[what]) for what, size in tables(court).items()}
    return found


def forget(*clients: RtcClient) -> None:
    """What the stand-ins have collected is not the server's."""
    for client in clients:
        client.dtls.rtp.clear()


async def settled(court: Courtroom) -> None:
    """Until all who left are seen off, and the recorder has closed their files."""
    stage = court.plane._stages[HEARING]
    await until(
        lambda: not stage._leaving and not stage._coming and len(stage._crew) == 1, "all are seen off", PATIENCE_S
    )
    await until(lambda: not any(DEFENDANT in name for name in descriptors()), "their files are closed", PATIENCE_S)
    gc.collect()
