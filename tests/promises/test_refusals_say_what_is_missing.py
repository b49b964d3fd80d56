"""A refusal says what is missing, in the words of its question: no "Enter an answer", no "0 suppliers"."""

import pytest

from contracts.imports import imports as contract_imports
from suppliers.imports import imports as supplier_imports
from suppliers.opinions import notes
from suppliers.opinions.notes import About
from suppliers.shares import choosing
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
from tests.given.searching import a_supplier
from web.pages import forms

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("path", ["/suppliers/import", "/contracts/import"])
async def test_an_empty_file_is_called_empty_and_none_is_asked_for(path: str) -> None:
    imports = supplier_imports if path.startswith("/suppliers") else contract_imports
    async with signed_in(await a_person(await a_school("Oakfield Primary"))) as browser:
        empty = await browser.post(path, files={"file": ("list.csv", b"", "text/csv")})
        none = await browser.post(path, data={})
    assert forms.EMPTY_FILE in text_of(empty.text)
    assert imports.CHOOSE_FILE in text_of(none.text)


async def test_a_search_that_finds_nothing_says_no_suppliers() -> None:
    async with signed_in(await a_person(await a_school("Oakfield Primary"))) as browser:
        found = await browser.get("/search", params={"need": "xyzzy quux"})
    assert "No suppliers for “xyzzy quux”" in text_of(found.text)
    assert "0 suppliers" not in found.text


async def test_a_number_that_nobody_has_is_said_to_be_a_number_and_never_a_name() -> None:
    async with signed_in(await a_person(await a_school("Oakfield Primary"))) as browser:
        for typed in ("SC123456", "07700 900123", "GB123456789", "unheard-of.example"):
            found = await browser.get("/search", params={"need": typed})
            assert "No supplier that you can see has this company, charity or VAT number, phone or web site." in found.text, typed
            assert "t know what" not in text_of(found.text)
            assert "/suppliers/new?name=" not in found.text


async def test_a_need_that_is_understood_is_nobodys_name() -> None:
    async with signed_in(await a_person(await a_school("Oakfield Primary"))) as browser:
        found = await browser.get("/search", params={"need": "asbestos survey"})
    assert "Taken to mean Asbestos" in text_of(found.text)
    assert 'href="/suppliers/new"' in found.text
    assert "/suppliers/new?name=" not in found.text


async def test_a_school_that_was_not_typed_is_asked_for() -> None:
    ann = await a_person(await a_school("Oakfield Primary"))
    note = await notes.note(ann, await a_supplier(ann), about=About.GOOD, body="Came at once.")
    async with signed_in(ann) as browser:
        asked = await browser.get(f"/notes/{note}/share/check?with=school&q=+&fields-school=praise")
    assert choosing.NO_SCHOOL in text_of(asked.text)
    assert choosing.MEAN not in asked.text, "a note has no rating"
    assert choosing.CRITICISM not in asked.text, "nor this one criticism"


async def test_nothing_found_is_no_guess() -> None:
    async with signed_in(await a_person(await a_school("Oakfield Primary"))) as browser:
        found = text_of((await browser.get("/schools", params={"q": "zzzz qqqq"})).text)
    assert "No open school was found" in found
    assert "Did you mean" not in found
