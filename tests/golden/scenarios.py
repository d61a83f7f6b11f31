"""What can happen to packets between one browser and others, scenario by scenario."""

from collections.abc import Callable
from typing import Literal

from tests.golden.reference import Source
from tests.golden.script import Script
from tests.golden.wire import Picture, Rtp, vp8

GCM256, GCM128, CM = "AEAD_AES_256_GCM", "AEAD_AES_128_GCM", "AES128_CM_SHA1_80"
FRAME_TICKS, SOUND_TICKS = 3000, 960
SECOND_OF_NTP = 1 << 32


class Camera:
    """Makes the packets of one picture stream: frames of two packets, the second one with the marker."""

    def __init__(
        self,
        ssrc: int,
        seq: int,
        timestamp: int,
        *,
        picture: int | None = 100,
        bits: Literal[7, 15] = 15,
        tl0: int | None = None,
        payload_type: int = 96,
    ) -> None:
        self.ssrc, self.seq, self.timestamp = ssrc, seq, timestamp
        self._picture, self._bits, self._tl0, self._payload_type = picture, bits, tl0, payload_type

    def frame(self, *, key: bool = False, fields: dict[int, bytes] | None = None) -> list[Rtp]:
        shown = None if self._picture is None else Picture(self._picture, self._bits, self._tl0)
        parts = [vp8(b"begins" + bytes([self.seq & 0xFF]) * 9, shown, key=key), vp8(b"goes on", shown, starts=False)]
        frame = [
            Rtp(self._payload_type, self.seq + n, self.timestamp, self.ssrc, part, n == 1, fields=fields or {})
            for n, part in enumerate(parts)
        ]
        self.seq, self.timestamp = self.seq + 2 & 0xFFFF, self.timestamp + FRAME_TICKS & 0xFFFFFFFF
        if self._picture is not None:
            self._picture += 1
        if self._tl0 is not None:
            self._tl0 += 1
        return frame

    def frames(self, count: int) -> list[Rtp]:
        """As many, a key frame first."""
        return [packet for n in range(count) for packet in self.frame(key=n == 0)]


def sound(seq: int, timestamp: int, *, ssrc: int = 0x5000, level: int | None = None) -> Rtp:
    fields = {} if level is None else {1: bytes([0x80 | level])}
    return Rtp(111, seq, timestamp, ssrc, b"opus" + bytes([seq & 0xFF]) * 20, fields=fields)


def repair(lost: Rtp, seq: int, ssrc: int = 0x7700, *, padding: int = 0) -> Rtp:
    """The RTX packet that brings `lost` again (RFC 4588 section 4)."""
    payload = (lost.seq & 0xFFFF).to_bytes(2, "big") + lost.payload
    return Rtp(97, seq, lost.timestamp, ssrc, payload, lost.marker, padding=padding)


def one_camera(court: Script, seq: int = 500, **camera: int) -> tuple[Camera, Source]:
    court.peer("judge")
    source = court.stream("judge", "camera", "vp8", ssrc=0xC000, first_seq=seq)
    return Camera(0xC000, seq, 90_000, **camera), source  # type: ignore[arg-type]


def plain_audio(court: Script) -> None:
    """Sound to two viewers, with levels; the second joins later."""
    for person in ("judge", "plaintiff", "defendant"):
        court.peer(person)
    voice = court.stream("judge", "voice", "opus", ssrc=0x5000, first_seq=10, level_id=1)
    first = court.route("plaintiff", "to plaintiff", "opus")
    second = court.route("defendant", "to defendant", "opus", first=(7, 0, 0), mid="12")
    court.aim(first, voice)
    for n in range(6):
        if n == 3:
            court.aim(second, voice)
        court.wait(20)
        court.arrive("judge", sound(10 + n, 4_294_960_000 + n * SOUND_TICKS, level=30 + n))


def fan_out(viewers: int) -> Callable[[Script], None]:
    def scenario(court: Script) -> None:
        camera, source = one_camera(court)
        for n in range(viewers):
            viewer = court.peer(f"viewer {n}")
            court.aim(court.route(viewer, f"to {viewer}", first=(1000 * n, 77 * n, 9 * n), mid=str(2 + 2 * n)), source)
        court.arrive("judge", *camera.frame())
        for packet in camera.frames(3):
            court.wait(16.6)
            court.arrive("judge", packet)

    scenario.__doc__ = f"A picture to {viewers}: nothing before its key frame, then everything."
    return scenario


