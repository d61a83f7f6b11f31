"""STUN messages against the vectors of RFC 5769, against aioice, and against everything that is malformed."""

import struct
import zlib

import pytest
from aioice import stun as other
from hypothesis import given
from hypothesis import strategies as st

from media.ice import stun
from media.ice.stun import (
    BAD_REQUEST,
    BINDING_REQUEST,
    BINDING_SUCCESS,
    ROLE_CONFLICT,
    UNAUTHENTICATED,
    UNKNOWN_ATTRIBUTE,
    XOR_MAPPED_ADDRESS,
    attribute,
    read_request,
    write_error,
    write_message,
    write_success,
    xor_address,
)

pytestmark = pytest.mark.unit

PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")

# RFC 5769 sections 2.1, 2.2, 2.3.
SAMPLE_REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae"
    "802200105354554e207465737420636c69656e74"
    "002400046e0001ff"
    "80290008932ff9b151263b36"
    "000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004e57a3bcf"
)
SAMPLE_IPV4_RESPONSE = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000080001a147e112a643"
    "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004c07d4c96"
)
SAMPLE_IPV6_RESPONSE = bytes.fromhex(
    "010100482112a442b7e7a701bc34d686fa87dfae"
    "8022000b7465737420766563746f7220"
    "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004c8fb0b4c"
)
SOFTWARE = bytes.fromhex("8022000b7465737420766563746f7220")


def request(*attributes: bytes, password: bytes | None = PASSWORD) -> bytes:
    return write_message(BINDING_REQUEST, TRANSACTION, b"".join(attributes), password)


def sealed(message: bytes) -> bytes:
    """The message with its length and a FINGERPRINT put right, whatever it holds."""
    message = message[:2] + struct.pack("!H", len(message) - 20 + 8) + message[4:]
    return message + struct.pack("!HHI", 0x8028, 4, zlib.crc32(message) ^ 0x5354554E)


USERNAME = attribute(stun.USERNAME, b"evtj:h6vY")
PRIORITY = attribute(stun.PRIORITY, b"\x6e\x00\x01\xff")


def test_the_sample_request_is_read() -> None:
    read = read_request(SAMPLE_REQUEST)
    assert read.transaction_id == TRANSACTION
    assert read.username == b"evtj:h6vY"
    assert read.priority == 0x6E0001FF
    assert (read.controlled, read.controlling) == (0x932FF9B151263B36, None)
    assert not read.nominates
    assert read.unknown == ()
    assert read.is_signed_with(PASSWORD)
    assert not read.is_signed_with(PASSWORD + b"x")


@pytest.mark.parametrize(
    ("source", "sample"),
    [
        (("192.0.2.1", 32853), SAMPLE_IPV4_RESPONSE),
        (("2001:db8:1234:5678:11:2233:4455:6677", 32853), SAMPLE_IPV6_RESPONSE),
    ],
)
def test_the_sample_responses_are_written(source: stun.Address, sample: bytes) -> None:
    mapped = attribute(XOR_MAPPED_ADDRESS, xor_address(source, TRANSACTION))
    assert write_message(BINDING_SUCCESS, TRANSACTION, SOFTWARE + mapped, PASSWORD) == sample


@pytest.mark.parametrize("source", [("198.51.100.7", 1), ("2001:db8::7", 65535), ("::ffff:198.51.100.7", 9)])
def test_another_implementation_reads_our_success(source: stun.Address) -> None:
    read = other.parse_message(write_success(TRANSACTION, source, PASSWORD))
    assert read.message_class == other.Class.RESPONSE
    assert read.check_message_integrity(PASSWORD)
    host = source[0].removeprefix("::ffff:")
    assert read.attributes["XOR-MAPPED-ADDRESS"] == (host, source[1])


@pytest.mark.parametrize("code", [BAD_REQUEST, UNAUTHENTICATED, UNKNOWN_ATTRIBUTE, ROLE_CONFLICT])
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_another_implementation_reads_our_refusals(code: int, password: bytes | None) -> None:
    read = other.parse_message(write_error(TRANSACTION, code, password))
    assert read.message_class == other.Class.ERROR
    assert read.error_code == code
    assert read.check_message_integrity(PASSWORD) == (password is not None)


def test_a_refusal_names_what_was_not_understood() -> None:
    unknown = read_request(request(attribute(0x0031, b"?"), USERNAME, attribute(0x0032, b""))).unknown
    assert unknown == (0x31, 0x32)
    assert attribute(stun.UNKNOWN_ATTRIBUTES, b"\0\x31\0\x32") in write_error(TRANSACTION, 420, PASSWORD, unknown)


def test_optional_attributes_need_not_be_understood() -> None:
    assert read_request(request(USERNAME, attribute(0xC057, b"\0\1\0\2"), attribute(0x9999, b"x"))).unknown == ()


def test_another_implementations_request_is_read() -> None:
    message = other.Message(other.Method.BINDING, other.Class.REQUEST)
    message.attributes.update({"USERNAME": "ours:theirs", "PRIORITY": 77, "ICE-CONTROLLING": 2**63 + 1})
    message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(PASSWORD)
    read = read_request(bytes(message))
    assert (read.username, read.priority, read.controlling) == (b"ours:theirs", 77, 2**63 + 1)
    assert read.nominates
    assert read.is_signed_with(PASSWORD)


