"""The lines that ``./run bench mutants`` breaks are still there, once each, and each has tests that could see it."""

import ast

import pytest

from bench.mutation import ROOT, Mutation, own_tests
from bench.mutations import MUTATIONS

pytestmark = pytest.mark.pure

ALL = [mutation for some in MUTATIONS.values() for mutation in some]
EACH = pytest.mark.parametrize("mutation", ALL, ids=lambda mutation: mutation.name)


@EACH
def test_a_line_to_break_stands_once_and_is_python_when_broken(mutation: Mutation) -> None:
    text = (ROOT / mutation.file).read_text()
    assert text.count(mutation.before) == 1
    assert ast.dump(ast.parse(text.replace(mutation.before, mutation.after))) != ast.dump(ast.parse(text))


@EACH
def test_a_line_to_break_has_tests(mutation: Mutation) -> None:
    assert own_tests(mutation)


def test_no_two_have_one_name() -> None:
    assert len({mutation.name for mutation in ALL}) == len(ALL)
