"""STUN Binding requests and the answers to them, as bytes (RFC 8489; ICE attributes: RFC 8445 section 16). Pure."""

import hmac
import ipaddress
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

Address = tuple[str, int]
"""Host and port. An IPv6 socket's address must be cut to these two."""

MAX_MESSAGE_BYTES = 1500
MAX_ATTRIBUTES = 64
MAX_USERNAME_BYTES = 508

BINDING_REQUEST = 0x0001
BINDING_SUCCESS = 0x0101
BINDING_ERROR = 0x0111

BAD_REQUEST = 400
UNAUTHENTICATED = 401
UNKNOWN_ATTRIBUTE = 420
ROLE_CONFLICT = 487
_REASONS = {
    BAD_REQUEST: b"Bad Request",
    UNAUTHENTICATED: b"Unauthenticated",
    UNKNOWN_ATTRIBUTE: b"Unknown Attribute",
    ROLE_CONFLICT: b"Role Conflict",
}

USERNAME = 0x0006
MESSAGE_INTEGRITY = 0x0008
ERROR_CODE = 0x0009
UNKNOWN_ATTRIBUTES = 0x000A
MESSAGE_INTEGRITY_SHA256 = 0x001C
XOR_MAPPED_ADDRESS = 0x0020
PRIORITY = 0x0024
USE_CANDIDATE = 0x0025
FINGERPRINT = 0x8028
ICE_CONTROLLED = 0x8029
ICE_CONTROLLING = 0x802A

_VALUE_BYTES = {
    USERNAME: range(1, MAX_USERNAME_BYTES + 1),
    MESSAGE_INTEGRITY: range(20, 21),
    MESSAGE_INTEGRITY_SHA256: range(16, 33),
    PRIORITY: range(4, 5),
    USE_CANDIDATE: range(1),
    FINGERPRINT: range(4, 5),
    ICE_CONTROLLED: range(8, 9),
    ICE_CONTROLLING: range(8, 9),
}
"""The attributes that we understand in a request, and how long their values may be."""

_FIRST_OPTIONAL = 0x8000
"""Attributes below this number must be understood or the request be refused (RFC 8489 section 14)."""

_COOKIE = 0x2112A442
_FINGERPRINT_MASK = 0x5354554E
_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")
_HEADER_BYTES = 20
_INTEGRITY_BYTES = 24
_FINGERPRINT_BYTES = 8


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A connectivity check as it was read; nothing in it may be believed before `is_signed_with` has said yes."""

    transaction_id: bytes
    username: bytes | None
    priority: int | None
    nominates: bool
    """USE-CANDIDATE is there."""
    controlled: int | None
    """The sender's tie-breaker, if it believes itself in the controlled role; likewise `controlling`."""
    controlling: int | None
    unknown: tuple[int, ...]
    """Attributes that must be understood and aren't."""
    covered: bytes
    """What message integrity is computed over: up to MESSAGE-INTEGRITY, with the length put right."""
    signature: bytes | None

    def is_signed_with(self, password: bytes) -> bool:
        """Whether MESSAGE-INTEGRITY is there and right (RFC 8489 section 14.5), in constant time."""
        if self.signature is None:
            return False
        return hmac.compare_digest(self.signature, hmac.digest(password, self.covered, "sha1"))


def read_request(datagram: bytes) -> BindingRequest:
    """Read a Binding request with a right FINGERPRINT, as ICE demands it (RFC 8445 section 7.1).

    Anything else raises ValueError: other kinds, lengths that lie, a fingerprint that is missing, wrong or not the
    last. Of an attribute that comes twice the first one counts; what stands behind MESSAGE-INTEGRITY isn't protected
    by it, so it is passed over.
    """
    transaction_id = _read_header(datagram)
    values: dict[int, bytes] = {}
    unknown: list[int] = []
    signed_bytes = 0
    for kind, start, value in _attributes(datagram):
        if FINGERPRINT in values:
            raise ValueError("something follows FINGERPRINT")
        _check_length(kind, value)
        if kind == FINGERPRINT:
            if value != _fingerprint(datagram[:start]):
                raise ValueError("wrong FINGERPRINT")
            values[kind] = value
        elif signed_bytes:
            continue
        elif kind in _VALUE_BYTES:
            values.setdefault(kind, value)
            signed_bytes = start if kind == MESSAGE_INTEGRITY else 0
        elif kind < _FIRST_OPTIONAL:
            unknown.append(kind)
    if FINGERPRINT not in values:
        raise ValueError("no FINGERPRINT")
    return BindingRequest(
        transaction_id,
        values.get(USERNAME),
        _number(values.get(PRIORITY)),
        USE_CANDIDATE in values,
        _number(values.get(ICE_CONTROLLED)),
        _number(values.get(ICE_CONTROLLING)),
        tuple(unknown),
        _with_length(datagram[:signed_bytes], _INTEGRITY_BYTES) if signed_bytes else b"",
        values.get(MESSAGE_INTEGRITY),
    )


