"""The strict reading of offers, and the answers that we write."""

import contextlib
import time

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given, settings
from hypothesis import strategies as st

from cloudcourt.domain.errors import MediaRefused
from media.answer import OutgoingStream, write_answer
from media.link import Candidate, LocalFace
from media.sdp import MAX_MEDIA_LINES, MAX_OFFER_BYTES, Offer, read_offer

pytestmark = pytest.mark.unit

FINGERPRINT = ":".join(["AB"] * 32)
OPUS = "a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10;useinbandfec=1;usedtx=1"
VP8 = (
    "a=rtpmap:96 VP8/90000\na=rtcp-fb:96 nack\na=rtcp-fb:96 nack pli\na=rtcp-fb:96 goog-remb\na=rtcp-fb:96 transport-cc"
)
RTX = "a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96"
VP9 = "a=rtpmap:98 VP9/90000\na=fmtp:98 profile-id=0"
H264 = "a=rtpmap:102 H264/90000\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
HIGH = "a=rtpmap:104 H264/90000\na=fmtp:104 packetization-mode=1;profile-level-id=640032"
FACE = LocalFace("ufrag", "p" * 22, FINGERPRINT, (Candidate("f", 1, "192.0.2.1", 4000),))


def media(number: int, direction: str | None = None, *, listed: str | None = None, codecs: str | None = None) -> str:
    kind = ("audio", "video")[number % 2]
    listed = listed or ("111" if kind == "audio" else "98 96 97 104 102")
    codecs = codecs or (OPUS if kind == "audio" else "\n".join([VP9, VP8, RTX, HIGH, H264]))
    direction = direction or ("sendonly" if number < 2 else "recvonly")
    return "\n".join(
        [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {listed}",
            "c=IN IP4 0.0.0.0",
            "a=ice-ufrag:abcd",
            "a=ice-pwd:" + "w" * 22,
            f"a=fingerprint:sha-256 {FINGERPRINT}",
            "a=setup:actpass",
            f"a=mid:{number}",
            "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
            "a=extmap:1/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on",
            "a=candidate:1 1 udp 1 203.0.113.9 9 typ host",
            f"a={direction}",
            "a=rtcp-mux",
            "a=rtcp-rsize",
            codecs,
        ]
    )


def offer(pairs: int = 2, **changed: str) -> str:
    """A browser's offer; `changed` maps `mN` to another media section."""
    sections = [changed.get(f"m{n}", media(n)) for n in range(2 + 2 * pairs)]
    group = "a=group:BUNDLE " + " ".join(str(n) for n in range(len(sections)))
    return (
        "\n".join(["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", group, *sections]).replace("\n", "\r\n") + "\r\n"
    )


def with_screens(
    pairs: int = 2, own: str = "sendonly", shown: str = "recvonly", listed: str | None = None, codecs: str | None = None
) -> str:
    """An offer that ends with a line for one's own screen and one for the court's."""
    count = 2 + 2 * pairs
    screens = [
        media(1, own, listed=listed, codecs=codecs).replace("mid:1", f"mid:{count}"),
        media(1, shown).replace("mid:1", f"mid:{count + 1}"),
    ]
    head, rest = offer(pairs).split("BUNDLE ", 1)
    group, rest = rest.split("\r\n", 1)
    ends = "".join(section.replace("\n", "\r\n") + "\r\n" for section in screens)
    return f"{head}BUNDLE {group} {count} {count + 1}\r\n{rest}{ends}"


def reason_of(text: str) -> str:
    with pytest.raises(MediaRefused) as refused:
        read_offer(text)
    return str(refused.value.fields["reason"])


def test_a_browsers_offer_is_understood() -> None:
    found = read_offer(offer())
    assert found.face.ufrag == "abcd"
    assert not found.face.we_start_dtls, "where we may choose, the browser begins"
    assert found.face.fingerprints == (("sha-256", FINGERPRINT),)
    assert [line.mid for line in found.lines] == ["0", "1", "2", "3", "4", "5"]
    assert [line.direction for line in found.lines[:3]] == ["sendonly", "sendonly", "recvonly"]
    sound, picture = found.lines[:2]
    assert [codec.name for codec in sound.codecs] == ["opus"]
    assert [(c.name, c.payload_type, c.repair_payload_type) for c in picture.codecs] == [
        ("vp8", 96, 97),
        ("h264", 102, None),
    ]
    assert picture.mid_extension_id == 4


def test_lines_without_a_port_of_their_own_are_open_in_a_bundle() -> None:
    # Firefox writes port 0 and `bundle-only` on every line but the first (RFC 9143 section 6).
    bundled = offer().replace("m=video 9", "m=video 0", 1).replace("a=mid:1", "a=mid:1\r\na=bundle-only")
    assert read_offer(bundled) == read_offer(offer())


