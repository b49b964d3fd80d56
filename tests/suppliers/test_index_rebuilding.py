"""The index made anew from the facts says what the index kept up to date says, and nothing is lost meanwhile."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from uuid import UUID

import pytest

import audit
import database
from audit.tables import Entry
from base import clock
from base.refusals import Conflict
from base.viewer import Viewer
from suppliers.directory import changing, directory
from suppliers.events import Event
from suppliers.index import candidates, external_sort, rebuilding
from suppliers.index.tables import CardRow, Index, KeyRow, Refile
from suppliers.matching import cards
from suppliers.matching.names import normalise
from suppliers.shares import publishing
from suppliers.tables import Supplier
from tests.given.checkout import ROOT
from tests.given.listed_suppliers import HEADS, TAILS, found, listed, manager
from tests.given.source_text import imported

pytestmark = pytest.mark.usefixtures("db")

Filed = dict[tuple[str, str], tuple[int, list[str]]]


async def index_as_it_stands() -> tuple[Filed, dict[UUID, tuple[str, str]]]:
    """What each key of the generation in use leads to, suppliers by their ids instead of numbers; and each supplier's card."""
    async with database.read():
        row = await Index.select().first()
        generation = row["generation"] if row else 0
        made = await CardRow.select().where(CardRow.generation == generation)
        keys = await KeyRow.select(KeyRow.owner, KeyRow.key, KeyRow.n, KeyRow.listed).where(KeyRow.generation == generation)
    by_number = {str(card["number"]): str(card["supplier"]) for card in made}
    filed = {(k["owner"], k["key"]): (k["n"], sorted(by_number.get(one, one) for one in k["listed"].split())) for k in keys}
    return filed, {card["supplier"]: (card["owner"], card["said"]) for card in made}


async def a_busy_index() -> tuple[Viewer, Viewer]:
    await listed(*(f"{head} {tail} Ltd" for head in HEADS for tail in TAILS), "Moor Foods t/a Lantern Lunches")
    ann, ben = await manager(), await manager("Beech Hill")
    numbers = {"company_number": "01234567", "postcode": "LS1 4AP"}
    edited = (await directory.add(ann, name="Quixotic Zephyr Partners", aliases=["Quixotic"], identifiers=numbers)).id
    await directory.add(ann, name="Quayside Meals")
    await changing.edit(ann, edited, name="Zephyr Partners", identifiers={"vat_number": "GB 980 7806 84"})
    shared = (await directory.add(ben, name="Foxglove and Thistle")).id
    async with audit.recording(ben) as record:
        await publishing.publish(ben, record, shared)
    return ann, ben


async def test_the_index_made_anew_is_the_index_that_was_kept_up_to_date() -> None:
    await a_busy_index()
    before = await index_as_it_stands()
    report = await rebuilding.reindex()
    assert await index_as_it_stands() == before
    assert (report.suppliers, report.keys, report.renamed) == (len(before[1]), len(before[0]), 0)
    async with database.read():
        assert await KeyRow.count() == len(before[0])  # the old generation is gone
        assert await Refile.count() == 0


async def test_the_index_made_anew_is_right_whatever_was_wrong_in_it() -> None:
    ann, _ = await a_busy_index()
    before = await index_as_it_stands()
    async with database.housekeeping():
        await KeyRow.update({KeyRow.n: 7}).where(KeyRow.key == "quayside")
        await KeyRow.delete().where(KeyRow.key == "meridian")
        await CardRow.delete(force=True)
    assert await found(ann, "Meridian Boilers") == []
    await rebuilding.reindex()
    assert await index_as_it_stands() == before


async def test_what_is_filed_while_the_index_is_made_is_in_it_at_the_end() -> None:
    ann, ben = await a_busy_index()
    kept = (await directory.add(ann, name="Ashby Tuition")).id

    async def meanwhile() -> None:
        await directory.add(ann, name="Juniper Minibuses of Ashby")
        await changing.edit(ann, kept, name="Ashby Coaching")
        own = (await directory.add(ben, name="Saffron Walks")).id
        async with audit.recording(ben) as record:
            await publishing.publish(ben, record, own)

    generation = await rebuilding._begin()
    with external_sort.Spill() as files, external_sort.Spill(1) as renamed:
        await rebuilding._make_cards(generation, (files, renamed), None, lambda _: None)
        await meanwhile()
        await rebuilding._make_keys(generation, files, None, lambda _: None)
        async with audit.recording(None) as record:
            await rebuilding._change_over(record, generation, renamed, rebuilding.ReindexReport(0, 0, 0, ()))
    for viewer, name in (
        (ann, "Juniper Minibuses of Ashby"),
        (ann, "Ashby Coaching"),
        (ann, "Saffron Walks"),
        (ben, "Saffron Walks"),
    ):
        async with database.read():
            known = await candidates.candidates(viewer, normalise(name))
        assert known[0].name == name
    assert kept not in await found(ann, "Tuition")


