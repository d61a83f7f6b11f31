"""Reading an offer: a strict grammar for the one shape of session we serve (RFC 8866, 9429). Pure.

Nothing of an offer that isn't understood here reaches a library. Candidates are dropped on purpose: we never send
to an address that a client names, but learn where it is from its authenticated checks.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from cloudcourt.domain.errors import MediaRefused
from media.link import RemoteFace
from media.rtp import CodecName

MAX_OFFER_BYTES = 128 * 1024
"""A browser spends about 5 KiB on every pair of lines, most of it on codecs that we don't take."""
MAX_SDP_LINES = 6000
MAX_LINE_CHARS = 2048
MAX_CANDIDATES = 256
MAX_SEATS = 12
MAX_MEDIA_LINES = 2 + 2 * (MAX_SEATS - 1) + 2
MAX_PAYLOAD_TYPES = 96
MAX_LAYERS = 3

MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
LEVEL_EXTENSION = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME_EXTENSION = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
WIDE_EXTENSION = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_KNOWN_EXTENSIONS = frozenset(
    (MID_EXTENSION, RID_EXTENSION, REPAIRED_RID_EXTENSION, LEVEL_EXTENSION, SEND_TIME_EXTENSION, WIDE_EXTENSION)
)
PROFILE = "UDP/TLS/RTP/SAVPF"

_GRAMMAR = re.compile(r"[a-z]=[\x20-\x7e]*")
_SESSION_LETTERS = frozenset("vosiuepcbtrzka")
_MEDIA_LETTERS = frozenset("icbka")
_MEDIA = re.compile(rf"(audio|video) (\d{{1,5}}) (?:{PROFILE}) (\d{{1,3}}(?: \d{{1,3}})*)")
_MID = re.compile(r"[A-Za-z0-9_.~+-]{1,16}")
_RTPMAP = re.compile(r"(\d{1,3}) ([A-Za-z0-9_.-]{1,32})/(\d{1,6})(?:/(\d{1,2}))?")
_PARAMETER = re.compile(r"([A-Za-z0-9_-]{1,40})=([A-Za-z0-9_.,;-]{1,64})")
_EXTMAP = re.compile(r"(\d{1,3})(?:/[a-z]+)? (\S{1,200})(?: .*)?")
_RID = re.compile(r"([A-Za-z0-9_-]{1,16}) send(?: .*)?")
_SIMULCAST = re.compile(r"send ~?([A-Za-z0-9_-]{1,16}(?:;~?[A-Za-z0-9_-]{1,16})*)")
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_HEX_BYTES = re.compile(r"[0-9A-F]{2}(?::[0-9A-F]{2})*")
_DIGEST_BYTES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}

Kind = Literal["audio", "video"]
Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
_DIRECTIONS: tuple[Direction, ...] = ("sendrecv", "sendonly", "recvonly", "inactive")


class Codec(NamedTuple):
    """A codec that we take, under the payload types of one offered line."""

    name: CodecName
    payload_type: int
    repair_payload_type: int | None
    parameters: tuple[tuple[str, str], ...]
    feedback: frozenset[str]


class OfferedLine(NamedTuple):
    kind: Kind
    mid: str
    direction: Direction
    codecs: tuple[Codec, ...]
    """What we take of the offered codecs, best first; never empty."""
    extensions: dict[str, int]
    """Ids of the header extensions that we know, by URI; only such as fit the one-byte form."""
    layers: tuple[str, ...]
    """RIDs of the simulcast layers that the person sends, in the offer's order; empty without simulcast."""
    reduced_size_rtcp: bool

    @property
    def mid_extension_id(self) -> int | None:
        return self.extensions.get(MID_EXTENSION)