def test_twelve_seats_fit_and_thirteen_dont() -> None:
    assert len(read_offer(with_screens(11)).lines) == MAX_MEDIA_LINES
    assert len(read_offer(offer(pairs=11)).pairs) == 11
    for text in (offer(pairs=12), with_screens(12)):
        assert reason_of(text) == "too_many_lines"


def test_the_last_two_lines_may_be_for_screens() -> None:
    found = read_offer(with_screens())
    assert (found.own_screen, len(found.pairs)) == (6, 2)
    assert [found.is_sent(n) for n in range(8)] == [True, True, False, False, False, False, True, False]
    plain = read_offer(offer())
    assert (plain.own_screen, plain.has_screens, len(plain.pairs)) == (None, False, 2)
    assert read_offer(with_screens(own="inactive")).lines[6].direction == "inactive"
    answered_lines = answered(found).split("m=")[1:]
    assert [("a=recvonly" in line, "sdes:mid" in line) for line in answered_lines[6:]] == [(True, True), (False, True)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (with_screens(own="recvonly"), "line_order"),
        (with_screens(shown="sendonly"), "line_order"),
        (with_screens().replace("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n", ""), "no_line_names"),
        (with_screens(listed="111", codecs="a=rtpmap:111 VP8/90000"), "bad_payload_types"),
        (with_screens(own="sendonly\na=rid:l send\na=rid:h send\na=simulcast:send l;h"), "bad_simulcast"),
    ],
)
def test_screens_that_make_no_sense_are_refused(text: str, reason: str) -> None:
    assert reason_of(text) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "bad_line"),
        ("v=1\r\n", "not_sdp"),
        ("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "no_media"),
        ("v=0\r\n" + "a=x\r\n" * 7000, "too_many_lines"),
        ("v=0\r\na=" + "x" * 3000 + "\r\n", "bad_line"),
        ("x" * (MAX_OFFER_BYTES + 1), "too_large"),
        (offer().replace("a=mid:1", "a=mid:0"), "bad_mid"),
        (offer().replace("a=mid:1", "a=mid:1 2"), "bad_mid"),
        (offer().replace("a=mid:1", "a=mid:1\r\na=mid:7"), "bad_mid"),
        (offer().replace("BUNDLE 0 1", "BUNDLE 0"), "not_bundled"),
        (offer().replace("a=rtcp-mux", "a=nothing", 1), "no_rtcp_mux"),
        (offer().replace("a=setup:actpass", "a=setup:holdconn"), "bad_setup"),
        (offer().replace("a=ice-ufrag:abcd", "a=ice-ufrag:a c"), "bad_ice"),
        (offer().replace("a=ice-pwd:www", "a=ice-pwd:!"), "bad_ice"),
        (offer().replace("sha-256", "sha-1"), "bad_fingerprint"),
        (offer().replace("AB:AB", "AB:A", 1), "bad_fingerprint"),
        (offer().replace("sha-256 AB", "sha-256 ZZ", 1), "bad_fingerprint"),
        (offer().replace("m=audio 9", "m=audio 0", 1), "closed_line"),
        (offer().replace("UDP/TLS/RTP/SAVPF", "RTP/AVP", 1), "bad_media_line"),
        (offer().replace("SAVPF 111", "SAVPF 111 111", 1), "bad_payload_types"),
        (offer().replace("SAVPF 111", "SAVPF 111 200", 1), "bad_payload_types"),
        (offer().replace("a=sendonly", "a=sendonly\r\na=recvonly", 1), "bad_direction"),
        (offer().replace("a=rtpmap:111", "a=rtpmap:x", 1), "bad_rtpmap"),
        (offer().replace("a=fmtp:111", "a=fmtp:y", 1), "bad_fmtp"),
        (offer().replace("a=extmap:4", "a=extmap:q", 1), "bad_extension"),
        (offer(m0=media(0, "recvonly")), "line_order"),
        (offer(m2=media(2, "sendonly")), "line_order"),
        (offer(m0=media(1).replace("mid:1", "mid:0")), "line_order"),
        (offer(m0=media(0, listed="0", codecs="a=rtpmap:0 PCMU/8000")), "no_common_codec"),
        (offer(m1=media(1, listed="98", codecs=VP9)), "no_common_codec"),
        (offer(m1=media(1, listed="104", codecs=HIGH)), "no_common_codec"),
        (offer(m1=media(1, listed="111", codecs="a=rtpmap:111 VP8/90000")), "bad_payload_types"),
        (offer(m1=media(1, listed="72", codecs="a=rtpmap:72 VP8/90000")), "bad_payload_types"),
        (offer().replace("a=rtcp-rsize", "a=candidate:1\r\n" * 90 + "a=x"), "too_many_candidates"),
        (offer() + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "data_channel"),
        (offer() + "m=text 9 UDP/TLS/RTP/SAVPF 98\r\n", "bad_media_line"),
        (offer().replace("s=-", "s=\x00"), "bad_line"),
        (offer().replace("s=-", "s=法庭"), "bad_line"),
        (offer().replace("s=-", "s=-\r\nq=1"), "bad_line"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_reason(text: str, reason: str) -> None:
    assert reason_of(text) == reason


def test_nobody_needs_a_device() -> None:
    found = read_offer(offer(m0=media(0, "inactive"), m1=media(1, "inactive")))
    assert [line.direction for line in found.lines[:2]] == ["inactive", "inactive"]


def test_h264_is_taken_from_those_who_have_nothing_else() -> None:
    found = read_offer(offer(m1=media(1, listed="102", codecs=H264)))
    assert found.lines[1].codecs[0].name == "h264"
    assert "a=rtpmap:102 H264/90000" in answered(found).split("m=video")[1]


def test_a_client_that_wants_us_to_start_dtls_gets_it() -> None:
    found = read_offer(offer().replace("setup:actpass", "setup:passive"))
    assert found.face.we_start_dtls
    assert "a=setup:active" in answered(found)


def simulcast(sends: str, rids: str = "lmh") -> str:
    lines = "".join(f"\r\na=rid:{rid} send" for rid in rids)
    return offer().replace("a=mid:1", f"a=mid:1{lines}\r\na=simulcast:{sends}")


def test_layers_are_read_and_taken() -> None:
    found = read_offer(simulcast("send l;~m;h"))
    assert found.lines[1].layers == ("l", "m", "h")
    picture = answered(found).split("m=video")[1]
    assert "a=simulcast:recv l;m;h" in picture
    assert all(f"a=rid:{rid} recv" in picture for rid in "lmh")


@pytest.mark.parametrize("sends", ["recv l", "send l;l", "send l;x", "send l,m;h", "send a;b;c;d", "send "])
def test_layers_that_make_no_sense_are_refused(sends: str) -> None:
    assert reason_of(simulcast(sends, "lmhabcd")) == "bad_simulcast"


def test_one_layer_is_no_simulcast() -> None:
    assert read_offer(simulcast("send l")).lines[1].layers == ()


def answered(found: Offer) -> str:
    streams = {number: OutgoingStream(number, 100 + number, f"name{number // 2}") for number in (2, 3)}
    return write_answer(found, FACE, streams)


def test_an_answer_says_who_is_where() -> None:
    text = answered(read_offer(offer()))
    parsed = SessionDescription.parse(text)
    assert [m.direction for m in parsed.media] == [
        "recvonly",
        "recvonly",
        "sendonly",
        "sendonly",
        "inactive",
        "inactive",
    ]
    assert [m.rtp.muxId for m in parsed.media] == ["0", "1", "2", "3", "4", "5"]
    assert [[s.ssrc for s in m.ssrc] for m in parsed.media] == [[], [], [2], [3, 103], [], []]
    assert parsed.media[0].ice_candidates[0].ip == "192.0.2.1"
    assert parsed.media[0].dtls is not None
    assert parsed.media[0].dtls.role == "server"
    assert [c.mimeType for c in parsed.media[1].rtp.codecs] == ["video/VP8", "video/rtx"]
    assert [c.mimeType for c in parsed.media[3].rtp.codecs] == ["video/VP8", "video/rtx", "video/H264"]
    assert "a=fmtp:111 minptime=10;usedtx=1;useinbandfec=1" in text
    assert "transport-cc" not in text
    assert "203.0.113.9" not in text


def test_reading_takes_no_time_to_speak_of() -> None:
    """The longest offers that the limits let in: nothing in the grammar backtracks."""
    long = offer(pairs=11) + "a=fmtp:111 " + "a=b;" * 500 + "\r\n"
    hostile = "v=0\r\n" + ("a=extmap:1 " + "x" * 2000 + "\r\n") * 60
    for text in (long, hostile, "v=0\r\n" + "a=candidate:\r\n" * 5000):
        began = time.process_time()
        with pytest.raises(MediaRefused):
            read_offer(text + "m=audio")
        assert time.process_time() - began < 1.0


pieces = st.lists(
    st.one_of(
        st.sampled_from([*offer(pairs=0).split("\r\n"), "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=", "", "m="]),
        st.text(max_size=20),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_nothing_but_a_refusal_comes_of_rubbish(lines: list[str]) -> None:
    with contextlib.suppress(MediaRefused):
        read_offer("\r\n".join(lines))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mutated_offer_is_answered_or_refused(data: st.DataObject) -> None:
    text = offer(pairs=1)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + data.draw(st.characters(codec="latin-1")) + text[at + data.draw(st.integers(0, 3)) :]
    try:
        found = read_offer(text)
    except MediaRefused:
        return
    SessionDescription.parse(answered(found))
