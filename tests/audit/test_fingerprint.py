"""A key's fingerprint: the same bits in other letters, whoever works it out, and taken as people type it."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.fingerprint import LETTERS, as_fingerprint, fingerprint
from tests.given.pack_samples import OTHER_VKEY, VKEY

pytestmark = pytest.mark.pure


def naive(text: str) -> str:
    """Bit by bit."""
    bits = "".join(f"{byte:08b}" for byte in sha256(text.encode()).digest())[:160]
    letters = [LETTERS[int(bits[at : at + 5], 2)] for at in range(0, 160, 5)]
    return " ".join("".join(letters[at : at + 4]) for at in range(0, 32, 4))


def test_it_is_the_first_160_bits_of_sha_256_in_letters_that_are_not_taken_for_others() -> None:
    assert fingerprint(VKEY) == naive(VKEY) == "CDJY 2FC4 27GJ 4NJY VSZ3 TZ8A 3R42 5RSJ"
    assert len(LETTERS) == len(set(LETTERS)) == 32
    assert not set(LETTERS) & set("01OI")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_it_is_that_of_any_text(text: str) -> None:
    name, *rest = text.split("+")
    whole = "+".join([name, *(part.lower() if at == 0 else part for at, part in enumerate(rest))])
    assert fingerprint(text) == naive(whole)


def test_the_id_in_capitals_is_the_same_key() -> None:
    name, key_id, key = VKEY.split("+", 2)
    assert fingerprint(f"{name}+{key_id.upper()}+{key}") == fingerprint(VKEY)
    assert fingerprint(OTHER_VKEY) != fingerprint(VKEY)


@pytest.mark.parametrize("typed", [str, str.lower, lambda text: text.replace(" ", ""), lambda text: text.replace(" ", "-\n")])
def test_it_is_taken_as_somebody_types_it(typed: object) -> None:
    assert callable(typed)
    assert as_fingerprint(typed(fingerprint(VKEY))) == fingerprint(VKEY)


@pytest.mark.parametrize(
    "text", ["", VKEY, "ABCD", fingerprint(VKEY)[:-1], fingerprint(VKEY) + "A", "O" * 32, "1" * 32, "É" * 32]
)
def test_anything_else_is_none(text: str) -> None:
    assert as_fingerprint(text) is None
