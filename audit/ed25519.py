"""Whether an Ed25519 signature is good (RFC 8032 section 5.1.7), in plain Python where no library is installed.

Stricter than the RFC must be, so that every verifier gives one answer: the key is the one canonical encoding of a point
that is not of small order, S lies below the group's order, and R is compared byte for byte. Verifying handles no secret,
so its time may vary. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from hashlib import sha512
from typing import Final

ED25519_KEY_BYTES: Final = 32
ED25519_SIGNATURE_BYTES: Final = 64

_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, _PRIME - 2, _PRIME) % _PRIME
_ROOT_OF_MINUS_ONE: Final = pow(2, (_PRIME - 1) // 4, _PRIME)

_Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T: x = X/Z, y = Y/Z, xy = T/Z
_NEUTRAL: Final[_Point] = (0, 1, 1, 0)


def ed25519_verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """True for a good signature; False for any other bytes. Asks ``cryptography`` where it is installed."""
    key = _strict_key(public_key)
    if key is None or len(signature) != ED25519_SIGNATURE_BYTES:
        return False
    if int.from_bytes(signature[32:], "little") >= _ORDER:
        return False
    verdict = _library_verdict(public_key, message, signature)
    return _is_signed(key, public_key, message, signature) if verdict is None else verdict


def is_ed25519_key(public_key: bytes) -> bool:
    """False for bytes that encode no point, encode it in a second way, or encode one that signs anything."""
    return _strict_key(public_key) is not None


def _library_verdict(public_key: bytes, message: bytes, signature: bytes) -> bool | None:
    """None where the library is missing, or can't do Ed25519."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - may be missing
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def _is_signed(key: _Point, public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether R is the encoding of S·B − k·A, with k the hash of R, A and the message."""
    k = int.from_bytes(sha512(signature[:32] + public_key + message).digest(), "little") % _ORDER
    s = int.from_bytes(signature[32:], "little")
    x, y, z, t = key
    return _encoded(_sum_of_multiples(s, _BASE, k, (-x % _PRIME, y, z, -t % _PRIME))) == signature[:32]


def _strict_key(encoded: bytes) -> _Point | None:
    point = _decoded(encoded) if len(encoded) == ED25519_KEY_BYTES else None
    if point is None:
        return None
    eightfold = point
    for _ in range(3):
        eightfold = _double(eightfold)
    return None if eightfold[0] == 0 else point  # eight times a point of small order is the neutral one, whose x is 0


def _decoded(encoded: bytes) -> _Point | None:
    """RFC 8032 section 5.1.3; None for what is not the encoding of a point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= _PRIME:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _PRIME - 2, _PRIME) % _PRIME
    x = pow(square, (_PRIME + 3) // 8, _PRIME)
    if x * x % _PRIME != square:
        x = x * _ROOT_OF_MINUS_ONE % _PRIME
    if x * x % _PRIME != square or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _PRIME - x
    return x, y, 1, x * y % _PRIME


def _encoded(point: _Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, _PRIME - 2, _PRIME)
    return (y * inverse % _PRIME | (x * inverse % _PRIME & 1) << 255).to_bytes(32, "little")


def _sum_of_multiples(a: int, p: _Point, b: int, q: _Point) -> _Point:
    """a·p + b·q in one walk over the bits of both."""
    both, result = _add(p, q), _NEUTRAL
    for bit in range(max(a.bit_length(), b.bit_length()) - 1, -1, -1):
        result = _double(result)
        first, second = a >> bit & 1, b >> bit & 1
        if first or second:
            result = _add(result, both if first and second else p if first else q)
    return result


def _add(p: _Point, q: _Point) -> _Point:
    """RFC 8032 section 5.1.4; complete, so it may double too."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % _PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % _PRIME
    c = 2 * p[3] * q[3] * _D % _PRIME
    d = 2 * p[2] * q[2] % _PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME


def _double(p: _Point) -> _Point:
    a, b = p[0] * p[0] % _PRIME, p[1] * p[1] % _PRIME
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = 2 * p[2] * p[2] + g
    return e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME


_BASE_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE_Y: Final = 4 * pow(5, _PRIME - 2, _PRIME) % _PRIME
_BASE: Final[_Point] = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _PRIME)
