"""Of schools with the name that somebody types to share with one, the nearest stands first."""

from base.settings import Settings
from suppliers.opinions import reviews
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier


async def test_the_nearest_school_of_a_name_is_offered_first(db: Settings) -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    for town, lat in (("Aby", 54.9), ("Zeal", 53.26)):
        await a_school("Moorfield Primary", town=town, lat=lat)
    review = (await reviews.vouch(ann, await a_supplier(ann))).id
    async with signed_in(ann) as browser:
        asked = await browser.get(f"/reviews/{review}/share/check?with=school&q=moorfield&fields-school=rating")
    told = text_of(asked.text)
    assert "Moorfield Primary, Zeal, 2 miles from yours" in told
    assert told.index("Moorfield Primary, Zeal") < told.index("Moorfield Primary, Aby")
