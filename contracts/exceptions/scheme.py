"""A school's own rules of buying, as far as exceptions ask them: how many quotes from which value on, and limits. Pure."""

import json
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Final

from base.refusals import Invalid
from contracts.fields.contract_fields import MOST_PENCE

MOST_BANDS: Final = 5  # schemes read have two to four
MOST_QUOTES: Final = 10


@dataclass(frozen=True, slots=True)
class Band:
    """From this value on, so many quotes."""

    from_pence: int
    quotes: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """``supplier_pence``: what all schools looked at may pay one supplier a year before somebody asks. None: no such rule."""

    bands: tuple[Band, ...] = ()
    approval_pence: int | None = None  # from this value on somebody approves it beforehand
    supplier_pence: int | None = None

    def quotes_for(self, pence: int) -> int:
        return max((one.quotes for one in self.bands if one.from_pence <= pence), default=0)

    @property
    def is_empty(self) -> bool:
        return not self.bands and self.approval_pence is None and self.supplier_pence is None


def checked(scheme: Scheme) -> Scheme:
    """With bands in order. Raises Invalid that names each wrong field."""
    problems = {}
    if len(scheme.bands) > MOST_BANDS:
        problems["bands"] = f"Enter at most {MOST_BANDS} values."
    for n, band in enumerate(scheme.bands):
        if not 1 <= band.quotes <= MOST_QUOTES:
            problems[f"quotes-{n}"] = f"Enter a number of quotes from 1 to {MOST_QUOTES}."
        if not 0 <= band.from_pence <= MOST_PENCE:
            problems[f"from-{n}"] = f"Enter an amount of at most £{MOST_PENCE // 100:,}."
    bands = tuple(sorted(scheme.bands, key=lambda band: band.from_pence))
    if any(later.quotes <= band.quotes for band, later in pairwise(bands)):
        problems["from-0"] = "A higher value asks for more quotes than a lower one. Check both."
    if problems:
        raise Invalid("The rules were not saved.", **problems)
    return Scheme(bands, scheme.approval_pence, scheme.supplier_pence)


def to_json(scheme: Scheme) -> str:
    return json.dumps(asdict(scheme), sort_keys=True, separators=(",", ":"))


def of_json(text: str) -> Scheme:
    given = json.loads(text)
    bands = tuple(Band(**one) for one in given["bands"])
    return Scheme(bands, given["approval_pence"], given["supplier_pence"])
