"""A national deal is said beside what schools say, with its source and day, for a year and not after its end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from base import clock
from base.settings import Settings
from suppliers.record import taxonomy
from suppliers.search import national_deals
from suppliers.search.national_deals import GOOD_FOR
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of


@pytest.mark.pure
def test_every_deal_is_of_a_category_and_says_where_and_when_it_was_read() -> None:
    for deal in national_deals.deals():
        assert deal.category in taxonomy.by_slug()
        assert deal.url.startswith("https://")
        assert deal.source.startswith("https://")
        assert all((deal.name, deal.run_by, deal.says.endswith(".")))
        assert deal.as_of < date(2027, 1, 1)


@pytest.mark.pure
def test_a_deal_is_shown_for_a_year_after_it_was_looked_at_and_until_it_ends() -> None:
    (deal,) = (one for one in national_deals.deals() if one.category == "supply-teachers")
    last = deal.as_of + GOOD_FOR - timedelta(days=1)
    assert national_deals.of_category("supply-teachers", last) == (deal,)
    assert national_deals.of_category("supply-teachers", last + timedelta(days=1)) == ()
    assert national_deals.of_category("cleaning", last) == ()
    assert deal.ends_on is not None
    renewed = type(deal)(**{name: getattr(deal, name) for name in deal.__slots__} | {"as_of": deal.ends_on})
    assert renewed.holds_on(deal.ends_on)
    assert not renewed.holds_on(deal.ends_on + timedelta(days=1))


async def test_the_search_page_says_so_for_the_need_alone(db: Settings) -> None:
    with clock.at(datetime(2026, 11, 29, 12, tzinfo=UTC)):
        ann = await a_person(await a_school("Oakfield Primary"))
        async with signed_in(ann) as browser:
            told = text_of((await browser.get("/search?need=supply+teachers")).text)
            assert "There is a national deal: Supply Teachers and Education Recruitment (RM6376)" in told
            assert "until 29 April 2029" in told
            assert "As of May 2026" in told
            api = (await browser.get("/api/v1/recommendations?need=gas+and+electricity")).json()["national_deals"]
            assert [(deal["name"], deal["as_of"]) for deal in api] == [("Energy for schools", "2026-03-01")]
            assert "national deal" not in (await browser.get("/search?need=cleaning")).text
