"""Every file, function and class that the code tour names is there."""

import ast
import re

import pytest

from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

NAMED = sorted(set(re.findall(r"`([\w/.-]+\.(?:py|js))(?::(\w+))?`", (ROOT / "docs/explanation/code-tour.md").read_text())))


def test_the_tour_names_many() -> None:
    assert len(NAMED) > 40


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_the_tour_names_is_there(file: str, name: str) -> None:
    assert (ROOT / file).is_file()
    if name:
        nodes = ast.parse((ROOT / file).read_text()).body
        assert name in {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
