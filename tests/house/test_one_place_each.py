"""Questions that many places ask are answered in one of them, read from the source of the product."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import pytest

from tests.given.checkout import FLOORS, ROOT

pytestmark = pytest.mark.pure

# What a role may do at its school, each with a verb of base.viewer that refuses whoever may not: must_write and so on.
RIGHTS: Final = tuple(f"not viewer.role.{right}" for right in ("writes", "writes_notes", "keeps_contracts", "logs_service"))

Rule = Callable[[str, ast.Module], Iterator[str]]


@cache
def modules() -> dict[str, ast.Module]:
    """Each file of the product by its path from the top."""
    paths = (path for package in FLOORS for path in (ROOT / package).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def who_may_write(path: str, tree: ast.Module) -> Iterator[str]:
    if path == "base/viewer.py":
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in RIGHTS and any(isinstance(one, ast.Raise) for one in node.body):
            yield f"{path}:{node.lineno} decides by itself what base.viewer decides for everybody"


def one_of_many(path: str, tree: ast.Module) -> Iterator[str]:
    if path.startswith("database/"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("is_in", "not_in"):
            yield f"{path}:{node.lineno} calls Piccolo's {node.attr}, which fails for none: database.among or database.outside"


@pytest.mark.parametrize("rule", [who_may_write, one_of_many])
def test_the_product_keeps_it(rule: Rule) -> None:
    assert [fault for path, tree in modules().items() for fault in rule(path, tree)] == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (who_may_write, "def change(viewer):\n    if not viewer.role.writes:\n        raise Forbidden('No.')"),
        (who_may_write, "def log(viewer):\n    if not viewer.role.logs_service:\n        raise Forbidden('No.')"),
        (one_of_many, "ours = School.select().where(School.id.is_in(ids))"),
        (one_of_many, "others = School.select().where(School.id.not_in(ids))"),
    ],
)
def test_the_rule_sees_a_planted_fault(rule: Rule, source: str) -> None:
    assert len(list(rule("planted.py", ast.parse(source)))) == 1
