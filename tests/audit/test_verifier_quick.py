"""What the verifier reads without a JSON parser, or keeps because it comes again, it takes and refuses as it would without."""

import io
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as how_often
from hypothesis import strategies as st

from audit.canonical import SAFE_INTEGER, canonical_json
from audit.verifier import lines, verify
from audit.verifier.openings import LONGEST_AGAIN, values_in
from audit.verifier.verdict import PackFault
from audit.verifier.verify import verify_pack
from tests.given import odd_values
from tests.given.examples import examples
from tests.given.tampering import samples, tamperings

pytestmark = pytest.mark.pure

SALT = "ab" * 32
HEAD = '{"c":["' + SALT + '"],"idx":7,"origin":"vouch.example.org/trail/00","sseq":3,"stream":"' + "cd" * 16 + '","v":1}'
EVENT = {"at": 1_781_000_000_000_000, "id": "e", "stream": "supplier:1", "subject": "review:1", "type": "review.written"}
TIMES = (0, 1, -1, 10**14, 10**15, 9 * 10**15 - 1, 9 * 10**15, SAFE_INTEGER - 1, SAFE_INTEGER, 10**16, 1.0, "7", None, True)
TEXTS: tuple[Any, ...] = (
    "",
    "a",
    'a"b',
    "a\\b",
    "Zoë",
    "\n",
    "\x01",
    "\x02",
    "\x7f",
    "\u2028",
    "\U0001f600",
    "}",
    '"},"',
    7,
    None,
    [],
    {},
)


@pytest.mark.parametrize("at", TIMES)
def test_the_time_of_an_event_is_a_whole_number_below_2_to_the_53(at: Any) -> None:
    text = json.dumps(EVENT | {"at": at}, separators=(",", ":"))
    is_time = type(at) is int and 0 <= at < SAFE_INTEGER
    assert told({"event": text}, 3) == ({"event": EVENT | {"at": at}} if is_time else "event")


@given(st.integers(0, 2**32), st.sampled_from((2, 3)))
def test_an_event_is_read_as_by_a_json_parser(seed: int, version: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same each time
    event: dict[str, Any] = {name: value for name, value in EVENT.items() if chance.random() < 0.97}
    for name in chance.sample(sorted(EVENT), chance.choice((0, 1, 2))):
        event[name] = chance.choice(TIMES) if name == "at" or chance.random() < 0.05 else chance.choice(TEXTS)
    event |= {"clock": chance.choice(TIMES)} if chance.random() < 0.2 else {}
    text = json.dumps(event, ensure_ascii=chance.random() < 0.1, sort_keys=chance.random() < 0.9, separators=(",", ":"))
    for tried in (text, text.replace(":0", ":00"), text.replace(":1", ":01"), odd_values.mutated(chance, text), text + "\n"):
        assert told({"event": tried}, version) == carefully({"event": tried}, version)


@given(st.integers(0, 2**32))
def test_values_are_read_the_same_whether_or_not_they_came_before(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same each time
    event = json.dumps(EVENT, separators=(",", ":"))
    some = [odd_values.json_text(chance) for _ in range(3)] + [chance.choice(('{"role":"head"}', '{"rating":[1]}', '{"a":1}'))]
    some += ['{"a":"' + "x" * (LONGEST_AGAIN - 9 + extra) + '"}' for extra in range(3)]
    for _ in range(6):
        openings = {"actor": chance.choice(some), "event": event, "facts": chance.choice(some), "personal.a": chance.choice(some)}
        assert told(openings, 3) == carefully(openings, 3)


LONG = "personal." + "x" * 200
NAMES = (
    "actor",
    "event",
    "facts",
    "facta",
    "personal.a",
    "personal.a.old",
    'personal.a"b',
    "personal.a\\b",
    "personal.é",
    "",
    LONG,
    LONG + "x",
)
COMMITTED = b'\\"' + SALT.encode() + b'\\"'
DAMAGE = (
    (COMMITTED, b'\\"' + b"a" * 63 + b'\\",\\"' + b"b" * 65 + b'\\"'),
    (COMMITTED, b'\\"' + b"b" * 64 + b'\\",\\"' + b"a" * 64 + b'\\"'),
    (COMMITTED, b'\\"' + b"a" * 64 + b'\\",\\"' + b"a" * 64 + b'\\"'),
    (COMMITTED, b'\\"' + b"a" * 64 + b'\\",\\"' + b"b" * 64 + b'\\"'),
    (COMMITTED, b""),
    (b'"salt"', b"\x02salt\x02"),
    (b'\\"', b"\x01"),
    (b'\\"', b'"'),
    (b'"value":"', b'"value":"\x05'),
    (b'"value":"', b'"value":"\xff'),
    (b'":{"salt"', b'\x02":{"salt"'),
    (b"ab", b"AB"),
    (b'salt":"ab', b'salt":"  '),
    (b'salt":"ab', b'salt":"ag'),
    (b'salt":"ab', b'salt":"'),
    (b'"},"', b'"}\x02,"'),
    (b'"},"', b'"} ,"'),
    (b'"openings"', b'"opening"'),
    (b"\n", b""),
    (b"\n", b"\r\n"),
    (b"}}\n", b"}}}\n"),
    (b'"idx\\":7', b'"idx\\":07'),
    (b'"v\\":1', b'"v\\":2'),
    (b"/trail/00", b"/trail/\x05"),
    (b"/trail/00", b"/trail/\\\\"),
    (b"vouch", b"\x7f\xc3\xa9"),
)


@pytest.mark.parametrize(("old", "new"), [*DAMAGE, (b"", b"")])
@how_often(max_examples=examples(10))
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=9) | st.sampled_from(('"Noisy"', '{"a":"b"}'))), max_size=4))
@example([("facts", "1"), ("event", "1")])
@example([("actor", '"1"'), ("event", "1")])
@example([("actor", '{"a":"b"}'), ("event", '"Noisy"'), ('personal.a"b', "x")])
@example([("event", "1"), ("facta", "1")])
@example([("event", "1"), ("personal.a\\b", "1")])
@example([])
def test_a_line_is_read_quickly_as_by_a_json_parser(old: bytes, new: bytes, given: list[tuple[str, str]]) -> None:
    openings = {name: {"salt": SALT, "value": value} for name, value in given}
    whole = {"header": HEAD} | ({"openings": openings} if openings else {})
    line = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
    doubled = line.replace(b'"openings":{', b'"openings":{' + line.partition(b'"openings":{')[2].partition(b"}")[0] + b"},")
    for tried in (line.replace(old, new), doubled.replace(old, new), line.replace(old, new, 1)):
        assert read(lines.read_line, tried) == read(by_a_parser, tried)


