"""Writing an answer: what we take, what we send on which line, and where we are (RFC 9429 section 5.3). Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from media.link import LocalFace
from media.sdp import (
    LEVEL_EXTENSION,
    MID_EXTENSION,
    PROFILE,
    REPAIRED_RID_EXTENSION,
    RID_EXTENSION,
    SEND_TIME_EXTENSION,
    WIDE_EXTENSION,
    Codec,
    Offer,
    OfferedLine,
)

_LOSS_FEEDBACK = ("nack", "nack pli", "ccm fir")
_FROM_US = ("transport-cc",)
"""Publishers get transport-wide feedback and estimate for themselves; see docs/rtp.md."""
_TO_US = ("goog-remb",)
"""Viewers estimate, and tell us."""
_SENT_EXTENSIONS = (MID_EXTENSION, RID_EXTENSION, REPAIRED_RID_EXTENSION, LEVEL_EXTENSION, WIDE_EXTENSION)
_RECEIVED_EXTENSIONS = (MID_EXTENSION, SEND_TIME_EXTENSION)
_OPUS_PARAMETERS = ("minptime", "usedtx")
_H264_PARAMETERS = ("level-asymmetry-allowed", "packetization-mode", "profile-level-id")
_RTPMAPS = {"opus": "opus/48000/2", "vp8": "VP8/90000", "h264": "H264/90000"}


class OutgoingStream(NamedTuple):
    """What a line that we send on carries. Streams of one `cname` are played in step."""

    ssrc: int
    repair_ssrc: int
    cname: str


def write_answer(offer: Offer, face: LocalFace, sent: dict[int, OutgoingStream]) -> str:
    """Answer `offer`: receive on the person's own lines, send on those in `sent`, keep the others inactive."""
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE " + " ".join(line.mid for line in offer.lines),
        "a=msid-semantic: WMS *",
    ]
    for number, line in enumerate(offer.lines):
        lines += _media(line, sent.get(number), receives=offer.is_sent(number))
        lines += _transport(face, offer.face.we_start_dtls, with_candidates=number == 0)
    return "\r\n".join(lines) + "\r\n"


def _taken(line: OfferedLine, *, receives: bool) -> tuple[Codec, ...]:
    """Of what a person sends we take one codec, the best; of what they receive, all that others may send."""
    return line.codecs[:1] if receives else line.codecs


def _media(line: OfferedLine, stream: OutgoingStream | None, *, receives: bool) -> Iterator[str]:
    codecs = _taken(line, receives=receives)
    numbers = [n for c in codecs for n in (c.payload_type, c.repair_payload_type) if n is not None]
    yield f"m={line.kind} 9 {PROFILE} {' '.join(map(str, numbers))}"
    yield "c=IN IP4 0.0.0.0"
    yield "a=rtcp:9 IN IP4 0.0.0.0"
    yield f"a=mid:{line.mid}"
    wanted = _SENT_EXTENSIONS if receives else _RECEIVED_EXTENSIONS
    yield from (f"a=extmap:{line.extensions[uri]} {uri}" for uri in wanted if uri in line.extensions)
    yield "a=" + _direction(line, stream, receives=receives)
    yield "a=rtcp-mux"
    if line.reduced_size_rtcp:
        yield "a=rtcp-rsize"
    for codec in codecs:
        yield from _codec(codec, (*_LOSS_FEEDBACK, *(_feedback(line) if receives else _TO_US)))
    if receives and line.layers:
        yield from (f"a=rid:{rid} recv" for rid in line.layers)
        yield "a=simulcast:recv " + ";".join(line.layers)
    if stream is not None:
        yield from _stream(line, stream, repaired=any(c.repair_payload_type for c in codecs))


def _direction(line: OfferedLine, stream: OutgoingStream | None, *, receives: bool) -> str:
    if line.direction == "inactive":
        return "inactive"
    if receives:
        return "recvonly"
    return "inactive" if stream is None else "sendonly"


def _feedback(line: OfferedLine) -> tuple[str, ...]:
    return _FROM_US if WIDE_EXTENSION in line.extensions else _TO_US


def _codec(codec: Codec, feedback: tuple[str, ...]) -> Iterator[str]:
    number = codec.payload_type
    yield f"a=rtpmap:{number} {_RTPMAPS[codec.name]}"
    yield from (f"a=rtcp-fb:{number} {what}" for what in feedback if what in codec.feedback)
    wanted = _OPUS_PARAMETERS if codec.name == "opus" else _H264_PARAMETERS
    offered = dict(codec.parameters)
    # All but the profile are numbers; what isn't is left out, not echoed.
    parameters = [
        f"{name}={offered[name]}"
        for name in wanted
        if name in offered and (name == "profile-level-id" or offered[name].isdecimal())
    ]
    if codec.name == "opus":
        parameters.append("useinbandfec=1")
    if parameters and codec.name != "vp8":
        yield f"a=fmtp:{number} " + ";".join(parameters)
    if codec.repair_payload_type is not None:
        yield f"a=rtpmap:{codec.repair_payload_type} rtx/90000"
        yield f"a=fmtp:{codec.repair_payload_type} apt={number}"


def _stream(line: OfferedLine, stream: OutgoingStream, *, repaired: bool) -> Iterator[str]:
    yield f"a=msid:{stream.cname} {stream.cname}-{line.kind}"
    if repaired:
        yield f"a=ssrc-group:FID {stream.ssrc} {stream.repair_ssrc}"
    yield f"a=ssrc:{stream.ssrc} cname:{stream.cname}"
    if repaired:
        yield f"a=ssrc:{stream.repair_ssrc} cname:{stream.cname}"


def _transport(face: LocalFace, we_start_dtls: bool, *, with_candidates: bool) -> Iterator[str]:
    yield f"a=ice-ufrag:{face.ufrag}"
    yield f"a=ice-pwd:{face.password}"
    yield f"a=fingerprint:sha-256 {face.fingerprint}"
    yield "a=setup:" + ("active" if we_start_dtls else "passive")
    if with_candidates:
        for c in face.candidates:
            kind = " tcptype passive" if c.transport == "tcp" else ""
            yield f"a=candidate:{c.foundation} 1 {c.transport} {c.priority} {c.host} {c.port} typ host{kind}"
        yield "a=end-of-candidates"