def test_only_what_is_signed_is_believed() -> None:
    signed = request(USERNAME)[:-8]
    smuggled = sealed(signed + attribute(stun.USE_CANDIDATE, b"") + PRIORITY + attribute(0x0031, b""))
    read = read_request(smuggled)
    assert read.is_signed_with(PASSWORD)
    assert (read.nominates, read.priority, read.unknown) == (False, None, ())


def test_of_two_the_first_counts() -> None:
    read = read_request(request(USERNAME, attribute(stun.USERNAME, b"second:one")))
    assert read.username == b"evtj:h6vY"


def test_a_request_without_integrity_is_signed_by_nobody() -> None:
    assert not read_request(request(USERNAME, password=None)).is_signed_with(PASSWORD)
    assert not read_request(request(USERNAME, password=None)).is_signed_with(b"")


MALFORMED = {
    "empty": b"",
    "cut header": SAMPLE_REQUEST[:19],
    "header alone": SAMPLE_REQUEST[:2] + b"\0\0" + SAMPLE_REQUEST[4:20],
    "a response": b"\x01\x01" + SAMPLE_REQUEST[2:],
    "another method": b"\x00\x03" + SAMPLE_REQUEST[2:],
    "no cookie": SAMPLE_REQUEST[:4] + b"\0\0\0\0" + SAMPLE_REQUEST[8:],
    "cut": SAMPLE_REQUEST[:-4],
    "something behind": SAMPLE_REQUEST + b"\0\0\0\0",
    "length too small": SAMPLE_REQUEST[:2] + b"\0\x54" + SAMPLE_REQUEST[4:],
    "length too large": SAMPLE_REQUEST[:2] + b"\xff\xfc" + SAMPLE_REQUEST[4:],
    "length of half a word": SAMPLE_REQUEST[:2] + b"\0\x5a" + SAMPLE_REQUEST[4:] + b"\0\0",
    "wrong fingerprint": SAMPLE_REQUEST[:-1] + b"\xce",
    "no fingerprint": SAMPLE_REQUEST[:2] + b"\0\x50" + SAMPLE_REQUEST[4:-8],
    "attributes after the fingerprint": sealed(SAMPLE_REQUEST),
    "attribute past the end": sealed(SAMPLE_REQUEST[:20] + b"\0\x06\x01\0ab:c"),
    "fingerprint swallowed": sealed(SAMPLE_REQUEST[:20] + b"\x80\x22\0\x08"),
    "short priority": sealed(request(attribute(stun.PRIORITY, b"\0\7"))[:-8]),
    "long priority": sealed(request(attribute(stun.PRIORITY, bytes(8)))[:-8]),
    "short tie-breaker": sealed(request(attribute(stun.ICE_CONTROLLING, bytes(4)))[:-8]),
    "nomination with a value": sealed(request(attribute(stun.USE_CANDIDATE, bytes(4)))[:-8]),
    "short integrity": sealed(SAMPLE_REQUEST[:20] + attribute(stun.MESSAGE_INTEGRITY, bytes(16))),
    "no name": sealed(SAMPLE_REQUEST[:20] + attribute(stun.USERNAME, b"")),
    "long name": sealed(SAMPLE_REQUEST[:20] + attribute(stun.USERNAME, bytes(509))),
    "too many attributes": sealed(SAMPLE_REQUEST[:20] + attribute(0xC000, b"") * 64),
    "too long": sealed(SAMPLE_REQUEST[:20] + attribute(0xC000, bytes(1500))),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_malformed_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError):
        read_request(MALFORMED[name])


def test_as_many_attributes_as_allowed() -> None:
    assert read_request(sealed(SAMPLE_REQUEST[:20] + attribute(0xC000, b"") * 63)).unknown == ()


@given(st.binary(max_size=1600))
def test_noise_is_a_value_error(noise: bytes) -> None:
    with pytest.raises(ValueError):
        read_request(noise)


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=40))
def test_whatever_attributes_there_are_nothing_but_a_value_error(attributes: list[tuple[int, bytes]]) -> None:
    message = sealed(SAMPLE_REQUEST[:20] + b"".join(attribute(kind, value) for kind, value in attributes))
    try:
        read = read_request(message)
    except ValueError:
        return
    assert not read.is_signed_with(PASSWORD)


@given(st.integers(0, len(SAMPLE_REQUEST) * 8 - 1))
def test_any_flipped_bit_is_noticed(bit: int) -> None:
    with pytest.raises(ValueError):
        read_request(with_flipped_bit(SAMPLE_REQUEST, bit))


@given(st.integers(0, (len(SAMPLE_REQUEST) - 8) * 8 - 1).filter(lambda bit: bit // 8 not in (2, 3)))
def test_behind_a_new_fingerprint_the_signature_still_tells(bit: int) -> None:
    try:
        read = read_request(sealed(with_flipped_bit(SAMPLE_REQUEST, bit)[:-8]))
    except ValueError:
        return
    assert not read.is_signed_with(PASSWORD)


def with_flipped_bit(message: bytes, bit: int) -> bytes:
    flipped = bytearray(message)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)
