"""A hostile browser's media inside an authentic connection: nobody else loses a packet, and the record goes on."""

import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloudcourt.domain.recording import RecorderState
from media import rtcp
from media.record.sidecar import read_sidecars
from tests.bed.rtc_client import OPUS, VP8, RtcClient, seq_of, timestamp_of, until
from tests.bed.rtp_source import RtpSource
from tests.courthouse import DEFENDANT, JUDGE, PLAINTIFF
from tests.loopback.test_forwarding import HEARING, KINDS, Courtroom, clip, everyone

pytestmark = pytest.mark.faults

CORPUS = Path(__file__).parents[1] / "corpus"
KEY_FRAME = b"\x90\x80\x01\x10\x02\x00\x9d\x01\x2a"


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Courtroom]:
    room = Courtroom(tmp_path)
    await room.open()
    yield room
    await room.close()


def picture(seq: int, width: int, height: int, timestamp: int = 0) -> bytes:
    """A VP8 key frame of that size, in one packet."""
    head = struct.pack("!BBHII", 0x80, 0x80 | VP8, seq & 0xFFFF, timestamp & 0xFFFFFFFF, 0x1111)
    return head + KEY_FRAME + struct.pack("<HH", width, height) + bytes(200)


def sound(seq: int, content: bytes, *, timestamp: int | None = None, ssrc: int = 0x2222) -> bytes:
    ticks = 960 * seq if timestamp is None else timestamp
    return struct.pack("!BBHII", 0x80, OPUS, seq & 0xFFFF, ticks & 0xFFFFFFFF, ssrc) + content


async def hears_all(viewer: RtcClient, judge: RtcClient, court: Courtroom) -> None:
    """The judge says something, and the viewer gets every packet of it, numbered on without a hole."""
    before = len(viewer.stream(JUDGE, "audio"))
    words = clip(RtpSource(JUDGE), "audio")
    await judge.send(*words)
    heard = (await viewer.receives(JUDGE, "audio", before + len(words)))[before:]
    assert [seq_of(packet) - seq_of(heard[0]) & 0xFFFF for packet in heard] == list(range(len(words)))
    assert court.plane.ingress.faults == 0


async def hostile_court(court: Courtroom) -> tuple[RtcClient, RtcClient, RtcClient]:
    judge, viewer, hostile = [await court.enters(person) for person in (JUDGE, PLAINTIFF, DEFENDANT)]
    await court.route(everyone(*KINDS))
    return judge, viewer, hostile


@pytest.mark.parametrize("parser", ["rtp", "rtcp", "vp8", "h264", "opus", "feedback"])
async def test_s4_59_to_61_the_corpus(court: Courtroom, parser: str) -> None:
    judge, viewer, hostile = await hostile_court(court)
    for path in sorted((CORPUS / parser).iterdir()):
        odd = path.read_bytes()
        if len(odd) >= 12 or parser == "rtcp":  # libsrtp itself wants a whole header
            try:
                await hostile.send(odd)
            except Exception as refused:  # by the sender's own libsrtp: it never left
                assert "srtp" in type(refused).__module__ + str(refused)
    await hears_all(viewer, judge, court)
    assert (DEFENDANT, False) not in court.gallery.links


async def test_s4_62_a_replayed_packet_is_refused(court: Courtroom) -> None:
    judge, viewer, hostile = await hostile_court(court)
    words = clip(RtpSource(DEFENDANT), "audio")
    await hostile.send(*words)
    await viewer.receives(DEFENDANT, "audio", len(words))
    again = hostile.dtls._tx_srtp.protect(sound(7, b"again"))
    before, refused = len(viewer.stream(DEFENDANT, "audio")), court.plane.ingress.srtp_refused
    for _ in range(20):
        await hostile.dtls.transport._send(again)
    await until(lambda: court.plane.ingress.srtp_refused >= refused + 19, "the copies are refused")
    assert len(viewer.stream(DEFENDANT, "audio")) <= before + 1
    await hears_all(viewer, judge, court)


async def test_s4_63_somebody_elses_ssrc_harms_nobody(court: Courtroom) -> None:
    """All sources of these tests have the same SSRCs; and one may change its own at each packet."""
    judge, viewer, hostile = await hostile_court(court)
    taken = viewer.ssrc_of(JUDGE, "audio")
    await hostile.send(*(sound(n, b"mine?", ssrc=taken) for n in range(20)))
    await hostile.send(*(sound(n, b"whose?", ssrc=0x5000 + n) for n in range(100)))
    await hostile.send(rtcp.sender_report(taken, 1 << 60, 1, 1, 1), rtcp.nack(1, taken, range(600)))
    await hostile.send(rtcp.picture_loss(1, 0xDEAD), rtcp.bandwidth_allowed(1, 1, [taken] * 40))
    await hears_all(viewer, judge, court)
    assert not any(packet.endswith((b"mine?", b"whose?")) for packet in viewer.stream(JUDGE, "audio"))


async def test_s4_64_and_65_numbers_and_times_that_leap(court: Courtroom) -> None:
    judge, viewer, hostile = await hostile_court(court)
    leaps = [n * 30_000 for n in range(40)]
    await hostile.send(*(sound(seq, b"leap", timestamp=seq * 960) for seq in leaps))
    await hostile.send(*(sound(60_000 + n, b"back", timestamp=-n * 48_000) for n in range(40)))
    await hears_all(viewer, judge, court)
    words = clip(RtpSource(DEFENDANT), "audio")
    before = len(viewer.stream(DEFENDANT, "audio"))
    await hostile.send(*words)
    heard = (await viewer.receives(DEFENDANT, "audio", before + len(words)))[-len(words) :]
    assert [timestamp_of(later) - timestamp_of(heard[0]) & 0xFFFFFFFF for later in heard] == [
        timestamp_of(word) - timestamp_of(words[0]) & 0xFFFFFFFF for word in words
    ]


async def test_s4_66_to_68_absurd_pictures_and_sounds_do_not_end_the_record(court: Courtroom) -> None:
    judge, _, hostile = await hostile_court(court)
    await court.plane.start_recording(HEARING)
    await hostile.send(*(picture(n, 0x2000, 0x2000, n * 3000) for n in range(10)))
    await hostile.send(*(picture(n, 16 + n, 16 + 2 * n, n * 3000) for n in range(10, 40)))
    await hostile.send(*(picture(n, 0, 0, n * 3000) for n in range(40, 45)))
    garbage = [b"\xff", b"", b"\x1b\xff" + bytes(40), b"\x03", bytes(range(255))]
    await hostile.send(*(sound(n, garbage[n % len(garbage)]) for n in range(100)))
    await judge.send(*clip(RtpSource(JUDGE), "audio", 1.0), *clip(RtpSource(JUDGE), "video", 1.0))
    await court.heard_out(judge)
    await until(lambda: court.plane.recorder_health(HEARING).bytes_written > 0, "bytes are on the disk")
    await court.plane.stop_recording(HEARING)
    assert court.plane.recorder_health(HEARING).state is RecorderState.OFF
    of_judge = {track.kind: track for track in read_sidecars(court.folder) if track.participant_id == JUDGE}
    assert of_judge["audio"].duration_s == pytest.approx(1.0, abs=0.1)
    assert of_judge["video"].duration_s == pytest.approx(1.0, abs=0.1)
