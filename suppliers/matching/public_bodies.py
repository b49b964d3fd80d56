"""Words that tell what kind of body a name is of, and where it is. Pure."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from suppliers.matching.word_pairs import KNOWN, Rarity

COMPASS: Final = frozenset({
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "northeast", "northwest",
    "southeast", "southwest", "central", "upper", "lower", "inner", "outer",
})  # fmt: skip

# Bodies that differ by one word, have many sites under one number, or take over each other's names.
PUBLIC: Final = frozenset({
    "academies", "academy", "borough", "ccg", "church", "college", "council", "county", "diocese", "fire", "government",
    "hospital", "hospitals", "infant", "infants", "junior", "mat", "nhs", "nursery", "parish", "pct", "police", "pre",
    "preschool", "primary", "school", "schools", "surgery", "university",
})  # fmt: skip

# Bodies of two kinds are two, though they share the name of their village: a school, a nursery, a bowling club, a cricket club.
_KINDS: Final = {
    "school": "academies academy college first grammar high infant infants junior middle primary school schools secondary",
    "nursery": "childcare creche daycare kindergarten nurseries nursery playgroup preschool",
    "club": "club clubs",
    "church": "cathedral chapel church parish",
    "health": "clinic dental hospital hospitals medical pharmacy surgery",
    "hospice": "hospice hospices",
    "council": "borough council county district",
    "care": "care home lodge nursing residential",
    "nhs": "ambulance ccg commissioning nhs pct",
    "bowling": "bowling bowls",
    "guides": "brownies guide guides",
    "gymnastics": "gymnastic gymnastics",
    "scouts": "scout scouts",
}
_SPORTS: Final = frozenset({  # each a kind of its own
    "athletics", "boxing", "cricket", "cycling", "football", "golf", "hockey", "judo", "netball", "rugby", "swimming", "tennis",
})  # fmt: skip
KINDS: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()} | {sport: sport for sport in _SPORTS}
RECURRING: Final = frozenset({"church", "nursery", "school"})  # kinds of which many a town has one called after a saint or a tree
ONE_OF_ITS_NAME: Final = frozenset({"academies", "diocese", "multi", "royal", "university"})  # with them, "college" is no school
NO_SCHOOL: Final = frozenset({("primary", "care"), ("after", "school"), ("school", "club")})
OF_SCHOOLS: Final = frozenset({
    "aided", "catholic", "ce", "community", "controlled", "england", "rc", "roman", "saint", "va", "vc", "voluntary",
})  # fmt: skip


@cache
def places() -> frozenset[str]:
    """Towns, villages and counties, from `data/places.txt`."""
    lines = (files("suppliers.matching") / "data" / "places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def may_recur(words: Sequence[str], rarity: Rarity) -> bool:
    """Whether another town may have a school, nursery or church of that name.

    Not where it says its place besides a word of its own, or two of these and one that hardly any name has. Of the 27,108 schools
    in the register one or two in a hundred of those share their name, of the others one in six.
    """
    kinds = {KINDS.get(word) for word, after in zip(words, (*words[1:], ""), strict=False) if (word, after) not in NO_SCHOOL}
    if RECURRING.isdisjoint(kinds) or not ONE_OF_ITS_NAME.isdisjoint(words):
        return False
    own = [word for word in words if word not in KINDS and word not in OF_SCHOOLS]
    return len(own) < 2 or (places().isdisjoint(own) and ("saint" in words or max(map(rarity, own)) < KNOWN))
