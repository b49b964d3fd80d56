"""The conformance vectors of docs/reference/vectors: packs as files, and the verdict that every verifier has to give of each.

They are the rows of the table of tamperings, the samples that these start from, and some of the odd packs that are made by seed.
"""

import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from audit.letters.compared import compare_letters, letters_json
from base.spreadsheets.zips import UNREADABLE
from tests.given import sealed_letters
from tests.given.checkout import ROOT
from tests.given.hand_made_packs import unzipped
from tests.given.odd_packs import Case, case
from tests.given.tampering import samples, tamperings
from tests.given.verifier_in_browser import in_python

FOLDER: Final = ROOT / "docs/reference/vectors"
LIST: Final = "vectors.jsonl"
LETTERS: Final = "letters.jsonl"
LONG_SIGNATURE: Final = re.compile(rb"(\xe2\x80\x94 [^ \n]+ )[^\n]{2000,}")
MOST_BYTES: Final = 20_000  # of one pack: bombs and crowds of files are left out
ODD: Final = range(60)  # seeds
MOST_BYTES_OF_ODD: Final = 5_000


def cases() -> Iterator[Case]:
    """Each once, under a name of its own."""
    for name, data in samples().items():
        yield Case(f"as it was made: {name}", data)
    for row in tamperings():
        yield Case(f"{row.name} ({row.sample})", row.change(samples()[row.sample]), row.keys, row.since)
    for seed in ODD:
        odd = case(seed)
        if len(odd.pack) <= MOST_BYTES_OF_ODD and len(odd.since or b"") <= MOST_BYTES_OF_ODD:
            yield Case(f"odd: {odd.name}", odd.pack, odd.keys, odd.since)


@cache
def made() -> Mapping[str, bytes]:
    """The files of the folder, by name: the list, and packs and seals by the beginning of their SHA-256."""
    files: dict[str, bytes] = {}
    rows = []
    there = _there()
    for one in map(partial(_as_kept, there), cases()):
        if max(len(one.pack), len(one.since or b"")) <= MOST_BYTES:
            pack, since = _filed(files, one.pack, "zip"), one.since and _filed(files, one.since, "since")
            told = in_python(one.pack, one.keys, one.since)
            verdict = {key: told[key] for key in told if key != "what" or told["status"] != "unreadable"}
            rows.append({"name": one.name, "pack": pack, "keys": list(one.keys), "since": since, "verdict": verdict})
    return {**files, LIST: _jsonl(rows), LETTERS: _jsonl(_of_letters())}


def _of_letters() -> Iterator[Mapping[str, Any]]:
    """Letters as texts; those that are not are left out, and so is what is signed or parted in another way each time."""
    for name, letters, keys, _ in sealed_letters.cases():
        texts = [one.decode(errors="replace") for one in letters]
        is_the_same = [text.encode() for text in texts] == list(letters) and "boundary=" not in "".join(texts)
        if is_the_same and max(map(len, letters)) <= MOST_BYTES_OF_ODD:
            told = json.loads(letters_json(compare_letters([io.BytesIO(one) for one in letters], keys=keys)))
            yield {"name": name, "letters": texts, "keys": list(keys), "verdict": told}


def _jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows).encode()


def _there() -> dict[str, Case]:
    """The cases as they are kept, by name."""
    if not (FOLDER / LIST).is_file():
        return {}
    read = {row["name"]: [row[part] and (FOLDER / row[part]).read_bytes() for part in ("pack", "since")] for row in listed()}
    return {row["name"]: Case(row["name"], read[row["name"]][0], tuple(row["keys"]), read[row["name"]][1]) for row in listed()}


def _as_kept(there: Mapping[str, Case], one: Case) -> Case:
    """The case as it is kept, where only signatures differ: ML-DSA signs the same text in another way each time."""
    old = there.get(one.name)
    if old is None or old == one or old.keys != one.keys or unsigned(old.pack) != unsigned(one.pack):
        return one
    return old if unsigned(old.since or b"") == unsigned(one.since or b"") else one


def unsigned(data: bytes) -> object:
    """What a pack or a note holds, without long signatures and the digests of what holds one."""
    if not data.startswith(b"PK"):
        return LONG_SIGNATURE.sub(rb"\1", data)
    try:
        files = unzipped(data)
        told = json.loads(files["manifest.json"])
    except (*UNREADABLE, KeyError, ValueError):
        return data
    for name in [name for name in files if LONG_SIGNATURE.search(files[name])]:
        files[name] = LONG_SIGNATURE.sub(rb"\1", files[name])
        if isinstance(told, dict) and isinstance(told.get("files"), dict):
            told["files"].pop(name, None)
    return files | {"manifest.json": json.dumps(told).encode()}


def listed() -> list[dict[str, Any]]:
    """The rows as they are kept."""
    return [json.loads(line) for line in (FOLDER / LIST).read_text(encoding="utf-8").splitlines()]


def kept() -> dict[str, bytes]:
    """What the folder holds beside its README and licence, by name; what is meant to be there first if VOUCH_WRITE is set."""
    if os.environ.get("VOUCH_WRITE"):
        _write()
    return {str(path.relative_to(FOLDER)): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file() and _is_made(path)}


def _write() -> None:
    (FOLDER / "packs").mkdir(parents=True, exist_ok=True)
    due = made()  # reads what is there
    for path in FOLDER.rglob("*"):
        if path.is_file() and _is_made(path):
            path.unlink()
    for name, data in due.items():
        (FOLDER / name).write_bytes(data)


def _is_made(path: Path) -> bool:
    return path.parent != FOLDER or path.name in (LIST, LETTERS)


def _filed(files: dict[str, bytes], data: bytes, ending: str) -> str:
    name = f"packs/{sha256(data).hexdigest()[:16]}.{ending}"
    files[name] = data
    return name
