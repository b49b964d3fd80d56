"""Tampering with what is opened of an entry: values of other types, and erasures that do not say what they erased."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.given.hand_made_packs import Trail, pack
from tests.given.pack_samples import BOILERS
from tests.given.tampering_entries import unerased
from tests.given.tampering_tools import Files, Tampering, both, forged, lines, opening

ITEM: Final[dict[str, Any]] = {"idx": 1, "field": "actor", "commitment": "ab" * 32}
NO_TEXTS: Final[tuple[Any, ...]] = (None, True, 7, ["a"], {})
NO_FILES: Final[tuple[Any, ...]] = (None, {}, "a", ["a"], [{}])
NO_DIGESTS: Final[tuple[Any, ...]] = (None, True, "", ["ab" * 32], "AB" * 32, "ab" * 31)
NO_POSITIONS: Final[tuple[Any, ...]] = (True, [], "1", -1, None)
NO_ITEMS: Final[tuple[Any, ...]] = (
    *(None, {}, ["a"], [{**ITEM, "more": 1}]),
    *([ITEM, {**ITEM, "idx": idx}] for idx in NO_POSITIONS),
    *([{**ITEM, "field": field}] for field in (1, None, "event", "facts", "personal.", "other")),
    *([{**ITEM, "commitment": made}] for made in (1, "ab", "AB" * 32, ["ab" * 32])),
)
NO_EVIDENCE: Final[tuple[Any, ...]] = (None, "ab" * 32, ["ab"], [1])
MISTYPED_FACTS: Final[tuple[dict[str, Any], ...]] = (
    *({name: one} for name in ("happened_on", "reason") for one in NO_TEXTS),
    *({"attachments": one} for one in NO_FILES),
    *({"attachments": [{"sha256": one}]} for one in NO_DIGESTS),
)
MISTYPED_ERASURES: Final[tuple[dict[str, Any], ...]] = (
    *({}, {"erased": []}, {"evidence": []}),
    *({"erased": one, "evidence": []} for one in NO_ITEMS),
    *({"erased": [], "evidence": one} for one in NO_EVIDENCE),
)


def opening_changes() -> Iterator[Tampering]:
    def fails(name: str, change: Callable[[Files], object], fault: str, idx: int, sample: str = "complete") -> Tampering:
        return Tampering(name, sample, forged(change), "fails", fault, idx)

    yield fails("an actor has a number for a name", opening(2, "actor", {"role": "head", "name": 3}, commit=True), "opening", 2)
    yield fails("the facts are a list", opening(2, "facts", [], commit=True), "opening", 2)
    yield fails("an event has no time", opening(2, "event", {"id": "x", "type": "t"}, commit=True), "opening", 2)
    for facts in MISTYPED_FACTS:
        yield _told("note.written", facts)
    for facts in MISTYPED_ERASURES:
        yield _told("erasure.applied", facts)
    untold = both(lines(unerased), lines(lambda p: p[9]["openings"].pop("facts")))
    yield fails("an erased value is shown, and what erased it is not", untold, "facts", 9)
    hidden = lines(lambda p: next(line for line in p if line["head"]["idx"] == 9)["openings"].pop("facts"))
    yield fails("an erasure does not show what it did, in an extract", hidden, "facts", 9, "extract")
    yield fails("an erasure before the period does not either", hidden, "facts", 9, "complete of a period")
    for grade in ("complete", "extract"):
        lost = lines(lambda p: p[4]["openings"].pop("facts"))
        yield fails(f"a restored backup is told without its facts, {grade}", lost, "facts", 4, f"{grade}, recovered")


def _told(what: str, facts: dict[str, Any]) -> Tampering:
    """An entry with such facts, in a pack that is otherwise in order."""

    def made(_: bytes) -> bytes:
        trail = Trail()
        trail.add(BOILERS, "vouch.given")
        trail.add(BOILERS, what, facts=facts)
        return pack(trail)

    return Tampering(f"{what} has the facts {facts}", "complete", made, "fails", "opening", 1)
