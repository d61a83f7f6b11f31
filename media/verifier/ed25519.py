"""Ed25519 signatures (RFC 8032 section 5.1), checked with whole numbers alone."""

import hashlib

_P, _ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D, _ROOT = -121665 * pow(121666, _P - 2, _P) % _P, pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, xy = T/Z


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    """True for a good signature; key and signature are hex digits."""
    try:
        key, signed = bytes.fromhex(public_key), bytes.fromhex(signature)
        point, commitment = _point(key), _point(signed[:32])
    except ValueError:
        return False
    scalar = int.from_bytes(signed[32:], "little")
    if len(signed) != 64 or scalar >= _ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signed[:32] + key + message).digest(), "little") % _ORDER
    # s*B must be R + k*A.
    left, right = _times(scalar, _BASE), _add(commitment, _times(challenge, point))
    return all((left[n] * right[2] - right[n] * left[2]) % _P == 0 for n in (0, 1))


def _point(encoded: bytes) -> Point:
    """Raises ValueError for bytes that are no point of the curve."""
    y, sign = int.from_bytes(encoded, "little") & (2**255 - 1), encoded[31] >> 7 if len(encoded) == 32 else 2
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    x = x if (x * x - square) % _P == 0 else x * _ROOT % _P
    if sign == 2 or y >= _P or (x * x - square) % _P or (x == 0 and sign):
        raise ValueError
    x = x if x & 1 == sign else _P - x
    return x, y, 1, x * y % _P


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
