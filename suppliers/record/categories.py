"""What schools buy: the flat list of categories in a few groups, with the words that schools use for each.

The list is `data/taxonomy.csv`; `data/needs.csv` has the words, one need a line. Pure.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Reach(StrEnum):
    """How far away a supplier can sensibly be."""

    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"

    @property
    def miles(self) -> float | None:
        """The distance at which nearness counts half; None: distance says nothing."""
        return {Reach.LOCAL: 10.0, Reach.REGIONAL: 30.0, Reach.NATIONAL: None}[self]


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str
    group: str
    reach: Reach
    needs: tuple[str, ...]  # how schools say it


@cache
def categories() -> tuple[Category, ...]:
    """All, in the order of `data/taxonomy.csv`, which keeps each group's together."""
    needs = defaultdict[str, list[str]](list)
    for row in _table("needs.csv"):
        needs[row["slug"]].append(row["need"])
    return tuple(
        Category(row["slug"], row["name"], row["group"], Reach(row["reach"]), tuple(needs[row["slug"]]))
        for row in _table("taxonomy.csv")
    )


@cache
def groups() -> dict[str, list[Category]]:
    """All categories by their group, as forms offer them."""
    found: dict[str, list[Category]] = {}
    for category in categories():
        found.setdefault(category.group, []).append(category)
    return found


@cache
def by_slug() -> dict[str, Category]:
    return {category.slug: category for category in categories()}


def _table(name: str) -> Iterator[dict[str, str]]:
    with (files("suppliers.record") / "data" / name).open(encoding="utf-8") as table:
        yield from csv.DictReader(table)
