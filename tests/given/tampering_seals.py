"""Tampering with a seal that two keys signed, Ed25519 and ML-DSA-44, and with the keys that a pack lists for it."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from audit import note, vkeys
from audit.fingerprint import fingerprint
from tests.given.hand_made_packs import (
    MLDSA_KEY,
    OTHER_PACK_MLDSA_KEY,
    PACK_MLDSA_KEY,
    SIGNING_KEY,
    mldsa_line,
    mldsa_vkey,
    signing_key,
)
from tests.given.pack_samples import MLDSA_VKEY, OTHER_VKEY, VKEY
from tests.given.tampering_tools import Files, Tampering, both, forged, manifest

TWO: Final = "sealed by two keys"
SECOND: Final = "sealed by two keys, in the second format"
OTHER_MLDSA_VKEY: Final = mldsa_vkey(OTHER_PACK_MLDSA_KEY)
WITNESS_VKEY: Final = vkeys.vkey_of(signing_key(bytes(range(4, 36)), kind=4))


def seal_changes() -> Iterator[Tampering]:
    def fails(name: str, change: Callable[[Files], object], fault: str = "seal", sample: str = TWO, **more: Any) -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, None, **more)

    def holds(name: str, change: Callable[[Files], object], sample: str = TWO, **more: Any) -> Tampering:
        return Tampering(name, sample, forged(change), "holds", **more)

    def unreadable(name: str, change: Callable[[Files], object], **more: Any) -> Tampering:
        return Tampering(name, TWO, forged(change), "unreadable", **more)

    for keys in ((VKEY,), (MLDSA_VKEY,), (VKEY, MLDSA_VKEY), (MLDSA_VKEY, OTHER_VKEY)):
        yield from _given(keys)
    for length in (72, 2_428, 73):  # that of a cosignature by Ed25519, by ML-DSA-44, and none of these
        yield holds(f"a stranger's line of {length:,} bytes", partial(_strangers_line, length))
    yield holds("a time stamp that nobody looks at", lambda files: files.update(timestamp=b"a token"))
    yield holds("an extract, with both keys", _nothing, "extract, sealed by two keys", keys=(VKEY, MLDSA_VKEY))
    for place in (0, 4, 11, 12, 44, 2_348, 2_431):
        name = f"the ML-DSA line is changed at byte {place}"
        yield fails(name, line_changed(1, place)) if place > 3 else holds(name, line_changed(1, place))
        yield fails(f"{name}, with its key given", line_changed(1, place), keys=(MLDSA_VKEY,))
    yield holds("a false ML-DSA line where no key is known for it", line_changed(1, 44), SECOND)
    yield fails("the same with the key given", line_changed(1, 44), sample=SECOND, keys=(VKEY, MLDSA_VKEY))
    yield fails("the Ed25519 line is false, the other good", line_changed(0, 44))
    yield holds("the same, with the ML-DSA key alone", line_changed(0, 44), keys=(MLDSA_VKEY,))
    yield holds("the ML-DSA line is left out, and nobody asks for it", line_left_out(1))
    yield holds("the same, with the Ed25519 key", line_left_out(1), keys=(VKEY,))
    yield fails("the same, with both keys", line_left_out(1), keys=(VKEY, MLDSA_VKEY))
    yield fails("the Ed25519 line is left out, with both keys", line_left_out(0), keys=(VKEY, MLDSA_VKEY))
    yield holds("the Ed25519 line is left out", line_left_out(0))
    yield holds("the lines change places", lambda files: _lines(files, lambda lines: lines[::-1]))
    yield fails("the ML-DSA line is of another tree", lambda files: _signed(files, size=10))
    yield fails("the ML-DSA line is of another root", lambda files: _signed(files, root=bytes(32)))
    yield fails("the ML-DSA line is of another trail", lambda files: _signed(files, origin="vouch.example.org/trail/ff"))
    yield fails("an extension line is added that Ed25519 signs", _extended)
    yield holds("the same, where no ML-DSA key is known", _extended, SECOND)
    yield fails("the manifest lists another ML-DSA key of that name, and the line is by it", _replaced, keys=(VKEY, MLDSA_VKEY))
    yield holds("the same, self-asserted", _replaced)
    for sample in (TWO, SECOND):  # it is longer than verifiers of the first version take
        change = forged(manifest(keys=[VKEY, MLDSA_VKEY]))
        yield Tampering(f"an ML-DSA key among the others, {sample}", sample, change, "unreadable")
    yield fails("a witness's key among the others", manifest(keys=[VKEY, WITNESS_VKEY]))
    both_typed = (fingerprint(VKEY), fingerprint(MLDSA_VKEY))
    yield holds("both fingerprints are given", _nothing, keys=both_typed)
    unlisted = both(line_left_out(1), manifest(cosigners=[]))
    yield fails("the ML-DSA line is left out, and its key, whose fingerprint was given", unlisted, keys=both_typed)
    yield fails("the same, with the Ed25519 key whole", unlisted, keys=(VKEY, fingerprint(MLDSA_VKEY)))
    yield holds("no key beside the Ed25519 one", manifest(cosigners=[]))
    yield holds("two keys beside it", manifest(cosigners=[OTHER_MLDSA_VKEY, MLDSA_VKEY]))
    for what, key in _no_cosigners():
        yield unreadable(f"{what} for an ML-DSA key", manifest(cosigners=[MLDSA_VKEY, key]))
    yield unreadable("a witness's key is given", _nothing, keys=(WITNESS_VKEY,))
    yield unreadable("a mistyped ML-DSA key is given", _nothing, keys=(MLDSA_VKEY.replace("vouch", "vuoch"),))


def _given(keys: tuple[str, ...]) -> Iterator[Tampering]:
    for sample in (TWO, SECOND):
        is_signed = OTHER_VKEY not in keys
        name = f"{len(keys)} keys given, {keys[0][:26]} first"
        yield Tampering(
            f"{name}, {sample}",
            sample,
            lambda data: data,
            "holds" if is_signed else "fails",
            None if is_signed else "seal",
            keys=keys,
        )


def _no_cosigners() -> Iterator[tuple[str, object]]:
    yield "an Ed25519 key", VKEY
    yield "a witness's", WITNESS_VKEY
    yield "a shorter one", MLDSA_VKEY[:-4]
    yield "one with another id", MLDSA_VKEY.replace("vouch", "vuoch")
    yield "one with a control character", MLDSA_VKEY.replace("vouch", "vo\x01uch")
    yield "one of too long a name", vkeys.vkey_text("n" * 256, b64decode(MLDSA_VKEY.split("+", 2)[2]))
    yield "its secret", MLDSA_KEY
    yield "a list", [MLDSA_VKEY]
    yield "nothing", ""


def line_changed(line: int, place: int) -> Callable[[Files], None]:
    """Of the seal's line, one bit of what its base64 stands for is turned over: its key's id, the time or the signature."""

    def changed(lines: list[str]) -> list[str]:
        lead, _, encoded = lines[line].rpartition(" ")
        raw = bytearray(b64decode(encoded))
        raw[place] ^= 4
        lines[line] = f"{lead} {b64encode(raw).decode()}"
        return lines

    return lambda files: _lines(files, changed)


def line_left_out(line: int) -> Callable[[Files], None]:
    return lambda files: _lines(files, lambda lines: [one for n, one in enumerate(lines) if n != line])


def _lines(files: Files, change: Callable[[list[str]], list[str]]) -> None:
    text, _, block = files["checkpoint"].decode().rpartition("\n\n")
    files["checkpoint"] = f"{text}\n\n{''.join(f'{line}{chr(10)}' for line in change(block.splitlines()))}".encode()


def _signed(files: Files, *, origin: str | None = None, size: int | None = None, root: bytes | None = None) -> None:
    """The ML-DSA line is exchanged for a good one of another head."""
    head = note.parse_checkpoint(note.split_note(files["checkpoint"])[0])
    line = mldsa_line((origin or head.origin, size or head.size, root or head.root), PACK_MLDSA_KEY)
    _lines(files, lambda lines: [lines[0], line])


def _extended(files: Files) -> None:
    text, (_, mldsa) = note.split_note(files["checkpoint"])
    files["checkpoint"] = note.sign_note(f"{text}more\n", SIGNING_KEY) + f"{mldsa.line}\n".encode()


def _replaced(files: Files) -> None:
    """As somebody can who forges Ed25519: he brings an ML-DSA key of his own under the same name."""
    head = note.parse_checkpoint(note.split_note(files["checkpoint"])[0])
    line = mldsa_line((head.origin, head.size, head.root), OTHER_PACK_MLDSA_KEY)
    _lines(files, lambda lines: [lines[0], line])
    manifest(cosigners=[OTHER_MLDSA_VKEY])(files)


def _nothing(_files: Files) -> None:
    """For a key that is given beside a pack as it is."""


def _strangers_line(length: int, files: Files) -> None:
    files["checkpoint"] += f"\u2014 vouch.oak.example/witness {b64encode(bytes(4 + length)).decode()}\n".encode()
