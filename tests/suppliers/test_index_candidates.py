"""The few candidates out of many: found from slips and halves of words, and from nothing that another school keeps."""

import asyncio
import csv
import gzip
import random
from uuid import UUID

import pytest

import audit
import database
from base.viewer import Viewer
from suppliers.directory import changing, directory
from suppliers.directory.directory import SupplierView
from suppliers.index import candidates as blocking
from suppliers.index import filing
from suppliers.index.tables import KeyRow
from suppliers.matching import keys
from suppliers.matching.matching import ASK, Candidate, score
from suppliers.matching.names import Name, normalise
from suppliers.merging import merges
from suppliers.shares import publishing
from suppliers.tables import Supplier
from tests.given.checkout import DATA
from tests.given.listed_suppliers import HEADS, TAILS, found, listed, manager

pytestmark = pytest.mark.usefixtures("db")

SAMPLE = DATA / "supplier_names_sample.csv.gz"  # real ledgers, with all their slips


async def named(viewer: Viewer, text: str) -> list[UUID]:
    async with database.read():
        return [supplier for supplier, _ in await blocking.by_name(viewer, text, 5)]


@pytest.mark.parametrize(
    "typed",
    ["Quayside Catering Ltd", "quayside catring", "QUAYSIED", "Quay side Catering", "Catering Quayside", "quayside caterin"],
)
async def test_a_slip_of_the_keys_still_finds_the_supplier(typed: str) -> None:
    ids = await listed(*(f"{head} {tail} Ltd" for head in HEADS for tail in TAILS))
    ann = await manager()
    assert ids["Quayside Catering Ltd"] in (await found(ann, typed))[:10]


async def test_an_own_record_is_found_from_the_same_slips_by_its_school_alone() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own = (await directory.add(ann, name="Quixotic Zephyr Partners", identifiers={"company_number": "01234567"})).id
    for typed in ("quixotic zephir", "Zephyr", "quixotc"):
        assert await found(ann, typed) == [own]
        assert await found(ben, typed) == []
    assert await found(ann, "Renamed altogether", company_number="01234567") == [own]
    assert await found(ben, "Renamed altogether", company_number="01234567") == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Motorola Ltd", "Otorol Ltd"),  # two letters missing in one word
        ("Alumdisplay Ltd", "Allumdisplayy Ltd"),  # two too many
        ("Spectrum People", "Spectumpeople"),  # written as one, and a letter missing
        ("FWS Consultants Ltd", "FS Consultants Ltd"),  # in a word too short to have slips
        ("Place2be", "Plaec2be"),
        ("Crown Paints Ltd", "Crownpaintsltd"),
        ("Novalecterns", "WWW.NOVALECTERNS.CO."),
    ],
)
async def test_what_a_hurried_person_or_a_narrow_column_makes_of_a_name_still_finds_it(name: str, typed: str) -> None:
    more = [f"{head} {tail} Consultants Ltd" for head in HEADS for tail in TAILS]
    ids = await listed(*more, name)  # the last of those that share no more than a trade word
    ann = await manager()
    assert ids[name] in (await found(ann, typed))[:10]


async def test_a_long_name_of_unknown_words_asks_for_no_more_than_two_thousand_keys() -> None:
    words = [f"{'zyxwvutsrq'[n % 10] * 3}quixotic{'abcdefghij'[n // 10] * 3}" for n in range(40)]
    assert len(blocking._further(words, frozenset()).all_keys) < 2_000
    assert await found(await manager(), " ".join(words)) == []


async def test_every_name_finds_itself_among_many_that_share_its_words() -> None:
    names = [f"{head} {tail} Services Ltd" for head in HEADS for tail in TAILS]
    ids = await listed(*names)
    ann = await manager()
    for name in random.Random(7).sample(names, 20):  # noqa: S311 - a sample, not a secret
        assert (await found(ann, name))[0] == ids[name]


async def test_a_common_word_alone_costs_no_more_than_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "BUDGET", 10)
    await listed(*(f"{head} Services" for head in HEADS), "Services")
    ann = await manager()
    assert len(await found(ann, "services")) == 1  # whose whole name that is
    assert len(await found(ann, "Pennine services")) == 1


async def test_a_half_typed_word_finds_by_name_and_the_score_says_how_much_was_answered() -> None:
    ids = await listed("Quayside Catering Ltd", "Quayside Roofing Ltd", "Pennine Books")
    ann = await manager()
    assert set(await named(ann, "quaysi")) == {ids["Quayside Catering Ltd"], ids["Quayside Roofing Ltd"]}
    async with database.read():
        scored = await blocking.by_name(ann, "quayside catering", 5)
    (first, whole), (_, part) = scored
    assert first == ids["Quayside Catering Ltd"]
    assert whole == pytest.approx(1.0)
    assert 0 < part < 1


