"""A line of the trail in a person's words: no field names, no ids, no codes; somebody's own text as it was written."""

import pytest

from audit.reading import plain
from audit.sheet import Change

pytestmark = pytest.mark.pure

WORDS = plain.Vocabulary(
    labels={"law": "Bought under"},
    choices={"law": {"act_2023": "Procurement Act 2023"}, "categories": {"lifts": "Lifts and hoists", "it": "IT"}},
)
CLEANING, CARR = "0190a6c4-0000-7000-8000-000000000001", "0190a6c4-0000-7000-8000-000000000002"
ABOUT = {f"supplier:{CLEANING}": "Brook Cleaning", f"school:{CARR}": "Carr Primary", "packs": "What was taken away"}


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("law", "Bought under"),
        ("in_use", "We use them"),
        ("filename.2", "File 2"),
        ("annual_pence", "Annual"),
        ("is_joint", "Joint"),
        ("held_on", "Held on"),
    ],
)
def test_a_field_is_called_as_a_person_calls_it(field: str, label: str) -> None:
    assert WORDS.label(field) == label


@pytest.mark.parametrize(
    ("field", "stored", "told"),
    [
        ("law", "act_2023", "Procurement Act 2023"),
        ("categories", "lifts, it", "Lifts and hoists, IT"),
        ("role", "business_manager", "business manager"),
        ("annual_pence", "123450", "£1,234.50"),
        ("pence", "5000", "£50"),
        ("identifiers", "company_number:01234567, postcode:LN1 1AA", "company number 01234567, postcode LN1 1AA"),
        ("until", "2026-11-30", "30 November 2026"),
        ("supplier", CLEANING, "Brook Cleaning"),
        ("school", CARR, "Carr Primary"),
        ("scope", f"supplier:{CLEANING}", "Brook Cleaning"),
        ("scope", "the whole trail", "the whole trail"),
        ("streams", f"packs, supplier:{CARR}", "What was taken away, a supplier that is gone"),
        ("streams", "all", "everything"),
        ("subject", f"seal_recipient:{CARR}", "seal recipient"),
        ("praise", "their_site is down", "their_site is down"),
        ("filename.1", "Boiler_hall", "Boiler_hall"),
        ("body", "on_time", "on_time"),
    ],
)
def test_a_value_is_told_in_words(field: str, stored: str, told: str) -> None:
    assert WORDS.value(field, stored, ABOUT) == told


@pytest.mark.parametrize(("field", "stored"), [("version", "2"), ("job", CARR), ("supplier", CARR), ("terms", '{"target":95}')])
def test_what_only_a_machine_reads_is_left_out(field: str, stored: str) -> None:
    assert WORDS.value(field, stored, ABOUT) is None
    assert WORDS.changes([Change(field, None, stored)], ABOUT) == []


def test_a_change_keeps_what_was_and_what_is() -> None:
    changes = [Change("law", None, "act_2023"), Change("part_of", "Brook Cleaning", None), Change("version", "1", "2")]
    assert WORDS.changes(changes, ABOUT) == [
        Change("Bought under", None, "Procurement Act 2023"),
        Change("Part of", "Brook Cleaning", None),
    ]


def test_what_an_entry_says_by_number_and_by_name_is_said_once() -> None:
    changes = [Change("supplier", None, CLEANING), Change("supplier_name", None, "Brook Cleaning")]
    assert WORDS.changes(changes, ABOUT) == [Change("Supplier", None, "Brook Cleaning")]


def test_what_is_spoken_of_by_its_id_is_to_be_named() -> None:
    changes = [Change("supplier", CARR, CLEANING), Change("scope", None, f"contract:{CARR}"), Change("job", None, CARR)]
    assert plain.named_in(changes) == {f"supplier:{CARR}", f"supplier:{CLEANING}", f"contract:{CARR}"}
