"""A school where somebody's name was written in many places, and the request to erase it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from piccolo.table import Table

import database
from audit.entry import commitment
from audit.erasing.erasure import ErasureReason
from audit.tables import Opening
from base.settings import Settings
from base.viewer import Role, Viewer
from privacy import erasure
from sharing.people import people
from sharing.tables import School
from suppliers.directory import directory
from suppliers.merging import decisions
from suppliers.merging.decisions import Judgement
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.builders import a_person, a_school, email_of

NAME = "Zebedee Quill"  # fictional, and in no list of words that Vouch ships


@dataclass
class World:
    """Oakfield, where Zebedee worked and people wrote his name."""

    ann: Viewer
    hal: Viewer
    left: Viewer
    email: str
    supplier: UUID
    review: UUID
    note: UUID


async def a_world() -> World:
    oakfield = await a_school("Oakfield Primary")
    ann, hal = await a_person(oakfield), await a_person(oakfield, Role.HEAD, "Hal Hart")
    left = await a_person(oakfield, name=NAME)
    email = await email_of(left)
    supplier = (await directory.add(left, name="Ashby Boilers")).id
    said = Opinion(interest="Zebedee Quill's brother works there", rating=3, praise="Tidy.", criticism=f"{NAME} was rude.")
    said = replace(said, evidence=f"Invoice to {NAME}")
    review = (await reviews.review(left, supplier, opinion=said, version=None)).id
    await reviews.review(ann, supplier, opinion=replace(said, criticism="Was rude.", interest=None), version=1)
    file = Upload("zebedee quill.txt", b"Zebedee Quill signed this.")
    note = await notes.note(ann, supplier, about=About.PROBLEM, body="We rang  zebedee\nquill twice.", files=[file])
    other = (await directory.add(ann, name="Ashby Heating")).id
    await decisions.decide(ann, supplier, other, Judgement.DIFFERENT, reason=f"{NAME} said so.")
    await people.remove(hal, left.person)
    return World(ann, hal, left, email, supplier, review, note)


async def keys_found(viewer: Viewer, *, person: UUID | None = None, typed: str = "") -> list[str]:
    return [offer.find.key for offer in (await erasure.look(viewer, person=person, typed=typed)).offers]


async def ask(world: World, **more: Any) -> UUID:
    """Ann asks for all that is found about the one who left."""
    person = more.pop("person", world.left.person)
    typed = more.pop("typed", "")
    chosen = more.pop("chosen", None)
    if chosen is None:
        chosen = await keys_found(world.ann, person=person, typed=typed)
    said = {"reason": ErasureReason.ASKED, "words": "Asked in writing on Monday."} | more
    return await erasure.ask(world.ann, person=person, typed=typed, chosen=chosen, **said)


async def ask_for(viewer: Viewer, *chosen: str) -> UUID:
    """A request to erase just these finds of the name."""
    return await erasure.ask(viewer, person=None, typed=NAME, chosen=list(chosen), reason=ErasureReason.ASKED, words="")


async def a_request_of(viewer: Viewer) -> UUID:
    """Somebody's request to erase a name from a note of theirs."""
    supplier = (await directory.add(viewer, name=f"Ashby Boilers of {viewer.name}")).id
    note = await notes.note(viewer, supplier, about=About.PROBLEM, body=f"We rang {NAME} twice.")
    chosen = [f"note:{note}"]
    return await erasure.ask(viewer, person=None, typed=NAME, chosen=chosen, reason=ErasureReason.ASKED, words="")


async def the(table: type[Table], where: Any) -> Any:
    """The one row there is."""
    async with database.read():
        return await table.objects().where(where).first()


async def openings_of(world: World) -> list[tuple[bytes, bytes]]:
    """Value and salt of every opening that names the one who left."""
    async with database.read():
        rows = await Opening.select()
    named = [row for row in rows if "zebedee" in row["value"].lower()]
    return [(form, form) for row in named for form in (bytes(row["salt"]), bytes(row["salt"]).hex().encode())] + [
        (row["value"].encode(), bytes(row["salt"])) for row in named
    ]


async def everything_in(db: Settings) -> bytes:
    """SQLite: the bytes of its files. PostgreSQL: the files of its tables, once its owner has rewritten them."""
    if db.is_sqlite:
        return files_of(db.sqlite_path)
    connection = await asyncpg.connect(db.database_url)
    try:
        await connection.execute("VACUUM FULL")
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        files = [
            await connection.fetchval("SELECT pg_read_binary_file(pg_relation_filepath($1::regclass))", row["tablename"])
            for row in tables
        ]
        return b"".join(files)
    finally:
        await connection.close()


async def committed(world: World) -> set[tuple[int, str, str]]:
    """(idx, field, commitment) of every opening of the school's trail."""
    async with database.read():
        rows = await Opening.raw(
            "SELECT e.idx AS idx, o.field AS field, o.salt AS salt, o.value AS value FROM audit_opening o"
            " JOIN audit_entry e ON e.event_id = o.event_id WHERE e.trail = {}",
            str(world.ann.school),
        )
    return {(r["idx"], r["field"], commitment(r["field"], bytes(r["salt"]), r["value"].encode()).hex()) for r in rows}


async def erased_of(school: UUID) -> list[tuple[int, str, str]]:
    async with database.read():
        rows = await Opening.raw(
            "SELECT o.value AS value FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id"
            " WHERE e.trail = {} AND e.type = 'erasure.applied' AND o.field = 'facts'",
            str(school),
        )
    items = [item for row in rows for item in json.loads(row["value"])["erased"]]
    return [(item["idx"], item["field"], item["commitment"]) for item in items]


async def a_governor(world: World) -> Viewer:
    return await a_person(await school_of(world), Role.GOVERNOR, "Gus Gray")


async def facts_of(school: UUID, event: str) -> list[dict[str, Any]]:
    async with database.read():
        rows = await Opening.raw(
            "SELECT o.value AS value FROM audit_opening o JOIN audit_entry e ON e.event_id = o.event_id"
            " WHERE e.trail = {} AND e.type = {} AND o.field = 'facts' ORDER BY e.idx",
            str(school),
            event,
        )
    said = [json.loads(row["value"]) for row in rows]
    return [{name: value for name, value in facts.items() if name in ("second_person", "after_a_restore")} for facts in said]


async def school_of(world: World) -> School:
    found: School = await the(School, School.id == world.ann.school)
    return found


def files_of(database_file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database_file.parent.glob(database_file.name + "*"))
