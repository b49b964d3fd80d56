"""Words that tell what kind of body a name is of, and where it is. Pure."""

from functools import cache
from importlib.resources import files
from typing import Final

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

# Bodies of two kinds are two, though they share the name of their village: a school, a nursery, a bowling club.
_KINDS: Final = {
    "school": "academies academy college first grammar high infant infants junior middle primary school schools secondary",
    "nursery": "childcare creche daycare kindergarten nurseries nursery playgroup preschool",
    "club": "bowling club clubs cricket football guide guides rugby scout scouts",
    "church": "cathedral chapel church parish",
    "health": "clinic dental hospice hospital hospitals medical pharmacy surgery",
    "council": "borough council county district",
    "care": "care home lodge nursing residential",
    "nhs": "ambulance ccg commissioning nhs pct",
}
KINDS: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}


@cache
def places() -> frozenset[str]:
    """Towns, villages and counties, from `data/places.txt`."""
    lines = (files("suppliers.matching") / "data" / "places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
