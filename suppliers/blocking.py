"""Finds the few suppliers that may be meant among any number: by keys that both databases look up the same way.

Three questions whatever the size of the directory: what the keys of the name list, what the words list that it may be a
slip of, and the cards of those that share most. The rarest keys are read first; one that no longer fits the budget is
left alone, never read in part. A school's own records have keys, counts and a budget of their own: what another school
keeps can't move a count, a budget or an order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any, Final
from uuid import UUID

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

import database
from suppliers import cards, keys
from suppliers.cards import Card, Spelling
from suppliers.identifiers import NO_IDENTIFIERS, Identifiers
from suppliers.indexing import DIRECTORY, MOST_LISTED
from suppliers.likeness import CLOSE
from suppliers.matching import Candidate
from suppliers.names import Name, normalise
from suppliers.words import overlap, vocabulary
from web.viewer import Viewer

BUDGET: Final = 4_000  # suppliers listed by the keys of one question, of the directory and of own records each
BUDGET_BY_NAME: Final = 4_000  # the same while somebody types a search
MOST_CANDIDATES: Final = 200
SHORTLIST: Final = 36  # of them that are compared in full, each being 40 microseconds
MOST_OWN: Final = 50  # of them, so that a long list of one's own leaves room for the directory
RARE: Final = 50  # a word in more names than this is no slip of another
MOST_LED_TO: Final = 100  # words that those of one question may be slips or beginnings of
NAMES: Final = 1_000_000  # the scale of rarity, fixed so that growth of the directory changes no order
SLIP_WORTH: Final = 0.6  # of what the word itself would tell
SURE_WORTH: Final = 100.0  # of a whole name or a number: more than all words together

Listing = tuple[int, str]  # how many a key leads to, and these with spaces between


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question looks for: keys, and the words that may be misspelt or half typed."""

    keys: frozenset[str]
    words: frozenset[str]
    budget: int
    begins: str = ""

    @property
    def all_keys(self) -> list[str]:
        ways = {keys.SLIP + slip for word in self.words for slip in keys.signatures(word)}
        return sorted(self.keys | ways | ({keys.start(self.begins)} - {""}))


@dataclass(frozen=True, slots=True)
class Known:
    """A supplier as its viewer knows it: ``also`` are names of records that joined it."""

    supplier: UUID
    is_own: bool
    card: Card
    also: tuple[Spelling, ...] = ()

    @property
    def names(self) -> tuple[Spelling, ...]:
        return (*self.card.names, *self.also)

    @property
    def texts(self) -> list[str]:
        """The loose words of each, those of aliases apart."""
        return [part.loose for name in self.names for part in (name, *(alias for _, alias in name.aliases))]

    @property
    def name(self) -> str:
        return self.card.names[0].display

    def candidate(self, asked: Identifiers) -> Candidate:
        return self.card.candidate(asked, ref=str(self.supplier), also=self.also)


async def candidates(
    viewer: Viewer, name: Name, identifiers: Identifiers = NO_IDENTIFIERS, limit: int = MOST_CANDIDATES
) -> tuple[Known, ...]:
    """The likeliest suppliers that the viewer can see, likeliest first. Inside a unit."""
    asked = Asked(keys.keys(name, identifiers), frozenset(keys.words([name])), BUDGET)
    return await _known(viewer, await _found(viewer, asked, limit))


async def by_name(viewer: Viewer, text: str, limit: int) -> tuple[tuple[UUID, float], ...]:
    """Suppliers that the viewer can see whose name answers ``text``, also misspelt or half typed, with how much of it
    they answer: 0..1, rare words counting most. Inside a unit.
    """
    name, rarity = normalise(text), vocabulary()
    asked = Asked(keys.keys(name), frozenset(keys.words([name])), BUDGET_BY_NAME, "".join(name.loose[-1:]))
    known = await _known(viewer, await _found(viewer, asked, MOST_CANDIDATES))
    answered = [
        (max(overlap(name.loose, spelling.loose.split(), rarity).cover_left for spelling in one.names), one.name, one.supplier)
        for one in known
    ]
    answered.sort(key=lambda one: (-one[0], one[1], one[2].bytes))
    return tuple((supplier, cover) for cover, _, supplier in answered[:limit] if cover > 0)


