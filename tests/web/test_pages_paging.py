"""The links under a list that comes in pages."""

import pytest

from web.pages import paging

pytestmark = pytest.mark.pure


def test_the_first_page_leads_on_and_the_last_one_back() -> None:
    assert paging.after("/list", "", "a key") == {"next_url": "/list?after=a+key", "first_url": ""}
    assert paging.after("/list", 20, None) == {"next_url": "", "first_url": "/list"}
    assert paging.after("/list", "", "") == paging.numbered("/list", 1, has_more=False) == paging.ALONE
    assert paging.numbered("/list", 2, has_more=True) == {"next_url": "/list?number=3", "first_url": "/list"}


def test_what_was_asked_stays_and_what_a_page_began_after_is_spelt_for_an_address() -> None:
    assert paging.after("/list?text=soup", 0, "Hill & Vale")["next_url"] == "/list?text=soup&after=Hill+%26+Vale"
