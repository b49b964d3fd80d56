"""JSON Schema in closures, for the few words that the API's description uses: a quick yes in front of the judge.

It says yes only to what jsonschema finds no fault with; whatever it doesn't know, or finds wrong, is jsonschema's to say.
tests/house/test_quick_schema.py holds it to that.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

Fits = Callable[[Any], bool]
Formats = Mapping[str, Callable[[str], object]]

SAY_NOTHING: Final = frozenset({"title", "description", "default", "examples", "deprecated"})


class Unknown(Exception):
    """Only jsonschema can tell."""


def _is_integer(value: Any) -> bool:
    if isinstance(value, float):
        raise Unknown  # 1.0 is one
    return isinstance(value, int) and not isinstance(value, bool)


TYPES: Final[Mapping[str, Fits]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
BOUNDS: Final[Mapping[str, tuple[str, Callable[[Any, Any], bool]]]] = {  # the type of which it speaks, and what it asks
    "maxLength": ("string", lambda value, bound: len(value) <= bound),
    "minLength": ("string", lambda value, bound: len(value) >= bound),
    "maxItems": ("array", lambda value, bound: len(value) <= bound),
    "minItems": ("array", lambda value, bound: len(value) >= bound),
    "maximum": ("number", lambda value, bound: value <= bound),
    "minimum": ("number", lambda value, bound: value >= bound),
    "exclusiveMinimum": ("number", lambda value, bound: value > bound),
    "required": ("object", lambda value, names: all(name in value for name in names)),
}


class Quick:
    """Of schemas that refer to ``named`` by "#/components/schemas/..."; other words of ``formats`` than these forbid nothing."""

    def __init__(self, named: Mapping[str, Any], formats: Formats) -> None:
        self._named, self._formats = named, formats
        self._made: dict[str, Fits] = {}

    def certainly_fits(self, schema: Mapping[str, Any]) -> Fits:
        fits = self._fits(schema)

        def certainly(value: Any) -> bool:
            try:
                return fits(value)
            except Unknown:
                return False

        return certainly

    def _fits(self, schema: Mapping[str, Any]) -> Fits:
        asked = [self._word(word, told, schema) for word, told in schema.items() if word not in SAY_NOTHING]
        return lambda value: all(one(value) for one in asked)

    def _word(self, word: str, told: Any, schema: Mapping[str, Any]) -> Fits:
        if word in BOUNDS:
            kind, holds = BOUNDS[word]
            return lambda value: not TYPES[kind](value) or holds(value, told)
        made: dict[str, Callable[[], Fits]] = {
            "type": lambda: _of_type([told] if isinstance(told, str) else told),
            "enum": lambda: partial(_is_one_of, told=told),
            "format": lambda: self._format(told),
            "$ref": lambda: self._reference(told.rpartition("/")[2]),
            "oneOf": lambda: self._exactly_one(told),
            "items": lambda: self._items(told),
            "properties": lambda: self._properties(told),
            "additionalProperties": lambda: self._others(told, frozenset(schema.get("properties", ()))),
        }
        return made.get(word, lambda: _nobody_knows)()

    def _exactly_one(self, told: list[Mapping[str, Any]]) -> Fits:
        some = [self._fits(one) for one in told]
        return lambda value: sum(one(value) for one in some) == 1

    def _items(self, told: Mapping[str, Any]) -> Fits:
        each = self._fits(told)
        return lambda value: not isinstance(value, list) or all(map(each, value))

    def _format(self, name: str) -> Fits:
        read = self._formats.get(name)

        def fits(value: Any) -> bool:
            try:
                return read is None or not isinstance(value, str) or bool(read(value))
            except ValueError:
                return False

        return fits

    def _reference(self, name: str) -> Fits:
        """Made when it is first asked: schemas may name each other in a circle."""

        def fits(value: Any) -> bool:
            if name not in self._made:
                self._made[name] = self._fits(self._named[name])
            return self._made[name](value)

        return fits

    def _properties(self, told: Mapping[str, Any]) -> Fits:
        each = {name: self._fits(schema) for name, schema in told.items()}
        return lambda value: not isinstance(value, dict) or all(fits(value[name]) for name, fits in each.items() if name in value)

    def _others(self, told: Any, known: frozenset[str]) -> Fits:
        each: Fits = (lambda _: bool(told)) if isinstance(told, bool) else self._fits(told)
        return lambda value: not isinstance(value, dict) or all(each(item) for name, item in value.items() if name not in known)


def _of_type(names: list[str]) -> Fits:
    types = [TYPES[name] for name in names]
    return lambda value: any(one(value) for one in types)


def _is_one_of(value: Any, *, told: list[Any]) -> bool:
    if value is not None and not isinstance(value, str):
        raise Unknown  # true and 1 are one in Python
    return value in told


def _nobody_knows(_: Any) -> bool:
    raise Unknown
