"""Tampering with what holds a pack together: its root, seal, sheet, evidence, and what came before."""

from collections.abc import Callable, Iterator
from typing import Any

from audit import note
from audit.fingerprint import fingerprint
from tests.given.hand_made_packs import ORIGIN, OTHER_KEY, PHOTO, SIGNING_KEY, digest, tree
from tests.given.pack_samples import BOILERS, COOKS, OTHER_VKEY, VKEY, samples, trail
from tests.given.tampering_tools import (
    Files,
    Tampering,
    both,
    careless,
    forged,
    head,
    leaves,
    leaves_of_the_headers,
    lines,
    manifest,
    opening,
    put,
    renamed,
    replaced,
    rooted,
    scope,
    sealed,
    streams_named,
    without,
)


def whole_changes() -> Iterator[Tampering]:
    """What is found when all lines are read."""

    def fails(
        name: str, change: Callable[[Files], object], fault: str, idx: int | None = None, sample: str = "complete", **more: Any
    ) -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, idx, **more)

    recommitted = opening(1, "facts", {"rating": 5}, commit=True)
    yield fails("the root is another", manifest(root="00" * 32), "root")
    yield fails("the root is another in an extract", manifest(root="00" * 32), "proof", 1, "extract")
    yield fails("the size is larger", manifest(size=12), "end", 11)
    yield fails("the size is smaller", manifest(size=10), "surplus", 10)
    yield fails("all is rebuilt but the seal", both(recommitted, rooted), "changed", 1)
    yield fails("all is rebuilt but the seal, the leaves too", both(recommitted, rooted, leaves_of_the_headers), "seal-head")
    yield fails("the tail is cut and all rebuilt but the seal", both(lines(lambda p: p.pop()), rooted), "seal-head")
    yield fails("all is rebuilt and sealed with another key", both(recommitted, rooted, sealed(OTHER_KEY)), "seal")
    rebuilt = both(recommitted, rooted, sealed(OTHER_KEY), manifest(keys=[OTHER_VKEY]))
    yield fails("all is rebuilt, sealed and the key exchanged", rebuilt, "seal", keys=(VKEY,))
    yield fails("the seal's signature is another's", replaced("checkpoint", b"\n11\n", b"\n12\n"), "seal")
    yield fails("the seal is no note", put("checkpoint", b"sealed, honestly"), "seal")
    yield fails("the seal is empty", put("checkpoint", b""), "seal")
    yield fails("the seal is of another size", sealed(SIGNING_KEY, size=10), "seal-head")
    yield fails("the seal is of another trail", sealed(SIGNING_KEY, origin="elsewhere"), "seal-head")
    yield fails("the seal is of another root", sealed(SIGNING_KEY, root=b"\1" * 32), "seal-head")
    yield fails("the seal is taken out, and a key was given", without("checkpoint"), "unsealed", keys=(VKEY,))
    typed = fingerprint(VKEY).lower().replace(" ", "")
    yield Tampering("the fingerprint of its key is given", "complete", lambda data: data, "holds", keys=(typed,))
    yield fails("another key's fingerprint is given", lambda _: None, "seal", keys=(fingerprint(OTHER_VKEY),))
    yield fails("the seal is taken out, and a fingerprint was given", without("checkpoint"), "unsealed", keys=(typed,))
    named = both(rebuilt, manifest(keys=[VKEY, OTHER_VKEY]))
    yield fails("all is rebuilt, both keys named, and the fingerprint of one given", named, "seal", keys=(typed,))
    yield fails("the pack names no key", manifest(keys=[]), "seal")
    yield fails("the pack names what is no key", manifest(keys=["key"]), "seal")
    yield fails("a stream of no entries is claimed", scope(streams=streams_named(school="ab" * 16), all=False), "scope", 0)
    claimed = [*streams_named(), {"name": "supplier:unheard", "tag": "ab" * 16}]
    yield fails("an unheard stream is claimed", scope(streams=claimed), "stream-empty")
    yield fails("a stream is out of scope and shown", scope(streams=streams_named(COOKS), all=False), "scope", 2)
    yield fails("every stream is claimed and one is not", scope(all=True), "scope", 0, "complete of one stream")
    yield fails(
        "an extract has entries out of scope", scope(streams=streams_named(BOILERS, COOKS, "school")), "scope", 1, "extract"
    )
    since = "complete since an earlier one"
    yield fails("since.json is of another root", replaced("since.json", b'"root":"', b'"root":"0'), "since", sample=since)
    yield fails("since.json is of another size", replaced("since.json", b'"size":6', b'"size":5'), "since", sample=since)
    yield fails("since.json is empty", put("since.json", b"{}"), "since", sample=since)
    yield fails("since.json is a list", put("since.json", b"[]"), "since", sample=since)
    yield fails(
        "since.json has a longer proof",
        replaced("since.json", b'"proof":[', b'"proof":["' + b"00" * 32 + b'",'),
        "since",
        sample=since,
    )


