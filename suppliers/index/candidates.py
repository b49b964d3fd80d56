"""Finds, among any number, the few suppliers that may be meant: by keys that both databases look up in the same way.

Three queries whatever the size of the directory: what the name's keys list, what those words list that its own may be slips
of, and the cards of those that share most; a fourth where a word leads nowhere or no name begins like this one. The
rarest keys are read first; one that no longer fits the budget is left alone, never read in part. A school's own records have
keys, counts and a budget of their own: what another school keeps can't move a count, a budget or an order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Final
from uuid import UUID

import msgspec
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

import database
from base.viewer import Viewer
from suppliers.index.filing import DIRECTORY, MOST_LISTED
from suppliers.matching import cards, keys
from suppliers.matching.cards import Card
from suppliers.matching.identifiers import NO_IDENTIFIERS, Identifiers, Scheme
from suppliers.matching.matching import Candidate
from suppliers.matching.names import Name, normalise
from suppliers.matching.rarity import overlap, vocabulary
from suppliers.matching.typed_numbers import typed_numbers
from suppliers.matching.word_pairs import CLOSE, PREFIX

BUDGET: Final = 4_000  # suppliers listed by the keys of one question, of the directory and of own records each
BUDGET_BY_NAME: Final = 4_000  # suppliers listed so while somebody types a search
MOST_CANDIDATES: Final = 200
MOST_GLANCED_AT: Final = 120  # candidates looked at for a shortlist; more add nothing to the first ten answers
WORTH_A_GLANCE: Final = 0.1  # of what the likeliest shares, whole names and numbers apart
SHORTLIST: Final = 36  # candidates compared in full, which takes longer than everything before
MOST_BY_NAME: Final = 120  # candidates whose words are compared with what was typed
MOST_OWN: Final = 50  # own records among the candidates, so that a long list of one's own leaves room for the directory
RARE: Final = 50  # a word in more names than this is no slip of another
UNUSUAL: Final = 0.6  # rarity of a word in 1 name of 1,000; commoner ones are rarely slips, and many begin and end like them
MOST_LED_TO: Final = 100  # words that the words of one question may be slips or beginnings of
MOST_LOST: Final = 3  # words that lead nowhere and are looked for further off, by some hundreds of keys each
NAMES: Final = 1_000_000  # the scale of rarity, fixed so that growth of the directory changes no order
SLIP_WORTH: Final = 0.6  # of what the word itself would tell
SURE_WORTH: Final = 100.0  # of a whole name or a number: more than all words together

Listing = tuple[int, str]  # how many a key leads to, and what it leads to, with spaces between


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question looks for: keys; words that may be slips, with the keys that lead to others; and the half-typed word."""

    keys: frozenset[str]
    slips: Mapping[str, frozenset[str]]
    budget: int
    begins: str = ""
    cut: frozenset[str] = frozenset()  # keys of a beginning with a slip in it: asked for where nobody's name begins like this

    @property
    def all_keys(self) -> list[str]:
        return sorted(self.keys.union(*self.slips.values()) | ({keys.start(self.begins)} - {""}))


class FoundSupplier(msgspec.Struct, frozen=True, gc=False):
    """A supplier as its viewer knows it, with those merged into it that the question found."""

    ref: str  # its id as text: of a hundred cards that are glanced at, few are ever needed as more
    is_own: bool
    card: Card
    whole: str | None  # the id of what it was merged into
    joined: tuple["FoundSupplier", ...] = ()

    @property
    def supplier(self) -> UUID:
        return UUID(self.ref)

    @property
    def parts(self) -> set[str]:
        return {self.ref, *(one.ref for one in self.joined)}

    @property
    def texts(self) -> list[str]:
        """The loose words of each of its names, those of aliases apart."""
        return [part.loose for name in self.card.names for part in (name, *(alias for _, alias in name.aliases))]

    @property
    def name(self) -> str:
        return self.card.names[0].display

    def candidate(self, asked: Identifiers) -> Candidate:
        also = tuple(spelling for one in self.joined for spelling in one.card.names)
        return self.card.candidate(asked, ref=self.ref, also=also)


