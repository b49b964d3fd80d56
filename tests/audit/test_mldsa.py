"""One verdict on an ML-DSA-44 signature, whether a library gives it or plain Python does."""

import random
import sys

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from hypothesis import given
from hypothesis import settings as how_often
from hypothesis import strategies as st

from audit import mldsa
from audit.mldsa import MLDSA_KEY_BYTES, MLDSA_SIGNATURE_BYTES, mldsa_verify
from tests.given import plain_mldsa
from tests.given.examples import examples
from tests.given.plain_mldsa import KEY_OF_NOBODY, MESSAGE, KnownAnswer, at_the_borders, known_answers

pytestmark = pytest.mark.pure


def library_takes(key: bytes, message: bytes, signature: bytes, context: bytes = b"") -> bool:
    try:
        MLDSA44PublicKey.from_public_bytes(key).verify(signature, message, context or None)
    except InvalidSignature:
        return False
    return True


def both_say(key: bytes, message: bytes, signature: bytes) -> bool:
    """The verdict of plain Python, which the library must share."""
    verdict = mldsa._is_mldsa_signed(key, message, signature, b"")
    assert verdict is library_takes(key, message, signature)
    return verdict


@pytest.mark.parametrize("installed", ["with the library", "without it"])
@pytest.mark.parametrize("answer", known_answers(), ids=range(4))
def test_the_known_answers_hold(answer: KnownAnswer, installed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if installed == "without it":
        monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    _, key, message, context, signature = answer
    assert MLDSA44PrivateKey.from_seed_bytes(answer.seed).public_key().public_bytes_raw() == key
    assert mldsa_verify(key, message, signature, context)
    for other in (message + b"x", message[:-1]):
        assert not mldsa_verify(key, other, signature, context)
    assert not mldsa_verify(key, message, signature)
    assert not mldsa_verify(key, message, signature, context[:-1])


def test_what_has_another_length_is_neither_a_key_nor_a_signature() -> None:
    _, key, message, context, signature = known_answers()[0]
    assert (len(key), len(signature)) == (MLDSA_KEY_BYTES, MLDSA_SIGNATURE_BYTES)
    for given_key, given_signature in (
        (key[:-1], signature),
        (key + b"\0", signature),
        (key, signature[:-1]),
        (key, signature + b"\0"),
    ):
        assert not mldsa_verify(given_key, message, given_signature, context)
    assert not mldsa_verify(b"", b"", b"")
    assert not mldsa_verify(key, message, signature, bytes(256))


def test_a_library_that_cannot_do_it_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.mldsa", None)
    _, key, message, context, signature = known_answers()[0]
    assert mldsa._mldsa_library_verdict(key, message, signature, context) is None
    assert mldsa_verify(key, message, signature, context)


@how_often(max_examples=examples(25))
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.data())
def test_plain_python_agrees_with_the_library(seed: bytes, message: bytes, data: st.DataObject) -> None:
    private = MLDSA44PrivateKey.from_seed_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert both_say(key, message, signature)
    assert not both_say(key, message, one_bit_changed(signature, data))
    assert not both_say(one_bit_changed(key, data), message, signature)
    other = data.draw(st.just(message) | st.binary(max_size=9))
    assert both_say(key, other, signature) is (other == message)


def one_bit_changed(whole: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize(("signature", "holds"), at_the_borders().values(), ids=at_the_borders())
def test_what_stands_on_a_border_is_judged_alike(signature: bytes, *, holds: bool) -> None:
    """How many hints, how they are encoded, and how long an answer may be."""
    assert both_say(KEY_OF_NOBODY, MESSAGE, signature) is holds


@pytest.mark.parametrize("n", range(3))
def test_the_transform_is_that_of_the_standard(n: int) -> None:
    numbers = [random.Random(n).randrange(-plain_mldsa.Q, 2**27) for _ in range(256)]  # noqa: S311 - the same each time
    transformed = plain_mldsa.ntt([number % plain_mldsa.Q for number in numbers])
    assert [number % plain_mldsa.Q for number in mldsa._transformed(list(numbers))] == transformed
    assert mldsa._back(transformed) == plain_mldsa.inverse_ntt(transformed) == [number % plain_mldsa.Q for number in numbers]


@given(
    st.integers(0, plain_mldsa.Q - 1) | st.sampled_from([n * plain_mldsa.GAMMA_2 + m for n in range(88) for m in (0, 1)]),
    st.booleans(),
)
def test_hints_choose_the_step_that_the_standard_chooses(number: int, is_hinted: bool) -> None:
    found = mldsa._high_parts([number], {0} if is_hinted else set())
    assert found == [plain_mldsa.use_hint(number, is_hinted=is_hinted)]
