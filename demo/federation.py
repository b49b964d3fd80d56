"""A small federation far from the demo town, for whose three schools one business manager keeps suppliers and contracts."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from base import clock
from base.viewer import Role
from contracts.fields.said import Said
from contracts.register import register
from demo import joining as demo_joining
from demo import town as demo_town
from demo.living import Act, Town
from demo.suppliers import Firm
from suppliers.directory import directory
from suppliers.opinions import reviews

BROUGHT: Final = 140  # days ago: when she brought the registers of her schools
HEATING: Final = Firm("Dale Heat & Plumbing", categories=("heating",))
MEALS: Final = Firm("Fellside School Meals", categories=("catering",))
LINES: Final = Firm("Thrissel Broadband", categories=("broadband",))

ROLLS: Final = (("renewal", "rolls"), ("roll", {"n": 12, "unit": "months"}))


@dataclass(frozen=True, slots=True)
class Kept:
    """A contract that ends so many days from today; ``months`` of notice."""

    school: str
    title: str
    firm: Firm
    ends_in: int
    months: int
    annual_pence: int
    more: tuple[tuple[str, Any], ...] = ()


CONTRACTS: Final = (
    Kept("thrisselby", "School meals", MEALS, 238, 3, 3_120_000, ROLLS),
    Kept("garrowgill", "School meals", MEALS, 238, 3, 1_480_000, ROLLS),
    Kept("overthrissel", "School meals", MEALS, 603, 3, 1_240_000, ROLLS),
    Kept("thrisselby", "Care of the boilers", HEATING, 121, 2, 184_000, ROLLS),
    Kept("overthrissel", "Care of the oil boiler", HEATING, 30, 3, 96_000, ROLLS),
    Kept("garrowgill", "Broadband", LINES, 420, 1, 78_000),
)
AGAIN: Final = (("thrisselby", HEATING), ("garrowgill", MEALS))  # whom she would use again, and for which school


def acts() -> Iterator[Act]:
    yield from (Act(BROUGHT + 2, _joins(school)) for school in demo_town.KEEPS_ALL_OF[1:])
    for one in CONTRACTS:
        yield Act(BROUGHT, _uses(one))
        yield Act(BROUGHT, _registers(one))
    yield from (Act(BROUGHT - 10, _vouches(school, firm)) for school, firm in AGAIN)


def _joins(school: str) -> Callable[[Town], Awaitable[None]]:
    """One more school, by an invitation of whoever runs the service: nobody is there yet."""

    async def act(town: Town) -> None:
        first = demo_town.KEEPS_ALL_OF[0], Role.BUSINESS_MANAGER
        staff = next(one for one in demo_town.STAFF if (one.school, one.role) == first)
        town.staff[school, staff.role] = await demo_joining.joins_too(staff, town.schools[school], town.passwords[staff.email])

    return act


def _uses(one: Kept) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        if (one.school, one.firm.name) not in town.used:
            firm = one.firm
            added = await directory.add(town.writer(one.school), name=firm.name, categories=firm.categories)
            town.used[one.school, firm.name] = added.id

    return act


def _registers(one: Kept) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        supplier: UUID = town.used[one.school, one.firm.name]
        values = _values(one, clock.today() + timedelta(days=BROUGHT))
        await register.add(town.writer(one.school), Said(values, supplier=supplier))

    return act


def _values(one: Kept, today: date) -> dict[str, Any]:
    """``today`` is the day on which the town is built."""
    ends = today + timedelta(days=one.ends_in)
    return {
        "title": one.title,
        "starts_on": ends - timedelta(days=3 * 365),
        "ends_on": ends,
        "renewal": "expires",
        "notice": {"n": one.months, "unit": "months"},
        "annual_pence": one.annual_pence,
        "officer": "Business manager",
        "lead": {"n": 1, "unit": "months"},
        **dict(one.more),
    }


def _vouches(school: str, firm: Firm) -> Callable[[Town], Awaitable[None]]:
    async def act(town: Town) -> None:
        await reviews.vouch(town.writer(school), town.used[school, firm.name])

    return act
