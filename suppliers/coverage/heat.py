"""The report as tables to look at: the more a cell has of what it could have, the darker. Each says its number too. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from suppliers.coverage.coverage import Coverage, Kind, NeedSpoken
from suppliers.record import taxonomy

SHADES: Final = 4  # beside none; the last one is for all


@dataclass(frozen=True, slots=True)
class HeatCell:
    """``number`` of ``most``; ``shade`` from 0, for none, to SHADES, for all."""

    number: int
    most: int

    @property
    def shade(self) -> int:
        if not self.number:
            return 0
        return SHADES if self.number >= self.most else 1 + (SHADES - 1) * self.number // self.most


@dataclass(frozen=True, slots=True)
class HeatRow:
    """``cells`` by kind of school, in the order of `Coverage.kinds`; ``any_kind`` of all of them together."""

    name: str
    network: UUID | None
    cells: tuple[HeatCell, ...]
    any_kind: HeatCell


@dataclass(frozen=True, slots=True)
class Group:
    """A group of needs: those that schools have spoken of, and those that none has."""

    name: str
    spoken: tuple[NeedSpoken, ...]
    gaps: tuple[NeedSpoken, ...]


def by_group(found: Coverage) -> tuple[HeatRow, ...]:
    """Of how many needs of each group schools have spoken."""
    rows = []
    for name, grouped in groupby(found.needs, key=lambda need: need.category.group):
        needs = tuple(grouped)
        spoken: Mapping[Kind, int] = {kind: sum(kind in need.by_kind for need in needs) for kind in found.kinds}
        rows.append(_row(name, None, spoken, found.kinds, sum(1 for need in needs if need.by_kind), len(needs)))
    return tuple(rows)


def by_authority(found: Coverage) -> tuple[HeatRow, ...]:
    """Of how many needs schools of each local authority have spoken."""
    most = len(taxonomy.categories())
    return tuple(_row(one.name, one.network, one.by_kind, found.kinds, one.total, most) for one in found.authorities)


def groups(found: Coverage) -> tuple[Group, ...]:
    gathered = ((name, tuple(needs)) for name, needs in groupby(found.needs, key=lambda need: need.category.group))
    return tuple(
        Group(name, tuple(one for one in needs if one.by_kind), tuple(one for one in needs if not one.by_kind))
        for name, needs in gathered
    )


def _row(name: str, network: UUID | None, numbers: Mapping[Kind, int], kinds: tuple[Kind, ...], total: int, most: int) -> HeatRow:
    return HeatRow(name, network, tuple(HeatCell(numbers.get(kind, 0), most) for kind in kinds), HeatCell(total, most))
