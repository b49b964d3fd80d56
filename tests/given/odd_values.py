"""Values, texts and names at the borders of what the trail's formats allow: for packs that nobody's builder would make."""

import json
from random import Random
from typing import Any, Final

SAFE: Final = 2**53 - 1
# White space and what passes for it, controls, marks that can't be seen, other planes, and what spreadsheets and CSV take amiss.
CHARACTERS: Final = (
    *"aZ0 +,\"'\\/:;=@-_.\t\n\r\x00\x1f\x7f\x85\xa0\xad",
    *"\u0378\u1680\u180e\u2000\u200a\u200b\u200d\u2028\u2029\u202f\u205f\u3000\ufeff\ue000\ufffd\uffff\uff1d\uff0b\u00e9e\u0301",
    *"\U0001f600\U000e0001\U0010ffff\u0130\u212a",
)
TEXTS: Final = (
    *(
        "",
        "null",
        "None",
        "true",
        "erased",
        "withheld",
        "withheld: 1",
        "2026-06-01",
        "2026-02-31",
        "0000-01-01",
        "9999-12-31",
        "2026-6-1",
    ),
    *(
        "\u0662\u0660\u0662\u0666-06-01",
        "2026-06-01\n",
        "=1+1",
        "'quoted",
        "a,b",
        'a"b',
        "a\r\nb",
        "x" * 501,
        "__proto__",
        "constructor",
    ),
)
NUMBERS: Final = (0, 1, -1, 7, 2**31, 2**32 + 1, SAFE, -SAFE)
KEYS: Final = (
    *("old", "new", "reason", "happened_on", "attachments", "erased", "evidence", "rating", "note", "a", "A", "10", "9", "", " "),
    *("__proto__", "constructor", "toString", "length", "old.old", "x.old", "kind", "name", "number", "late", "size"),
)
# JSON texts that are not canonical, or lie outside the subset; some read as another value in another language.
RAW: Final = (
    *("", " 1", "1 ", "01", "-0", "1.0", "1e2", "1E400", "9007199254740992", "-9007199254740992", "9007199254740993", "9" * 400),
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "nul",
        "undefined",
        "\ufeff1",
        "[1,]",
        "[1 ]",
        "{}x",
        '"\\u0041"',
        '"\\/"',
        '"\\ud800"',
        '"\\udc00\\ud800"',
    ),
    *(
        '"\\ud83d\\ude00"',
        '"\\u2028"',
        '"\x7f"',
        '"\\u007f"',
        '"\\u001F"',
        '"\\b\\f\\n\\r\\t\\u0000"',
        '{"a":1,"a":1}',
        '{"b":1,"a":2}',
    ),
    *(
        '{"\xe9":1}',
        '{"a":{"\\u00e9":1}}',
        '{"__proto__":1}',
        '{"__proto__":{"role":"x"}}',
        "[" * 100 + "]" * 100,
        "[" * 101 + "]" * 101,
    ),
    *(
        '{"a":' * 99 + "[]" + "}" * 99,
        '{"a":' * 100 + "[]" + "}" * 100,
        "[" * 3000 + "]" * 3000,
        "[" * 60_000,
        '["[[[[[[[[[[[[' + "[" * 120 + '"]',
    ),
)


def text(chance: Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(TEXTS)
    return "".join(chance.choices(CHARACTERS, k=chance.randrange(6)))


def value(chance: Random, depth: int = 0) -> Any:
    """Something that canonical JSON has."""
    kind = chance.randrange(8 if depth < 3 else 5)
    if kind == 0:
        return None
    if kind == 1:
        return chance.random() < 0.5
    if kind == 2:
        return chance.choice(NUMBERS)
    if kind in (3, 4):
        return text(chance)
    if kind in (5, 6):
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(KEYS): value(chance, depth + 1) for _ in range(chance.randrange(4))}


def facts(chance: Random) -> dict[str, Any]:
    """Facts of which the verifiers read every one, mostly of the type that they should have."""
    found = {key: value(chance) for key in chance.sample(KEYS, chance.randrange(5))}
    well = {
        "happened_on": chance.choice(TEXTS), "reason": text(chance),
        "attachments": [attachment(chance) for _ in range(chance.randrange(3))],
        "old": {"rating": value(chance), "reason": "x"}, "new": {"rating": value(chance), text(chance).encode().hex(): 1},
    }  # fmt: skip
    return found | {key: well[key] for key in well if key in found and chance.random() < 0.9}


def attachment(chance: Random) -> Any:
    if chance.random() < 0.1:
        return value(chance)
    return {"id": "f", "sha256": "".join(chance.choices("0123456789abcdef", k=64)), "size": 3, "media_type": "image/jpeg"}


def field(chance: Random) -> str:
    """The name of a personal field, without ``personal.``."""
    if chance.random() < 0.6:
        return chance.choice(
            ("praise", "praise.old", "reason", "reason.old", "supplier_name", "supplier_identifiers", "old", ".old", "a")
        )
    return "".join(chance.choices('!~"\\.,=aZ', k=chance.randrange(1, 5)))


def json_text(chance: Random) -> str:
    """A JSON text as no canonical writer would write it, or one of a value."""
    if chance.random() < 0.6:
        return chance.choice(RAW)
    made = json.dumps(value(chance), ensure_ascii=chance.random() < 0.3, sort_keys=True, separators=(",", ":"))
    return made if chance.random() < 0.5 else mutated(chance, made)


def mutated(chance: Random, whole: str) -> str:
    at = chance.randrange(len(whole) + 1)
    return (
        whole[:at] + chance.choice(('"', "\\", " ", "0", "-", "[", "{", ",", "e", "\xe9", "")) + whole[at + chance.randrange(2) :]
    )
