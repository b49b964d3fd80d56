"""Contracts and what people may ask of their data: names are found and erased in row, trail and file, once nothing keeps them."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from audit.erasing import holds, retention
from audit.erasing.retention import RecordKind
from audit.log.subjects import Subject
from audit.reading import as_of
from base import clock
from base.refusals import Conflict
from base.settings import Settings
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.documents.tables import Document
from contracts.fields.dates_asked import Extension
from contracts.fields.said import Said
from contracts.register import reading, register
from contracts.tables import Contract
from contracts.texts import texts
from privacy import erasure, subject_access
from privacy import holds as named_holds
from privacy.erasure import OfferedFind
from sharing.people import people
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_person, signed_in
from tests.given.erasing import NAME, World, a_world, ask, everything_in, school_of, the
from tests.given.every_check import findings
from tests.given.page_text import text_of

ENDED: dict[str, Any] = {"starts_on": date(2008, 9, 1), "ends_on": date(2010, 8, 31), "renewal": "expires"}


@pytest.fixture
async def boilers(world: World) -> UUID:
    """A contract that ended long ago, and names the one who left in words, in an earlier version, an option and a document."""
    names = {"title": "Boilers", "officer": NAME, "notes": f"Ask {NAME}.", "signed_by": "Ann Archer"}
    extensions = [Extension({"n": 1, "unit": "years"}, minute=f"{NAME}, item 4")]
    made = await register.add(world.ann, Said({**ENDED, **names}, supplier=world.supplier, extensions=extensions))
    found = await reading.contract(world.ann, made)
    without = replace(found.said, values={**found.said.values, "notes": "Ask the office."})
    await register.change(world.ann, made, without, version=found.version)
    file = Upload("signed.txt", f"Signed: {NAME}".encode())
    await documents.add(world.ann, made, file, What(DocumentKind.SIGNED_COPY), is_letter=False)
    return made


def of_contract(offers: tuple[OfferedFind, ...], contract: UUID) -> Iterator[OfferedFind]:
    return (offer for offer in offers if offer.find.stream == Subject.CONTRACT.of(contract))


async def test_names_in_a_contract_are_found_by_field_part_and_file(world: World, boilers: UUID) -> None:
    found = list(of_contract((await erasure.look(world.ann, person=None, typed=NAME)).offers, boilers))
    keys = {offer.find.key.removeprefix(f"contract:{boilers}:").partition(":")[0] for offer in found}
    assert keys >= {"officer", "notes", "extension", "file"}
    assert {offer.kept for offer in found} == {None}


async def test_what_is_erased_is_gone_from_row_trail_and_file_and_the_rest_stays(
    world: World, db: Settings, boilers: UUID
) -> None:
    await erasure.approve(world.hal, await ask(world))
    row = await the(Contract, Contract.id == boilers)
    assert (row.officer, row.notes, row.signed_by, row.title) == (None, "Ask the office.", "Ann Archer", "Boilers")
    assert await the(Document, Document.contract == boilers) is None
    assert NAME.encode() not in await everything_in(db)
    assert await findings() == ()
    version = (await reading.contract(world.ann, boilers)).version
    assert version > 2, "a form that still has the old words can't save them"


async def test_the_years_count_from_the_end_and_a_deed_has_more(world: World) -> None:
    today = clock.today()
    cases: tuple[tuple[dict[str, Any], bool], ...] = (
        ({"ends_on": today.replace(year=today.year - 7, day=1)}, False),
        ({"ends_on": today.replace(year=today.year - 5, day=1)}, True),
        ({"ends_on": today.replace(year=today.year - 7, day=1), "is_deed": True}, True),
        ({"ends_on": today.replace(year=today.year - 13, day=1), "is_deed": True}, False),
        ({"renewal": "open"}, True),
    )
    for said, is_kept in cases:
        start: dict[str, Any] = {"starts_on": date(2008, 9, 1), "renewal": "expires", "title": "One", "officer": NAME}
        made = await register.add(world.ann, Said({**start, **said}))
        (offer,) = of_contract((await erasure.look(world.ann, person=None, typed=NAME)).offers, made)
        assert bool(offer.kept) is is_kept, said
        assert offer.find.kind is (RecordKind.DEEDS if said.get("is_deed") else RecordKind.CONTRACTS)


async def test_why_something_has_to_stay_is_said_once_and_until_when_for_each(world: World) -> None:
    ends = clock.today() + timedelta(days=30)
    for title in ("One", "Two"):
        said: dict[str, Any] = {
            "starts_on": date(2008, 9, 1),
            "renewal": "expires",
            "ends_on": ends,
            "title": title,
            "officer": NAME,
        }
        await register.add(world.ann, Said(said))
    async with signed_in(world.ann) as browser:
        page = text_of((await browser.post("/erasures/find", data={"person": "nobody", "text": NAME})).text)
    stays = page.partition("This has to stay")[2]
    assert stays.count("are kept for 6 years") == 1
    assert stays.count(", until ") == 2


async def test_a_school_sets_how_long_it_keeps_deeds_and_never_less(world: World) -> None:
    await retention.keep(world.ann, kind=RecordKind.DEEDS, years=15, from_date=date(2026, 1, 1), source="Our policy.")
    assert {duty.kind: duty.years for duty in await retention.duties(world.ann)}[RecordKind.DEEDS] == 15
    with pytest.raises(Exception, match="Nothing was set"):
        await retention.keep(world.ann, kind=RecordKind.DEEDS, years=6, from_date=date(2026, 1, 1), source="Our policy.")


@pytest.mark.parametrize("about", ["contract", "supplier"])
async def test_a_hold_on_a_contract_or_on_its_supplier_keeps_its_words(world: World, boilers: UUID, about: str) -> None:
    name = Subject.CONTRACT.of(boilers) if about == "contract" else Subject.SUPPLIER.of(world.supplier)
    assert name in dict((await named_holds.of_school(world.ann)).choices)
    await holds.place(world.ann, about=name, reason="A claim.")
    chosen = [texts.key_of(boilers, "officer")]
    with pytest.raises(Conflict, match="legal hold"):
        await ask(world, person=None, typed=NAME, chosen=chosen)


async def test_whoever_looked_after_a_contract_can_leave_and_be_erased_and_the_contract_be_changed(world: World) -> None:
    mia = await a_person(await school_of(world), name="Mia Marsh")
    made = await register.add(world.ann, Said({"title": "Boilers"}, officer_person=mia.person, deputy_person=mia.person))
    await people.remove(world.hal, mia.person)
    await erasure.approve(world.hal, await ask(world, person=mia.person, chosen=[]))
    found = await reading.contract(world.ann, made)
    other = replace(found.said, values={**found.said.values, "title": "Boilers and pumps"})
    await register.change(world.ann, made, other, version=found.version)
    assert (await reading.contract(world.ann, made)).said.values["title"] == "Boilers and pumps"


async def test_a_copy_of_somebodys_data_has_the_contracts_that_they_added_or_look_after(world: World) -> None:
    await register.add(world.ann, Said({"title": "Boilers"}))
    await register.add(world.ann, Said({"title": "Pumps"}, officer_person=world.hal.person))
    cases = ((world.ann, {"Boilers": "added it", "Pumps": "added it"}), (world.hal, {"Pumps": "officer"}))
    for whose, contracts in cases:
        packed = zipfile.ZipFile(io.BytesIO(await subject_access.give(whose, whose.person)))
        held = json.loads(packed.read("what-is-held.json"))
        assert {one["contract"]: one["as"] for one in held["contracts"]} == contracts


@pytest.mark.usefixtures("db")
async def test_a_contract_is_read_as_it_stood_on_another_day() -> None:
    with clock.at(datetime(2025, 12, 5, tzinfo=UTC)):  # no entry is recorded before the entry before it
        world = await a_world()
    with clock.at(datetime(2026, 1, 5, tzinfo=UTC)):
        made = await register.add(world.ann, Said({"title": "Boilers", "annual_pence": 100, "officer": "Ann Archer"}))
    with clock.at(datetime(2026, 2, 5, tzinfo=UTC)):
        found = await reading.contract(world.ann, made)
        dearer = replace(found.said, values={**found.said.values, "annual_pence": 200, "officer": None})
        await register.change(world.ann, made, dearer, version=1)
        file = Upload("cover.txt", b"Insured.")
        await documents.add(world.ann, made, file, What(DocumentKind.INSURANCE), is_letter=False)
    with clock.at(datetime(2026, 3, 5, tzinfo=UTC)):
        await register.withdraw(world.ann, made)
    days = [datetime(2026, month, 10, tzinfo=UTC) for month in (1, 2, 3)]
    before, after, gone = await as_of.at_each(world.ann, Subject.CONTRACT.of(made), days)
    plain = [{field.name: field.value for field in one.fields} for one in (before, after)]
    assert (plain[0]["annual_pence"], plain[0]["officer"], plain[0]["contract_title"]) == (100, "Ann Archer", "Boilers")
    assert (plain[1]["annual_pence"], "officer" in plain[1], plain[1]["filename.1"]) == (200, False, "cover.txt")
    assert (after.ended, gone.ended is not None) == (None, True)
