"""Every page as its readers meet it: by axe, on a small phone, by keyboard; and nothing is asked of another host.

Of the pages, the windows of tests/given/browser.py watch the console, the content security policy and the requests.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

import database
from base.viewer import Role
from sharing.tables import School
from tests.conftest import Template
from tests.given.accessibility import WITHOUT_COLOURS, bring_axe, problems_with, some_with_colours
from tests.given.browser import Window, chromium, served, window
from tests.given.builders import a_membership, a_person
from tests.given.routes import Route, needed, path_of, reading
from tests.given.town import Town, town_of
from web.pages.about import ABOUT

pytestmark = pytest.mark.browser

# What answers GET and is no page: files, data, and the part of a form that htmx fetches.
NO_PAGES: Final = frozenset(
    {
        "/static/{name}",
        "/attachments/{attachment_id}",
        "/contracts/{contract_id}/events.csv",
        "/contracts/documents/{document_id}",
        "/contracts/exceptions.csv",
        "/contracts/commitments.csv",
        "/ratings/{assessment_id}/rating.csv",
        "/ratings/{assessment_id}/rating.json",
        "/contracts/{contract_id}/dates.ics",
        "/erasures/hidden/{attachment_id}",
        "/erasures/hidden/documents/{document_id}",
        "/erasures/hidden/photos/{photo_id}",
        "/service-events/photos/{photo_id}",
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/suppliers/suggestions",
        "/suppliers/side-by-side/file",
        "/coverage/file",
        "/contracts/{contract_id}/letter.txt",
        "/suppliers/imports/{import_id}/errors",
        "/contracts/import/template",
        "/contracts/export",
        "/verify/vouch-verify.html",
        "/verify/vouch_verify.py",
        "/trail/seals/latest.txt",
        "/verify/keys.txt",
        "/trail/origins/{number}",
        "/robots.txt",
        "/feeds/{feed}",
        "/feeds/waiting/{waiting_name}",
        "/.well-known/security.txt",
    }
)
OPERATORS: Final = frozenset(
    {
        "/people/invite-school", "/people/heads", "/people/heads/{naming}", "/people/break-glass", "/people/new-heads",
        "/people/new-heads/new", "/people/new-heads/{succession_id}", "/directory/duplicates", "/directory/compare",
        "/directory/corrections", "/directory/entries/{supplier_id}", "/directory/entries/{supplier_id}/remove",
        "/directory/entries/{supplier_id}/erase",
        "/people/two", "/people/two/{asked}", "/people/published-address/{school}", "/erasures/outside",
        "/erasures/outside/{waiting_id}", "/security-log", "/running",
    }
)  # fmt: skip
HEADS: Final = frozenset({"/auditors/new", "/our-records/shares"})
SITE_STAFF: Final = frozenset({"/logged"})
TRUSTS: Final = frozenset({"/auditors/{grant}/agree"})
TRUST_LEADS: Final = frozenset({"/contracts/trust", "/contracts/trust/suppliers"})
SEVERAL_SCHOOLS: Final = frozenset({"/contracts/at-my-schools", "/suppliers/at-my-schools"})

# The same pages with more, or less, to show: with filters, of another school, with nothing found.
MORE: Final = (
    "/search?need=boiler+servcing&near=LN1+1AA&miles=5",
    "/search?need=nothing+like+it&linked=no",
    "/search?near=nowhere",
    "/suppliers/{cleaning}",
    "/suppliers?text=nothing+like+it",
    "/suppliers?sort=peers&order=reverse",
    "/suppliers/vouch?supplier={boilers}&supplier={drains}",
    "/suppliers/{boilers}/review?note={note}",
    "/reviews/{shared_review}/share",
    "/reviews/{shared_review}/who-can-see?school={fern}",
    "/notes/{note}/share/check?with=school&q=fern&fields-school=praise",
    "/schools?q=hazl",
    "/schools/{fern}",
    "/enquiries/{ferns_enquiry}?name=brook",
    "/enquiries/new?supplier={cleaning}",
    "/coverage?of=everywhere&heard=everyone",
    "/people/{ann}",
    "/erasures/ask?person={lou}",
    "/people/{lou}/data",
    "/trail?stream=supplier:{boilers}&before=20",
    "/trail/packs?q=boil&what=chosen&streams=supplier:{boilers}",
    "/trail/as-of?subject=review:{review}&at=2020-01-01",
    "/trail/as-of?subject=note:{note}&on-day=31&on-month=2&on-year=2026",
    "/auditors/{iris_grant}",
    "/suppliers/imports/{import}/rows/known",
    "/suppliers/imports/{import}/rows/words",
    "/suppliers/imports/{import}/rows/wrong",
    "/contracts/{contract}",
    "/service-events/{fixed}",
    "/service-events/{job}/stamp?kind=priority",
    "/service-events/{job}/stamp?kind=waiting",
    "/contracts/{contract}/promises/new?kind=money",
    "/contracts/{contract}/promises/new?kind=milestone",
    "/log?text=nothing+like+it",
    "/contracts?text=nothing+like+it",
    "/contracts?showing=all&questions=yes",
    "/contracts/{grounds}",
    "/contracts/{grounds}/letter",
    "/contracts/{grounds}/questions/notice",
    "/contracts/{grounds}/edit/break",
    "/contracts/{grounds}/edit/notice",
    "/contracts/{copiers}/edit/people",
    "/contracts/{copiers}",
    "/contracts/imports/{register}/rows/ask",
    "/contracts/imports/{register}/row/2",
    "/contracts/imports/{register}/names/school",
    "/no/such/page",
)

# Forms, and the buttons that send them as they come, which is a mistake.
FORMS: Final = (
    ("/suppliers/new", "Add the supplier"),
    ("/suppliers/{alike}/correct", "Send the correction"),
    ("/suppliers/{catering}/review", "Save the review"),
    ("/suppliers/{boilers}/notes/new", "Save the note"),
    ("/reviews/{review}/share", "Continue"),
    ("/enquiries/new", "Ask them"),
    ("/enquiries/{ferns_enquiry}", "Answer"),
    ("/people/invite", "Make the link"),
    ("/auditors/{grant}", "End the access"),
    ("/erasures/ask", "Look for it"),
    ("/erasures/holds", "Place the hold"),
    ("/erasures/retention", "Set it"),
    ("/networks", "Start it"),
    ("/contracts/{contract}/log", "Log it"),
    ("/service-events/{job}/agreed", "Write it down"),
    ("/service-events/{job}/discussed", "Write it down"),
    ("/contracts/{contract}/promises/new", "Write it down"),
    ("/contracts/{contract}/job-list", "Read the list"),
    ("/api-keys", "Make the key"),
    ("/account/password", "Change the password"),
    ("/trail/seals", "Add"),
    ("/contracts/new", "Add the contract"),
    ("/contracts/{copiers}/variation", "Save"),
    ("/contracts/{copiers}/extend", "Take it up"),
    ("/contracts/{copiers}/link", "Link them"),
)


@pytest.fixture
async def town(template: Template, tmp_path: Path) -> AsyncIterator[Town]:
    """With a trust lead, who reads the academies' contracts, and a business manager of two schools."""
    async with town_of(template, tmp_path) as town:
        async with database.read():
            team, fern, ours = [
                await School.objects().get(School.id == UUID(str(one)))
                for one in (town.ids["rose"], town.ids["fern"], town.viewers["ann"].school)
            ]
        assert team is not None
        assert fern is not None
        assert ours is not None
        town.viewers["lea"] = await a_person(team, Role.TRUST_LEAD, "Lea Rose")
        town.viewers["mia"] = await a_membership(await a_person(ours, Role.BUSINESS_MANAGER, "Mia Meadows"), fern)
        yield town