def header_changes() -> Iterator[Tampering]:
    """Headers that are in their form and in their place, and not what they were; and the list that tells which."""

    def fails(
        name: str, change: Callable[[Files], object], fault: str, idx: int | None = None, sample: str = "complete"
    ) -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, idx)

    def swapped(parsed: list[Any]) -> None:
        for part in ("c", "openings"):
            one, other = (line["head"] if part == "c" else line for line in parsed[3:5])
            one[part], other[part] = other[part], one[part]

    recommitted = opening(1, "facts", {"rating": 5}, commit=True)
    unopened = lines(lambda parsed: parsed[2]["head"]["c"].pop())
    astray = head(2, stream="ab" * 16, sseq=0)
    scoped = "complete of one stream"
    yield fails("an opening, its commitment edited too", recommitted, "changed", 1)
    yield fails(
        "an opening, its commitment edited too, without leaves", recommitted, "root", None, "complete, without its leaves"
    )
    yield fails(
        "two openings, their commitments edited too", both(opening(8, "facts", {"x": 1}, commit=True), recommitted), "changed", 1
    )
    yield fails("two entries exchange what they say", lines(swapped), "changed", 3)
    yield fails("a header of which nothing is shown is edited", unopened, "changed", 2, scoped)
    yield fails(
        "a header is edited, and a later entry shown falsely", both(unopened, opening(3, "facts", {})), "changed", 2, scoped
    )
    yield fails("a header is edited, so that a later one is out of order", astray, "changed", 2, scoped)
    yield fails(
        "a header is edited after an entry is shown falsely", both(opening(1, "facts", {}), unopened), "mismatch", 1, scoped
    )
    yield fails("a header is edited, and the last entry deleted", both(unopened, lines(lambda p: p.pop())), "changed", 2, scoped)
    yield fails("a leaf is edited", leaves(lambda data: b"\0" + data[1:]), "leaves")
    yield fails("the last leaf is edited", leaves(lambda data: data[:-1] + b"\0"), "leaves")
    yield fails("a leaf is missing", leaves(lambda data: data[:-32]), "leaves")
    yield fails("half a leaf is missing", leaves(lambda data: data[:-16]), "leaves")
    yield fails("the leaves are empty", leaves(lambda _: b""), "leaves")
    yield fails("a leaf is added", leaves(lambda data: data + data[:32]), "leaves")
    yield fails("two leaves change places", leaves(lambda data: data[32:64] + data[:32] + data[64:]), "leaves")
    yield fails("an extract lists leaves", put("leaves", bytes(32 * 11)), "leaves", None, "extract")
    yield fails("a header is edited, its leaf too", both(recommitted, leaves_of_the_headers), "root")
    yield fails("a header is edited, another leaf too", both(recommitted, leaves(lambda data: data[:-1] + b"\0")), "root")
    yield fails("a header is edited, the leaves cut short", both(recommitted, leaves(lambda data: data[:-32])), "root")
    yield fails("a header is edited, the leaves taken out", both(recommitted, without("leaves")), "root")
    yield Tampering("the leaves are taken out", "complete", careless(without("leaves")), "fails", "files")


