"""What was typed, put into a page's form again: as a browser would have had it, or named as without a place."""

from html import escape
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.given.sent_forms import forms_of
from web.pages.marks import Typed
from web.pages.refilling import Refilled, refilled

pytestmark = pytest.mark.pure

PAGE: Final = """<!DOCTYPE html><html><head><title>Note</title></head><body><main id="main-content">
<form method="post" action="/notes/1/hide"><button>Hide &amp; tell</button></form>
<form method="post" action="/notes/1" novalidate>
<input type="hidden" name="vouch-at" value="/notes/1"><input type="hidden" name="version" value="7">
<label for="name">Name</label><input class="govuk-input" id="name" name="name" value="Old" aria-describedby="name-hint">
<textarea id="body" name="body" rows="5">Old &lt;words&gt;</textarea>
<input type="radio" name="about" value="good" checked> <input type="radio" name="about" value="problem">
<input type="checkbox" name="whom" value="a" checked>
<input type="checkbox" name="whom" value="b"> <input type="checkbox" name="whom" value="c">
<select name="kind"><option value="x" selected>X</option><option value="y">Y</option></select>
<input type="password" id="password" name="password"><input type="file" id="file" name="file">
<button name="do" value="save">Save</button></form><a href="?page=2">Next</a></main></body></html>"""


def filled(*fields: tuple[str, str], action: str = "/notes/1", **shown: str) -> Refilled:
    found = refilled(PAGE, Typed("/notes/1", "", action, fields), **shown)  # type: ignore[arg-type]
    assert found is not None
    return found


def sends(found: Refilled) -> list[tuple[str, str]]:
    return next(form.sends for form in forms_of(found.html, "") if form.action == "/notes/1")


def test_every_kind_of_answer_is_there_again_and_what_was_unticked_stays_so() -> None:
    sent = [("version", "6"), ("name", 'New "name" & <b>'), ("body", "\nTwo\nlines"), ("about", "problem")]
    found = filled(*sent, ("whom", "b"), ("whom", "c"), ("kind", "y"), ("do", "save"))
    assert found.unplaced == ()
    assert found.asks_something
    assert sorted(sends(found)) == sorted(
        [("vouch-at", "/notes/1"), *sent, ("whom", "b"), ("whom", "c"), ("kind", "y"), ("password", "")]
    )


def test_only_the_form_that_was_sent_changes() -> None:
    found = filled(("name", "New"))
    assert "<button>Hide &amp; tell</button>" in found.html
    assert refilled(PAGE, Typed("/notes/1", "", "/notes/2", (("name", "New"),))) is None
    assert not filled(("x", ""), action="/notes/1/hide").asks_something


@pytest.mark.parametrize("pair", [("kind", "z"), ("whom", "d"), ("about", "neither"), ("gone", "words")])
def test_what_has_no_place_in_the_form_as_it_is_now_is_named(pair: tuple[str, str]) -> None:
    assert filled(pair).unplaced == (pair,)


def test_what_is_wrong_stands_above_and_at_its_question() -> None:
    found = refilled(PAGE, Typed("/notes/1", "", "/notes/1", ()), above="<p>No</p>", wrong={"name": "Say <who>"}, title="Error: ")
    assert found is not None
    assert '<main id="main-content"><p>No</p>' in found.html
    assert "<title>Error: Note</title>" in found.html
    assert (
        f'class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {escape("Say <who>")}</p><input'
        in found.html
    )
    assert 'aria-describedby="name-hint name-error"' in found.html


def test_a_link_to_the_same_page_leads_to_it_from_any_address() -> None:
    assert 'href="/notes/1?page=2"' in filled(("name", "New")).html


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")),
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
def test_any_text_comes_back_as_it_was(body: str, name: str) -> None:
    found = dict(sends(filled(("body", body), ("name", name))))
    assert (found["body"], found["name"]) == (body, name)
