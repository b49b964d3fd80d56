"""What the trail tells of a record at an instant is what the live row held then: random acts, a snapshot after each."""

import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import database
from audit.reading import as_of
from base import clock
from base.refusals import Refusal
from base.viewer import KeyScope, Role, Viewer
from sharing.access import audiences
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.people import people
from sharing.sign_in import api_keys
from sharing.tables import Membership
from suppliers.directory import changing, directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.record import extras, facts
from suppliers.record.criteria import Stage
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Attachment, Note, Review, Supplier, Use
from tests.given.builders import a_person, a_school
from tests.given.every_check import findings

pytestmark = pytest.mark.usefixtures("db")

State = dict[str, dict[str, Any]]  # by subject the fields of everything that is live
FOR_PEOPLE = {"who_can_see"}  # words made from the grants beside them
STEPS = 40


@dataclass
class Town:
    ann: Viewer
    hal: Viewer
    other: UUID
    random: random.Random
    suppliers: list[UUID] = field(default_factory=list)


async def live(town: Town) -> State:
    """Read from the rows themselves, and from nothing else."""
    found: State = {}
    async with database.read():
        for review in await Review.objects().where((Review.school == town.ann.school) & Review.withdrawn_at.is_null()):
            found[f"review:{review.id}"] = await a_review(review)
        for note in await Note.objects().where((Note.school == town.ann.school) & Note.withdrawn_at.is_null()):
            found[f"note:{note.id}"] = await a_note(note)
        for own in await Supplier.objects().where(Supplier.owner == town.ann.school):
            known = (await facts.load([own.id]))[own.id]
            told = {**known.texts, "categories": list(known.categories)}
            used = await Use.exists().where((Use.supplier == own.id) & Use.until_at.is_null())
            found[f"supplier:{own.id}"] = told | {"in_use": used}
        for member in await Membership.objects().where(Membership.school == town.ann.school):
            found[f"person:{member.person}"] = {"role": member.role}
    return {subject: {k: v for k, v in told.items() if v not in (None, "", [])} for subject, told in found.items()}


async def a_review(row: Review) -> dict[str, Any]:
    day = {name: getattr(row, name).isoformat() if getattr(row, name) else None for name in ("used_from", "used_until")}
    names = ("version", "rating", "would_use_again", "praise", "criticism", "interest", "value", "stage", "evidence")
    same = {name: getattr(row, name) for name in names}
    lapses_at: datetime | None = row.lapses_at
    lapses_on = lapses_at.date().isoformat() if lapses_at else None
    told = {"declares_interest": row.interest is not None, "gives_evidence": True if row.evidence else None}
    return {**same, **day, **told, **extras.of_column(row.extras), "lapses_on": lapses_on, "grants": await grants(row)}


async def a_note(row: Note) -> dict[str, Any]:
    files = await Attachment.select(Attachment.id, Attachment.filename).where(Attachment.note == row.id)
    text = {About(row.about).trail_field: row.body}
    same = {"version": row.version, "about": row.about, "happened_on": row.happened_on.isoformat()}
    return {**same, **text, "grants": await grants(row), "files": sorted((str(f["id"]), f["filename"]) for f in files)}


async def grants(row: Review | Note) -> list[dict[str, Any]]:
    return (await audiences.choice_of(row.audience)).facts()


def told(found: as_of.RecordAsOf) -> dict[str, Any]:
    values = {f.name: f.value for f in found.fields if f.name not in FOR_PEOPLE}
    if found.subject.startswith("person:"):
        values = {"role": values["role"]}
    if "attachments" in values:
        names = [values.pop(name) for name in sorted(n for n in values if n.startswith("filename."))]
        values["files"] = sorted(zip((a["id"] for a in values.pop("attachments")), names, strict=True))
    return values


# The acts: what a school does, at random.


async def write_review(town: Town) -> None:
    rng, supplier = town.random, town.random.choice(town.suppliers)
    current = await reviews.current(town.hal, supplier)
    said = Opinion(
        interest=rng.choice([None, None, "The chair's cousin owns it."]),
        rating=rng.choice([None, 1, 5]),
        would_use_again=rng.choice([None, True, False]),
        praise=rng.choice(["", "On time.", "Tidy."]),
        criticism=rng.choice(["", "Dear in March."]),
        used_from=rng.choice([None, clock.today() - timedelta(days=400)]),
        value=rng.choice([None, 2]),
        stage=rng.choice([None, *Stage]),
        evidence=rng.choice([None, "Invoice 7", "Invoice 8"]),
        extras=rng.choice([{}, {"comes_soon": "same_day"}, {"comes_soon": "later", "price_as_quoted": "no"}]),
    )
    await reviews.review(town.hal, supplier, opinion=said, version=current.version if current else None)


async def vouch(town: Town) -> None:
    await reviews.vouch(town.ann, town.random.choice(town.suppliers))