async def test_every_page_can_be_read_by_everybody(town: Town) -> None:
    titles: dict[str, list[str]] = {}
    problems: dict[str, list[str]] = {}
    async with served() as origin, chromium() as browser:
        for who in ("", "ann", "hal", "olive", "tom", "sam", "lea", "mia"):
            async with window(browser, origin, town.viewers.get(who)) as shown:
                await bring_axe(shown)
                for number, path in enumerate(paths_for(who, town)):
                    status = await shown.open(path)
                    found = [] if status == 200 else [f"the answer {status}"]
                    found += await problems_with(shown, some_with_colours(number))
                    problems |= {path: found} if found else {}
                    if not path.startswith("/outside/"):  # the operator's page of the same, for who comes by a letter's link
                        titles.setdefault(await shown.page.title(), []).append(path)
    assert problems == {}
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


async def test_what_site_staff_see_of_a_page_can_be_read(town: Town) -> None:
    async with served() as origin, chromium() as browser, window(browser, origin, town.viewers["sam"]) as sam:
        for path in ("/suppliers/{boilers}", "/suppliers/numbers?text=nothing", "/notes/{sams_note}", "/account", "/people"):
            await sam.open(path.format_map(town.ids))
            assert await problems_with(sam) == [], path


async def test_pages_with_more_or_nothing_to_show_can_be_read_too(town: Town) -> None:
    problems: dict[str, list[str]] = {}
    async with served() as origin, chromium() as browser, window(browser, origin, town.viewers["ann"]) as ann:
        await bring_axe(ann)
        for path in MORE:
            await ann.open(path.format_map(town.ids))
            problems |= {path: found} if (found := await problems_with(ann, WITHOUT_COLOURS)) else {}
        for number, (path, button) in enumerate(FORMS):
            await ann.open(path.format_map(town.ids))
            await ann.press(button)
            found = await problems_with(ann, some_with_colours(number))
            problems |= {f"{path}, sent empty": found} if found else {}
            assert (await ann.page.title()).startswith("Error: "), path
    assert problems == {}


