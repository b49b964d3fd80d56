"""Where no school has a word: counts of what the viewer hears, by need, kind of school and local authority, and no names."""

import csv
from dataclasses import dataclass
from io import BytesIO, StringIO
from uuid import UUID

import openpyxl
import pytest

import database
from base.refusals import NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from sharing.networks import connections, networks
from sharing.schools.like_ours import SchoolKind
from sharing.tables import Network
from suppliers.coverage import heat
from suppliers.coverage.coverage import Coverage, coverage
from suppliers.directory import directory
from suppliers.merging import merges
from suppliers.merging.merges import MergeChoice
from suppliers.opinions import reviews
from suppliers.record import taxonomy
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier, says

pytestmark = pytest.mark.usefixtures("db")


@dataclass(frozen=True)
class Schools:
    """Oak and Elm in Lincolnshire, both primary, High beside them; Far in Rutland. Elm is told some things by name."""

    curator: Viewer
    oak: Viewer
    elm: Viewer
    high: Viewer
    far: Viewer


@pytest.fixture
async def schools(db: object) -> Schools:
    return Schools(
        curator=await a_person(await a_school("Curator Nursery", phase="Nursery"), Role.HEAD, operator=True),
        oak=await a_person(await a_school("Oakfield Primary"), name="Ann Archer"),
        elm=await a_person(await a_school("Elmwood Primary"), name="Bea Birch"),
        high=await a_person(await a_school("Ashby High", phase="Secondary"), name="Cal Cole"),
        far=await a_person(await a_school("Far Primary", local_authority="Rutland"), name="Dee Dale"),
    )


def told_to(school: UUID) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, school, fields=Fields.RATING),))


async def authority(name: str = "Lincolnshire") -> UUID:
    async with database.read():
        row = await Network.select(Network.id).where(Network.code == name).first()
    assert row is not None
    found: UUID = row["id"]
    return found


def spoken(found: Coverage) -> dict[str, dict[str, int]]:
    return {
        need.category.slug: {kind.value if kind else "": number for kind, number in need.by_kind.items()}
        for need in found.needs
        if need.by_kind
    }


async def test_a_school_counts_once_for_a_need_by_its_kind_and_authority(schools: Schools) -> None:
    boilers, others = await a_supplier(schools.elm), await a_supplier(schools.elm, "Wolds Heating")
    for viewer in (schools.elm, schools.high, schools.far):
        await says(viewer, boilers)
    await says(schools.elm, others)
    await says(schools.oak, boilers)  # the viewer's own word fills no gap of theirs
    found = await coverage(schools.oak, None, of_everyone=False)
    assert spoken(found) == {"heating": {"primary": 2, "secondary": 1}}
    assert [(one.name, one.by_kind) for one in found.authorities] == [
        ("Lincolnshire", {SchoolKind.PRIMARY: 1, SchoolKind.SECONDARY: 1}),
        ("Rutland", {SchoolKind.PRIMARY: 1}),
    ]
    assert found.kinds == (SchoolKind.PRIMARY, SchoolKind.SECONDARY)
    assert len(found.gaps) == len(taxonomy.categories()) - 1
    near = await coverage(schools.oak, await authority(), of_everyone=False)
    assert spoken(near) == {"heating": {"primary": 1, "secondary": 1}}
    assert (near.schools, near.on_vouch) == (4, 4)
    everyones = await coverage(schools.oak, None, of_everyone=True)
    assert spoken(everyones) == {"heating": {"primary": 3, "secondary": 1}}


async def test_what_the_viewer_may_not_hear_is_not_counted(schools: Schools) -> None:
    heating, cleaning, lifts = [await a_supplier(schools.elm, f"Firm {one}", one) for one in ("heating", "cleaning", "lifts")]
    await says(schools.elm, heating, share=None)
    await says(schools.elm, cleaning, share=told_to(schools.oak.school))
    await says(schools.elm, lifts, share=told_to(schools.far.school))
    own = (await directory.add(schools.high, name="Own Record Ltd", categories=["catering"])).id
    await reviews.vouch(schools.high, own)
    assert spoken(await coverage(schools.oak, None, of_everyone=False)) == {"cleaning": {"primary": 1}}
    assert spoken(await coverage(schools.far, None, of_everyone=False)) == {"lifts": {"primary": 1}}
    for viewer in (schools.oak, schools.elm, schools.far, schools.high):
        assert spoken(await coverage(viewer, None, of_everyone=True)) == {}
    await says(schools.elm, await a_supplier(schools.elm, "Firm plumbing", "plumbing"))
    assert spoken(await coverage(schools.oak, None, of_everyone=True)) == {"plumbing": {"primary": 1}}
    await connections.block(schools.elm, schools.oak.school)
    for of_everyone in (False, True):
        assert spoken(await coverage(schools.oak, None, of_everyone=of_everyone)) == {}


