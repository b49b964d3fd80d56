"""A refusal says what is missing, in the words of its question: no "Enter an answer", no "0 suppliers"."""

import pytest

from contracts.imports import imports as contract_imports
from suppliers.imports import imports as supplier_imports
from tests.given.builders import a_person, a_school, signed_in
from tests.given.page_text import text_of
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
