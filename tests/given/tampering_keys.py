"""Tampering with the chain that leads from one key to the next, and chains that hold."""

from collections.abc import Iterator
from typing import Any, Final

from audit import note
from audit.fingerprint import fingerprint
from audit.verifier.rotations import rotation_text
from audit.vkeys import WITNESS_TYPE, read_vkey, vkey_of, vkey_text
from tests.given.hand_made_packs import MLDSA_KEY, OTHER_KEY, SIGNING_KEY, canonical, signing_key
from tests.given.tampering_tools import Tampering, both, forged, manifest, put, sealed

THIRD: Final = "of nothing, in the third format"  # the smallest there is: only its seal and its chain matter
FIRST, SECOND, NEWEST = (signing_key(bytes([at]) * 32) for at in (7, 8, 9))
VKEYS: Final = {key: vkey_of(key) for key in (FIRST, SECOND, NEWEST, OTHER_KEY, SIGNING_KEY)}
NOW: Final = "2026-11-22T05:00:00Z"


def rotation(old: str, new: str, *, by: tuple[str, ...] | None = None, since: str = NOW, more: str = "") -> str:
    """A note that one key took the other's place, signed by both, or by those of ``by``."""
    first, *others = (old, new) if by is None else by
    made = note.sign_note(rotation_text(VKEYS[old], VKEYS[new], since) + more, first)
    for key in others:
        made = note.cosign(made, key)
    return made.decode()


def key_changes() -> Iterator[Tampering]:
    whole = [rotation(FIRST, SECOND), rotation(SECOND, NEWEST)]

    def told(name: str, chain: Any, key: str | None, fault: str | None = None) -> Tampering:
        file = chain if isinstance(chain, bytes) else canonical(chain).encode()
        keys = [VKEYS[NEWEST], VKEYS[SECOND], VKEYS[FIRST]]
        change = forged(both(sealed(NEWEST, size=0), manifest(keys=keys), put("rotations", file)))
        status, known = "fails" if fault else "holds", (key,) if key else ()
        return Tampering(f"a chain of keys: {name}", THIRD, change, status, fault, keys=known)

    first, newest = VKEYS[FIRST], VKEYS[NEWEST]
    yield told("whole, from the first", whole, first)
    yield told("whole, from the first's fingerprint", whole, fingerprint(first))
    yield told("whole, from the second", whole, VKEYS[SECOND])
    yield told("whole, with the newest given", whole, newest)
    yield told("whole, with none given", whole, None)
    yield told("empty, with the newest given", [], newest)
    further = rotation(SECOND, NEWEST, more=f"{vkey_of(MLDSA_KEY)}\n")
    yield told("with a further key that came with the new one", [whole[0], further], first)
    yield told("from a stranger", whole, VKEYS[OTHER_KEY], "seal")
    yield told("empty", [], first, "seal")
    yield told("its first link is missing", whole[1:], first, "seal")
    yield told("its last link is missing", whole[:1], first, "seal")
    yield told("out of order", whole[::-1], first, "seal")
    yield told("a forger's key instead of the first", [rotation(OTHER_KEY, NEWEST)], first, "seal")
    for by in ((FIRST,), (SECOND,), (FIRST, OTHER_KEY), (OTHER_KEY, SECOND), (OTHER_KEY,)):
        wrong = rotation(FIRST, SECOND, by=by)
        yield told(f"a link signed by {[VKEYS[key][-6:] for key in by]} only", [wrong, whole[1]], first, "rotations")
    yield told("a link signed by one only, and none was given", [rotation(FIRST, SECOND, by=(FIRST,))], None, "rotations")
    forged_on = rotation(FIRST, SECOND).replace(VKEYS[SECOND], VKEYS[OTHER_KEY])
    yield told("its new key is exchanged", [forged_on], first, "rotations")
    yield told("its day is edited", [whole[0].replace("2026", "2025"), whole[1]], first, "rotations")
    yield told("a day in words", [rotation(FIRST, SECOND, since="yesterday"), whole[1]], first, "rotations")
    yield told("a key that takes its own place", [rotation(FIRST, FIRST), *whole], first, "rotations")
    yield told("an id in capitals", [_capitals(), whole[1]], first, "rotations")
    yield told("a further line that is no key", [rotation(FIRST, SECOND, more="more\n"), whole[1]], first, "rotations")
    yield told("an empty line in it", [rotation(FIRST, SECOND, more="\n"), whole[1]], first, "rotations")
    yield told("a witness's key in it", [rotation(FIRST, SECOND, more=f"{_witness()}\n"), whole[1]], first, "rotations")
    yield told("an unsigned link", [rotation_text(first, VKEYS[SECOND], NOW), whole[1]], first, "rotations")
    for name, file in {"no JSON": b"[", "an object": b"{}", "a number in it": b"[1]", "spaces": b"[ ]", "empty": b""}.items():
        yield told(f"the file is {name}", file, newest, "rotations")


def _witness() -> str:
    key = read_vkey(VKEYS[FIRST])
    return vkey_text(key.name, WITNESS_TYPE + key.data[1:])


def _capitals() -> str:
    name, key_id, key = VKEYS[FIRST].split("+", 2)
    text = rotation_text(f"{name}+{key_id.upper()}+{key}", VKEYS[SECOND], NOW)
    return note.cosign(note.sign_note(text, FIRST), SECOND).decode()
