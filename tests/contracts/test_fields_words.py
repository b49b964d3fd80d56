"""Pages about contracts use the words of a governor, not those of the trade: the trade's are looked for in every template."""

import re
from pathlib import Path

import pytest

from contracts.fields.contract_fields import FIELDS
from contracts.fields.questions import ALL
from tests.given.checkout import ROOT

pytestmark = pytest.mark.pure

# What is said instead: how the service did, performance rating, left out, renews by itself unless we say no, formal concern,
# priority 1, nothing happened / not recorded, written down 6 days later, approved by the person who logged it.
OLD = re.compile(
    r"\b(attainment|assessment|excluded|tacit|roll-?over|rolls|improvement notice|P1|no data|late-logged|self-approved)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
TEMPLATES = sorted((ROOT / "contracts" / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_an_old_word(path: Path) -> None:
    assert OLD.findall(CODE.sub(" ", path.read_text())) == []


def test_no_question_and_no_label_says_one() -> None:
    labels = [text for one in FIELDS for text in (one.label, one.hint, *one.choices.values())]
    asked = [text for one in ALL for text in (one.sentence, one.why)]
    assert OLD.findall(" ".join([*labels, *asked])) == []
