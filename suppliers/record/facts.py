"""What a supplier is: its names, identifiers and categories. Checked when given, kept as rows, read for many at once."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import database
from base import text
from base.refusals import Invalid
from suppliers.matching.identifiers import Identifiers, NotAnIdentifier, Scheme, parse
from suppliers.matching.names import LONGEST, normalise
from suppliers.record import merge_edges, merge_forest, taxonomy
from suppliers.tables import Alias, Identifier, Supplies

SHORTEST_NAME: Final = 2  # characters: BT is a supplier, a single letter is a slip
MOST_ALIASES: Final = 20  # the directory's most written-about supplier has about as many spellings
MOST_CATEGORIES: Final = 10  # one that supplies everything tells nothing

NO_IDENTIFIERS: Final[Mapping[str, str]] = {}

# By kind, as ``Facts.lines`` calls them.
_AS_WRITTEN: Final = """SELECT id AS supplier, 'name' AS kind, name AS value FROM suppliers_supplier WHERE id = ANY($1)
    UNION ALL SELECT supplier, 'alias', name FROM suppliers_alias WHERE supplier = ANY($1)
    UNION ALL SELECT supplier, scheme, value FROM suppliers_identifier WHERE supplier = ANY($1)
    UNION ALL SELECT supplier, 'category', category FROM suppliers_supplies WHERE supplier = ANY($1) ORDER BY kind, value"""


@dataclass(frozen=True, slots=True)
class Facts:
    name: str
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[Scheme, str], ...] = ()  # canonical; a supplier may have several of a scheme
    categories: tuple[str, ...] = ()  # slugs of taxonomy.csv

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)

    @property
    def exact(self) -> str:
        return normalise(self.name).exact

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a fact, as suppliers/record/merge_forest.py takes them."""
        return (
            f"name:{self.name}",
            *(f"alias:{alias}" for alias in self.aliases),
            *(f"{scheme}:{value}" for scheme, value in self.identifiers),
            *(f"category:{slug}" for slug in self.categories),
        )

    @property
    def texts(self) -> dict[str, str]:
        """What may be a person's, as entries of the trail keep it, each to be erased by itself: name, aliases, identifiers as
        "scheme:value"; "" for none.
        """
        numbers = [f"{scheme}:{value}" for scheme, value in self.identifiers]
        return {"name": self.name, "aliases": ", ".join(self.aliases), "identifiers": ", ".join(numbers)}

    def as_dict(self) -> dict[str, Any]:
        """As imports and older entries of the trail keep them: name, aliases, identifiers as "scheme:value", and categories."""
        return {
            "name": self.name,
            "aliases": list(self.aliases),
            "identifiers": [f"{scheme}:{value}" for scheme, value in self.identifiers],
            "categories": list(self.categories),
        }


def from_dict(given: Mapping[str, Any]) -> Facts:
    """The facts that ``Facts.as_dict`` made ``given`` of."""
    identifiers = (identifier.partition(":") for identifier in given["identifiers"])
    pairs = tuple((Scheme(scheme), value) for scheme, _, value in identifiers)
    return Facts(given["name"], tuple(given["aliases"]), pairs, tuple(given["categories"]))


def checked(
    *,
    name: str,
    aliases: Iterable[str] = (),
    identifiers: Mapping[str, str] = NO_IDENTIFIERS,
    categories: Iterable[str] = (),
) -> Facts:
    """What somebody typed, fit to keep; ``identifiers`` by scheme name. Raises Invalid with every wrong field at once."""
    wrong: dict[str, str] = {}
    found = Facts(
        name=_attempt(wrong, lambda: _name(name)) or "",
        aliases=_attempt(wrong, lambda: _aliases(aliases, name)) or (),
        identifiers=_identifiers(identifiers, wrong),
        categories=_attempt(wrong, lambda: _categories(categories)) or (),
    )
    if wrong:
        raise Invalid(next(iter(wrong.values())) if len(wrong) == 1 else "Check the answers below.", **wrong)
    return found


def of_lines(lines: Iterable[str]) -> Facts:
    """The facts that ``Facts.lines`` wrote as ``lines``."""
    found: dict[str, list[str]] = {}
    for line in lines:
        kind, _, value = line.partition(":")
        found.setdefault(kind, []).append(value)
    return _of_kinds(found)


def _of_kinds(found: Mapping[str, Sequence[str]]) -> Facts:
    return Facts(
        name=found["name"][0],
        aliases=tuple(found.get("alias", ())),
        identifiers=tuple((scheme, value) for scheme in Scheme for value in found.get(scheme.value, ())),
        categories=tuple(found.get("category", ())),
    )


