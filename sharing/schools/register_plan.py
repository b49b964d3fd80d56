"""What a register file would change in the schools that we know. Pure: the import saves it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from base.refusals import Invalid
from sharing.schools.names import search_name
from sharing.schools.register import RegisterRow
from sharing.schools.register_values import Status

# A complete file of which so much is missing isn't complete, whatever it is called.
MOST_ABSENT: Final = 0.05
FEW_ABSENT: Final = 20  # too few to be a cut file: a small installation, where one school is a large part


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What the register says about a school, named as the columns of the table."""

    urn: int
    ukprn: int | None
    name: str
    search_name: str
    phase: str
    status: str
    local_authority: str
    trust_name: str | None
    town: str
    postcode: str
    lat: float | None
    lon: float | None
    opened_on: date | None
    closed_on: date | None
    pupils: int | None
    is_rural: bool | None


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school that we have, by our id."""

    id: UUID
    facts: SchoolFacts


@dataclass(frozen=True, slots=True)
class RegisterPlan:
    added: tuple[SchoolFacts, ...]
    changed: tuple[KnownSchool, ...]  # as they are to be
    closed: tuple[KnownSchool, ...]  # likewise; were open, are no longer
    unchanged: int


def plan(
    rows: Iterable[RegisterRow], known: Mapping[int, KnownSchool], *, complete: bool, spared: frozenset[int] | None = frozenset()
) -> RegisterPlan:
    """What the file would change. ``known`` by URN. In a file that isn't ``complete`` a blank keeps what we know.

    A complete file closes the open schools that it leaves out, except those with ``spared`` URNs; where ``spared`` is
    None it closes none, because some URNs could not be read. Raises Invalid when it leaves out too many to be true.
    """
    added: list[SchoolFacts] = []
    changed: list[KnownSchool] = []
    closed: list[KnownSchool] = []
    seen: set[int] = set()
    for row in rows:
        seen.add(row.urn)
        ours = known.get(row.urn)
        if ours is None:
            added.append(_facts(row))
            continue
        facts = _facts(row) if complete else _with_what_we_know(_facts(row), ours.facts)
        if facts != ours.facts:
            was_open = ours.facts.status == Status.OPEN
            (closed if was_open and facts.status == Status.CLOSED else changed).append(KnownSchool(ours.id, facts))
    unchanged = len(seen & known.keys()) - len(changed) - len(closed)
    absent = _absent(known, seen | spared) if complete and spared is not None else []
    return RegisterPlan(tuple(added), tuple(changed), (*closed, *absent), unchanged)


def _facts(row: RegisterRow) -> SchoolFacts:
    return SchoolFacts(
        urn=row.urn,
        ukprn=row.ukprn,
        name=row.name,
        search_name=search_name(row.name, row.town, row.postcode),
        phase=row.phase,
        status=row.status.value,
        local_authority=row.local_authority,
        trust_name=row.trust_name,
        town=row.town,
        postcode=row.postcode,
        lat=row.lat,
        lon=row.lon,
        opened_on=row.open_date,
        closed_on=row.close_date,
        pupils=row.pupils,
        is_rural=row.is_rural,
    )


def _with_what_we_know(new: SchoolFacts, old: SchoolFacts) -> SchoolFacts:
    lat, lon = (old.lat, old.lon) if new.lat is None else (new.lat, new.lon)
    town, postcode = new.town or old.town, new.postcode or old.postcode
    return replace(
        new,
        ukprn=new.ukprn or old.ukprn,
        search_name=search_name(new.name, town, postcode),
        phase=new.phase or old.phase,
        local_authority=new.local_authority or old.local_authority,
        trust_name=new.trust_name or old.trust_name,
        town=town,
        postcode=postcode,
        lat=lat,
        lon=lon,
        opened_on=new.opened_on or old.opened_on,
        closed_on=new.closed_on or old.closed_on,
        pupils=old.pupils if new.pupils is None else new.pupils,
        is_rural=old.is_rural if new.is_rural is None else new.is_rural,
    )


def _absent(known: Mapping[int, KnownSchool], present: set[int]) -> list[KnownSchool]:
    still_open = [ours for ours in known.values() if ours.facts.status == Status.OPEN]
    absent = [ours for ours in still_open if ours.facts.urn not in present]
    if len(absent) > max(FEW_ABSENT, MOST_ABSENT * len(still_open)):
        raise Invalid(
            f"This file leaves out {len(absent):,} of the {len(still_open):,} open schools, "
            "so it can't be the complete register. Nothing was imported."
        )
    return [KnownSchool(ours.id, replace(ours.facts, status=Status.CLOSED.value)) for ours in absent]