async def test_a_page_can_be_used_by_keyboard(town: Town) -> None:
    """The first stop leads past the navigation; a form is filled and sent without a mouse, its mistakes found again."""
    async with served() as origin, chromium() as browser, window(browser, origin, town.viewers["ann"]) as ann:
        keys = ann.page.keyboard
        await ann.open("/people/invite")
        await keys.press("Tab")
        assert await focused(ann) == "Skip to main content"
        await keys.press("Enter")
        await keys.press("Tab")
        assert await focused(ann) == "email"
        await keys.type("nobody")
        await keys.press("Tab")
        await keys.press("Space")
        async with ann.page.expect_navigation():
            await keys.press("Enter")
        await ann.page.locator(".govuk-error-summary:focus").wait_for()
        await keys.press("Tab")
        await keys.press("Enter")
        assert await focused(ann) == "email"
        await keys.press("Control+A")
        await keys.type("nora@school.example")
        async with ann.page.expect_navigation():
            await keys.press("Enter")
        assert "Send this to nora@school.example" in await ann.reads()


def paths_for(who: str, town: Town) -> Iterator[str]:
    """A stranger is shown what is public, the operator and the head what is theirs, and Ann everything else, and her home."""
    for route in pages():
        if whose(route) == who or (route.path == "/" and who == "ann"):
            if route.path == "/about/{name}":
                yield from (f"/about/{name}" for name in sorted(ABOUT))
            else:
                tokens = {
                    "/new-password/{token}": "new_password",
                    "/account/prove-address/{token}": "prove",
                    "/outside/two-people/{token}": "two_people",
                    "/outside/erasure/{token}": "chair_erasure",
                }
                ids = {"token": tokens[route.path]} if route.path in tokens else {}
                ids |= {"grant": "asked_audit"} if who == "tom" else {}
                ids |= {"waiting_id": "dales_erasure"} if route.path.startswith("/erasures/outside/") else {}
                ids |= {"supplier_id": "alike"} if route.path == "/suppliers/{supplier_id}/correct" else {}
                ids |= {"supplier_id": "quince"} if route.path.startswith("/directory/entries/") else {}
                query = needed(route, town)
                if route.path.endswith("/share/check"):
                    query = f"with=everyone&fields-everyone={'terms' if route.path.startswith('/contracts/') else 'praise'}"
                yield f"{path_of(route, town, ids)}?{query}".rstrip("?")


def pages() -> list[Route]:
    return [route for route in reading() if not route.is_api and route.path not in NO_PAGES]


def whose(route: Route) -> str:
    if route.is_public:
        return ""
    if route.path in HEADS | TRUSTS:
        return "hal" if route.path in HEADS else "tom"
    if route.path in SEVERAL_SCHOOLS:
        return "mia"
    if route.path in SITE_STAFF | TRUST_LEADS:
        return "sam" if route.path in SITE_STAFF else "lea"
    return "olive" if route.path in OPERATORS else "ann"


async def focused(shown: Window) -> str:
    """The id of what has the focus, or its words."""
    found: str = await shown.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
    return found
