"""A trust's register, as its business manager brings it page by page and as whoever runs the installation does."""

import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest

import database
from audit.tables import Entry
from base import clock
from base.spreadsheets.writing import TableFormat
from base.viewer import Viewer
from contracts.imports import background, from_outside, imports, rows
from contracts.imports.tables import NameInFile
from contracts.lists import whole
from contracts.lists.whole import Whole
from contracts.register_rows.states import ImportState, NameChoice, NameKind, RowKind
from contracts.sheets import exporting
from sharing.tables import NetworkMember, School
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, signed_in
from tests.given.patience import PATIENCE

pytestmark = pytest.mark.usefixtures("db")

REGISTER: Final = Path("tests/data/sla/registers/B_trust.xlsx")
EXPECTED: Final = json.loads(REGISTER.with_suffix(".json").read_text())
ACADEMIES: Final = (
    *("Ashby High", "Mere Lane Primary", "St Osyth's CE Primary", "Thornby Infants", "Wold View Academy"),
    "Ridgeway Primary",  # the sixth, which the register names only as one of all
)
TRUST_WIDE: Final = "Trust-wide"


def schools_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The academies that a row of the register is for."""
    named = row["parsed"]["schools"]
    return tuple(
        sorted(ACADEMIES if TRUST_WIDE in named else {{"Mere Lane": "Mere Lane Primary"}.get(name, name) for name in named})
    )


EXPECTED_SCHOOLS: Final = Counter((row["parsed"]["title"], schools_of(row)) for row in EXPECTED["rows"])


@dataclass(frozen=True)
class Trust:
    manager: Viewer
    uid: str
    academies: Mapping[str, Viewer]


@pytest.fixture
async def trust(db: object) -> Trust:
    schools = {name: await a_school(name, trust="Fenmarch Trust") for name in ACADEMIES}
    async with database.read():
        team: Any = await School.objects().where(School.kind == "trust").first()
    people = {name: await a_person(school, name=f"Ada {n}") for n, (name, school) in enumerate(schools.items())}
    return Trust(await a_person(team, name="Mo Marsh"), team.uid, people)


async def kept(viewer: Viewer) -> list[Whole]:
    return [one async for some in whole.readable(viewer) for one in some]


async def served(contracts: list[Whole]) -> Counter[tuple[str, tuple[str, ...]]]:
    """Each contract's title, with the names of the schools that it covers."""
    async with database.read():
        names = {row["id"]: row["name"] for row in await School.select(School.id, School.name)}
    return Counter(
        (str(one.said.values["title"]), tuple(sorted(names[school] for school in one.said.covers))) for one in contracts
    )


async def checked(trust: Trust) -> imports.ImportView:
    """The register with every name settled, and what nobody knows left empty."""
    import_id = await imports.upload(trust.manager, REGISTER.read_bytes())
    await background.carry_on(trust.manager, import_id, wait=PATIENCE)
    shown = await rows.names_of(trust.manager, import_id, NameKind.SCHOOL)
    (lane,) = [option for one in shown.names if one.name == "Mere Lane" for option in one.options]
    answers = {TRUST_WIDE: NameChoice.ALL_SCHOOLS.value, "Mere Lane": lane.choice}
    chosen = {one.id: answers[one.name] for one in shown.names if one.name in answers}
    await rows.answer_names(trust.manager, import_id, NameKind.SCHOOL, chosen)
    await background.carry_on(trust.manager, import_id, wait=PATIENCE)
    await rows.leave_unknown(trust.manager, import_id)
    await background.carry_on(trust.manager, import_id, wait=PATIENCE)
    return await imports.look(trust.manager, import_id)


async def started(trust: Trust, import_id: UUID) -> imports.ImportView:
    await imports.start(trust.manager, import_id)
    await background.carry_on(trust.manager, import_id, wait=PATIENCE)
    return await imports.look(trust.manager, import_id)


async def brought(trust: Trust) -> None:
    assert (await started(trust, (await checked(trust)).id)).imported == 29


async def answer_names(viewer: Viewer, browser: httpx.AsyncClient, here: str, kind: NameKind, answers: Mapping[str, str]) -> None:
    """Sends the page of names as it is filled in, but for ``answers``: a name's, as it is called or a NameChoice."""
    shown = await rows.names_of(viewer, import_of(here), kind)
    called = {one.name: one.choice for each in shown.names for one in each.options}
    form = {f"name-{one.id}": one.choice for one in shown.names}
    form |= {f"name-{one.id}": called.get(answers[one.name], answers[one.name]) for one in shown.names if one.name in answers}
    page = (await browser.get(f"{here}/names/{kind}")).text
    assert all(f'name="{name}"' in page and f'value="{value}"' in page for name, value in form.items() if value)
    await send(viewer, browser, here, f"names/{kind}", form)


def import_of(here: str) -> UUID:
    return UUID(here.removeprefix("/contracts/imports/"))


async def send(viewer: Viewer, browser: httpx.AsyncClient, here: str, page: str, form: Mapping[str, str]) -> None:
    """Sends a form of an import's pages, and waits until what follows from it is done: a page waits a second or two."""
    assert (await browser.post(f"{here}/{page}", data=form)).status_code == 303
    await background.carry_on(viewer, import_of(here), wait=PATIENCE)


