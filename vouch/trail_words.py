"""What the fields of entries are called in the trail's pages and reports, and the codes in them, by the slices whose they are."""

from collections.abc import Mapping
from typing import Any, Final

from audit.reading.plain import Vocabulary
from contracts.documents.kinds import DocumentKind
from contracts.fields.contract_fields import FIELDS
from contracts.judging import kinds as judging
from contracts.promises import kinds as promises
from suppliers.record import criteria, extras, taxonomy


def _words(*each: Mapping[Any, str]) -> dict[str, str]:
    """By codes, which are members of an enumeration."""
    return {str(code): words for one in each for code, words in one.items()}


_CATEGORIES: Final = {slug: category.name for slug, category in taxonomy.by_slug().items()}

WORDS: Final = Vocabulary(
    labels={
        **{one.name: one.label for one in FIELDS},
        **{one.value: one.words for one in criteria.Criterion},
        **{slug: one.words for slug, one in extras.questions().items()},
        "stage": "How far it had come",
        "told": "They were told",
        "told_how": "How they were told",
        "claimed_by": "Who says so",
        "on": "Day",
        "aliases": "Also called",
        "gives_evidence": "Evidence given",
    },
    choices={
        **{one.name: one.choices for one in FIELDS if one.choices},
        **{slug: one.answers for slug, one in extras.questions().items()},
        "category": _CATEGORIES,
        "categories": _CATEGORIES,
        "about": {"good": "something good", "problem": "a problem", "record": "something for the record"},
        "stage": _words(promises.STAGE_WORDS, criteria.STAGES),
        "told_how": _words(promises.HOW_WORDS),
        "claimed_by": {"school": "the school", "supplier": "the supplier"},
        "outcome": _words(judging.AGREED_WORDS),
        # Of a document, of what happened, of how a job went on: where one word stands for several, they mean the same.
        "kind": _words({one: one.words for one in DocumentKind}, judging.EVENT_WORDS, judging.STAMP_WORDS),
    },
)
