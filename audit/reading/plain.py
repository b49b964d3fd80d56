"""What an entry says, as a person says it: a name for each field, and its value without codes and ids. Pure.

The API and timeline.csv of an audit pack keep the values as they were sealed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from audit.log.subjects import Subject
from audit.sheet import Change
from base.words import in_plain

UUID_LIKE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
NUMBERED: Final = re.compile(r"(?P<what>[a-z_]+)\.(?P<number>[0-9]+)")
# The facts that a stored code says; what is in none of them may be somebody's own text, which stays as it was written.
CODED: Final = frozenset({
    "act", "by", "claimed_by", "edition", "ground", "kind", "period", "role", "state", "step", "told_by",
    "told_how",
})  # fmt: skip
FOR_MACHINES: Final = frozenset({"version"})
STREAMS: Final = frozenset({"stream", "streams", "scope", "about"})
# Facts that hold a bare id, and what it is the id of.
IDS: Final[Mapping[str, Subject]] = {
    "supplier": Subject.SUPPLIER,
    "joined_to": Subject.SUPPLIER,
    "other": Subject.CONTRACT,
    "school": Subject.SCHOOL,
}
IDENTIFIERS: Final = frozenset({"identifiers", "supplier_identifiers", "left_out"})
SCHEMES: Final = {"phone": "telephone", "domain": "web site", "vat": "VAT number", "alias": "also called"}
LABELS: Final[Mapping[str, str]] = {
    "sha256": "SHA-256 of the file",
    "digest": "SHA-256 of the file",
    "size": "Entries of the trail",
    "stream": "About",
    "streams": "About",
    "body": "Text",
    "email": "E-mail",
    "urn": "URN",
    "of_school": "Records of",
    "of_urn": "URN of that school",
    "uid": "UID",
    "joined_to": "Part of",
    "in_use": "We use them",
    "supplier_name": "Supplier",
    "supplier_identifiers": "Known by",
    "identifiers": "Known by",
    "contract_title": "Contract",
    "in_force_at": "In force from",
    "expires_at": "Ends",
    "prefix": "Begins with",
    "by": "With",
    "pence": "Amount",
    "filename": "File",
    "one": "The one",
    "other": "The other",
    "who_can_see": "Who can see it",
    "would_use_again": "Would use them again",
    "declares_interest": "Declares an interest",
    "withheld": "Kept back here",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What other slices call their fields and the codes in them: ``labels`` by field, ``choices`` by field and code."""

    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What a person calls the field."""
        if numbered := NUMBERED.fullmatch(name):
            return f"{self.label(numbered['what'])} {numbered['number']}"
        if said := LABELS.get(name) or self.labels.get(name):
            return said
        words = name.removeprefix("is_").removesuffix("_pence").replace(".", " ").replace("_", " ")
        return words[:1].upper() + words[1:]

    def value(self, name: str, value: str, about: Mapping[str, str]) -> str | None:
        """The value in words; None where it has none. ``about`` says what things are called, such as {"supplier:…": …}."""
        if name in FOR_MACHINES or value.startswith(("{", "[{")):
            return None
        several = value.split(", ")
        if all(UUID_LIKE.fullmatch(one) for one in several):
            named = [about[known] for one in several if name in IDS and (known := f"{IDS[name]}:{one}") in about]
            return ", ".join(named) or None
        if name == "subject":
            return _kind(value)
        if name in STREAMS and value not in self.choices.get(name, {}):
            return ", ".join(_thing(one, about) for one in several)
        return self._said(name, value)

    def changes(self, changes: Iterable[Change], about: Mapping[str, str]) -> list[Change]:
        """The changes that have words, each once, with the label of its field in the place of its name."""
        found = []
        for one in changes:
            old, new = (None if text is None else self.value(one.field, text, about) for text in (one.old, one.new))
            if old is not None or new is not None:
                found.append(Change(self.label(one.field), old, new))
        return list(dict.fromkeys(found))

    def _said(self, name: str, value: str) -> str:
        choices, several = self.choices.get(name, {}), value.split(", ")
        if any(one in choices for one in several):
            return ", ".join(choices.get(one, one) for one in several)
        if name in IDENTIFIERS:
            return ", ".join(map(_identifier, value.split(", ")))
        if (name == "pence" or name.endswith("_pence")) and value.lstrip("-").isdecimal():
            pounds, rest = divmod(int(value), 100)
            return f"£{pounds:,}" + (f".{rest:02}" if rest else "")
        if name == "digest":
            return value.removeprefix("sha256:")
        return value.replace("_", " ") if name in CODED and CODE.fullmatch(value) else in_plain(value)


def named_in(changes: Iterable[Change]) -> frozenset[str]:
    """What the changes speak of by an id, as streams and subjects are named: "supplier:…", "contract:…", "school:…"."""
    found: set[str] = set()
    for one in changes:
        for value in filter(None, (one.old, one.new)):
            if one.field in STREAMS:
                found |= {name for name in value.split(", ") if UUID_LIKE.search(name)}
            elif one.field in IDS and UUID_LIKE.fullmatch(value):
                found.add(f"{IDS[one.field]}:{value}")
    return frozenset(found)


def _thing(name: str, about: Mapping[str, str]) -> str:
    """What the name of a stream or a subject stands for; a text that names nothing is itself."""
    if name == "all":
        return "everything"
    if UUID_LIKE.fullmatch(name.partition(":")[2]):
        return about.get(name, f"a {_kind(name)} that is gone")
    return about.get(name, name)


def _kind(name: str) -> str:
    return name.partition(":")[0].replace("_", " ")


def _identifier(one: str) -> str:
    scheme, colon, number = one.partition(":")
    return f"{SCHEMES.get(scheme, scheme.replace('_', ' '))} {number}" if colon else one
