"""Names in signed ratings, promises and the terms of calendars, and what an academy wrote under its trust's contract."""

import io
import json
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import pytest

import database
from audit.erasing import holds
from audit.erasing.erasure import ErasureReason
from audit.log.subjects import Subject
from base import clock
from base.refusals import Conflict
from base.settings import Settings
from base.viewer import Role, Viewer
from contracts.calendars import calendars
from contracts.clock.school_calendar import SchoolCalendar, Term
from contracts.fields.said import Said
from contracts.improvement import assessment
from contracts.improvement.assessment import New, Rated
from contracts.improvement.duty import Rating
from contracts.promises import stored_metrics
from contracts.register import register
from contracts.reminders import governors_questions
from contracts.service_events import logging_one, stored
from contracts.tables import Covered
from privacy import erasure, subject_access
from sharing.tables import School
from tests.given.builders import a_person, a_school
from tests.given.erasing import NAME, World, ask, everything_in, keys_found
from tests.given.every_check import findings
from tests.given.served import a_call, a_contract, a_fix_time

ENDED: dict[str, Any] = {"starts_on": date(2008, 9, 1), "ends_on": date(2010, 8, 31), "renewal": "expires"}
RATED: dict[str, Any] = {**ENDED, "law": "act_2023", "form": "contract", "total_pence": 500_000_001, "has_kpis": True}
AUTUMN = Term(f"Autumn of {NAME}", date(2026, 9, 2), date(2026, 12, 18), (date(2026, 10, 26), date(2026, 10, 30)))


async def copy_of(viewer: Viewer) -> dict[str, Any]:
    packed = zipfile.ZipFile(io.BytesIO(await subject_access.give(viewer, viewer.person)))
    found: dict[str, Any] = json.loads(packed.read("what-is-held.json"))
    return found


async def test_names_in_ratings_promises_and_terms_go_and_verdicts_and_days_stay(world: World, db: Settings) -> None:
    contract = await a_contract(world.ann, **RATED)
    promise = await a_fix_time(world.ann, contract, name=f"{NAME} comes within a day", from_day=date(2009, 9, 1))
    rated = Rated(promise, Rating.GOOD, f"{NAME} was always there.")
    new = New(date(2009, 9, 1), date(2010, 8, 31), (rated,), NAME, address="1 High Street", email="bo@ashby.example")
    made = await assessment.sign(world.ann, contract, new)
    calendar = SchoolCalendar(weekly={"mon": (("08:00", "17:00"),)}, terms=(AUTUMN,))
    await calendars.save_version(world.ann, calendar, from_day=clock.today(), version=0)

    found = set(await keys_found(world.ann, person=None, typed=NAME))
    assert found >= {f"contract:{contract}:rating:{made}:{field}-0" for field in ("signed_by", "reason", "indicator")}
    assert "calendar:terms" in found
    assert any(key.startswith(f"contract:{contract}:promise:") for key in found)
    await erasure.approve(world.hal, await ask(world))

    (row,) = await assessment.export(world.ann, made)
    gone = "The words were erased."
    assert (row["signed_by"], row["reason"], row["indicator"]) == (gone, gone, gone)
    assert (row["rating"], row["supplier_postal_address"]) == (Rating.GOOD.value, "1 High Street")
    own = (await calendars.look(world.ann)).own
    assert own is not None
    assert own.terms == (Term("Term", AUTUMN.first, AUTUMN.last, AUTUMN.half_term),)
    async with database.read():
        (version,) = (await stored_metrics.metrics_of(contract)).versions
    assert (version.metric, version.name) == (promise, gone)
    assert NAME.encode() not in await everything_in(db)
    assert await findings() == ()


class Academy:
    """Ivy of Rose Trust, whose contract covers it; what Ida logged and asked there names the one to be erased."""

    def __init__(self, tom: Viewer, ida: Viewer, hal: Viewer, contract: UUID, job: UUID) -> None:
        self.tom, self.ida, self.hal, self.contract, self.job = tom, ida, hal, contract, job

    async def ask(self) -> UUID:
        chosen = await keys_found(self.ida, typed=NAME)
        return await erasure.ask(self.ida, person=None, typed=NAME, chosen=chosen, reason=ErasureReason.ASKED, words="")

    async def words(self) -> dict[str, str]:
        async with database.read():
            (kept,) = await stored.jobs(self.contract, stored.named(self.job), 1)
            return (await stored.words_of([kept.row])).get(kept.row, {})


@pytest.fixture
async def academy(db: Settings) -> Academy:
    ivy = await a_school("Ivy Primary", trust="Rose Trust")
    async with database.read():
        rose: Any = await School.objects().where(School.kind == "trust").first()
    tom, ida = await a_person(rose, name="Tom Rose"), await a_person(ivy, name="Ida Ives")
    hal = await a_person(ivy, Role.HEAD, "Hal Hart")
    contract = await register.add(tom, Said({**ENDED, "title": "Boilers"}, covers=[ivy.id]))
    job = await logging_one.log(ida, contract, a_call(what="It was cold.", notes=f"{NAME} rang twice."))
    await governors_questions.ask(ida, contract, f"Is {NAME} insured?")
    return Academy(tom, ida, hal, contract, job)


async def test_an_academy_finds_and_erases_its_own_words_under_its_trusts_contract(academy: Academy) -> None:
    here = await keys_found(academy.ida, typed=NAME)
    parts = {key.removeprefix(f"contract:{academy.contract}:").partition(":")[0] for key in here}
    assert parts >= {"words", "question", "entry"}
    await erasure.approve(academy.hal, await academy.ask())
    assert await academy.words() == {"what": "It was cold."}
    assert await keys_found(academy.ida, typed=NAME) == []
    left = await keys_found(academy.tom, typed=NAME)
    assert left, "the trust's own trail has its copy, which the trust erases"
    assert [key for key in left if ":words:" in key or ":question:" in key] == []
    assert await findings() == ()


async def test_what_was_written_at_a_school_is_found_there_when_the_contract_covers_it_no_more(academy: Academy) -> None:
    async with database.write():
        await Covered.delete().where(Covered.contract == academy.contract)
    assert any(":words:" in key for key in await keys_found(academy.ida, typed=NAME))


async def test_a_hold_of_the_trust_keeps_what_its_academy_wrote_under_the_contract(academy: Academy) -> None:
    await holds.place(academy.tom, about=Subject.CONTRACT.of(academy.contract), reason="A claim against the supplier.")
    with pytest.raises(Conflict, match="Ask your trust") as refusal:
        await academy.ask()
    assert "claim" not in refusal.value.sentence
    assert (await academy.words())["notes"] == f"{NAME} rang twice."


async def test_another_school_of_the_trust_finds_nothing_of_it(academy: Academy) -> None:
    ola = await a_person(await a_school("Oak Primary", trust="Rose Trust"), name="Ola Oak")
    assert await keys_found(ola, typed=NAME) == []


async def test_a_copy_of_somebodys_data_has_what_they_wrote_and_not_what_a_colleague_did(academy: Academy) -> None:
    await logging_one.log(academy.hal, academy.contract, a_call("2026-01-21 09:30", what="Cold again."))
    said = {(one["contract"], one["what"], one["words"]) for one in (await copy_of(academy.ida))["written_about_contracts"]}
    assert said == {
        ("Boilers", "What was written about the service", "It was cold."),
        ("Boilers", "What was written about the service", f"{NAME} rang twice."),
        ("Boilers", "What a governor asked", f"Is {NAME} insured?"),
    }
    assert [one["words"] for one in (await copy_of(academy.hal))["written_about_contracts"]] == ["Cold again."]
