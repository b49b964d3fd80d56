"""Notes: dated by whoever writes them, private until shared, changed without overwriting a colleague, made into a review."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

import database
from audit.tables import Entry, Opening
from base import clock
from base.refusals import Conflict, Forbidden, Invalid, NotFound
from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.opinions import notes, readable, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from suppliers.tables import Note

pytestmark = pytest.mark.usefixtures("db")


async def count() -> int:
    async with database.read():
        n: int = await Note.count()
        return n


async def trail_of(viewer: Viewer, note: UUID) -> list[tuple[str, dict[str, str]]]:
    """Each entry of a note: its type, and what it opens but for who did it, and about whom."""
    told = []
    async with database.read():
        entries = Entry.select(Entry.type, Entry.event_id).where(
            Entry.trail == str(viewer.school), Entry.subject == f"note:{note}"
        )
        for entry in await entries.order_by(Entry.idx):
            rows = await Opening.select(Opening.field, Opening.value).where(Opening.event_id == entry["event_id"])
            opened = {
                row["field"]: row["value"] for row in rows if row["field"] not in ("actor", "event", "personal.supplier_name")
            }
            told.append((entry["type"], opened))
    return told


async def test_a_note_is_private_dated_today_and_leaves_one_entry(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    found = await notes.ours(ann, note)
    assert (found.happened_on, found.is_shared, found.body) == (clock.today(), False, "Came on a Sunday.")
    facts = f'{{"about":"good","happened_on":"{clock.today()}","version":1}}'
    assert await trail_of(ann, note) == [("note.written", {"facts": facts, "personal.body": '"Came on a Sunday."'})]
    with pytest.raises(NotFound):
        await notes.ours(bob, note)


async def test_the_trail_names_the_text_of_a_problem_criticism(ann: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.PROBLEM, body="Left a mess.")
    ((_, opened),) = await trail_of(ann, note)
    assert opened["personal.criticism"] == '"Left a mess."'
    assert "personal.body" not in opened


async def test_a_change_leaves_old_and_new_and_only_what_changed(ann: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.", happened_on=date(2026, 3, 1))
    await notes.revise(ann, note, version=1, about=About.PROBLEM, body="Came on a Sunday.", happened_on=date(2026, 3, 1))
    assert (await trail_of(ann, note))[1:] == [
        (
            "note.revised",
            {
                "facts": '{"new":{"about":"problem","version":2},"old":{"about":"good","version":1}}',
                "personal.criticism": '"Came on a Sunday."',
                "personal.body.old": '"Came on a Sunday."',
            },
        )
    ]


async def test_the_same_words_again_change_nothing(ann: Viewer, boilers: UUID) -> None:
    said: Any = {"about": About.GOOD, "body": "Came on a Sunday.", "happened_on": date(2026, 3, 1)}
    note = await notes.note(ann, boilers, **said)
    await notes.revise(ann, note, version=1, **said)
    assert (await notes.ours(ann, note)).version == 1
    assert len(await trail_of(ann, note)) == 1


async def test_a_change_from_an_old_page_is_refused(ann: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="First.")
    await notes.revise(ann, note, version=1, about=About.GOOD, body="Second.")
    with pytest.raises(Conflict):
        await notes.revise(ann, note, version=1, about=About.GOOD, body="Third.")
    assert (await notes.ours(ann, note)).body == "Second."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": " \n"}, "body"),
        ({"body": "x" * 4_001}, "body"),
        ({"body": "\x00"}, "body"),
        ({"happened_on": date(1800, 1, 1)}, "happened_on"),
        ({"happened_on": date(2999, 1, 1)}, "happened_on"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_its_field(
    ann: Viewer, boilers: UUID, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await notes.note(ann, boilers, **{"about": About.GOOD, "body": "Fine.", **wrong})
    assert field in refusal.value.fields
    assert await count() == 0


async def test_today_is_the_day_in_england(ann: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    half_past_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: half_past_midnight)
    note = await notes.note(ann, boilers, about=About.GOOD, body="Late call-out.")
    assert (await notes.ours(ann, note)).happened_on == date(2026, 7, 1)


async def test_governors_write_nothing_and_read_no_problem(ann: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.PROBLEM, body="Left a mess.")
    governor = replace(ann, role=Role.GOVERNOR)
    assert (await notes.ours(governor, note)).body == ""
    for write in (
        notes.note(governor, boilers, about=About.GOOD, body="Fine."),
        notes.revise(governor, note, version=1, about=About.GOOD, body="Fine."),
        notes.withdraw(governor, note),
    ):
        with pytest.raises(Forbidden):
            await write
    assert await count() == 1


async def test_another_schools_note_is_not_there_and_nothing_changes(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    for ask in (
        notes.ours(bob, note),
        notes.to_review(bob, note),
        notes.revise(bob, note, version=1, about=About.GOOD, body="Mine now."),
        notes.withdraw(bob, note),
        notes.note(bob, boilers, about=About.GOOD, body="On your own record."),
    ):
        with pytest.raises(NotFound):
            await ask
    assert (await notes.ours(ann, note)).body == "Came on a Sunday."
    assert await count() == 1


async def test_a_note_becomes_part_of_the_review_without_retyping(ann: Viewer, boilers: UUID) -> None:
    good = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    problem = await notes.note(ann, boilers, about=About.PROBLEM, body="Left a mess.")
    assert (await notes.to_review(ann, good)).praise == "Came on a Sunday."
    await reviews.review(ann, boilers, opinion=Opinion(interest=None, rating=4, praise="Tidy."), version=None)
    said = await notes.to_review(ann, good)
    assert (said.rating, said.praise, said.criticism) == (4, "Tidy.\n\nCame on a Sunday.", "")
    assert (await notes.to_review(ann, problem)).criticism == "Left a mess."
    await reviews.review(ann, boilers, opinion=said, version=1)
    assert await notes.to_review(ann, good) == said


async def test_a_shared_note_opens_what_was_chosen_and_a_problem_only_as_criticism(
    ann: Viewer, bob: Viewer, boilers: UUID
) -> None:
    good = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.", happened_on=date(2026, 3, 1))
    problem = await notes.note(ann, boilers, about=About.PROBLEM, body="Left a mess.", happened_on=date(2026, 3, 2))
    praise = AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=Fields.PRAISE),))
    for note in (good, problem):
        await shares.share(ann, OpinionKind.NOTE, note, praise)
    blank, shown = (await readable.about(bob, boilers)).notes
    assert (shown.about, shown.body, shown.happened_on, shown.author) == (About.GOOD, "Came on a Sunday.", None, None)
    assert (blank.about, blank.body) == (None, None)
    await shares.share(ann, OpinionKind.NOTE, problem, AudienceChoice((GrantChoice(GrantKind.SCHOOL, bob.school, fields=ALL),)))
    opened = (await readable.about(bob, boilers)).notes[0]
    assert (opened.about, opened.body, opened.author) == (About.PROBLEM, "Left a mess.", "Ann Archer")
    assert opened.happened_on == date(2026, 3, 2)


async def test_a_withdrawn_note_is_gone_for_everybody(ann: Viewer, bob: Viewer, boilers: UUID) -> None:
    note = await notes.note(ann, boilers, about=About.GOOD, body="Came on a Sunday.")
    await shares.share(ann, OpinionKind.NOTE, note, AudienceChoice((GrantChoice(GrantKind.EVERYONE),)))
    await notes.withdraw(ann, note)
    assert (await readable.about(bob, boilers)).notes == ()
    with pytest.raises(NotFound):
        await notes.ours(ann, note)
    assert [event for event, _ in await trail_of(ann, note)] == ["note.written", "share.given", "note.withdrawn"]


async def test_notes_of_our_own_come_newest_first(ann: Viewer, boilers: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for hours in range(3):
        moment = datetime(2026, 5, 1, 9, tzinfo=UTC) + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        written.append(await notes.note(ann, boilers, about=About.RECORD, body=f"Visit {hours}"))
    found = (await readable.about(ann, boilers)).notes
    assert [note.id for note in found] == written[::-1]
    assert all(note.is_ours and not note.is_shared for note in found)
