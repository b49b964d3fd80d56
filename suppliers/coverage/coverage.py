"""Of which needs schools have spoken, by local authority and kind of school, and of which none has.

What is counted is what the viewer hears from other schools, or what every school hears. A school counts once for a need, however
many suppliers it speaks of.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import database
from base.viewer import Viewer
from sharing.access import visibility
from sharing.access.presence import on_vouch
from sharing.access.visibility import Principals
from sharing.schools.like_ours import SchoolKind, kind_of
from suppliers.coverage import scopes
from suppliers.coverage.scopes import Scope
from suppliers.coverage.spoken import spoken
from suppliers.record import taxonomy
from suppliers.record.taxonomy import Category

NOBODY: Final = UUID(int=0)  # no school's id

Kind = SchoolKind | None  # None: the register says nothing by which to tell
ByKind = Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class NeedSpoken:
    """How many schools have spoken of suppliers for a need, in all and by kind of school, without noughts."""

    category: Category
    by_kind: ByKind

    @property
    def schools(self) -> int:
        return sum(self.by_kind.values())


@dataclass(frozen=True, slots=True)
class AuthoritySpoken:
    """Of how many needs schools of a local authority have spoken, by kind of school and in all."""

    name: str
    network: UUID | None  # None: of schools that the register puts into no authority
    needs: Mapping[str, ByKind]  # by slug, how many schools
    by_kind: ByKind
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """``needs`` are all of the taxonomy, in its order; ``authorities`` those in which a school has spoken, by name."""

    scope: Scope
    of_everyone: bool
    needs: tuple[NeedSpoken, ...]
    authorities: tuple[AuthoritySpoken, ...]
    silent: tuple[Scope, ...]  # of all schools: the authorities in which none has spoken
    schools: int | None  # open ones in the scope, and how many of these use Vouch; None: of all schools
    on_vouch: int | None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Those of which any school has spoken, in the order of forms."""
        spoken = {kind for need in self.needs for kind in need.by_kind}
        return tuple(kind for kind in (*SchoolKind, None) if kind in spoken)

    @property
    def gaps(self) -> tuple[NeedSpoken, ...]:
        return tuple(need for need in self.needs if not need.by_kind)


async def coverage(viewer: Viewer, network: UUID | None, *, of_everyone: bool) -> Coverage:
    """Of the schools of a network, or of all; ``of_everyone``: of what these share with every school. Raises NotFound."""
    async with database.read():
        principals = await visibility.principals(viewer)
        scope = await scopes.chosen(principals, network)
        there = await scopes.open_schools(scope) if network else None
        using = await on_vouch(there) if there is not None else None
        rows = await spoken(_everyones(principals) if of_everyone else principals, there)
        known = await scopes.authorities()
    authorities = _authorities(rows, {one.name: one.network for one in known})
    heard = {one.name for one in authorities}
    return Coverage(
        scope=scope,
        of_everyone=of_everyone,
        needs=_needs(rows),
        authorities=authorities,
        silent=() if network else tuple(one for one in known if one.name not in heard),
        schools=len(there) if there is not None else None,
        on_vouch=len(using) if using is not None else None,
    )


def _everyones(principals: Principals) -> Principals:
    """A school that is in no network and that no other knows, and that hears what every school does.

    Schools that block the viewer's stay silent.
    """
    return replace(principals, school=NOBODY, membership=None, person=None, place=None, networks={}, connected={})


def _needs(rows: Sequence[Mapping[str, Any]]) -> tuple[NeedSpoken, ...]:
    found: dict[str, dict[Kind, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row["category"]][kind_of(row["phase"])] += row["schools"]
    return tuple(NeedSpoken(category, dict(found[category.slug])) for category in taxonomy.categories())


def _authorities(rows: Sequence[Mapping[str, Any]], networks: Mapping[str, UUID | None]) -> tuple[AuthoritySpoken, ...]:
    found: dict[str, dict[str, dict[Kind, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for row in rows:
        found[row["authority"]][row["category"]][kind_of(row["phase"])] += row["schools"]
    return tuple(_authority(name, networks.get(name), needs) for name, needs in sorted(found.items()))


def _authority(name: str, network: UUID | None, needs: Mapping[str, Mapping[Kind, int]]) -> AuthoritySpoken:
    by_kind: dict[Kind, int] = defaultdict(int)
    for kinds in needs.values():
        for kind in kinds:
            by_kind[kind] += 1
    return AuthoritySpoken(name, network, needs, by_kind, len(needs))