def loss(court: Script) -> None:
    """Holes of the source stay holes for the viewer, and are told once until somebody has dealt with them."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.aim(court.route("plaintiff", "line"), source)
    packets = camera.frames(8)
    court.arrive("judge", *(packet for n, packet in enumerate(packets) if n not in (3, 4, 9)))


def reordering(court: Script) -> None:
    """Late packets go out late under their own number; what is older than the viewer's beginning does not."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.aim(court.route("plaintiff", "line"), source)
    before, packets = camera.frame(), camera.frames(4)
    court.arrive("judge", before[0], packets[0], before[1], packets[2], packets[1], packets[5], packets[3], packets[4])
    court.wait(40)
    court.arrive("judge", packets[7], packets[6])


def duplicates(court: Script) -> None:
    """A datagram that comes twice is SRTP's to refuse; a repair of what came is thrown away."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.aim(court.route("plaintiff", "line"), source)
    court.repairs_of(source, 0x7700)
    packets = camera.frames(2)
    court.arrive("judge", *packets[:3])
    court.arrive_raw("judge", court.protected("judge", packets[1]), counted="srtp_refused")
    court.arrive("judge", repair(packets[2], 1), packets[3])


def sequence_wrap(court: Script) -> None:
    """Numbers wrap on both sides, with a hole and a late packet across the seam."""
    camera, source = one_camera(court, seq=65_532)
    court.peer("plaintiff")
    line = court.route("plaintiff", "line", first=(65_530, 1, 65_534))
    court.aim(line, source)
    packets = camera.frames(8)
    court.arrive("judge", *packets[:3], *packets[5:7], packets[4], *packets[7:], packets[3])
    court.wait(100)
    court.resend(line, 65_535, 0, 1, 2)


def timestamp_wrap(court: Script) -> None:
    """Timestamps wrap at different moments for the source and each viewer; a pause lies in between."""
    court.peer("judge")
    source = court.stream("judge", "camera", "vp8", ssrc=0xC000, first_seq=1)
    camera = Camera(0xC000, 1, 0xFFFFE000)
    lines = []
    for n, timestamp in enumerate((0xFFFFF000, 0xFFFFB000)):
        court.peer(f"viewer {n}")
        lines.append(court.route(f"viewer {n}", f"line {n}", first=(1, timestamp, 1)))
        court.aim(lines[-1], source)
    for _ in range(4):
        court.wait(33.3)
        court.arrive("judge", *camera.frame(key=True))
    court.aim(lines[0], None)
    court.arrive("judge", *camera.frame())
    court.aim(lines[0], source)
    court.wait(1000)
    camera.timestamp = camera.timestamp + 90_000 & 0xFFFFFFFF
    court.arrive("judge", *camera.frame(key=True), *camera.frame())


def viewers_headers(court: Script) -> None:
    """Everyone gets their own MID, extension ids and send time, or none; a send time only beside RTX."""
    camera, source = one_camera(court)
    for n, (mid, mid_id, send_time_id, repairs) in enumerate(
        [
            ("0", 4, None, True),
            ("abcdefghijklmnop", 14, None, True),
            ("21", 1, 2, True),
            ("7", None, 3, True),
            ("7", None, None, True),
            ("123", 9, 5, False),
        ]
    ):
        court.peer(f"viewer {n}")
        line = court.route(
            f"viewer {n}", f"line {n}", mid=mid, mid_id=mid_id, send_time_id=send_time_id, repairs=repairs
        )
        court.aim(line, source)
    for packet in camera.frames(2):
        court.wait(777.7)
        court.arrive("judge", packet)


def publishers_headers(court: Script) -> None:
    """The publisher's extensions, CSRCs and their places end here; what they say is noted; padding passes."""
    court.peer("judge")
    court.peer("plaintiff")
    source = court.stream("judge", "voice", "opus", ssrc=0x5000, first_seq=0, level_id=1, wide_id=3)
    court.aim(court.route("plaintiff", "line", "opus"), source)
    forms: list[dict[str, object]] = [
        {"fields": {4: b"0", 1: b"\x14", 3: b"\xff\xff"}},
        {"fields": {1: b"\x90", 3: b"\x00\x00"}},
        {"fields": {3: b"\x00\x01", 1: b"\x7f"}},
        {"fields": {3: b"\x00\x02\x03", 1: b"\x01\x02"}},
        {"fields": {5: bytes(16), 3: b"\x00\x04"}},
        {"extension": (0x1000, b"\x01\x01\x20\x00\x03\x02\x00\x05")},
        {"csrcs": (1, 2, 3)},
        {"csrcs": (0xFFFFFFFF,) * 15, "fields": {1: b"\x05", 3: b"\x00\x07"}, "padding": 7},
        {"padding": 1},
        {"padding": 200, "fields": {3: b"\x00\x09"}},
        {"extension": (0xBEDE, b"")},
        {},
        # A browser that is heard stops naming the line: the level moves, the length stays (padding).
        {"fields": {3: b"\x00\x0c", 4: b"0", 1: b"\x91"}},
        {"fields": {3: b"\x00\x0d", 1: b"\x92"}},
        {"fields": {3: b"\x00\x0e", 1: b"\x93"}},
    ]
    for n, form in enumerate(forms):
        court.wait(20)
        packet = Rtp(111, n, n * SOUND_TICKS, 0x5000, b"opus %d" % n, n == 0, **form)  # type: ignore[arg-type]
        court.arrive("judge", packet)
    nothing = Rtp(111, len(forms), 99_999, 0x5000, b"", padding=255)
    court.arrive("judge", nothing)


