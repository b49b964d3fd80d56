"""How twelve systems head a list of suppliers, each with a row that they would write, and where its layout was found.

Nothing in tests/data/heading_sets.json is anybody's record: firms, numbers and addresses are made up.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from tests.given.checkout import DATA

NAME: Final = "Larkfield Boilers Ltd"


@dataclass(frozen=True, slots=True)
class HeadingSet:
    """``held`` by heading, what has to be understood; other columns are left out. ``source`` is where the layout was found."""

    system: str
    source: str
    cells: tuple[tuple[str, str], ...]  # heading, cell of the one supplier
    held: dict[str, str]

    @property
    def headings(self) -> list[str]:
        return [heading for heading, _ in self.cells]


def _made(given: dict[str, Any]) -> HeadingSet:
    return HeadingSet(given["system"], given["source"], tuple((heading, cell) for heading, cell in given["cells"]), given["held"])


SETS: Final = tuple(map(_made, json.loads((DATA / "heading_sets.json").read_text(encoding="utf-8"))))
CONTRACTS_FINDER: Final = next(one for one in SETS if one.system == "Contracts Finder")
