"""A list with nothing in it says what to do so that there will be."""

import pytest

from base.viewer import Role, Viewer
from tests.given.builders import signed_in
from tests.given.page_text import text_of
from tests.given.served import a_colleague

pytestmark = pytest.mark.usefixtures("db")


async def read(viewer: Viewer, path: str) -> tuple[str, str]:
    """What the page says, and its source."""
    async with signed_in(viewer) as browser:
        html = (await browser.get(path)).text
    return text_of(html), html


async def test_without_a_contract_whoever_logs_is_led_to_add_one_or_told_whom_to_ask(ann: Viewer) -> None:
    said, html = await read(ann, "/log")
    assert "Your school has no contract yet. What happens is logged under one: its title is enough to begin." in said
    assert 'href="/contracts/new"' in html
    said, html = await read(await a_colleague(ann, Role.SITE_STAFF, "Sam Stone"), "/log")
    assert "ask a business manager to add it." in said
    assert 'href="/contracts/new"' not in html


async def test_where_no_contract_is_shared_it_says_how_one_is(ann: Viewer) -> None:
    said, html = await read(ann, "/contracts/shared")
    assert "Your school shares no contract here. On a contract’s page, choose “Share this contract”. Our contracts" in said
    assert '<a class="govuk-link" href="/contracts">Our contracts</a>' in html


async def test_no_open_question_of_an_auditor_is_not_counted_but_explained(ann: Viewer) -> None:
    said, _ = await read(ann, "/contracts/exceptions")
    assert "0 questions" not in said
    assert "No question is open. They are about the contracts in the register: which lacks a signed copy, an approval" in said
