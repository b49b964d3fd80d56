"""What schools have spoken of as rows of a file: each need of each local authority, by kind of school. Pure."""

from collections.abc import Iterator
from typing import Final

from base.spreadsheets.writing import Cell
from sharing.schools.like_ours import SchoolKind
from suppliers.coverage.coverage import Coverage, Kind
from suppliers.record import taxonomy

KINDS: Final[tuple[Kind, ...]] = (*SchoolKind, None)
OTHERS: Final = "other schools"
NOT_SAID: Final = "No local authority"
EVERY_NEED: Final = "Every need"


def kind_words(kind: Kind) -> str:
    return kind.words if kind else OTHERS


def headings() -> list[Cell]:
    return ["Local authority", "Group", "Need", "Schools with a word", *(kind_words(kind).capitalize() for kind in KINDS)]


def rows(found: Coverage) -> Iterator[list[Cell]]:
    """An authority in which no school has spoken has one row for all needs."""
    for authority in found.authorities:
        for category in taxonomy.categories():
            by_kind = authority.needs.get(category.slug, {})
            numbers = [by_kind.get(kind, 0) for kind in KINDS]
            yield [authority.name or NOT_SAID, category.group, category.name, sum(numbers), *numbers]
    for scope in found.silent:
        yield [scope.name, "", EVERY_NEED, 0, *(0 for _ in KINDS)]
    if not found.authorities and not found.silent:
        yield [found.scope.name, "", EVERY_NEED, 0, *(0 for _ in KINDS)]
