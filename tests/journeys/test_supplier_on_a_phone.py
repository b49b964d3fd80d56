"""A supplier's page on a phone: whom to ring, what to do and the own word first; what others say begins within two screens."""

from typing import Any, Final
from uuid import UUID

import pytest

from base.viewer import Viewer
from sharing.access.audiences import AudienceChoice, GrantChoice
from sharing.access.fields import Fields, GrantKind
from suppliers.opinions import reviews
from suppliers.opinions.opinion import Opinion
from suppliers.record.criteria import Criterion
from suppliers.shares import shares
from suppliers.shares.shares import OpinionKind
from tests.given.browser import DESK, Window, chromium, served, window
from tests.given.builders import a_person, a_school
from tests.given.listed_suppliers import an_entry, manager

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("db")]

PHONE: Final = (390, 844)  # pixels
SCHOOLS: Final = 22  # more than one page of reviews
TOP: Final = "element => element.getBoundingClientRect().top + window.scrollY"


async def says(viewer: Viewer, supplier: UUID, **said: Any) -> None:
    opinion = Opinion(interest=None, rating=4, praise="They came when they said they would. " * 4, **said)
    written = await reviews.review(viewer, supplier, opinion=opinion, version=None)
    everyone = AudienceChoice((GrantChoice(GrantKind.EVERYONE, fields=Fields.RATING | Fields.PRAISE),))
    await shares.share(viewer, OpinionKind.REVIEW, written.id, everyone)


async def top_of(opened: Window, what: str) -> float:
    top: float = await opened.page.locator(what).first.evaluate(TOP)
    return top


async def test_the_own_word_comes_first_and_the_map_is_folded_on_a_phone_alone() -> None:
    boilers = await an_entry("Ashby Boilers", identifiers={"phone": "01632 960101"})
    ann = await manager("Oakfield Primary")
    for n in range(SCHOOLS):
        school = await a_school(f"Elmwood {n}", lat=53.2307 + 0.01 * (n + 1), town="Bourne")
        await says(await a_person(school, name=f"Bob {n}"), boilers)
    await says(ann, boilers, would_use_again=True, **dict.fromkeys(Criterion, 4))
    async with served() as origin, chromium() as browser:
        async with window(browser, origin, ann, width=PHONE[0], script=False) as phone:
            await phone.open(f"/suppliers/{boilers}")
            places = [await top_of(phone, what) for what in (".vouch-say", "#ours", "#said", "#others", "#notes")]
            assert places == sorted(places)
            assert places[1] < PHONE[1], "the own word begins on the first screen"
            assert places[2] < 2 * PHONE[1], "what others say begins on the second"
            assert await top_of(phone, "summary:has-text('Where these schools are')") < 2 * PHONE[1]
            assert not await phone.page.locator(".vouch-map").is_visible()
            await phone.page.locator("summary:has-text('Where these schools are')").click()
            assert await phone.page.locator(".vouch-map").is_visible()
        async with window(browser, origin, ann, width=DESK) as desk:
            await desk.open(f"/suppliers/{boilers}")
            assert await desk.page.locator(".vouch-map").is_visible()
            assert abs(await top_of(desk, "#ours") - await top_of(desk, "#said")) < 1, "beside each other"
