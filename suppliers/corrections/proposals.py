"""What a school proposes to change of a directory entry, which no school can change alone. A curator decides (edits.py).

Curators read what is proposed and why, and never which school said so.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

import audit
import database
from audit.log.subjects import Subject
from base import clock, text
from base.refusals import Conflict, Invalid, NotFound, read_together
from base.viewer import Viewer, must_write
from suppliers.corrections.tables import Correction
from suppliers.directory import directory
from suppliers.events import Event
from suppliers.record import changes, differences, facts
from suppliers.record.facts import NO_IDENTIFIERS, Facts
from suppliers.tables import Supplier

LONGEST_WHY: Final = 300  # a sentence or two
MOST_WAITING: Final = 50  # of one school's, for curators to read
SHOWN: Final = 50  # the newest of a school's own
REMOVED: Final = "An entry that was removed"
NOT_DIRECTORY: Final = "This supplier is your school's own record. Change it yourself: nobody needs to be asked."
ONE_AT_A_TIME: Final = (
    "Your school has proposed a correction of this entry, and it waits for an answer. Take it back to propose another."
)


class CorrectionState(StrEnum):
    """Stored: never change a value."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ProposedCorrection:
    """``name`` is the entry's when it was proposed; ``changes`` says in words what would differ, a line each."""

    id: UUID
    supplier: UUID
    name: str
    changes: tuple[str, ...]
    why: str
    state: CorrectionState
    answer: str
    made_at: datetime


async def propose(
    viewer: Viewer,
    supplier_id: UUID,
    *,
    why: str,
    name: str,
    aliases: Iterable[str] = (),
    identifiers: Mapping[str, str] = NO_IDENTIFIERS,
    categories: Iterable[str] = (),
) -> UUID:
    """Proposes that the entry's facts should be these; of identifiers that the form has no room for, all stay.

    Raises Invalid naming every wrong field, where nothing differs too; Conflict for an own record, and while one waits.
    """
    must_write(viewer)
    typed, said = _checked(why, {"name": name, "aliases": aliases, "identifiers": identifiers, "categories": categories})
    async with audit.recording(viewer) as record:
        found = await directory.must_see(viewer, supplier_id, lock=True)
        if directory.is_own(found):
            raise Conflict(NOT_DIRECTORY)
        before = (await facts.as_written([found.id]))[found.id]
        proposed = differences.carried_over(differences.as_a_form_shows(before), typed, before)
        if differences.are_alike(before, proposed):
            raise Invalid(
                "Change what is wrong with the entry, and then send it.", name="Nothing differs from what the entry says."
            )
        await _refuse_too_many(viewer)
        made = Correction(
            id=uuid4(), school=viewer.school, supplier=found.id, before=written(before), proposed=written(proposed), why=said,
            state=CorrectionState.WAITING.value, answer="", made_at=clock.now(), made_by=viewer.person,
        )  # fmt: skip
        with database.duplicates(Conflict(ONE_AT_A_TIME)):
            await made.save()
        stream = Subject.SUPPLIER.of(found.id)
        plain = changes.difference({"categories": list(before.categories)}, {"categories": list(proposed.categories)})
        texts = changes.texts_changed(before.texts, proposed.texts) | {"why": said}
        record(
            Event.CORRECTION_PROPOSED,
            stream=stream,
            subject=_subject(made.id),
            facts=plain if plain["new"] else None,
            personal=texts,
        )
        return made.id


async def withdraw(viewer: Viewer, correction_id: UUID) -> UUID:
    """Takes back what waits; returns the supplier's id. Raises NotFound, and Conflict once it was answered."""
    must_write(viewer)
    async with audit.recording(viewer) as record:
        found = await database.locked(Correction.objects().where(Correction.id == correction_id)).first()
        if found is None or found.school != viewer.school:
            raise NotFound
        if found.state != CorrectionState.WAITING:
            raise Conflict("A curator has answered this already.")
        await end(found.id, CorrectionState.WITHDRAWN, viewer)
        record(Event.CORRECTION_WITHDRAWN, stream=Subject.SUPPLIER.of(found.supplier), subject=_subject(found.id))
        supplier: UUID = found.supplier
        return supplier


