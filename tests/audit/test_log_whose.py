"""A trail says whose it is, and each entry whom it is about: as it stood, by what a pack proves and an erasure can take out."""

import asyncio
import json
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

import audit
import database
from audit.errors import NothingRecorded
from audit.log import fsck, whose
from audit.log.known import Owner
from audit.packs.extent import ANOTHERS
from audit.tables import Entry, Opening
from base import clock, settings
from base.refusals import Conflict
from base.viewer import Viewer
from sharing.events import Event
from sharing.schools.register import RegisterRow
from sharing.schools.register_import import import_register
from sharing.schools.register_values import Status
from sharing.tables import School
from suppliers.directory import changing, directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from tests.conftest import ORIGIN
from tests.given.builders import a_person, a_school
from tests.given.entries import a_viewer, do
from tests.given.listed_suppliers import an_entry
from tests.given.made_packs import order_of, packed, verdict_on
from tests.given.sealing import grow, triggers_off
from vouch import jobs

pytestmark = pytest.mark.usefixtures("db")

OAK = UUID("22222222-2222-4222-8222-222222222222")


async def opened(trail: object, field: str = "facts") -> list[tuple[str, Any]]:
    """Each entry of a trail that has this field, by its type, with the value."""
    async with database.read():
        rows = await Entry.raw(
            "SELECT e.type AS type, o.value AS value FROM audit_entry e JOIN audit_opening o ON o.event_id = e.event_id "
            "WHERE e.trail = {} AND o.field = {} ORDER BY e.idx",
            str(trail),
            field,
        )
    return [(row["type"], json.loads(row["value"])) for row in rows]


async def an_older_trail(entries: int = 3) -> None:
    """Nobody knew of the school when its trail began, as no trail said whose it is before there was such an entry."""
    await grow(entries, str(OAK))
    row: dict[str, Any] = dict.fromkeys(("search_name", "phase", "local_authority", "town", "postcode"), "")
    async with audit.recording(None) as record:
        await School(
            id=OAK, kind="school", urn=100_023, name="Oak School", status="open", registered_at=clock.now(), **row
        ).save()
        record(Event.REGISTER_IMPORTED, stream="register", subject="register", trail=audit.OPERATOR)


async def renamed_by_hand(table: str, name: str, which: UUID) -> None:
    async with triggers_off():
        await Entry.raw(f"UPDATE {table} SET name = {{}} WHERE id = {{}}", name, which)  # noqa: S608 - our own text


async def of_the_register(urn: int, name: str) -> None:
    fields: dict[str, Any] = {"local_authority": "Lincolnshire", "phase": "Primary", "town": "Ashby", "postcode": "LN1 1AA"}
    nothing: dict[str, Any] = dict.fromkeys(("lat", "lon", "trust_uid", "trust_name", "ukprn", "open_date", "close_date"))
    await import_register(None, [RegisterRow(urn=urn, name=name, status=Status.OPEN, **fields, **nothing)], digest="d1" * 32)


