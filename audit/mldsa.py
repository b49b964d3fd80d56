"""Whether an ML-DSA-44 signature is good (FIPS 204 section 6.3), in plain Python where no library is installed.

ML-DSA is the signature that is meant to hold when somebody has a quantum computer; Ed25519 would not. Each step is named
after its algorithm in the standard. Any 1,312 bytes are a key; a signature has one encoding. Verifying handles no secret,
so its time may vary. Part of the offline verifier: bare Python 3.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import shake_128, shake_256
from operator import add, mul, sub
from typing import Final

MLDSA_KEY_BYTES: Final = 1_312
MLDSA_SIGNATURE_BYTES: Final = 2_420

_Q: Final = 8_380_417  # the prime: coefficients are numbers below it
_N: Final = 256  # coefficients in a polynomial
_ROWS: Final = 4  # polynomials in t1 and h, of equations
_COLUMNS: Final = 4  # polynomials in z, of unknowns
_DROPPED_BITS: Final = 13  # of t, which the key does not hold
_ONES: Final = 39  # coefficients of the challenge that are 1 or -1
_MOST_HINTS: Final = 80
_Z_RANGE: Final = 1 << 17
_LARGEST_Z: Final = _Z_RANGE - 2 * _ONES - 1  # beyond it a signature would tell something of the key
_HALF_STEP: Final = (_Q - 1) // 88
_STEPS: Final = 44  # high parts that a coefficient can have
_SEED_BYTES: Final = 32
_CHALLENGE_BYTES: Final = 32
_T_BYTES: Final = 320  # one polynomial of t1: 256 numbers of 10 bits
_Z_BYTES: Final = 576  # one of z: 256 numbers of 18 bits

_Poly = list[int]


def mldsa_verify(public_key: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
    """True for a good signature; False for any other bytes. Asks ``cryptography`` where it is installed and can.

    ``context`` is that of FIPS 204, at most 255 bytes; notes have none.
    """
    if len(public_key) != MLDSA_KEY_BYTES or len(signature) != MLDSA_SIGNATURE_BYTES or len(context) > 255:
        return False
    verdict = _mldsa_library_verdict(public_key, message, signature, context)
    return _is_mldsa_signed(public_key, message, signature, context) if verdict is None else verdict


def _mldsa_library_verdict(public_key: bytes, message: bytes, signature: bytes, context: bytes) -> bool | None:
    """None where the library is missing, or can't do ML-DSA."""
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - may be missing
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey  # noqa: PLC0415
    except ImportError:
        return None
    try:
        MLDSA44PublicKey.from_public_bytes(public_key).verify(signature, message, context or None)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def _is_mldsa_signed(public_key: bytes, message: bytes, signature: bytes, context: bytes) -> bool:
    """Algorithms 3 and 8: whether the challenge comes out again of the key, the message and the answer ``z``."""
    challenge, hints = signature[:_CHALLENGE_BYTES], _hints(signature[-_MOST_HINTS - _ROWS :])
    z = [_z_polynomial(signature, _CHALLENGE_BYTES + n * _Z_BYTES) for n in range(_COLUMNS)]
    if hints is None or any(abs(number) > _LARGEST_Z for one in z for number in one):
        return False
    bound = shake_256(public_key).digest(64) + b"\0" + bytes([len(context)]) + context + message
    digest = shake_256(bound).digest(64)
    seed, c = public_key[:_SEED_BYTES], _transformed(_challenge_polynomial(challenge))
    unknowns = [_transformed(one) for one in z]
    high = [_high_parts(_equation(seed, row, unknowns, c, _t_polynomial(public_key, row)), hints[row]) for row in range(_ROWS)]
    return shake_256(digest + b"".join(map(_packed, high))).digest(_CHALLENGE_BYTES) == challenge


def _equation(seed: bytes, row: int, unknowns: Sequence[_Poly], c: _Poly, t: _Poly) -> _Poly:
    """One row of A·z - c·t, back from the transform; numbers of any size, equal modulo q."""
    total = map(mul, (-number for number in c), _transformed(t))
    for column, unknown in enumerate(unknowns):
        total = map(add, total, map(mul, _matrix_polynomial(seed, row, column), unknown))
    return _back([number % _Q for number in total])


def _z_polynomial(signature: bytes, start: int) -> _Poly:
    """BitUnpack: numbers of 18 bits, each taken from 2^17, so from -2^17 + 1 to 2^17."""
    whole = int.from_bytes(signature[start : start + _Z_BYTES], "little")
    return [_Z_RANGE - number for number in _numbers(whole, 18)]


