"""A trust lead reads what happened under the contracts of its schools: no note, no photo, and changes nothing."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

import database
from base import clock
from base.refusals import NotFound
from base.viewer import Role, Viewer
from contracts.attainment import attainment
from contracts.judging.kinds import Discussed, StampKind
from contracts.service_events import agreeing, logging_one, photos, reading, stamping
from contracts.service_events.agreeing import Discussion
from contracts.service_events.stamping import Stamping
from sharing.tables import School
from suppliers.opinions.attachments import Upload
from tests.given.builders import a_person, a_school, school_of, signed_in
from tests.given.served import FROM, a_calendar_of_september, a_call, a_contract, a_fix_time, a_job, moment, stamped

pytestmark = pytest.mark.usefixtures("db")

LOOKED = datetime(2026, 3, 30, 12, tzinfo=UTC)


@pytest.fixture
async def ida(db: object) -> Viewer:
    viewer = await a_person(await a_school("Ivy Primary", trust="Rose Trust"), name="Ida Ives")
    await a_calendar_of_september(viewer)
    return viewer


@pytest.fixture
async def lea(ida: Viewer) -> Viewer:
    async with database.read():
        rose = await School.objects().where(School.kind == "trust").first()
    assert rose is not None
    return await a_person(rose, Role.TRUST_LEAD, "Lea Long")


@pytest.fixture
async def boilers(ida: Viewer) -> UUID:
    contract = await a_contract(ida, starts_on=FROM, ends_on=date(2027, 8, 31), annual_pence=264_000, notes="Zebrano is slow.")
    await a_fix_time(ida, contract)
    return contract


@pytest.fixture
async def late(ida: Viewer, boilers: UUID) -> UUID:
    job = await a_job(ida, boilers, notes="Larkspur says so")
    await stamped(ida, job, StampKind.FIXED, "2026-01-21 16:00", note="Quillfeather signed")
    await agreeing.discuss(ida, job, Discussion(Discussed.DISPUTED, date(2026, 1, 22), "The gate was shut."))
    await photos.add(ida, job, Upload("umberdown.txt", b"A puddle."))
    return job


async def test_a_lead_reads_events_and_figures_without_notes_and_photos(lea: Viewer, boilers: UUID, late: UUID) -> None:
    pages = (
        f"/contracts/{boilers}",
        f"/contracts/{boilers}/events",
        f"/contracts/{boilers}/events.csv",
        f"/service-events/{late}",
    )
    beside = (
        f"/contracts/{boilers}/service",
        f"/contracts/{boilers}/promises",
        f"/api/v1/contracts/{boilers}/events",
        "/contracts/trust",
    )
    with clock.at(LOOKED):
        (metric,) = await attainment.of_contract(lea, boilers)
        async with signed_in(lea) as browser:
            told = {path: await browser.get(path) for path in (*pages, *beside)}
    assert {path: answer.status_code for path, answer in told.items()} == dict.fromkeys((*pages, *beside), 200)
    assert [one.figure.n for one in metric.periods if one.figure.n] == [1]
    assert [path for path in pages if "No heating" not in told[path].text] == []
    assert "The gate was shut." in told[f"/service-events/{late}"].text
    for kept_back in ("Zebrano", "Larkspur", "Quillfeather", "umberdown"):
        assert [path for path, answer in told.items() if kept_back in answer.text] == []


async def test_a_lead_changes_nothing_and_fetches_no_photo(ida: Viewer, lea: Viewer, boilers: UUID, late: UUID) -> None:
    (photo,) = await photos.of_event(ida, late)
    for refused in (
        logging_one.log(lea, boilers, a_call()),
        stamping.stamp(lea, late, Stamping(StampKind.BACK_AGAIN, moment("2026-01-22 09:00"))),
        agreeing.discuss(lea, late, Discussion(Discussed.AGREED, date(2026, 1, 22), "")),
        photos.add(lea, late, Upload("more.txt", b"More.")),
        photos.fetch(lea, photo.id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await photos.of_event(lea, late) == ()


async def test_nobody_else_of_the_trust_reads_it(lea: Viewer, boilers: UUID, late: UUID) -> None:
    rose = await school_of(lea)
    tom = await a_person(rose, name="Tom Rose")
    for refused in (reading.page(tom, boilers), reading.event(tom, late), attainment.of_contract(tom, boilers)):
        with pytest.raises(NotFound):
            await refused
