"""Pages about contracts use the words of a governor, not those of the trade: the trade's are looked for in all that people read.

In templates, in each sentence of the code (messages, letters, what an entry is called, refusals of the API), in the sets of
promises to start from and in what the guides tell schools; test_review_words.py looks at files that are taken away. Names in the
API, in addresses and in what is stored stay as they are.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.fields.contract_fields import FIELDS
from contracts.fields.questions import ALL
from contracts.promises import starter_sets
from tests.given.checkout import ROOT
from tests.given.old_words import CODE, old_words

pytestmark = pytest.mark.pure

TEMPLATES = sorted(path for part in ("contracts", "notices") for path in (ROOT / part / "templates").rglob("*.html"))
NOT_READ = {"piccolo_migrations", "register_file"}  # statements; and what others' registers say
MODULES = sorted(
    path for part in ("contracts", "notices") for path in (ROOT / part).rglob("*.py") if not NOT_READ & set(path.parts)
)
GUIDES = [ROOT / "docs" / "tutorial.md"] + [
    ROOT / "docs" / "how-to" / name for name in ("keep-a-register.md", "decide-about-contracts.md", "letters-and-calendars.md")
]
STORED = {"no data", "P1", "P2", "P3", "P4"}  # values and keys, for which there are words to show


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_an_old_word(path: Path) -> None:
    assert old_words(CODE.sub(" ", path.read_text())) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_of_the_code_says_one(path: Path) -> None:
    assert [(said, found) for said in sentences(path) if (found := old_words(said))] == []


def test_what_the_read_me_tells_schools_says_none() -> None:
    for_schools, _, _ = (ROOT / "README.md").read_text().partition("## For the school's IT")
    assert old_words(for_schools) == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_no_guide_says_one(path: Path) -> None:
    assert old_words(path.read_text()) == []


def test_no_question_and_no_label_says_one() -> None:
    labels = [text for one in FIELDS for text in (one.label, one.hint, *one.choices.values())]
    asked = [text for one in ALL for text in (one.sentence, one.why)]
    assert old_words(" ".join([*labels, *asked])) == []


def test_no_set_of_promises_says_one() -> None:
    said = [text for one in json.loads(starter_sets.FILE.read_text("utf-8")) for text in (one["title"], *names(one["metrics"]))]
    assert len(said) > 24
    assert old_words(" ".join(said)) == []


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ('"""Excluded here."""\nx = "Excluded by us"', ["Excluded by us"]),
        ('x = "excluded"', []),
        ('x = f"{n} were excluded, {m} not"', [" were excluded, ", " not"]),
        ('x = "SELECT excluded FROM t"', []),
        ('x = "Excluded"', ["Excluded"]),
    ],
)
def test_what_people_read_of_code_is_found(code: str, read: list[str], tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(code)
    assert list(sentences(path)) == read


def names(metrics: list[dict[str, str]]) -> Iterator[str]:
    return (one["name"] for one in metrics)


def sentences(path: Path) -> Iterator[str]:
    """Texts that somebody may read: of more than one word, or with a capital; no docstrings, statements or names."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docstrings:
            continue
        said = node.value
        is_read = " " in said or said[:1].isupper()
        if is_read and said not in STORED and not any(word in said for word in ("SELECT", "FROM ", "WHERE", " AND ", "ORDER BY")):
            yield said