async def candidates(viewer: Viewer, name: Name, identifiers: Identifiers = NO_IDENTIFIERS) -> tuple[FoundSupplier, ...]:
    """The likeliest suppliers that the viewer can see, likeliest first; at most MOST_CANDIDATES. Inside a unit."""
    return await _live(viewer, await _sharing(viewer, _asked(name, identifiers), MOST_CANDIDATES))


async def shortlist(viewer: Viewer, name: Name, identifiers: Identifiers = NO_IDENTIFIERS) -> tuple[FoundSupplier, ...]:
    """The candidates that are worth the full comparison. Inside a unit."""
    found = await _sharing(viewer, _asked(name, identifiers), MOST_GLANCED_AT, least=WORTH_A_GLANCE)
    return await _live(viewer, _shortlisted(found, name, identifiers))


async def by_name(viewer: Viewer, text: str, limit: int) -> tuple[tuple[UUID, float], ...]:
    """Suppliers that the viewer can see whose name answers ``text``, also misspelt or half typed, with how much of it
    they answer: 0..1, rare words counting most. Inside a unit.
    """
    name, rarity = normalise(text), vocabulary()
    asked = replace(_asked(name, NO_IDENTIFIERS), budget=BUDGET_BY_NAME, begins="".join(name.loose[-1:]))
    found = await _sharing(viewer, asked, MOST_BY_NAME)
    covers = {
        one.ref: max(overlap(name.loose, spelling.loose.split(), rarity).cover_left for spelling in one.card.names)
        for one in found
    }
    answered = sorted((one for one in found if covers[one.ref] > 0), key=lambda one: (-covers[one.ref], one.name, one.ref))
    live = await _live(viewer, answered[:limit])
    return tuple((known.supplier, max(covers.get(part, 0.0) for part in known.parts)) for known in live)


async def by_number(viewer: Viewer, text: str, limit: int) -> Mapping[UUID, Scheme]:
    """Suppliers that the viewer can see with a company, charity, VAT or phone number or a web address that ``text`` may be,
    each with which of these it is. Inside a unit.
    """
    read = typed_numbers(text)
    asked = Asked(frozenset(f"{scheme}:{value}" for scheme, value in read.items()), {}, BUDGET_BY_NAME)
    found = await _live(viewer, await _sharing(viewer, asked, limit)) if asked.keys else ()
    numbers = {one.supplier: {number for part in (one, *one.joined) for number in part.card.identifiers} for one in found}
    return {supplier: scheme for supplier, held in numbers.items() for scheme, value in read.items() if (scheme, value) in held}


def _asked(name: Name, identifiers: Identifiers) -> Asked:
    """Looks for slips of words that are long enough and that not everybody writes."""
    unusual = [word for word in sorted(keys.words([name])) if keys.spellings(word) and vocabulary()(word) >= UNUSUAL]
    filed = keys.filed_under(name, identifiers)
    cut = frozenset([key for key in filed if key.startswith(keys.CUT)])
    return Asked(filed - cut, {word: keys.ways_from(word) for word in unusual}, BUDGET, cut=cut)


def _further(lost: Sequence[str], cut: frozenset[str]) -> Asked:
    """A wider question where words lead nowhere: for the longest of these, two slips of a word or two words written as one;
    for a beginning that nobody's name has, its slips.
    """
    longest = nlargest(MOST_LOST, lost, key=len)
    halves = [half for word in longest for half in keys.apart(word, vocabulary())]
    ways = {word: keys.ways_from_afar(word) for word in longest}
    return Asked(cut.union(halves), {half: keys.ways_from(half) for half in halves} | ways, BUDGET)


