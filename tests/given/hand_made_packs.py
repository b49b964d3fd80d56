"""Audit packs made from docs/reference/pack-format.md alone: plain lists, naive hashing, no database.

A ``Trail`` grows by ``add``, ``erase`` and ``recover``; ``pack`` makes the zip. Salts and ids are derived from their place,
so the same steps give the same bytes. Nothing here is shared with the service's own builder; only the CSV and the signed
note are, which have oracles of their own.
"""

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from audit import note, sheet, vkeys
from tests.given.plain_mldsa import KEY_OF_NOBODY, forged

JUNE: Final = 1_781_000_000_000_000  # 9 June 2026, 10:13:20 UTC, in microseconds
ALWAYS_OPENED: Final = ("erasure.applied", "trail.recovered", "trail.begun", "trail.renamed")
SEALED: Final = JUNE // 1_000_000  # in seconds, as an ML-DSA-44 key says when it signed
HOUR: Final = 3_600_000_000
ORIGIN: Final = "vouch.example.org/trail/0011223344556677"
PHOTO: Final = b"\xff\xd8 the boiler, before \xff\xd9"


def canonical(value: Any) -> str:
    return rfc8785.dumps(value).decode()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def signing_key(seed: bytes, name: str = "vouch.example.org", kind: int = 1) -> str:
    """The C2SP skey of a seed of 32 bytes: of kind 1 or 4, which are Ed25519, or 6, ML-DSA-44."""
    private = MLDSA44PrivateKey.from_seed_bytes(seed) if kind == 6 else Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    key_id = sha256(f"{name}\n".encode() + bytes([kind]) + public).hexdigest()[:8]
    return f"PRIVATE+KEY+{name}+{key_id}+{b64encode(bytes([kind]) + seed).decode()}"


SIGNING_KEY: Final = signing_key(bytes(range(32)))
OTHER_KEY: Final = signing_key(bytes(range(1, 33)))
MLDSA_KEY: Final = signing_key(bytes(range(2, 34)), kind=6)
OTHER_MLDSA_KEY: Final = signing_key(bytes(range(3, 35)), kind=6)
# Keys by which anybody can sign, always with the same bytes: what a library signs by ML-DSA-44 has chance in it.
PACK_MLDSA_KEY: Final = KEY_OF_NOBODY
OTHER_PACK_MLDSA_KEY: Final = bytes(32) + bytes(1_280)


def mldsa_vkey(public_key: bytes, name: str = "vouch.example.org") -> str:
    """The C2SP vkey of an ML-DSA-44 key."""
    key_id = sha256(f"{name}\n".encode() + b"\x06" + public_key).hexdigest()[:8]
    return f"{name}+{key_id}+{b64encode(bytes([6]) + public_key).decode()}"


def mldsa_line(head: tuple[str, int, bytes], public_key: bytes, name: str = "vouch.example.org") -> str:
    """The line of type 0x06 on a checkpoint of this origin, size and root, without its newline, from tlog-cosignature alone."""
    origin, size, root = head
    at = SEALED.to_bytes(8, "big")
    message = b"subtree/v1\n\0" + bytes([len(name)]) + name.encode() + at + bytes([len(origin)]) + origin.encode()
    message += bytes(8) + size.to_bytes(8, "big") + root
    short = {n: number - 128 for n, number in enumerate(sha256(message).digest())}
    key_id = bytes.fromhex(mldsa_vkey(public_key, name).split("+")[1])
    return f"\u2014 {name} {b64encode(key_id + at + forged(message, short, key=public_key)).decode()}"


