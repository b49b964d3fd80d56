"""A school with some of every record that the trail tells of, each of which a test may change behind its back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import database
from base import clock
from base.viewer import Role, Viewer
from contracts.documents import documents
from contracts.documents.answering import What
from contracts.documents.kinds import DocumentKind
from contracts.fields.said import Said
from contracts.register import register
from contracts.reminders import decisions as contract_decisions
from contracts.reminders.decisions import Choice, Deciding
from contracts.shares import shares as contract_shares
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, CONTRACT, GrantKind
from sharing.auditors import auditors
from sharing.auditors.auditors import WantedScope
from sharing.people import people
from suppliers.directory import directory
from suppliers.merging import decisions
from suppliers.merging.decisions import Judgement
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school

SAID = Opinion(interest=None, rating=4, praise="On time.", criticism="Dear in March.", used_from=None)


@dataclass(frozen=True, slots=True)
class RecordedWorld:
    """``ids`` are by name: s1 to s9 suppliers, r1 to r9 a review of each, n1 to n5 notes of s9, f1 to f3 files of n5."""

    hal: Viewer
    ids: dict[str, UUID]

    @property
    def trail(self) -> str:
        return str(self.hal.school)


async def a_recorded_world() -> RecordedWorld:
    oakfield, elmwood = await a_school(), await a_school("Elmwood Primary")
    hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hart"), await a_person(oakfield)
    ids = {"school": oakfield.id, "elmwood": elmwood.id}
    for name in ("gil", "gus", "guy", "eve"):
        role = Role.GOVERNOR if name != "eve" else Role.HEAD
        school = oakfield if name != "eve" else elmwood
        ids[name] = (await a_person(school, role, f"{name.title()} Green")).person
    await people.remove(hal, ids["guy"])
    await _opinions(ann, ids)
    to_elmwood = AudienceChoice((GrantChoice(GrantKind.SCHOOL, elmwood.id, fields=ALL),))
    ids["shared"] = await notes.note(ann, ids["s1"], about=About.GOOD, body="For Elmwood.")
    await shares.share(hal, OpinionKind.NOTE, ids["shared"], to_elmwood)
    for name, other in (("d1", "s2"), ("d2", "s3")):
        ids[name] = await decisions.decide(ann, ids["s1"] if name == "d1" else ids["s4"], ids[other], Judgement.DIFFERENT)
    await _contracts(hal, ids)
    for n in range(1, 5):
        until, streams = clock.today() + timedelta(days=20), (f"supplier:{ids['s1']}",)
        granted = await auditors.grant(
            hal, email=f"olga{n}@audit.example", reason="Yearly.", until=until, wanted=WantedScope(streams=streams)
        )
        ids[f"g{n}"] = granted.grant
    await auditors.revoke(hal, ids["g4"])
    return RecordedWorld(hal, ids)


async def _opinions(ann: Viewer, ids: dict[str, UUID]) -> None:
    for n in range(1, 10):
        ids[f"s{n}"] = (await directory.add(ann, name=f"Boilers {n * 1111}")).id
        if n < 9:
            ids[f"r{n}"] = (await reviews.review(ann, ids[f"s{n}"], opinion=SAID, version=None)).id
    await reviews.withdraw(ann, ids["r8"])
    await directory.stop_using(ann, ids["s8"])
    for n in range(1, 5):
        ids[f"n{n}"] = await notes.note(ann, ids["s9"], about=About.PROBLEM, body="Late.")
    files = [Upload(f"{n}.txt", f"Paid {n} times.".encode()) for n in range(1, 4)]
    ids["n5"] = await notes.note(ann, ids["s9"], about=About.GOOD, body="Tidy.", files=files)
    rows = await _rows("SELECT id FROM suppliers_attachment ORDER BY filename")
    ids |= {f"f{n}": UUID(str(row["id"])) for n, row in enumerate(rows, start=1)}


async def _contracts(hal: Viewer, ids: dict[str, UUID]) -> None:
    ids["contract"] = await register.add(hal, Said({"title": "Boilers", "annual_pence": 1}, supplier=ids["s1"]))
    deciding = Deciding(Choice.RETENDER, clock.today(), reason="Dear.")
    ids["decided"] = await contract_decisions.decide(hal, ids["contract"], deciding)
    signed = Upload("signed.txt", b"Signed.")
    ids["document"] = await documents.add(hal, ids["contract"], signed, What(DocumentKind.SIGNED_COPY), is_letter=False)
    line = GrantChoice(GrantKind.SCHOOL, ids["elmwood"], fields=CONTRACT)
    await contract_shares.share(hal, ids["contract"], AudienceChoice((line,)))


async def _rows(query: str) -> list[dict[str, Any]]:
    async with database.read():
        return [dict(row) for row in await database.select(query)]
