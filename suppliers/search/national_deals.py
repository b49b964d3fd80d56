"""National deals that a school may buy by, said beside what schools say of suppliers. Pure.

The list is `data/national_deals.csv`: who reads a source writes down the newest day that it tells of. Vouch never asks it again,
so a deal that nobody looked at for a year is not shown, nor one that has ended. They rank nothing.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

GOOD_FOR: Final = timedelta(days=365)  # from the day that its source told of


@dataclass(frozen=True, slots=True)
class NationalDeal:
    category: str  # slug
    name: str
    run_by: str
    says: str  # what it is, and for whom, in a sentence or two
    url: str  # where to buy by it
    source: str  # the page that was read
    as_of: date  # the newest day that this page told of
    ends_on: date | None  # its last day, where the source says one

    def holds_on(self, day: date) -> bool:
        return day < self.as_of + GOOD_FOR and (self.ends_on is None or day <= self.ends_on)


@cache
def deals() -> tuple[NationalDeal, ...]:
    with (files("suppliers.search") / "data" / "national_deals.csv").open(encoding="utf-8") as table:
        return tuple(map(_deal, csv.DictReader(table)))


def of_category(slug: str, day: date) -> tuple[NationalDeal, ...]:
    """Those that are to be shown on that day."""
    return tuple(deal for deal in deals() if deal.category == slug and deal.holds_on(day))


def _deal(row: dict[str, str]) -> NationalDeal:
    ends_on = date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
    told = {name: row[name] for name in ("category", "name", "run_by", "says", "url", "source")}
    return NationalDeal(**told, as_of=date.fromisoformat(row["as_of"]), ends_on=ends_on)
