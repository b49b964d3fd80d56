"""Where two readers of signed notes, keys and nested values could disagree: each row has one verdict, whoever gives it."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, Final

from audit import note, vkeys
from audit.verifier.manifest import CONTROLS
from tests.given.hand_made_packs import ORIGIN, SIGNING_KEY, Trail, pack
from tests.given.odd_notes import TWINS, private, public, vkey
from tests.given.pack_samples import BOILERS
from tests.given.tampering_tools import Files, Tampering, forged, manifest, opening
from tests.given.tampering_zip import patched

EMPTY: Final = "complete, of nothing"
NAMES: Final = (
    "a\u00adb",
    "a\u200db",
    "a\ue000b",
    "a\ufeffb",
    "a\u180eb",
    "a\u0378b",
    "a\x7fb",
    "a\U000e0001b",
    "\u200b",
    "caf\xe9",
)
NO_NAMES: Final = ("a b", "a\xa0b", "a\x85b", "a\u1680b", "a\u2000b", "a\u2028b", "a\u202fb", "a\u205fb", "a\u3000b", "a+b", "")


def note_changes() -> Iterator[Tampering]:
    def fails(name: str, change: Callable[[Files], object], fault: str, **more: Any) -> Tampering:
        return Tampering(name, EMPTY, forged(change), "fails", fault, **more)

    for name in NAMES:
        yield Tampering(f"somebody called {name!a} signed too", EMPTY, forged(_signed_too(name)), "holds")
        status = "unreadable" if CONTROLS.search(name) else "holds"  # a manifest's texts have none
        yield Tampering(f"the key is called {name!a}", EMPTY, forged(_sealed_as(name)), status)
    for name in NO_NAMES:
        yield fails(f"somebody called {name!a} signed too", _signed_too(name), "seal")
        status, fault = ("unreadable", None) if CONTROLS.search(name) else ("fails", "seal")
        yield Tampering(f"the key is called {name!a}", EMPTY, forged(_sealed_as(name)), status, fault)
    twins = [vkey("vouch.example.org", public(seed)) for seed in TWINS]
    mine = vkeys.vkey_of(SIGNING_KEY)
    yield fails("two keys have one name and one id", manifest(keys=[mine, *twins]), "seal")
    yield fails("the same, the other way round", manifest(keys=[*reversed(twins), mine]), "seal")
    yield Tampering("one key is named twice", EMPTY, forged(manifest(keys=[mine, mine, twins[0]])), "holds")
    for size in (12, 2**53 - 1, 2**53, 2**60, 2**63 - 1):
        yield Tampering(f"an earlier seal of {size} entries", EMPTY, _as_it_is, "fails", "earlier-larger", since=_seal(str(size)))
    long = _seal("6") + "\u2014 elsewhere YWJjZGU=\n".encode() * 50_000
    yield Tampering("an earlier seal of more than a million bytes", EMPTY, _as_it_is, "unreadable", since=long)
    for said in (str(2**63), "9" * 19, "9" * 400, "012", "-1", "1e3", "\u0661"):
        yield Tampering(f"an earlier seal of {said[:20]} entries", EMPTY, _as_it_is, "unreadable", since=_seal(said))


def depth_changes() -> Iterator[Tampering]:
    """How deep values may be nested, and what comes first of a pack that is damaged and false."""
    yield Tampering("facts are nested as deep as may be", "complete", lambda _: pack(_nested(99)), "holds")
    for depth in (100, 101, 150, 300):
        name = f"facts are nested {depth + 1} deep"
        yield Tampering(name, "complete", lambda _, depth=depth: pack(_nested(depth)), "fails", "opening", 1)  # type: ignore[misc]  # a default binds the loop's value
    damage = patched(local=(14, b"\0" * 4), central=(16, b"\0" * 4), of="report.pdf")
    yield Tampering("an entry is false, and a later file damaged", "complete", lambda data: damage(_false(data)), "unreadable")


def _as_it_is(data: bytes) -> bytes:
    return data


def _false(data: bytes) -> bytes:
    return forged(opening(1, "facts", {"rating": 5}))(data)


def _signed_too(name: str) -> Callable[[Files], None]:
    line = f"\u2014 {name} {b64encode(b'abcd' + bytes(64)).decode()}\n"
    return lambda files: files.update(checkpoint=files["checkpoint"] + line.encode())


def _sealed_as(name: str) -> Callable[[Files], None]:
    """By a key of that name, which the pack asserts."""

    def changed(files: Files) -> None:
        told = json.loads(files["manifest.json"])
        text = note.checkpoint_text(ORIGIN, told["size"], bytes.fromhex(told["root"]))
        key = vkey(name, public(1))
        signed = bytes.fromhex(key.rsplit("+", 2)[1]) + private(1).sign(text.encode())
        files["checkpoint"] = f"{text}\n\u2014 {name} {b64encode(signed).decode()}\n".encode()
        manifest(keys=[key])(files)

    return changed


def _seal(size: str) -> bytes:
    text = f"{ORIGIN}\n{size}\n{b64encode(bytes(32)).decode()}\n"
    return f"{text}\n\u2014 elsewhere {b64encode(b'abcd' + bytes(64)).decode()}\n".encode()


def _nested(depth: int) -> Trail:
    """The facts of idx 1 have that many lists within each other, and the object around them."""
    value: Any = []
    for _ in range(depth - 1):
        value = [value]
    made = Trail()
    made.add(BOILERS, "vouch.given")
    made.add(BOILERS, "review.written", facts={"deep": value})
    return made
