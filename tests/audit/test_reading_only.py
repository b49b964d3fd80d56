"""A timeline by thing, kind, person and day: exactly what fits, page by page, by an index, and nothing that is not open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import product
from typing import Any, Final

import pytest

import audit
import database
from audit.reading import only as asking
from audit.reading import timeline
from audit.reading.only import Only
from audit.tables import Opening
from base import clock
from base.viewer import Role, Viewer
from tests.given.builders import a_person, a_school, signed_in
from vouch import kinds
from vouch.wiring import SENTENCES

pytestmark = pytest.mark.usefixtures("db")

START: Final = datetime(2027, 9, 1, 10, tzinfo=UTC)
STREAMS: Final = ("supplier:1", "supplier:2")


class Event(StrEnum):
    REVIEW_REVISED = "review.revised"
    NOTE_WRITTEN = "note.written"
    VOUCH_GIVEN = "vouch.given"


async def a_trail(people: Sequence[Viewer], monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry every twelve hours, each of another kind, thing or person; at the 20th the clock is put back by a week."""
    events, hours = tuple(Event), 0
    for n in range(36):
        hours += 12 if n != 20 else -168
        monkeypatch.setattr(clock, "now", lambda hours=hours: START + timedelta(hours=hours))
        async with audit.recording(people[n % 5 % len(people)]) as record:
            record(events[n * 7 % 3], stream=STREAMS[n * 3 % 2], subject=f"review:{n % 4}", facts={"n": n})


async def everything(viewer: Viewer, only: Only, limit: int = 3) -> list[timeline.TimelineEntry]:
    """All pages, one after the other."""
    lines: list[timeline.TimelineEntry] = []
    before: int | None = None
    while True:
        shown = await timeline.page(viewer, before=before, only=only, limit=limit)
        lines += shown.lines
        before = shown.next_before
        if before is None:
            return lines


def fits(line: timeline.TimelineEntry, only: Only) -> bool:
    """The same as a plain question of one entry."""
    return (
        (not only.stream or line.stream == only.stream)
        and (not only.types or line.type in only.types)
        and (not only.person or line.person == only.person)
        and (not only.since or line.recorded_at >= only.since)
        and (not only.until or line.recorded_at < only.until)
    )


async def test_every_question_is_answered_whole_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """With short trails looked through one by one, and as if they were long; after the clock was put back too."""
    school = await a_school()
    ann, bob = await a_person(school), await a_person(school, Role.HEAD, "Bob Birch")
    await a_trail((ann, bob), monkeypatch)
    whole = await everything(ann, Only(), limit=100)
    days = [None, START + timedelta(days=3), START + timedelta(days=9, hours=12)]
    questions = [
        Only(stream, types, person, since, until)
        for stream, types, person, since, until in product(
            (None, STREAMS[1]), ((), ("note.written",), ("vouch.given", "review.revised")), (None, bob.person), days, days
        )
    ]
    for short in (asking.SHORT, 0):
        monkeypatch.setattr(asking, "SHORT", short)
        for question in questions:
            found, wanted = await everything(ann, question), [line for line in whole if fits(line, question)]
            if question.person is None:
                assert found == wanted, question
            assert sorted(line.idx for line in found) == sorted(line.idx for line in wanted), question
    assert len(await everything(ann, Only(types=("note.written",), person=bob.person, since=START))) > 3  # more than a page


async def test_what_is_not_open_or_was_erased_is_found_by_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    school = await a_school()
    ann, bob = await a_person(school), await a_person(school, Role.HEAD, "Bob Birch")
    await a_trail((ann, bob), monkeypatch)
    elsewhere = await a_person(await a_school("Elmwood Primary"), name="Eve Elm")
    asked = (Only(person=ann.person), Only(types=("note.written",)), Only(stream=STREAMS[1]), Only(since=START))
    limited = replace(bob, role=Role.AUDITOR, streams=frozenset({STREAMS[0]}))
    for question in asked:
        assert {line.stream for line in await everything(limited, question)} <= {STREAMS[0], "trail"}
        assert not {line.person for line in await everything(elsewhere, question)} & {ann.person, bob.person}
    async with database.write():
        await Opening.delete().where(Opening.person == ann.person)
    assert await everything(bob, Only(person=ann.person)) == []