def _t_polynomial(public_key: bytes, row: int) -> _Poly:
    """SimpleBitUnpack: numbers of 10 bits, times 2^13."""
    start = _SEED_BYTES + row * _T_BYTES
    whole = int.from_bytes(public_key[start : start + _T_BYTES], "little")
    return [number << _DROPPED_BITS for number in _numbers(whole, 10)]


def _numbers(whole: int, bits: int) -> Iterable[int]:
    mask = (1 << bits) - 1
    return (whole >> at & mask for at in range(0, _N * bits, bits))


def _hints(encoded: bytes) -> list[set[int]] | None:
    """HintBitUnpack: for each row the places whose high part is one off; None for an encoding that no signer makes."""
    places, ends = encoded[:_MOST_HINTS], encoded[_MOST_HINTS:]
    rows, start = [], 0
    for end in ends:
        row = places[start:end]
        if not start <= end <= _MOST_HINTS or list(row) != sorted(set(row)):
            return None
        rows.append(set(row))
        start = end
    return None if any(places[start:]) else rows


def _challenge_polynomial(challenge: bytes) -> _Poly:
    """SampleInBall: 39 coefficients are 1 or -1, the others 0."""
    drawn = shake_256(challenge).digest(8 + 4 * _N)  # some 50 bytes are needed
    signs, at, c = int.from_bytes(drawn[:8], "little"), 8, [0] * _N
    for place in range(_N - _ONES, _N):
        while drawn[at] > place:
            at += 1
        c[place] = c[drawn[at]]
        c[drawn[at]] = 1 - 2 * (signs & 1)
        signs, at = signs >> 1, at + 1
    return c


def _matrix_polynomial(seed: bytes, row: int, column: int) -> _Poly:
    """RejNTTPoly: numbers of 23 bits, those below q, which are transformed already.

    One in a thousand is passed over; that 80 of 336 are is likely in none of 2^500 draws.
    """
    drawn = shake_128(seed + bytes([column, row])).digest(3 * 336)
    whole = (a | b << 8 | (c & 127) << 16 for a, b, c in zip(drawn[0::3], drawn[1::3], drawn[2::3]))  # noqa: B905 - bare Python 3.9
    return [number for number in whole if number < _Q][:_N]


def _high_parts(numbers: _Poly, hints: set[int]) -> _Poly:
    """UseHint: which of the 44 steps each number is nearest to, or the next one on its other side where there is a hint."""
    steps = [(number + _HALF_STEP - 1) // (2 * _HALF_STEP) for number in numbers]
    for place in hints:
        steps[place] += 1 if numbers[place] > steps[place] * 2 * _HALF_STEP else -1
    return [step % _STEPS for step in steps]


def _packed(steps: _Poly) -> bytes:
    """SimpleBitPack: numbers of 6 bits, four of them in three bytes."""
    fours = zip(steps[0::4], steps[1::4], steps[2::4], steps[3::4])  # noqa: B905 - bare Python 3.9
    return b"".join((a | b << 6 | c << 12 | d << 18).to_bytes(3, "little") for a, b, c, d in fours)


def _transformed(numbers: _Poly) -> _Poly:
    """NTT, after which polynomials multiply number by number. Takes numbers of any size, equal modulo q; gives such.

    Each of the eight layers joins the first half with the second and writes the results alternately, so that all layers
    walk through the list alike: Python is quickest with whole lists. What comes out is in the standard's order.
    """
    for factors in _FACTORS:
        low, high = numbers[: _N // 2], [number % _Q for number in map(mul, factors, numbers[_N // 2 :])]
        numbers[0::2], numbers[1::2] = map(add, low, high), map(sub, low, high)
    return numbers


def _back(numbers: _Poly) -> _Poly:
    """Inverse NTT: the same layers from the last to the first, each undone; numbers below q."""
    for inverses in reversed(_INVERSES):
        even, odd = numbers[0::2], numbers[1::2]
        high = [number % _Q for number in map(mul, inverses, map(sub, even, odd))]
        numbers = [*map(add, even, odd), *high]
    return [number * _ONE_256TH % _Q for number in numbers]


def _layer(layer: int) -> _Poly:
    """What the second half is multiplied by: powers of 1753, a 512th root of 1, in the order of appendix B."""
    first = 1 << layer
    zetas = [pow(1753, int(f"{number:08b}"[::-1], 2), _Q) for number in range(first, 2 * first)]
    return zetas * (_N // 2 // first)


_FACTORS: Final = tuple(map(_layer, range(8)))
_INVERSES: Final = tuple([pow(factor, -1, _Q) for factor in factors] for factors in _FACTORS)
_ONE_256TH: Final = pow(_N, -1, _Q)
