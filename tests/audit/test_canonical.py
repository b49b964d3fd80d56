"""A value has one byte string, the one that RFC 8785 gives it; what could be written in two ways is refused."""

import enum
import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit.canonical import canonical_json
from audit.verifier.manifest import canonical_value

pytestmark = pytest.mark.pure

# What RFC 8785 and the test data beside its reference implementation (cyberphone/json-canonicalization, Apache-2.0)
# publish, as far as it lies in our subset.
KNOWN = (
    ("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
    ([None, True, False], "[null,true,false]"),
    ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    (
        {"1": {"f": {"f": "hi", "F": 5}, "\n": 56}, "10": {}, "": "empty", "a": {}, "111": [{"e": "yes", "E": "no"}], "A": {}},
        '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}',
    ),
    ({"Unnormalized Unicode": "A\u030a"}, '{"Unnormalized Unicode":"A\u030a"}'),
    ("\x00\x08\x09\x0a\x0c\x0d\x1f\x7f\u2028\ud7ff\ue000\U0010ffff",
     '"\\u0000\\b\\t\\n\\f\\r\\u001f\x7f\u2028\ud7ff\ue000\U0010ffff"'),
    ([9007199254740991, -9007199254740991, 0], "[9007199254740991,-9007199254740991,0]"),
)  # fmt: skip


class Colour(enum.StrEnum):
    RED = "red"


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(("value", "text"), KNOWN)
def test_the_published_values_have_the_published_bytes(value: object, text: str) -> None:
    assert canonical_json(value) == text.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
        max_leaves=20,
    )
)
def test_every_value_has_the_bytes_that_another_implementation_gives_it(value: object) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # any value of its kind


@pytest.mark.parametrize(
    "value",
    [1.5, 0.0, 2**53, -(2**53), 10**400, {"é": 1}, {1: 2}, {None: 1}, b"x", "\ud800", ["\udfff"], [float("nan")], {1}, object()],
)
def test_what_other_implementations_could_write_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - UnicodeEncodeError is one too
        canonical_json(value)


def test_what_is_nested_without_end_is_refused_like_the_rest() -> None:
    assert canonical_json(nested(99)) == b"[" * 100 + b"]" * 100
    endless: list[Any] = []
    endless.append(endless)
    for value in (nested(100), nested(100_000), endless):
        with pytest.raises(ValueError, match="too deep"):
            canonical_json(value)


def test_a_tuple_is_a_list_and_a_named_word_is_its_word() -> None:
    assert canonical_json({"a": (1, Colour.RED)}) == b'{"a":[1,"red"]}'


def _written(value: object) -> bytes:
    """Canonical for most values, near it for the rest."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def _carefully(data: bytes) -> object:
    """Looks at every part of the value, and at its bytes."""
    value = json.loads(data.decode())
    if canonical_json(value) != data:
        raise ValueError("not canonical")
    return value


def _read(reader: Callable[[bytes], object], data: bytes) -> object:
    try:
        return "read", reader(data)
    except (ValueError, RecursionError):
        return "refused"


ODD_TEXTS = (
    "1.0", "1e2", "-0", "NaN", "-Infinity", "9007199254740992", "-9007199254740991", "01", " 1", "1 ", "1,2", '"a" ', '"\\u0061"',
    '"\\ud800"', '"\x7f"', '"\x1f"', '"\\u001f"', '"\\/"', '"a"\n', '{"a":1,"a":1}', '{"b":1,"a":2}', '{"é":1}', '{"\\u00e9":1}',
    '{"a":"é"}', "[" * 90 + "]" * 90, "[" * 150 + "]" * 150, "[" * 5000 + "]" * 5000, "\ufeff1", "", '"', "tru", '["]"]',
)  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["£", '"', "\\"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=8,
)


@given(
    st.sampled_from(ODD_TEXTS).map(str.encode) | VALUES.map(_written),
    st.binary(max_size=2) | st.sampled_from([b" ", b"\\", b'"', b"1", b"}", b"[", b".0", "é".encode()]),
    st.integers(0, 40),
)
def test_the_quick_reading_takes_just_what_the_careful_one_takes(data: bytes, noise: bytes, at: int) -> None:
    for tried in (data, data[:at] + noise + data[at:], data[:at] + data[at + 1 :]):
        assert _read(canonical_value, tried) == _read(_carefully, tried)


def test_every_odd_text_is_read_as_carefully() -> None:
    for text in ODD_TEXTS:
        assert _read(canonical_value, text.encode()) == _read(_carefully, text.encode()), text