async def test_a_network_is_offered_to_its_schools_and_an_authority_to_all(schools: Schools) -> None:
    started = await networks.start(schools.oak, kind="cluster", name="Ashby cluster")
    assert (await coverage(schools.oak, started, of_everyone=True)).scope.name == "Ashby cluster"
    assert (await coverage(schools.oak, await authority("Rutland"), of_everyone=True)).scope.is_authority
    with pytest.raises(NotFound):
        await coverage(schools.elm, started, of_everyone=True)


async def test_a_category_that_a_merge_left_out_is_not_spoken_of(schools: Schools) -> None:
    part = await a_supplier(schools.elm, "Ashby Boilers Cleaning", "cleaning")
    kept = await a_supplier(schools.elm, "Ashby Boilers")
    await says(schools.elm, kept)
    await says(schools.elm, part)
    await merges.merge(schools.curator, part, kept, choice=MergeChoice(dropped=frozenset({"category:cleaning"})), as_curator=True)
    assert set(spoken(await coverage(schools.oak, None, of_everyone=False))) == {"heating"}


def test_a_cell_is_darker_the_more_it_has_and_darkest_with_all() -> None:
    shades = [heat.HeatCell(number, 9).shade for number in range(10)]
    assert shades == sorted(shades)
    assert (shades[0], shades[1], shades[8], shades[9]) == (0, 1, 3, 4)


async def test_the_page_leads_to_ask_and_the_files_say_the_same(schools: Schools) -> None:
    await says(schools.elm, await a_supplier(schools.elm))
    async with signed_in(schools.oak) as browser:
        page = await browser.get("/coverage")
        everywhere = await browser.get("/coverage?of=everywhere&heard=everyone")
        as_csv = await browser.get("/coverage/file?made_as=csv")
        as_xlsx = await browser.get("/coverage/file")
        refused = [(await browser.get(f"/coverage?{query}")).status_code for query in ("of=x", "heard=x", "of=" + "x" * 61)]
        of_none = await browser.get("/coverage?of=" + str(schools.oak.school))
    said = text_of(page.text)
    needs = len(taxonomy.categories())
    assert f"On {needs - 1} of {needs} needs no school of Lincolnshire has a word." in said
    assert "/enquiries/new?need=Pest%20control" in page.text
    assert "Elmwood" not in page.text
    assert "Fenland" not in page.text
    assert "Lincolnshire" in text_of(everywhere.text)
    table = list(csv.reader(StringIO(as_csv.text.lstrip("\ufeff"))))
    cells = [
        [str("" if cell.value is None else cell.value) for cell in row]
        for row in openpyxl.load_workbook(BytesIO(as_xlsx.content)).active.rows
    ]
    assert cells == table
    assert [row[:4] for row in table if row[3] not in ("0", "Schools with a word")] == [
        ["Lincolnshire", "Buildings", "Boiler servicing and heating", "1"]
    ]
    assert refused == [404, 422, 400]
    assert of_none.status_code == 404


async def test_a_program_reads_the_same_counts(schools: Schools) -> None:
    await says(schools.high, await a_supplier(schools.high))
    async with signed_in(schools.oak) as browser:
        answer = (await browser.get("/api/v1/coverage")).json()
    heating = next(need for need in answer["needs"] if need["category"] == "heating")
    assert (heating["schools"], heating["by_kind"]) == (1, {"secondary": 1})
    assert [(one["name"], one["needs"]) for one in answer["authorities"]] == [("Lincolnshire", 1)]
    assert answer["silent"] == ["Rutland"]