def shortlisted(found: Sequence[Known], name: Name, identifiers: Identifiers) -> list[Known]:
    """Those worth the full comparison: what looks likest by either measure, what shares most, and whoever has a number that
    was asked for.
    """
    if len(found) <= SHORTLIST:
        return list(found)
    numbers = set(identifiers.items())
    likely = {place for place, one in enumerate(found) if place < SHORTLIST // 4 or not numbers.isdisjoint(one.card.identifiers)}
    spelt = [(place, text) for place, one in enumerate(found) for text in one.texts]
    texts = [text for _, text in spelt]
    for reading in keys.readings(name):
        for scorer in (fuzz.token_set_ratio, fuzz.ratio):  # one finds longer and shorter names, the other misspelt ones
            ranked = process.extract(" ".join(reading.loose), texts, scorer=scorer, processor=None, limit=SHORTLIST // 3)
            likely.update(spelt[at][0] for _, _, at in ranked)
    return [found[place] for place in sorted(likely)]


async def _found(viewer: Viewer, asked: Asked, limit: int) -> list[int]:
    """The numbers of the cards that share most with the question, those first."""
    directory, own = owners = [DIRECTORY, str(viewer.school)]
    listed = await _listed(owners, asked.all_keys)
    near = {owner: _led_to(asked, listed[owner]) for owner in owners}
    led_to = sorted(set().union(*near.values()) - asked.keys)
    more = await _listed(owners, led_to) if led_to else {owner: {} for owner in owners}
    counts = {key: n for key, (n, _) in (listed[directory] | more[directory]).items()}
    found: list[tuple[float, int]] = []
    for owner, most in ((own, MOST_OWN), (directory, limit)):
        worth = {word: SLIP_WORTH * near[owner][word] * _worth(word, counts.get(word, 1)) for word in more[owner]}
        worth |= {key: _worth(key, counts.get(key, 1)) for key in listed[owner].keys() & asked.keys}
        found += _likeliest(listed[owner] | more[owner], worth, min(most, limit - len(found)), asked.budget)
    return [-number for _, number in sorted(found, reverse=True)]


def _led_to(asked: Asked, listed: Mapping[str, Listing]) -> dict[str, float]:
    """The words that those of the question may be slips or beginnings of, with how alike they are: 0..1."""
    near: dict[str, float] = {}
    for word in asked.words:
        if listed.get(word, (0, ""))[0] <= RARE:
            for slip in keys.signatures(word):
                for other in listed.get(keys.SLIP + slip, (0, ""))[1].split():
                    if other not in near and other != word:
                        near[other] = OSA.normalized_similarity(word, other, score_cutoff=CLOSE)
    begun = listed.get(keys.start(asked.begins), (0, ""))[1].split()
    near |= {word: 1.0 for word in begun if word.startswith(asked.begins) and word != asked.begins}
    return dict(nlargest(MOST_LED_TO, ((word, like) for word, like in near.items() if like), key=lambda one: (one[1], one[0])))


def _likeliest(listed: Mapping[str, Listing], worth: Mapping[str, float], most: int, budget: int) -> list[tuple[float, int]]:
    """Those listed by the keys that fit the budget, whose keys are worth most together."""
    found: dict[str, float] = {}
    spent = 0
    for n, key in sorted((listed[key][0], key) for key in worth):
        spent += n
        if spent > budget or n > MOST_LISTED:
            break
        value = worth[key]
        for number in listed[key][1].split():
            found[number] = found.get(number, 0.0) + value
    return nlargest(most, ((value, -int(number)) for number, value in found.items()))


def _worth(key: str, n: int) -> float:
    rarity = math.log(NAMES / max(n, 1))
    return rarity + SURE_WORTH if key.startswith(keys.WHOLE) or ":" in key else rarity


async def _listed(owners: list[str], wanted: list[str]) -> dict[str, dict[str, Listing]]:
    sql = """SELECT owner, key, n, listed FROM suppliers_key
        WHERE generation = COALESCE((SELECT generation FROM suppliers_index), 0) AND owner = ANY($1) AND key = ANY($2)"""
    found: dict[str, dict[str, Listing]] = {owner: {} for owner in owners}
    for row in await database.select(sql, owners, wanted):
        found[row["owner"]][row["key"]] = (row["n"], row["listed"])
    return found


async def _known(viewer: Viewer, numbers: Sequence[int]) -> tuple[Known, ...]:
    """The live suppliers that these cards stand for, each once, in the order of the first card of each."""
    rows = await _cards("c.number = ANY($2)", viewer, list(numbers))
    of_number = {row["number"]: row for row in rows}
    ordered = [of_number[number] for number in numbers if number in of_number]
    joined = [row for row in ordered if row["joined_to"]]
    live = {row["supplier"]: row for row in ordered if not row["joined_to"]}
    elsewhere = list({row["joined_to"] for row in joined} - live.keys())
    if elsewhere:
        current = "c.supplier = ANY($2) AND c.generation = COALESCE((SELECT generation FROM suppliers_index), 0)"
        live |= {row["supplier"]: row for row in await _cards(current, viewer, elsewhere)}
    also: dict[UUID, tuple[Spelling, ...]] = {}
    for row in joined:
        also[row["joined_to"]] = (*also.get(row["joined_to"], ()), *cards.read(row["said"]).names)
    found = dict.fromkeys(row["joined_to"] or row["supplier"] for row in ordered)
    return tuple(
        Known(one, live[one]["owner"] != DIRECTORY, cards.read(live[one]["said"]), also.get(one, ()))
        for one in found
        if one in live
    )


async def _cards(which: str, viewer: Viewer, values: Sequence[object]) -> Sequence[Any]:
    sql = f"""SELECT c.number, c.supplier, c.owner, c.said, s.joined_to FROM suppliers_card c
        JOIN suppliers_supplier s ON s.id = c.supplier WHERE c.owner = ANY($1) AND {which}"""  # noqa: S608 - our own text
    return await database.select(sql, [DIRECTORY, str(viewer.school)], values)
