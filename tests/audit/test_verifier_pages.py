"""The page that checks audit packs, the two files that do it without us, and the one that is written from its parts."""

import re
from collections import Counter
from hashlib import sha256

import pytest

from audit.verifier import published
from base.viewer import Role
from tests.given.builders import a_person, a_school, signed_in, stranger
from tests.given.written_from_code import is_pinned

DECLARED = re.compile(r"^(?:export )?((?:async )?function \w+|class \w+|(?:const|let) .*)", re.MULTILINE)
NAME = re.compile(r"(?:^(?:async )?function |^class |^(?:const|let) |, (?=[A-Z_]+ = ))(\w+)")
IMPORT = re.compile(r'^import \{[^}]+\} from "\./([a-z-]+\.js)";$', re.MULTILINE)


@pytest.mark.pure
def test_the_file_to_keep_is_made_of_the_scripts_as_they_are() -> None:
    made = published.assembled()
    assert is_pinned("audit/verifier/vouch-verify.html", made)
    assert is_pinned("docs/reference/vouch-verify.html.sha256", f"{sha256(made.encode()).hexdigest()}  vouch-verify.html\n")


@pytest.mark.pure
def test_scripts_are_listed_after_what_they_import_and_import_nothing_else() -> None:
    names = [script.name for script in published.SCRIPTS]
    for n, script in enumerate(published.SCRIPTS):
        text = script.read_text(encoding="utf-8")
        assert set(IMPORT.findall(text)) <= set(names[:n]), script.name
        assert len(re.findall(r"^import\b|\bimport\(", re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL), re.MULTILINE)) == len(
            IMPORT.findall(text)
        )
        assert len(text.splitlines()) < 300


@pytest.mark.pure
def test_no_name_stands_for_two_things() -> None:
    """The file to keep joins the scripts to one, where a second declaration is a syntax error."""
    found: list[str] = []
    for script in published.SCRIPTS:
        for declared in DECLARED.findall(script.read_text(encoding="utf-8")):
            found += NAME.findall(declared)
    assert [name for name, times in Counter(found).items() if times > 1] == []
    assert {"N", "shake", "VerificationError", "KEY_BYTES"} <= set(found)


@pytest.mark.usefixtures("db")
async def test_anybody_may_take_both_files_and_hold_them_against_their_digests() -> None:
    async with stranger() as browser:
        page = await browser.get("/verify")
        assert page.status_code == 200
        for name in published.NAMES:
            answer = await browser.get(f"/verify/{name}")
            assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
            assert sha256(answer.content).hexdigest() in page.text


@pytest.mark.usefixtures("db")
async def test_the_page_may_connect_to_nowhere_and_says_so() -> None:
    async with stranger() as browser:
        page = await browser.get("/verify")
    assert "connect-src 'none'" in page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    assert "Nothing is sent" in page.text


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("role", [Role.HEAD, Role.GOVERNOR])
async def test_who_is_signed_in_finds_the_page_beside_the_trail(role: Role) -> None:
    viewer = await a_person(await a_school(), role=role)
    async with signed_in(viewer) as browser:
        for path in ("/trail", "/verify"):
            assert '<a class="govuk-link" href="/verify"' in (await browser.get(path)).text
