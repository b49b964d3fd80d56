"""A contract is its school's alone until it is shared, and then by groups of fields: a group that is not opened moves nothing."""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any
from uuid import UUID

import pytest

import database
from audit.tables import Entry
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from contracts.access.access import Standing
from contracts.events import Event
from contracts.fields import contract_fields
from contracts.fields.contract_fields import Opened
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.lists import listing
from contracts.register import reading, register
from contracts.shares import by_reader, shares, shown
from contracts.shares.seen_by import seen_by
from contracts.tables import Contract
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import CONTRACT, Fields, GrantKind
from sharing.networks import connections
from sharing.tables import AudienceGrant, School
from suppliers.directory import directory
from suppliers.merging import merges
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares as opinion_shares
from suppliers.shares.publishing import SaidOfEntries
from suppliers.shares.shares import OpinionKind
from tests.given import filled_contracts
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

GROUPS = {Opened.TERMS: Fields.TERMS, Opened.DATES: Fields.DATES}
SUBSETS = [reduce(or_, chosen) for n in range(1, 5) for chosen in combinations(CONTRACT, n)]


@pytest.fixture
async def supplier(ann: Viewer) -> UUID:
    return (await directory.add(ann, name="Tallow Print Ltd", identifiers={"company_number": "01234567"})).id


@pytest.fixture
async def copiers(ann: Viewer, supplier: UUID) -> UUID:
    said = Said(filled_contracts.every_field(), supplier=supplier, extensions=[Extension({"n": 1, "unit": "years"}, minute="M1")])
    return await register.add(ann, said)


def to(viewer: Viewer, fields: Fields = Fields.TERMS) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, viewer.school, fields=fields),))


def opened_names(fields: Fields) -> set[str]:
    groups = {group for group, field in GROUPS.items() if field in fields}
    return {one.name for one in contract_fields.FIELDS if one.opened in groups}


async def test_nobody_else_sees_it_until_it_is_shared_nor_after_it_was_taken_back(
    ann: Viewer, bob: Viewer, copiers: UUID
) -> None:
    with pytest.raises(NotFound):
        await reading.contract(bob, copiers)
    await shares.share(ann, copiers, to(bob))
    assert (await reading.contract(bob, copiers)).standing is Standing.SHARED
    await shares.unshare(ann, copiers)
    with pytest.raises(NotFound):
        await reading.contract(bob, copiers)


@pytest.mark.parametrize("fields", SUBSETS, ids=str)
async def test_exactly_the_fields_of_the_groups_that_were_opened_are_read(
    ann: Viewer, bob: Viewer, copiers: UUID, fields: Fields
) -> None:
    await shares.share(ann, copiers, to(bob, fields))
    found = await reading.contract(bob, copiers)
    read = {name for name, value in found.said.values.items() if value is not None}
    assert read == {name for name in opened_names(fields) if filled_contracts.first(name) is not None}
    assert bool(found.planned) == bool(found.words) == bool(found.said.extensions) == (Fields.DATES in fields)
    assert all(not one.minute for one in found.said.extensions)
    assert (found.said.supplier is not None) == (Fields.TERMS in fields)
    assert found.version == 0


async def test_price_quotes_interests_and_notes_are_in_no_group() -> None:
    never = ("annual_pence", "total_pence", "price_schedule", "uplift", "quotes", "award_reason", "conflicts", "notes")
    assert {contract_fields.BY_NAME[name].opened for name in never} == {Opened.NEVER}


@pytest.mark.parametrize("fields", SUBSETS, ids=str)
async def test_two_worlds_that_differ_in_what_is_not_opened_look_alike(
    ann: Viewer, bob: Viewer, copiers: UUID, supplier: UUID, fields: Fields
) -> None:
    await shares.share(ann, copiers, to(bob, fields))
    before = await everything_seen(bob, copiers, supplier)
    ours = await reading.contract(ann, copiers)
    kept = opened_names(fields)
    other = {one.name: filled_contracts.second(one.name) for one in contract_fields.FIELDS if one.name not in kept}
    changed = replace(ours.said, values={**ours.said.values, **other}, is_draft=True, officer_person=ann.person)
    if Fields.DATES not in fields:
        changed = replace(changed, extensions=())
    await register.change(ann, copiers, changed, version=ours.version)
    await register.add(ann, Said({"title": "Another that is private"}, supplier=supplier))
    assert await everything_seen(bob, copiers, supplier) == before


