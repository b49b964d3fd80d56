"""A supplier's page as a card: whom to ring first, then what schools say in words and a picture; what is seldom needed last."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from base import clock
from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import GrantKind
from suppliers.directory import directory
from suppliers.opinions import reviews
from suppliers.opinions.opinion import VOUCH, Opinion, Vouching, vouching
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.builders import a_person, a_school, signed_in
from tests.given.listed_suppliers import an_entry, manager
from tests.given.page_text import text_of
from tests.given.statements import listened_to
from web.pages.charts import Dot, dot_map

EVERYONE = AudienceChoice((GrantChoice(GrantKind.EVERYONE),))
MOST = 29  # statements, however many schools speak
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


async def says(person: Viewer, supplier: UUID, said: Opinion) -> None:
    written = await reviews.review(person, supplier, opinion=said, version=None)
    await shares.share(person, OpinionKind.REVIEW, written.id, EVERYONE)


async def others_say(supplier: UUID, *ratings: int) -> None:
    """Each by a school of its own, the next one two miles further north of where ours is."""
    for n, rating in enumerate(ratings):
        school = await a_school(f"Elmwood {n}", lat=53.2307 + 0.029 * (n + 1), town="Bourne")
        said = Opinion(interest=None, rating=rating, would_use_again=rating > 3, praise="On time.")
        await says(await a_person(school, name=f"Bob {n}"), supplier, said)


@pytest.mark.usefixtures("db")
async def test_a_supplier_is_a_card_that_asks_the_database_no_more_than_before() -> None:
    boilers = await an_entry(
        "Ashby Boilers", identifiers={"phone": "01632 960101", "domain": "ashby-boilers.example", "company_number": "99000101"}
    )
    ann = await manager("Oakfield Primary")
    with clock.at(NOW - timedelta(days=800)):
        await others_say(boilers, 4)  # alone in its year
    with clock.at(NOW - timedelta(days=400)):
        await others_say(boilers, 5, 2, 2)
    await others_say(boilers, 5, 5, 4)
    await directory.adopt(ann, boilers)
    async with signed_in(ann) as browser:
        found = text_of((await browser.get("/search?need=Ashby+Boilers")).text)
        await browser.get(f"/suppliers/{boilers}")  # the first of a visit notes when it began
        with listened_to() as statements:
            shown = (await browser.get(f"/suppliers/{boilers}")).text
        assert len(statements) <= MOST
        await says(ann, boilers, Opinion(interest=None, rating=5, would_use_again=True))
        again = (await browser.get(f"/suppliers/{boilers}")).text
        asked = (await browser.get(f"/suppliers/{boilers}/stop")).text
    told = text_of(shown)
    assert "3.9 out of 5 from 7 schools" in found
    assert 'href="tel:01632960101"' in shown
    assert 'href="https://ashby-boilers.example/" rel="noreferrer"' in shown
    assert "Of the other schools that share with you, 5 would use them again, and 2 would not." in told
    assert "Mean rating 3.9 out of 5 , from 7 schools that gave theirs to every school, 20 September 2024 to " in told
    assert "3 gave 5, 2 gave 4, 2 gave 2." in told  # the drawing in words
    assert "2025: 3.0 from 3 schools, " in told
    assert "2024: " not in told
    assert "4.7 from 3 schools." in told
    assert shown.count('<circle class="vouch-map__dot"') == 5 + 1  # and one in the key
    assert "Elmwood 1, 4 miles: said something else" in told
    assert told.index("Where these schools are") < told.index("What other schools say") < told.index("Reviews by other schools")
    assert told.index("Details") < told.index("What happened with them, in our trail") < told.index("We no longer use them")
    assert f'method="post" action="/suppliers/{boilers}/stop"' not in shown
    assert f'method="post" action="/suppliers/{boilers}/stop"' in asked
    assert f'method="post" action="/suppliers/{boilers}/vouch"' in shown
    assert f'method="post" action="/suppliers/{boilers}/vouch"' not in again
    assert "You vouch for them" in again
    assert "from 8 schools that gave theirs to every school, yours among them," in text_of(again)


@pytest.mark.pure
def test_a_school_is_asked_to_vouch_again_in_the_last_two_months_alone() -> None:
    assert vouching(Opinion(interest=None, rating=4), None, NOW) is Vouching.NO
    assert vouching(Opinion(interest=None, rating=4, would_use_again=False), None, NOW) is Vouching.NO
    assert vouching(Opinion(interest=None, rating=4, would_use_again=True), None, NOW) is Vouching.YES
    for days, expected in ((365, Vouching.YES), (60, Vouching.YES), (59, Vouching.LAPSES), (-1, Vouching.LAPSES)):
        assert vouching(VOUCH, NOW + timedelta(days=days), NOW) is expected


@pytest.mark.pure
def test_the_outer_ring_of_a_map_is_the_smallest_that_holds_its_dots() -> None:
    def ring(*offsets: tuple[float, float]) -> int:
        drawn = dot_map([Dot(*offset, "Elmwood", is_second=False) for offset in offsets])
        return drawn.within if drawn else 0

    assert [ring(), ring((0.5, -0.5)), ring((3, 0)), ring((3, 0), (-3, 0.1)), ring((0, 9_999))] == [0, 1, 3, 5, 500]