async def withdraw(town: Town) -> None:
    if current := await reviews.current(town.ann, town.random.choice(town.suppliers)):
        await reviews.withdraw(town.ann, current.id)


async def write_note(town: Town) -> None:
    about, body = town.random.choice(list(About)), town.random.choice(["Late.", "Quick and tidy."])
    await notes.note(town.ann, town.random.choice(town.suppliers), about=about, body=body, files=some_files(town))


def some_files(town: Town) -> list[Upload]:
    return [Upload(f"{n}.txt", b"Paid twice.") for n in range(town.random.choice([0, 0, 1, 2]))]


async def revise_note(town: Town) -> None:
    async with database.read():
        ids = await Note.select(Note.id).where(Note.withdrawn_at.is_null()).order_by(Note.id).output(as_list=True)
    if ids:
        note = await notes.ours(town.ann, town.random.choice(ids))
        about, body = town.random.choice(list(About)), town.random.choice([note.body, "Better by now."])
        kept, files = note.happened_on, some_files(town)
        await notes.revise(town.ann, note.id, version=note.version, about=about, body=body, happened_on=kept, files=files)


async def share(town: Town) -> None:
    what = town.random.choice([OpinionKind.REVIEW, OpinionKind.NOTE])
    async with database.read():
        ids = await what.table.select(what.table.id).where(what.table.withdrawn_at.is_null()).order_by("id").output(as_list=True)
    if ids:
        line = town.random.choice(
            [GrantChoice(GrantKind.EVERYONE), GrantChoice(GrantKind.SCHOOL, town.other, fields=Fields.RATING)]
        )
        await shares.share(
            town.hal, what, town.random.choice(ids), town.random.choice([AudienceChoice(), AudienceChoice((line,))])
        )


async def add_or_edit(town: Town) -> None:
    name = f"Boilers {len(town.suppliers)}"
    if len(town.suppliers) < 4:
        town.suppliers.append((await directory.add(town.ann, name=name, categories=["heating"])).id)
    else:
        await changing.edit(town.ann, town.random.choice(town.suppliers), name=f"{name} {town.random.random()}", aliases=["AB"])


async def use_or_stop(town: Town) -> None:
    verb = town.random.choice([directory.adopt, directory.stop_using])
    await verb(town.ann, town.random.choice(town.suppliers))


async def change_role(town: Town) -> None:
    await people.change_role(town.hal, town.ann.person, town.random.choice([Role.BUSINESS_MANAGER, Role.HEAD]))


ACTS: tuple[Callable[[Town], Coroutine[Any, Any, None]], ...] = (
    write_review, vouch, withdraw, write_note, revise_note, share, add_or_edit, use_or_stop, change_role,
)  # fmt: skip


async def lived(seed: int) -> tuple[Town, list[tuple[datetime, State]]]:
    """A school's random year, and what its rows held after every act."""
    oakfield, elmwood = await a_school(), await a_school("Elmwood Primary")
    start = clock.now() - timedelta(days=400)
    with clock.at(start):
        hal, ann = await a_person(oakfield, Role.HEAD, "Hal Hart"), await a_person(oakfield)
        town = Town(ann, hal, elmwood.id, random.Random(seed))  # noqa: S311 - a seed per test
        await add_or_edit(town)
    kept = []
    for n in range(1, STEPS):
        with clock.at(start + timedelta(days=9 * n)):
            try:
                await town.random.choice(ACTS)(town)
            except Refusal:
                continue  # a colleague's role, or a share that is not for many: nothing happened
            kept.append((clock.now(), await live(town)))
    return town, kept


@pytest.mark.parametrize("seed", range(6))
async def test_the_trail_tells_every_record_as_it_was(seed: int) -> None:
    town, kept = await lived(seed)
    instants = [at for at, _ in kept]
    for subject in sorted({subject for _, state in kept for subject in state}):
        told_at = await as_of.at_each(town.hal, subject, instants)
        for (at, state), found in zip(kept, told_at, strict=True):
            if subject in state:
                assert told(found) == state[subject], (subject, at)
                assert (found.ended, found.unread) == (None, 0)
            elif not subject.startswith("supplier:"):  # shared: from then on it is the directory's and not the school's own
                assert found.ended or not found.steps, (subject, at)
    assert len(kept) > STEPS / 2
    assert await findings() == ()


async def test_a_key_that_was_revoked_has_ended() -> None:
    ann = await a_person(await a_school())
    await api_keys.create(ann, name="Ours", days=30, scopes=set(KeyScope))
    key = (await api_keys.mine(ann))[0]
    before = clock.now()
    await api_keys.revoke(ann, key.id)
    then, now = await as_of.at_each(ann, f"api_key:{key.id}", (before, clock.now()))
    assert then.ended is None
    assert now.ended is not None
    assert now.ended.type == "api_key.revoked"
