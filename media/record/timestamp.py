"""What RFC 3161 needs of DER: a request for a timestamp over a SHA-256, and the answer to it.

The authority's own signature is not checked here: that needs its certificate, and is done by whoever doubts the time
(`openssl ts -verify`, see `docs/record-format.md`).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

_BOOLEAN, _INTEGER, _OCTETS, _NULL, _OID, _TIME, _SEQUENCE = 0x01, 0x02, 0x04, 0x05, 0x06, 0x18, 0x30
_SHA256 = bytes.fromhex("608648016503040201")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_TST_INFO = bytes.fromhex("2a864886f70d0109100104")
_GRANTED = (0, 1)
"""`granted`, `grantedWithMods`."""


class NotATimestamp(Exception):
    """An answer that is no timestamp for what was asked; the text says why."""


class Token(NamedTuple):
    """A timestamp token: its bytes (DER), what it is for, and when."""

    content: bytes
    digest: bytes
    nonce: int | None
    at: datetime


def request(digest: bytes, nonce: int) -> bytes:
    """A TimeStampReq over a SHA-256 that asks for the authority's certificate as well."""
    algorithm = _put(_SEQUENCE, _put(_OID, _SHA256) + _put(_NULL, b""))
    imprint = _put(_SEQUENCE, algorithm + _put(_OCTETS, digest))
    return _put(_SEQUENCE, _put_integer(1) + imprint + _put_integer(nonce) + _put(_BOOLEAN, b"\xff"))


def read_response(content: bytes, digest: bytes, nonce: int) -> Token:
    """The token of a TimeStampResp. Raises NotATimestamp unless it is granted and for exactly this."""
    try:
        parts = list(_parts(_only(content, _SEQUENCE)))
        status = int.from_bytes(next(_parts(parts[0].content)).content, "big")
        if status not in _GRANTED:
            raise NotATimestamp(f"the authority refused with status {status}")
        token = read_token(parts[1].whole)
    except (IndexError, StopIteration):
        raise NotATimestamp("the answer is cut") from None
    if token.digest != digest or token.nonce != nonce:
        raise NotATimestamp("the answer is for something else")
    return token


def read_token(content: bytes) -> Token:
    """A ContentInfo with TSTInfo in it. Raises NotATimestamp."""
    try:
        kind, wrapped = _parts(_only(content, _SEQUENCE))
        _, _, encapsulated, *_ = _parts(_only(wrapped.content, _SEQUENCE))
        inner_kind, inner = _parts(encapsulated.content)
        if (kind.content, inner_kind.content) != (_SIGNED_DATA, _TST_INFO):
            raise NotATimestamp("it is signed content of another kind")
        return _token(content, _only(_only(inner.content, _OCTETS), _SEQUENCE))
    except (IndexError, StopIteration, ValueError):
        raise NotATimestamp("the token can't be read") from None


def _token(content: bytes, info: bytes) -> Token:
    _, _, imprint, _, gen_time, *rest = _parts(info)
    algorithm, digest = _parts(imprint.content)
    if next(_parts(algorithm.content)).content != _SHA256 or gen_time.tag != _TIME:
        raise NotATimestamp("it is over another kind of digest")
    nonce = next((int.from_bytes(part.content, "big", signed=True) for part in rest if part.tag == _INTEGER), None)
    return Token(content, digest.content, nonce, _time(gen_time.content.decode("ascii")))


def _time(text: str) -> datetime:
    """GeneralizedTime as RFC 3161 section 2.4.2 restricts it: UTC, with a fraction where there is one."""
    form = "%Y%m%d%H%M%S.%fZ" if "." in text else "%Y%m%d%H%M%SZ"
    return datetime.strptime(text, form).replace(tzinfo=UTC)


class _Part(NamedTuple):
    tag: int
    content: bytes
    whole: bytes


def _parts(content: bytes) -> Iterator[_Part]:
    """The values that follow each other. Raises IndexError where one is cut."""
    at = 0
    while at < len(content):
        begin, tag, length = at, content[at], content[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                raise IndexError
            length = int.from_bytes(content[at : at + count], "big")
            at += count
        if at + length > len(content):
            raise IndexError
        yield _Part(tag, content[at : at + length], content[begin : at + length])
        at += length


def _only(content: bytes, tag: int) -> bytes:
    """What stands in the one value that this is. Raises IndexError when it is another."""
    part = next(_parts(content))
    if part.tag != tag:
        raise IndexError
    return part.content


def _put(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def _put_integer(number: int) -> bytes:
    return _put(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))