async def test_by_name_finds_own_records_for_their_school_alone() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own = (await directory.add(ann, name="Quixotic Zephyr Partners")).id
    assert await named(ann, "quixotic zeph") == [own]
    assert await named(ben, "quixotic zeph") == []


@pytest.mark.parametrize(
    "typed", ["", " ", "!!!", "%", "x" * 5_000, "a" * 299, "the", "ltd", "~quay", "日本", "company_number:1"]
)
async def test_nothing_that_can_be_typed_breaks_the_search(typed: str) -> None:
    await listed("Quayside Catering Ltd")
    ann = await manager()
    assert isinstance(await found(ann, typed), list)
    assert isinstance(await named(ann, typed), list)


async def test_what_other_schools_keep_moves_no_candidate_and_no_score() -> None:
    rng = random.Random(11)  # noqa: S311 - a sample, not a secret
    await listed(*(f"{head} {tail} Ltd" for head in HEADS for tail in TAILS))
    ann, ben = await manager(), await manager("Beech Hill")
    await directory.add(ann, name="Quayside Meals")
    questions = ["Quayside", "catring", "Meridian Boilers", "quay side meals", "Zephyr", "Bright Ashby Lantern"]

    async def everything() -> list[object]:
        async with database.read():
            names = [await blocking.by_name(ann, text, 20) for text in questions]
        return [await found(ann, text) for text in questions] + [names] + [await directory.suggestions(ann, t) for t in questions]

    before = await everything()
    for n in range(25):
        await directory.add(ben, name=f"{rng.choice(HEADS)} {rng.choice(TAILS)} {rng.choice(['Zephyr', 'Meals', 'Group'])} {n}")
    assert await everything() == before


async def test_the_directory_counts_each_key_once_for_each_supplier() -> None:
    await listed("Quayside Catering Ltd", "Quayside Roofing Ltd", "Quayside Quayside Books")
    async with database.read():
        rows = await KeyRow.select(KeyRow.key, KeyRow.n, KeyRow.listed).where(KeyRow.owner == filing.DIRECTORY)
    assert {row["key"]: row["n"] for row in rows}["quayside"] == 3
    assert all(row["n"] == len(set(row["listed"].split())) for row in rows)


async def test_listing_an_own_record_moves_its_keys_to_the_directory() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own = (await directory.add(ann, name="Quixotic Zephyr Partners")).id
    async with audit.recording(ann) as record:
        await publishing.publish(ann, record, own)
    async with database.read():
        assert await KeyRow.count().where(KeyRow.owner != filing.DIRECTORY) == 0
    assert await found(ben, "quixotic zephir") == [own]


async def test_a_very_long_word_is_filed_without_a_thousand_spellings() -> None:
    ann = await manager()
    await directory.add(ann, name="a" * 300)
    async with database.read():
        assert {row["key"] for row in await KeyRow.select(KeyRow.key)} == {
            *("a" * 300, keys.WHOLE + "a" * keys.LONGEST_KEY, keys.HEAD + "a" * 6, keys.TAIL + "a" * 6, keys.CUT + "a" * 5),
        }


async def test_a_number_finds_its_supplier_however_common_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "BUDGET", 10)
    await listed(*(f"{head} Services" for head in HEADS))
    ann = await manager()
    own = (await directory.add(ann, name="Services Services", identifiers={"company_number": "01234567"})).id
    assert await found(ann, "Altogether Other Services", company_number="01234567") == [own]


async def test_candidates_follow_a_merge_to_what_is_live_and_come_back_when_it_is_undone() -> None:
    await listed("Quayside Catering Ltd")
    ann = await manager()
    part = (await directory.add(ann, name="Zephyr Meals")).id
    whole = (await directory.add(ann, name="Thistle Lunches", aliases=["Thistle Zephyr"])).id
    merge = (await merges.merge(ann, part, whole)).id
    assert await found(ann, "Zephyr Meals") == [whole]
    (suggested,) = await directory.suggestions(ann, "Zephyr Meals")
    assert (suggested.supplier_id, suggested.name) == (whole, "Thistle Lunches")
    await merges.undo(ann, merge)
    assert set(await found(ann, "Zephyr Meals")) == {part, whole}


