"""The quick yes in front of jsonschema: never said to what jsonschema finds fault with, and nearly always to what it doesn't."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest

from tests.given.api_document import FORMATS, READ, document, faults_by_jsonschema
from tests.given.examples import examples
from tests.given.quick_schema import TYPES, Quick

pytestmark = pytest.mark.pure

SCHEMAS: Final = document()["components"]["schemas"]
ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    1,
    1.0,
    -1,
    0.5,
    10**9,
    "",
    "x",
    "x" * 20_000,
    "2026-02-31",
    [],
    [None],
    {},
    {"x": 1},
)
SAMPLES: Final = {"uuid": "00000000-0000-4000-8000-000000000000", "date": "2026-03-02", "date-time": "2026-03-02T09:30:00Z"}


def sample(schema: dict[str, Any], chance: Random, depth: int = 0) -> Any:
    """Something that mostly fits."""
    if "$ref" in schema:
        return sample(SCHEMAS[schema["$ref"].rpartition("/")[2]], chance, depth + 1)
    if "oneOf" in schema:
        return sample(chance.choice(schema["oneOf"]), chance, depth + 1)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else chance.choice(kinds)
    if kind == "object":
        return an_object(schema, chance, depth)
    if kind == "array":
        many = schema.get("minItems", 0) or (depth < 5) * chance.randrange(3)
        return [sample(schema.get("items", {}), chance, depth + 1) for _ in range(many)]
    number = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    text = SAMPLES.get(schema.get("format", ""), "x" * schema.get("minLength", 1))
    return {"boolean": True, "integer": number, "number": number, "null": None}.get(kind, text)


def an_object(schema: dict[str, Any], chance: Random, depth: int) -> dict[str, Any]:
    needed = schema.get("required", ())
    told = {name: one for name, one in schema.get("properties", {}).items() if name in needed or depth < 5 > chance.randrange(7)}
    return {name: sample(one, chance, depth + 1) for name, one in told.items()}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in it, with a key or an index that it has."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from places(item)


def spoilt(value: Any, chance: Random) -> Any:
    """With one thing exchanged, left out or added somewhere."""
    made = {"whole": copy.deepcopy(value)}
    holder, key = chance.choice(list(places(made)))
    if chance.random() < 0.1 and isinstance(holder, dict) and holder is not made:
        del holder[key]
    elif chance.random() < 0.1 and isinstance(holder, dict):
        holder["other"] = chance.choice(ODD)
    else:
        holder[key] = chance.choice(ODD)
    return made["whole"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_says_yes_to_nothing_that_the_judge_finds_fault_with(name: str) -> None:
    chance = Random(name)  # noqa: S311 - chance, no secret
    certainly_fits = Quick(SCHEMAS, READ).certainly_fits(SCHEMAS[name])
    for _ in range(examples(10)):
        value = sample(SCHEMAS[name], chance)
        for tried in (value, spoilt(value, chance), spoilt(value, chance)):
            if certainly_fits(tried):
                assert faults_by_jsonschema(SCHEMAS[name], tried) == ""


def test_it_says_yes_to_most_of_what_fits() -> None:
    chance, said, fitting = Random(1), 0, 0  # noqa: S311
    for schema in SCHEMAS.values():
        value = sample(schema, chance)
        if not faults_by_jsonschema(schema, value):
            fitting += 1
            said += Quick(SCHEMAS, READ).certainly_fits(schema)(value)
    assert said > 0.9 * fitting > 0.5 * len(SCHEMAS)


WORDS: Final[tuple[dict[str, Any], ...]] = (
    {"maxLength": 1}, {"minLength": 1}, {"maxItems": 1}, {"minItems": 1}, {"maximum": 1}, {"minimum": 1}, {"exclusiveMinimum": 1},
    {"required": ["x"]}, {"type": ["null", "array"]}, {"enum": ["x", None]}, {"format": "date"}, {"items": {"type": "null"}},
    {"properties": {"x": {"type": "string"}}}, {"additionalProperties": False},
    {"properties": {"x": {}}, "additionalProperties": False},
    {"oneOf": [{"minLength": 1}, {"maxLength": 1}]}, *({"type": name} for name in TYPES),
)  # fmt: skip


@pytest.mark.parametrize("schema", WORDS)
def test_of_each_word_it_says_what_the_judge_says(schema: dict[str, Any]) -> None:
    certainly_fits = Quick({}, READ).certainly_fits(schema)
    for value in (*ODD, "ab", [None, None], {"x": "x"}, {"y": 1}):
        if not (isinstance(value, float | bool | list | dict) and schema.keys() & {"enum", "type"}):
            assert certainly_fits(value) == (not faults_by_jsonschema(schema, value)), value


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 1.0),  # which is both
        ({"type": "integer", "pattern": "x"}, 1),
        ({"enum": [1]}, True),
        ({"not": {}}, 1),
        ({"format": "date"}, "2026-02-31"),
        ({"additionalProperties": {"type": "null"}, "properties": {"a": {}}}, {"a": 1, "b": 1}),
    ],
)
def test_what_only_the_judge_can_tell_is_left_to_it(schema: dict[str, Any], value: Any) -> None:
    assert not Quick({}, READ).certainly_fits(schema)(value)


def test_the_formats_that_it_reads_are_all_that_the_judge_reads() -> None:
    assert set(FORMATS.checkers) == set(READ)
