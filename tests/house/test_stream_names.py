"""What streams and subjects are called is spelt in audit/log/subjects.py and nowhere else: read from the source of the house.

Each rule is a function from one module's source to its faults, tried on planted faults before it judges the house. Migrations
are left out: they spell names as they were when the migration was written.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from audit.log.subjects import Subject
from tests.given.checkout import FLOORS, ROOT

pytestmark = pytest.mark.pure

SPELLS_THEM: Final = Path("audit/log/subjects.py")
WORDS: Final = (*Subject, "pack", "timeline", "retention", "key")
# A word, its colon, and an id or the place where one goes; "such as supplier:ID" and "note: see below" are for people.
A_NAME: Final = re.compile(rf"(?<![\w{{-])(?:{'|'.join(WORDS)}):(?=$|[%{{\"'0-9a-f])")

HOLDS_A_NAME: Final = ("stream", "subject", "about")  # what a variable, argument or column is called that holds one
TAKES_APART: Final = ("partition", "rpartition", "split", "rsplit", "removeprefix")


def spells(source: str) -> list[str]:
    """The beginning of a name in any text but a docstring: ``f"review:{…}"``, ``startswith("review:")``, ``LIKE 'review:%'``."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose and A_NAME.search(node.value)
    ]


def passes_its_own(source: str) -> list[str]:
    """A text made on the spot for ``stream=`` or ``subject=``."""
    return [
        f"{keyword.arg}={ast.unparse(keyword.value)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("stream", "subject")
        and (
            isinstance(keyword.value, ast.JoinedStr | ast.BinOp)
            or (isinstance(keyword.value, ast.Constant) and keyword.value.value is not None)
        )
    ]


def takes_apart(source: str) -> list[str]:
    """``line.subject.partition(":")``, ``hold.about[7:]``."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if _holds_a_name(_taken_apart(node))]


def _taken_apart(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKES_APART:
        return node.func.value
    return node.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) else None


def _holds_a_name(node: ast.expr | None) -> bool:
    called = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return called in HOLDS_A_NAME


RULES: Final = (spells, passes_its_own, takes_apart)

PLANTED: Final = (
    (spells, 'record(Event.REVIEW_WITHDRAWN, f"review:{row.id}")'),
    (spells, 'about.startswith("person:")'),
    (spells, 'which = UUID(about.removeprefix("person:"))'),
    (spells, 'ABOUT_SUPPLIERS = "supplier:"'),
    (spells, "sql = \"SELECT name FROM audit_stream WHERE name LIKE 'supplier:%'\""),
    (spells, 'link = f"/trail?stream=supplier:{supplier.id}"'),
    (spells, 'name = "key:" + vkey'),
    (passes_its_own, 'record(event, stream="school", subject=name)'),
    (passes_its_own, 'record(event, stream=STREAM, subject=f"{what}:{row.id}")'),
    (passes_its_own, 'record(event, stream=STREAM, subject=what + ":" + str(row.id))'),
    (takes_apart, 'of, _, number = opened.subject.partition(":")'),
    (takes_apart, 'kind = stream.split(":")[0]'),
    (takes_apart, "which = UUID(stream.removeprefix(STREAM))"),
    (takes_apart, "which = UUID(hold.about[len(PERSON) :])"),
)
SOUND: Final = (
    "record(event, stream=Subject.SUPPLIER.of(row.supplier), subject=Subject.REVIEW.of(row.id))",
    "record(event, stream=OUR_SCHOOL, subject=subject)",
    "shown = await timeline.page(viewer, only=None)",
    'def kept(about):\n    """Of "person:<id>"."""',
    'text = f"key: {secret}"',
    'help = "Only this, such as supplier:ID; may be repeated."',
    'route = "/people/{person:uuid}/data"',
    'kind, _, first = form.text("link").partition(":")',
)


@cache
def sources(ending: str) -> dict[Path, str]:
    """By path the text of every file of the house with this ending that may not spell a name."""
    files = (file.relative_to(ROOT) for floor in FLOORS for file in (ROOT / floor).rglob(f"*{ending}"))
    chosen = (file for file in files if file != SPELLS_THEM and "piccolo_migrations" not in file.parts)
    return {file: (ROOT / file).read_text() for file in chosen}


def in_templates() -> Iterator[str]:
    for file, text in sources(".html").items():
        yield from (f"{file}: {found[0]}" for found in A_NAME.finditer(text))


@pytest.mark.parametrize(("rule", "source"), PLANTED)
def test_each_rule_finds_a_planted_fault(rule: Callable[[str], list[str]], source: str) -> None:
    assert rule(source)


@pytest.mark.parametrize("source", SOUND)
def test_no_rule_minds_what_is_sound(source: str) -> None:
    assert [fault for rule in RULES for fault in rule(source)] == []


@pytest.mark.parametrize("rule", RULES)
def test_no_module_but_one_builds_a_name_or_takes_one_apart(rule: Callable[[str], list[str]]) -> None:
    assert [f"{file}: {fault}" for file, source in sources(".py").items() for fault in rule(source)] == []


def test_no_template_builds_a_name_or_takes_one_apart() -> None:
    assert A_NAME.search("/trail?stream=supplier:{{ supplier.id }}")
    assert A_NAME.search('line.stream.startswith("supplier:")')
    assert list(in_templates()) == []


def test_the_one_module_is_where_this_says() -> None:
    assert spells((ROOT / SPELLS_THEM).read_text())
