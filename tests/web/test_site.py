"""`web` knows no slice by heart: what it shows of them is told to it, and every address that it is told leads somewhere."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from base.viewer import Role, Viewer
from tests.given.checkout import ROOT
from tests.given.routes import routes
from vouch.wiring import SITE
from web.pages.site import Section

pytestmark = pytest.mark.pure

WEB: Final = ROOT / "web"
OURS: Final = {
    "about",
    "healthz",
    "readyz",
    "static",
    "api",
    "v1",
    "openapi.json",
    "robots.txt",
    ".well-known",
    "security.txt",
}  # how web's own addresses begin
SLICES: Final = {folder.parent.name for folder in SITE.templates}


def heads() -> Iterator[str]:
    """What tells an address of a slice: its first part that is not web's own."""
    for route in routes():
        rest = [part for part in route.path.split("/") if part and part not in OURS and "{" not in part]
        yield from rest[:1]


NAMED: Final = re.compile(rf"""(?<=["'/(|])(?:{"|".join(map(re.escape, {*heads(), *SLICES}))})(?=["'/?)|])""")


def said_by(file: Path) -> str:
    """Of a Python module its strings without the docstrings; of anything else the whole text."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        return text
    nodes = list(ast.walk(ast.parse(text)))
    remarks = {node.value for node in nodes if isinstance(node, ast.Expr)}
    return "\n".join(repr(node.value) for node in nodes if isinstance(node, ast.Constant) and node not in remarks)


def test_web_names_no_slice_and_no_address_of_one() -> None:
    files = [file for ending in ("py", "html", "js") for file in WEB.rglob(f"*.{ending}") if ".min." not in file.name]
    assert WEB / "templates" / "layout.html" in files
    assert {file.name: found for file in files if (found := NAMED.findall(said_by(file)))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        '<a href="/account">',
        '<a href="/about/ranking">',
        "curl {{ origin }}/api/v1/recommendations?need=cleaning",
        'path.split("/")[1] in ("auditors", "erasures")',
        r"'/(x|notes|imports?)(/|$)'",
        "'/sign-in?next='",
        "ROOT / 'audit' / 'static'",
        "'sharing/templates'",
    ],
)
def test_a_planted_name_is_found(planted: str) -> None:
    assert NAMED.search(planted)


@pytest.mark.parametrize("sound", ['<a href="/">', '<a href="/about/cookies">', "'Search for fewer words.'", "'/healthz'"])
def test_what_is_webs_own_is_not_taken_for_a_slices(sound: str) -> None:
    assert not NAMED.search(sound)


def test_every_address_that_web_is_told_leads_to_a_page() -> None:
    sections = {section for menu in SITE.menus.values() for section in menu}
    told = {path for section in sections for path in (section.href, *section.also)} | {address for address, _ in SITE.footer}
    told |= {SITE.account, SITE.switch_school, SITE.sign_in, SITE.api_example.partition("?")[0]}
    assert told <= {route.path for route in routes() if route.method == "GET"}
    assert SITE.sign_out in {route.path for route in routes() if route.method == "POST"}


def test_files_are_taken_only_where_something_is_sent() -> None:
    sent = [route.path.split("/") for route in routes() if route.method != "GET"]
    assert {word for word in SITE.takes_files if not any(word in parts for parts in sent)} == set()


def test_every_role_has_a_menu() -> None:
    assert SITE.menus.keys() == set(Role)
    assert [section.href for section in SITE.menus[Role.AUDITOR]] == ["/trail"]


@pytest.mark.parametrize(
    ("path", "belongs"),
    [
        ("/trail", True),
        ("/trail/seals", True),
        ("/erasures", True),
        ("/erasures/holds", True),
        ("/trails", False),
        ("/erasures-of-old", False),
        ("/", False),
        ("", False),
    ],
)
def test_a_page_belongs_to_the_section_that_it_lies_below_or_beside(path: str, *, belongs: bool) -> None:
    assert (Section("/trail", "Our trail", also=("/erasures",)).top_of(path) is not None) is belongs


def test_the_home_page_holds_nothing_but_itself() -> None:
    home = Section("/", "Home")
    assert home.top_of("/") == "/"
    assert [path for path in ("/trail", "//trail", "//", "") if home.top_of(path)] == []


def test_the_operators_pages_beside_people_belong_to_the_operators_section_and_only_for_the_operator() -> None:
    viewer = Viewer(uuid4(), "Olive Orr", uuid4(), "Oakfield", Role.HEAD)
    operator = replace(viewer, is_operator=True)
    paths = ("/people/new-heads/1", "/erasures/outside/1", "/people/opened", "/suppliers", "/account")
    found = [[(SITE.section_of(who, path) or Section("", "")).href for path in paths] for who in (viewer, operator)]
    assert found == [["/people", "/trail", "/people", "/suppliers", ""], ["/running", "/running", "/people", "/suppliers", ""]]


def test_a_page_that_a_sentence_sends_somebody_to_has_a_link_of_that_name() -> None:
    """As in "You can withdraw it under People"."""
    files = [path for end in ("py", "html") for path in ROOT.glob(f"*/**/*.{end}")]
    ours = {path: path.read_text() for path in files if path.relative_to(ROOT).parts[0] in SLICES | {"web", "base"}}
    pages = "".join(text for path, text in ours.items() if path.suffix == ".html") + (ROOT / "vouch" / "wiring.py").read_text()
    linked = set(re.findall(r"[>\"]\s*([A-Z][\w ]+?)\s*(?:</a>|\")", pages))
    named = re.compile(r"\bunder ([A-Z][a-z]+(?: [a-z]+)*?)(?=[,.]| and )")
    sent = {(path.name, name) for path, text in ours.items() for name in named.findall(text)}
    assert len(sent) > 5
    assert {(where, name) for where, name in sent if name not in linked} == set()
    assert "Directory" not in linked, "which no page is called, so that this would find it"