async def test_each_question_is_read_from_an_index_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await a_person(await a_school())
    monkeypatch.setattr(asking, "SHORT", 0)
    for question, index in (
        (Only(person=ann.person), "audit_opening_actor"),
        (Only(types=("note.written", "review.written")), "audit_entry_type"),
        (Only(stream=STREAMS[0]), "audit_entry_sseq"),
        (Only(person=ann.person, since=START - timedelta(days=3650)), "audit_opening_actor"),
    ):
        plan = await the_plan(ann, question, monkeypatch)
        assert "SCAN e" not in plan, plan
        assert "Seq Scan" not in plan, plan
        if database.is_postgres():  # which of several indexes it takes is up to the few rows that it thinks there are
            continue
        assert index in plan, (question, plan)
        by_each = len(question.types) > 1
        assert by_each or not ("TEMP B-TREE" in plan or "Sort" in plan), plan


async def the_plan(viewer: Viewer, question: Only, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the database would find the positions."""
    asked: list[tuple[str, tuple[Any, ...]]] = []
    select = database.select

    async def noting(sql: str, *values: Any) -> Sequence[Any]:
        asked.append((sql, values))
        return await select(sql, *values)

    async with database.read():
        with monkeypatch.context() as for_now:
            for_now.setattr(database, "select", noting)
            await asking.entries(viewer, question, before=None, limit=26)
        sql, values = asked[-1]
        if database.is_postgres():  # with few rows it would read them all, index or not
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort"):
                await select(f"SET LOCAL enable_{way} = off")
            return "\n".join(row[0] for row in await select(f"EXPLAIN {sql}", *values))
        return "\n".join(row["detail"] for row in await select(f"EXPLAIN QUERY PLAN {sql}", *values))


async def test_a_page_of_filters_says_what_is_chosen_and_how_to_take_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    school = await a_school()
    ann, bob = await a_person(school), await a_person(school, Role.HEAD, "Bob Birch")
    await a_trail((ann, bob), monkeypatch)
    monkeypatch.undo()
    by_bob = {
        "kind": "notes",
        "person": str(bob.person),
        "first-day": "2",
        "first-month": "9",
        "first-year": "2027",
        "last": "2027-09-09",
    }
    async with signed_in(ann) as browser:
        shown = (await browser.get("/trail", params=by_bob)).text
        wrong = await browser.get("/trail", params={"first-day": "31", "first-month": "2", "first-year": "2026", "kind": "notes"})
        backwards = await browser.get("/trail", params={"first": "2026-09-09", "last": "2026-09-01"})
        odd = [await browser.get("/trail", params=one) for one in ({"kind": "x"}, {"person": "x"}, {"first": "x"})]
        over_api = (await browser.get("/api/v1/trail/entries", params={"kind": "notes", "person": str(bob.person)})).json()
        refused = await browser.get("/api/v1/trail/entries", params={"kind": "x"})
    assert f'href="/trail?kind=notes&amp;person={bob.person}&amp;first=2027-09-02"' in shown  # without the last day
    assert f'href="/trail?person={bob.person}&amp;first=2027-09-02&amp;last=2027-09-09"' in shown
    assert "By Bob Birch</a>" in shown
    assert "From 2 September 2027" in shown
    assert "by Ann Archer" not in shown
    assert 'value="31"' in wrong.text
    assert "Enter a real date" in wrong.text
    assert "The last day must be the first day or later." in backwards.text
    assert [one.status_code for one in odd] == [422, 422, 422]
    assert {(entry["type"], entry["person"]) for entry in over_api["entries"]} == {("note.written", str(bob.person))}
    assert refused.status_code == 422


@pytest.mark.pure
def test_every_event_is_of_one_kind() -> None:
    types = tuple(map(str, SENTENCES))
    of_kinds = [one for kind in kinds.of_events(types).values() for one in kind.types]
    assert sorted(of_kinds) == sorted(types)
    assert kinds.of_events(("odd.thing",))["else"].types == ("odd.thing",)
    assert all(kind.types for kind in kinds.of_events(types).values())
