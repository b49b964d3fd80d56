"""The few candidates out of many: found from slips and halves of words, and from nothing that another school keeps."""

import random
from uuid import UUID, uuid4

import pytest

import audit
import database
from suppliers import blocking, directory, publishing
from suppliers.events import Event
from suppliers.facts import Facts
from suppliers.identifiers import Identifiers
from suppliers.importing import import_suppliers
from suppliers.names import normalise
from suppliers.supplier_row import SupplierRow, identity
from suppliers.tables import Key, Supplier, Word
from tests.builders import a_person, a_school
from web import clock
from web.viewer import Viewer

pytestmark = pytest.mark.usefixtures("db")

HEADS = [
    "Bright",
    "Ashby",
    "Lantern",
    "Quayside",
    "Meridian",
    "Harbour",
    "Foxglove",
    "Pennine",
    "Cobalt",
    "Juniper",
    "Saffron",
    "Thistle",
]
TAILS = ["Cleaning", "Catering", "Grounds", "Boilers", "Windows", "Software", "Minibuses", "Roofing", "Music", "Books"]


async def manager(name: str = "Oakfield Primary") -> Viewer:
    return await a_person(await a_school(name))


async def listed(*names: str) -> dict[str, UUID]:
    rows = [SupplierRow(n, Facts(name), identity(normalise(name)), normalise(name).legal) for n, name in enumerate(names)]
    await import_suppliers(None, rows, digest="0" * 64)
    async with database.read():
        found = await Supplier.select(Supplier.id, Supplier.name).where(Supplier.owner.is_null())
    return {row["name"]: row["id"] for row in found}


async def found(viewer: Viewer, name: str, **identifiers: str) -> list[UUID]:
    async with database.read():
        return list(await blocking.candidates(viewer, normalise(name), Identifiers(**identifiers)))


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
    own = await directory.add(ann, name="Quixotic Zephyr Partners", identifiers={"company_number": "01234567"})
    for typed in ("quixotic zephir", "Zephyr", "quixotc"):
        assert await found(ann, typed) == [own]
        assert await found(ben, typed) == []
    assert await found(ann, "Renamed altogether", company_number="01234567") == [own]
    assert await found(ben, "Renamed altogether", company_number="01234567") == []


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
    assert len(await found(ann, "services")) <= 11
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
    own = await directory.add(ann, name="Quixotic Zephyr Partners")
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
        counted = {row["word"]: row["n"] for row in await Word.select(Word.word, Word.n)}
        filed = await Key.raw("SELECT key, count(*) AS n FROM suppliers_key WHERE owner = '' GROUP BY key")
    assert counted == {row["key"]: row["n"] for row in filed}
    assert counted["quayside"] == 3


async def test_listing_an_own_record_moves_its_keys_to_the_directory() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own = await directory.add(ann, name="Quixotic Zephyr Partners")
    async with audit.recording(ann) as record:
        await publishing.publish(ann, record, own, same_as=None)
    async with database.read():
        assert await Key.count().where(Key.owner != "") == 0
    assert await found(ben, "quixotic zephir") == [own]


async def test_a_very_long_word_is_filed_without_a_thousand_spellings() -> None:
    ann = await manager()
    supplier = Supplier(id=uuid4(), name="long", exact_name="long", made_at=clock.now())
    async with audit.recording(ann) as record:
        await supplier.save()
        await blocking.index(supplier.id, owner=None, known=Facts("a" * 300))
        assert await Key.count().where(Key.supplier == supplier.id.bytes) == 2  # the word, and the whole name
        record(Event.SUPPLIER_CHANGED, stream="test", subject="test")
