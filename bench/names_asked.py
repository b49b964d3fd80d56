"""Names to ask for: real ones, more like them, and the same as a hurried person or another ledger writes them."""

import csv
import gzip
import random
from collections import defaultdict
from pathlib import Path

from rapidfuzz import fuzz

from suppliers.matching.keys import initials, words
from suppliers.matching.names import normalise
from suppliers.matching.rarity import vocabulary

NEAR = 90  # of 100: the whole names, run together, are all but equal
DISTINCTIVE = 0.7  # rarity of a word in 1 name of 3,000
LONG = 12  # letters of a name that two slips leave recognisable


def column(path: Path, column: str) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [row[column] for row in csv.DictReader(file)]


def clusters(path: Path) -> list[list[str]]:
    """The names of each supplier that has several."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, entity in zip(column(path, "name"), column(path, "entity_id"), strict=True):
        found[entity].add(name)
    return [sorted(cluster) for cluster in found.values() if len(cluster) > 1]


def catalogue(real: list[str], wanted: list[str], size: int) -> list[str]:
    """Real names, those that are asked for among them; then recombined ones."""
    chance = random.Random(1)
    chosen = dict.fromkeys(wanted if size > len(wanted) else chance.sample(wanted, size // 2))
    chosen |= dict.fromkeys(chance.sample(real, min(size, len(real))))
    split = [(words[: (len(words) + 1) // 2], words[(len(words) + 1) // 2 :]) for words in map(str.split, real) if len(words) > 1]
    while len(chosen) < size:
        (head, _), (_, tail) = chance.choice(split), chance.choice(split)
        chosen[" ".join([*head, *tail])] = None
    return list(chosen)[:size]


def slip(name: str, chance: random.Random) -> str:
    """One letter left out of a name, as a hurried person types it."""
    at = chance.randrange(len(name))
    return name[:at] + name[at + 1 :]


def worse(name: str, chance: random.Random) -> str:
    """A name as somebody else's ledger may have it."""
    kind = chance.randrange(6)
    if kind == 0:
        return slip(slip(name, chance) if len(name) >= LONG else name, chance)
    if kind == 1:
        at = chance.randrange(len(name) - 1)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 2:
        at = chance.randrange(len(name))
        return name[:at] + chance.choice("aeinorst") + name[at + 1 :]
    if kind == 3:
        return name.removesuffix(" LTD").removesuffix(" Ltd") if name.lower().endswith(" ltd") else f"{name} Ltd"
    if kind == 4:
        return f"{slip(name, chance)} ({chance.randrange(1000, 9999)})"
    return name[: max(8, len(name) * 4 // 5)]


def is_reachable(left: str, right: str) -> bool:
    """They share a distinctive word, are all but equal run together, or one is the initials of the other."""
    one, other = normalise(left), normalise(right)
    shared = words([one]) & words([other])
    if any(vocabulary()(word) >= DISTINCTIVE for word in shared):
        return True
    joined = ["".join(name.loose) for name in (one, other)]
    return fuzz.ratio(*joined) >= NEAR or (initials(one.loose) == initials(other.loose) != "")
