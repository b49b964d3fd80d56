"""Who is listed for a need, and was not spoken of in the viewer's hearing: apart, nearest first, and moved by nothing unheard."""

from uuid import UUID

import pytest

from base.refusals import Invalid
from base.settings import Settings
from base.viewer import Viewer
from suppliers.directory import directory
from suppliers.merging import merges
from suppliers.search import listed
from tests.given.builders import a_person, a_school, signed_in
from tests.given.listed_suppliers import an_entry, curator
from tests.given.page_text import text_of
from tests.given.searching import says


async def names(viewer: Viewer, need: str = "boiler servicing", near: str = "", **more: int) -> list[str]:
    return [one.name for one in (await listed.of_need(viewer, need, near, **more)).suppliers]


async def an_installer(name: str, postcode: str) -> UUID:
    return await an_entry(name, categories=["heating"], identifiers={"postcode": postcode} if postcode else {})


async def test_a_need_lists_whom_nobody_was_heard_of(db: Settings) -> None:
    oak = await a_person(await a_school("Oakfield Primary"), name="Ann Archer")
    elm = await a_person(await a_school("Elm Primary"), name="Eve Elm")
    leeds = await an_installer("Leeds Boilers", "LS1 4AP")
    near = await an_installer("Lincoln Heating", "LN1 1AA")
    await an_installer("Anywhere Heating", "")
    private = (await directory.add(elm, name="Elm's Plumber", categories=["heating"])).id
    await directory.add(oak, name="Zeb the Plumber", categories=["heating"])
    await an_entry("Lincoln Cleaners", categories=["cleaning"])
    all_of_it = ["Lincoln Heating", "Leeds Boilers", "Anywhere Heating", "Zeb the Plumber"]
    assert await names(oak) == all_of_it
    await says(elm, near, share=None)
    assert await names(oak) == all_of_it, "what is private moves nothing"
    assert await names(elm) == ["Leeds Boilers", "Anywhere Heating", "Elm's Plumber"], private

    found = await listed.of_need(oak, "boiler servicing", limit=2)
    assert found.are_more
    assert [(one.miles and round(one.miles), one.is_ours) for one in found.suppliers] == [(0, False), (57, False)]
    assert not (await listed.of_need(oak, "boiler servicing", limit=4)).are_more
    assert [one.is_ours for one in (await listed.of_need(oak, "boiler servicing")).suppliers] == [False, False, False, True]
    assert (await names(oak, near="LS2 7AA"))[:2] == ["Leeds Boilers", "Lincoln Heating"]
    assert await names(oak, "xyzzy") == await names(oak, "") == []
    with pytest.raises(Invalid) as wrong:
        await names(oak, near="nowhere")
    assert set(wrong.value.fields) == {"near"}

    async with signed_in(oak) as browser:
        told = text_of((await browser.get("/search?need=boiler+servicing")).text)
        apart = "Listed, but nobody you can hear has spoken of them yet"
        assert told.index("Nothing found") < told.index(apart) < told.index("Lincoln Heating")
        await says(elm, leeds)
        told = text_of((await browser.get("/search?need=boiler+servicing&miles=50")).text)
        assert told.index("Leeds Boilers") < told.index(apart) < told.index("Lincoln Heating")
        assert told.count("Leeds Boilers") == told[: told.index(apart)].count("Leeds Boilers")
        page = text_of((await browser.get("/search/listed?need=boiler+servicing&near=LN2+1AA")).text)
        assert "Lincoln Heating" in page
        assert "Leeds Boilers" not in page
        api = (await browser.get("/api/v1/recommendations/listed?need=boiler+servicing")).json()
        assert [(one["name"], one["miles"]) for one in api["suppliers"]][:2] == [
            ("Lincoln Heating", 0.5),
            ("Anywhere Heating", None),
        ]
        assert "We don't know that postcode." in text_of((await browser.get("/search/listed?need=boiler&near=q")).text)


async def test_a_merge_takes_what_is_listed_along(db: Settings) -> None:
    """The whole is listed once, at the nearest of its postcodes; undone, both are."""
    olive = await curator()
    one, other = await an_installer("Ashby Boilers", "LS1 4AP"), await an_installer("Ashby Boiler Co", "LN1 1AA")
    merged = await merges.merge(olive, one, other, as_curator=True)
    found = await listed.of_need(olive, "boilers")
    assert [(each.supplier, each.miles is not None and each.miles < 2) for each in found.suppliers] == [(other, True)]
    await merges.undo(olive, merged.id, as_curator=True)
    assert await names(olive, "boilers") == ["Ashby Boiler Co", "Ashby Boilers"]