def source_changes(court: Script) -> None:
    """A source comes back under another SSRC, and later as another codec: the viewer's stream just goes on."""
    camera, source = one_camera(court, seq=40_000)
    court.peer("plaintiff")
    line = court.route("plaintiff", "line", payload_types={"vp8": (120, 121), "h264": (98, 99)})
    court.aim(line, source)
    court.arrive("judge", *camera.frames(2))
    court.remove(source)
    court.arrive("judge", *camera.frame())
    court.wait(2500)
    again = court.stream("judge", "camera again", "vp8", ssrc=0xD000, first_seq=3)
    court.aim(line, again)
    court.arrive("judge", *Camera(0xD000, 3, 0x12345678, picture=9).frames(2))
    court.resend(line, 1000, 1003, 1004, 1007)
    court.remove(again)
    court.wait(100)
    third = court.stream("judge", "another codec", "h264", ssrc=0xE000, first_seq=9)
    court.aim(line, third)
    payloads = [
        b"\x61delta",
        b"\x7c\x45middle",
        b"\x78\x00\x02\x67\x42\x00\x02\x68\x43",
        b"\x7c\x85begins",
        b"\x7c\x45ends",
    ]
    for n, payload in enumerate(payloads):
        court.arrive("judge", Rtp(102, 9 + n, 77, 0xE000, payload, n == 4))


def layers(*, bits: Literal[7, 15], tl0: int | None, with_reports: bool) -> Callable[[Script], None]:
    def scenario(court: Script) -> None:
        court.peer("judge")
        court.peer("plaintiff")
        names = ("lower", "upper")
        lower, upper = (
            court.stream("judge", name, "vp8", ssrc=0xC000 + n, first_seq=60_000 * n) for n, name in enumerate(names)
        )
        small = Camera(0xC000, 0, 1_000_000, picture=126 if bits == 7 else 32_766, bits=bits, tl0=tl0)
        large = Camera(0xC001, 60_000, 0xFFFF0000, picture=5, bits=bits, tl0=None if tl0 is None else 200)
        line = court.route("plaintiff", "line", first=(65_533, 10, 65_534))
        court.aim(line, lower)
        court.arrive("judge", *small.frames(2), *large.frames(1))
        if with_reports:
            court.report(lower, 50 * SECOND_OF_NTP, 1_000_000)
            court.report(upper, 51 * SECOND_OF_NTP, 0xFFFF0000 + 90_000 + 450 & 0xFFFFFFFF)
        court.aim(line, upper, cut=False)
        court.wait(33)
        court.arrive("judge", *small.frame(), *large.frame())
        court.wait(33)
        court.arrive("judge", *large.frame(key=True), *small.frame(), *large.frame())
        court.resend(line, 65_533, 1, 2, 3, 4, 5, 6, 7, 8)
        court.aim(line, lower, cut=False)
        court.aim(line, upper, cut=False)
        court.wait(33)
        court.arrive("judge", *small.frame(key=True), *large.frame())
        court.aim(line, lower)
        court.arrive("judge", *large.frame(), *small.frame(), *small.frame(key=True), *small.frame())
        court.resend(line, 65_533, 4, 9)

    how = "placed in time by sender reports" if with_reports else "that nobody's reports put in time"
    scenario.__doc__ = (
        f"Layers {how}, with pictures of {bits} bits: switched at key frames, repaired across the switch."
    )
    return scenario


