"""How a record stood at an instant: by page and API, for every role, with what was erased or is withheld marked."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import audit
import database
from audit.events import Event as AuditEvent
from audit.reading import as_of, fold
from audit.reading.fold import FoldedField, ReadableEntry
from audit.tables import Entry, Opening
from base import clock
from base.refusals import NotFound
from base.viewer import Role, Viewer
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from tests.given.builders import a_person, a_school, signed_in

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
pure = pytest.mark.pure


def told(idx: int, facts: dict[str, object], missing: dict[str, str] | None = None, **texts: str) -> ReadableEntry:
    return ReadableEntry(idx, facts, texts, missing or {})


@pure
def test_later_entries_change_the_fields_of_the_first() -> None:
    first = told(3, {"rating": 3, "version": 1, "by": "page"}, praise="Quick.")
    second = told(7, {"old": {"rating": 3}, "new": {"rating": 5, "version": 2}, "was_shared": True}, praise="Quicker.")
    assert fold.fold([first, second]) == {
        "by": FoldedField("page", 3),
        "rating": FoldedField(5, 7),
        "version": FoldedField(2, 7),
        "praise": FoldedField("Quicker.", 7),
    }


@pure
def test_a_text_that_moves_to_another_field_is_gone_from_the_first() -> None:
    moved = ReadableEntry(4, {}, {"criticism": "Late.", "body.old": "Late."}, {})
    assert fold.fold([told(1, {}, body="Late."), moved]) == {"criticism": FoldedField("Late.", 4)}


@pure
def test_files_add_up_and_keep_their_names_apart() -> None:
    entries = [ReadableEntry(n, {"attachments": [{"id": str(n)}]}, {"filename.1": f"{n}.txt"}, {}) for n in (1, 5)]
    found = fold.fold(entries)
    assert found["attachments"].value == [{"id": "1"}, {"id": "5"}]
    assert [found[f"filename.{n}"].value for n in (1, 2)] == ["1.txt", "5.txt"]


@pure
def test_what_is_missing_stays_marked_until_it_is_set_again() -> None:
    gone = told(1, {}, {"praise": fold.ERASED})
    assert fold.fold([gone])["praise"] == FoldedField(None, 1, fold.ERASED)
    assert fold.fold([gone, told(2, {}, praise="Tidy.")])["praise"] == FoldedField("Tidy.", 2)


@pytest.fixture
async def ann(db: object) -> Viewer:
    """Who joined before: no entry is recorded before the entry before it."""
    with clock.at(NOON - timedelta(days=2)):
        return await a_person(await a_school(), Role.HEAD)


@pytest.fixture
async def review(ann: Viewer) -> UUID:
    """Written at noon, changed a day later."""
    with clock.at(NOON - timedelta(days=1)):
        supplier = (await directory.add(ann, name="Ashby Boilers")).id
    with clock.at(NOON):
        made = (
            await reviews.review(
                ann, supplier, opinion=Opinion(interest=None, rating=2, praise="Cheap.", criticism="Never came."), version=None
            )
        ).id
    with clock.at(NOON + timedelta(days=1)):
        await reviews.review(ann, supplier, opinion=Opinion(interest=None, rating=4, praise="Better."), version=1)
    return made


async def values(viewer: Viewer, subject: str, at: datetime) -> dict[str, object]:
    return {field.name: field.value for field in (await as_of.record_at(viewer, subject, at)).fields}


async def test_a_review_before_it_was_written_when_it_was_and_after_it_was_changed(ann: Viewer, review: UUID) -> None:
    before = await as_of.record_at(ann, f"review:{review}", NOON - timedelta(microseconds=1))
    assert (before.fields, before.steps) == ((), ())
    then = await values(ann, f"review:{review}", NOON)
    assert (then["rating"], then["praise"], then["criticism"], then["version"]) == (2, "Cheap.", "Never came.", 1)
    now = await values(ann, f"review:{review}", NOON + timedelta(days=1))
    assert (now["rating"], now["praise"], now["version"], "criticism" in now) == (4, "Better.", 2, False)


async def test_the_page_shows_then_and_now_and_takes_a_day_and_a_time(ann: Viewer, review: UUID) -> None:
    async with signed_in(ann) as browser:
        first = (await browser.get("/trail", params={"before": 5})).text
        assert f"/trail/as-of?subject=review%3A{review}&amp;at=" in first
        box = {"subject": f"review:{review}", "on-day": "2", "on-month": "11", "on-year": "2026"}
        page = (await browser.get("/trail/as-of", params=box)).text
        assert "Cheap." in page
        assert "Better." in page
        assert "as of 2 November 2026 at 11:59pm" in page
        too_early = (await browser.get("/trail/as-of", params={**box, "time": "11:59"})).text
        assert "Nothing was recorded about it by then" in too_early
        assert "Cheap." not in too_early
        assert "Cheap." in (await browser.get("/trail/as-of", params={**box, "time": "12:00"})).text
        for wrong in ({"time": "noon"}, {"on-day": "31", "on-month": "2"}, {"on-year": "99999"}, {"time": "25:00"}):
            answer = await browser.get("/trail/as-of", params={**box, **wrong})
            assert answer.status_code == 422
            assert "There is a problem" in answer.text
        for at in ("yesterday", "0001-01-01T00:00:00+23:59", "9999-12-31", "2026-13-01"):
            assert (await browser.get("/trail/as-of", params={"subject": f"review:{review}", "at": at})).status_code == 422
            assert (await browser.get("/api/v1/trail/as-of", params={"subject": f"review:{review}", "at": at})).status_code == 422


async def test_a_typed_time_is_londons_summer_and_winter(ann: Viewer, review: UUID) -> None:
    async with signed_in(ann) as browser:
        got = await browser.get("/api/v1/trail/as-of", params={"subject": f"review:{review}", "at": "2026-11-02"})
        assert got.json()["at"] == "2026-11-02T23:59:59.999999Z"
        summer = await browser.get("/api/v1/trail/as-of", params={"subject": f"review:{review}", "at": "2026-10-24"})
        assert summer.json()["at"] == "2026-10-24T22:59:59.999999Z"
        changed = await browser.get("/api/v1/trail/as-of", params={"subject": f"review:{review}", "at": "2026-10-25"})
        assert changed.json()["at"] == "2026-10-25T23:59:59.999999Z"


async def test_the_api_says_which_entry_set_what(ann: Viewer, review: UUID) -> None:
    async with signed_in(ann) as browser:
        at = (NOON + timedelta(hours=1)).isoformat()
        told = (await browser.get("/api/v1/trail/as-of", params={"subject": f"review:{review}", "at": at})).json()
    rating = next(field for field in told["fields"] if field["field"] == "rating")
    assert (rating["value"], rating["set_by"], rating["missing"]) == (2, "Ann Archer", "")
    assert told["entries"] == [rating["entry"]]
    assert (told["ended_by_entry"], told["unread"]) == (None, 0)


async def test_a_governor_reads_no_criticism_of_the_past_either(ann: Viewer, review: UUID) -> None:
    async with database.read():
        rows = await Entry.select(Entry.stream).where(Entry.subject == f"review:{review}")
    note = await notes.note(ann, UUID(rows[0]["stream"].partition(":")[2]), about=About.PROBLEM, body="Flooded twice.")
    governor = Viewer(ann.person, ann.name, ann.school, ann.school_name, Role.GOVERNOR)
    found = await as_of.record_at(governor, f"review:{review}", NOON)
    assert [field.missing for field in found.fields if field.name == "criticism"] == ["withheld"]
    for subject in (f"review:{review}", f"note:{note}"):
        for at in (NOON, clock.now()):
            told = repr(await as_of.record_at(governor, subject, at))
            assert "Never came" not in told
            assert "Flooded" not in told


async def test_another_school_and_an_invented_record_are_not_found(ann: Viewer, review: UUID) -> None:
    bob = await a_person(await a_school("Elmwood Primary"), name="Bob Brown")
    for viewer, subject in ((bob, f"review:{review}"), (ann, f"review:{uuid4()}"), (ann, "nonsense")):
        with pytest.raises(NotFound):
            await as_of.record_at(viewer, subject, clock.now())


async def test_an_auditor_sees_records_of_the_streams_in_scope(ann: Viewer, review: UUID) -> None:
    async with database.read():
        row = await Entry.select(Entry.stream).where(Entry.subject == f"review:{review}").first()
    assert row is not None
    for streams, is_shown in ((frozenset({row["stream"]}), True), (frozenset({"supplier:other"}), False), (frozenset(), False)):
        iris = Viewer(uuid4(), "Iris", ann.school, ann.school_name, Role.AUDITOR, streams=streams)
        if is_shown:
            assert (await values(iris, f"review:{review}", NOON))["criticism"] == "Never came."
        else:
            with pytest.raises(NotFound):
                await as_of.record_at(iris, f"review:{review}", NOON)


async def test_what_was_erased_since_is_marked_with_the_entry_that_says_so(ann: Viewer, review: UUID) -> None:
    async with database.read():
        row = await Entry.select().where(Entry.subject == f"review:{review}").order_by(Entry.idx).first()
    assert row is not None
    async with audit.recording(ann) as record:
        here = Opening.event_id == row["event_id"]
        await Opening.delete().where(here & (Opening.field == "personal.praise"))
        item = {"idx": row["idx"], "field": "personal.praise", "commitment": "0" * 64}
        facts = {"erased": [item], "reason": "The person asked"}
        record(AuditEvent.ERASURE_APPLIED, stream=row["stream"], subject="erasure:1", facts=facts)
    found = await as_of.record_at(ann, f"review:{review}", NOON)
    praise = next(field for field in found.fields if field.name == "praise")
    assert (praise.value, praise.missing, found.unread) == (None, "erased", 0)
    assert praise.erased_by is not None
    assert praise.erased_by.type == "erasure.applied"
    async with signed_in(ann) as browser:
        page = (await browser.get("/trail/as-of", params={"subject": f"review:{review}", "at": "2026-11-02"})).text
        assert "Erased" in page
        assert "Cheap." not in page


async def test_a_value_that_vanished_without_an_entry_is_counted(ann: Viewer, review: UUID) -> None:
    async with database.write():
        await Opening.delete().where(Opening.field == "personal.criticism")
    found = await as_of.record_at(ann, f"review:{review}", NOON)
    assert found.unread == 1
    assert "criticism" not in {field.name for field in found.fields}
