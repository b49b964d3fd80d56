"""The verdict on a pack: what docs/reference/pack-format.md says that a verifier checks, in its order."""

from hashlib import sha256
from typing import Any

from tests.third_verifier import clocks, notes, sheets, texts, trees
from tests.third_verifier.entries import Fault, Walk, note_erasures, take
from tests.third_verifier.facts import doubts, told
from tests.third_verifier.manifests import manifest_of
from tests.third_verifier.rotations import led_to, rotations_in
from tests.third_verifier.zips import ENDINGS, Unreadable, content, digest_of, directory, opened

Earlier = tuple[str, int, bytes, bytes | None]  # origin, size, root, seal


def verdict(pack: bytes, keys: list[str], since: bytes | None) -> dict[str, Any]:
    """``status``, ``fault``, ``idx``, ``facts`` and ``warnings``."""
    nothing: dict[str, Any] = {"idx": None, "facts": None, "warnings": []}
    try:
        given = keys_given(keys)
        earlier = None if since is None else earlier_in(since)
        files = opened(pack)
        check = Check(files, manifest_of(files), given, earlier)
        facts = check.facts()
    except Unreadable:
        return {**nothing, "status": "unreadable", "fault": None}
    except Fault as fault:
        return {**nothing, "status": "fails", "fault": fault.fault, "idx": fault.idx}
    warnings = [*clocks.sentences(check.walk.noted), *doubts(facts, check.manifest["format"])]
    return {**nothing, "status": "holds", "fault": None, "facts": facts, "warnings": warnings}


def keys_given(keys: list[str]) -> list[str]:
    """Raises Unreadable for what is neither a verifier key nor a fingerprint."""
    for key in keys:
        try:
            if notes.fingerprint_in(key) is None:
                notes.key_in(key)
        except notes.BadNote as error:
            raise Unreadable("no key") from error
    return keys


def earlier_in(data: bytes) -> Earlier:
    """Of a pack the manifest and the seal, or a seal. Raises Unreadable."""
    if data.startswith(b"PK"):
        listed = directory(data)
        files = {name: content(data, listed[name]) if name in ("manifest.json", "checkpoint") else b"" for name in listed}
        told = manifest_of(files)
        return told["origins"][-1]["origin"], told["size"], bytes.fromhex(told["root"]), files.get("checkpoint")
    head = notes.head_of_note(data)
    if head is None or len(data) > 1_000_000:
        raise Unreadable("no earlier one")
    return head.origin, head.size, head.root, data


