"""Where a text of the trail belongs: the key under which a find is kept, its words for people, and the kind of record. Pure."""

from typing import Final
from uuid import UUID

from audit.erasing import erasure
from audit.erasing.erasure import EntryOpening
from audit.erasing.retention import RecordKind
from audit.log import known
from audit.log.subjects import Subject
from audit.reading.plain import Vocabulary
from audit.sheet import SUPPLIER_IDENTIFIERS, SUPPLIER_NAME
from contracts.texts import texts as contract_texts

REVIEW_TEXTS: Final = ("praise", "criticism", "interest", "evidence")


def place_of(opened: EntryOpening) -> tuple[str, str, RecordKind]:
    """Key, words and kind of the text that an opening holds."""
    subject, name = opened.subject, opened.field.removeprefix(erasure.PERSONAL).removesuffix(".old")
    review = Subject.REVIEW.id_in(subject)
    if review and name in REVIEW_TEXTS:
        return review_key(review, name), REVIEW_WORDS[name], RecordKind.OPINIONS
    for of_one, (names, words) in _AS_ONE.items():
        if of_one.id_in(subject) and name in names:
            return subject, words, RecordKind.NOTES
    if named := _naming(opened, name):
        return (*named, RecordKind.ACCOUNTS)
    if of_contract := contract_texts.place_of(subject, name):
        return (*of_contract, RecordKind.CONTRACTS)
    kind = RecordKind.CONTRACTS if Subject.CONTRACT.id_in(opened.stream) else RecordKind.ACCOUNTS
    return f"entry:{opened.event_id}:{opened.field}", f"Entry {opened.idx + 1} of the trail: {Vocabulary().label(name)}", kind


def _naming(opened: EntryOpening, name: str) -> tuple[str, str] | None:
    """Key and words of what a supplier is called: as the trail committed it, and as somebody typed it."""
    about = known.supplier_in(opened.stream, opened.subject)
    if about is None:
        return None
    if opened.field not in known.NAMING:
        name = _TYPED.get(name, "") if Subject.SUPPLIER.id_in(opened.subject) else ""
    return (f"{Subject.SUPPLIER.of(about)}:{name}", _NAMING[name]) if name else None


def review_key(review: UUID, field: str) -> str:
    return f"{Subject.REVIEW.of(review)}:{field}"


def review_text(key: str) -> tuple[UUID, str] | None:
    """The review and the field of it that a find's key names; None where it names something else."""
    name, _, field = key.rpartition(":")
    review = Subject.REVIEW.id_in(name)
    return (review, field) if review else None


_NAMING: Final = {
    SUPPLIER_NAME: "A supplier's name, as entries of the trail have it",
    SUPPLIER_IDENTIFIERS: "A supplier's numbers, as entries of the trail have them",
    "aliases": "A supplier's other names, as entries of the trail have them",
}
# What somebody typed of a supplier, by the field of its entries, and what it is offered with.
_TYPED: Final = {"name": SUPPLIER_NAME, "identifiers": SUPPLIER_IDENTIFIERS, "aliases": "aliases"}
ENQUIRY: Final = "What your school asked others"
DECISION: Final = "Why two suppliers are the same or not"
CORRECTION: Final = "What your school proposed for the directory"
# What goes as one, by the fields of its entries.
_AS_ONE: Final = {
    Subject.NOTE: (("body", "criticism"), "Note"),
    Subject.ENQUIRY: (("words",), ENQUIRY),
    Subject.DECISION: (("reason",), DECISION),
    Subject.CORRECTION: (("why", "name", "aliases", "identifiers"), CORRECTION),
}
REVIEW_WORDS: Final = {
    "praise": "Review: what is good",
    "criticism": "Review: what could be better",
    "interest": "Review: declared interest",
    "evidence": "Review: reference of the evidence",
}