class TestWhoseItIs:
    async def test_a_new_trail_begins_with_the_school_and_its_urn(self) -> None:
        school = await a_school("Ashby Primary", urn=123_456)
        ann = await a_person(school)
        (what, facts), *rest = await opened(ann.school)
        assert (what, facts) == ("trail.begun", {"kind": "school", "name": "Ashby Primary", "number": "123456"})
        assert "trail.begun" not in {what for what, _ in rest}
        assert rest

    async def test_that_of_whoever_runs_the_installation_begins_with_its_host(self) -> None:
        await do(a_viewer(), trail=audit.OPERATOR)
        assert (await opened(audit.OPERATOR))[0] == ("trail.begun", {"kind": "operator", "name": ORIGIN[7:], "number": ""})

    async def test_a_trail_that_came_to_nothing_says_nothing(self) -> None:
        with pytest.raises(NothingRecorded):
            async with audit.recording(a_viewer()):
                pass
        assert await whose.unnamed() == ()

    async def test_an_older_trail_says_it_late_with_its_size_and_once(self) -> None:
        await an_older_trail(3)
        assert await whose.unnamed() == (str(OAK),)
        assert [told async for told in whose.name_all()] == [1]
        said = {"kind": "school", "name": "Oak School", "number": "100023", "late": True, "size": 3}
        assert (await opened(OAK))[3:] == [("trail.begun", said)]
        assert [told async for told in whose.name_all()] == []
        assert (await fsck.check(str(OAK))).finding is None

    async def test_of_two_processes_one_says_it(self) -> None:
        await an_older_trail()

        async def name() -> list[int]:
            return [told async for told in whose.name_all()]

        told = await asyncio.gather(name(), name(), name())
        assert sum(map(sum, told)) == 1
        assert Counter(what for what, _ in await opened(OAK))["trail.begun"] == 1

    async def test_the_jobs_that_run_from_time_to_time_do_it(self) -> None:
        await an_older_trail()
        done = await jobs.run_due()
        assert (done.named, done.failed) == (1, ())
        assert (await jobs.run_due()).named == 0

    async def test_a_pack_of_an_older_trail_is_named_from_there_on(self) -> None:
        await an_older_trail(3)
        oak = Viewer(a_viewer().person, "Ada", OAK, "Oak School", a_viewer().role)
        before = verdict_on((await packed(oak, order_of(oak)))[0])
        assert before.facts
        assert (before.status, before.facts.whose, before.facts.named_since) == ("holds", None, None)
        await jobs.run_due()
        after = verdict_on((await packed(oak, order_of(oak)))[0])
        assert after.facts
        assert after.facts.whose
        assert (after.facts.whose.name, after.facts.named_since) == ("Oak School", 3)

    async def test_another_name_is_recorded_where_the_register_brings_it(self) -> None:
        ann = await a_person(await a_school("Ashby Primary", urn=123_456))
        await of_the_register(123_456, "Ashby Academy")
        old, new = ({"kind": "school", "name": name, "number": "123456"} for name in ("Ashby Primary", "Ashby Academy"))
        assert (await opened(ann.school))[-1] == ("trail.renamed", {"old": old, "new": new})
        before = len(await opened(ann.school))
        await of_the_register(123_456, "Ashby Academy")
        assert len(await opened(ann.school)) == before
        verdict = verdict_on((await packed(ann, order_of(ann)))[0])
        assert verdict.facts
        assert (verdict.facts.school, verdict.facts.renamed) == ("Ashby Academy", (before - 1,))

    async def test_a_school_without_a_trail_has_nothing_to_say(self) -> None:
        school = await a_school("Ashby Primary", urn=123_456)
        await of_the_register(123_456, "Ashby Academy")
        assert await opened(school.id) == []

    async def test_two_owners_that_were_exchanged_are_named_and_no_pack_leaves(self) -> None:
        ann, bob = await a_person(await a_school("Ashby")), await a_person(await a_school("Brook"))
        await renamed_by_hand("sharing_school", "Brook", ann.school)
        await renamed_by_hand("sharing_school", "Ashby", bob.school)
        finding = (await fsck.check(str(ann.school))).finding
        assert finding
        assert finding.idx == 0
        assert "is that of Ashby, URN" in finding.what
        assert "our records that of Brook, URN" in finding.what
        with pytest.raises(Conflict) as refused:
            await packed(ann, order_of(ann))
        assert refused.value.sentence == ANOTHERS

    async def test_the_installations_own_name_is_followed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        await do(a_viewer(), trail=audit.OPERATOR)
        monkeypatch.setenv("VOUCH_ORIGIN", "https://vouch.example.org")
        settings.current.cache_clear()
        assert (await fsck.check(audit.OPERATOR)).finding is None  # a setting, which is another where a backup is tried out
        await jobs.run_due()
        async with database.read():
            said = await whose.said(audit.OPERATOR)
        assert said
        assert said.owner == Owner("operator", "vouch.example.org")


class TestWhomItIsAbout:
    async def test_every_entry_about_a_supplier_names_it_as_it_stood(self) -> None:
        ann = await a_person(await a_school())
        number = {"company_number": "01234567"}
        supplier = (await directory.add(ann, name="Wm Boyle", identifiers=number)).id
        await reviews.vouch(ann, supplier)
        await changing.edit(ann, supplier, name="Boyle & Sons", identifiers=number)
        await notes.note(ann, supplier, about=About.GOOD, body="On time.")
        assert [value for _, value in await opened(ann.school, "personal.supplier_name")] == [
            *("Wm Boyle", "Wm Boyle"),
            *("Boyle & Sons", "Boyle & Sons"),
        ]
        told = await opened(ann.school, "personal.supplier_identifiers")
        assert {value for _, value in told} == {"company_number:01234567"}
        async with database.read():
            people = await Opening.select(Opening.person).where(Opening.field.like("personal.supplier_%"))
        assert {row["person"] for row in people} == {None}

    async def test_a_directory_entry_is_named_by_whoever_starts_to_use_it(self) -> None:
        ann, entry = await a_person(await a_school()), await an_entry("Nephew Ltd")
        await directory.adopt(ann, entry)
        assert await opened(ann.school, "personal.supplier_name") == [("supplier.adopted", "Nephew Ltd")]

    async def test_one_that_was_renamed_in_the_database_is_named_by_fsck_and_proven_by_the_pack(self) -> None:
        ann, entry = await a_person(await a_school()), await an_entry("Uncle Ltd")
        await directory.adopt(ann, entry)
        assert (await fsck.check(str(ann.school))).finding is None
        await renamed_by_hand("suppliers_supplier", "UNCLE LTD", entry)
        assert (await fsck.check(str(ann.school))).finding is None, "an import corrects a ledger's capitals"
        await renamed_by_hand("suppliers_supplier", "Nephew Ltd", entry)
        finding = (await fsck.check(str(ann.school))).finding
        assert finding
        said = "it is about Uncle Ltd, and our records call that supplier Nephew Ltd"
        assert (finding.idx, finding.what) == (len(await opened(ann.school)) - 1, said)
        verdict = verdict_on((await packed(ann, order_of(ann)))[0])
        assert verdict.facts
        assert {one.name: one.called for one in verdict.facts.streams}[f"supplier:{entry}"] == ("Uncle Ltd",)

    async def test_one_whose_number_is_another_now_is_named_by_fsck(self) -> None:
        ann = await a_person(await a_school())
        supplier = (await directory.add(ann, name="Wm Boyle", identifiers={"company_number": "01234567"})).id
        async with triggers_off():
            await Entry.raw("UPDATE suppliers_identifier SET value = '07654321' WHERE supplier = {}", supplier)
        finding = (await fsck.check(str(ann.school))).finding
        assert finding
        assert finding.what == "it says that Wm Boyle has the company_number:01234567, and our records have it no more"
