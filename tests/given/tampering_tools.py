"""How a pack is tampered with: small changes to its files, for a careless hand and for a thorough forger."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from audit import note
from tests.given.hand_made_packs import ORIGIN, canonical, digest, listed, tree, unzipped, zipped
from tests.given.pack_samples import BOILERS, COOKS, trail

Files = dict[str, bytes]


@dataclass(frozen=True)
class Tampering:
    """``keys`` and ``since`` (a sample, or a note) are given to the verifier beside the changed pack."""

    name: str
    sample: str
    change: Callable[[bytes], bytes]
    status: str
    fault: str | None = None
    idx: int | None = None
    keys: tuple[str, ...] = ()
    since: bytes | None = field(default=None, repr=False)


def careless(change: Callable[[Files], object]) -> Callable[[bytes], bytes]:
    """Changes files in the zip and mends nothing."""

    def changed(data: bytes) -> bytes:
        files = unzipped(data)
        change(files)
        return zipped(files)

    return changed


def forged(change: Callable[[Files], object]) -> Callable[[bytes], bytes]:
    """Changes files in the zip and lists them anew in the manifest."""

    def changed(data: bytes) -> bytes:
        files = unzipped(data)
        change(files)
        return zipped(listed(files))

    return changed


def lines(change: Callable[[list[Any]], object]) -> Callable[[Files], None]:
    """Changes the list of lines of entries.jsonl, each of which has its header taken apart under "head"."""

    def changed(files: Files) -> None:
        parsed = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
        for line in parsed:
            line["head"] = json.loads(line["header"])
        change(parsed)
        for line in parsed:
            line["header"] = canonical(line.pop("head"))
        files["entries.jsonl"] = "".join(canonical(line) + "\n" for line in parsed).encode()

    return changed


def manifest(**changes: Any) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        files["manifest.json"] = canonical({**json.loads(files["manifest.json"]), **changes}).encode()

    return changed


def scope(**changes: Any) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        now = json.loads(files["manifest.json"])
        files["manifest.json"] = canonical({**now, "scope": {**now["scope"], **changes}}).encode()

    return changed


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return changed


def put(name: str, data: bytes) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(name, data)


def renamed(name: str, to: str) -> Callable[[Files], None]:
    return lambda files: files.__setitem__(to, files.pop(name))


def without(name: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(name)


def opening(idx: int, name: str, value: Any, *, commit: bool = False) -> Callable[[Files], None]:
    """Says something else in an opening; with ``commit``, its header is made to fit."""

    def changed(parsed: list[Any]) -> None:
        line = parsed[idx]
        told = line["openings"][name]
        before, told["value"] = commitment_of(name, told), canonical(value)
        if commit:
            line["head"]["c"] = sorted({*line["head"]["c"], commitment_of(name, told)} - {before})

    return lines(changed)


def commitment_of(name: str, told: Mapping[str, str]) -> str:
    said = len(name).to_bytes(2, "big") + name.encode() + bytes.fromhex(told["salt"]) + told["value"].encode()
    return digest(b"vouch-audit-field/1\n" + said)


def head(idx: int, **changes: Any) -> Callable[[Files], None]:
    return lines(lambda parsed: parsed[idx]["head"].update(changes))


def leaves(change: Callable[[bytes], bytes]) -> Callable[[Files], None]:
    return lambda files: files.update(leaves=change(files["leaves"]))


def leaves_of_the_headers(files: Files) -> None:
    """Lists the headers as they are now."""
    files["leaves"] = b"".join(tree([header]) for header in _headers(files))


def rooted(files: Files) -> None:
    """Gives the manifest the root of the headers as they are now: what is left is the seal."""
    headers = _headers(files)
    manifest(root=tree(headers).hex(), size=len(headers))(files)


def _headers(files: Files) -> list[bytes]:
    return [json.loads(line)["header"].encode() for line in files["entries.jsonl"].splitlines()]


def sealed(key: str, *, origin: str = ORIGIN, size: int = 11, root: bytes | None = None) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        actual = bytes.fromhex(json.loads(files["manifest.json"])["root"])
        files["checkpoint"] = note.sign_note(note.checkpoint_text(origin, size, root or actual), key)

    return changed


def both(*changes: Callable[[Files], object]) -> Callable[[Files], None]:
    def changed(files: Files) -> None:
        for change in changes:
            change(files)

    return changed


def streams_named(*drop: str, **tags: str) -> list[dict[str, str]]:
    names = [name for name in ("school", BOILERS, COOKS, "trail") if name not in drop]
    return [{"name": name, "tag": tags.get(name, trail().tag(name))} for name in sorted(names)]
