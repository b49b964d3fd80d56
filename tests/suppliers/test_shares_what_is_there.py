"""The sentence of a share names what there is to see, by kind, and what may come to it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from base.viewer import Role, Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import ALL, Fields, GrantKind
from suppliers.directory import directory
from suppliers.opinions import notes, reviews
from suppliers.opinions.attachments import Upload
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.shares import by_reader, shares
from suppliers.shares.shares import OpinionKind
from suppliers.shares.there import A_NOTE, A_REVIEW, a_note
from tests.given.builders import a_person, a_school

F = Fields
NOTHING_MORE = "that you use this supplier, and nothing more"
BARE: dict[str, Any] = {"interest": None, "rating": None, "would_use_again": True, "praise": "", "criticism": ""}

REVIEWS: tuple[tuple[dict[str, Any], Fields, str], ...] = (
    ({}, F.NONE, NOTHING_MORE),
    ({}, F.ATTACHMENTS, NOTHING_MORE),
    ({}, F.RATING, "whether you would use them again and, once you add it, the rating"),
    ({}, F.PRAISE, "that you use this supplier and, once you add it, what was good"),
    (
        {},
        F.RATING | F.PRAISE,
        "whether you would use them again and, once you add them, the rating and what was good",
    ),
    ({"rating": 4}, F.RATING, "the rating"),
    ({"rating": 4, "praise": "Quick."}, F.RATING | F.PRAISE, "the rating and what was good"),
    ({"rating": 4, "interest": "A cousin."}, F.RATING, "the rating and your declared interest"),
    ({"criticism": "Late."}, F.CRITICISM, "criticism of this supplier"),
    ({}, F.CRITICISM, "that you use this supplier and, once you add it, criticism of this supplier"),
    ({}, F.DATES, "that you use this supplier and, once you add it, when you used them"),
    ({"used_from": date(2026, 1, 5)}, F.DATES, "when you used them"),
    ({}, F.AUTHOR, "who wrote it"),
    (
        {"rating": 4, "praise": "Quick.", "criticism": "Late.", "used_from": date(2026, 1, 5)},
        ALL,
        "the rating, what was good, criticism of this supplier, when you used them and who wrote it",
    ),
)
NOTES: tuple[tuple[About, bool, Fields, str], ...] = (
    (About.GOOD, False, F.NONE, NOTHING_MORE),
    (About.GOOD, False, F.RATING, NOTHING_MORE),
    (About.GOOD, False, F.PRAISE, "its text"),
    (About.RECORD, False, F.RATING | F.PRAISE, "its text"),
    (About.GOOD, False, F.CRITICISM, "its text, if it is about a problem"),
    (About.PROBLEM, False, F.CRITICISM, "its text, which is about a problem"),
    (About.PROBLEM, False, F.PRAISE, "its text, unless it is about a problem"),
    (About.GOOD, False, F.DATES | F.AUTHOR, "its date and who wrote it"),
    (About.GOOD, True, F.ATTACHMENTS, "photos and files"),
    (About.GOOD, False, F.ATTACHMENTS, "that you use this supplier and, once you add it, photos and files"),
    (About.PROBLEM, True, ALL, "its text, its date, who wrote it and photos and files"),
)


def to(school: UUID, fields: Fields) -> AudienceChoice:
    return AudienceChoice((GrantChoice(GrantKind.SCHOOL, school, fields=fields),))


async def test_of_a_review(ann: Viewer) -> None:
    elm = await a_school("Elmwood School")
    for number, (said, fields, told) in enumerate(REVIEWS):
        supplier = (await directory.add(ann, name=f"Firm {number} of Ashby")).id
        review = (await reviews.review(ann, supplier, opinion=Opinion(**BARE | said), version=None)).id
        (line,) = await shares.preview(ann, OpinionKind.REVIEW, review, to(elm.id, fields))
        assert line.what == told, (said, fields)


@pytest.mark.parametrize(("about", "has_files", "fields", "told"), NOTES)
def test_of_a_note(about: About, has_files: bool, fields: Fields, told: str) -> None:
    assert a_note(about, has_files=has_files).words(fields) == told


async def test_every_face_of_a_notes_share_says_the_same(ann: Viewer) -> None:
    elm = await a_school("Elmwood School", town="Bourne")
    await a_person(elm, name="Bea Birch")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    files = (Upload("van.txt", b"The van was white."),)
    note = await notes.note(ann, supplier, about=About.GOOD, body="On time.", files=files)
    told = "Elmwood School, Bourne can see its text and photos and files."
    choice = to(elm.id, F.RATING | F.PRAISE | F.ATTACHMENTS)
    (line,) = await shares.preview(ann, OpinionKind.NOTE, note, choice)
    done = await shares.share(ann, OpinionKind.NOTE, note, choice)
    (listed,) = (await by_reader.shared(ann)).lines
    assert line.sentence == told
    assert {
        one.sentence.partition(" Nobody")[0] for one in (done, listed.sharing, await shares.state(ann, OpinionKind.NOTE, note))
    } == {line.sentence}


async def test_a_note_without_files_shows_none_until_there_is_one(ann: Viewer) -> None:
    elm = await a_school("Elmwood School")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    note = await notes.note(ann, supplier, about=About.GOOD, body="On time.")
    (line,) = await shares.preview(ann, OpinionKind.NOTE, note, to(elm.id, F.PRAISE | F.ATTACHMENTS))
    assert line.what == "its text and, once you add it, photos and files"


@pytest.mark.parametrize("criticism", ["", "Late twice."])
async def test_whoever_reads_no_criticism_is_not_told_whether_there_is_any(ann: Viewer, criticism: str) -> None:
    governor = replace(ann, role=Role.GOVERNOR)
    elm = await a_school("Elmwood School")
    supplier = (await directory.add(ann, name="Ashby Boilers")).id
    opinion = Opinion(**BARE | {"rating": 4, "criticism": criticism})
    review = (await reviews.review(ann, supplier, opinion=opinion, version=None)).id
    await shares.share(ann, OpinionKind.REVIEW, review, to(elm.id, F.RATING | F.CRITICISM))
    (line,) = (await shares.state(governor, OpinionKind.REVIEW, review)).lines
    assert line.what == "the rating and criticism of this supplier"


def test_in_general_a_kind_names_no_group_that_it_can_not_have() -> None:
    assert A_REVIEW.words(F.ATTACHMENTS) == A_NOTE.words(F.RATING) == NOTHING_MORE