def tree(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\1" + tree(leaves[:k]) + tree(leaves[k:])).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def inclusion(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*inclusion(m, leaves[:k]), tree(leaves[k:])]
    return [*inclusion(m - k, leaves[k:]), tree(leaves[:k])]


def consistency(m: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF (SUBPROOF) of RFC 6962."""
    if m == len(leaves):
        return [] if whole else [tree(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*consistency(m, leaves[:k], whole=whole), tree(leaves[k:])]
    return [*consistency(m - k, leaves[k:], whole=False), tree(leaves[:k])]


@dataclass
class Opening:
    salt: bytes
    value: Any

    def commitment(self, name: str) -> str:
        said = len(name).to_bytes(2, "big") + name.encode() + self.salt + canonical(self.value).encode()
        return digest(b"vouch-audit-field/1\n" + said)

    def told(self) -> dict[str, str]:
        return {"salt": self.salt.hex(), "value": canonical(self.value)}


def timed_id(at: int, n: int) -> str:
    """A UUIDv7 of that time, in microseconds."""
    milliseconds = f"{at // 1000:012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}-7000-8000-{n:012d}"


@dataclass
class Made:
    header: str
    stream: str
    at: int
    openings: dict[str, Opening]
    erased: list[str] = field(default_factory=list)

    def commitments(self) -> int:
        return len(json.loads(self.header)["c"])


@dataclass
class Trail:
    origins: list[tuple[str, int]] = field(default_factory=lambda: [(ORIGIN, 0)])
    entries: list[Made] = field(default_factory=list)

    def tag(self, stream: str) -> str:
        return digest(f"tag of {stream}".encode())[:32]

    def leaves(self, size: int | None = None) -> list[bytes]:
        return [made.header.encode() for made in self.entries[:size]]

    def add(
        self,
        stream: str,
        what: str,
        *,
        facts: Mapping[str, Any] | None = None,
        personal: Mapping[str, str] | None = None,
        actor: Mapping[str, str] | None = None,
        times: Mapping[str, int] | None = None,
        made: int | None = None,
    ) -> int:
        """The idx of a new entry, recorded an hour after the one before; ``times`` is what its event says of "at" and
        "clock", and ``made`` when its id was made, where that is another time.
        """
        idx = len(self.entries)
        told = {"at": JUNE + idx * HOUR, **(times or {})}
        at, said = told["at"], made if made is not None else told.get("clock", told["at"])
        event = {"id": timed_id(said, idx), "type": what, **told, "stream": stream, "subject": f"thing:{idx}"}
        values = {"event": event, "actor": dict(actor or {"role": "head", "person": "p1", "name": "Ann Archer"})}
        values |= {"facts": dict(facts or {}), **{f"personal.{name}": text for name, text in (personal or {}).items()}}
        openings = {name: Opening(sha256(f"salt {idx} {name}".encode()).digest(), value) for name, value in values.items()}
        header = {
            "v": 1,
            "origin": self.origins[-1][0],
            "idx": idx,
            "stream": self.tag(stream),
            "sseq": sum(made.stream == stream for made in self.entries),
            "c": sorted(opening.commitment(name) for name, opening in openings.items()),
        }
        self.entries.append(Made(canonical(header), stream, at, openings))
        return idx

    def erase(self, idx: int, *names: str, evidence: Collection[str] = ()) -> int:
        made = self.entries[idx]
        gone = [{"idx": idx, "field": name, "commitment": made.openings.pop(name).commitment(name)} for name in names]
        made.erased += names
        facts = {"erased": gone, "evidence": sorted(evidence), "reason": "the person asked"}
        return self.add(made.stream, "erasure.applied", facts=facts)

    def begin(self, owner: Mapping[str, str], *, late: bool = False) -> int:
        """Says whose the trail is; ``owner`` has kind, name and number. ``late`` where it is older than this entry."""
        size = len(self.entries)
        more = {"late": True, "size": size} if late else {}
        return self.add("trail", "trail.begun", facts={**owner, **more}, actor={"role": "system"})

    def rename(self, old: Mapping[str, str], new: Mapping[str, str]) -> int:
        return self.add("trail", "trail.renamed", facts={"old": dict(old), "new": dict(new)}, actor={"role": "system"})

    def recover(self, origin: str, *, lost: int = 0) -> int:
        """As after a restored backup that held ``lost`` entries fewer than the last seal."""
        size = len(self.entries)
        root = tree(self.leaves()).hex()
        facts = {
            "old_origin": self.origins[-1][0],
            "signed_size": size + lost,
            "signed_root": "ab" * 32 if lost else root,
            "restored_size": size,
            "restored_root": root,
        }
        self.origins.append((origin, size))
        return self.add("trail", "trail.recovered", facts=facts, actor={"role": "system"})


@dataclass(frozen=True)
class Wish:
    """What a pack is to hold. ``streams`` None is every stream; ``shows`` says which fields its reader may see."""

    grade: str = "complete"
    streams: tuple[str, ...] | None = None
    since: int | None = None
    until: int | None = None
    size: int | None = None
    key: str | None = SIGNING_KEY
    mldsa_key: bytes | None = None  # a key that signs the seal beside the other; from the third format on, the manifest lists it
    earlier: int | None = None
    evidence: tuple[bytes, ...] = ()
    lists_leaves: bool = True
    format: int = 1  # from 2 on, timeline.csv tells whom each entry is about; from 3 on, the manifest has cosigners
    school: str = "Oakfield Primary School"
    listed: tuple[str, ...] | None = None  # origins in the signed list; None: no list
    listed_about: str = "school 100023"
    shows: Callable[[str], bool] = lambda _: True


def pack(trail: Trail, wish: Wish | None = None) -> bytes:
    wish = wish or Wish()
    entries = trail.entries[: wish.size]
    leaves = trail.leaves(wish.size)
    known = sorted({made.stream for made in entries})
    scope = [name for name in known if wish.streams is None or name in wish.streams or name == "trail"]
    origins = [(origin, start) for origin, start in trail.origins if start < max(len(entries), 1)]
    root = tree(leaves)
    files = {"entries.jsonl": _entries(entries, leaves, scope, wish)}
    if wish.key:
        seal = note.sign_note(note.checkpoint_text(origins[-1][0], len(entries), root), wish.key)
        cosigned = [mldsa_line((origins[-1][0], len(entries), root), wish.mldsa_key)] if wish.mldsa_key else []
        files["checkpoint"] = seal + "".join(f"{line}\n" for line in cosigned).encode()
    if wish.key and wish.listed is not None:
        told = "\n".join(["vouch-origins/1", wish.listed_about, *wish.listed]) + "\n"
        files["origins"] = note.sign_note(told, wish.key)
    if wish.earlier is not None:
        earlier = {"size": wish.earlier, "root": tree(leaves[: wish.earlier]).hex()}
        proof = [one.hex() for one in consistency(wish.earlier, leaves)]
        files["since.json"] = canonical({**earlier, "proof": proof}).encode()
    if wish.grade == "complete" and wish.lists_leaves:
        files["leaves"] = b"".join(tree([leaf]) for leaf in leaves)
    files["timeline.csv"] = sheet.csv_bytes(_rows(entries, scope, wish), tells_about=wish.format > 1)
    files |= {f"evidence/{digest(file)}.jpg": file for file in wish.evidence}
    files |= {"READ-ME.txt": b"For people. Not evidence.\n", "report.pdf": b"%PDF-1.7 not evidence"}
    manifest = {
        "format": f"vouch-audit-pack/{wish.format}",
        "grade": wish.grade,
        "size": len(entries),
        "root": root.hex(),
        "origins": [{"origin": origin, "start": start} for origin, start in origins],
        "school": wish.school,
        "scope": {
            "streams": [{"name": name, "tag": trail.tag(name)} for name in scope],
            "all": scope == known,
            "since": wish.since,
            "until": wish.until,
        },
        "keys": [vkeys.vkey_of(SIGNING_KEY)],
        **({"cosigners": [mldsa_vkey(key) for key in [wish.mldsa_key] if key]} if wish.format >= 3 else {}),
    }
    return zipped(listed({"manifest.json": canonical(manifest).encode(), **files}))


def listed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files with a manifest that lists them as they are now."""
    claims = {name: {"size": len(data), "sha256": digest(data)} for name, data in files.items() if name != "manifest.json"}
    manifest = {**json.loads(files["manifest.json"]), "files": claims}
    return {**files, "manifest.json": canonical(manifest).encode()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _entries(entries: list[Made], leaves: list[bytes], scope: list[str], wish: Wish) -> bytes:
    lines = []
    for idx, made in enumerate(entries):
        line: dict[str, Any] = {"header": made.header}
        if made.stream in scope:
            line["openings"] = {name: made.openings[name].told() for name in _opened(made, wish)}
        elif wish.grade == "extract":
            continue
        if wish.grade == "extract":
            line["proof"] = [one.hex() for one in inclusion(idx, leaves)]
        lines.append(canonical(line) + "\n")
    return "".join(lines).encode()


def _opened(made: Made, wish: Wish) -> list[str]:
    always = {"event"}
    if made.openings["event"].value["type"] in ALWAYS_OPENED:
        always.add("facts")
    return [name for name in made.openings if name in always or (_in_period(made, wish) and wish.shows(name))]


def _in_period(made: Made, wish: Wish) -> bool:
    return (wish.since is None or wish.since <= made.at) and (wish.until is None or made.at < wish.until)


def _rows(entries: list[Made], scope: list[str], wish: Wish) -> list[sheet.TimelineRow]:
    rows = []
    for idx, made in enumerate(entries):
        if made.stream in scope and _in_period(made, wish):
            values = {name: made.openings[name].value for name in _opened(made, wish)}
            told = _erasures_told(entries, scope)
            gone = [name for name in made.erased if (idx, name) in told]
            withheld = made.commitments() - len(values) - len(gone)
            rows.append(sheet.row(idx, values, erased=gone, withheld=withheld, tells_about=wish.format > 1))
    return rows


def _erasures_told(entries: list[Made], scope: list[str]) -> set[tuple[int, str]]:
    """Those that an entry in the pack tells of: a pack that ends earlier shows the value itself as withheld."""
    inside = [made for made in entries if made.stream in scope and made.openings["event"].value["type"] == "erasure.applied"]
    facts = [made.openings["facts"].value for made in inside if "facts" in made.openings]
    lists = [fact["erased"] for fact in facts if isinstance(fact.get("erased"), list)]
    items = [item for items in lists for item in items if isinstance(item, dict)]
    return {(item["idx"], item["field"]) for item in items if type(item.get("idx")) is int and isinstance(item.get("field"), str)}