def test_a_line_with_more_openings_than_are_read_quickly_is_read_all_the_same() -> None:
    openings = {f"personal.{n:02}": {"salt": SALT, "value": "1"} for n in range(lines.MOST_PLAIN + 1)}
    for kept in (lines.MOST_PLAIN - 1, lines.MOST_PLAIN, lines.MOST_PLAIN + 1):
        line = canonical_json({"header": HEAD, "openings": dict(list(openings.items())[:kept])}) + b"\n"
        found = lines.read_line(line, is_complete=True)
        assert [*found.openings.items()] == [(name, (bytes.fromhex(SALT), "1")) for name in list(openings)[:kept]]


def by_a_parser(line: bytes, *, is_complete: bool) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_plain_line", lambda _: None)
        patch.setattr(lines, "_plain_head", lambda _: None)
        return lines.read_line(line, is_complete=is_complete)


def read(reader: Callable[..., object], line: bytes) -> object:
    try:
        return reader(line, is_complete=True)
    except lines.BadLine as bad:
        return bad.fault


def told(openings: dict[str, str], version: int) -> object:
    try:
        return values_in(0, {name: (b"", text) for name, text in openings.items()}, version)
    except PackFault as fault:
        return fault.values["field"]


def carefully(openings: dict[str, str], version: int) -> object:
    """Looks at every part, as docs/reference/pack-format.md says it; of facts, only those that these tests make."""
    values: dict[str, Any] = {}
    for name, text in openings.items():
        try:
            values[name] = value = json.loads(text)
            is_canonical = canonical_json(value) == text.encode()
        except (ValueError, RecursionError):
            is_canonical = False
        if not is_canonical or not fits(name, values[name], version):
            return name
    return values


def fits(name: str, value: Any, version: int) -> bool:
    if name.startswith("personal."):
        return True
    if not isinstance(value, dict):
        return False
    if name == "event":
        times = {"at", "clock"} & {"at", *value} if version == 3 else {"at"}
        is_whole = all(type(value.get(key)) is int and 0 <= value[key] < SAFE_INTEGER for key in times)
        return is_whole and value.keys() - times == EVENT.keys() - {"at"} and texts(value, EVENT.keys() - {"at"})
    if name == "actor":
        return texts(value, value)
    return texts(value, value.keys() & {"reason", "happened_on"}) and value.get("attachments", []) == []


def texts(value: dict[str, Any], keys: Any) -> bool:
    return all(isinstance(value[key], str) for key in keys)


def test_entries_that_are_too_many_to_be_kept_are_read_twice_and_judged_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    packs = made()
    kept = [verify_pack(io.BytesIO(pack)) for pack in packs]
    assert {one.status for one in kept} == {"holds", "fails"}
    monkeypatch.setattr(verify, "MOST_KEPT", 0)
    assert [verify_pack(io.BytesIO(pack)) for pack in packs] == kept


def made() -> list[bytes]:
    """Packs with something erased in them, and some that were tampered with."""
    edited = [done.change(samples()["complete"]) for done in tamperings() if done.name == "a rating is edited"]
    return [pack for name, pack in samples().items() if name == "complete" or "erased" in name] + edited