def _shortlisted(found: list[FoundSupplier], name: Name, identifiers: Identifiers) -> list[FoundSupplier]:
    """The likest by either measure, those that share most, and all that have a number that was asked for."""
    if len(found) <= SHORTLIST:
        return found
    numbers = set(identifiers.items())
    likely = {place for place, one in enumerate(found) if place < SHORTLIST // 4 or not numbers.isdisjoint(one.card.identifiers)}
    spelt = [(place, text) for place, one in enumerate(found) for text in one.texts]
    texts = [text for _, text in spelt]
    for reading in keys.readings(name):
        for scorer in (fuzz.token_set_ratio, fuzz.ratio):  # one finds longer and shorter names, the other misspelt ones
            ranked = process.extract(" ".join(reading.loose), texts, scorer=scorer, limit=SHORTLIST // 3)
            likely.update(spelt[at][0] for _, _, at in ranked)
    return [found[place] for place in sorted(likely)]


async def _sharing(viewer: Viewer, asked: Asked, limit: int, *, least: float = 0.0) -> list[FoundSupplier]:
    """The suppliers whose cards share most with the question, likeliest first, whatever they were merged into.

    Leaves out those that share less than ``least`` of what the first one does.
    """
    directory, own = owners = [DIRECTORY, str(viewer.school)]
    asked, listed, near = await _looked_up(owners, asked)
    led_to = sorted(set().union(*near.values()) - asked.keys)
    more = await _listed(owners, led_to) if led_to else {owner: {} for owner in owners}
    counts = {key: n for key, (n, _) in (listed[directory] | more[directory]).items()}
    found: list[tuple[float, int]] = []
    for owner, most in ((own, MOST_OWN), (directory, limit)):
        slips = near[owner].keys() & more[owner].keys()  # a word that leads nowhere in one list may do so in the other
        worth = {word: SLIP_WORTH * near[owner][word] * _worth(word, counts.get(word, 1)) for word in slips}
        worth |= {key: _worth(key, counts.get(key, 1)) for key in listed[owner].keys() & asked.keys}
        found += _likeliest(listed[owner] | more[owner], worth, min(most, limit - len(found)), asked.budget)
    enough = least * max((worth for worth, _ in found if worth < SURE_WORTH), default=0.0)
    numbers = [-number for worth, number in sorted(found, reverse=True) if worth >= enough]
    known = await _cards("c.number = ANY($2)", viewer, numbers)
    return [known[number] for number in numbers if number in known]


async def _looked_up(owners: list[str], asked: Asked) -> tuple[Asked, dict[str, dict[str, Listing]], dict[str, dict[str, float]]]:
    """By owner, what the keys list, and the words that the question's may be slips of; looks further where one leads nowhere."""
    listed = await _listed(owners, asked.all_keys)
    near = {owner: _led_to(asked, listed[owner]) for owner in owners}
    lost = [word for word in asked.slips if all(_is_lost(word, listed[owner], near[owner]) for owner in owners)]
    begins_like_none = not any(key.startswith(keys.HEAD) for owner in owners for key in listed[owner])
    if not lost and not (begins_like_none and asked.cut):
        return asked, listed, near
    further = _further(lost, asked.cut if begins_like_none else frozenset())
    for owner, wider in (await _listed(owners, further.all_keys)).items():
        near[owner] |= _led_to(further, wider)
        listed[owner] |= wider
    return replace(asked, keys=asked.keys | further.keys), listed, near


def _led_to(asked: Asked, listed: Mapping[str, Listing]) -> dict[str, float]:
    """The words that those of the question may be slips or beginnings of, with how alike they are: 0..1."""
    near: dict[str, float] = {}
    for word, ways in asked.slips.items():
        if listed.get(word, (0, ""))[0] <= RARE:
            others = {other for way in ways if way in listed for other in listed[way][1].split()} - {word}
            close = process.extract(word, list(others), scorer=OSA.normalized_similarity, score_cutoff=CLOSE, limit=MOST_LED_TO)
            near |= {other: max(likeness, near.get(other, 0.0)) for other, likeness, _ in close}
            near |= {other: PREFIX for other in others if other.startswith(word)}
    begun = listed.get(keys.start(asked.begins), (0, ""))[1].split()
    near |= {word: 1.0 for word in begun if word.startswith(asked.begins) and word != asked.begins}
    return dict(nlargest(MOST_LED_TO, near.items(), key=lambda one: (one[1], one[0])))


def _is_lost(word: str, listed: Mapping[str, Listing], near: Mapping[str, float]) -> bool:
    alike = process.extractOne(word, list(near), scorer=OSA.normalized_similarity, score_cutoff=CLOSE)
    return word not in listed and alike is None and not any(other.startswith(word) for other in near)


def _likeliest(listed: Mapping[str, Listing], worth: Mapping[str, float], most: int, budget: int) -> list[tuple[float, int]]:
    """Of those listed by the keys that fit the budget, the ones whose keys are worth most together: (worth, -number)."""
    found: dict[str, float] = {}
    spent = 0
    for n, key in sorted((listed[key][0], key) for key in worth):
        spent += n
        if spent > budget or n > MOST_LISTED:
            break
        more = dict.fromkeys(listed[key][1].split(), worth[key])
        for number in found.keys() & more.keys():
            more[number] += found[number]
        found |= more
    return [(found[number], -int(number)) for number in nlargest(most, found, key=found.__getitem__)]


def _worth(key: str, n: int) -> float:
    rarity = math.log(NAMES / max(n, 1))
    return rarity + SURE_WORTH if key.startswith(keys.WHOLE) or ":" in key else rarity


async def _listed(owners: list[str], wanted: list[str]) -> dict[str, dict[str, Listing]]:
    sql = """SELECT owner, key, n, listed FROM suppliers_key
        WHERE generation = COALESCE((SELECT generation FROM suppliers_index), 0) AND owner = ANY($1) AND key = ANY($2)"""
    found: dict[str, dict[str, Listing]] = {owner: {} for owner in owners}
    for owner, key, n, listed in await database.select(sql, owners, wanted):
        found[owner][key] = (n, listed)
    return found


async def _live(viewer: Viewer, found: Sequence[FoundSupplier]) -> tuple[FoundSupplier, ...]:
    """The suppliers that these are part of now, each once, in the order of the first part of each."""
    joined = {one.ref: one.whole for one in found if one.whole}
    if not joined:
        return tuple(found)
    live = {one.ref: one for one in found if one.ref not in joined}
    elsewhere = [UUID(whole) for whole in set(joined.values()) - live.keys()]
    current = "c.supplier = ANY($2) AND c.generation = COALESCE((SELECT generation FROM suppliers_index), 0)"
    live |= {one.ref: one for one in (await _cards(current, viewer, elsewhere) if elsewhere else {}).values()}
    for one in found:
        if one.ref in joined and (whole := live.get(joined[one.ref])):
            live[whole.ref] = msgspec.structs.replace(whole, joined=(*whole.joined, one))
    order = dict.fromkeys(joined.get(one.ref, one.ref) for one in found)
    return tuple(live[ref] for ref in order if ref in live)


async def _cards(which: str, viewer: Viewer, values: Sequence[object]) -> dict[int, FoundSupplier]:
    """The suppliers of these cards that the viewer can see, by the number of the card."""
    sql = f"""SELECT c.number, CAST(c.supplier AS TEXT) AS ref, c.owner, c.said, CAST(s.joined_to AS TEXT) AS whole
        FROM suppliers_card c LEFT JOIN suppliers_supplier s ON s.id = c.supplier
        WHERE c.owner = ANY($1) AND {which}"""  # noqa: S608 - our own text
    rows = await database.select(sql, [DIRECTORY, str(viewer.school)], values)
    return {number: FoundSupplier(ref, owner != DIRECTORY, cards.read(said), whole) for number, ref, owner, said, whole in rows}
