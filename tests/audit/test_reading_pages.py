"""A school reads its trail in a browser and over the API; nobody else does."""

from enum import StrEnum
from uuid import uuid4

import pytest

import audit
import database
from audit.reading import timeline
from audit.tables import Opening
from base.viewer import Role, Viewer
from sharing.tables import School
from suppliers.directory import directory
from tests.given.builders import a_person, a_school, signed_in, stranger
from tests.given.statements import listened_to

pytestmark = pytest.mark.usefixtures("db")

MOST_STATEMENTS = 13


class Event(StrEnum):
    REVIEW_REVISED = "review.revised"


async def a_revision(viewer: Viewer) -> None:
    async with audit.recording(viewer) as record:
        record(
            Event.REVIEW_REVISED,
            stream=f"supplier:{uuid4()}",
            subject=f"review:{uuid4()}",
            facts={"old": {"rating": 3}, "new": {"rating": 4}, "happened_on": "2026-09-01"},
            personal={"praise": "On time", "praise.old": "Late", "criticism": "Noisy"},
        )


@pytest.fixture
async def school(db: object) -> School:
    return await a_school()


async def test_a_line_says_what_who_when_and_what_it_was_before(school: School) -> None:
    ann = await a_person(school)
    await a_revision(ann)
    line = (await timeline.page(ann)).lines[0]
    assert (line.type, line.who, str(line.happened_on)) == ("review.revised", "Ann Archer", "2026-09-01")
    changes = {change.field: (change.old, change.new) for change in line.changes}
    assert changes == {"rating": ("3", "4"), "praise": ("Late", "On time"), "criticism": (None, "Noisy")}


async def test_a_governor_reads_no_criticism_in_the_trail_either(school: School) -> None:
    ann, gil = await a_person(school), await a_person(school, Role.GOVERNOR, "Gil Marsh")
    await a_revision(ann)
    line = (await timeline.page(gil)).lines[0]
    assert "criticism" not in {change.field for change in line.changes}
    assert line.is_withheld
    async with signed_in(gil) as browser:
        for path in ("/trail", "/api/v1/trail/entries"):
            assert "Noisy" not in (await browser.get(path)).text


async def test_a_governor_reads_no_names_of_files_which_may_tell_of_a_problem(school: School) -> None:
    ann, gil = await a_person(school), await a_person(school, Role.GOVERNOR, "Gil Marsh")
    async with audit.recording(ann) as record:
        record(Event.REVIEW_REVISED, stream="supplier:1", subject="note:1", personal={"filename.1": "flooded hall.jpg"})
    assert "flooded" in (await timeline.page(ann)).lines[0].changes[0].new  # type: ignore[operator]
    async with signed_in(gil) as browser:
        for path in ("/trail", "/api/v1/trail/entries"):
            assert "flooded" not in (await browser.get(path)).text


async def test_facts_for_machines_are_left_out_of_the_words(school: School) -> None:
    ann = await a_person(school)
    async with audit.recording(ann) as record:
        facts = {"new": {"grants": [{"kind": "near", "miles": 5}], "ended": {}}, "fields": ["rating", "praise"]}
        record(Event.REVIEW_REVISED, stream="supplier:1", subject="review:1", facts=facts)
    told = {change.field: change.new for change in (await timeline.page(ann)).lines[0].changes}
    assert told == {"fields": "rating, praise"}


async def test_an_erased_name_is_told_as_such(school: School) -> None:
    ann = await a_person(school)
    await a_revision(ann)
    async with database.write():
        await Opening.delete().where(Opening.person == ann.person)
    line = (await timeline.page(ann)).lines[0]
    assert line.who == "Somebody whose name was erased"
    assert "Late" not in str(line.changes)


async def test_a_school_never_reads_anothers_trail(school: School) -> None:
    ann = await a_person(school)
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Birch")
    await a_revision(ann)
    assert "review.revised" not in {line.type for line in (await timeline.page(bob)).lines}


async def test_pages_follow_each_other_without_a_gap(school: School) -> None:
    ann = await a_person(school)
    for _ in range(7):
        await a_revision(ann)
    seen: list[int] = []
    before = None
    while True:
        shown = await timeline.page(ann, before=before, limit=3)
        seen += [line.idx for line in shown.lines]
        before = shown.next_before
        if before is None:
            break
    assert seen == list(range(shown.size - 1, -1, -1))


async def test_the_page_shows_the_change_and_the_check_holds(school: School) -> None:
    ann = await a_person(school)
    await a_revision(ann)
    async with signed_in(ann) as browser:
        trail = (await browser.get("/trail")).text
        check = (await browser.get("/trail/check")).text
    assert "Changed a review" in trail
    assert "On time" in trail
    assert "happened 1 September 2026" in trail
    assert "Complete and unchanged" in check


async def test_the_api_gives_the_same_lines_with_a_cursor(school: School) -> None:
    ann = await a_person(school)
    for _ in range(3):
        await a_revision(ann)
    async with signed_in(ann) as browser:
        first = (await browser.get("/api/v1/trail/entries?limit=2")).json()
        rest = (await browser.get("/api/v1/trail/entries", params={"limit": 100, "cursor": first["next_cursor"]})).json()
    numbers = [entry["idx"] for entry in first["entries"] + rest["entries"]]
    assert numbers == list(range(first["size"] - 1, -1, -1))
    assert first["entries"][0]["changes"][0] == {"field": "rating", "old": "3", "new": "4"}
    assert rest["next_cursor"] is None


async def test_a_stranger_is_sent_to_sign_in() -> None:
    async with stranger() as browser:
        assert (await browser.get("/trail")).headers["location"] == "/sign-in?next=/trail"
        assert (await browser.get("/api/v1/trail/entries")).status_code == 401


async def test_the_page_names_the_supplier_that_a_change_is_about(school: School) -> None:
    ann = await a_person(school)
    await directory.add(ann, name="Fenland Boilers")
    async with signed_in(ann) as browser:
        trail = (await browser.get("/trail")).text
    assert "Added a supplier of our own: Fenland Boilers" in trail
    assert "All about Fenland Boilers" in trail


async def test_only_an_entry_about_a_supplier_leads_to_all_about_it(school: School) -> None:
    ann = await a_person(school)
    async with audit.recording(ann) as record:
        record(Event.REVIEW_REVISED, stream="school", subject=f"review:{uuid4()}")
    async with signed_in(ann) as browser:
        assert "All about" not in (await browser.get("/trail")).text


async def test_a_page_is_read_in_one_unit_of_work(school: School) -> None:
    """Beside who asks and what waits, which are a statement each."""
    ann = await a_person(school)
    await directory.add(ann, name="Fenland Boilers")
    async with signed_in(ann) as browser:
        await browser.get("/trail")
        with listened_to() as found:
            await browser.get("/trail")
    assert len([one for one in found if one.startswith("BEGIN")]) == 1
    assert len(found) <= MOST_STATEMENTS