def file_changes() -> Iterator[Tampering]:
    """The CSV, the evidence and the files for people."""

    def fails(
        name: str, change: Callable[[Files], object], fault: str, idx: int | None = None, sample: str = "complete"
    ) -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, idx)

    photo = f"evidence/{digest(PHOTO)}.jpg"
    other = b"another boiler"
    yield fails("a cell of the CSV is edited", replaced("timeline.csv", b"rating: 4", b"rating: 5"), "csv", 1)
    yield fails("a row of the CSV is deleted", _rows(lambda rows: rows.__delitem__(3)), "csv", 2)
    yield fails("the last row of the CSV is deleted", _rows(lambda rows: rows.pop()), "csv", 10)
    yield fails("a row of the CSV is added", _rows(lambda rows: rows.append(b"12,,,,,,,,,\r\n")), "csv-lines")
    yield fails("a column of the CSV is renamed", replaced("timeline.csv", b"happened", b"reported"), "csv-lines")
    yield fails("a formula in the CSV is set free", replaced("timeline.csv", b"'@wrong", b"@wrong"), "csv", 8)
    yield fails("the CSV is empty", put("timeline.csv", b""), "csv-lines")
    yield fails("the CSV is taken out", without("timeline.csv"), "files")
    edited = replaced("timeline.csv", b"rating: 4", b"rating: 5")
    yield fails("the CSV of an extract is edited", edited, "csv", 1, "extract")
    yield fails("evidence is swapped", put(photo, other), "evidence")
    yield fails("evidence nobody attached", put(f"evidence/{digest(other)}", other), "evidence-unknown")
    for ending in (".exe", ".png", ".JPG", ".jpeg"):
        yield fails(f"evidence ends in {ending}", renamed(photo, f"{photo[:-4]}{ending}"), "evidence-ending")
    yield Tampering("evidence has no ending", "complete", forged(renamed(photo, photo[:-4])), "holds", None)
    yield Tampering("evidence is taken out", "complete", careless(without(photo)), "fails", "files")
    yield Tampering("the report is exchanged", "complete", careless(put("report.pdf", b"%PDF-1.7 all is well")), "fails", "file")
    yield Tampering("the report is taken out", "complete", careless(without("report.pdf")), "fails", "files")
    yield Tampering("a report is added", "complete", careless(put("report.xlsx", b"PK")), "fails", "files")
    yield Tampering("a verifier is added", "complete", careless(put("vouch_verify.py", b"print('holds')")), "fails", "files")
    yield Tampering("the seal is taken out", "complete", careless(without("checkpoint")), "fails", "files")
    yield Tampering("the advice is edited", "complete", careless(put("READ-ME.txt", b"Call me.")), "fails", "file")


def _rows(change: Callable[[list[bytes]], object]) -> Callable[[Files], None]:
    """One of its cells has a line break of its own: rows end where an entry's number begins the next."""

    def changed(files: Files) -> None:
        head, *rest = files["timeline.csv"].split(b"\r\n")
        rows = [head + b"\r\n"]
        for part in rest[:-1]:
            if part.partition(b",")[0].isdigit():
                rows.append(part + b"\r\n")
            else:
                rows[-1] += part + b"\r\n"
        change(rows)
        files["timeline.csv"] = b"".join(rows)

    return changed


def earlier_changes() -> Iterator[Tampering]:
    """An earlier pack or seal is given beside the pack, which is itself as it was."""

    def beside(name: str, sample: str, earlier: bytes, fault: str | None, idx: int | None = None, **more: Any) -> Tampering:
        return Tampering(name, sample, lambda data: data, "fails" if fault else "holds", fault, idx, since=earlier, **more)

    def seal(size: int, root: bytes, *, origin: str = ORIGIN, key: str = SIGNING_KEY) -> bytes:
        return note.sign_note(note.checkpoint_text(origin, size, root), key)

    sample = samples()
    leaves = trail().leaves()
    six = seal(6, tree(leaves[:6]))
    yield beside("an earlier pack", "complete", sample["earlier"], None)
    yield beside("an earlier pack, and a key", "complete", sample["earlier"], None, keys=(VKEY,))
    yield beside("an earlier pack, for an extract with its proof", "extract since an earlier one", sample["earlier"], None)
    yield beside("the same pack", "extract", sample["extract"], None)
    yield beside("an earlier pack of nothing", "extract", sample["complete, of nothing"], None)
    yield beside("an earlier seal", "complete", six, None)
    yield beside("an earlier seal by a key that is not known", "complete", seal(6, tree(leaves[:6]), key=OTHER_KEY), None)
    yield beside("an earlier seal that is false", "complete", six.replace(b"\n6\n", b"\n5\n"), "earlier-seal")
    yield beside("an earlier seal of another root", "complete", seal(6, b"\1" * 32), "earlier-root")
    yield beside("an earlier seal of another root, extract", "extract since an earlier one", seal(6, b"\1" * 32), "earlier-root")
    yield beside("an earlier pack without its proof", "extract", sample["earlier"], "earlier-proof")
    yield beside("a later pack", "earlier", sample["complete"], "earlier-larger")
    yield beside("a seal of another trail", "complete", seal(6, tree(leaves[:6]), origin="elsewhere"), "earlier-trail")
    yield beside("what a restored backup lost", "complete, recovered", sample["earlier, lost"], "earlier-lost", 4)
    changed = forged(both(sealed(SIGNING_KEY, size=5)))(sample["earlier"])
    yield beside("an earlier pack with a seal of another size", "complete", changed, "earlier-seal")
    yield Tampering("neither pack nor seal", "complete", lambda data: data, "unreadable", since=b"yesterday's root")
