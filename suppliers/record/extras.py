"""Extra questions of a review: what matters for suppliers of some categories alone, answered from a fixed list. Pure.

`data/extra_questions.csv` has the questions, `data/extra_answers.csv` the answers by scale, the best first, and
`data/extra_asked.csv` which are asked of a category, or of a group for those of its categories that have none of their own. Slugs
and codes are stored: never change one. A question that is no longer asked stays in the table, so that its answers can be read.
"""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Final

from suppliers.record import taxonomy

MOST: Final = 3  # of one review: each more question costs answers
LONGEST_CODE: Final = 30  # characters of a slug, and of an answer

Said = Mapping[str, str]  # by the slug of a question, the code of an answer


@dataclass(frozen=True, slots=True, eq=False)
class ExtraQuestion:
    slug: str
    label: str  # beside an answer
    words: str  # what a form asks
    answers: Mapping[str, str]  # by code, in words, the best first


@cache
def questions() -> Mapping[str, ExtraQuestion]:
    """All by their slugs, in the order of the table."""
    scales: dict[str, dict[str, str]] = {}
    for row in _table("extra_answers.csv"):
        scales.setdefault(row["scale"], {})[row["code"]] = row["words"]
    return {
        row["slug"]: ExtraQuestion(row["slug"], row["label"], row["question"], scales[row["scale"]])
        for row in _table("extra_questions.csv")
    }


@cache
def of_category(slug: str) -> tuple[ExtraQuestion, ...]:
    """Its own questions, or those of its group; none for a category that there is not."""
    category = taxonomy.by_slug().get(slug)
    return _asked().get(slug) or _asked().get(category.group, ()) if category else ()


def fitting(categories: Iterable[str]) -> tuple[ExtraQuestion, ...]:
    """What may be asked of a supplier of these categories: the first question of each, then the second, and so on."""
    in_turn = zip_longest(*(of_category(slug) for slug in categories))
    return tuple(dict.fromkeys(one for several in in_turn for one in several if one))


def on_form(categories: Iterable[str], said: Collection[str]) -> tuple[ExtraQuestion, ...]:
    """At most MOST, and all those that are answered already, whatever the supplier's categories are by now."""
    answered = [one for slug, one in questions().items() if slug in said]
    others = [one for one in fitting(categories) if one not in answered]
    shown = {*answered, *others[: max(0, MOST - len(answered))]}
    return tuple(one for one in dict.fromkeys((*fitting(categories), *answered)) if one in shown)


def problems(said: Said) -> dict[str, str]:
    """What is wrong, in sentences: by the slug of a question, or under "extras"."""
    known = questions()
    found = {
        slug: f"Choose one of the answers to “{one.words}”, or none."
        for slug, one in known.items()
        if slug in said and said[slug] not in one.answers
    }
    if said.keys() - known.keys():
        found["extras"] = "There is no such extra question."
    elif len(said) > MOST:
        found["extras"] = f"Answer at most {MOST} extra questions."
    return found


def in_words(said: Said) -> Mapping[str, str]:
    """Labels with answers, in the order of the table."""
    return {one.label: one.answers[said[slug]] for slug, one in questions().items() if said.get(slug) in one.answers}


def stored(said: Said) -> str | None:
    """As a column of a review holds them: JSON, the same for the same answers."""
    return json.dumps(dict(said), sort_keys=True, separators=(",", ":")) if said else None


def of_column(kept: str | None) -> Said:
    found: dict[str, str] = json.loads(kept) if kept else {}
    return found


@cache
def _asked() -> Mapping[str, tuple[ExtraQuestion, ...]]:
    """By a category's slug or a group's name."""
    found: dict[str, tuple[ExtraQuestion, ...]] = {}
    for row in _table("extra_asked.csv"):
        found[row["of"]] = (*found.get(row["of"], ()), questions()[row["question"]])
    return found


def _table(name: str) -> Iterator[dict[str, str]]:
    with (files("suppliers.record") / "data" / name).open(encoding="utf-8") as table:
        yield from csv.DictReader(table)