def write_success(transaction_id: bytes, source: Address, password: bytes) -> bytes:
    """Answer that a check from `source` was received (RFC 8445 section 7.3.1.2)."""
    mapped = attribute(XOR_MAPPED_ADDRESS, xor_address(source, transaction_id))
    return write_message(BINDING_SUCCESS, transaction_id, mapped, password)


def write_error(
    transaction_id: bytes, code: int, password: bytes | None = None, unknown: tuple[int, ...] = ()
) -> bytes:
    """Refuse a check; signed where the other side has proved itself (RFC 8489 sections 6.3.4 and 9.1.3).

    `code` is one of BAD_REQUEST, UNAUTHENTICATED, UNKNOWN_ATTRIBUTE (with the `unknown` ones), ROLE_CONFLICT.
    """
    attributes = attribute(ERROR_CODE, struct.pack("!HBB", 0, code // 100, code % 100) + _REASONS[code])
    if unknown:
        attributes += attribute(UNKNOWN_ATTRIBUTES, struct.pack(f"!{len(unknown)}H", *unknown))
    return write_message(BINDING_ERROR, transaction_id, attributes, password)


def write_message(kind: int, transaction_id: bytes, attributes: bytes, password: bytes | None) -> bytes:
    """A whole message: header, `attributes`, MESSAGE-INTEGRITY if there is a password, FINGERPRINT."""
    message = _HEADER.pack(kind, 0, _COOKIE, transaction_id) + attributes
    if password is not None:
        covered = _with_length(message, _INTEGRITY_BYTES)
        message = covered + attribute(MESSAGE_INTEGRITY, hmac.digest(password, covered, "sha1"))
    message = _with_length(message, _FINGERPRINT_BYTES)
    return message + attribute(FINGERPRINT, _fingerprint(message))


def attribute(kind: int, value: bytes) -> bytes:
    """One attribute, padded to whole words (RFC 8489 section 14)."""
    return _ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4)


def xor_address(source: Address, transaction_id: bytes) -> bytes:
    """The value of XOR-MAPPED-ADDRESS (RFC 8489 section 14.2).

    An IPv4 address that an IPv6 socket shows as mapped is told as the IPv4 address that the browser knows.
    """
    host = ipaddress.ip_address(source[0])
    if isinstance(host, ipaddress.IPv6Address):
        host = host.ipv4_mapped or host
    mask = _COOKIE.to_bytes(4) + transaction_id
    masked = bytes(byte ^ over for byte, over in zip(host.packed, mask, strict=False))
    family = 1 if host.version == 4 else 2
    return struct.pack("!BBH", 0, family, source[1] ^ (_COOKIE >> 16)) + masked


def _read_header(datagram: bytes) -> bytes:
    """The transaction id of what has a Binding request's header."""
    if not _HEADER_BYTES <= len(datagram) <= MAX_MESSAGE_BYTES:
        raise ValueError("not the size of a STUN message")
    kind, length, cookie, transaction_id = _HEADER.unpack_from(datagram)
    if kind != BINDING_REQUEST or cookie != _COOKIE:
        raise ValueError("not a Binding request")
    if length != len(datagram) - _HEADER_BYTES or length % 4:
        raise ValueError("the length lies")
    return bytes(transaction_id)


def _attributes(datagram: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each attribute's kind, where it starts, and its value."""
    start, end = _HEADER_BYTES, len(datagram)
    for _ in range(MAX_ATTRIBUTES):
        if start == end:
            return
        # The header is a whole number of words, and so is every step: four bytes are always left.
        kind, length = _ATTRIBUTE.unpack_from(datagram, start)
        value_end = start + _ATTRIBUTE.size + length
        following = value_end + -length % 4
        if following > end:
            raise ValueError("an attribute reaches past the end")
        yield kind, start, datagram[start + _ATTRIBUTE.size : value_end]
        start = following
    if start != end:
        raise ValueError("too many attributes")


def _check_length(kind: int, value: bytes) -> None:
    allowed = _VALUE_BYTES.get(kind)
    if allowed is not None and len(value) not in allowed:
        raise ValueError("an attribute of the wrong length")


def _number(value: bytes | None) -> int | None:
    return None if value is None else int.from_bytes(value)


def _with_length(message: bytes, further_bytes: int) -> bytes:
    """The message with a length field that counts `further_bytes` that are still to come."""
    length = len(message) - _HEADER_BYTES + further_bytes
    return message[:2] + length.to_bytes(2) + message[4:]


def _fingerprint(message: bytes) -> bytes:
    """RFC 8489 section 14.7; the message's length must already count the attribute."""
    return (zlib.crc32(message) ^ _FINGERPRINT_MASK).to_bytes(4)
