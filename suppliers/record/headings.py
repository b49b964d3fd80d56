"""Under which headings others file what schools buy: the two financial returns, CPV, and the department's buying service. Pure.

`data/category_headings.csv` has, for each category, its headings and the words of the source that say so; where no source does,
there is no row. `data/heading_sources.csv` says what was read, and on which day.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

LONGEST_CODE: Final = 40  # characters, with the words around it
OF_ONE_NEED: Final = 2  # categories; a heading of more says a kind of need
GROUP: Final = 3  # figures of a CPV code: what shares no more than the division is another thing
_ABOUT_IT: Final = re.compile(r"\b(?:cfr|aar|cpv|dfe|code|heading|no|number)\b[.:]?")
_FINANCIAL: Final = re.compile(r"(?:e\d\d[a-g]?|bae\d{3})")
_CPV: Final = re.compile(r"(\d{8})(?:-\d)?")


class System(StrEnum):
    """Whose headings they are."""

    CFR = "cfr"
    AAR = "aar"
    CPV = "cpv"
    DFE = "dfe"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS: Final = {
    System.CFR: "Consistent Financial Reporting (CFR)",
    System.AAR: "the academies accounts return",
    System.CPV: "the Common Procurement Vocabulary (CPV)",
    System.DFE: "Get help buying for schools",
}


@dataclass(frozen=True, slots=True)
class Heading:
    system: System
    code: str  # E16, BAE150, 55524000-9 or an address part such as "food"
    name: str

    def __str__(self) -> str:
        return self.name if self.system is System.DFE else f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A heading's code that somebody typed. ``heading`` None: a CPV code that none of ours has, but that is near to some."""

    heading: Heading | None
    slugs: tuple[str, ...]  # the categories under it, in the order of the table; none where nobody buys such a thing


def of(slug: str, system: System) -> tuple[Heading, ...]:
    """The headings of a category, the likeliest first; none where no source says."""
    return _by_category().get((slug, system), ())


def spelt(slug: str, system: System) -> str:
    """The same as one text for a cell."""
    return "; ".join(map(str, of(slug, system)))


def typed_code(text: str) -> TypedCode | None:
    """What a code leads to, where the text is one and nothing else: E16 beside other words is a part of London."""
    if len(text) > LONGEST_CODE:
        return None
    code = " ".join(_ABOUT_IT.sub(" ", text.casefold()).split())
    if _FINANCIAL.fullmatch(code):
        return _financial(code)
    found = _CPV.fullmatch(code)
    return _cpv(found[1]) if found else None


def named() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of headings under which one or two categories stand, with those: how an official title says a need."""
    for heading, slugs in _slugs().items():
        if heading.system in {System.CPV, System.DFE} and len(slugs) <= OF_ONE_NEED:
            yield heading.name, tuple(slugs)


def _financial(code: str) -> TypedCode | None:
    """E20 and E28 are several: what is typed is the beginning of their codes."""
    meant = [one for one in _headings() if one.system in {System.CFR, System.AAR} and one.code.casefold().startswith(code)]
    slugs = dict.fromkeys(slug for one in meant for slug in _slugs().get(one, ()))
    return TypedCode(meant[0] if len(meant) == 1 else None, tuple(slugs)) if meant else None


def _cpv(code: str) -> TypedCode | None:
    """The categories under the code, or else those that share most of its first figures."""
    ours = {one.code[:8]: one for one in _headings() if one.system is System.CPV}
    all_of_it = max(2, len(code.rstrip("0")))
    for length in (all_of_it, *range(all_of_it - 1, GROUP - 1, -1)):
        near = [one for digits, one in ours.items() if digits.startswith(code[:length])]
        if near:
            return TypedCode(ours.get(code), tuple(dict.fromkeys(slug for one in near for slug in _slugs()[one])))
    return None


@cache
def _headings() -> tuple[Heading, ...]:
    return tuple(Heading(System(row["system"]), row["code"], row["name"]) for row in _table("headings.csv"))


@cache
def _by_category() -> dict[tuple[str, System], tuple[Heading, ...]]:
    known = {(one.system, one.code): one for one in _headings()}
    found = defaultdict[tuple[str, System], list[Heading]](list)
    for row in _table("category_headings.csv"):
        system = System(row["system"])
        found[row["slug"], system].append(known[system, row["code"]])
    return {of: tuple(headings) for of, headings in found.items()}


@cache
def _slugs() -> dict[Heading, tuple[str, ...]]:
    found = defaultdict[Heading, list[str]](list)
    for (slug, _), headings in _by_category().items():
        for one in headings:
            found[one].append(slug)
    return {heading: tuple(slugs) for heading, slugs in found.items()}


def _table(name: str) -> Iterator[dict[str, str]]:
    with (files("suppliers.record") / "data" / name).open(encoding="utf-8") as table:
        yield from csv.DictReader(table)
