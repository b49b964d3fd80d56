"""The page on how reviews are treated says what the code does, to anybody, and no number that tells of one school."""

from html import unescape

import httpx
import pytest

from audit.erasing.erasure import ErasureReason
from base import settings
from privacy import seconds
from sharing.operator import break_glass
from suppliers.opinions import averages, criticism
from tests.given.builders import a_person, a_school, signed_in, stranger
from tests.given.listed_suppliers import an_entry
from tests.given.page_text import text_of

pytestmark = pytest.mark.usefixtures("db")

ADDRESS = "/about/reviews"


async def page() -> str:
    async with stranger() as browser:
        answer = await browser.get(ADDRESS)
    assert answer.status_code == httpx.codes.OK
    return text_of(unescape(answer.text))


async def test_a_stranger_reads_the_limits_that_the_code_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCH_ESTABLISHED_DAYS", "23")
    settings.current.cache_clear()
    text = await page()
    assert f"to at most {criticism.MOST_SCHOOLS} schools in a year" in text
    assert f"more than {criticism.CORRECTION} characters of what was confirmed" in text
    assert f"from {averages.FEWEST_POOLED} schools on" in text
    assert f"After {seconds.MOST_WORKING_DAYS} working days" in text
    assert f"ends after {break_glass.LASTS.days * 24} hours" in text
    assert "A colleague who approves has belonged to the school for 23 days, and counts" in text
    assert all(reason.words in text for reason in ErasureReason)


async def test_who_runs_it_is_named_to_suppliers_where_that_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "has not said here who they are" in await page()
    monkeypatch.setenv("VOUCH_OPERATOR_NAME", "Ashby Learning Trust")
    monkeypatch.setenv("VOUCH_OPERATOR_CONTACT", "dpo@ashby.example")
    settings.current.cache_clear()
    text = await page()
    assert "ask Ashby Learning Trust to show and correct it, at dpo@ashby.example" in text
    assert "has not said here who they are" not in text


async def test_where_few_schools_asked_no_number_is_given() -> None:
    assert (await page()).count("Fewer than 5 schools") == len(("asked", "decided", "half", "longest"))


async def test_the_form_of_a_review_the_suppliers_page_privacy_and_every_footer_lead_there() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    supplier = await an_entry("Dene Drains")
    async with signed_in(ann) as browser:
        for path in (f"/suppliers/{supplier}/review", f"/suppliers/{supplier}", "/about/privacy"):
            main, footer = (await browser.get(path)).text.split('<div class="govuk-footer">')
            assert ADDRESS in main, path
            assert ADDRESS in footer, path
