"""Where a name stands in a text: the name with some words on each side, for whoever decides whether it is erased. Pure."""

import re
from dataclasses import dataclass
from typing import Final

AROUND: Final = 70  # characters on each side of the name


@dataclass(frozen=True, slots=True)
class Passage:
    before: str
    name: str
    after: str


def around(hit: re.Match[str]) -> Passage:
    before, after = hit.string[: hit.start()], hit.string[hit.end() :]
    before = before if len(before) <= AROUND else "…" + before[-AROUND:]
    after = after if len(after) <= AROUND else after[:AROUND] + "…"
    return Passage(before, hit[0], after)