async def test_an_own_record_leaves_no_word_behind_that_its_school_no_longer_has() -> None:
    ann = await manager()
    await directory.add(ann, name="Quayside Meals")
    before = await all_rows()
    own = (await directory.add(ann, name="Quayside Zephyr T/A Moor Foods", identifiers={"vat_number": "GB 980 7806 84"})).id
    await changing.edit(ann, own, name="Quayside Meals of Ashby")
    await changing.edit(ann, own, name="Meals Quayside")
    after = await all_rows()
    assert {key for key in after if key not in before} == {
        *("mealsquayside", "=mealsquayside", "^meals", "[mealsq", "]ayside"),
        *("(ealsq", "(malsq", "(melsq", "(measq", "(mealq", "(meals"),
    }
    assert all(str(n) == str(len(listed.split())) for n, listed in after.values())


async def all_rows() -> dict[str, tuple[int, str]]:
    async with database.read():
        return {row["key"]: (row["n"], row["listed"]) for row in await KeyRow.select(KeyRow.key, KeyRow.n, KeyRow.listed)}


async def test_a_key_that_outgrew_its_list_is_counted_and_no_longer_read(monkeypatch: pytest.MonkeyPatch) -> None:
    many = filing.MOST_LISTED
    names = [f"Services {first}{second}{third}" for first in "bcdfghjkl" for second in "aeiou" for third in range(1_000)][
        : many + 1
    ]
    ids = await listed(*names)
    ann = await manager()
    rows = await all_rows()
    assert rows["services"] == (many + 1, "")
    assert await found(ann, "services") == []
    assert (await found(ann, names[7]))[0] == ids[names[7]]
    own = (await directory.add(ann, name="Services Ashby")).id
    assert await found(ann, "services") == [own]  # of its own records the school has few


async def test_a_long_list_of_ones_own_leaves_room_for_the_directory() -> None:
    ids = await listed("Quayside Catering Ltd", "Quayside Roofing Ltd")
    ann = await manager()
    for n in range(blocking.MOST_OWN + 5):
        await directory.add(ann, name=f"Quayside {n}")
    candidates = await found(ann, "Quayside")
    assert len(candidates) == blocking.MOST_OWN + 2
    assert set(candidates) > set(ids.values())


async def test_a_word_that_is_common_in_ones_own_list_may_still_be_a_slip_of_one_in_the_directory() -> None:
    ids = await listed("Zephyrines Catering Ltd")
    ann = await manager()
    own = [(await directory.add(ann, name=f"Zephyrine {n}")).id for n in range(blocking.RARE + 1)]
    own.append((await directory.add(ann, name="Zephyrines Roofing")).id)
    likely = await found(ann, "Zephyrine")
    assert ids["Zephyrines Catering Ltd"] in likely
    assert set(likely) <= {*own, *ids.values()}


async def test_schools_that_add_the_same_words_at_once_lose_none_of_them() -> None:
    viewers = [await manager(f"School {n}") for n in range(6)]
    made = await asyncio.gather(*(directory.add(viewer, name=f"Quayside Zephyr {n}") for n, viewer in enumerate(viewers)))

    async def share(viewer: Viewer, own: SupplierView) -> None:
        async with audit.recording(viewer) as record:
            await publishing.publish(viewer, record, own.id)

    await asyncio.gather(*map(share, viewers, made))
    assert set(await found(viewers[0], "quayside zephir")) == {own.id for own in made}
    assert (await all_rows())["zephyr"][0] == len(viewers)


def could_be_found(left: Name, right: Name) -> bool:
    """They share a word, neighbours run together or initials; or longer words that a letter left out of each makes the same."""
    spelt = [frozenset().union(*map(keys.signatures, keys.words([name]))) for name in (left, right)]
    return not keys.keys(left).isdisjoint(keys.keys(right)) or not spelt[0].isdisjoint(spelt[1])


async def test_the_best_of_the_candidates_are_the_best_of_all() -> None:
    """Against a scan of every name with the whole comparison."""
    rng = random.Random(3)  # noqa: S311 - a sample, not a secret
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as file:
        names = sorted({row["name"] for row in csv.DictReader(file)})
    await listed(*names)
    ann = await manager()
    async with database.read():
        everybody = [Candidate(normalise(row["name"]), ref=str(row["id"])) for row in await Supplier.select()]
    for name in rng.sample(names, 60):
        at = rng.randrange(len(name))
        asked = Candidate(normalise(name[:at] + name[at + 1 :]))
        told = {str(one.supplier_id): one.probability for one in await directory.suggestions(ann, asked.name.display)}
        scored = [score(asked, one).probability for one in everybody if one.ref in told or could_be_found(asked.name, one.name)]
        likely = sorted((probability for probability in scored if probability >= ASK), reverse=True)
        assert list(told.values()) == likely[: directory.MOST_SUGGESTIONS], asked.name.display
