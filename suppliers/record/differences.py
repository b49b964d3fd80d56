"""What differs between two states of a supplier's facts: in words, and to be carried over to a third. Pure."""

from dataclasses import replace
from typing import TypeVar

from suppliers.matching.identifiers import Scheme
from suppliers.record import taxonomy
from suppliers.record.facts import Facts
from suppliers.record.labels import LABELS, shown_identifier

T = TypeVar("T")


def are_alike(one: Facts, other: Facts) -> bool:
    """Whether they say the same, in whatever order."""
    return set(one.lines) == set(other.lines)


def as_a_form_shows(known: Facts) -> Facts:
    """With one identifier of each scheme, the first: there is one box for each."""
    first: dict[Scheme, str] = {}
    for scheme, value in known.identifiers:
        first.setdefault(scheme, value)
    return replace(known, identifiers=tuple(first.items()))


def with_what_a_form_hides(typed: Facts, before: Facts) -> Facts:
    """What was typed in such a form, and the identifiers that it had no box for."""
    shown = as_a_form_shows(before).identifiers
    hidden = (one for one in before.identifiers if one not in shown)
    return replace(typed, identifiers=tuple(dict.fromkeys((*typed.identifiers, *hidden))))


def in_words(before: Facts, after: Facts) -> tuple[str, ...]:
    """A line for each thing that differs, such as "Telephone: 01632 960 101 instead of 01632 960 102"."""
    renamed = (f"Name: {after.name} instead of {before.name}",) if after.name != before.name else ()
    aliases = _one_kind("Other name", before.aliases, after.aliases)
    numbers = (_one_kind(label, _of(before, scheme), _of(after, scheme)) for scheme, label in LABELS.items())
    supplies = _one_kind("Supplies", _categories(before), _categories(after))
    return (*renamed, *aliases, *(line for lines in numbers for line in lines), *supplies)


def carried_over(before: Facts, proposed: Facts, now: Facts) -> Facts:
    """What differs between ``before`` and ``proposed``, done to ``now``."""
    return Facts(
        proposed.name if proposed.name != before.name else now.name,
        _carried(before.aliases, proposed.aliases, now.aliases),
        _carried(before.identifiers, proposed.identifiers, now.identifiers),
        _carried(before.categories, proposed.categories, now.categories),
    )


def _carried(before: tuple[T, ...], proposed: tuple[T, ...], now: tuple[T, ...]) -> tuple[T, ...]:
    kept = (one for one in now if one not in before or one in proposed)
    return tuple(dict.fromkeys((*kept, *(one for one in proposed if one not in before))))


def _one_kind(label: str, before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    if len(gone) == len(new) == 1:
        return (f"{label}: {new[0]} instead of {gone[0]}",)
    return (*(f"{label}: {one} added" for one in new), *(f"{label}: {one} taken away" for one in gone))


def _of(known: Facts, scheme: Scheme) -> tuple[str, ...]:
    return tuple(shown_identifier(scheme, value) for one, value in known.identifiers if one is scheme)


def _categories(known: Facts) -> tuple[str, ...]:
    return tuple(taxonomy.by_slug()[slug].name if slug in taxonomy.by_slug() else slug for slug in known.categories)
