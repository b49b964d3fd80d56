"""The comparison as rows of words, a cell a supplier: the page and the files show the same. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from base.words import count, in_words
from suppliers.comparing.comparing import Compared
from suppliers.directory.numbers import phones
from suppliers.matching.identifiers import Scheme
from suppliers.opinions.averages import FEWEST_POOLED, CriterionMean
from suppliers.record import extras, taxonomy
from suppliers.record.criteria import Criterion
from suppliers.record.extras import ExtraQuestion
from web.pages.beside import Dated


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    href: str = ""


Cell: TypeAlias = tuple[Words, ...]  # a line each; none: nothing to say


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]  # in the order of the suppliers


NOTHING: Final = (Words("Nothing yet"),)
TOO_FEW: Final = (Words(f"Fewer than {FEWEST_POOLED} schools"),)


def rows(compared: Sequence[Compared], dated: Mapping[UUID, Sequence[Dated]], now: datetime) -> tuple[Row, ...]:
    """Without rows that say nothing of any of them."""
    said: list[tuple[str, Callable[[Compared], Cell]]] = [
        ("Supplies", _supplies),
        ("Mean rating, of those given to every school", _mean),
        *((one.words, partial(_criterion, one)) for one in Criterion),
        ("Would use them again", _again),
        *((one.words, partial(_answered, one)) for one in extras.questions().values()),
        ("Other schools that you hear", _schools),
        ("Newest word of another school", lambda its: (Words(in_words(its.newest)),) if its.newest else NOTHING),
        ("Evidence given", lambda its: (Words(f"by {count(its.with_evidence, 'school')}"),) if its.with_evidence else ()),
        ("Our own school", lambda its: _ours(its, now)),
        ("Our contracts", lambda its: _contracts(dated.get(its.supplier.id, ()))),
        ("Telephone", lambda its: tuple(Words(one, f"tel:{one.replace(' ', '')}") for one in phones(its.supplier.identifiers))),
        ("Web site", _sites),
    ]
    found = [Row(label, tuple(cell(its) for its in compared)) for label, cell in said]
    return tuple(row for row in found if any(row.cells) and row.cells != (TOO_FEW,) * len(compared))


def _supplies(its: Compared) -> Cell:
    known = taxonomy.by_slug()
    return tuple(Words(known[slug].name) for slug in its.supplier.categories if slug in known)


def _mean(its: Compared) -> Cell:
    return (Words(f"{its.pooled.mean:.1f} out of 5, from {count(its.pooled.count, 'school')}"),) if its.pooled else TOO_FEW


def _criterion(criterion: Criterion, its: Compared) -> Cell:
    means: tuple[CriterionMean, ...] = its.pooled.criteria if its.pooled else ()
    found = next((one for one in means if one.criterion is criterion), None)
    return (Words(f"{found.mean:.1f} out of 5, from {count(found.count, 'school')}"),) if found else TOO_FEW


def _answered(question: ExtraQuestion, its: Compared) -> Cell:
    found = next((one for one in its.answered if one.question is question), None)
    return (Words(found.words),) if found else ()


def _again(its: Compared) -> Cell:
    asked = its.again.would + its.again.would_not
    return (Words(f"{its.again.would:,} of {count(asked, 'school')}"),) if asked else NOTHING


def _schools(its: Compared) -> Cell:
    if not its.schools:
        return NOTHING
    like = (Words(f"{its.like_ours} like yours"),) if its.like_ours else ()
    interested = (Words(f"{its.with_interest} with a declared interest, not counted"),) if its.with_interest else ()
    return (Words(str(its.schools)), *like, *interested)


def _ours(its: Compared, now: datetime) -> Cell:
    used, ours = its.supplier.used_since, its.ours
    found = [f"We use them, since {in_words(used)}"] if used else []
    if ours and ours.said.rating:
        found.append(f"We rate them {ours.said.rating} out of 5")
    if ours and ours.said.would_use_again is not None:
        has_lapsed = ours.lapses_at is not None and ours.lapses_at <= now
        would = "We would use them again" if ours.said.would_use_again else "We would not use them again"
        found.append("Our vouch has lapsed" if has_lapsed else would)
    return tuple(map(Words, found))


def _contracts(dated: Sequence[Dated]) -> Cell:
    lines: list[Words] = []
    for one in dated:
        lines += [Words(one.title, one.href), *(Words(f"{label}: {words}") for label, words in one.days)]
    return tuple(lines)


def _sites(its: Compared) -> Cell:
    return tuple(Words(value, f"https://{value}/") for scheme, value in its.supplier.identifiers if scheme is Scheme.DOMAIN)