class Offer(NamedTuple):
    """Own sound and picture, a pair for every other seat, and, where it ends in two pictures, the screens' lines."""

    face: RemoteFace
    lines: tuple[OfferedLine, ...]

    @property
    def has_screens(self) -> bool:
        """Whether the last two lines are the person's own screen and the one that the court is shown."""
        return len(self.lines) > 2 and self.lines[-2].kind == "video"

    @property
    def own_screen(self) -> int | None:
        """The number of the line on which the person may share their screen."""
        return len(self.lines) - 2 if self.has_screens else None

    @property
    def pairs(self) -> tuple[tuple[OfferedLine, OfferedLine], ...]:
        """Sound and picture of each other seat."""
        seats = self.lines[2 : self.own_screen]
        return tuple(zip(seats[::2], seats[1::2], strict=False))

    def is_sent(self, number: int) -> bool:
        """True for lines on which the person sends."""
        return number < 2 or number == self.own_screen


class _Section:
    """The attributes of the session or of one media line, in order of appearance."""

    def __init__(self) -> None:
        self.attributes: dict[str, list[str]] = {}

    def add(self, attribute: str) -> None:
        name, _, value = attribute.partition(":")
        self.attributes.setdefault(name, []).append(value)

    def all(self, name: str) -> list[str]:
        return self.attributes.get(name, [])

    def one(self, name: str) -> str | None:
        values = self.all(name)
        return values[0] if values else None


class _MediaSection(_Section):
    def __init__(self, kind: Kind, port: int, payload_types: tuple[int, ...]) -> None:
        super().__init__()
        self.kind: Kind = kind
        self.port = port
        self.payload_types = payload_types


def read_offer(text: str) -> Offer:
    """Read an offer, or raise MediaRefused with a stable reason."""
    session, media = _sections(text)
    if not media:
        raise MediaRefused("no_media")
    if len(media) > MAX_MEDIA_LINES:
        raise MediaRefused("too_many_lines")
    lines = tuple(_read_line(section) for section in media)
    offer = Offer(_read_face(session, media[0]), lines)
    if len(offer.pairs) >= MAX_SEATS:
        raise MediaRefused("too_many_lines")
    _check_order(offer)
    _check_bundle(session, lines)
    return offer


def _sections(text: str) -> tuple[_Section, list[_MediaSection]]:
    if len(text) > MAX_OFFER_BYTES:
        raise MediaRefused("too_large")
    session = section = _Section()
    media: list[_MediaSection] = []
    for number, line in enumerate(_split(text)):
        if number == 0 and line != "v=0":
            raise MediaRefused("not_sdp")
        letter, value = line[0], line[2:]
        if letter == "m":
            section = _read_media(value)
            media.append(section)
        elif letter not in (_MEDIA_LETTERS if media else _SESSION_LETTERS):
            raise MediaRefused("bad_line")
        elif letter == "a":
            section.add(value)
    if sum(len(section.all("candidate")) for section in (session, *media)) > MAX_CANDIDATES:
        raise MediaRefused("too_many_candidates")
    return session, media


def _split(text: str) -> Iterator[str]:
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) > MAX_SDP_LINES:
        raise MediaRefused("too_many_lines")
    for line in lines:
        if len(line) > MAX_LINE_CHARS or not _GRAMMAR.fullmatch(line):
            raise MediaRefused("bad_line")
        yield line


def _read_media(value: str) -> _MediaSection:
    if value.startswith("application "):
        raise MediaRefused("data_channel")
    media = _MEDIA.fullmatch(value)
    if media is None:
        raise MediaRefused("bad_media_line")
    if int(media[2]) > 0xFFFF:
        raise MediaRefused("bad_media_line")
    payload_types = tuple(int(number) for number in media[3].split())
    if len(set(payload_types)) != len(payload_types) or len(payload_types) > MAX_PAYLOAD_TYPES:
        raise MediaRefused("bad_payload_types")
    if max(payload_types) > 127:
        raise MediaRefused("bad_payload_types")
    return _MediaSection("audio" if media[1] == "audio" else "video", int(media[2]), payload_types)