async def test_a_run_that_stopped_half_way_changed_nothing_and_the_next_begins_anew() -> None:
    await a_busy_index()
    before = await index_as_it_stands()

    @contextmanager
    def stop(_doing: str, _total: int) -> Iterator[Callable[[int], None]]:
        def advance(_: int) -> None:
            raise KeyboardInterrupt

        yield advance

    with pytest.raises(KeyboardInterrupt):
        await rebuilding.reindex(stop)
    assert await index_as_it_stands() == before
    await rebuilding.reindex()
    assert await index_as_it_stands() == before


async def test_a_run_that_another_overtook_changes_nothing() -> None:
    await a_busy_index()
    before = await index_as_it_stands()

    first = await rebuilding._begin()
    with external_sort.Spill() as files, external_sort.Spill(1) as renamed:
        await rebuilding._make_cards(first, (files, renamed), None, lambda _: None)
        await rebuilding.reindex()
        with pytest.raises(Conflict, match="another run"):
            async with audit.recording(None) as record:
                await rebuilding._change_over(record, first, renamed, rebuilding.ReindexReport(0, 0, 0, ()))
    assert await index_as_it_stands() == before


async def test_an_index_of_another_version_says_so_until_it_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await rebuilding.advice() is None  # there is nothing to find yet
    await a_busy_index()
    assert await rebuilding.advice() is None
    monkeypatch.setattr(cards, "reading", lambda: "another")
    assert "vouch suppliers reindex" in str(await rebuilding.advice())
    await rebuilding.refresh()
    assert await rebuilding.advice() is None
    async with database.read():
        made = await Entry.select(Entry.type).where(Entry.trail == audit.OPERATOR).order_by(Entry.idx, ascending=False).first()
    assert made is not None
    assert made["type"] == Event.DIRECTORY_REINDEXED


async def test_names_that_are_read_otherwise_now_are_kept_otherwise_but_never_two_of_a_school() -> None:
    ann, ben = await a_busy_index()
    ids = {name: (await directory.add(ann, name=name)).id for name in ("Ashby Books", "Carr Books", "Dene Books")}
    others = (await directory.add(ben, name="Ashby Books")).id
    stale = {"Ashby Books": "was ashby", "Carr Books": "dene books", "Dene Books": "was dene"}
    async with audit.recording(ann) as record:
        for name in ("Dene Books", "Carr Books", "Ashby Books"):  # Carr sits where Dene wants to be, and has to move first
            await Supplier.update({Supplier.exact_name: stale[name]}).where(Supplier.id == ids[name])
        await Supplier.update({Supplier.exact_name: "old"}).where(Supplier.name == "Quayside Catering Ltd")
        twin = Supplier(id=UUID(int=7), owner=ben.school, name="ASHBY BOOKS", exact_name="twin", made_at=clock.now())
        await twin.save()
        record(Event.SUPPLIER_CHANGED, stream="test", subject="test")
    report = await rebuilding.reindex()
    assert (report.renamed, report.kept) == (4, ("ASHBY BOOKS",))
    async with database.read():
        exact = {row["id"]: row["exact_name"] for row in await Supplier.select(Supplier.id, Supplier.exact_name)}
    assert [exact[one] for one in ids.values()] == ["ashby books", "carr books", "dene books"]
    assert (exact[others], exact[twin.id]) == ("ashby books", "twin")


async def test_parts_that_wait_in_files_come_back_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_sort, "KEPT", 3)
    monkeypatch.setattr(external_sort, "SAMPLE", 50)
    rng = random.Random(5)  # noqa: S311 - a sample, not a secret
    given = [(rng.choice(["", "a"]), f"key {rng.randrange(40)}", str(n)) for n in range(500)]
    wanted: dict[tuple[str, str], list[str]] = {}
    with external_sort.Spill(4) as files:
        for owner, key, one in given:
            files.add_all(owner, [key], one)
            wanted.setdefault((owner, key), []).append(one)
        parts = [external_sort.grouped(files.text(part)) for part in range(4)]
    assert {(owner, key): one for part in parts for owner, key, one in part} == wanted
    assert all([(owner, key) for owner, key, _ in part] == sorted((owner, key) for owner, key, _ in part) for part in parts)
    ranges = [(min(key for _, key, _ in part), max(key for _, key, _ in part)) for part in parts]
    assert all(end < start for (_, end), (start, _) in pairwise(ranges))


async def test_names_read_by_other_processes_are_filed_as_if_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    await a_busy_index()
    before = await index_as_it_stands()
    monkeypatch.setattr(rebuilding, "MANY", 0)
    monkeypatch.setattr(rebuilding, "BATCH", 20)
    await rebuilding.reindex()
    assert await index_as_it_stands() == before


@pytest.mark.pure
def test_the_index_knows_every_module_that_decides_how_a_name_is_filed() -> None:
    """Were one left out, a change in it would leave old keys behind and nobody would be told."""
    own = ROOT / "suppliers" / "matching"
    read, left = set[str](), ["names", "keys"]
    while left:
        read.add(module := left.pop())
        found = (
            name.split(".")[2] for name in imported((own / f"{module}.py").read_text()) if name.startswith("suppliers.matching.")
        )
        left += [name for name in found if name not in read and (own / f"{name}.py").exists()]
    assert {f"{module}.py" for module in read} <= set(cards.READ_BY)
    assert all((own / file).exists() for file in cards.READ_BY)
