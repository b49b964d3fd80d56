"""Tampering with whose a trail is, with what suppliers are called, and with the list of origins."""

from collections.abc import Callable, Iterator
from typing import Any

from audit import note
from tests.given.hand_made_packs import ORIGIN, OTHER_KEY, SIGNING_KEY, Trail, Wish, pack
from tests.given.pack_samples import ACADEMY, BOILERS, OAKFIELD
from tests.given.tampering_tools import Files, Tampering, forged, lines, manifest, opening, put, replaced

LATE, EXTRACT = "named late, and renamed", "named, in an extract of a period"


def name_changes() -> Iterator[Tampering]:
    def fails(
        name: str, change: Callable[[Files], object], fault: str, idx: int | None = None, sample: str = "named", **more: Any
    ) -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, idx, **more)

    def holds(name: str, change: Callable[[Files], object], sample: str = "named") -> Tampering:
        return Tampering(name, sample, forged(change), "holds")

    yield fails("the pack calls itself another school's", manifest(school="Elmwood School"), "school")
    yield fails("the same in an extract", manifest(school="Elmwood School"), "school", sample=EXTRACT)
    yield fails("a renamed school's pack has its old name", manifest(school=OAKFIELD["name"]), "school", sample=LATE)
    yield fails("whose it is, is not shown", lines(lambda p: p[0]["openings"].pop("facts")), "whose", 0)
    yield fails("the same in an extract of a period", lines(lambda p: p[0]["openings"].pop("facts")), "whose", 0, EXTRACT)
    yield fails("another name is not shown", lines(lambda p: p[8]["openings"].pop("facts")), "whose", 8, LATE)
    yield fails("whose it is, is edited", opening(0, "facts", {**OAKFIELD, "name": "Elmwood"}), "mismatch", 0)
    for told in (
        {},
        {**OAKFIELD, "kind": "club"},
        {**OAKFIELD, "name": ""},
        {**OAKFIELD, "name": "a\nb"},
        {**OAKFIELD, "number": 7},
    ):
        yield fails(f"whose it is, is told as {told}", opening(0, "facts", told, commit=True), "whose", 0)
    facts: dict[str, Any]
    for late in (False, None, 1, "yes"):
        facts = {**OAKFIELD, "late": late, "size": 0}
        yield fails(f"it is late in another way: {late}", opening(0, "facts", facts, commit=True), "whose", 0)
    for size in (1, True, "2", None):
        facts = {**OAKFIELD, "late": True, "size": size}
        yield fails(f"it is late, of the size {size}", opening(2, "facts", facts, commit=True), "whose", 2, LATE)
    yield fails("it is not the first, and not late", opening(2, "facts", OAKFIELD, commit=True), "whose", 2, LATE)
    other = {"old": ACADEMY, "new": OAKFIELD}
    yield fails("it was another's before than it said", opening(8, "facts", other, commit=True), "whose", 8, LATE)
    yield fails("it has no new name", opening(8, "facts", {"old": OAKFIELD}, commit=True), "whose", 8, LATE)
    yield Tampering("it says twice whose it is", "named", lambda _: pack(_twice(), Wish(format=2)), "fails", "whose", 1)
    yield Tampering("it says another name before any", "named", lambda _: pack(_unbegun(), Wish(format=2)), "fails", "whose", 0)
    yield Tampering("it says so behind a loss", "named", lambda _: pack(_after_a_loss(), Wish(format=2)), "holds")
    yield fails("a supplier's name is edited", opening(6, "personal.supplier_name", "Nephew"), "mismatch", 6)
    yield fails("a supplier's name is edited in the sheet", replaced("timeline.csv", b"Boyle & Sons", b"Nephew"), "csv", 6)
    yield fails("the sheet does not tell whom it is about", replaced("timeline.csv", b"about,", b""), "csv-lines")
    yield fails("the first format does not tell that", manifest(format="vouch-audit-pack/1"), "csv-lines")
    yield fails("the second format tells it", manifest(format="vouch-audit-pack/2"), "csv-lines", sample="complete")
    yield fails("an origin is added to the list", replaced("origins", b"9988", b"9989"), "origins")
    yield fails("the list of origins is none", put("origins", b"no list"), "origins")
    for text in _lists():
        yield fails(f"the list of origins is {text!r}", put("origins", note.sign_note(text, SIGNING_KEY)), "origins")
    yield fails("the list is of an older number", lambda files: _listed(files, "100023"), "origins", sample=LATE)
    yield fails("a trail of nobody has a list", lambda files: _listed(files, "100023"), "origins", sample="complete")
    yield holds("the list is signed by somebody else", put("origins", note.sign_note("vouch-origins/1\n", OTHER_KEY)))
    yield holds("the list is left out", lambda files: files.pop("origins"))
    yield holds("the list is of today's number", lambda files: _listed(files, "148000"), LATE)


def _lists() -> Iterator[str]:
    yield f"vouch-origins/2\nschool 100023\n{ORIGIN}\n"
    yield f"vouch-origins/1\nschool 100024\n{ORIGIN}\n"
    yield f"vouch-origins/1\ntrust 100023\n{ORIGIN}\n"
    yield "vouch-origins/1\nschool 100023\nvouch.example.org/trail/ff\n"
    yield f"vouch-origins/1\nschool 100023\n{ORIGIN}\n{ORIGIN}\n"
    yield f"vouch-origins/1\nschool 100023\n{ORIGIN}\n\nmore\n"
    yield f"vouch-origins/1\nschool 100023\n{ORIGIN}\n{'x' * 501}\n"
    yield "vouch-origins/1\n"


def _listed(files: Files, number: str) -> None:
    files["origins"] = note.sign_note(f"vouch-origins/1\nschool {number}\n{ORIGIN}\n", SIGNING_KEY)


def _twice() -> Trail:
    made = Trail()
    made.begin(OAKFIELD)
    made.begin(OAKFIELD, late=True)
    return made


def _unbegun() -> Trail:
    made = Trail()
    made.rename(ACADEMY, OAKFIELD)
    return made


def _after_a_loss() -> Trail:
    """Nothing was left of the old trail: the new one begins with the entry that says so."""
    made = Trail()
    made.add("trail", "trail.recovered", facts={"old_origin": "gone"}, actor={"role": "system"})
    made.begin(OAKFIELD)
    made.add(BOILERS, "vouch.given")
    return made