async def everything_seen(viewer: Viewer, contract: UUID, supplier: UUID) -> Any:
    try:
        page: Any = await shown.with_supplier(viewer, supplier)
    except NotFound:
        page = None
    return await reading.contract(viewer, contract), page, await listing.page(viewer)


async def test_the_suppliers_page_shows_ours_and_what_is_shared_and_nothing_that_does_not_name_the_supplier(
    ann: Viewer, bob: Viewer, copiers: UUID, supplier: UUID
) -> None:
    (ours,) = await shown.with_supplier(ann, supplier)
    assert ours.is_ours
    assert [label for label, _ in ours.days] == ["Decide by", "First day", "Last day"]
    await shares.share(ann, copiers, to(bob, Fields.TERMS | Fields.DATES))
    assert [label for label, _ in (await shown.with_supplier(bob, supplier))[0].days] == ["First day", "Last day"]
    await shares.share(ann, copiers, to(bob, Fields.TERMS))
    (theirs,) = await shown.with_supplier(bob, supplier)
    assert theirs.days == ()
    assert (theirs.school_name, theirs.title) == ("Oakfield Primary", "Ash title")
    assert "First day" not in dict(theirs.rows)
    assert "Schools" not in dict(theirs.rows)
    async with signed_in(bob) as browser:
        page = (await browser.get(f"/suppliers/{supplier}")).text
    assert "Ash title" in page
    async with signed_in(ann) as browser:
        assert "Decide by " in (await browser.get(f"/suppliers/{supplier}")).text
    await shares.share(ann, copiers, to(bob, Fields.DATES))
    assert await shown.with_supplier(bob, supplier) == ()


async def test_the_first_share_that_names_a_supplier_lists_it_and_one_that_does_not_keeps_it_ours(
    ann: Viewer, bob: Viewer, copiers: UUID, supplier: UUID
) -> None:
    await shares.share(ann, copiers, to(bob, Fields.DATES))
    with pytest.raises(NotFound):
        await directory.supplier(bob, supplier)
    await shares.share(ann, copiers, to(bob, Fields.TERMS))
    assert (await directory.supplier(bob, supplier)).name == "Tallow Print Ltd"


async def test_a_supplier_that_the_directory_has_already_is_joined_to_it_and_readers_are_led_there(
    ann: Viewer, bob: Viewer, copiers: UUID
) -> None:
    cat = await a_person(await a_school("Ashdown College"), name="Cat Cole")
    listed = (await directory.add(cat, name="Tallow Print")).id
    review = (await reviews.review(cat, listed, opinion=Opinion(interest=None, rating=4), version=None)).id
    everyone = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
    await opinion_shares.share(cat, OpinionKind.REVIEW, review, everyone)
    await shares.share(ann, copiers, to(bob), of_entries=SaidOfEntries(same_as=listed))
    assert (await reading.contract(bob, copiers)).said.supplier == listed
    assert [card.id for card in await shown.with_supplier(bob, listed)] == [copiers]


async def test_a_merge_of_suppliers_carries_contracts_along_and_undoing_it_restores_them(
    ann: Viewer, copiers: UUID, supplier: UUID
) -> None:
    other = (await directory.add(ann, name="Tallow Printing and Copying")).id
    merged = await merges.merge(ann, supplier, other)
    assert (await reading.contract(ann, copiers)).said.supplier == other
    assert [card.id for card in await shown.with_supplier(ann, other)] == [copiers]
    found = await reading.contract(ann, copiers)
    dearer = replace(found.said, values={**found.said.values, "annual_pence": 1})
    await register.change(ann, copiers, dearer, version=found.version)
    await merges.undo(ann, merged.id)
    assert (await reading.contract(ann, copiers)).said.supplier == supplier
    assert await shown.with_supplier(ann, other) == ()


