"""What matching reads of a supplier, already normalised and kept as one short text, so that one query reads many.

Pure. A card is written in the unit of work that writes the facts that it holds (suppliers/index/filing.py).
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

import msgspec

from suppliers.matching import keys
from suppliers.matching.identifiers import Identifiers, Scheme
from suppliers.matching.matching import Candidate
from suppliers.matching.names import Alias, AliasKind, Name, normalise

READ_BY: Final = (  # what decides how a name is filed
    "names.py", "public_names.py", "public_bodies.py", "noise.py", "keys.py", "word_pairs.py", "identifiers.py", "cards.py",
    "data/abbreviations.csv", "data/places.txt",
)  # fmt: skip


Names = tuple[
    tuple[str, ...], tuple[tuple[Scheme, str], ...]
]  # a supplier's names as written, its own first, and its identifiers


class Spelling(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A `Name` as a card keeps it, its loose words in one string."""

    display: str
    exact: str
    loose: str
    legal: str | None
    aliases: tuple[tuple[AliasKind, "Spelling"], ...] = ()

    @property
    def name(self) -> Name:
        aliases = tuple(Alias(kind, spelling.name) for kind, spelling in self.aliases) if self.aliases else ()
        return Name(self.display, self.exact, tuple(self.loose.split()), self.legal, aliases)


class Card(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A supplier's names, its own first, and its identifiers."""

    names: tuple[Spelling, ...]
    identifiers: tuple[tuple[Scheme, str], ...] = ()

    @property
    def exact(self) -> str:
        return self.names[0].exact

    def candidate(self, asked: Identifiers, *, ref: str, also: Iterable[Spelling] = ()) -> Candidate:
        first, *others = self.names
        names = tuple(spelling.name for spelling in (*others, *also))
        return Candidate(first.name, names, one_of_each(self.identifiers, asked), ref)

    def filed_under(self) -> frozenset[str]:
        found = {f"{scheme}:{value}" for scheme, value in self.identifiers}
        return frozenset(found.union(*(keys.filed_under(spelling.name) for spelling in self.names)))

    def words(self) -> set[str]:
        return keys.words(spelling.name for spelling in self.names)


class CardSource(Protocol):
    """What a card is made from, such as `facts.Facts`: the names as written, the supplier's own first."""

    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def identifiers(self) -> tuple[tuple[Scheme, str], ...]: ...


def of(known: CardSource) -> Card:
    return Card(tuple(_spelling(normalise(name)) for name in known.names), known.identifiers)


class Filed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an index keeps of a supplier; ``said`` is its card as text."""

    said: str
    exact: str
    keys: list[str]
    words: list[str]


def filed(suppliers: list[Names]) -> list[Filed]:
    """What an index keeps of each of many suppliers, from their names as written and their identifiers."""
    made = (Card(tuple(_spelling(normalise(name)) for name in names), identifiers) for names, identifiers in suppliers)
    return [Filed(written(one), one.exact, list(one.filed_under()), list(one.words())) for one in made]


def packed(suppliers: list[Names]) -> bytes:
    """What ``filed`` gives as bytes, which are cheap to send from one process to another."""
    return msgspec.msgpack.encode(filed(suppliers))


_UNPACKER: Final = msgspec.msgpack.Decoder(list[Filed])


def unpacked(filed: bytes) -> list[Filed]:
    """What ``packed`` made bytes of."""
    return _UNPACKER.decode(filed)


def _spelling(name: Name) -> Spelling:
    aliases = tuple((alias.kind, _spelling(alias.name)) for alias in name.aliases)
    return Spelling(name.display, name.exact, " ".join(name.loose), name.legal, aliases)


def one_of_each(known: Sequence[tuple[Scheme, str]], asked: Identifiers | None = None) -> Identifiers:
    """One identifier of each scheme, as matching compares them: of several, the one that was asked about."""
    asked_for = dict(asked.items()) if asked else {}
    chosen: dict[str, str] = {}
    for scheme, value in sorted(known):
        if scheme.value not in chosen or asked_for.get(scheme) == value:
            chosen[scheme.value] = value
    return Identifiers(**chosen)


def written(card: Card) -> str:
    return msgspec.json.encode(card).decode()


_DECODER: Final = msgspec.json.Decoder(Card)


def read(said: str) -> Card:
    return _DECODER.decode(said)


@cache
def reading() -> str:
    """A digest of how this version reads names: 16 hex digits that change with the code and tables that decide it."""
    own = files("suppliers.matching")
    whole = b"\0".join((own / file).read_bytes() for file in READ_BY)
    return hashlib.sha256(whole).hexdigest()[:16]
