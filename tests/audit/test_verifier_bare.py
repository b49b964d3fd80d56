"""What the offline verifier is made of runs on a bare Python 3.9: an auditor's laptop may have no more."""

import ast
import sys

import pytest
import vermin

from audit.verifier import assemble
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

AUDIT = ROOT / "audit"
MODULES = assemble.MODULES
OLDEST = (3, 9)
LATER_METHODS = {"bit_count", "exception_group"}  # of values whose type vermin can't know

TOO_NEW = (
    "match 1:\n    case 1:\n        pass",
    "from dataclasses import dataclass\n@dataclass(slots=True)\nclass A:\n    pass",
    "zip((), (), strict=True)",
    "Number = int | None",
    "from typing import Self",
    "from enum import StrEnum",
    "size.bit_count()",
    "try:\n    pass\nexcept* ValueError:\n    pass",
    "def f(a: int | None = None) -> None: ...",
)


def faults(source: str) -> list[str]:
    """Why this can't run there; nothing for what can."""
    try:
        tree = ast.parse(source, feature_version=OLDEST)
    except SyntaxError as error:
        return [str(error)]
    needed = vermin.detect(source)[1]
    methods = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in LATER_METHODS]
    late = [f"needs Python {needed}"] if needed is None or needed > OLDEST else []
    return late + methods + _unions_at_run_time(tree)


def _unions_at_run_time(tree: ast.Module) -> list[str]:
    """Annotations are read when a module loads, unless it begins with ``from __future__ import annotations``."""
    deferred = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    notes = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    never_run = {id(inner) for note in notes if note and deferred for inner in ast.walk(note)}
    return [
        f"line {node.lineno} joins types"
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and id(node) not in never_run and isinstance(node.op, ast.BitOr) and _joins_types(node)
    ]


def _joins_types(node: ast.BinOp) -> bool:
    sides = {ast.unparse(node.left), ast.unparse(node.right)}
    return bool(sides & {"None", "int", "str", "bytes", "bool", "float", "list", "dict", "tuple"})


def imported(source: str) -> set[str]:
    """The modules that loading it needs; what a function imports has a fallback."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith("audit."):
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("source", TOO_NEW)
def test_what_is_too_new_is_found(source: str) -> None:
    assert faults(source)


@pytest.mark.parametrize("module", MODULES)
def test_each_module_of_the_verifier_runs_on_the_oldest_python_with_nothing_installed(module: str) -> None:
    source = (AUDIT / f"{module}.py").read_text()
    assert faults(source) == []
    assert imported(source) <= sys.stdlib_module_names
