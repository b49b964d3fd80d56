"""ML-DSA-44 as FIPS 204 writes it, loop by loop: an oracle for the quick verifier, and a forger.

A key of which t1 is 0 binds nobody: any z that is short enough is an answer. So every border of the encoding of a signature
can be stood on, which a signer with a secret comes to in none of a billion signatures.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import shake_128, shake_256
from pathlib import Path
from typing import Final, NamedTuple

from tests.given.checkout import ROOT

KNOWN_ANSWERS: Final = ROOT / "tests/data/mldsa/kat_MLDSA_44_det_pure.rsp"
Q, N, K, L = 8_380_417, 256, 4, 4
GAMMA_1, GAMMA_2, OMEGA = 2**17, (Q - 1) // 88, 80
LARGEST_Z = GAMMA_1 - 78 - 1
KEY_OF_NOBODY: Final = bytes(range(32)) + bytes(1_280)


class KnownAnswer(NamedTuple):
    """A signature that a standard's implementation made: ``seed`` is the secret that the key comes of."""

    seed: bytes
    public_key: bytes
    message: bytes
    context: bytes
    signature: bytes


def known_answers(path: Path = KNOWN_ANSWERS) -> tuple[KnownAnswer, ...]:
    found = []
    for block in path.read_text().split("\ncount = ")[1:]:
        fields = {name: bytes.fromhex(text) for name, _, text in (line.partition(" = ") for line in block.splitlines()[1:])}
        found.append(KnownAnswer(fields["xi"], fields["pk"], fields["msg"], fields["ctx"], fields["sm"][:2_420]))
    return tuple(found)


@cache
def zeta(number: int) -> int:
    return pow(1753, int(f"{number:08b}"[::-1], 2), Q)


def ntt(numbers: Sequence[int]) -> list[int]:
    """Algorithm 41."""
    w, m, length = list(numbers), 0, 128
    while length:
        for start in range(0, N, 2 * length):
            m += 1
            for j in range(start, start + length):
                t = zeta(m) * w[j + length] % Q
                w[j + length], w[j] = (w[j] - t) % Q, (w[j] + t) % Q
        length //= 2
    return w


def inverse_ntt(numbers: Sequence[int]) -> list[int]:
    """Algorithm 42."""
    w, m, length = list(numbers), N, 1
    while length < N:
        for start in range(0, N, 2 * length):
            m -= 1
            for j in range(start, start + length):
                t = w[j]
                w[j], w[j + length] = (t + w[j + length]) % Q, -zeta(m) * (t - w[j + length]) % Q
        length *= 2
    return [8_347_681 * number % Q for number in w]


@cache
def matrix(seed: bytes, row: int, column: int) -> list[int]:
    """Algorithms 30 and 14."""
    found: list[int] = []
    stream, at = shake_128(seed + bytes([column, row])).digest(5_000), 0
    while len(found) < N:
        number = stream[at] + 256 * stream[at + 1] + 65_536 * (stream[at + 2] % 128)
        found += [number] if number < Q else []
        at += 3
    return found


def use_hint(number: int, *, is_hinted: bool) -> int:
    """Algorithms 36 and 40."""
    low = number % (2 * GAMMA_2)
    low -= 2 * GAMMA_2 if low > GAMMA_2 else 0
    high, low = (0, low - 1) if number - low == Q - 1 else ((number - low) // (2 * GAMMA_2), low)
    return (high + (0 if not is_hinted else 1 if low > 0 else -1)) % 44


def forged(
    message: bytes,
    z: Mapping[int, int],
    hints: Sequence[Sequence[int]] = ((), (), (), ()),
    *,
    encoded: bytes | None = None,
    key: bytes = KEY_OF_NOBODY,
) -> bytes:
    """A signature by a key of nobody's. ``z`` gives some of 1,024 numbers, the others are 0; ``encoded`` stands for ``hints``."""
    numbers = [z.get(n, 0) for n in range(L * N)]
    transformed = [ntt(numbers[n * N : n * N + N]) for n in range(L)]
    packed = b""
    for row in range(K):
        columns = [matrix(key[:32], row, column) for column in range(L)]
        products = [sum(columns[c][n] * transformed[c][n] for c in range(L)) for n in range(N)]
        high = [use_hint(number, is_hinted=n in hints[row]) for n, number in enumerate(inverse_ntt(products))]
        packed += sum(one << 6 * n for n, one in enumerate(high)).to_bytes(192, "little")
    digest = shake_256(shake_256(key).digest(64) + b"\0\0" + message).digest(64)
    answer = sum((GAMMA_1 - number) % 2**18 << 18 * n for n, number in enumerate(numbers)).to_bytes(2_304, "little")
    return shake_256(digest + packed).digest(32) + answer + (packed_hints(hints) if encoded is None else encoded)


def packed_hints(hints: Sequence[Sequence[int]]) -> bytes:
    """Algorithm 20, for places in any order."""
    places = bytes(place for row in hints for place in row)
    ends = bytes(sum(map(len, hints[: n + 1])) for n in range(K))
    return places.ljust(OMEGA, b"\0") + ends


def at_the_borders() -> dict[str, tuple[bytes, bool]]:
    """Signatures of MESSAGE by KEY_OF_NOBODY, and whether they hold: the same verdict is due of everybody."""
    found = {
        f"number {place} is {number}": (forged(MESSAGE, {place: number}), abs(number) <= LARGEST_Z)
        for place in (0, 511, 1023)
        for number in (LARGEST_Z, -LARGEST_Z, LARGEST_Z + 1, -LARGEST_Z - 1, GAMMA_1, 1 - GAMMA_1)
    }
    for hints in (((), (), (), ()), SOME_HINTS, ALL_HINTS, ((), (), (), tuple(range(176, 256)))):
        found[f"hints {packed_hints(hints).hex()}"] = forged(MESSAGE, {0: 5, 1023: -5}, hints), True
    for name, encoded in BAD_HINTS.items():
        ends = [min(end, OMEGA) for end in encoded[OMEGA:]]  # as a careless reader would take these bytes
        taken = [tuple(encoded[start:end]) for start, end in zip([0, *ends[:3]], ends, strict=True)]
        found[name] = forged(MESSAGE, {}, taken, encoded=encoded), False
    found["another challenge"] = bytes(32) + forged(MESSAGE, {})[32:], False
    return found


MESSAGE: Final = b"subtree"
SOME_HINTS: Final = ((3, 9, 255), (), (0,), (7, 8))
ALL_HINTS: Final = (tuple(range(OMEGA)), (), (), ())
# What the last 84 bytes may not be: the places of the hints, filled up with 0 to 80, and where each row of them ends.
BAD_HINTS: Final = {
    "two places in the wrong order": packed_hints(((9, 3, 255), (), (0,), (7, 8))),
    "one place twice": packed_hints(((3, 3, 255), (), (0,), (7, 8))),
    "an end before the one before": packed_hints(SOME_HINTS)[:OMEGA] + bytes([3, 2, 4, 6]),
    "an end beyond the places": packed_hints(ALL_HINTS)[:OMEGA] + bytes([80, 80, 80, 81]),
    "an end far beyond, and the last one not": packed_hints(ALL_HINTS)[:OMEGA] + bytes([200, 80, 80, 80]),
    "something behind the last place": packed_hints(SOME_HINTS)[:79] + b"\1" + packed_hints(SOME_HINTS)[80:],
    "something behind none": bytes(79) + b"\1" + bytes(4),
}
