"""What the search page was asked, as its address has it: read, said as tags that take themselves away, and put together again."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from base.refusals import Invalid
from base.words import count
from sharing.schools.like_ours import SchoolKind
from suppliers.search.filters import Filters, Whose

USUAL: Final = {"miles": "10", "linked": "yes"}  # what is meant where the address says nothing
RATINGS: Final = ("5", "4", "3", "2")
NARROWING: Final = ("rating", "would_use_again", "whose", "phase", "like_ours", "evidence")
WHOSE: Final = {Whose.TRUST: "Our trust or federation", Whose.NETWORKS: "Our networks, trust or federation"}
OFFERED: Final = {  # by the lists of the form
    "rating": [("", "Any"), ("5", "5 out of 5"), *((one, f"{one} or more out of 5") for one in RATINGS[1:])],
    "whose": [("", "Every school that you can hear"), *((one.value, words) for one, words in WHOSE.items())],
    "phase": [("", "Every kind of school"), *((one.value, one.words.capitalize()) for one in SchoolKind)],
}


def filters(values: Mapping[str, str]) -> Filters:
    """Raises Invalid that says of each value what may be chosen."""
    problems = {name: sentence for name, sentence in _SENTENCES.items() if values.get(name, "") not in _CHOICES[name]}
    if problems:
        raise Invalid(next(iter(problems.values())), **problems)
    said = {name: values.get(name, "") for name in NARROWING}
    return Filters(
        rating=int(said["rating"]) if said["rating"] else None,
        would_use_again=said["would_use_again"] == "yes",
        evidence=said["evidence"] == "yes",
        like_ours=said["like_ours"] == "yes",
        phase=SchoolKind(said["phase"]) if said["phase"] else None,
        whose=Whose(said["whose"]) if said["whose"] else None,
    )


def address(values: Mapping[str, str], **changed: str | int) -> str:
    """Of the search, with what is not as usual."""
    asked = {name: str(value) for name, value in {**values, **changed}.items()}
    return "/search?" + urlencode(
        {name: value for name, value in asked.items() if value != USUAL.get(name, "") or name == "need"}
    )


def tags(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each thing by which this search is narrowed, or is not as usual, and the address of the same search without it."""
    found = [(name, words) for name, words in _words(values).items() if words]
    return [(words, address(values, **{name: USUAL.get(name, "")})) for name, words in found]


def _words(values: Mapping[str, str]) -> dict[str, str]:
    miles = count(int(values["miles"]), "mile")
    phase, whose, rating = values["phase"], values["whose"], values["rating"]
    return {
        "near": f"near {values['near']}" if values["near"] else "",
        "miles": f"within {miles}" if values["miles"] != USUAL["miles"] else "",
        "linked": f"only schools within {miles}" if values["linked"] == "no" else "",
        "rating": f"rated at least {rating} out of 5" if rating in RATINGS else "",
        "would_use_again": "schools would use them again" if values["would_use_again"] == "yes" else "",
        "whose": WHOSE[Whose(whose)] if whose in list(Whose) else "",
        "phase": SchoolKind(phase).words if phase in list(SchoolKind) else "",
        "like_ours": "schools like ours" if values["like_ours"] == "yes" else "",
        "evidence": "evidence given" if values["evidence"] == "yes" else "",
    }


_YES: Final = ("", "yes")
_CHOICES: Final = {
    "rating": ("", *RATINGS),
    "would_use_again": _YES,
    "whose": ("", *Whose),
    "phase": ("", *SchoolKind),
    "like_ours": _YES,
    "evidence": _YES,
}
_SENTENCES: Final = {
    "rating": "Choose a rating from the list.",
    "would_use_again": "Tick it, or leave it empty.",
    "whose": "Choose from the list whose words count.",
    "phase": "Choose a kind of school from the list.",
    "like_ours": "Tick it, or leave it empty.",
    "evidence": "Tick it, or leave it empty.",
}
