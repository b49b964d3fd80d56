"""A page is given all that its template names: of two pages drawn by one template, one once lacked what only the other gave."""

import ast
import re
from functools import cache

import pytest
from jinja2 import meta, nodes

from base import settings
from tests.given.checkout import ROOT
from vouch.wiring import SITE
from web.pages.templating import create_environment

pytestmark = pytest.mark.pure

ROOMS = ("audit", "contracts", "disclosure", "notices", "privacy", "sharing", "suppliers", "vouch", "web")
ENVIRONMENT = create_environment(settings.current(), SITE)
OF_EVERY_PAGE = {"request", "viewer", "refusal", "path", "done", "sent", "files_again", "csrf_input", "self"}
TESTED = re.compile(r"(\w+) is (?:not )?defined|(\w+) \| default")


def pages() -> list[tuple[str, str, set[str]]]:
    """Where a page is drawn, by which template, and what it is given by name."""
    found = []
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and call.args and ast.unparse(call.func).split(".")[-1] == "page":
                given = {one.arg for one in call.keywords}
                if isinstance(call.args[0], ast.Constant) and None not in given:
                    where = f"{path.relative_to(ROOT)}:{call.lineno}"
                    found.append((where, str(call.args[0].value), {one for one in given if one}))
    return found


@cache
def read(template: str) -> tuple[str, nodes.Template]:
    source = (ENVIRONMENT.loader and ENVIRONMENT.loader.get_source(ENVIRONMENT, template)[0]) or ""
    return source, ENVIRONMENT.parse(source)


def made_by(tree: nodes.Template) -> set[str]:
    """Names that a template, or one that it extends, makes or imports somewhere."""
    made = {one.name for one in tree.find_all(nodes.Macro)} | {one.target for one in tree.find_all(nodes.Import)}
    for imported in tree.find_all(nodes.FromImport):
        made |= {one if isinstance(one, str) else one[1] for one in imported.names}
    made |= {one.name for one in tree.find_all(nodes.Name) if one.ctx in ("store", "param")}
    for extended in tree.find_all(nodes.Extends):
        made |= made_by(read(extended.template.as_const())[1])
    return made


@cache
def needed(template: str) -> set[str]:
    """Names that a template uses and neither makes, imports nor asks about."""
    source, tree = read(template)
    asked = {name for pair in TESTED.findall(source) for name in pair}
    return meta.find_undeclared_variables(tree) - made_by(tree) - asked - OF_EVERY_PAGE - set(ENVIRONMENT.globals)


def test_every_page_is_given_what_its_template_names() -> None:
    drawn = pages()
    assert len(drawn) > 100
    assert [(where, template, lacks) for where, template, given in drawn if (lacks := needed(template) - given)] == []