def _read_line(section: _MediaSection) -> OfferedLine:
    if section.port == 0 and "bundle-only" not in section.attributes:  # Firefox offers so (RFC 9143 section 6)
        raise MediaRefused("closed_line")
    mid = section.one("mid")
    if mid is None or not _MID.fullmatch(mid) or len(section.all("mid")) != 1:
        raise MediaRefused("bad_mid")
    directions = [d for d in _DIRECTIONS if d in section.attributes]
    if len(directions) > 1:
        raise MediaRefused("bad_direction")
    if "rtcp-mux" not in section.attributes:
        raise MediaRefused("no_rtcp_mux")
    return OfferedLine(
        kind=section.kind,
        mid=mid,
        direction=directions[0] if directions else "sendrecv",
        codecs=_read_codecs(section),
        extensions=_read_extensions(section),
        layers=_read_layers(section),
        reduced_size_rtcp="rtcp-rsize" in section.attributes,
    )


def _read_extensions(section: _Section) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in section.all("extmap"):
        match = _EXTMAP.fullmatch(value)
        if match is None:
            raise MediaRefused("bad_extension")
        if match[2] in _KNOWN_EXTENSIONS and 1 <= int(match[1]) <= 14:
            found.setdefault(match[2], int(match[1]))
    if len(set(found.values())) != len(found):
        raise MediaRefused("bad_extension")
    return found


def _read_layers(section: _Section) -> tuple[str, ...]:
    """The RIDs that `a=simulcast:send` names, each with its own `a=rid` (RFC 8851, 8853)."""
    if (simulcast := section.one("simulcast")) is None:
        return ()
    match = _SIMULCAST.fullmatch(simulcast)
    if match is None:
        raise MediaRefused("bad_simulcast")
    rids = tuple(rid.removeprefix("~") for rid in match[1].split(";"))
    declared = {found[1] for value in section.all("rid") if (found := _RID.fullmatch(value)) is not None}
    if len(set(rids)) != len(rids) or len(rids) > MAX_LAYERS or not declared.issuperset(rids):
        raise MediaRefused("bad_simulcast")
    return rids if len(rids) > 1 else ()


def _read_codecs(section: _MediaSection) -> tuple[Codec, ...]:
    order = section.payload_types
    names = _read_rtpmaps(section)
    parameters = _read_parameters(section)
    repairs = {
        parameters.get(number, {}).get("apt", ""): number for number in order if names.get(number, ("", 0))[0] == "rtx"
    }
    taken = [
        Codec(
            name,
            number,
            repairs.get(str(number)),
            tuple(parameters.get(number, {}).items()),
            _feedback(section, number),
        )
        for number in order
        if (name := _known_codec(section.kind, names.get(number, ("", 0)), parameters.get(number, {}))) is not None
    ]
    if not taken:
        raise MediaRefused("no_common_codec")
    if any(64 <= codec.payload_type < 96 for codec in taken):
        raise MediaRefused("bad_payload_types")  # they'd look like RTCP (RFC 5761 section 4)
    # One of each name, VP8 before H.264: one codec set for everybody.
    best = {codec.name: codec for codec in reversed(taken)}
    return tuple(best[name] for name in ("opus", "vp8", "h264") if name in best)


def _read_rtpmaps(section: _Section) -> dict[int, tuple[str, int]]:
    names: dict[int, tuple[str, int]] = {}
    for value in section.all("rtpmap"):
        match = _RTPMAP.fullmatch(value)
        if match is None or int(match[1]) in names:
            raise MediaRefused("bad_rtpmap")
        names[int(match[1])] = (match[2].lower(), int(match[3]))
    return names


def _read_parameters(section: _Section) -> dict[int, dict[str, str]]:
    parameters: dict[int, dict[str, str]] = {}
    for value in section.all("fmtp"):
        number, _, rest = value.partition(" ")
        if not number.isdecimal() or len(number) > 3:
            raise MediaRefused("bad_fmtp")
        matches = (_PARAMETER.fullmatch(item.strip()) for item in rest.split(";"))
        parameters[int(number)] = {m[1].lower(): m[2] for m in matches if m is not None}
    return parameters


def _feedback(section: _Section, payload_type: int) -> frozenset[str]:
    found = (value.partition(" ") for value in section.all("rtcp-fb"))
    return frozenset(what for number, _, what in found if number in ("*", str(payload_type)))


