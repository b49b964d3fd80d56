"""What somebody may have meant who typed a number, or a web address, into a search."""

import pytest

from suppliers.matching.identifiers import Scheme
from suppliers.matching.typed_numbers import is_number, typed_numbers

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(("typed", "schemes"), [
    ("1234567", {Scheme.COMPANY_NUMBER, Scheme.CHARITY_NUMBER}),
    ("SC123456", {Scheme.COMPANY_NUMBER}),
    ("GB 980 7806 84", {Scheme.VAT_NUMBER}),
    ("company no. 01234567", {Scheme.COMPANY_NUMBER}), ("VAT GB 980 7806 84", {Scheme.VAT_NUMBER}),
    ("Tel: 0113 496 0000", {Scheme.PHONE}), ("0113.496.0000", {Scheme.PHONE}), ("ring (0113) 496-0000", {Scheme.PHONE}),
    ("012.345.67", {Scheme.COMPANY_NUMBER}), ("01-234-567", {Scheme.COMPANY_NUMBER}), ("0123 4567", {Scheme.COMPANY_NUMBER}),
    ("Co. Reg. No. 01234567", {Scheme.COMPANY_NUMBER}), ("Companies House 01234567", {Scheme.COMPANY_NUMBER}),
    ("980.7806.84", {Scheme.VAT_NUMBER}), ("Charity Commission number 1130461", {Scheme.CHARITY_NUMBER}),
    ("0113 496 0000", {Scheme.PHONE}), ("fenland-boilers.example", {Scheme.DOMAIN}),
])  # fmt: skip
def test_one_number_may_be_several(typed: str, schemes: set[Scheme]) -> None:
    assert {scheme for scheme, _ in typed_numbers(typed).items()} >= schemes


@pytest.mark.parametrize("typed", [
    "2026", "3 14", "company", "no. 7", "Tapestry 2026", "boilers", "P.E. kit", "", "1" * 600, "12/09/2026", "12.09.2026",
    "2026-2029",
])  # fmt: skip
def test_what_is_no_number_of_anybody_is_none(typed: str) -> None:
    assert typed_numbers(typed).items() == ()


@pytest.mark.parametrize(("typed", "is_one"), [
    ("01234567", True), ("0123456789012", True), ("SC 123456", True), ("GB 980 7806 85", True), ("vat no. 123 456 789", True),
    ("Catering tender 2026-2029", False), ("HR and Payroll System 2027-2030", False), ("12/09/2026", False), ("2026-2029", False),
])  # fmt: skip
def test_words_with_years_are_no_mistyped_number(typed: str, is_one: bool) -> None:
    """The page tells who mistypes a number so; who types a title is told which words are not known."""
    assert is_number(typed) is is_one