async def forget(record: audit.Record, school: UUID, correction_id: UUID) -> None:
    """Takes back what waits, because its words are erased: curators read them. Inside the unit of ``record``."""
    mine = (Correction.id == correction_id) & (Correction.school == school)
    found = await database.locked(Correction.objects().where(mine & (Correction.state == CorrectionState.WAITING.value))).first()
    if found is not None:
        await _end(mine, CorrectionState.WITHDRAWN, None, "")
        about = Subject.SUPPLIER.of(found.supplier)
        record(Event.CORRECTION_WITHDRAWN, stream=about, subject=_subject(found.id), trail=school)


async def ours(viewer: Viewer) -> tuple[ProposedCorrection, ...]:
    """What the viewer's school proposed, the newest first. Of what was answered, the rest is in the trail."""
    async with database.read():
        mine = Correction.school == viewer.school
        rows = await Correction.select().where(mine).order_by(Correction.made_at, ascending=False).limit(SHOWN)
        about = database.among(Supplier.id, [row["supplier"] for row in rows])
        named = await Supplier.select(Supplier.id, Supplier.name).where(about) if rows else []
    names = {row["id"]: row["name"] for row in named}
    return tuple(_shown(row, names.get(row["supplier"], REMOVED)) for row in rows)


async def waiting(number: int, page: int) -> tuple[ProposedCorrection, ...]:
    """For curators: page ``number``, from 1, of what waits, the oldest first, and one more where there is more. Inside a unit."""
    open_ones = Correction.state == CorrectionState.WAITING.value
    query = Correction.select().where(open_ones).order_by(Correction.made_at, Correction.id)
    return tuple(_shown(row) for row in await query.limit(page + 1).offset((number - 1) * page))


async def waiting_one(correction_id: UUID, *, lock: bool = False) -> tuple[ProposedCorrection, Facts, Facts]:
    """One that waits, with the entry's facts as they were and as they should be. Inside a unit. Raises NotFound."""
    query = Correction.select().where((Correction.id == correction_id) & (Correction.state == CorrectionState.WAITING.value))
    row = await (database.locked(query) if lock else query).first()
    if row is None:
        raise NotFound
    return _shown(row), facts_of(row["before"]), facts_of(row["proposed"])


async def end(correction_id: UUID, state: CorrectionState, viewer: Viewer, answer: str = "") -> None:
    """Inside the unit that locked it, which records it. What was proposed stays in the school's trail alone."""
    await _end(Correction.id == correction_id, state, viewer, answer)


async def end_all_of(supplier: UUID, viewer: Viewer | None, answer: str) -> None:
    """Refuses all that wait about an entry. Inside a recording unit."""
    open_ones = (Correction.supplier == supplier) & (Correction.state == CorrectionState.WAITING.value)
    await _end(open_ones, CorrectionState.REFUSED, viewer, answer)


async def _end(which: Any, state: CorrectionState, viewer: Viewer | None, answer: str) -> None:
    done: dict[Any, Any] = {
        Correction.state: state.value, Correction.answer: answer, Correction.before: "", Correction.proposed: "",
        Correction.why: "", Correction.answered_at: clock.now(), Correction.answered_by: viewer.person if viewer else None,
    }  # fmt: skip
    await Correction.update(done).where(which)


def _checked(why: str, typed: Mapping[str, Any]) -> tuple[Facts, str]:
    known, said = read_together(
        lambda: facts.checked(**typed),
        lambda: text.line(why, field="why", longest=LONGEST_WHY, missing="Say how you know."),
    )
    return known, said


async def _refuse_too_many(viewer: Viewer) -> None:
    mine = (Correction.school == viewer.school) & (Correction.state == CorrectionState.WAITING.value)
    if await Correction.count().where(mine) >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} corrections of your school wait for an answer. Propose more when some are answered.")


def _shown(row: Mapping[str, Any], name: str = "") -> ProposedCorrection:
    told: tuple[str, ...] = ()
    if row["before"]:
        before = facts_of(row["before"])
        name, told = before.name, differences.in_words(before, facts_of(row["proposed"]))
    state = CorrectionState(row["state"])
    return ProposedCorrection(row["id"], row["supplier"], name, told, row["why"], state, row["answer"], row["made_at"])


def written(known: Facts) -> str:
    """Facts as both tables keep them."""
    return json.dumps(known.as_dict(), ensure_ascii=False)


def facts_of(kept: str) -> Facts:
    """The facts that ``written`` wrote."""
    return facts.from_dict(json.loads(kept))


def _subject(correction_id: UUID) -> str:
    return Subject.CORRECTION.of(correction_id)