@pytest.mark.both_engines
async def test_the_register_comes_in_page_by_page_and_each_academy_reads_what_serves_it(trust: Trust) -> None:
    cleaners = (await directory.add(trust.manager, name="Hathersby Cleaning Services Ltd")).id
    async with signed_in(trust.manager) as browser:
        sent = await browser.post("/contracts/import", files={"file": (REGISTER.name, REGISTER.read_bytes())})
        here = sent.headers["location"]
        await background.carry_on(trust.manager, import_of(here), wait=PATIENCE)
        assert "Suppliers: 1 name to settle" in (await browser.get(here)).text
        who = trust.manager
        await answer_names(
            who, browser, here, NameKind.SCHOOL, {TRUST_WIDE: NameChoice.ALL_SCHOOLS, "Mere Lane": "Mere Lane Primary"}
        )
        await answer_names(who, browser, here, NameKind.SUPPLIER, {"Hathersby Cleaning": "Hathersby Cleaning Services Ltd"})
        waste = 4 + 21  # its place: row 28 of a sheet whose first contract is in row 4
        form = {"which": "ask", "row": str(waste), f"r{waste}-notice": "3 months"}
        await send(who, browser, here, "answers", form)
        assert "Import 21 contracts" in (await browser.get(here)).text
        await send(who, browser, here, "unknown", {})
        await send(who, browser, here, "start", {})
        assert "29 contracts imported" in (await browser.get(here)).text
    found = await kept(trust.manager)
    assert await served(found) == EXPECTED_SCHOOLS
    assert [one.said.supplier for one in found if one.supplier].count(cleaners) == 3
    assert [one.said.values["notice"] for one in found if one.said.values["title"] == "Waste"] == [{"n": 3, "unit": "months"}]
    for name, viewer in trust.academies.items():
        read = Counter(one.said.values["title"] for one in await kept(viewer))
        assert read == Counter(title for title, schools in EXPECTED_SCHOOLS.elements() if name in schools), name
    async with signed_in(trust.academies["Ridgeway Primary"]) as browser:
        page = (await browser.get("/contracts")).text
    assert "MFDs (all 6 schools)" in page
    assert "Sanitary" not in page


@pytest.mark.parametrize("made_as", TableFormat)
@pytest.mark.both_engines
async def test_what_a_trust_exports_comes_back_as_it_was(trust: Trust, made_as: TableFormat) -> None:
    await brought(trust)
    file = io.BytesIO()
    await exporting.export(trust.manager, made_as, to=file)
    import_id = await imports.upload(trust.manager, file.getvalue())
    await background.carry_on(trust.manager, import_id, wait=PATIENCE)
    found = await imports.look(trust.manager, import_id)
    assert (found.counts, found.to_import) == ({RowKind.SAME: 29}, 0)


async def test_an_academy_that_left_before_the_import_began_holds_up_its_own_contracts_alone(trust: Trust) -> None:
    found = await checked(trust)
    gone = trust.academies["Wold View Academy"]
    async with database.write():
        await NetworkMember.update({NetworkMember.until_at: clock.now()}).where(NetworkMember.school == gone.school)
    done = await started(trust, found.id)
    assert (done.state, done.count("added"), done.count("ask")) == (ImportState.CHECKED, 24, 5)
    waiting = (await rows.page_of(trust.manager, found.id, RowKind.ASK)).rows
    assert {one.sentence for row in waiting for one in row.at_names} == {"“Wold View Academy”: which of your schools is it?"}
    assert gone.school not in {school for one in await kept(trust.manager) for school in one.said.covers}


@pytest.mark.both_engines
async def test_a_supplier_that_is_not_there_any_more_holds_up_its_own_contracts_alone(trust: Trust) -> None:
    found = await checked(trust)
    async with database.housekeeping():
        named = (NameInFile.import_id == found.id) & (NameInFile.name == "Dairyfield")
        await NameInFile.update({NameInFile.choice: str(uuid4())}).where(named)
    done = await started(trust, found.id)
    assert (done.count("added"), done.count("ask")) == (28, 1)
    (milk,) = (await rows.page_of(trust.manager, found.id, RowKind.ASK)).rows
    assert (milk.title, milk.said) == ("Milk", "what it names is not there any more: look at it again")
    async with database.read():
        added = await Entry.count().where((Entry.trail == str(trust.manager.school)) & (Entry.type == "contract.added"))
    assert added == len(await kept(trust.manager)) == 28


@pytest.mark.both_engines
async def test_whoever_runs_the_installation_brings_it_by_the_trusts_uid(trust: Trust) -> None:
    found = await from_outside.bring(REGISTER.read_bytes(), urn=None, uid=trust.uid)
    assert (found.school, found.added, found.waiting) == ("Fenmarch Trust", 15, 14)
    (waiting,) = await imports.listed(trust.manager)
    assert waiting.open_names[NameKind.SCHOOL] == 2
    expected = {title for title, schools in EXPECTED_SCHOOLS if "Thornby Infants" in schools}
    assert {str(one.said.values["title"]) for one in await kept(trust.academies["Thornby Infants"])} < expected
    again = await from_outside.bring(REGISTER.read_bytes(), urn=None, uid=trust.uid)
    assert (again.added, again.waiting, len(await kept(trust.manager))) == (15, 14, 15)