def as_far_as_typed(raw: Mapping[str, str]) -> Identifiers:
    """The identifiers of somebody who is still typing, by scheme; those that are not whole yet are left out."""
    whole: dict[str, str] = {}
    for scheme in Scheme:
        if scheme.value in raw:
            with suppress(NotAnIdentifier):
                whole[scheme.value] = parse(scheme, raw[scheme.value])
    return Identifiers(**whole)


async def save(supplier: UUID, facts: Facts) -> None:
    """Writes all but the name, which is the supplier's own column. Inside a recording unit."""
    if facts.aliases:
        await Alias.insert(*(Alias(id=uuid4(), supplier=supplier, name=alias, kind="also") for alias in facts.aliases))
    if facts.identifiers:
        rows = (
            Identifier(id=uuid4(), supplier=supplier, scheme=scheme.value, value=value) for scheme, value in facts.identifiers
        )
        await Identifier.insert(*rows)
    if facts.categories:
        await Supplies.insert(*(Supplies(id=uuid4(), supplier=supplier, category=c) for c in facts.categories))


async def replace(supplier: UUID, facts: Facts) -> None:
    """Writes all but the name in place of what is there. Inside a recording unit.

    A category that stays is left alone: with each that comes or goes, a row for each review of the supplier does.
    """
    for table in (Alias, Identifier):
        await table.delete().where(table.supplier == supplier)
    await Supplies.delete().where((Supplies.supplier == supplier) & database.outside(Supplies.category, facts.categories))
    kept = await Supplies.select(Supplies.category).where(Supplies.supplier == supplier).output(as_list=True)
    await save(supplier, dataclasses.replace(facts, categories=tuple(one for one in facts.categories if one not in kept)))


async def load(suppliers: Iterable[UUID]) -> dict[UUID, Facts]:
    """The facts of each, with those of the suppliers merged into it; none for an id that is not there.

    The caller has checked that all may be seen. Only entries add facts to a directory entry: a school's own record that
    joined it is that school's alone.
    """
    ids = list(suppliers)
    known = await as_written(ids)
    parts = await merge_edges.parts(known)
    if not parts:
        return known
    below = await merge_edges.live({member for members in parts.values() for member in members})
    lines = {one: found.lines for one, found in (await as_written({*parts, *(m for p in parts.values() for m in p)})).items()}
    return known | {root: of_lines(merge_forest.combined(below, lines, root)) for root in parts}


async def as_written(suppliers: Iterable[UUID]) -> dict[UUID, Facts]:
    """The facts of each by itself, whatever was merged into it. One statement."""
    ids = list(suppliers)
    found: dict[UUID, dict[str, list[str]]] = {}
    for row in await database.select(_AS_WRITTEN, ids) if ids else ():
        found.setdefault(database.id_of(row["supplier"]), {}).setdefault(row["kind"], []).append(row["value"])
    return {supplier: _of_kinds(kinds) for supplier, kinds in found.items() if "name" in kinds}


def _attempt(wrong: dict[str, str], check: Any) -> Any:
    try:
        return check()
    except Invalid as refusal:
        wrong |= refusal.fields
        return None


def _name(raw: str) -> str:
    name = text.line(raw, field="name", longest=LONGEST, required=False)
    if len(name) < SHORTEST_NAME or not normalise(name).exact:
        raise _invalid("name", f"Enter the supplier's name, in {SHORTEST_NAME} to {LONGEST} characters.")
    return name


def _aliases(raw: Iterable[str], name: str) -> tuple[str, ...]:
    given = (text.line(alias, field="aliases", longest=LONGEST, required=False) for alias in raw)
    aliases = tuple(dict.fromkeys(alias for alias in given if alias and alias != name.strip()))
    if len(aliases) > MOST_ALIASES:
        raise _invalid("aliases", f"Enter at most {MOST_ALIASES} other names.")
    if any(not normalise(alias).exact for alias in aliases):
        raise _invalid("aliases", "Enter other names with letters or figures.")
    return aliases


def _identifiers(raw: Mapping[str, str], wrong: dict[str, str]) -> tuple[tuple[Scheme, str], ...]:
    found: list[tuple[Scheme, str]] = []
    for scheme in Scheme:
        value = raw.get(scheme.value, "").strip()
        if not value:
            continue
        try:
            found.append((scheme, parse(scheme, value)))
        except NotAnIdentifier as error:
            wrong[scheme.value] = error.sentence
    return tuple(found)


def _categories(raw: Iterable[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(raw))
    if any(category not in taxonomy.by_slug() for category in chosen):
        raise _invalid("categories", "Choose categories from the list.")
    if len(chosen) > MOST_CATEGORIES:
        raise _invalid("categories", f"Choose at most {MOST_CATEGORIES} categories.")
    return chosen


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, **{field: sentence})