class Check:
    def __init__(self, files: dict[str, bytes], manifest: dict[str, Any], given: list[str], earlier: Earlier | None) -> None:
        self.files, self.manifest, self.earlier = files, manifest, earlier
        own = [*manifest["keys"], *manifest["cosigners"]]
        self.is_given = bool(given)
        self.keys: list[str]
        self.keys, self.are_all_here = named(given, own) if given else (own, True)
        self.walk = Walk(manifest)
        self.leaves = files.get("leaves")
        self.origins = [one["origin"] for one in manifest["origins"]]
        self.head = (self.origins[-1], manifest["size"], bytes.fromhex(manifest["root"]))
        self.signed: list[notes.Key] = []
        self.changes: dict[str, int] = {}
        self.left: list[str] = []  # what is not checked here

    def facts(self) -> dict[str, Any]:
        """Raises Fault."""
        lines = split(self.files["entries.jsonl"])
        for line in lines:
            note_erasures(self.walk, line)
        try:
            for line in lines:
                take(self.walk, line)
            self.finish()
        except Fault:
            self.require_unchanged(self.head[2])
            raise
        self.chain()
        self.seal()
        others = self.listed()
        proven = self.proven()
        if self.earlier:
            self.compare(self.earlier, proven)
        self.leave()
        self.beside()
        changes = [self.changes[key.text] for key in self.signed if key.text in self.changes]
        facts = told(self.walk, set(self.files), self.signed, others, is_given=self.is_given)
        earlier_size = self.earlier[1] if self.earlier else None
        packed = self.files.get("vouch_verify.py")
        facts["verifier"] = None if packed is None else sha256(packed).hexdigest()
        return {**facts, "earlier_size": earlier_size, "key_changes": min(changes, default=0), "left_open": self.left}

    def leave(self) -> None:
        """Notes what nothing here checks."""
        names = {key.name for key in self.signed}
        lines = notes.parts_of(self.files["checkpoint"])[1] if names else []
        if "timestamp" in self.files:
            self.left.append("timestamp")
        if any(line.name not in names and len(line.signature) in (72, 2_428) for line in lines):
            self.left.append("witnesses")
        if self.earlier and not self.is_earlier_known(self.earlier[3]):
            self.left.append("earlier-seal")

    def is_earlier_known(self, note: bytes | None) -> bool:
        try:
            return note is not None and bool(notes.signers(note, self.keys)[1])
        except notes.BadNote:
            return False

    def finish(self) -> None:
        walk, manifest = self.walk, self.manifest
        if walk.is_complete and walk.last + 1 < manifest["size"]:
            raise Fault("end", walk.last + 1)
        for one in manifest["origins"][1:]:
            if one["start"] not in walk.recovered:
                raise Fault("no-recovery", one["start"])
        if any(tag not in walk.counts for tag in walk.tags):
            raise Fault("stream-empty")
        if walk.is_complete and trees.root(walk.leaves) != self.head[2]:
            raise Fault("root")
        if walk.owner and walk.owner["name"] != manifest["school"]:
            raise Fault("school")

    def require_unchanged(self, root: bytes) -> None:
        """Raises Fault for the first header that is not the one in the list of leaf hashes, if that has this root."""
        if not self.walk.is_complete or self.leaves is None or len(self.leaves) != 32 * self.manifest["size"]:
            return
        listed = [self.leaves[at : at + 32] for at in range(0, len(self.leaves), 32)]
        if trees.root(listed) != root:
            return
        for idx, (one, other) in enumerate(zip(listed, self.walk.leaves, strict=False)):
            if one != other:
                raise Fault("changed", idx)

    def chain(self) -> None:
        """The keys that those that were given lead to are known too."""
        try:
            chain = rotations_in(self.files.get("rotations", b"[]"))
        except notes.BadNote as error:
            raise Fault("rotations") from error
        if self.is_given:
            self.changes = led_to(self.keys, chain)
            self.keys = list(self.changes)

    def seal(self) -> None:
        note = self.files.get("checkpoint")
        if note is None:
            if self.is_given:
                raise Fault("unsealed")
            return
        try:
            text, self.signed = notes.signers(note, self.keys)
        except notes.BadNote as error:
            raise Fault("seal") from error
        if not self.are_all_here or (self.is_given and not has_both(self.signed, [notes.key_in(key) for key in self.keys])):
            raise Fault("seal")
        head = notes.head_in(text)
        if head is None or (head.origin, head.size, head.root) != self.head:
            if head and (head.origin, head.size) == self.head[:2]:
                self.require_unchanged(head.root)
            raise Fault("seal-head")

    def listed(self) -> list[str] | None:
        note, owner = self.files.get("origins"), self.walk.owner
        if note is None:
            return None
        try:
            text, _ = notes.signers(note, self.keys)
        except notes.BadNote as error:
            if error.why == "unknown":
                return None
            raise Fault("origins") from error
        lines = text.split("\n")[:-1]
        found = lines[2:]
        is_ours = owner is not None and lines[:2] == ["vouch-origins/1", f"{owner['kind']} {owner['number']}"]
        is_list = len(set(found)) == len(found) and all(map(texts.is_name, found)) and set(self.origins) <= set(found)
        if not is_ours or not is_list:
            raise Fault("origins")
        return [one for one in found if one not in self.origins]

    def proven(self) -> dict[int, bytes]:
        """The size and root that since.json proves."""
        data = self.files.get("since.json")
        if data is None:
            return {}
        try:
            told = texts.read(data)
        except texts.NotCanonical as error:
            raise Fault("since") from error
        is_told = (
            texts.has_keys(told, "size", "root", "proof") and texts.is_count(told["size"]) and texts.is_hex(told["root"], 64)
        )
        if not is_told or not isinstance(told["proof"], list) or not all(texts.is_hex(one, 64) for one in told["proof"]):
            raise Fault("since")
        root, proof = bytes.fromhex(told["root"]), [bytes.fromhex(one) for one in told["proof"]]
        if not trees.is_consistent(told["size"], self.head[1], root, self.head[2], proof):
            raise Fault("since")
        return {told["size"]: root}

    def compare(self, earlier: Earlier, proven: dict[int, bytes]) -> None:
        origin, size, root, note = earlier
        if note is not None:
            self.earlier_seal(note, (origin, size, root))
        if origin not in self.origins:
            raise Fault("earlier-trail")
        known = {0: trees.EMPTY, **proven, self.head[1]: self.head[2]}
        if self.walk.is_complete and size <= len(self.walk.leaves):
            known[size] = trees.root(self.walk.leaves[:size])
        later = self.manifest["origins"][self.origins.index(origin) + 1 :]
        if later and (size > later[0]["start"] or known.get(size, root) != root):
            raise Fault("earlier-lost", later[0]["start"])
        if size > self.head[1]:
            raise Fault("earlier-larger")
        if size not in known:
            raise Fault("earlier-proof")
        if known[size] != root:
            raise Fault("earlier-root")

    def earlier_seal(self, note: bytes, claimed: tuple[str, int, bytes]) -> None:
        try:
            notes.signers(note, self.keys)
        except notes.BadNote as error:
            if error.why != "unknown":
                raise Fault("earlier-seal") from error
        head = notes.head_of_note(note)
        if head is None or (head.origin, head.size, head.root) != claimed:
            raise Fault("earlier-seal")

    def beside(self) -> None:
        """The files that the entries give anew, and those that the manifest lists."""
        if self.leaves is not None and (not self.walk.is_complete or self.leaves != b"".join(self.walk.leaves)):
            raise Fault("leaves")
        self.sheet()
        digests = {name: sha256(data).hexdigest() for name, data in self.files.items()}
        for name in sorted(self.files):
            if digest_of(name) and digests[name] != digest_of(name):
                raise Fault("evidence")
            if digest_of(name) and digest_of(name) not in self.walk.attached:
                raise Fault("evidence-unknown")
            ending, types = name.partition(".")[2], self.walk.attached.get(digest_of(name), ())
            if digest_of(name) and ending and not any(ENDINGS.get(one, ending) == ending for one in types):
                raise Fault("evidence-ending")
        claims = self.manifest["files"]
        if set(claims) != set(self.files) - {"manifest.json"}:
            raise Fault("files")
        for name in claims:
            if (claims[name]["size"], claims[name]["sha256"]) != (len(self.files[name]), digests[name]):
                raise Fault("file")

    def sheet(self) -> None:
        rest = self.files.get("timeline.csv")
        if rest is None:
            raise Fault("files")
        tells_about = self.manifest["version"] > 1
        first = "\ufeff" + ",".join(sheets.columns(tells_about=tells_about)) + "\r\n"
        due: list[tuple[int | None, str]] = [(None, first), *self.walk.rows]
        for idx, text in due:
            if not rest.startswith(text.encode()):
                raise Fault("csv-lines" if idx is None else "csv", idx)
            rest = rest[len(text.encode()) :]
        if rest:
            raise Fault("csv-lines")


def split(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    return lines[:-1] + ([lines[-1][:-1]] if lines[-1] != b"\n" else [])


def named(given: list[str], own: list[str]) -> tuple[list[str], bool]:
    """The keys that were given, where a fingerprint stands for the key of the pack that has it; whether each has one."""
    found, are_all_here = [], True
    for key in given:
        wanted = notes.fingerprint_in(key)
        if wanted is None:
            found.append(key)
            continue
        meant = []
        for one in own:
            try:
                meant += [one] if notes.fingerprint(notes.key_in(one)).replace(" ", "") == wanted else []
            except notes.BadNote:
                continue
        found, are_all_here = found + meant, are_all_here and bool(meant)
    return found, are_all_here


def has_both(signed: list[notes.Key], known: list[notes.Key]) -> bool:
    """Whether one key of each type signed that is known under the name of one that signed."""
    for name in {key.name for key in signed}:
        if {key.kind for key in known if key.name == name} != {key.kind for key in signed if key.name == name}:
            return False
    return True
