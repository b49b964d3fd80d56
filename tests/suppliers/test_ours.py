"""Our suppliers as a table: what a line says, what it is sorted and filtered by, and a word on several at once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from base import clock
from base.refusals import Conflict, Forbidden, Invalid
from base.viewer import Role, Viewer
from contracts.fields.said import Said
from contracts.lists import by_supplier
from contracts.register import register
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.directory import directory
from suppliers.directory.our_list import PAGE
from suppliers.opinions import averages, notes, reviews
from suppliers.opinions.notes import About
from suppliers.opinions.opinion import Opinion
from suppliers.ours import several
from suppliers.ours.arranging import Line, Showing, Sort, Wanted, arranged
from suppliers.ours.listing import ours
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, events_of, signed_in
from tests.given.listed_suppliers import an_entry
from tests.given.statements import listened_to

EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING),))
NOW = clock.now()
MOST_STATEMENTS = 14


def names(lines: Iterable[Line]) -> list[str]:
    return [line.name for line in lines]


def a_line(name: str, **known: object) -> Line:
    return Line(uuid4(), name, is_own=False, exact_name=name, **known)  # type: ignore[arg-type]


@pytest.mark.pure
def test_what_a_line_lacks_comes_last_whichever_way_it_is_sorted() -> None:
    word = averages.Word
    lines = [
        a_line("a", rating=3, has_review=True, noted_on=date(2026, 3, 1), needs=("Cleaning",), peers=word(1)),
        a_line("b"),
        a_line(
            "c", again=True, has_review=True, lapses_at=NOW, noted_on=date(2026, 4, 1), needs=("Boilers",), peers=word(0, 5, 3)
        ),
        a_line("d", rating=5, has_review=True, lapses_at=NOW + timedelta(days=99), peers=word(1, 4.0, 3)),
        a_line("e", again=False, has_review=True),
    ]
    in_order = {
        Sort.NAME: "abcde", Sort.WORD: "dcaeb", Sort.NOTED: "cabde", Sort.LAPSES: "cdabe", Sort.NEED: "cabde",
        Sort.PEERS: "dacbe",
    }  # fmt: skip
    for sort, expected in in_order.items():
        assert "".join(names(arranged(lines, Wanted(sort=sort), soon=NOW))) == expected, sort
    assert "".join(names(arranged(lines, Wanted(sort=Sort.NOTED, is_reversed=True), soon=NOW))) == "acbde"
    assert names(arranged(lines, Wanted(showing=Showing.SILENT), soon=NOW)) == ["b"]
    assert names(arranged(lines, Wanted(showing=Showing.LAPSING), soon=NOW)) == ["c"]


async def test_a_line_says_our_word_other_schools_the_last_note_and_what_is_next(ann: Viewer) -> None:
    boilers = await an_entry("Ashby Boilers", categories=("heating",))
    cleaners, left = (await directory.add(ann, name="Brook Cleaning")).id, (await directory.add(ann, name="Carr Catering")).id
    await directory.adopt(ann, boilers)
    await directory.stop_using(ann, left)
    await reviews.vouch(ann, boilers)
    await notes.note(ann, cleaners, about=About.PROBLEM, body="Nobody came.", happened_on=date(2026, 3, 2))
    await notes.note(ann, cleaners, about=About.GOOD, body="They came.", happened_on=date(2026, 2, 1))
    bob = None
    for rating in (5, 4, 3):
        bob = await a_person(await a_school(f"Elmwood {rating}"), name="Bob Brown")
        said = Opinion(interest=None, rating=rating, would_use_again=rating > 3)
        await shares.share(bob, OpinionKind.REVIEW, (await reviews.review(bob, boilers, opinion=said, version=None)).id, EVERYONE)
    terms: dict[str, Any] = {"title": "Boiler care", "starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=400)}
    terms |= {"renewal": "expires", "notice": {"n": 3, "unit": "months"}, "lead": {"n": 3, "unit": "months"}}
    contract = await register.add(ann, Said(terms, supplier=boilers))
    first, second = (await ours(ann, ahead=by_supplier.ahead)).suppliers
    assert (first.name, first.again, first.needs, first.noted_on) == (
        "Ashby Boilers",
        True,
        ("Boiler servicing and heating",),
        None,
    )
    assert (first.peers, first.is_own) == (averages.Word(2, 4.0, 3), False)
    assert first.ahead is not None
    assert first.ahead.href == f"/contracts/{contract}"
    assert (second.name, second.noted_on, second.is_silent, second.is_own) == ("Brook Cleaning", date(2026, 3, 2), False, True)
    third = (await ours(ann, Wanted(showing=Showing.LEFT))).suppliers
    assert [(one.supplier, one.name) for one in third] == [(left, "Carr Catering")]
    as_governor = await ours(somebody_else(ann, Role.GOVERNOR))
    assert as_governor.suppliers[1].noted_on == date(2026, 2, 1), "a problem is criticism"
    await two_more_pages(ann, cleaners)


async def two_more_pages(ann: Viewer, cleaners: UUID) -> None:
    """A filter and a page of the same list."""
    found = await ours(ann, Wanted(text="BROOK"))
    assert [one.supplier for one in found.suppliers] == [cleaners]
    assert list(found.needs) == [("heating", "Boiler servicing and heating")]
    assert names((await ours(ann, Wanted(category="heating"))).suppliers) == ["Ashby Boilers"]
    for number in range(PAGE):
        await directory.add(ann, name=f"Dene {number}")
    last = await ours(ann, Wanted(page=2))
    assert (names(last.suppliers), last.count, last.pages) == (["Dene 8", "Dene 9"], PAGE + 2, 2)


def somebody_else(ann: Viewer, role: Role) -> Viewer:
    return replace(ann, person=uuid4(), role=role)


async def test_a_word_on_several_is_one_unit_with_an_entry_for_each(ann: Viewer) -> None:
    added = {name: (await directory.add(ann, name=name)).id for name in ("Ashby", "Brook", "Carr", "Dene", "Elm")}
    await reviews.vouch(ann, added["Brook"])
    await reviews.review(ann, added["Carr"], opinion=Opinion(interest=None, would_use_again=False), version=None)
    await reviews.review(ann, added["Dene"], opinion=Opinion(interest="My sister owns it.", rating=4), version=None)
    await reviews.review(ann, added["Elm"], opinion=Opinion(interest=None, rating=4), version=None)
    asked = {one.name: one.why_not for one in await several.asked(ann, added.values())}
    assert [name for name, why_not in asked.items() if not why_not] == ["Ashby", "Elm"]
    assert "already" in asked["Brook"]
    assert "not use them again" in asked["Carr"]
    assert "interest" in asked["Dene"]
    before = len(await events_of(ann.school))
    assert await several.vouch_for_each(ann, [added["Ashby"], added["Elm"], added["Ashby"]]) == 2
    assert sorted((await events_of(ann.school))[before:]) == ["review.revised", "vouch.given"]
    for wrong in ([], [uuid4() for _ in range(several.MOST_AT_ONCE + 1)]):
        with pytest.raises(Invalid):
            await several.vouch_for_each(ann, wrong)


async def test_where_one_of_several_is_refused_none_is_saved(ann: Viewer) -> None:
    interested, free = (await directory.add(ann, name="Ashby")).id, (await directory.add(ann, name="Brook")).id
    written = await reviews.review(ann, interested, opinion=Opinion(interest="My sister's.", rating=4), version=None)
    await reviews.withdraw(ann, written.id)
    before = await events_of(ann.school)
    with pytest.raises(Conflict):
        await several.vouch_for_each(ann, [free, interested])
    assert await events_of(ann.school) == before
    with pytest.raises(Forbidden):
        await several.vouch_for_each(somebody_else(ann, Role.GOVERNOR), [free])


async def test_the_page_sorts_by_links_and_asks_back_before_it_writes(ann: Viewer) -> None:
    own = (await directory.add(ann, name="Ashby & Sons")).id
    async with signed_in(ann) as browser:
        listed = (await browser.get("/suppliers", params={"sort": "noted", "text": "ash"})).text
        assert 'href="/suppliers?text=ash&amp;sort=noted&amp;order=reverse"' in listed
        assert 'aria-sort="ascending"' in listed
        for said in (f'form="one" formaction="/suppliers/{own}/vouch"', f'href="/suppliers/{own}/notes/new"'):
            assert said in listed
        assert "None of your suppliers fits" in (await browser.get("/suppliers", params={"text": "zzz"})).text
        assert (await browser.get("/suppliers", params={"number": "nonsense"})).status_code == 400
        asked = await browser.get("/suppliers/vouch", params={"supplier": [str(own)]})
        assert "Ashby &amp; Sons" in asked.text
        assert "Tick the suppliers" in (await browser.get("/suppliers/vouch")).text
        sent = await browser.post("/suppliers/vouch", data={"supplier": [str(own)]})
        assert sent.headers["location"] == "/suppliers"
        after = (await browser.get("/suppliers")).text
        assert "Would use again" in after
        assert f'formaction="/suppliers/{own}' not in after


async def test_a_page_takes_as_many_statements_however_many_suppliers_are_on_it(ann: Viewer) -> None:
    counts = []
    for more in (1, 20):
        for number in range(more):
            await directory.add(ann, name=f"Ashby {more} {number}", categories=["cleaning"])
        with listened_to() as found:
            await ours(ann, ahead=by_supplier.ahead)
        counts.append(len(found))
    assert counts[0] == counts[1] <= MOST_STATEMENTS
