"""What is not as it should be in a file of records is said in words: which record, what it is called, and what is wrong."""

import json
from typing import Any, Final

import pytest

from base.refusals import Invalid
from disclosure import record_format
from disclosure.record_format import NOT_OURS, Records
from disclosure.wrong_record import RECORDS

pytestmark = pytest.mark.pure

BASE: Final[dict[str, Any]] = {
    "format": "vouch-own-records", "version": 5, "made_at": "2026-03-03T09:00:00Z", "kept_back": 0,
    "school": {"name": "Oakfield Primary", "urn": None},
}  # fmt: skip
ID: Final = "11111111-1111-1111-1111-111111111111"
LIFTS: Final[dict[str, Any]] = {
    "id": ID, "name": "Harrow Lifts", "aliases": [], "identifiers": {}, "categories": [], "listed": True, "in_use_since": None,
}  # fmt: skip
REVIEW: Final[dict[str, Any]] = {"id": ID, "supplier": ID, "written_at": "2026-03-03T09:00:00Z"}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"suppliers": [LIFTS, {**LIFTS, "name": 3}]}, "Supplier 2: “name” must be a text, and is a whole number."),
        ({"suppliers": [{**LIFTS, "in_use_since": "May"}]}, "Supplier 1, “Harrow Lifts”: “in use since” is no day or time"),
        ({"suppliers": [{**LIFTS, "aliases": ["x" * 999]}]}, "“aliases” is too long: at most 300."),
        ({"suppliers": [{"id": ID}]}, "Supplier 1: “name” is missing."),
        ({"suppliers": [LIFTS], "reviews": [{**REVIEW, "said": {"interest": None, "stars": 4}}]},
         "Review 1, “Harrow Lifts”: there is no field “stars”."),
        ({"suppliers": 3}, "“suppliers” must be a list, and is a whole number."),
    ],
)  # fmt: skip
def test_the_record_is_named_and_what_is_wrong_with_it(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as refused:
        record_format.read(json.dumps({**BASE, **parts}).encode())
    assert said in refused.value.sentence
    assert "$" not in refused.value.sentence


def test_what_is_no_file_of_ours_is_said_so_and_no_more() -> None:
    with pytest.raises(Invalid) as refused:
        record_format.read(json.dumps({**BASE, "format": "else", "suppliers": 3}).encode())
    assert refused.value.sentence == NOT_OURS


def test_each_list_of_the_format_has_a_word_for_one_of_it() -> None:
    assert set(RECORDS) == set(Records.__struct_fields__) - {"format", "version", "made_at", "school", "kept_back"}
