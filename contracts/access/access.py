"""Who may read a contract, and what of it: its own school, schools that a trust's contract covers, leads of the school's trust,
and whom it is shared with.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from piccolo.columns.combination import And, Or, WhereRaw
from piccolo.query import Select
from piccolo.querystring import QueryString

import database
from base.viewer import Viewer
from contracts.fields.contract_fields import FIELDS, Opened
from contracts.tables import Contract, Covered
from sharing.access import visibility
from sharing.access.fields import CONTRACT, Fields
from sharing.access.visibility import Principals


class Standing(StrEnum):
    """As what the viewer reads a contract."""

    OURS = "ours"
    COVERED = "covered"  # a trust's, which serves the viewer's school too
    LED = "led"  # a school's of the trust that the viewer is a lead of
    SHARED = "shared"


_ALL: Final = frozenset(one.name for one in FIELDS)
_WHY: Final = frozenset({"notes", "conflicts", "quotes", "award_reason"})  # how the owner chose, and what it thinks, are its own
_THOUGHTS: Final = frozenset({"notes", "lessons"})  # which a lead of the trust doesn't read
PRICES: Final = frozenset({"annual_pence", "total_pence", "price_schedule", "uplift", "exit_penalty", "lease_payments"})
# Looked at when somebody reads, as both ends of a network are: whoever left the trust, or closed, is served no more.
_STILL_OF_THE_TRUST: Final = WhereRaw("""(SELECT 1 FROM contracts_contract o
    JOIN sharing_school t ON t.id = o.school AND t.kind = 'trust'
    JOIN sharing_network w ON w.code = t.uid AND w.kind = 'trust' AND w.source = 'register'
    JOIN sharing_network_member m ON m.network = w.id AND m.school = contracts_covered.school AND m.until_at IS NULL
    WHERE o.id = contracts_covered.contract LIMIT 1) IS NOT NULL""")
_GROUPS: Final[Mapping[Opened, Fields]] = {Opened.TERMS: Fields.TERMS, Opened.DATES: Fields.DATES}


def readable(principals: Principals, led: Collection[UUID] = ()) -> Or:
    """The where-clause of every read of contracts: those that the predicate opens, those that cover the viewer's school, and
    those of the schools that the viewer is a trust lead of (``sharing/people/trust_leads.py``).
    """
    return Or(Or(visibility.visible(principals, Contract), _covers(principals.school)), _of_each(led))


def ours(*schools: UUID) -> WhereRaw:
    """The where-clause of the own contracts of a school, or of several, in sight."""
    named = QueryString(", ".join("{}" for _ in schools), *schools)
    return WhereRaw("({} IN ({}) AND {})", QueryString("{}", Contract.school), named, _in_sight())


def serving(school: UUID, led: Collection[UUID] = ()) -> Or:
    """The where-clause of a school's register: its own contracts, those of its trust that cover it, and for a lead of a trust
    those of its schools.
    """
    return Or(Or(ours(school), _covers(school)), _of_each(led))


def parts_of_register(*schools: UUID, led: Collection[UUID] = ()) -> tuple[QueryString, ...]:
    """The same register, or that of several schools, as conditions on contracts and their ``contracts_dates_from d``, which
    exclude each other: what the schools have, and what covers them. Each is answered by an index, which both at once are not.
    """
    owners = QueryString(", ".join("{}" for _ in range(len(schools) + len(led))), *schools, *led)
    covering = database.in_selected("d.contract", covered(*schools).querystrings[0]).querystring
    return (
        QueryString("d.school IN ({}) AND {}", owners, _in_sight()),
        QueryString("{} AND d.school NOT IN ({}) AND {}", covering, owners, _in_sight()),
    )


def mask(principals: Principals) -> QueryString:
    """A column called "mask": the Fields of a contract that shares open to the viewer; all of them to its own school."""
    return visibility.mask(principals, Contract, groups=CONTRACT)


def opened(mask: int) -> frozenset[Opened]:
    """The groups of fields that a mask opens."""
    return frozenset(group for group, field in _GROUPS.items() if field in Fields(mask))


def standing(viewer: Viewer, owner: UUID, *, is_covered: bool, led: Collection[UUID] = ()) -> Standing:
    if owner == viewer.school:
        return Standing.OURS
    return Standing.COVERED if is_covered else Standing.LED if owner in led else Standing.SHARED


def fields_read(
    as_what: Standing, opened: frozenset[Opened] = frozenset(), *, is_price_confidential: bool = False
) -> frozenset[str]:
    """The names of the fields that somebody with this standing reads; ``opened`` are the groups that shares open to them."""
    if as_what is Standing.OURS:
        return _ALL
    if as_what is Standing.LED:
        return _ALL - _THOUGHTS
    if as_what is Standing.COVERED:
        return _ALL - _WHY - (PRICES if is_price_confidential else frozenset())
    return frozenset(one.name for one in FIELDS if one.opened in opened)


async def is_covered(contract: UUID, school: UUID) -> bool:
    """Whether another's contract serves the school. Inside the caller's unit."""
    its = (Covered.contract == contract) & (Covered.school == school)
    return await Covered.exists().where(its, _STILL_OF_THE_TRUST)


async def covers(contracts: Collection[UUID], schools: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of these contracts of others serves which of the schools: (contract, school). Inside the caller's unit."""
    its = database.among(Covered.contract, contracts) & database.among(Covered.school, schools)
    return {(row["contract"], row["school"]) for row in await Covered.select().where(its, _STILL_OF_THE_TRUST)}


def covered(*schools: UUID) -> Select[Covered]:
    """The ids of the contracts of others that serve a school, or one of several."""
    return Covered.select(Covered.contract).where(database.among(Covered.school, schools), _STILL_OF_THE_TRUST)


def _covers(school: UUID) -> WhereRaw:
    return WhereRaw(
        "({} AND {})", database.in_selected("contracts_contract.id", covered(school).querystrings[0]).querystring, _in_sight()
    )


def _of_each(schools: Collection[UUID]) -> And:
    return And(database.among(Contract.school, schools), WhereRaw("{}", _in_sight()))


def _in_sight() -> QueryString:
    return QueryString("({} IS NULL AND {} IS NULL)", Contract.withdrawn_at, Contract.hidden_at)