async def test_a_confidential_contract_is_not_shared_and_a_shared_one_is_not_made_confidential(
    ann: Viewer, bob: Viewer, copiers: UUID
) -> None:
    await shares.share(ann, copiers, to(bob))
    found = await reading.contract(ann, copiers)
    secret = replace(found.said, values={**found.said.values, "is_confidential": True})
    with pytest.raises(Invalid, match=r".*") as refusal:
        await register.change(ann, copiers, secret, version=found.version)
    assert refusal.value.fields == {"is_confidential": register.STOP_FIRST}
    await shares.unshare(ann, copiers)
    await register.change(ann, copiers, secret, version=found.version)
    with pytest.raises(Invalid, match="confidential"):
        await shares.share(ann, copiers, to(bob))


def wrong() -> Iterator[Fields]:
    yield Fields.NONE
    yield from (field for field in Fields if field not in CONTRACT)
    yield Fields.TERMS | Fields.RATING
    yield Fields(256)


@pytest.mark.parametrize("fields", list(wrong()), ids=str)
async def test_groups_of_an_opinion_are_refused_for_a_contract(ann: Viewer, bob: Viewer, copiers: UUID, fields: Fields) -> None:
    with pytest.raises(Invalid):
        await shares.share(ann, copiers, to(bob, fields))


@pytest.mark.parametrize("fields", [Fields.TERMS, Fields.ATTAINMENT, Fields.RATING | Fields.TERMS], ids=str)
async def test_groups_of_a_contract_are_refused_for_an_opinion(ann: Viewer, bob: Viewer, supplier: UUID, fields: Fields) -> None:
    review = (await reviews.review(ann, supplier, opinion=Opinion(interest=None, rating=4), version=None)).id
    with pytest.raises(Invalid):
        await opinion_shares.share(ann, OpinionKind.REVIEW, review, to(bob, fields))


async def test_the_database_takes_no_grant_of_both(ann: Viewer, bob: Viewer, copiers: UUID) -> None:
    await shares.share(ann, copiers, to(bob, CONTRACT))
    with pytest.raises(Exception, match=r"(?i)check|constraint"):
        async with database.write():
            await AudienceGrant.update({AudienceGrant.fields: int(Fields.TERMS | Fields.CRITICISM)}).where(
                AudienceGrant.owner == ann.school
            )


async def test_governors_and_those_of_another_school_share_nothing(ann: Viewer, bob: Viewer, copiers: UUID) -> None:
    for role in (Role.GOVERNOR, Role.AUDITOR):
        with pytest.raises(Forbidden):
            await shares.share(replace(ann, role=role), copiers, to(bob))
        with pytest.raises(Forbidden):
            await shares.unshare(replace(ann, role=role), copiers)
    with pytest.raises(NotFound):
        await shares.share(bob, copiers, to(ann))
    with pytest.raises(NotFound):
        await shares.state(bob, copiers)


async def test_a_share_through_a_connection_ends_with_it(ann: Viewer, bob: Viewer, copiers: UUID) -> None:
    await connections.accept(bob, await connections.ask(ann, bob.school))
    await shares.share(ann, copiers, AudienceChoice((GrantChoice(GrantKind.CONNECTED, fields=Fields.TERMS),)))
    assert (await reading.contract(bob, copiers)).standing is Standing.SHARED
    await connections.end(ann, bob.school)
    with pytest.raises(NotFound):
        await reading.contract(bob, copiers)


async def test_each_change_of_who_sees_it_is_an_entry_in_the_contracts_stream(ann: Viewer, bob: Viewer, copiers: UUID) -> None:
    await shares.share(ann, copiers, to(bob))
    await shares.share(ann, copiers, to(bob))
    tag = (await shares.state(ann, copiers)).choice.tag
    with pytest.raises(Conflict):
        await shares.unshare(ann, copiers, instead_of="0" * len(tag))
    await shares.unshare(ann, copiers, instead_of=tag)
    async with database.read():
        types = await Entry.select(Entry.type).where(Entry.stream == f"contract:{copiers}").order_by(Entry.idx)
        left = await Contract.select(Contract.audience).where(Contract.id == copiers, Contract.school == ann.school).first()
    assert [row["type"] for row in types] == ["contract.added", "contract.shared", "contract.share_ended"]
    assert left == {"audience": None}


