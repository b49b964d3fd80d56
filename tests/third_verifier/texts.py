"""Canonical JSON, read one character at a time: a text is what a value would be written as, or nothing at all."""

from typing import Any

ESCAPES = {'"': '"', "\\": "\\", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
HEX = frozenset("0123456789abcdef")
DEEPEST = 100
NUMBERS_BELOW = 2**53


class NotCanonical(Exception):
    """The text is that of no value."""


class Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, want: str) -> None:
        if not self.text.startswith(want, self.at):
            raise NotCanonical(f"want {want!r}")
        self.at += len(want)

    def value(self, depth: int) -> Any:
        first = self.peek()
        if first == '"':
            return self.string()
        if first in ("[", "{"):
            if depth == DEEPEST:
                raise NotCanonical("too deep")
            return self.array(depth) if first == "[" else self.object(depth)
        for word, meant in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meant
        return self.number()

    def number(self) -> int:
        start = self.at
        if self.peek() == "-":
            self.at += 1
        digits = self.at
        while self.peek() and self.peek() in "0123456789":
            self.at += 1
        told = self.text[digits : self.at]
        if not told or len(told) > 16 or (told[0] == "0" and self.text[start : self.at] != "0"):
            raise NotCanonical("no number")
        if int(told) >= NUMBERS_BELOW:
            raise NotCanonical("too large")
        return int(self.text[start : self.at])

    def string(self) -> str:
        self.take('"')
        found = []
        while (one := self.peek()) != '"':
            self.at += 1
            if one == "" or one < " " or "\ud800" <= one <= "\udfff":
                raise NotCanonical("no string")
            found.append(self.escaped() if one == "\\" else one)
        self.at += 1
        return "".join(found)

    def escaped(self) -> str:
        kind = self.peek()
        self.at += 1
        if kind in ESCAPES:
            return ESCAPES[kind]
        code = self.text[self.at : self.at + 4]
        if kind != "u" or len(code) < 4 or code[:2] != "00" or not set(code) <= HEX:
            raise NotCanonical("no escape")
        self.at += 4
        meant = chr(int(code, 16))
        if meant >= " " or meant in "\b\t\n\f\r":
            raise NotCanonical("escaped for nothing")
        return meant

    def array(self, depth: int) -> list[Any]:
        self.take("[")
        found: list[Any] = []
        while self.peek() != "]":
            if found:
                self.take(",")
            found.append(self.value(depth + 1))
        self.at += 1
        return found

    def object(self, depth: int) -> dict[str, Any]:
        self.take("{")
        found: dict[str, Any] = {}
        before: str | None = None
        while self.peek() != "}":
            if before is not None:
                self.take(",")
            key = self.string()
            if not key.isascii() or (before is not None and key <= before):
                raise NotCanonical("keys are ASCII, sorted, and each once")
            self.take(":")
            found[key] = self.value(depth + 1)
            before = key
        self.at += 1
        return found


def read(data: bytes | str) -> Any:
    """The value. Raises NotCanonical."""
    if isinstance(data, bytes):
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotCanonical("not UTF-8") from error
    reader = Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise NotCanonical("something comes behind it")
    return value


def is_hex(value: Any, digits: int) -> bool:
    return isinstance(value, str) and len(value) == digits and set(value) <= HEX


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < NUMBERS_BELOW


def is_name(value: Any, longest: int = 500) -> bool:
    """1 to 500 characters without control characters."""
    return isinstance(value, str) and 1 <= len(value) <= longest and not any(c < " " or "\x7f" <= c <= "\x9f" for c in value)


def has_keys(value: Any, *keys: str) -> bool:
    return isinstance(value, dict) and set(value) == set(keys)
