"""Under which section of the Freedom of Information Act 2000 something may be left out of an answer.

`sections.csv` has the headings of the Act as they stand on legislation.gov.uk; what is beside them is in our words, no advice.
Which are absolute, section 2(3) says: of 40 what 40(2) exempts for the first of its conditions. Of the others the public interest
is weighed, but for 12, which is no exemption of part II: it is about what the whole request costs. Sections that no school meets
(security, defence, court records) are not in it.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from disclosure.foi.reasons import Ask

_FILE: Final = Path(__file__).with_name("sections.csv")
_ACT: Final = "https://www.legislation.gov.uk/ukpga/2000/36/section/"


@dataclass(frozen=True, slots=True)
class Section:
    """``kind`` is absolute, qualified (the public interest is weighed) or cost limit; ``says`` is what it says in our words,
    ``asks`` what whoever relies on it has to say.
    """

    section: str
    heading: str
    kind: str
    says: str
    asks: tuple[Ask, ...]

    @property
    def address(self) -> str:
        return f"{_ACT}{self.section}"

    @property
    def words(self) -> str:
        return f"Section {self.section}: {self.heading}"


@cache
def by_number() -> Mapping[str, Section]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["section"]: _section(row) for row in csv.DictReader(file)})


def _section(row: Mapping[str, str]) -> Section:
    asks = tuple(map(Ask, row["asks"].split()))
    return Section(row["section"], row["heading"], row["kind"], row["says"], asks)
