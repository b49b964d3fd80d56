"""What a question was taken to mean, and the ways in which words of that are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from piccolo.querystring import QueryString

import database
from sharing.access import visibility
from suppliers.matching.identifiers import Scheme


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """What a question was taken to mean: how well (0 to 1) each category and each supplier fits. Without one, everything does."""

    categories: Mapping[str, float]
    suppliers: Mapping[UUID, float]
    numbers: Mapping[UUID, Scheme] = field(default_factory=dict)  # of the suppliers, those whose number it is, and which
    is_everything: bool = False
    filed: frozenset[UUID] = frozenset()  # of the suppliers, some that are of one of the categories: their words come with it

    @property
    def by_name(self) -> list[UUID]:
        """The suppliers whose words are asked for by themselves."""
        return [one for one in self.suppliers if one not in self.filed]


@dataclass(frozen=True, slots=True)
class Way:
    """How words are asked for: by category, by supplier or whatever they are of."""

    of: QueryString  # the condition on an open row w
    is_by_category: bool = False
    suppliers: Sequence[UUID] = ()

    @property
    def is_by_supplier(self) -> bool:
        return bool(self.suppliers)


def meant(wanted: SearchTarget) -> QueryString:
    """A CTE "meant": each ``supplier`` of a ``category`` that is meant. PostgreSQL, which expects few reviews, would look up the
    categories of each that there are; SQLite is to look up those of the few.
    """
    kept = "MATERIALIZED" if database.is_postgres() else "NOT MATERIALIZED"
    return QueryString(
        f"meant AS {kept} (SELECT k.supplier, k.category FROM suppliers_whole_category k WHERE {{}})",  # noqa: S608
        _one_of("k.category", wanted),
    )


def ways(wanted: SearchTarget) -> Iterator[Way]:
    if wanted.is_everything:
        yield Way(QueryString("w.is_first"))
        return
    if wanted.categories:
        yield Way(_one_of("w.category", wanted), is_by_category=True)
    if wanted.by_name:
        named = database.in_selected("w.supplier", also=wanted.by_name).querystring
        yield Way(QueryString("w.is_first AND {}", named), suppliers=wanted.by_name)


def _one_of(column: str, wanted: SearchTarget) -> QueryString:
    if not wanted.categories:
        return visibility.NEVER
    return QueryString(f"{column} IN ({', '.join('{}' for _ in wanted.categories)})", *wanted.categories)