def same_picture_number(court: Script) -> None:
    """The next layer happens to show the very next picture id, and another TL0PICIDX."""
    court.peer("judge")
    court.peer("plaintiff")
    lower, upper = (court.stream("judge", f"{n}", "vp8", ssrc=0xC000 + n, first_seq=1) for n in range(2))
    line = court.route("plaintiff", "line")
    court.aim(line, lower)
    court.arrive("judge", *Camera(0xC000, 1, 1, picture=40, tl0=7).frames(2))
    court.aim(line, upper, cut=False)
    court.arrive("judge", *Camera(0xC001, 1, 1, picture=42, tl0=99).frames(2))
    court.resend(line, 1004, 1007)


def pause_and_resume(court: Script) -> None:
    """A recess: nothing flows, and afterwards there is no hole, no step back, and the time that really passed."""
    camera, picture = one_camera(court)
    voice = court.stream("judge", "voice", "opus", ssrc=0x5000, first_seq=1)
    court.peer("plaintiff")
    video, audio = court.route("plaintiff", "video"), court.route("plaintiff", "audio", "opus", mid="2")
    for line, source in ((video, picture), (audio, voice)):
        court.aim(line, source)
    court.arrive("judge", *camera.frames(2), sound(1, 0), sound(2, 960))
    for line in (video, audio):
        court.aim(line, None)
    court.wait(5000)
    court.arrive("judge", *camera.frame(), sound(3, 240_000))
    court.resend(video, 1003)
    for line, source in ((video, picture), (audio, voice)):
        court.aim(line, source)
    camera.timestamp += 450_000
    court.arrive("judge", *camera.frame(), sound(4, 240_960), *camera.frame(key=True), sound(5, 241_920))


def repair_in(court: Script) -> None:
    """What the publisher lost comes back by RTX, once its stream is known, padded or not; empty ones are probes."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.aim(court.route("plaintiff", "line", send_time_id=2), source)
    packets = camera.frames(5)
    court.arrive("judge", *packets[:2], packets[4], *packets[6:])
    court.arrive("judge", repair(packets[2], 1))
    court.repairs_of(source, 0x7700)
    court.arrive("judge", repair(packets[2], 2), repair(packets[5], 3, padding=40))
    probe = Rtp(97, 4, packets[4].timestamp, 0x7700, b"", padding=224)
    court.arrive("judge", probe, repair(packets[3], 5), repair(packets[3], 6))


def repair_out(court: Script) -> None:
    """What viewers lost goes out again: by RTX under new numbers, or the very packet where there is no RTX."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.peer("defendant")
    by_rtx = court.route("plaintiff", "by RTX", first=(1000, 1, 65_534), send_time_id=2)
    plainly = court.route("defendant", "plainly", first=(2000, 1, 1), repairs=False, send_time_id=2)
    for line in (by_rtx, plainly):
        court.aim(line, source)
    court.arrive("judge", *camera.frames(3))
    court.wait(250)
    court.resend(by_rtx, 1001, 1005, 1002)
    court.resend(plainly, 2003, 2003)
    court.resend(by_rtx, 999, 1006, 40_000)
    court.wait(250)
    court.resend(by_rtx, 1001)
    court.arrive("judge", *camera.frame())


