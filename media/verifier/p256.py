"""ECDSA over P-256 with SHA-256 (FIPS 186-5 section 6.4.2), checked with whole numbers alone."""

import hashlib

_FIELD, _GROUP = 2**256 - 2**224 + 2**192 + 2**96 - 1, 2**256 - 2**224 + 2**192 - 0x4319055258E8617B0C46353D039CDAAF
_B256 = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
Affine = tuple[int, int] | None  # None is the point at infinity
_BASE256: Affine = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def is_signed_p256(public_key: str, message: bytes, signature: str) -> bool:
    """True for a good signature; the key is an uncompressed point, the signature r and s, both as hex digits."""
    try:
        key, signed = bytes.fromhex(public_key), bytes.fromhex(signature)
    except ValueError:
        return False
    if len(key) != 65 or key[0] != 4 or len(signed) != 64:
        return False
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    r, s = int.from_bytes(signed[:32], "big"), int.from_bytes(signed[32:], "big")
    is_point = max(x, y) < _FIELD and (y * y - x * x * x + 3 * x - _B256) % _FIELD == 0
    if not is_point or not (0 < r < _GROUP and 0 < s < _GROUP):
        return False
    digest, inverse = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, _GROUP)
    found = _sum256(
        _multiple256(digest * inverse % _GROUP, _BASE256),
        _multiple256(r * inverse % _GROUP, (x, y)),
    )
    return found is not None and found[0] % _GROUP == r


def _sum256(p: Affine, q: Affine) -> Affine:
    if p is None or q is None:
        return q if p is None else p
    if p[0] == q[0]:
        if (p[1] + q[1]) % _FIELD == 0:
            return None
        slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, _FIELD)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, _FIELD)
    x = (slope * slope - p[0] - q[0]) % _FIELD
    return x, (slope * (p[0] - x) - p[1]) % _FIELD


def _multiple256(number: int, point: Affine) -> Affine:
    total: Affine = None
    while number:
        if number & 1:
            total = _sum256(total, point)
        point, number = _sum256(point, point), number >> 1
    return total