def _known_codec(kind: Kind, named: tuple[str, int], parameters: dict[str, str]) -> CodecName | None:
    if kind == "audio":
        return "opus" if named == ("opus", 48000) else None
    if named == ("vp8", 90000):
        return "vp8"
    if named == ("h264", 90000) and parameters.get("packetization-mode") == "1":
        # Baseline of either kind: what every browser decodes.
        profile = parameters.get("profile-level-id", "").lower()
        return "h264" if re.fullmatch(r"42[0-9a-f]{4}", profile) else None
    return None


def _check_order(offer: Offer) -> None:
    """Audio and video that the person sends, then pairs that they receive, then the screens."""
    lines = offer.lines
    if len({line.mid for line in lines}) != len(lines):
        raise MediaRefused("bad_mid")
    if len(lines) < 2:
        raise MediaRefused("line_order")
    for number, line in enumerate(lines):
        receives = line.direction in ("recvonly", "inactive")
        sends = line.direction in ("sendonly", "sendrecv", "inactive")
        kind = "video" if number == offer.own_screen else ("audio", "video")[number % 2]
        if line.kind != kind or not (sends if offer.is_sent(number) else receives):
            raise MediaRefused("line_order")
    sound, picture = (_payload_types(line) for line in lines[:2])
    if sound & picture:
        raise MediaRefused("bad_payload_types")  # on one port they tell sound from picture
    if offer.own_screen is not None:
        _check_screen(lines[1], lines[offer.own_screen], sound)


def _check_screen(picture: OfferedLine, screen: OfferedLine, sound: set[int]) -> None:
    """On one port a screen is told from a camera by the line's name in its packets (RFC 8843 section 15)."""
    if MID_EXTENSION not in picture.extensions or MID_EXTENSION not in screen.extensions:
        raise MediaRefused("no_line_names")
    if picture.extensions[MID_EXTENSION] != screen.extensions[MID_EXTENSION] or sound & _payload_types(screen):
        raise MediaRefused("bad_payload_types")
    if screen.layers:
        raise MediaRefused("bad_simulcast")


def _payload_types(line: OfferedLine) -> set[int]:
    repairs = {c.repair_payload_type for c in line.codecs if c.repair_payload_type is not None}
    return {c.payload_type for c in line.codecs} | repairs


def _check_bundle(session: _Section, lines: tuple[OfferedLine, ...]) -> None:
    groups = [value.split() for value in session.all("group")]
    bundled = next((mids[1:] for mids in groups if mids and mids[0] == "BUNDLE"), [])
    if set(bundled) != {line.mid for line in lines} or len(bundled) != len(lines):
        raise MediaRefused("not_bundled")


def _read_face(session: _Section, first: _Section) -> RemoteFace:
    ufrag = first.one("ice-ufrag") or session.one("ice-ufrag") or ""
    password = first.one("ice-pwd") or session.one("ice-pwd") or ""
    if not _UFRAG.fullmatch(ufrag) or not _PASSWORD.fullmatch(password):
        raise MediaRefused("bad_ice")
    setup = first.one("setup") or session.one("setup")
    if setup not in ("actpass", "active", "passive"):
        raise MediaRefused("bad_setup")
    prints = first.all("fingerprint") or session.all("fingerprint")
    # Where we may choose, the browser begins: its first record comes with its first check, and we choose the cipher.
    return RemoteFace(ufrag, password, _read_fingerprints(prints), setup == "passive")


def _read_fingerprints(values: list[str]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for value in values[:8]:
        algorithm, _, digest = value.partition(" ")
        algorithm, digest = algorithm.lower(), digest.upper()
        wanted = _DIGEST_BYTES.get(algorithm)
        if wanted is None:
            continue  # SHA-1 and older prove nothing
        if not _HEX_BYTES.fullmatch(digest) or len(digest) != 3 * wanted - 1:
            raise MediaRefused("bad_fingerprint")
        found.append((algorithm, digest))
    if not found:
        raise MediaRefused("bad_fingerprint")
    return tuple(found)