def probes_and_reports(court: Script) -> None:
    """Padding on the repairs' stream, RTCP both ways, and DTLS."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    line, bare = court.route("plaintiff", "line", send_time_id=2), court.route("plaintiff", "bare", repairs=False)
    court.aim(line, source)
    court.arrive("judge", *camera.frames(1))
    court.pad(line, 2)
    court.resend(line, 1000)
    court.pad(line, 1)
    court.pad(bare, 1)
    loss_report = bytes.fromhex("81c90007") + bytes(28)
    court.arrive_report("plaintiff", loss_report)
    court.arrive_report("plaintiff", loss_report)
    court.send_report("judge", bytes.fromhex("81ce0002") + bytes(8))
    court.send_report("judge", bytes.fromhex("80c90001") + bytes(4))
    court.send_raw("judge", b"\x16\xfe\xfd a DTLS record")
    hello = b"\x16\xfe\xfd another"
    court.arrive_raw("judge", hello, told=[["handshaken", "judge", hello.hex()]])


def restart(court: Script) -> None:
    """Numbers leap: another stream under the old name. Its viewers wait for a key frame, and their numbers go on."""
    camera, source = one_camera(court, seq=100)
    voice = court.stream("judge", "voice", "opus", ssrc=0x5000, first_seq=1)
    court.peer("plaintiff")
    video, audio = court.route("plaintiff", "video"), court.route("plaintiff", "audio", "opus", mid="2")
    court.aim(video, source)
    court.aim(audio, voice)
    court.report(source, 50 * SECOND_OF_NTP, 90_000)
    court.arrive("judge", *camera.frames(2), sound(1, 0), sound(2, 960))
    court.wait(500)
    elsewhere = Camera(0xC000, 20_000, 0x90000000, picture=9)
    court.arrive("judge", *elsewhere.frame(), sound(30_000, 0x80000000))
    court.report(source, 51 * SECOND_OF_NTP, 0x90000000)
    court.wait(100)
    court.arrive("judge", *elsewhere.frame(key=True), *elsewhere.frame(), sound(30_001, 0x80000000 + 960))


def restart_before_a_switch(court: Script) -> None:
    """Numbers leap while the viewer waits for another layer: they go on waiting for that one."""
    camera, lower = one_camera(court, seq=100)
    upper = court.stream("judge", "upper", "vp8", ssrc=0xC001, first_seq=9)
    court.peer("plaintiff")
    line = court.route("plaintiff", "line")
    court.aim(line, lower)
    court.arrive("judge", *camera.frames(1))
    court.aim(line, upper, cut=False)
    court.arrive("judge", *Camera(0xC000, 30_000, 5).frames(1))
    court.arrive("judge", *Camera(0xC001, 9, 5).frames(1))


def wrong_key_and_replay(court: Script) -> None:
    """What isn't authentic, or came before, goes nowhere; the next good packet does."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.peer("mallory")
    court.aim(court.route("plaintiff", "line"), source)
    packets = camera.frames(4)
    court.arrive("judge", packets[0])
    court.arrive_raw("judge", court.protected("mallory", packets[1]), counted="srtp_refused")
    good = court.protected("judge", packets[1])
    court.arrive_raw("judge", good[:-1] + bytes([good[-1] ^ 1]), counted="srtp_refused")
    court.arrive_raw("judge", good[:20] + bytes([good[20] ^ 1]) + good[21:], counted="srtp_refused")
    court.arrive_raw("judge", packets[1].octets(), counted="srtp_refused")
    court.arrive_raw("judge", good[:11], counted="srtp_refused")
    court.arrive_raw("judge", bytes.fromhex("80c90001") + bytes(20), counted="srtp_refused")
    court.arrive("judge", *packets[1:3])
    court.arrive_raw("judge", court.protected("judge", packets[1]), counted="srtp_refused")
    no_padding = Rtp(96, packets[3].seq + 1, 1, 0xC000, b"\x00").octets()
    court.arrive_refused("judge", bytes([no_padding[0] | 0x20]) + no_padding[1:], "rtp_malformed")
    court.arrive("judge", packets[3])


