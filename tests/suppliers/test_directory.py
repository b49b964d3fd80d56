"""The directory that every school sees, and the records that one school keeps to itself."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

import audit
import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from suppliers.directory import changing, directory
from suppliers.events import Event
from suppliers.index import candidates
from suppliers.index.tables import KeyRow
from suppliers.matching.identifiers import Scheme
from suppliers.matching.matching import MatchVerdict
from suppliers.record import facts
from suppliers.shares import publishing
from suppliers.shares.publishing import SaidOfEntries
from suppliers.tables import Note, Review, Supplier, Use
from tests.given.builders import a_person, a_school, signed_in
from tests.given.listed_suppliers import manager

pytestmark = pytest.mark.usefixtures("db")


async def publish(viewer: Viewer, supplier_id: UUID, same_as: UUID | None = None) -> UUID:
    async with audit.recording(viewer) as record:
        live = await publishing.publish(viewer, record, supplier_id, SaidOfEntries(same_as=same_as))
        if not record.happenings:
            record.unchanged()
        return live


async def a_listed_supplier(name: str = "Brightwater Windows Ltd", **facts: object) -> UUID:
    viewer = await manager(f"School that listed {name}")
    return await publish(viewer, (await directory.add(viewer, name=name, **facts)).id)  # type: ignore[arg-type]


async def a_review(viewer: Viewer, supplier_id: UUID) -> UUID:
    review = Review(
        id=uuid4(), school=viewer.school, supplier=supplier_id, rating=4, praise="", criticism="", author=viewer.person,
        version=1, written_at=clock.now(),
    )  # fmt: skip
    async with audit.recording(viewer) as record:
        await review.save()
        record(Event.SUPPLIER_CHANGED, stream="test", subject="test")
    return UUID(str(review.id))


async def events(trail: object) -> list[str]:
    async with database.read():
        types: list[str] = (
            await Entry.select(Entry.type)
            .where((Entry.trail == str(trail)) & Entry.type.like("supplier.%"))
            .order_by(Entry.idx)
            .output(as_list=True)
        )
    return types


async def test_a_supplier_that_a_school_adds_is_its_own_and_in_use() -> None:
    ann = await manager()
    added = (
        await directory.add(
            ann,
            name="  Brightwater   Windows Ltd ",
            aliases=["BW Cleaning", "", "BW Cleaning"],
            identifiers={"company_number": "1234567", "phone": "", "postcode": "ln11aa"},
            categories=["window-cleaning"],
        )
    ).id
    seen = await directory.supplier(ann, added)
    assert (seen.name, seen.aliases, seen.categories) == ("Brightwater Windows Ltd", ("BW Cleaning",), ("window-cleaning",))
    assert seen.identifiers == ((Scheme.COMPANY_NUMBER, "01234567"), (Scheme.POSTCODE, "LN1 1AA"))
    assert seen.is_own
    assert seen.used_since is not None
    assert await events(ann.school) == ["supplier.added"]


async def test_no_other_school_can_tell_an_own_record_from_none() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    added = (await directory.add(ann, name="Brightwater Windows")).id
    for attempt in (directory.supplier, directory.adopt, directory.stop_using):
        with pytest.raises(NotFound) as theirs:
            await attempt(ben, added)
        with pytest.raises(NotFound) as nowhere:
            await attempt(ben, uuid4())
        assert theirs.value.sentence == nowhere.value.sentence
    with pytest.raises(NotFound):
        await changing.edit(ben, added, name="Mine now")


async def test_every_wrong_answer_is_named_at_once() -> None:
    ann = await manager()
    with pytest.raises(Invalid) as refused:
        await directory.add(
            ann, name="!", identifiers={"company_number": "XX12", "postcode": "nowhere"}, categories=["made-up-category"]
        )
    assert set(refused.value.fields) == {"name", "company_number", "postcode", "categories"}
    assert all(sentence.endswith(".") for sentence in refused.value.fields.values())


@pytest.mark.parametrize("name", ["", " ", "x", "!!!", "n" * 301, "Oak\x00 Ltd", "Oak\x1b[31m Ltd"])
async def test_what_is_no_name_is_refused_in_a_sentence(name: str) -> None:
    ann = await manager()
    with pytest.raises(Invalid) as refused:
        await directory.add(ann, name=name)
    assert refused.value.fields["name"].endswith(".")


async def test_a_school_has_one_own_record_of_a_name() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    await directory.add(ann, name="Smith & Sons Ltd")
    with pytest.raises(Conflict, match=r"You already have Smith & Sons Ltd\."):
        await directory.add(ann, name="SMITH AND SONS LIMITED")
    await directory.add(ben, name="Smith and Sons")


async def test_governors_read_and_change_nothing() -> None:
    school = await a_school()
    ann, gus = await a_person(school), await a_person(school, Role.GOVERNOR, "Gus Green")
    added = (await directory.add(ann, name="Brightwater Windows")).id
    assert (await directory.supplier(gus, added)).name == "Brightwater Windows"
    with pytest.raises(Forbidden):
        await directory.add(gus, name="Another")
    with pytest.raises(Forbidden):
        await directory.stop_using(gus, added)


async def test_a_directory_entry_can_be_used_and_left_and_used_again() -> None:
    listed = await a_listed_supplier()
    ben = await manager("Beech Hill")
    assert (await directory.supplier(ben, listed)).used_since is None
    for _ in range(2):
        assert (await directory.adopt(ben, listed)).id == listed
    assert (await directory.supplier(ben, listed)).used_since is not None
    for _ in range(2):
        await directory.stop_using(ben, listed)
    await directory.adopt(ben, listed)
    assert await events(ben.school) == ["supplier.adopted", "supplier.left", "supplier.adopted"]


async def test_listing_keeps_the_id_and_shows_every_school_the_same_facts() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own = (
        await directory.add(ann, name="Brightwater Windows", identifiers={"phone": "01522 496000"}, categories=["cleaning"])
    ).id
    assert await publish(ann, own) == own
    assert await publish(ann, own) == own
    seen = await directory.supplier(ben, own)
    assert (seen.name, seen.is_own, seen.used_since) == ("Brightwater Windows", False, None)
    assert seen.identifiers == ((Scheme.PHONE, "+441522496000"),)
    assert await events(ann.school) == ["supplier.added", "supplier.listed"]


async def test_the_operators_trail_does_not_say_which_school_listed_a_supplier() -> None:
    ann = await manager()
    await publish(ann, (await directory.add(ann, name="Brightwater Windows")).id)
    async with database.read():
        entries = await Entry.select(Entry.event_id).where(
            (Entry.trail == audit.OPERATOR) & (Entry.type == Event.DIRECTORY_LISTED.value)
        )
        openings = await Opening.select().where(Opening.event_id == entries[0]["event_id"])
    assert len(entries) == 1
    told = repr(openings)
    assert "Brightwater Windows" in told
    for secret in (str(ann.school), str(ann.person), ann.name, ann.school_name):
        assert secret not in told


async def test_joining_takes_along_what_the_school_said_and_leads_old_links_to_the_entry() -> None:
    listed = await a_listed_supplier()
    ben = await manager("Beech Hill")
    own = (await directory.add(ben, name="Brite Water Windows")).id
    review = await a_review(ben, own)
    assert await publish(ben, own, listed) == listed
    seen = await directory.supplier(ben, own)
    assert (seen.id, seen.name) == (listed, "Brightwater Windows Ltd")
    assert seen.used_since is not None
    async with database.read():
        assert await Review.select(Review.id).where(Review.supplier == listed).output(as_list=True) == [review]
        assert await Use.count().where(Use.supplier == own) == 0
    assert await events(ben.school) == ["supplier.added", "supplier.changed", "supplier.joined"]
    with pytest.raises(Conflict, match="You already have Brite Water Windows"):
        await directory.add(ben, name="Brite Water Windows")


async def test_joining_an_entry_that_the_school_uses_leaves_one_use() -> None:
    listed = await a_listed_supplier()
    ben = await manager("Beech Hill")
    await directory.adopt(ben, listed)
    own = (await directory.add(ben, name="Brite Water Windows")).id
    await publish(ben, own, listed)
    async with database.read():
        mine = (Use.school == ben.school) & (Use.supplier == listed)
        assert await Use.count().where(mine & Use.until_at.is_null()) == 1
    await directory.stop_using(ben, listed)
    async with database.read():
        assert await Use.count().where((Use.school == ben.school) & Use.until_at.is_null()) == 0


async def test_joining_is_refused_while_both_are_reviewed_and_nothing_changes() -> None:
    listed = await a_listed_supplier()
    ben = await manager("Beech Hill")
    own = (await directory.add(ben, name="Brite Water Windows")).id
    await a_review(ben, own)
    await a_review(ben, listed)
    with pytest.raises(Conflict, match="reviewed both Brite Water Windows and Brightwater Windows Ltd"):
        await publish(ben, own, listed)
    assert (await directory.supplier(ben, own)).is_own


async def test_only_a_directory_entry_can_be_joined() -> None:
    ann, ben = await manager(), await manager("Beech Hill")
    own, other = (await directory.add(ann, name="Brightwater Windows")).id, (await directory.add(ann, name="Brite Water")).id
    theirs = (await directory.add(ben, name="Brightwater Windows")).id
    with pytest.raises(Invalid):
        await publish(ann, own, other)
    with pytest.raises(NotFound):
        await publish(ann, own, theirs)


async def test_an_edit_changes_all_facts_and_the_trail_tells_old_and_new() -> None:
    ann = await manager()
    own = (await directory.add(ann, name="Brightwater", identifiers={"postcode": "LN1 1AA"}, categories=["cleaning"])).id
    await changing.edit(ann, own, name="Brightwater Windows", aliases=["BW"], categories=["cleaning"])
    await changing.edit(ann, own, name="Brightwater Windows", aliases=["BW"], categories=["cleaning"])
    seen = await directory.supplier(ann, own)
    assert (seen.name, seen.aliases, seen.identifiers) == ("Brightwater Windows", ("BW",), ())
    assert await events(ann.school) == ["supplier.added", "supplier.changed"]
    assert [s.supplier_id for s in await directory.suggestions(ann, "Brightwater Windws")] == [own]


async def test_one_school_cannot_change_a_directory_entry() -> None:
    listed = await a_listed_supplier()
    with pytest.raises(Forbidden, match="shared directory"):
        await changing.edit(await manager("Beech Hill"), listed, name="Better name")


async def test_suggestions_say_why_in_words() -> None:
    listed = await a_listed_supplier(identifiers={"company_number": "01234567"})
    ben = await manager("Beech Hill")
    found = await directory.suggestions(ben, "BRIGHTWATER WINDOWS", {"company_number": "1234567", "phone": "012"})
    assert [one.supplier_id for one in found] == [listed]
    assert found[0].verdict is MatchVerdict.SAME
    assert found[0].probability > 0.98
    assert found[0].reasons
    assert not found[0].is_own


async def test_an_old_own_name_still_suggests_the_entry_that_it_joined() -> None:
    listed = await a_listed_supplier("Meridian Facilities Ltd")
    ben, cat = await manager("Beech Hill"), await manager("Cedar Lodge")
    await publish(ben, (await directory.add(ben, name="Zanzibar Sweepers")).id, listed)
    assert [one.supplier_id for one in await directory.suggestions(ben, "Zanzibar Sweepers")] == [listed]
    assert await directory.suggestions(cat, "Zanzibar Sweepers") == ()


async def test_what_one_school_keeps_leaves_no_trace_in_what_others_share() -> None:
    ann = await manager()
    await directory.add(ann, name="Quixotic Zephyr Partners")
    async with database.read():
        assert await KeyRow.count().where(KeyRow.owner == "") == 0
        assert await Supplier.count().where(Supplier.owner.is_null()) == 0
        assert await Note.count() == 0
        assert await candidates.by_name(ann, "zephyr", 5) != ()


async def test_a_change_keeps_the_second_telephone_that_its_form_has_no_box_for() -> None:
    ann = await a_person(await a_school())
    own = (await directory.add(ann, name="Brook Cleaning", identifiers={"phone": "01632 960 101"})).id
    more = ((Scheme.PHONE, "+441632960101"), (Scheme.PHONE, "+441632960777"))
    async with audit.recording(ann) as record:
        before = (await facts.as_written([own]))[own]
        await changing.change(record, ann, own, before, replace(before, identifiers=more))
    async with signed_in(ann) as browser:
        page = (await browser.get(f"/suppliers/{own}/edit")).text
        assert 'value="+441632960101"' in page
        form = {"name": "Brook Cleaners", "phone": "01632 960 109"}
        assert (await browser.post(f"/suppliers/{own}/edit", data=form)).status_code == 303
    known = await changing.written(ann, own)
    assert known.name == "Brook Cleaners"
    assert known.identifiers == ((Scheme.PHONE, "+441632960109"), (Scheme.PHONE, "+441632960777"))
