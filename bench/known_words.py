"""Words that the counted names hold too seldom: places elsewhere, what schools buy, and people's names, which were taken out.

The 16 bodies whose names are counted are mostly of the North, so "Wisbech" is in none of them; in the list of a school there it
is in every twentieth. Each such word has a share: of how many names, at least, it is taken to be a part.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from suppliers.matching.names import TITLES
from suppliers.matching.public_bodies import places

HERE: Final = Path(__file__).parent
SCHOOLS: Final = HERE.parent / "sharing" / "schools" / "data" / "schools.csv.gz"
TRADES: Final = HERE / "data" / "trades.txt"
PEOPLE: Final = HERE / "data" / "people.csv.gz"  # of 100,000 in the United States' census of 1990, in the public domain

OF_A_PLACE: Final = 1 / 1000
OF_A_TRADE: Final = 1 / 1000
PEOPLE_PAID: Final = 1 / 5  # of the names in a school's list, those that hold a person's

# Ahead of these words stands, in the name of a primary school, where it is: "Abbotsham VA C of E Primary School".
_OF_SCHOOLS: Final = re.compile(
    r"\b(?:c ?of ?e|church of england|c\.?e\.?|church in wales|ciw|rc|catholic|v[ac]|voluntary|aided|controlled|community|primary"
    r"|infants?|junior|nursery|first|lower|school|ysgol|academy|jmi|j ?& ?i)\b",
    re.IGNORECASE,
)
_SAINT: Final = re.compile(r"\b(?:st|saint)\.? ([a-z]{3,})")
_TITLES: Final = TITLES | frozenset({
    "canon", "captain", "colonel", "dame", "doctor", "father", "hon", "judge", "lady", "lord", "major", "master", "sister",
})  # fmt: skip
SHORTEST: Final = 2  # letters


def shares() -> dict[str, float]:
    """Word -> of how many names, at least, it is taken to be a part, 0..1."""
    found = dict.fromkeys((*_trades(), *_TITLES), OF_A_TRADE)
    found |= dict.fromkeys((*places(), *_localities()), OF_A_PLACE)
    with gzip.open(PEOPLE, "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            found[row["word"]] = max(found.get(row["word"], 0.0), int(row["of_100000"]) / 100_000 * PEOPLE_PAID)
    return {word: share for word, share in found.items() if len(word) >= SHORTEST}


def _localities() -> Iterator[str]:
    """Towns and authorities of the shipped schools, and what they are called after: a village, an estate, a saint."""
    with gzip.open(SCHOOLS, "rt", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            yield from _words(row["town"])
            yield from _words(row["local_authority"])
            head = _words(_OF_SCHOOLS.split(row["name"])[0])
            if row["phase"] == "Primary" and len(head) == 1:
                yield from head
            yield from _SAINT.findall(row["name"].casefold().replace("'", ""))


def _trades() -> list[str]:
    return [line for line in TRADES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.casefold().replace("'", ""))