def strangers(court: Script) -> None:
    """From a path that proved nothing, only connectivity checks are looked at; and forgotten paths prove nothing."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    court.socket("stranger")
    court.aim(court.route("plaintiff", "line"), source)
    packets = camera.frames(3)
    court.arrive_raw("stranger", court.protected("judge", packets[0]), counted="stranger")
    court.arrive_raw("stranger", b"\x16\xfe\xfd DTLS", counted="stranger")
    court.arrive_raw("stranger", b"\x50 what is this", counted="unknown_kind")
    court.arrive_raw("judge", b"\xff neither", counted="unknown_kind")
    court.arrive_raw("stranger", b"", counted="empty")
    check = b"\x00\x01\x00\x00 a check"
    court.arrive_raw("stranger", check, told=[["checked", "stranger", check.hex()]])
    court.arrive("judge", *packets[:2])
    court.forget("judge")
    court.arrive_raw("judge", court.protected("judge", packets[2]), counted="stranger")
    court.bind("stranger", "judge")
    court.arrive("judge", packets[2], socket="stranger")


def paths(court: Script) -> None:
    """A viewer walks to another network, then to TCP, then leaves; the streams are the same all the way."""
    camera, source = one_camera(court)
    court.peer("plaintiff")
    line = court.route("plaintiff", "line", send_time_id=1)
    court.aim(line, source)
    packets = camera.frames(6)
    court.arrive("judge", *packets[:3])
    court.move("plaintiff", court.socket("elsewhere"))
    court.arrive("judge", *packets[3:5])
    court.resend(line, 1000)
    court.move("plaintiff", court.socket("tcp", "wire"))
    court.arrive_by_tcp("judge", packets[5])
    court.arrive("judge", packets[6])
    court.move("plaintiff", "plaintiff")
    court.arrive("judge", *packets[7:9])
    court.remove_peer("judge")
    court.arrive_raw("judge", court.protected("judge", packets[9]), counted="stranger")


def unknown_streams(court: Script) -> None:
    """A stream that nobody declared comes out as it is, and goes on its way once it is declared."""
    court.peer("judge")
    court.peer("plaintiff")
    line = court.route("plaintiff", "line")
    packets = Camera(0xC000, 65_535, 7).frames(2)
    court.arrive("judge", *packets[:2])
    source = court.stream("judge", "camera", "vp8", ssrc=0xC000, first_seq=65_535)
    court.aim(line, source)
    for packet in packets[:2]:
        court.admit("judge", packet)
    court.arrive("judge", *packets[2:])
    court.arrive("judge", Rtp(100, 3, 7, 0xC000, b"another payload type"))


def taps(court: Script) -> None:
    """The recorder's copy: whole packets as they came, repairs included; another layer from its key frame on."""
    court.peer("judge")
    names = ("lower", "middle", "upper")
    lower, middle, upper = (
        court.stream("judge", name, "vp8", ssrc=0xC000 + n, first_seq=100 * n) for n, name in enumerate(names)
    )
    small, medium, large = (Camera(0xC000 + n, 100 * n, 5000 * n) for n in range(3))
    court.repairs_of(lower, 0x7700)
    court.arrive("judge", *small.frame())
    court.tap(lower, "recorder")
    lost, *others = small.frame(fields={5: b"kept"})
    court.arrive("judge", *others, repair(lost, 1, padding=9))
    court.tap(middle, "recorder", instead_of=lower)
    court.arrive("judge", *medium.frame(), *small.frame(), *medium.frame(key=True), *small.frame(), *medium.frame())
    court.tap(upper, "recorder", instead_of=middle)
    court.tap(upper, None)
    court.arrive("judge", *large.frames(1), *medium.frame())
    court.tap(middle, "recorder", instead_of=middle)
    court.arrive("judge", *medium.frame(key=True))
    court.tap(middle, None)
    court.arrive("judge", *medium.frame(key=True))


SCENARIOS: dict[str, tuple[Callable[[Script], None], tuple[str, ...]]] = {
    "plain-audio": (plain_audio, (GCM256, GCM128, CM)),
    "picture-to-one": (fan_out(1), (GCM256, GCM128, CM)),
    "picture-to-two": (fan_out(2), (GCM128, CM)),
    "picture-to-five": (fan_out(5), (GCM128,)),
    "loss": (loss, (GCM128,)),
    "reordering": (reordering, (CM,)),
    "duplicates": (duplicates, (GCM128, CM)),
    "sequence-wrap": (sequence_wrap, (GCM256, CM)),
    "timestamp-wrap": (timestamp_wrap, (GCM128,)),
    "viewers-headers": (viewers_headers, (GCM128,)),
    "publishers-headers": (publishers_headers, (GCM128,)),
    "source-changes": (source_changes, (CM,)),
    "layers-15-bit-with-reports": (layers(bits=15, tl0=None, with_reports=True), (GCM128,)),
    "layers-15-bit": (layers(bits=15, tl0=254, with_reports=False), (GCM256,)),
    "layers-7-bit-with-reports": (layers(bits=7, tl0=250, with_reports=True), (CM,)),
    "layers-7-bit": (layers(bits=7, tl0=None, with_reports=False), (GCM128,)),
    "same-picture-number": (same_picture_number, (GCM128,)),
    "pause-and-resume": (pause_and_resume, (GCM128,)),
    "repair-in": (repair_in, (GCM128, CM)),
    "repair-out": (repair_out, (GCM128, CM)),
    "probes-and-reports": (probes_and_reports, (GCM256, GCM128, CM)),
    "restart": (restart, (GCM128,)),
    "restart-before-a-switch": (restart_before_a_switch, (GCM128,)),
    "wrong-key-and-replay": (wrong_key_and_replay, (GCM256, GCM128, CM)),
    "strangers": (strangers, (GCM128,)),
    "paths": (paths, (GCM128,)),
    "unknown-streams": (unknown_streams, (GCM128,)),
    "taps": (taps, (GCM128,)),
}