async def test_a_trusts_contract_is_read_by_a_school_that_it_covers_without_why(ann: Viewer) -> None:
    academy = await a_person(await a_school("Academy", trust="Elm Trust"))
    async with database.read():
        trust: Any = await School.objects().where(School.kind == "trust").first()
    tess = await a_person(trust, name="Tess Teal")
    ours = await register.add(tess, Said(filled_contracts.every_field(), covers=[academy.school]))
    found = await reading.contract(academy, ours)
    assert found.standing is Standing.COVERED
    assert found.said.values["annual_pence"] == 486_000
    assert {name for name in ("notes", "conflicts", "quotes", "award_reason") if found.said.values[name]} == set()
    assert [line.id for line in (await listing.page(academy)).lines] == [ours]


async def test_shared_contracts_are_grouped_by_reader_and_several_are_stopped_at_once(
    ann: Viewer, bob: Viewer, copiers: UUID
) -> None:
    paper = await register.add(ann, Said({"title": "Paper", "supplier_name": "Ashby Paper"}))
    to_all = GrantChoice(GrantKind.EVERYONE, fields=Fields.DATES)
    await shares.share(ann, copiers, AudienceChoice((*to(bob).grants, to_all)))
    await shares.share(ann, paper, to(bob))
    groups = (await by_reader.shared(ann)).groups
    titles = [(group.who, [one.sharing.id for one in group.lines]) for group in groups]
    assert titles == [("Every school on Vouch", [copiers]), ("Elmwood School, Ashby", [copiers, paper])]
    seen = [(one.title, one.words) for one in (await seen_by(ann, bob.school)).shown]
    assert seen[1] == ("Paper", "what it is for and the supplier and, once you add it, how it was chosen")
    before, to_bob = len(await events_of(ann.school)), [one.value for one in groups[1].lines]
    async with signed_in(ann) as browser:
        shown_there = text_of((await browser.get(f"/schools/{bob.school}/sees")).text)
        listed = (await browser.get("/shared")).text
        asked = text_of((await browser.get("/contracts/shared/stop", params={"line": to_bob})).text)
        assert (await browser.post("/contracts/shared/stop", data={"line": ["x.y", *to_bob]})).status_code == 303
        assert (await browser.post("/contracts/shared/stop", data={"line": to_bob})).status_code == 422
        assert (await browser.post("/contracts/shared/stop", data={"line": f"{UUID(int=1).hex}.x"})).status_code == 404
    assert "Contracts" in shown_there
    assert "Paper" in shown_there
    assert all(f'value="{value}"' in listed for value in to_bob)
    assert "Stop sharing these 2?" in asked
    assert (await events_of(ann.school))[before:] == [Event.CONTRACT_SHARE_ENDED] * 2
    assert [group.who for group in (await by_reader.shared(ann)).groups] == ["Every school on Vouch"]
    assert (await seen_by(bob, ann.school)).shown == ()


async def test_the_list_of_shared_contracts_comes_in_pages(ann: Viewer, bob: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_reader, "PAGE", 2)
    ours = [await register.add(ann, Said({"title": title, "supplier_name": "Ashby"})) for title in ("Lifts", "alarms", "Boilers")]
    for contract in ours:
        await shares.share(ann, contract, to(bob))
    first, second = await by_reader.shared(ann), await by_reader.shared(ann, 2)
    assert [one.sharing.title for one in (*first.lines, *second.lines)] == ["alarms", "Boilers", "Lifts"]
    assert (first.has_more, second.has_more) == (True, False)
    async with signed_in(ann) as browser:
        assert "/contracts/shared?number=2" in (await browser.get("/shared")).text
        page = text_of((await browser.get("/contracts/shared?number=2")).text)
    assert "Lifts" in page
    assert "Boilers" not in page


async def test_what_several_open_alike_is_said_once(ann: Viewer, bob: Viewer) -> None:
    for title in ("Lifts", "Alarms"):
        await shares.share(ann, await register.add(ann, Said({"title": title, "supplier_name": "Ashby"})), to(bob))
    (group,) = (await by_reader.shared(ann)).groups
    assert [len(alike.lines) for alike in group.alike] == [2]
    async with signed_in(ann) as browser:
        page = text_of((await browser.get("/shared")).text)
    assert page.count("how it was chosen") == 1
